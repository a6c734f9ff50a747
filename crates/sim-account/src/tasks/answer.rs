//! From a service's answer to what the execution's history says of it.

use asl::{Resource, Service};
use aws_protocol::AwsError;
use sfn_engine::ErrorOutput;
use shared_json::{Value, json};
use virtual_time::Timestamp;

/// The task's output, or its error in the words of the integration.
pub(super) fn read(
    resource: &Resource,
    result: Result<Value, AwsError>,
    request_id: &str,
    now: Timestamp,
) -> Result<Value, ErrorOutput> {
    let answer = result.map_err(|error| refusal(resource, &error, request_id))?;
    match &resource.service {
        Service::LambdaFunction => payload(&answer).map_err(|failure| *failure),
        Service::Optimized(name) if &**name == "lambda" => {
            let payload = payload(&answer).map_err(|failure| *failure)?;
            let shown = json!({"ExecutedVersion": "$LATEST"});
            let shown = answer.get("LogResult").map_or(shown.clone(), |log| shown.with("LogResult", log.clone()));
            let shown = shown
                .with("Payload", payload)
                .with("SdkHttpMetadata", Value::Null)
                .with("SdkResponseMetadata", Value::Null)
                .with("StatusCode", 200.into());
            Ok(with_metadata(shown, &answer, request_id, now, "application/json"))
        }
        Service::Optimized(_) => {
            let shown = capitalised_keys(&answer);
            Ok(with_metadata(shown, &answer, request_id, now, "application/x-amz-json-1.0"))
        }
        Service::AwsSdk(_) => Ok(capitalised_keys(&answer)),
        Service::Activity | Service::Placeholder => Ok(answer),
    }
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

/// How the optimised integrations (SDK for Java 1) and the AWS SDK integrations (SDK for Java 2) tell an error.
fn refusal(resource: &Resource, error: &AwsError, request_id: &str) -> ErrorOutput {
    let AwsError { code, message, http_status } = error;
    let (name, cause) = match &resource.service {
        Service::AwsSdk(service) => {
            let service = match &**service {
                "sfn" => "Sfn",
                "sqs" => "Sqs",
                other => other,
            };
            let exception = if code.ends_with("Exception") { code.clone() } else { format!("{code}Exception") };
            (
                format!("{service}.{exception}"),
                format!(
                    "{message} (Service: {service}, Status Code: {http_status}, Request ID: {request_id}) (SDK Attempt Count: 1)"
                ),
            )
        }
        Service::Optimized(_) | Service::LambdaFunction | Service::Activity | Service::Placeholder => {
            let (prefix, service, exception) = match resource.resource_type().as_str() {
                "sqs" => ("SQS", "AmazonSQS", sqs_exception(code)),
                "lambda" => ("Lambda", "AWSLambda", lambda_exception(code)),
                _ => ("StepFunctions", "AWSStepFunctions", states_exception(code)),
            };
            if code == "UnknownHost" {
                return ErrorOutput {
                    error: Some(format!("{prefix}.SdkClientException").into()),
                    cause: Some(message.as_str().into()),
                };
            }
            let wire_code = if code == "QueueDoesNotExist" { "AWS.SimpleQueueService.NonExistentQueue" } else { code };
            (
                format!("{prefix}.{exception}"),
                format!(
                    "{message} (Service: {service}; Status Code: {http_status}; Error Code: {wire_code}; Request ID: {request_id}; Proxy: null)"
                ),
            )
        }
    };
    ErrorOutput { error: Some(name.into()), cause: Some(cause.into()) }
}

/// The SDK for Java 1 has a class of its own for modelled errors only; the rest are the service's own class.
fn sqs_exception(code: &str) -> String {
    match code {
        "QueueDoesNotExist"
        | "InvalidMessageContents"
        | "UnsupportedOperation"
        | "OverLimit"
        | "BatchRequestTooLong" => {
            format!("{code}Exception")
        }
        _ => "AmazonSQSException".to_owned(),
    }
}

fn lambda_exception(code: &str) -> String {
    match code {
        "ResourceNotFoundException"
        | "TooManyRequestsException"
        | "ServiceException"
        | "InvalidParameterValueException" => code.to_owned(),
        _ => "AWSLambdaException".to_owned(),
    }
}

fn states_exception(code: &str) -> String {
    match code {
        "AccessDeniedException" | "ValidationException" => "AWSStepFunctionsException".to_owned(),
        _ => format!("{code}Exception"),
    }
}

fn capitalised_keys(answer: &Value) -> Value {
    match answer.as_object() {
        Some(members) => Value::object(members.iter().map(|(key, value)| {
            let mut chars = key.chars();
            let key: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
            (key, value.clone())
        })),
        None => answer.clone(),
    }
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
