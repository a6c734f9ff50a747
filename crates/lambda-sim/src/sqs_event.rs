//! The event that a mapping makes of messages, and what it reads from the function's response.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use std::collections::BTreeSet;

use shared_json::{Object, Value};

/// The event's JSON text for messages as `ReceiveMessage` answers them.
pub(crate) fn event(messages: &[Value], queue_arn: &str) -> String {
    let records = messages.iter().map(|message| record(message, queue_arn)).collect();
    Value::object([("Records", Value::array(records))]).to_string()
}

/// The group of a FIFO queue's message.
pub(crate) fn group(message: &Value) -> Option<&str> {
    message["Attributes"].get_str("MessageGroupId")
}

/// One message as its function sees it.
pub(crate) fn record(message: &Value, queue_arn: &str) -> Value {
    let region = queue_arn.split(':').nth(3).unwrap_or_default();
    let mut record = Object::default();
    let mut put = |key: &str, value: Value| record.insert(key.into(), value);
    put("messageId", message["MessageId"].clone());
    put("receiptHandle", message["ReceiptHandle"].clone());
    put("body", message["Body"].clone());
    put("attributes", attributes(&message["Attributes"]));
    put("messageAttributes", message_attributes(&message["MessageAttributes"]));
    put("md5OfBody", message["MD5OfBody"].clone());
    if let Some(md5) = message.get("MD5OfMessageAttributes") {
        put("md5OfMessageAttributes", md5.clone());
    }
    put("eventSource", Value::string("aws:sqs"));
    put("eventSourceARN", Value::string(queue_arn));
    put("awsRegion", Value::string(region));
    Value::Object(record.into())
}

/// System attributes in the order in which Lambda writes them; others follow as they come.
fn attributes(all: &Value) -> Value {
    const ORDER: [&str; 7] = [
        "ApproximateReceiveCount",
        "SentTimestamp",
        "SequenceNumber",
        "MessageGroupId",
        "SenderId",
        "MessageDeduplicationId",
        "ApproximateFirstReceiveTimestamp",
    ];
    let known = ORDER.iter().filter_map(|name| Some(((*name).into(), all.get(name)?.clone())));
    let mut members: Object = known.collect();
    for (name, value) in all.as_object().into_iter().flatten() {
        members.get_or_insert_with(name.clone(), || value.clone());
    }
    Value::Object(members.into())
}

fn message_attributes(all: &Value) -> Value {
    let empty = || Value::array(Vec::new());
    let members = all.as_object().into_iter().flatten().map(|(name, attribute)| {
        let mut members = Object::default();
        for (from, to) in [("StringValue", "stringValue"), ("BinaryValue", "binaryValue")] {
            if let Some(value) = attribute.get(from).filter(|value| !value.is_null()) {
                members.insert(to.into(), value.clone());
            }
        }
        members.insert("stringListValues".into(), empty());
        members.insert("binaryListValues".into(), empty());
        members.insert("dataType".into(), attribute["DataType"].clone());
        (name, Value::Object(members.into()))
    });
    Value::object(members)
}

/// The ids in `batchItemFailures`; `None` means that the whole batch failed.
pub(crate) fn batch_item_failures(response: &str, message_ids: &[&str]) -> Option<BTreeSet<String>> {
    let response = Value::parse(response).ok()?;
    if response.is_null() {
        return Some(BTreeSet::new());
    }
    // Any response that is no object is read as one without the member.
    let failures = match &response["batchItemFailures"] {
        Value::Null => return Some(BTreeSet::new()),
        failures => failures.as_array()?,
    };
    failures
        .iter()
        .map(|failure| failure.get_str("itemIdentifier").filter(|id| message_ids.contains(id)).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn records_have_aws_s_members_in_aws_s_order() {
        let message = json!({
            "MessageId": "m1", "ReceiptHandle": "r1", "Body": "{}", "MD5OfBody": "99",
            "Attributes": {"SenderId": "AIDA", "SentTimestamp": "5", "ApproximateReceiveCount": "1",
                "ApproximateFirstReceiveTimestamp": "6"},
            "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "new"}},
            "MD5OfMessageAttributes": "77",
        });
        assert_eq!(
            event(&[message], "arn:aws:sqs:eu-west-1:123456789012:Orders"),
            concat!(
                r#"{"Records":[{"messageId":"m1","receiptHandle":"r1","body":"{}","attributes":{"#,
                r#""ApproximateReceiveCount":"1","SentTimestamp":"5","SenderId":"AIDA","#,
                r#""ApproximateFirstReceiveTimestamp":"6"},"messageAttributes":{"kind":{"stringValue":"new","#,
                r#""stringListValues":[],"binaryListValues":[],"dataType":"String"}},"md5OfBody":"99","#,
                r#""md5OfMessageAttributes":"77","eventSource":"aws:sqs","#,
                r#""eventSourceARN":"arn:aws:sqs:eu-west-1:123456789012:Orders","awsRegion":"eu-west-1"}]}"#
            )
        );
    }

    #[test]
    fn partial_failures_are_read_as_aws_reads_them() {
        let cases: [(&str, Option<&[&str]>); 12] = [
            ("null", Some(&[])),
            ("{}", Some(&[])),
            (r#""fine""#, Some(&[])),
            (r#"{"batchItemFailures":null}"#, Some(&[])),
            (r#"{"batchItemFailures":[]}"#, Some(&[])),
            (r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, Some(&["b"])),
            (r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}"#, Some(&["a", "b"])),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, None),
            (r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, None),
            (r#"{"batchItemFailures":[{"itemId":"a"}]}"#, None),
            (r#"{"batchItemFailures":[{"itemIdentifier":"z"}]}"#, None),
            ("{broken", None),
        ];
        for (response, expected) in cases {
            let expected = expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
            assert_eq!(batch_item_failures(response, &["a", "b"]), expected, "{response}");
        }
    }
}
