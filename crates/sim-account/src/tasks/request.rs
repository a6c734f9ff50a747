//! From a Task's resource and parameters to an API call.

use asl::{Pattern, Resource, Service};
use sfn_engine::{ErrorOutput, TaskRequest};
use shared_json::Value;

/// The action to call and its parameters, or the error with which the task fails before any call.
pub(super) fn build(request: &TaskRequest) -> Result<(String, Value), ErrorOutput> {
    let Resource { service, action, text, .. } = &request.resource;
    let params = &request.parameters;
    if matches!(request.resource.pattern, Pattern::Sync | Pattern::Sync2) {
        return Err(not_simulated(&format!("waiting for the end of a job, as {text} does")));
    }
    match service {
        Service::Optimized(name) => match (&**name, &**action) {
            ("sqs", "sendMessage") => Ok(("sqs:SendMessage".into(), send_message(params))),
            ("lambda", "invoke") => Ok(("lambda:Invoke".into(), invoke(params))),
            ("states", "startExecution") => Ok(("states:StartExecution".into(), start_execution(params))),
            (name, action) => Err(not_simulated(&format!("{name}:{action}"))),
        },
        Service::LambdaFunction => {
            let named = Value::object([("FunctionName", Value::from(&**text))]);
            Ok(("lambda:Invoke".into(), named.with("Payload", params.to_string().into())))
        }
        Service::AwsSdk(name) => match &**name {
            "sqs" => Ok((format!("sqs:{}", capitalised(action)), params.clone())),
            "sfn" => Ok((format!("states:{}", capitalised(action)), with_keys(params, uncapitalised))),
            name => Err(not_simulated(&format!("aws-sdk:{name}:{action}"))),
        },
        Service::Activity => Err(not_simulated("activities")),
        Service::Placeholder => Err(ErrorOutput {
            error: Some("States.Runtime".into()),
            cause: Some(format!("The resource {text} is a placeholder that a deployment fills in.").into()),
        }),
    }
}

fn not_simulated(what: &str) -> ErrorOutput {
    ErrorOutput {
        error: Some("Stepyard.NotSimulated".into()),
        cause: Some(format!("Stepyard does not simulate {what} yet. On AWS this task would call the service.").into()),
    }
}

/// The optimised integration turns a body that is no text into text; `null` is no body.
fn send_message(params: &Value) -> Value {
    match params.get("MessageBody") {
        Some(Value::Null) | None => params.clone(),
        Some(body) if body.as_str().is_none() => params.with("MessageBody", body.to_string().into()),
        _ => params.clone(),
    }
}

/// A payload that is a text is taken for the event's JSON as it stands; `null` is no payload.
fn invoke(params: &Value) -> Value {
    match params.get("Payload") {
        Some(payload) if payload.as_str().is_none() && !payload.is_null() => {
            params.with("Payload", payload.to_string().into())
        }
        _ => params.clone(),
    }
}

/// StartExecution's own parameters begin in lower case; the integration writes them in upper case.
fn start_execution(params: &Value) -> Value {
    let call = with_keys(params, uncapitalised);
    match call.get("input").filter(|input| input.as_str().is_none()).map(Value::to_string) {
        Some(text) => call.with("input", text.into()),
        None => call,
    }
}

fn with_keys(params: &Value, rename: fn(&str) -> String) -> Value {
    match params.as_object() {
        Some(members) => Value::object(members.iter().map(|(key, value)| (rename(key), value.clone()))),
        None => params.clone(),
    }
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn uncapitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn a_payload_is_the_events_json() {
        let cases = [
            (json!({"Payload": "[1]"}), Some("[1]")),
            (json!({"Payload": {"a": 1}}), Some(r#"{"a":1}"#)),
            (json!({"Payload": false}), Some("false")),
            (json!({}), None),
        ];
        for (params, sent) in cases {
            assert_eq!(invoke(&params).get_str("Payload"), sent, "{params}");
        }
    }

    #[test]
    fn a_message_body_is_text_or_nothing() {
        let cases = [
            (json!({"MessageBody": "plain"}), json!("plain")),
            (json!({"MessageBody": [1]}), json!("[1]")),
            (json!({"MessageBody": null}), json!(null)),
        ];
        for (params, sent) in cases {
            assert_eq!(send_message(&params)["MessageBody"], sent, "{params}");
        }
    }
}
