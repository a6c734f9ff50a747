//! Standard queues by small scripts on the virtual clock; `bench` documents the steps.

use crate::bench::{Bench, ORDERS};
use shared_json::{Value, json};
use sqs_sim::{Input, Queues, QueuesOptions, SqsLimits};
use virtual_time::{Duration, Timestamp};

fn check(script: &str) {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Dead"}));
    bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
    bench.run(script);
}

#[test]
fn messages_move_as_time_passes() {
    for script in [
        // The visibility timeout, to the second.
        "send a; receive -> a; +29s; receive -> nothing; +1s; receive -> a",
        "send a; receive -> a; delete a; +60s; receive -> nothing; counts -> 0/0/0",
        // Deleting after the timeout works on a standard queue; an older handle does nothing.
        "send a; receive -> a; +31s; delete a; receive -> nothing",
        "send a; receive hide 0 -> a; counts -> 1/0/0; receive hide 5 -> a; counts -> 0/1/0",
        // Delays.
        "send a delay 5; send b; counts -> 1/0/1; receive 10 -> b; +5s; receive 10 -> a",
        "set DelaySeconds 7; send a; +6s; receive -> nothing; +1s; receive -> a",
        // Oldest first, also when it comes back.
        "send a; send b; send c; receive 2 -> a b; +30s; receive 10 -> a b c",
        // Changing visibility, also after it ended; letting go.
        "send a; receive -> a; hide a 100 -> ok; +99s; receive -> nothing; +1s; receive -> a",
        "send a; receive -> a; hide a 0 -> ok; receive -> a",
        "send a; receive hide 1 -> a; +2s; hide a 2 -> ok; receive -> nothing; +2s; receive -> a",
        "send a; receive -> a; delete a; hide a 5 -> InvalidParameterValue",
        "send a; receive hide 43200 -> a; +1s; hide a 43200 -> InvalidParameterValue; hide a 43199 -> ok",
        // Long polls: in order of arrival, until their time ends.
        "receive wait 20 -> waits; +5s; send a; answered -> a; +30s; receive -> a",
        "receive wait 20 -> waits; +19s; answered -> waits; +1s; answered -> nothing",
        "send a; receive hide 3 -> a; receive wait 10 -> waits; +3s; answered -> a",
        "send a delay 4; receive wait 10 -> waits; +4s; answered -> a",
        "set ReceiveMessageWaitTimeSeconds 2; receive -> waits; +2s; answered -> nothing",
        // Retention: also what is in flight.
        "send a; +345599s; counts -> 1/0/0; +1s; counts -> 0/0/0",
        "send a; receive hide 43200 -> a; set MessageRetentionPeriod 60; +60s; counts -> 0/0/0",
        "send a; send b; receive -> a; send c delay 9; counts -> 1/1/1; purge; counts -> 0/0/0; +40s; receive -> nothing",
        // Everything is told.
        "send a; receive -> a; +30s; receive -> a; delete a; moved -> sent received available received deleted",
    ] {
        check(script);
    }
}

#[test]
fn dead_letters_leave_at_the_next_reception() {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Dead"}));
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:Dead","maxReceiveCount":"2"}"#;
    bench.ok("CreateQueue", json!({"QueueName": "Orders", "Attributes": {"RedrivePolicy": policy}}));
    for step in [
        "send a",
        "send b",
        "receive hide 1 -> a",
        "+1s",
        "receive hide 1 -> a",
        "+1s",
        "counts -> 2/0/0",
        "receive -> b",
        "counts -> 0/1/0",
        "receive from Dead -> a",
    ] {
        bench.step(step);
    }
    let dead = bench.queues.queue("Dead").unwrap().messages().next().unwrap().clone();
    assert_eq!(dead.receive_count, 3);
    assert_eq!(dead.dead_letter_source_arn.as_deref(), Some("arn:aws:sqs:eu-west-1:123456789012:Orders"));
    let sources = bench.ok("ListDeadLetterSourceQueues", json!({"QueueUrl": ORDERS.replace("Orders", "Dead")}));
    assert_eq!(sources, json!({"queueUrls": [ORDERS]}));
}

#[test]
fn a_long_poll_on_the_dead_letter_queue_gets_the_dead_letter() {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Dead"}));
    let policy = json!({"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:Dead", "maxReceiveCount": 1});
    bench.ok("CreateQueue", json!({"QueueName": "Orders", "Attributes": {"RedrivePolicy": policy.to_string()}}));
    for step in
        ["send a", "receive hide 0 -> a", "receive wait 9 from Dead -> waits", "receive -> nothing", "answered -> a"]
    {
        bench.step(step);
    }
}

#[test]
fn wrong_calls_get_the_texts_of_aws() {
    let check = |action: &str, params: Value, code: &str, message: &str| {
        let mut bench = Bench::new();
        bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
        let params = if params.get("QueueName").is_some() || params.get("QueueUrl").is_some() {
            params
        } else {
            params.with("QueueUrl", json!(ORDERS))
        };
        let error = bench.call(action, params).expect("an answer").expect_err(message);
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    };
    let name = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    check("CreateQueue", json!({"QueueName": "a b"}), "InvalidParameterValue", name);
    check("CreateQueue", json!({"QueueName": ""}), "InvalidParameterValue", name);
    check("CreateQueue", json!({"QueueName": "orders.fifo"}), "InvalidParameterValue", name);
    check("CreateQueue", json!({"QueueName": "x".repeat(81)}), "InvalidParameterValue", name);
    check(
        "CreateQueue",
        json!({"QueueName": "Orders", "Attributes": {"DelaySeconds": "1"}}),
        "QueueAlreadyExists",
        "A queue already exists with the same name and a different value for attribute DelaySeconds",
    );
    let set = |attribute: &str, value: &str| json!({"Attributes": Value::object([(attribute, json!(value))])});
    for (attribute, value) in
        [("VisibilityTimeout", "43201"), ("DelaySeconds", "-1"), ("MaximumMessageSize", "1023"), ("Policy", "x")]
    {
        let message = format!("Invalid value for the parameter {attribute}.");
        check("SetQueueAttributes", set(attribute, value), "InvalidAttributeValue", &message);
    }
    check("SetQueueAttributes", set("FifoQueue", "true"), "InvalidAttributeName", "Unknown Attribute FifoQueue.");
    check(
        "SetQueueAttributes",
        set("RedrivePolicy", r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:No","maxReceiveCount":1}"#),
        "InvalidParameterValue",
        r#"Value {"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:No","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist."#,
    );
    check(
        "SendMessage",
        json!({"MessageBody": "a", "DelaySeconds": 901}),
        "InvalidParameterValue",
        "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
    );
    check("SendMessage", json!({}), "MissingParameter", "The request must contain the parameter MessageBody.");
    check(
        "SendMessage",
        json!({"MessageBody": ""}),
        "MissingParameter",
        "The request must contain the parameter MessageBody.",
    );
    check(
        "SendMessage",
        json!({"MessageBody": "x".repeat(1_048_577)}),
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    );
    check(
        "SendMessage",
        json!({"MessageBody": "a", "QueueUrl": "<your queue>"}),
        "InvalidAddress",
        "The address <your queue> is not valid for this endpoint.",
    );
    check(
        "SendMessage",
        json!({"MessageBody": "a", "QueueUrl": ORDERS.replace("Orders", "Other")}),
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
    );
    check(
        "SendMessageBatch",
        json!({"Entries": []}),
        "AWS.SimpleQueueService.EmptyBatchRequest",
        "There should be at least one SendMessageBatchRequestEntry in the request.",
    );
    check(
        "SendMessageBatch",
        json!({"Entries": [{"Id": "1", "MessageBody": "a"}, {"Id": "1", "MessageBody": "a"}]}),
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        "Id 1 repeated.",
    );
    check(
        "ReceiveMessage",
        json!({"MaxNumberOfMessages": 11}),
        "InvalidParameterValue",
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    );
    check(
        "ReceiveMessage",
        json!({"WaitTimeSeconds": 21}),
        "InvalidParameterValue",
        "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    );
    check("ReceiveMessage", json!({"AttributeNames": ["Size"]}), "InvalidAttributeName", "Unknown Attribute Size.");
    check(
        "DeleteMessage",
        json!({"ReceiptHandle": "x"}),
        "ReceiptHandleIsInvalid",
        "The input receipt handle \"x\" is not a valid receipt handle.",
    );
}

#[test]
fn names_and_purges_rest_for_a_minute() {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
    bench.ok("PurgeQueue", json!({"QueueUrl": ORDERS}));
    let error = bench.call("PurgeQueue", json!({"QueueUrl": ORDERS})).unwrap().unwrap_err();
    assert_eq!(error.message, "Only one PurgeQueue operation on Orders is allowed every 60 seconds.");
    bench.ok("DeleteQueue", json!({"QueueUrl": ORDERS}));
    let error = bench.call("CreateQueue", json!({"QueueName": "Orders"})).unwrap().unwrap_err();
    assert_eq!(error.code, "AWS.SimpleQueueService.QueueDeletedRecently");
    bench.pass(Duration::from_secs(60));
    bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
}

#[test]
fn lists_come_in_pages() {
    let mut bench = Bench::new();
    assert_eq!(bench.ok("ListQueues", json!({})), json!({}));
    for name in ["a1", "a2", "a3", "b1"] {
        bench.ok("CreateQueue", json!({"QueueName": name}));
    }
    let first = bench.ok("ListQueues", json!({"QueueNamePrefix": "a", "MaxResults": 2}));
    assert_eq!(first["QueueUrls"].as_array().map(<[Value]>::len), Some(2));
    let next = json!({"QueueNamePrefix": "a", "MaxResults": 2, "NextToken": first["NextToken"].clone()});
    let second = bench.ok("ListQueues", next);
    assert_eq!(second, json!({"QueueUrls": [ORDERS.replace("Orders", "a3")]}));
}

#[test]
fn a_hundred_thousand_messages_pass_through_one_queue() {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
    for number in 0..100_000 {
        bench.ok("SendMessage", json!({"QueueUrl": ORDERS, "MessageBody": format!("order {number}")}));
    }
    let mut deleted = 0;
    loop {
        let answer = bench.ok("ReceiveMessage", json!({"QueueUrl": ORDERS, "MaxNumberOfMessages": 10}));
        let Some(messages) = answer["Messages"].as_array() else { break };
        let entry =
            |(id, m): (usize, &Value)| json!({"Id": id.to_string(), "ReceiptHandle": m["ReceiptHandle"].clone()});
        let entries: Vec<Value> = messages.iter().enumerate().map(entry).collect();
        deleted += entries.len();
        bench.ok("DeleteMessageBatch", json!({"QueueUrl": ORDERS, "Entries": Value::array(entries)}));
    }
    assert_eq!(deleted, 100_000);
    assert_eq!(bench.queues.next_wakeup(), None);
}

#[test]
fn a_waiting_poll_finds_a_message_after_the_pickup_time() {
    let start = Timestamp::from_millis(1_700_000_000_000);
    let mut queues = Queues::new(QueuesOptions {
        account_id: "123456789012".into(),
        region: "us-east-1".into(),
        seed: 3,
        limits: SqsLimits::aws_2026(),
        poll_pickup: Duration::from_millis(80),
    });
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/mail";
    let call = |queues: &mut Queues, id: u64, at: u64, action: &str, params| {
        let input = Input::Call { call: id, action, params: &params, principal: &"root".into() };
        queues.handle(start + Duration::from_millis(at), input);
    };
    call(&mut queues, 1, 0, "CreateQueue", json!({"QueueName": "mail"}));
    call(&mut queues, 2, 0, "ReceiveMessage", json!({"QueueUrl": url, "WaitTimeSeconds": 20}));
    call(&mut queues, 3, 1_000, "SendMessage", json!({"QueueUrl": url, "MessageBody": "hello"}));
    let due = start + Duration::from_millis(1_080);
    assert_eq!(queues.queues().next().unwrap().available_count(), 1, "it can be seen before it is received");
    assert_eq!(queues.next_wakeup(), Some(due));
    queues.handle_wakeup(due);
    assert_eq!(queues.queues().next().unwrap().in_flight_count(), 1);
}
