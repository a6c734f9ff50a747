//! From every earlier format to the current one, a step a version.

use serde_json::{Value, json};

use crate::{ProjectError, VERSION};

pub(crate) const FORMAT: &str = "stepyard-project";

/// The file in the current version's shape.
pub(crate) fn to_current(mut file: Value) -> Result<Value, ProjectError> {
    if file.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(ProjectError::NotAProject);
    }
    let version = file.get("version").and_then(Value::as_u64).ok_or(ProjectError::NotAProject)?;
    if version > u64::from(VERSION) {
        return Err(ProjectError::Newer { version });
    }
    if version < 2 {
        from_1_to_2(&mut file);
    }
    Ok(file)
}

/// Version 1 had one draft, the definition of a state machine that was not created yet.
fn from_1_to_2(file: &mut Value) {
    let Some(members) = file.as_object_mut() else { return };
    let draft = members.remove("draft");
    members.insert("drafts".into(), draft.map_or_else(|| json!({}), |text| json!({"state-machine:new": text})));
}
