//! Vectors that call an API step by step; later steps may use what earlier ones answered.

use shared_json::{Value, json};

use crate::behaviour::seconds;
use crate::execution::error_object;
use crate::select::{select, text};
use crate::world::{Answer, World, items};

pub fn run(vector: &Value) -> Value {
    let mut world = World::new(vector);
    let service = vector.get_str("service").unwrap_or("states");
    let mut responses: Vec<Value> = Vec::new();
    let mut answers = Vec::new();
    for step in items(vector, "steps") {
        let params = filled_in(step.get("params").unwrap_or(&Value::Null), &responses);
        let params = with_trace_header(params, &step["headers"]);
        let answer = perform(&mut world, service, step.get_str("action").unwrap_or_default(), params);
        answers.push(match &answer {
            Ok(response) => Value::object([("response", response.clone())]),
            Err(error) => Value::object([("error", error_object(error))]),
        });
        responses.push(answer.unwrap_or_default());
    }
    Value::object([("steps", Value::array(answers))])
}

fn perform(world: &mut World, service: &str, action: &str, params: Value) -> Answer {
    match action {
        "Sleep" => world.sleep(seconds(&params["seconds"])),
        "AwaitExecution" => {
            let arn = text(&params["executionArn"]);
            let started = params.get_str("until") == Some("started");
            world.wait(|world| started || world.has_ended(&arn));
        }
        _ => {
            return world
                .call(&format!("{service}:{action}"), params)
                .map(|answer| if answer.is_null() { json!({}) } else { answer });
        }
    }
    Ok(json!({}))
}

/// The parameters with every `${N.PATH}` replaced by what step `N` answered at that path.
/// A traced caller names its trace in an HTTP header, which SQS keeps with the message as AWSTraceHeader. Calls
/// here have no HTTP around them, so the header goes where it ends up.
fn with_trace_header(params: Value, headers: &Value) -> Value {
    let Some(trace) = headers.get_str("X-Amzn-Trace-Id").filter(|_| params.get("MessageBody").is_some()) else {
        return params;
    };
    let header = json!({"DataType": "String", "StringValue": trace});
    params.with("MessageSystemAttributes", json!({"AWSTraceHeader": header}))
}

fn filled_in(params: &Value, responses: &[Value]) -> Value {
    if let Some(members) = params.as_object() {
        return Value::object(members.iter().map(|(key, value)| (key, filled_in(value, responses))));
    }
    if let Some(items) = params.as_array() {
        return Value::array(items.iter().map(|item| filled_in(item, responses)).collect());
    }
    match params.as_str() {
        Some(written) if written.contains("${") => filled_in_text(written, responses).into(),
        _ => params.clone(),
    }
}

fn filled_in_text(written: &str, responses: &[Value]) -> String {
    let mut parts = written.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let replaced = part.split_once('}').and_then(|(reference, rest)| {
            let (step, path) = reference.split_once('.')?;
            let response = responses.get(step.parse::<usize>().ok()?)?;
            Some(format!("{}{rest}", select(response, path).map(text).unwrap_or_default()))
        });
        filled += &replaced.unwrap_or_else(|| format!("${{{part}"));
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stand_for_earlier_answers() {
        let responses = [json!({}), json!({"Messages": [{"Handle": "abc"}], "n": 3})];
        let params = json!({"a": "x-${1.Messages[0].Handle}-${1.n}", "b": ["${9.x}", "${JSON}", 1]});
        assert_eq!(filled_in(&params, &responses), json!({"a": "x-abc-3", "b": ["${9.x}", "${JSON}", 1]}));
    }
}
