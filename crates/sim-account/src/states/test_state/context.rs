//! `context`: a context object that stands for the one the test would have.

use asl::{Pattern, State, StateKind};
use aws_protocol::AwsError;
use shared_json::Value;

use super::request::Request;

/// What the fields of the context object hold.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Whole,
    Any,
    Object(&'static [(&'static str, Kind)]),
}

const FIELDS: &[(&str, Kind)] = &[
    (
        "Execution",
        Kind::Object(&[
            ("Id", Kind::Text),
            ("Input", Kind::Any),
            ("Name", Kind::Text),
            ("RoleArn", Kind::Text),
            ("StartTime", Kind::Text),
            ("RedriveCount", Kind::Whole),
            ("RedriveTime", Kind::Text),
        ]),
    ),
    ("State", Kind::Object(&[("EnteredTime", Kind::Text), ("Name", Kind::Text), ("RetryCount", Kind::Whole)])),
    ("StateMachine", Kind::Object(&[("Id", Kind::Text), ("Name", Kind::Text)])),
    ("Task", Kind::Object(&[("Token", Kind::Text)])),
];

/// The given context object, once it fits the state.
pub(super) fn read(request: &Request, state: &State) -> Result<Option<Value>, AwsError> {
    let Some(text) = request.context else { return Ok(None) };
    let invalid = |why: String| AwsError::new("ValidationException", format!("Invalid Context object provided: {why}"));
    let context = Value::parse(text).map_err(|_| invalid("Context object must be valid JSON".to_owned()))?;
    if context.as_object().is_none() {
        return Err(invalid("Context object must be a JSON object".to_owned()));
    }
    check(&context, FIELDS, "").map_err(invalid)?;
    let waits = matches!(&state.kind, StateKind::Task(task) if task.resource.pattern != Pattern::RequestResponse);
    if context.get("Task").is_some() && !waits {
        return Err(invalid(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
             service integration pattern"
                .to_owned(),
        ));
    }
    Ok(Some(context))
}

fn check(object: &Value, fields: &[(&str, Kind)], path: &str) -> Result<(), String> {
    for (key, value) in object.as_object().into_iter().flatten() {
        if path.is_empty() && &**key == "Map" {
            return Err("'Map' field is not supported when mocking a Context object".to_owned());
        }
        let kind = fields.iter().find(|(name, _)| *name == &**key).map(|(_, kind)| *kind);
        let kind = kind.ok_or_else(|| format!("Field '{key}' is not allowed"))?;
        let must_be = |what: &str| Err(format!("{path}{key} must be a {what}"));
        match kind {
            Kind::Text if value.as_str().is_none() => return must_be("string"),
            Kind::Whole if value.as_i64().is_none() => return must_be("integer"),
            Kind::Object(_) if value.as_object().is_none() => return must_be("object"),
            Kind::Object(inner) => check(value, inner, &format!("{path}{key}."))?,
            Kind::Text | Kind::Whole | Kind::Any => {}
        }
    }
    Ok(())
}
