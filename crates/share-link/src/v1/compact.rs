//! A project file's JSON with what can be computed left out: the position of each input as steps of one and
//! microseconds since the one before, its number not at all, and options that are the usual ones.
//!
//! The compact form is bound to the project file's format by its version; reading goes through the same migrations.

use serde_json::{Map, Value, json};
use workspace::Project;

use super::foreign;
use crate::LinkError;

/// The file format that is meant when none is said.
const USUAL_VERSION: u64 = 2;
/// The options that are meant when none are said. Not today's default, which may change: a link's options may not.
const USUAL_OPTIONS: &str = include_str!("options.json");

pub(super) fn project(project: &Project) -> Value {
    let Value::Object(mut file) = project.to_value() else { return Value::Null };
    let mut take = |name: &str| file.shift_remove(name).unwrap_or_default();
    let (name, options, position, log, drafts, version) =
        (take("name"), take("options"), take("position"), take("log"), take("drafts"), take("version"));
    take("format");
    let start = options["start"].as_i64().unwrap_or_default();
    let mut before = (0, start);
    let entries: Vec<Value> = log.as_array().into_iter().flatten().map(|entry| short(entry, &mut before)).collect();
    let at = (position["steps"].as_u64().unwrap_or_default(), position["now"].as_i64().unwrap_or_default());
    let mut packed = Map::new();
    packed.insert("n".into(), name);
    packed.insert("l".into(), entries.into());
    packed.insert("p".into(), json!([at.0, at.1.wrapping_sub(start)]));
    if position["inputs"].as_u64() != u64::try_from(log.as_array().map_or(0, Vec::len)).ok() {
        packed.insert("i".into(), position["inputs"].clone());
    }
    if options != usual_options() {
        packed.insert("o".into(), options);
    }
    if drafts.as_object().is_some_and(|drafts| !drafts.is_empty()) {
        packed.insert("d".into(), drafts);
    }
    if version != USUAL_VERSION {
        packed.insert("v".into(), version);
    }
    if !file.is_empty() {
        packed.insert("e".into(), Value::Object(file));
    }
    Value::Object(packed)
}

/// `[steps, micros, action, parameters]`, or `[steps, micros, environment, sequence, turn]`.
fn short(entry: &Value, before: &mut (u64, i64)) -> Value {
    let at = (entry["steps"].as_u64().unwrap_or_default(), entry["now"].as_i64().unwrap_or_default());
    let (steps, micros) = (at.0.wrapping_sub(before.0), at.1.wrapping_sub(before.1));
    *before = at;
    let member = |name: &str| entry[name].clone();
    match entry["input"].as_str() {
        Some("call") => json!([steps, micros, member("action"), member("params")]),
        _ => json!([steps, micros, member("environment"), member("sequence"), member("turn")]),
    }
}

pub(super) fn read_project(packed: Value) -> Result<Project, LinkError> {
    let Value::Object(mut packed) = packed else { return Err(foreign("a project is missing")) };
    let options = packed.remove("o").unwrap_or_else(usual_options);
    let start = options["start"].as_i64().unwrap_or_default();
    let Some(Value::Array(entries)) = packed.remove("l") else { return Err(foreign("the project has no log")) };
    let mut at = (0_u64, start);
    let mut log = Vec::with_capacity(entries.len());
    for entry in entries {
        log.push(long(entry, log.len(), &mut at).ok_or_else(|| foreign("an input of the log is incomplete"))?);
    }
    let position = packed.remove("p").unwrap_or_default();
    let now = position[1].as_i64().and_then(|micros| start.checked_add(micros));
    let now = now.ok_or_else(|| foreign("the clock stands nowhere"))?;
    let inputs = packed.remove("i").unwrap_or_else(|| log.len().into());
    let mut file = json!({
        "format": "stepyard-project",
        "version": packed.remove("v").unwrap_or_else(|| USUAL_VERSION.into()),
        "name": packed.remove("n").unwrap_or_default(),
        "options": options,
        "position": {"steps": position[0], "inputs": inputs, "now": now},
        "log": log,
        "drafts": packed.remove("d").unwrap_or_else(|| json!({})),
    });
    // Whatever else a file has.
    if let (Some(Value::Object(rest)), Some(file)) = (packed.remove("e"), file.as_object_mut()) {
        for (name, value) in rest {
            file.entry(name).or_insert(value);
        }
    }
    Ok(Project::from_value(file)?)
}

fn long(entry: Value, inputs: usize, at: &mut (u64, i64)) -> Option<Value> {
    let Value::Array(parts) = entry else { return None };
    let mut parts = parts.into_iter();
    let (steps, micros) = (parts.next()?.as_u64()?, parts.next()?.as_i64()?);
    *at = (at.0.checked_add(steps)?, at.1.checked_add(micros)?);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    let mut entry = json!({"steps": at.0, "inputs": inputs, "now": at.1});
    let rest = match third {
        None => json!({"input": "call", "action": first, "params": second}),
        Some(turn) => json!({"input": "hostAnswer", "environment": first, "sequence": second, "turn": turn}),
    };
    entry.as_object_mut()?.extend(rest.as_object()?.clone());
    Some(entry)
}

fn usual_options() -> Value {
    serde_json::from_str(USUAL_OPTIONS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_options_are_whole() {
        let project = read_project(json!({"n": "N", "l": [], "p": [0, 0]})).unwrap();
        assert_eq!(project.options, sim_account::AccountOptions::default());
    }

    #[test]
    fn members_that_came_later_come_along_and_take_no_others_place() {
        let packed = json!({"n": "N", "l": [], "p": [0, 0], "e": {"name": "Other", "later": 1}});
        assert_eq!(read_project(packed).unwrap().name, "N");
        assert!(super::project(&Project::empty("N")).get("e").is_none());
    }
}
