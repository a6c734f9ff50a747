//! Version 1: the compact form of what is shared, deflated with a dictionary of what such texts usually say.
//!
//! Links of this version are out there: neither the compact form nor the dictionary may change any more. What has to
//! change is a version 2 beside this one.

mod compact;
mod deflate;
mod loose;

use serde_json::{Value, json};
use workspace::Project;

use crate::{Kind, Lesson, LinkError, Shared, View};

pub(crate) fn pack(shared: &Shared) -> Result<Vec<u8>, LinkError> {
    let packed = match shared {
        Shared::Project(project) | Shared::Run(project) => compact::project(project),
        Shared::Moment { project, view } => {
            let mut packed = vec![compact::project(project)];
            if let Some(View { place, state }) = view {
                packed.push(place.clone());
                packed.extend(state.clone().map(Value::from));
            }
            Value::from(packed)
        }
        Shared::Lesson(Lesson { id, progress, run }) => {
            let mut packed = vec![json!(id), progress.clone()];
            packed.extend(run.as_ref().map(compact::project));
            Value::from(packed)
        }
    };
    deflate::deflate(loose::write(&packed.to_string()).as_bytes())
}

pub(crate) fn unpack(kind: Kind, packed: &[u8]) -> Result<Shared, LinkError> {
    let text = String::from_utf8(deflate::inflate(packed)?).map_err(|_| foreign("it is no text"))?;
    let value: Value = serde_json::from_str(&loose::read(&text)).map_err(|error| foreign(&error.to_string()))?;
    Ok(match kind {
        Kind::Project => Shared::Project(compact::read_project(value)?),
        Kind::Run => Shared::Run(compact::read_project(value)?),
        Kind::Moment => {
            let mut parts = list(value)?;
            let project = read_next_project(&mut parts)?.ok_or_else(|| foreign("the moment has no project"))?;
            let view = parts
                .next()
                .map(|place| View { place, state: parts.next().and_then(|state| state.as_str().map(str::to_owned)) });
            Shared::Moment { project, view }
        }
        Kind::Lesson => {
            let mut parts = list(value)?;
            let id = parts.next().and_then(|id| id.as_str().map(str::to_owned));
            let id = id.ok_or_else(|| foreign("the lesson has no id"))?;
            let progress = parts.next().unwrap_or_default();
            Shared::Lesson(Lesson { id, progress, run: read_next_project(&mut parts)? })
        }
    })
}

fn read_next_project(parts: &mut impl Iterator<Item = Value>) -> Result<Option<Project>, LinkError> {
    parts.next().map(compact::read_project).transpose()
}

fn list(value: Value) -> Result<std::vec::IntoIter<Value>, LinkError> {
    match value {
        Value::Array(parts) => Ok(parts.into_iter()),
        _ => Err(foreign("a list is missing")),
    }
}

fn foreign(detail: &str) -> LinkError {
    LinkError::Foreign { detail: detail.to_owned() }
}
