//! Random calls against a naive queue that scans a list: both must agree on every reception and count.

use proptest::prelude::*;
use shared_json::{Value, json};
use sqs_sim::{Effect, Input, MessageState, Queues, QueuesOptions, SqsLimits};
use virtual_time::{Duration, Timestamp};

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/Orders";

#[derive(Clone, Debug)]
enum Step {
    Send { delay: u64 },
    Receive { most: usize, hide: u64 },
    Delete { pick: usize },
    Hide { pick: usize, seconds: u64 },
    Pass { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4u64).prop_map(|delay| Step::Send { delay }),
        (1..=10usize, 0..6u64).prop_map(|(most, hide)| Step::Receive { most, hide }),
        any::<usize>().prop_map(|pick| Step::Delete { pick }),
        (any::<usize>(), 0..6u64).prop_map(|(pick, seconds)| Step::Hide { pick, seconds }),
        (0..40u64).prop_map(|seconds| Step::Pass { seconds }),
    ]
}

/// A message of the naive queue: hidden until a moment, gone at another.
struct Naive {
    body: String,
    receptions: u64,
    hidden_until: Timestamp,
    expires_at: Timestamp,
}

/// A receipt handle, for which reception of which message.
struct Receipt {
    handle: String,
    body: String,
    reception: u64,
}

fn run(steps: Vec<Step>) {
    let options = QueuesOptions {
        account_id: "123456789012".into(),
        region: "eu-west-1".into(),
        seed: 1,
        limits: SqsLimits::aws_2023(),
        poll_pickup: Duration::ZERO,
    };
    let mut queues = Queues::new(options);
    let mut calls = 0;
    let mut call = |queues: &mut Queues, now: Timestamp, action: &str, params: Value| {
        calls += 1;
        let input = Input::Call { call: calls, action, params: &params, principal: &"me".into() };
        queues.handle(now, input);
        let mut answer = None;
        while let Some(effect) = queues.poll_effect() {
            if let Effect::Answer { result, .. } = effect {
                answer = Some(result);
            }
        }
        answer.expect("an answer at once")
    };
    let mut now = Timestamp::from_millis(1_000);
    let retention = json!({"MessageRetentionPeriod": "60"});
    call(&mut queues, now, "CreateQueue", json!({"QueueName": "Orders", "Attributes": retention})).unwrap();
    let (mut naive, mut receipts, mut sent): (Vec<Naive>, Vec<Receipt>, u32) = (Vec::new(), Vec::new(), 0);
    for step in steps {
        match step {
            Step::Send { delay } => {
                sent += 1;
                let body = format!("m{sent}");
                let params = json!({"QueueUrl": URL, "MessageBody": body.clone(), "DelaySeconds": delay});
                call(&mut queues, now, "SendMessage", params).unwrap();
                let hidden_until = now + Duration::from_secs(delay);
                naive.push(Naive { body, receptions: 0, hidden_until, expires_at: now + Duration::from_secs(60) });
            }
            Step::Receive { most, hide } => {
                let params = json!({"QueueUrl": URL, "MaxNumberOfMessages": most, "VisibilityTimeout": hide});
                let answer = call(&mut queues, now, "ReceiveMessage", params).unwrap();
                let messages = answer["Messages"].as_array().unwrap_or_default();
                let got: Vec<&str> = messages.iter().filter_map(|m| m.get_str("Body")).collect();
                let visible = naive.iter_mut().filter(|m| m.hidden_until <= now).take(most);
                let mut expected = Vec::new();
                for (message, shown) in visible.zip(messages) {
                    message.receptions += 1;
                    message.hidden_until = now + Duration::from_secs(hide);
                    let handle = shown.get_str("ReceiptHandle").unwrap().to_owned();
                    receipts.push(Receipt { handle, body: message.body.clone(), reception: message.receptions });
                    expected.push(message.body.as_str());
                }
                assert_eq!(got, expected);
            }
            Step::Delete { pick } if !receipts.is_empty() => {
                let receipt = &receipts[pick % receipts.len()];
                let params = json!({"QueueUrl": URL, "ReceiptHandle": receipt.handle.clone()});
                call(&mut queues, now, "DeleteMessage", params).unwrap();
                naive.retain(|m| m.body != receipt.body || m.receptions != receipt.reception);
            }
            Step::Hide { pick, seconds } if !receipts.is_empty() => {
                let receipt = &receipts[pick % receipts.len()];
                let params =
                    json!({"QueueUrl": URL, "ReceiptHandle": receipt.handle.clone(), "VisibilityTimeout": seconds});
                let done = call(&mut queues, now, "ChangeMessageVisibility", params).is_ok();
                let held = |m: &&mut Naive| m.body == receipt.body && m.receptions == receipt.reception;
                let message = naive.iter_mut().find(held);
                assert_eq!(done, message.is_some());
                if let Some(message) = message {
                    message.hidden_until = now + Duration::from_secs(seconds);
                }
            }
            Step::Delete { .. } | Step::Hide { .. } => {}
            Step::Pass { seconds } => {
                now += Duration::from_secs(seconds);
                queues.handle_wakeup(now);
                naive.retain(|m| m.expires_at > now);
            }
        }
        let queue = queues.queue("Orders").unwrap();
        let kept: Vec<&str> = queue.messages().map(|m| &*m.body).collect();
        assert_eq!(kept, naive.iter().map(|m| m.body.as_str()).collect::<Vec<_>>());
        let available = queue.messages().filter(|m| m.state == MessageState::Available).count();
        assert_eq!(available, naive.iter().filter(|m| m.hidden_until <= now).count());
        assert_eq!(available, queue.available_count());
        assert_eq!(kept.len(), queue.available_count() + queue.in_flight_count() + queue.delayed_count());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6_000) })]

    #[test]
    fn no_message_is_lost_or_in_two_places(steps in prop::collection::vec(step(), 1..80)) {
        run(steps);
    }
}
