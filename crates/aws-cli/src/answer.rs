//! An answer as the AWS CLI sees it: members in the order of the API's model, and times as ISO 8601.

use shared_json::Value;
use virtual_time::Timestamp;

use crate::table::{Kind, Service};

/// SQS's errors as its older protocol names them; the AWS CLI prints these names. Source: the errors of each action in
/// the Amazon SQS API Reference.
const SQS_CODES: [(&str, &str); 12] = [
    ("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"),
    ("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong"),
    ("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest"),
    ("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId"),
    ("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"),
    ("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress"),
    ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently"),
    ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
    ("QueueNameExists", "QueueAlreadyExists"),
    ("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"),
    ("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"),
    ("InvalidSecurity", "InvalidSecurity"),
];

pub(crate) fn error_code<'a>(service: &Service, code: &'a str) -> &'a str {
    let older = SQS_CODES.iter().find(|(name, _)| service.command == "sqs" && *name == code);
    older.map_or(code, |(_, older)| older)
}

/// The answer of an action whose output is this structure.
pub(crate) fn shaped(service: &Service, output: Option<usize>, answer: &Value) -> Value {
    output.map_or_else(|| Value::object::<&str>([]), |structure| shape(service, Kind::Structure(structure), answer))
}

fn shape(service: &Service, kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Structure(structure), Value::Object(members)) => {
            let known = service.members(structure).filter_map(|member| {
                let value = members.get(member.name).filter(|value| !value.is_null())?;
                Some((member.name, shape(service, member.kind, value)))
            });
            Value::object(known)
        }
        (Kind::List { of, .. }, Value::Array(items)) => {
            let of = Kind::read(of);
            Value::array(items.iter().map(|item| shape(service, of, item)).collect())
        }
        (Kind::Map(of), Value::Object(members)) => {
            let of = Kind::read(of);
            Value::object(members.iter().map(|(key, value)| (&**key, shape(service, of, value))))
        }
        (Kind::Timestamp, value) => time(value).map_or_else(|| value.clone(), Value::string),
        _ => value.clone(),
    }
}

/// `2023-04-19T08:00:00.123000+00:00`: Python's ISO format, in UTC.
fn time(value: &Value) -> Option<String> {
    let at = match value {
        Value::String(text) => Timestamp::parse_rfc3339(text)?,
        value => {
            let seconds = value.as_f64().filter(|seconds| seconds.abs() < 1e11)?;
            #[expect(clippy::cast_possible_truncation, reason = "below 2^63 by the line above")]
            Timestamp::from_micros((seconds * 1e6).round() as i64)
        }
    };
    let text = at.to_rfc3339();
    let (whole, _) = text.split_once('.')?;
    Some(match at.micros().rem_euclid(1_000_000) {
        0 => format!("{whole}+00:00"),
        micros => format!("{whole}.{micros:06}+00:00"),
    })
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn answers_have_the_models_order_and_iso_times() {
        let service = Service::find("stepfunctions").unwrap();
        let action = service.action("start-execution").unwrap();
        let answer = json!({"startDate": 1_681_891_200.25, "unknown": 1, "executionArn": "arn"});
        let shaped = shaped(&service, action.output, &answer);
        assert_eq!(shaped.to_string(), r#"{"executionArn":"arn","startDate":"2023-04-19T08:00:00.250000+00:00"}"#);
        assert_eq!(time(&json!("2023-04-19T08:00:00Z")).unwrap(), "2023-04-19T08:00:00+00:00");
        assert_eq!(time(&json!(1e300)), None);
    }
}
