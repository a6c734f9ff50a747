//! Several workspaces: what a list shows of each, and all of them in one file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Project, ProjectError};

const FORMAT: &str = "stepyard-workspaces";
const VERSION: u64 = 1;

/// What a list shows of a kept workspace, without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub name: String,
    /// When it was last changed, in milliseconds since 1970.
    pub changed: u64,
    pub bytes: u64,
    /// When it was deleted: it can still be brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<u64>,
    /// Why it could not be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damaged: Option<String>,
}

/// A name that none of `taken` has: `Mine`, `Mine 2`, `Mine 3`.
#[must_use]
pub fn free_name(wanted: &str, taken: &[&str]) -> String {
    let wanted = match wanted.trim() {
        "" => "Workspace",
        wanted => wanted,
    };
    if !taken.contains(&wanted) {
        return wanted.to_owned();
    }
    let (stem, first) = match wanted.rsplit_once(' ') {
        Some((stem, number)) if number.parse::<u32>().is_ok() => (stem, number.parse::<u32>().unwrap_or(1)),
        _ => (wanted, 1),
    };
    let names = (first.saturating_add(1)..).map(|number| format!("{stem} {number}"));
    names.into_iter().find(|name| !taken.contains(&name.as_str())).unwrap_or_else(|| wanted.to_owned())
}

/// All workspaces as one file. Each is a project's file of its own.
#[must_use]
pub fn all_to_json(projects: &[Project]) -> String {
    let mut text = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"workspaces\":[");
    for (index, project) in projects.iter().enumerate() {
        if index > 0 {
            text.push_str(",\n");
        }
        text.push_str(&project.to_json());
    }
    text.push_str("]}\n");
    text
}

/// A file's workspaces: of one that holds a single project, or all. Each is checked by itself.
///
/// # Errors
/// When the file is neither.
pub fn all_from_json(text: &str) -> Result<Vec<Result<Project, ProjectError>>, ProjectError> {
    let mut file: Value =
        serde_json::from_str(text).map_err(|error| ProjectError::NotJson { detail: error.to_string() })?;
    if file.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Ok(vec![Ok(Project::from_value(file)?)]);
    }
    match file.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(ProjectError::Newer { version }),
        _ => return Err(ProjectError::NotAProject),
    }
    let Some(Value::Array(workspaces)) = file.get_mut("workspaces").map(Value::take) else {
        return Err(ProjectError::Damaged { detail: "it has no list \"workspaces\"".to_owned() });
    };
    Ok(workspaces.into_iter().map(Project::from_value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        assert_eq!(free_name("Mine", &[]), "Mine");
        assert_eq!(free_name("Mine", &["Mine"]), "Mine 2");
        assert_eq!(free_name("Mine", &["Mine", "Mine 2"]), "Mine 3");
        assert_eq!(free_name("Mine 2", &["Mine 2"]), "Mine 3");
        assert_eq!(free_name(" ", &[]), "Workspace");
    }

    #[test]
    fn all_workspaces_come_back_from_one_file() {
        let projects = [Project::empty("One"), crate::tutorial()];
        let read = all_from_json(&all_to_json(&projects)).unwrap();
        assert_eq!(read, projects.map(Ok));
        let single = all_from_json(&Project::empty("One").to_json()).unwrap();
        assert_eq!(single, vec![Ok(Project::empty("One"))]);
    }

    #[test]
    fn one_damaged_workspace_does_not_take_the_others_along() {
        let good = Project::empty("Good").to_json();
        let text = format!(r#"{{"format":"{FORMAT}","version":1,"workspaces":[{good}, {{}}, 7, {good}]}}"#);
        let read = all_from_json(&text).unwrap();
        assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
    }

    #[test]
    fn what_is_no_collection_is_told_so() {
        let cases = [
            ("{", "not JSON"),
            ("[]", "not a Stepyard project"),
            (r#"{"format":"stepyard-workspaces","version":9,"workspaces":[]}"#, "later Stepyard"),
            (r#"{"format":"stepyard-workspaces","version":1}"#, "damaged"),
        ];
        for (text, part) in cases {
            let error = all_from_json(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
