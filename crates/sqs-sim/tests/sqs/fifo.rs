//! FIFO queues by small scripts on the virtual clock; `bench` documents the steps.

use crate::bench::Bench;
use shared_json::{Value, json};
use virtual_time::Duration;

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/Orders.fifo";

fn by_content() -> Value {
    json!({"ContentBasedDeduplication": "true"})
}

#[test]
fn a_group_keeps_its_order() {
    for script in [
        "send a in g; send b in g; receive -> a; receive -> nothing; delete a; receive -> b",
        "send a in g; send b in g; receive 10 -> a b",
        "send a in g; send b in h; send c in g; receive 10 -> a c b",
        "send a in g; send b in g; receive -> a; +30s; receive 10 -> a b",
        "send a in g; receive hide 0 -> a; receive -> a",
        // Another group does not wait for a blocked one.
        "send a in g; send b in g; send x in h; receive -> a; receive 10 -> x; receive -> nothing",
        // A later message in flight does not hold back the oldest one.
        "send a in g; send b in g; send x in h; receive 2 -> a b; hide a 1 -> ok; +1s; receive 10 -> x a",
        "send a in g; send b in g; send c in g; receive 3 hide 1 -> a b c; hide a 9 -> ok; +5s; receive 10 -> nothing",
        "send a in g; send b in g; send c in g; receive 3 hide 1 -> a b c; hide c 9 -> ok; +5s; receive 10 -> a b",
        "send a in g; send b in g; receive 2 -> a b; delete a; send c in g; receive -> nothing; delete b; receive -> c",
        // Long polls wait for a group to open.
        "send a in g; send b in g; receive -> a; receive wait 20 -> waits; delete a; answered -> b",
        "send a in g; send b in g; receive -> a; receive wait 5 -> waits; +5s; answered -> nothing",
        "send a in g; send b in g; purge; counts -> 0/0/0; send c in g; receive 10 -> c",
    ] {
        Bench::fifo(&by_content()).run(script);
    }
}

#[test]
fn handles_end_with_the_visibility_timeout() {
    for script in [
        "send a in g; receive hide 2 -> a; +2s; delete a -> InvalidParameterValue; counts -> 1/0/0",
        "send a in g; receive hide 2 -> a; +2s; hide a 9 -> InvalidParameterValue",
        "send a in g; receive hide 2 -> a; hide a 9 -> ok; +5s; delete a -> ok; +9s; receive -> nothing",
        "send a in g; receive -> a; delete a -> ok; delete a -> ok",
    ] {
        Bench::fifo(&by_content()).run(script);
    }
}

#[test]
fn a_delay_is_the_queues_and_holds_the_group() {
    let delayed = || by_content().with("DelaySeconds", json!("2"));
    for script in [
        "send a in g delay 0 -> ok; send b in g; counts -> 0/0/2; +2s; receive 10 -> a b",
        "send a in g; +1s; send b in g; +1s; receive 10 -> a; +1s; receive -> nothing; delete a; receive -> b",
        "send a in g delay 1 -> InvalidParameterValue",
    ] {
        Bench::fifo(&delayed()).run(script);
    }
}

#[test]
fn an_id_is_accepted_once_in_five_minutes() {
    let plain = || json!({});
    let groups = || json!({"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"});
    let check = |attributes: Value, script: &str| Bench::fifo(&attributes).run(script);
    check(plain(), "send a in g as 1; send b in g as 1; send c in h as 1; receive 10 -> a");
    check(plain(), "send a in g as 1; receive -> a; delete a; +299s; send b in g as 1; receive -> nothing");
    check(plain(), "send a in g as 1; receive -> a; delete a; +300s; send b in g as 1; receive -> b");
    // A duplicate does not start the five minutes again.
    check(plain(), "send a in g as 1; +200s; send a in g as 1; +100s; send b in g as 1; receive 10 -> a b");
    check(plain(), "send a in g -> InvalidParameterValue; send a -> MissingParameter");
    check(groups(), "send a in g as 1; send b in h as 1; send c in g as 1; receive 10 -> a b");
    check(by_content(), "send a in g; send a in g; send a in h; send a in g as other; receive 10 -> a a");
    // A changed scope is in force after a minute.
    check(plain(), "send a in g as 1; set DeduplicationScope messageGroup; send b in h as 1; counts -> 1/0/0");
    check(plain(), "set DeduplicationScope messageGroup; +60s; send a in g as 1; send b in h as 1; counts -> 2/0/0");
}

#[test]
fn the_sender_of_a_duplicate_learns_of_the_first_message() {
    let mut bench = Bench::fifo(&by_content());
    let send = |body: &str| json!({"QueueUrl": URL, "MessageBody": body, "MessageGroupId": "g"});
    let first = bench.ok("SendMessage", send("a"));
    let again = bench.ok("SendMessage", send("a"));
    let other = bench.ok("SendMessage", send("b"));
    assert_eq!(first, again);
    let number = |answer: &Value| answer.get_str("SequenceNumber").unwrap().to_owned();
    assert_eq!(number(&first).len(), 20);
    assert!(number(&first) < number(&other));
    let asked = json!({"QueueUrl": URL, "MessageSystemAttributeNames": ["All"]});
    let received = bench.ok("ReceiveMessage", asked);
    let attributes = &received["Messages"][0]["Attributes"];
    assert_eq!(attributes["SequenceNumber"], first["SequenceNumber"]);
    assert_eq!(attributes["MessageGroupId"], json!("g"));
    let digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    assert_eq!(attributes["MessageDeduplicationId"], json!(digest));
    let windows: Vec<_> = bench.queues.queue("Orders.fifo").unwrap().deduplication_windows(bench.now()).collect();
    assert_eq!(windows.len(), 2);
    // Newest first.
    assert_eq!(windows[1].id, digest);
    assert_eq!(windows[1].message_id, first.get_str("MessageId").unwrap());
    let later = bench.now() + virtual_time::Duration::from_secs(300);
    assert_eq!(bench.queues.queue("Orders.fifo").unwrap().deduplication_windows(later).len(), 0);
}

#[test]
fn an_attempt_can_be_repeated() {
    for script in [
        "send a in g; send b in g; receive 2 attempt x -> a b; receive 2 attempt x -> a b; receive attempt y -> nothing",
        // It hides the messages anew.
        "send a in g; receive hide 10 attempt x -> a; +9s; receive hide 10 attempt x -> a; +9s; counts -> 0/1/0",
        // Once a message has moved on, the attempt is a reception like any other.
        "send a in g; send b in g; receive attempt x -> a; delete a; receive attempt x -> b",
        "send a in g; receive hide 2 attempt x -> a; +2s; receive hide 9 attempt x -> a; counts -> 0/1/0",
    ] {
        Bench::fifo(&by_content()).run(script);
    }
}

#[test]
fn a_poison_message_blocks_its_group_until_it_is_a_dead_letter() {
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:Dead.fifo","maxReceiveCount":2}"#;
    let attributes = || by_content().with("RedrivePolicy", json!(policy));
    let mut bench = Bench::fifo(&attributes());
    bench.run("send poison in g; send b in g; send x in h; receive hide 1 -> poison; receive 10 -> x; delete x");
    bench.run("+1s; receive hide 1 -> poison; receive -> nothing; +1s; receive 10 -> b; receive from Dead -> poison");
    // The dead-letter queue counts the retention of a FIFO queue's messages from their arrival.
    let dead = bench.queues.queue("Dead.fifo").unwrap().messages().next().unwrap().clone();
    assert_eq!(dead.expires_at.since(dead.sent_at), Duration::from_secs(345_602));
    assert_eq!(dead.message_group_id.as_deref(), Some("g"));
}

#[test]
fn both_types_of_queue_know_what_belongs_to_them() {
    let mut bench = Bench::fifo(&by_content());
    bench.ok("CreateQueue", json!({"QueueName": "Plain"}));
    let mut check = |action: &str, params: Value, expected: &str| {
        let error = bench.call(action, params).expect("an answer").expect_err(expected);
        assert_eq!(error.message, expected);
    };
    let fifo = json!({"FifoQueue": "true"});
    check(
        "CreateQueue",
        json!({"QueueName": "Orders", "Attributes": fifo}),
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length",
    );
    check(
        "CreateQueue",
        json!({"QueueName": "Other", "Attributes": {"FifoQueue": "false"}}),
        "Unknown Attribute FifoQueue.",
    );
    check(
        "SetQueueAttributes",
        json!({"QueueUrl": URL, "Attributes": {"FifoQueue": "false"}}),
        "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
    );
    check(
        "SetQueueAttributes",
        json!({"QueueUrl": URL, "Attributes": {"DeduplicationScope": "all"}}),
        "Invalid value for the parameter DeduplicationScope.",
    );
    let plain = "arn:aws:sqs:eu-west-1:123456789012:Plain";
    let policy = json!({"deadLetterTargetArn": plain, "maxReceiveCount": 1}).to_string();
    check(
        "SetQueueAttributes",
        json!({"QueueUrl": URL, "Attributes": {"RedrivePolicy": policy.as_str()}}),
        &format!(
            "Value {policy} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source."
        ),
    );
    let send = |member: &str, value: Value| {
        json!({"QueueUrl": URL, "MessageBody": "a", "MessageGroupId": "g"}).with(member, value)
    };
    check(
        "SendMessage",
        send("MessageDeduplicationId", json!("")),
        "Value  for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    );
    check(
        "SendMessage",
        send("DelaySeconds", json!(3)),
        "Value 3 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
    );
    let entries = json!([{"Id": "1", "MessageBody": "a", "MessageGroupId": "g"}, {"Id": "2", "MessageBody": "b"}]);
    check(
        "SendMessageBatch",
        json!({"QueueUrl": URL, "Entries": entries}),
        "The request must contain the parameter MessageGroupId.",
    );
    let url = URL.replace("Orders.fifo", "Plain");
    check(
        "ReceiveMessage",
        json!({"QueueUrl": url, "ReceiveRequestAttemptId": "x"}),
        "Value x for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.",
    );
}
