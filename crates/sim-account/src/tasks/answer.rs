//! From a service's answer to what the execution's history says of it.

use asl::{Pattern, Resource, Service};
use aws_protocol::AwsError;
use sfn_engine::ErrorOutput;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::refusal::refusal;
use super::request::{capitalised, deep};

/// What an answer is read with.
pub(super) struct Reading<'a> {
    pub(super) resource: &'a Resource,
    pub(super) state_name: &'a str,
    pub(super) request_id: &'a str,
    pub(super) now: Timestamp,
}

/// The task's output, or its error in the words of the integration.
pub(super) fn read(reading: &Reading<'_>, result: Result<Value, AwsError>) -> Result<Value, ErrorOutput> {
    let Reading { resource, state_name, request_id, now } = *reading;
    let answer = result.map_err(|error| refusal(resource, state_name, &error, request_id))?;
    let with_metadata = |shown: Value, content_type: &str| with_metadata(shown, &answer, request_id, now, content_type);
    match &resource.service {
        Service::LambdaFunction => payload(&answer).map_err(|failure| *failure),
        Service::Optimized(name) => match &**name {
            "lambda" => invoked(&answer, with_metadata),
            "events" => put_events(answer),
            "apigateway" => response(&answer),
            "states" => {
                let shown = deep(&with_dates(&answer, |at| at.millis().into()), &capitalised);
                Ok(with_metadata(shown, "application/x-amz-json-1.0"))
            }
            "sns" => Ok(with_metadata(answer.clone(), "text/xml")),
            _ => Ok(with_metadata(answer.clone(), "application/x-amz-json-1.0")),
        },
        Service::AwsSdk(service) => {
            let shown = with_dates(&answer, |at| at.to_rfc3339().into());
            Ok(if &**service == "sfn" { deep(&shown, &capitalised) } else { shown })
        }
        Service::Activity | Service::Placeholder => Ok(answer),
    }
}

/// What a nested execution leaves in its parent when it has ended: the task's output, or its error.
pub(super) fn nested(described: &Value, pattern: Pattern) -> Result<Value, ErrorOutput> {
    let shown = deep(&with_dates(described, |at| at.millis().into()), &capitalised);
    let kept = [
        "Cause",
        "Error",
        "ExecutionArn",
        "Input",
        "InputDetails",
        "Name",
        "Output",
        "OutputDetails",
        "RedriveCount",
        "RedriveStatus",
        "RedriveStatusReason",
        "StartDate",
        "StateMachineArn",
        "Status",
        "StopDate",
    ];
    let shown = Value::object(kept.into_iter().filter_map(|key| Some((key, shown.get(key)?.clone()))));
    if shown.get_str("Status") != Some("SUCCEEDED") {
        return Err(ErrorOutput { error: Some("States.TaskFailed".into()), cause: Some(shown.to_string().into()) });
    }
    if pattern != Pattern::Sync2 {
        return Ok(shown);
    }
    Ok(["Input", "Output"].into_iter().fold(shown, |shown, key| {
        let parsed = shown.get_str(key).and_then(|text| Value::parse(text).ok());
        parsed.map_or(shown.clone(), |parsed| shown.with(key, parsed))
    }))
}

fn invoked(answer: &Value, with_metadata: impl Fn(Value, &str) -> Value) -> Result<Value, ErrorOutput> {
    let payload = payload(answer).map_err(|failure| *failure)?;
    let shown = json!({"ExecutedVersion": "$LATEST"});
    let shown = answer.get("LogResult").map_or(shown.clone(), |log| shown.with("LogResult", log.clone()));
    let status = answer.get("StatusCode").cloned().unwrap_or_else(|| 200.into());
    let shown = shown
        .with("Payload", payload)
        .with("SdkHttpMetadata", Value::Null)
        .with("SdkResponseMetadata", Value::Null)
        .with("StatusCode", status);
    Ok(with_metadata(shown, "application/json"))
}

/// A function's payload; a failed function fails the task with the error's type and the whole payload.
fn payload(answer: &Value) -> Result<Value, Box<ErrorOutput>> {
    let text = answer.get_str("Payload").unwrap_or("null");
    let payload = Value::parse(text).unwrap_or_else(|_| text.into());
    if answer.get_str("FunctionError").is_none() {
        return Ok(payload);
    }
    let error = match payload.get_str("errorType") {
        Some(error_type) => error_type.into(),
        // A timeout or a crash carries a message only.
        None => "Lambda.Unknown".into(),
    };
    Err(Box::new(ErrorOutput { error: Some(error), cause: Some(text.into()) }))
}

/// One event that was not accepted fails the task, with the whole answer as its cause.
fn put_events(answer: Value) -> Result<Value, ErrorOutput> {
    if answer.get("FailedEntryCount").and_then(Value::as_i64).unwrap_or(0) == 0 {
        return Ok(answer);
    }
    let cause = answer.to_string();
    Err(ErrorOutput { error: Some("EventBridge.FailedEntry".into()), cause: Some(cause.into()) })
}

/// An HTTP response; every status from 400 on fails the task under its number, with the body as the cause.
fn response(answer: &Value) -> Result<Value, ErrorOutput> {
    let status = answer.get("statusCode").and_then(Value::as_i64).unwrap_or(200);
    let text = answer.get_str("body").unwrap_or_default();
    if status >= 400 {
        return Err(ErrorOutput { error: Some(format!("ApiGateway.{status}").into()), cause: Some(text.into()) });
    }
    let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
    let headers = Value::object(headers.map(|(name, value)| match value.as_array() {
        Some(_) => (name, value.clone()),
        None => (name, Value::array(vec![value.clone()])),
    }));
    let mut shown = vec![("Headers", headers)];
    if !text.is_empty() {
        shown.push(("ResponseBody", Value::parse(text).unwrap_or_else(|_| text.into())));
    }
    shown.push(("StatusCode", status.into()));
    shown.push(("StatusText", reason(status).into()));
    Ok(Value::object(shown))
}

/// The reason phrases of HTTP below 400.
fn reason(status: i64) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        _ => "",
    }
}

/// The answer with its dates, which the JSON protocols write as seconds, written as `write` says.
fn with_dates(answer: &Value, write: fn(Timestamp) -> Value) -> Value {
    const DATES: [&str; 11] = [
        "startDate",
        "stopDate",
        "creationDate",
        "updateDate",
        "redriveDate",
        "timestamp",
        "LastModified",
        "CreationDate",
        "CreatedDate",
        "LastChangedDate",
        "CreationDateTime",
    ];
    if let Some(items) = answer.as_array() {
        return Value::array(items.iter().map(|item| with_dates(item, write)).collect());
    }
    let Some(members) = answer.as_object() else { return answer.clone() };
    Value::object(members.iter().map(|(key, value)| {
        let seconds = value.as_f64().filter(|_| DATES.contains(&&**key));
        (
            key,
            seconds.map_or_else(
                || with_dates(value, write),
                |at| write(Timestamp::from_millis((at * 1_000.0).round() as i64)),
            ),
        )
    }))
}

/// The transport headers that the optimised integrations leave in their results.
fn with_metadata(shown: Value, answer: &Value, request_id: &str, now: Timestamp, content_type: &str) -> Value {
    let length = answer.json_len().to_string();
    let date = now.to_http_date();
    shown
        .with(
            "SdkHttpMetadata",
            json!({
                "AllHttpHeaders": {
                    "x-amzn-RequestId": [request_id], "connection": ["keep-alive"], "Content-Length": [length],
                    "Date": [date], "Content-Type": [content_type],
                },
                "HttpHeaders": {
                    "connection": "keep-alive", "Content-Length": length, "Content-Type": content_type,
                    "Date": date, "x-amzn-RequestId": request_id,
                },
                "HttpStatusCode": 200,
            }),
        )
        .with("SdkResponseMetadata", json!({"RequestId": request_id}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(resource: &str, answer: Value) -> Result<Value, ErrorOutput> {
        let resource = Resource::parse(&format!("arn:aws:states:::{resource}")).unwrap();
        let reading =
            Reading { resource: &resource, state_name: "Call", request_id: "r", now: Timestamp::from_millis(0) };
        read(&reading, Ok(answer))
    }

    #[test]
    fn dates_are_milliseconds_or_text_by_the_kind_of_integration() {
        let started = json!({"executionArn": "arn", "startDate": 1.5});
        let optimised = told("states:startExecution", started.clone()).unwrap();
        assert_eq!((optimised["StartDate"].as_i64(), optimised.get_str("ExecutionArn")), (Some(1_500), Some("arn")));
        let sdk = told("aws-sdk:sfn:startExecution", started).unwrap();
        assert_eq!(sdk, json!({"ExecutionArn": "arn", "StartDate": "1970-01-01T00:00:01.500Z"}));
    }

    #[test]
    fn one_refused_event_fails_the_task() {
        let answer = json!({"Entries": [{"ErrorCode": "MalformedDetail"}], "FailedEntryCount": 1});
        let error = told("events:putEvents", answer.clone()).unwrap_err();
        assert_eq!(
            (error.error.as_deref(), error.cause.as_deref()),
            (Some("EventBridge.FailedEntry"), Some(&*answer.to_string()))
        );
        assert_eq!(told("aws-sdk:eventbridge:putEvents", answer.clone()).unwrap(), answer);
    }

    #[test]
    fn a_response_is_read_by_its_status() {
        let good = json!({"statusCode": 201, "headers": {"a": "b"}, "body": "{\"ok\": true}"});
        let shown =
            json!({"Headers": {"a": ["b"]}, "ResponseBody": {"ok": true}, "StatusCode": 201, "StatusText": "Created"});
        assert_eq!(told("apigateway:invoke", good).unwrap(), shown);
        let error = told("apigateway:invoke", json!({"statusCode": 503, "body": "later"})).unwrap_err();
        assert_eq!((error.error.as_deref(), error.cause.as_deref()), (Some("ApiGateway.503"), Some("later")));
    }

    #[test]
    fn a_nested_execution_gives_its_output_as_text_or_as_json() {
        let ended = json!({"status": "SUCCEEDED", "input": "{}", "output": "{\"a\": 1}", "startDate": 2.0, "inputDetails": {"included": true}});
        let text = nested(&ended, Pattern::Sync).unwrap();
        assert_eq!((text.get_str("Output"), text["StartDate"].as_i64()), (Some("{\"a\": 1}"), Some(2_000)));
        assert_eq!(text["InputDetails"], json!({"Included": true}));
        assert_eq!(nested(&ended, Pattern::Sync2).unwrap()["Output"], json!({"a": 1}));
        let failed = nested(&ended.with("status", "ABORTED".into()), Pattern::Sync2).unwrap_err();
        assert_eq!(failed.error.as_deref(), Some("States.TaskFailed"));
        assert_eq!(Value::parse(&failed.cause.unwrap()).unwrap().get_str("Status"), Some("ABORTED"));
    }
}
