//! Named test events of a function, which the workspace keeps with its drafts.

use std::collections::BTreeMap;

use shared_json::{Value, json};
use sim_account::Account;

/// Where the saved events of a function are kept: one JSON object of texts by name.
#[must_use]
pub fn place_of(function: &str) -> String {
    format!("test-events:{function}")
}

/// Lambda's own bound for an event's name.
const NAME_LENGTH: usize = 25;

/// The events in a kept text; a text that is none holds no events.
#[must_use]
pub fn read(text: Option<&str>) -> BTreeMap<String, String> {
    let kept = text.and_then(|text| Value::parse(text).ok());
    let members = kept.as_ref().and_then(Value::as_object).into_iter().flatten();
    members.filter_map(|(name, event)| Some((name.to_string(), event.as_str()?.to_owned()))).collect()
}

/// The text to keep; `None` when there is nothing.
#[must_use]
pub fn write(events: &BTreeMap<String, String>) -> Option<String> {
    let members = events.iter().map(|(name, event)| (name.as_str(), Value::string(event)));
    (!events.is_empty()).then(|| Value::object(members).to_string())
}

/// What is wrong with a name.
#[must_use]
pub fn name_problem(name: &str) -> Option<&'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.len() > NAME_LENGTH || !name.chars().all(fits) {
        return Some("A name has 1 to 25 characters: letters, numbers, dots, hyphens and underscores.");
    }
    None
}

/// What is wrong with an event's text.
#[must_use]
pub fn event_problem(text: &str) -> Option<String> {
    Value::parse(text).err().map(|error| format!("This is no JSON: {error}."))
}

/// Templates, as the console offers them: id and label.
pub const TEMPLATES: [(&str, &str); 3] =
    [("hello-world", "Hello World"), ("sqs", "Amazon SQS message"), ("task-token", "Task token in a message")];

/// A template's text.
#[must_use]
pub fn template(account: &Account, id: &str) -> String {
    match id {
        "sqs" => sqs_event(account, &json!({"kind": "test"})),
        "task-token" => sqs_event(account, &json!({"MessageTitle": "A test", "TaskToken": "no-real-token"})),
        _ => json!({"key1": "value1", "key2": "value2", "key3": "value3"}).to_pretty(),
    }
}

/// An event as a queue's trigger would give it.
fn sqs_event(account: &Account, body: &Value) -> String {
    let arn = account.queues().queues().next().map_or_else(
        || format!("arn:aws:sqs:{}:{}:MyQueue", account.options().region, account.options().account_id),
        |queue| queue.arn().to_owned(),
    );
    let sent = account.now().millis().to_string();
    json!({"Records": [{
        "messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78",
        "receiptHandle": "MessageReceiptHandle",
        "body": body.to_string(),
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": sent,
            "SenderId": account.options().account_id, "ApproximateFirstReceiveTimestamp": sent
        },
        "messageAttributes": {},
        "md5OfBody": "00000000000000000000000000000000",
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": account.options().region
    }]})
    .to_pretty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_kept_by_name() {
        let events: BTreeMap<String, String> =
            [("one", "{}"), ("two", "[1]")].map(|(n, e)| (n.into(), e.into())).into();
        let text = write(&events).unwrap();
        assert_eq!(read(Some(&text)), events);
        assert_eq!(write(&BTreeMap::new()), None);
        for broken in [None, Some("{"), Some("[]"), Some("{\"a\": 1}")] {
            assert!(read(broken).is_empty());
        }
        assert_eq!(name_problem("good-name_1.2"), None);
        for bad in ["", "a b", "ä", "abcdefghijklmnopqrstuvwxyz"] {
            assert!(name_problem(bad).is_some(), "{bad}");
        }
    }
}
