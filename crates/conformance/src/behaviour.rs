//! Functions played without an interpreter: each does one of the few things that vectors ask of a function.

use aws_protocol::handler::{Command, Turn, TurnState};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::select::text;

/// One environment of a played function: what it does, and whether it sleeps.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    behaviour: Value,
    invocation: Option<Invocation>,
}

#[derive(Clone, Debug)]
struct Invocation {
    request_id: String,
    event: Value,
    wakes: Timestamp,
}

impl Environment {
    pub fn new(behaviour: Value) -> Self {
        Environment { behaviour, invocation: None }
    }

    /// What the function does on a command.
    pub fn run(&mut self, command: &Command) -> Turn {
        match command {
            Command::Init { .. } => turn(TurnState::Idle),
            Command::Invoke { request_id, event, now, .. } => {
                let event = Value::parse(event).unwrap_or_default();
                let wakes = *now + asleep(&self.behaviour);
                self.invocation = Some(Invocation { request_id: request_id.clone(), event, wakes });
                self.go_on(*now)
            }
            Command::Resume { now, .. } => self.go_on(*now),
        }
    }

    fn go_on(&mut self, now: Timestamp) -> Turn {
        let Some(invocation) = &self.invocation else { return turn(TurnState::Idle) };
        if now < invocation.wakes {
            return turn(TurnState::Waiting { next_timer: Some(invocation.wakes) });
        }
        turn(outcome(&self.behaviour, invocation))
    }
}

fn turn(state: TurnState) -> Turn {
    Turn { micros: 1, logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state }
}

/// How long the function sleeps before it does anything.
fn asleep(behaviour: &Value) -> Duration {
    if behaviour.get_str("kind") != Some("sleep") {
        return Duration::ZERO;
    }
    seconds(&behaviour["seconds"]) + asleep(&behaviour["then"])
}

/// A number of seconds as a duration; none for anything else.
pub fn seconds(value: &Value) -> Duration {
    Duration::from_micros((value.as_f64().unwrap_or(0.0).max(0.0) * 1e6) as u64)
}

fn outcome(behaviour: &Value, invocation: &Invocation) -> TurnState {
    let member = |key: &str| text(&behaviour[key]);
    let result = match behaviour.get_str("kind") {
        Some("sleep") => return outcome(&behaviour["then"], invocation),
        Some("return") => behaviour["value"].clone(),
        Some("return_repeated") => {
            let count = behaviour["count"].as_i64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            member("text").repeat(count.min(10_000_000)).into()
        }
        Some("decorated_input") => format!("{}{}", member("prefix"), python(&invocation.event)).into(),
        Some("raise") => {
            let payload = json!({
                "errorMessage": member("errorMessage"), "errorType": member("errorType"),
                "requestId": invocation.request_id,
            });
            let trace = behaviour.get("stackTrace").cloned().unwrap_or_else(|| json!([]));
            let payload = payload.with("stackTrace", trace);
            return TurnState::Raised { payload: payload.to_string() };
        }
        _ => invocation.event.clone(),
    };
    TurnState::Done { result: result.to_string() }
}

/// A value in Python's notation; a text alone stands bare, as Python's `str` gives it.
fn python(value: &Value) -> String {
    value.as_str().map_or_else(|| python_repr(value), str::to_owned)
}

fn python_repr(value: &Value) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    if let Some(items) = value.as_array() {
        return format!("[{}]", joined(items.iter().map(python_repr).collect()));
    }
    if let Some(members) = value.as_object() {
        let members = members.iter().map(|(key, value)| format!("{}: {}", quoted(key), python_repr(value)));
        return format!("{{{}}}", joined(members.collect()));
    }
    match (value.as_bool(), value.as_str()) {
        (Some(true), _) => "True".into(),
        (Some(false), _) => "False".into(),
        (_, Some(text)) => quoted(text),
        _ if value.is_null() => "None".into(),
        _ => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n");
    let escaped = if quote == '\'' { escaped.replace('\'', "\\'") } else { escaped };
    format!("{quote}{escaped}{quote}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_python_writes_them() {
        let cases = [
            (json!({"a": 1, "b": [true, null]}), "{'a': 1, 'b': [True, None]}"),
            (json!(["it's"]), "[\"it's\"]"),
            (json!("bare"), "bare"),
            (json!({}), "{}"),
        ];
        for (value, expected) in cases {
            assert_eq!(python(&value), expected);
        }
    }

    #[test]
    fn a_sleeper_waits_before_it_answers() {
        let at = Timestamp::from_millis;
        let then = json!({"kind": "return", "value": 5});
        let mut function = Environment::new(json!({"kind": "sleep", "seconds": 2}).with("then", then));
        let invoke =
            Command::Invoke { request_id: "r".into(), event: "{}".into(), now: at(1_000), deadline: at(9_000) };
        assert_eq!(function.run(&invoke).state, TurnState::Waiting { next_timer: Some(at(3_000)) });
        let resume = Command::Resume { now: at(3_000), answers: Vec::new() };
        assert_eq!(function.run(&resume).state, TurnState::Done { result: "5".into() });
    }
}
