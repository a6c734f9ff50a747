//! `Invoke`: RequestResponse, Event and DryRun.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::params::{constraint, text};
use crate::invocation::InvocationSource;
use crate::machine::Functions;

impl Functions {
    /// `None`: the answer comes when the function has ended.
    pub(super) fn invoke(&mut self, now: Timestamp, call: u64, params: &Value) -> Result<Option<Value>, AwsError> {
        let kind = text(params, "InvocationType")?.unwrap_or("RequestResponse");
        if !["RequestResponse", "Event", "DryRun"].contains(&kind) {
            let rule = "Member must satisfy enum value set: [Event, RequestResponse, DryRun]";
            return Err(constraint(Some(kind), "invocationType", rule));
        }
        let log_tail = match text(params, "LogType")?.unwrap_or("None") {
            "None" => false,
            "Tail" => true,
            other => {
                return Err(constraint(Some(other), "logType", "Member must satisfy enum value set: [None, Tail]"));
            }
        };
        let limits = &self.options.limits;
        let limit = if kind == "Event" { limits.event_bytes } else { limits.request_bytes };
        let payload = payload(params.get("Payload"), kind, limit)?;
        let function = self.named_function(params).map_err(as_invoke_tells_it)?.name.clone();
        match kind {
            "DryRun" => Ok(Some(json!({"StatusCode": 204, "ExecutedVersion": "$LATEST", "Payload": ""}))),
            "Event" => {
                self.accept_event(now, function, payload);
                Ok(Some(json!({"StatusCode": 202, "Payload": ""})))
            }
            _ => {
                let request_id = self.seed.uuid().into();
                let source = InvocationSource::Call { call, log_tail };
                match self.start_invocation(now, &function, request_id, payload, source) {
                    Ok(_) => Ok(None),
                    Err(refused) => Err(refused.told()),
                }
            }
        }
    }
}

/// Invoke names the version that it looked for.
fn as_invoke_tells_it(mut error: AwsError) -> AwsError {
    let unqualified = |arn: &str| arn.split(':').count() == 7;
    if error.message.strip_prefix("Function not found: ").is_some_and(unqualified) {
        error.message.push_str(":$LATEST");
    }
    error
}

/// The event's JSON text; nothing at all is an empty object.
fn payload(payload: Option<&Value>, kind: &str, limit: usize) -> Result<Rc<str>, AwsError> {
    let text: Rc<str> = match payload {
        None | Some(Value::Null) => "{}".into(),
        Some(Value::String(text)) if text.is_empty() => "{}".into(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string().into(),
    };
    if text.len() > limit {
        let size = text.len();
        let message = format!("{size} byte payload is too large for the {kind} invocation type (limit {limit} bytes)");
        return Err(AwsError::new("RequestTooLargeException", message).with_status(413));
    }
    if let Err(error) = Value::parse(&text) {
        let message = format!("Could not parse request body into json: Could not parse payload into json: {error}");
        return Err(AwsError::new("InvalidRequestContentException", message));
    }
    Ok(text)
}
