//! Looking into an event: bodies of messages that hold JSON, and the task tokens in it.

use shared_json::Value;

/// The event with each record's body read as JSON where it is JSON, as a person thinks of it.
#[must_use]
pub fn opened(event: &Value) -> Value {
    let Some(records) = event.get("Records").and_then(Value::as_array) else { return event.clone() };
    let records = records.iter().map(|record| {
        let body = record.get_str("body").and_then(|body| Value::parse(body).ok());
        body.map_or_else(|| record.clone(), |body| record.with("body", body))
    });
    event.with("Records", Value::array(records.collect()))
}

/// The strings of all members whose name holds `token`, whatever its case: `TaskToken`, `taskToken`, `token`.
#[must_use]
pub fn tokens(event: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(&opened(event), &mut found);
    found
}

fn gather(value: &Value, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        match member.as_str() {
            Some(text) if name.to_ascii_lowercase().contains("token") => found.push(text.to_owned()),
            _ => gather(member, found),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        gather(item, found);
    }
}
