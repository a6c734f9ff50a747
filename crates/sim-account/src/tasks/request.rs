//! From a Task's resource and parameters to an API call.

use asl::{Pattern, Resource, Service};
use sfn_engine::{ErrorOutput, TaskRequest};
use shared_json::{Value, json};

/// The action to call and its parameters, or the error with which the task fails before any call.
pub(super) fn build(request: &TaskRequest) -> Result<(String, Value), ErrorOutput> {
    let Resource { service, action, text, pattern } = &request.resource;
    let params = &request.parameters;
    let waits_for_job = matches!(pattern, Pattern::Sync | Pattern::Sync2);
    let no_mock = |what: &str| not_simulated(what, &request.state_name);
    match service {
        Service::Optimized(name) => match (&**name, &**action) {
            ("states", "startExecution") => Ok(("states:StartExecution".into(), start_execution(params))),
            _ if waits_for_job => Err(no_mock(&format!("{name}:{action} and the end of its job"))),
            ("sqs", "sendMessage") => Ok(("sqs:SendMessage".into(), as_text(params, &["MessageBody"]))),
            ("lambda", "invoke") => Ok(("lambda:Invoke".into(), as_text(params, &["Payload"]))),
            ("sns", "publish") => Ok(("sns:Publish".into(), publish(params))),
            ("events", "putEvents") => Ok(("events:PutEvents".into(), put_events(params))),
            ("dynamodb", "getItem" | "putItem" | "updateItem" | "deleteItem") => {
                Ok((format!("dynamodb:{}", capitalised(action)), without_nulls(params)))
            }
            ("apigateway", "invoke") => Ok(("execute-api:Invoke".into(), params.clone())),
            (name, action) => Err(no_mock(&format!("{name}:{action}"))),
        },
        Service::LambdaFunction => {
            let named = Value::object([("FunctionName", Value::from(&**text))]);
            Ok(("lambda:Invoke".into(), named.with("Payload", params.to_string().into())))
        }
        Service::AwsSdk(name) => {
            aws_sdk(name, action, params).ok_or_else(|| no_mock(&format!("aws-sdk:{name}:{action}")))
        }
        Service::Activity => Err(no_mock("activities")),
        Service::Placeholder => Err(ErrorOutput {
            error: Some("States.Runtime".into()),
            cause: Some(format!("The resource {text} is a placeholder that a deployment fills in.").into()),
        }),
    }
}

/// What can neither be called nor is mocked.
pub(super) fn not_simulated(what: &str, state_name: &str) -> ErrorOutput {
    let cause = format!(
        "Stepyard does not simulate {what}. On AWS this task would call the service. To go on here, give the state \
         '{state_name}' a mocked response in the mock configuration, and start the execution with one of its test cases."
    );
    ErrorOutput { error: Some("Stepyard.NotSimulated".into()), cause: Some(cause.into()) }
}

/// A call through the AWS SDK: any action of a simulated service, by the SDK's names.
fn aws_sdk(service: &str, action: &str, params: &Value) -> Option<(String, Value)> {
    let params = without_nulls(params);
    let operation = capitalised(action);
    let (prefix, params) = match service {
        "sfn" => ("states", deep(&texts(&params, &["Input", "Output", "Definition", "Cause"]), &uncapitalised)),
        "sqs" => ("sqs", texts(&params, &["MessageBody"])),
        "lambda" => ("lambda", blobs(&params, &["Payload"])),
        "sns" => ("sns", texts(&params, &["Message"])),
        "dynamodb" => ("dynamodb", params),
        "secretsmanager" => ("secretsmanager", texts(&params, &["SecretString"])),
        "eventbridge" => ("events", put_events(&params)),
        "s3" if params.get("Body").is_some() => {
            // A body that names no type is taken for the text that it was made into.
            let typed = params.get("ContentType").is_some();
            let params = if typed { params } else { params.with("ContentType", "text/plain; charset=UTF-8".into()) };
            ("s3", blobs(&params, &["Body"]))
        }
        "s3" => ("s3", params),
        _ => return None,
    };
    Some((format!("{prefix}:{operation}"), params))
}

/// Members that are no text become JSON text; `null` is left out by whoever reads it.
fn as_text(params: &Value, keys: &[&str]) -> Value {
    changed(params, keys, |value| value.as_str().is_none() && !value.is_null())
}

/// Only objects and arrays become JSON text.
fn texts(params: &Value, keys: &[&str]) -> Value {
    changed(params, keys, |value| value.as_object().is_some() || value.as_array().is_some())
}

/// Bytes are sent as the JSON text of whatever stands there, a text with its quotes.
fn blobs(params: &Value, keys: &[&str]) -> Value {
    changed(params, keys, |_| true)
}

fn changed(params: &Value, keys: &[&str], which: fn(&Value) -> bool) -> Value {
    keys.iter().fold(params.clone(), |params, key| match params.get(key).filter(|value| which(value)) {
        Some(value) => params.with(key, value.to_string().into()),
        None => params,
    })
}

/// Message and attribute values of a notification may be any JSON.
fn publish(params: &Value) -> Value {
    let params = without_nulls(&as_text(params, &["Message"]));
    let Some(attributes) = params.get("MessageAttributes").and_then(Value::as_object) else { return params };
    let attributes = attributes.iter().map(|(name, attribute)| (name, as_text(attribute, &["StringValue"])));
    let attributes = Value::object(attributes);
    params.with("MessageAttributes", attributes)
}

/// The detail of an event may be any JSON.
fn put_events(params: &Value) -> Value {
    match params.get("Entries").and_then(Value::as_array) {
        Some(entries) => {
            let entries = entries.iter().map(|entry| as_text(entry, &["Detail"])).collect();
            params.with("Entries", Value::array(entries))
        }
        None => params.clone(),
    }
}

/// StartExecution's own parameters begin in lower case; the integration writes them in upper case.
fn start_execution(params: &Value) -> Value {
    deep(&without_nulls(&as_text(params, &["Input"])), &uncapitalised)
}

fn without_nulls(params: &Value) -> Value {
    match params.as_object() {
        Some(members) => {
            Value::object(members.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, value.clone())))
        }
        None => json!({}),
    }
}

/// The same value with all its keys renamed.
pub(super) fn deep(value: &Value, rename: &dyn Fn(&str) -> String) -> Value {
    if let Some(members) = value.as_object() {
        return Value::object(members.iter().map(|(key, value)| (rename(key), deep(value, rename))));
    }
    match value.as_array() {
        Some(items) => Value::array(items.iter().map(|item| deep(item, rename)).collect()),
        None => value.clone(),
    }
}

pub(super) fn capitalised(name: &str) -> String {
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

    fn check(resource: &str, parameters: Value, action: &str, sent: Value) {
        let request = TaskRequest {
            task: 1,
            state_name: "Call".into(),
            attempt: 1,
            resource: Resource::parse(resource).unwrap(),
            parameters: parameters.clone(),
            task_token: None,
            timeout_seconds: None,
            heartbeat_seconds: None,
            credentials_role_arn: None,
        };
        assert_eq!(build(&request).unwrap(), (action.to_owned(), sent), "{resource} {parameters}");
    }

    #[test]
    fn optimised_integrations_turn_json_into_the_text_that_services_take() {
        let sqs = "arn:aws:states:::sqs:sendMessage";
        check(sqs, json!({"MessageBody": "plain"}), "sqs:SendMessage", json!({"MessageBody": "plain"}));
        check(sqs, json!({"MessageBody": [1]}), "sqs:SendMessage", json!({"MessageBody": "[1]"}));
        check(sqs, json!({"MessageBody": null}), "sqs:SendMessage", json!({"MessageBody": null}));
        let lambda = "arn:aws:states:::lambda:invoke";
        check(lambda, json!({"Payload": "[1]"}), "lambda:Invoke", json!({"Payload": "[1]"}));
        check(lambda, json!({"Payload": false}), "lambda:Invoke", json!({"Payload": "false"}));
        check(lambda, json!({}), "lambda:Invoke", json!({}));
        let sns = json!({"Message": {"a": 1}, "MessageAttributes": {"n": {"DataType": "Number", "StringValue": 5}}});
        let sent =
            json!({"Message": "{\"a\":1}", "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "5"}}});
        check("arn:aws:states:::sns:publish", sns, "sns:Publish", sent);
        let events = json!({"Entries": [{"Detail": {"a": 1}}, {"Detail": "{}"}]});
        let sent = json!({"Entries": [{"Detail": "{\"a\":1}"}, {"Detail": "{}"}]});
        check("arn:aws:states:::events:putEvents", events, "events:PutEvents", sent);
        let start = json!({"StateMachineArn": "arn", "Input": {"A": 1}, "Name": null});
        let sent = json!({"stateMachineArn": "arn", "input": "{\"A\":1}"});
        check("arn:aws:states:::states:startExecution.sync:2", start, "states:StartExecution", sent);
    }

    #[test]
    fn sdk_integrations_send_bytes_as_json_text_and_leave_nulls_out() {
        let put = json!({"Bucket": "b", "Body": "text", "Key": "k", "Tagging": null});
        let sent = json!({"Bucket": "b", "Body": "\"text\"", "Key": "k", "ContentType": "text/plain; charset=UTF-8"});
        check("arn:aws:states:::aws-sdk:s3:putObject", put, "s3:PutObject", sent);
        let start = json!({"StateMachineArn": "arn", "Input": null});
        check(
            "arn:aws:states:::aws-sdk:sfn:startExecution",
            start,
            "states:StartExecution",
            json!({"stateMachineArn": "arn"}),
        );
        let invoke = json!({"FunctionName": "f", "Payload": {"a": 1}});
        check(
            "arn:aws:states:::aws-sdk:lambda:invoke",
            invoke,
            "lambda:Invoke",
            json!({"FunctionName": "f", "Payload": "{\"a\":1}"}),
        );
    }
}
