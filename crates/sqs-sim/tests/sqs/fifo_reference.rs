//! Random calls to a FIFO queue with a dead-letter queue, against a naive list of messages.
//!
//! The list says what must hold whichever group has its turn: of each group the oldest visible messages
//! come, in order and none left out; as many as can come; a deduplication id is accepted exactly once in
//! five minutes; a message is in one place until it is deleted, and received too often, it is a dead letter.

use std::collections::BTreeMap;

use crate::bench::Bench;
use proptest::prelude::*;
use shared_json::json;
use virtual_time::{Duration, Timestamp};

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/Orders.fifo";
const MAX_RECEIVE_COUNT: u64 = 3;

#[derive(Clone, Debug)]
enum Step {
    Send { group: u8, id: u8 },
    Receive { most: usize, hide: u64 },
    Delete { pick: usize },
    Hide { pick: usize, seconds: u64 },
    Pass { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3u8, 0..40u8).prop_map(|(group, id)| Step::Send { group, id }),
        3 => (1..=10usize, 0..6u64).prop_map(|(most, hide)| Step::Receive { most, hide }),
        2 => any::<usize>().prop_map(|pick| Step::Delete { pick }),
        1 => (any::<usize>(), 0..6u64).prop_map(|(pick, seconds)| Step::Hide { pick, seconds }),
        2 => prop_oneof![0..8u64, 250..350u64].prop_map(|seconds| Step::Pass { seconds }),
    ]
}

struct Naive {
    body: String,
    group: String,
    receptions: u64,
    hidden_until: Timestamp,
    /// The handle of the latest reception.
    handle: String,
}

struct Model {
    bench: Bench,
    messages: Vec<Naive>,
    /// When each deduplication id was accepted.
    accepted: BTreeMap<String, Timestamp>,
    handles: Vec<(String, String)>,
    dead: Vec<String>,
    sent: u32,
}

impl Model {
    fn new() -> Self {
        let dead = "arn:aws:sqs:eu-west-1:123456789012:Dead.fifo";
        let policy = json!({"deadLetterTargetArn": dead, "maxReceiveCount": MAX_RECEIVE_COUNT}).to_string();
        let bench = Bench::fifo(&json!({"RedrivePolicy": policy}));
        Model { bench, messages: Vec::new(), accepted: BTreeMap::new(), handles: Vec::new(), dead: Vec::new(), sent: 0 }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Send { group, id } => self.send(format!("g{group}"), format!("d{id}")),
            Step::Receive { most, hide } => self.receive(most, hide),
            Step::Delete { pick } if !self.handles.is_empty() => self.delete(pick),
            Step::Hide { pick, seconds } if !self.handles.is_empty() => self.hide(pick, seconds),
            Step::Delete { .. } | Step::Hide { .. } => {}
            Step::Pass { seconds } => self.bench.pass(Duration::from_secs(seconds)),
        }
        self.compare();
    }

    fn send(&mut self, group: String, id: String) {
        self.sent += 1;
        let (body, now) = (format!("m{}", self.sent), self.bench.now());
        let params = json!({"QueueUrl": URL, "MessageBody": body.as_str(), "MessageGroupId": group.as_str()});
        self.bench.ok("SendMessage", params.with("MessageDeduplicationId", json!(id.as_str())));
        if self.accepted.get(&id).is_some_and(|at| now.since(*at) < Duration::from_secs(300)) {
            return;
        }
        self.accepted.insert(id, now);
        self.messages.push(Naive { body, group, receptions: 0, hidden_until: now, handle: String::new() });
    }

    fn receive(&mut self, most: usize, hide: u64) {
        let now = self.bench.now();
        let params = json!({"QueueUrl": URL, "MaxNumberOfMessages": most, "VisibilityTimeout": hide});
        let answer = self.bench.ok("ReceiveMessage", params);
        self.take_out_dead_letters(now);
        let received = answer["Messages"].as_array().unwrap_or_default();
        let mut offered: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for group in self.messages.iter().map(|m| m.group.clone()) {
            let of_group = self.messages.iter().filter(|m| m.group == group);
            let visible = of_group.take_while(|m| m.hidden_until <= now).map(|m| m.body.clone());
            let visible: Vec<String> = visible.collect();
            offered.insert(group, visible);
        }
        let total: usize = offered.values().map(Vec::len).sum();
        assert_eq!(received.len(), most.min(total), "as many as there are");
        for message in received {
            let (body, handle) = (message.get_str("Body").unwrap(), message.get_str("ReceiptHandle").unwrap());
            let naive = self.messages.iter_mut().find(|m| m.body == body).expect("a message that is there");
            assert_eq!(offered.get_mut(&naive.group).map(|bodies| bodies.remove(0)).as_deref(), Some(body));
            assert!(naive.receptions < MAX_RECEIVE_COUNT);
            naive.receptions += 1;
            naive.hidden_until = now + Duration::from_secs(hide);
            naive.handle = handle.to_owned();
            self.handles.push((naive.body.clone(), naive.handle.clone()));
        }
    }

    /// What the reception moved to the dead-letter queue had been received often enough and was visible.
    fn take_out_dead_letters(&mut self, now: Timestamp) {
        let dead: Vec<String> =
            self.bench.queues.queue("Dead.fifo").unwrap().messages().map(|m| m.body.to_string()).collect();
        for body in &dead[self.dead.len()..] {
            let index = self.messages.iter().position(|m| m.body == *body).expect("from the queue");
            let gone = self.messages.remove(index);
            assert!(gone.receptions >= MAX_RECEIVE_COUNT && gone.hidden_until <= now);
        }
        self.dead = dead;
    }

    fn held(&self, pick: usize) -> (String, Option<usize>, bool) {
        let (body, handle) = &self.handles[pick % self.handles.len()];
        let now = self.bench.now();
        let index = self.messages.iter().position(|m| m.body == *body);
        let holds = index.is_some_and(|i| self.messages[i].handle == *handle && self.messages[i].hidden_until > now);
        (handle.clone(), index, holds)
    }

    fn delete(&mut self, pick: usize) {
        let (handle, index, holds) = self.held(pick);
        let params = json!({"QueueUrl": URL, "ReceiptHandle": handle});
        let done = self.bench.call("DeleteMessage", params).unwrap().is_ok();
        assert_eq!(done, holds || index.is_none());
        if let Some(index) = index.filter(|_| holds) {
            self.messages.remove(index);
        }
    }

    fn hide(&mut self, pick: usize, seconds: u64) {
        let (handle, index, holds) = self.held(pick);
        let params = json!({"QueueUrl": URL, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        let done = self.bench.call("ChangeMessageVisibility", params).unwrap().is_ok();
        assert_eq!(done, holds);
        if let Some(index) = index.filter(|_| holds) {
            self.messages[index].hidden_until = self.bench.now() + Duration::from_secs(seconds);
        }
    }

    fn compare(&self) {
        let queue = self.bench.queues.queue("Orders.fifo").unwrap();
        let kept: Vec<&str> = queue.messages().map(|m| &*m.body).collect();
        assert_eq!(kept, self.messages.iter().map(|m| m.body.as_str()).collect::<Vec<_>>());
        let visible = self.messages.iter().filter(|m| m.hidden_until <= self.bench.now()).count();
        assert_eq!((queue.available_count(), queue.in_flight_count()), (visible, kept.len() - visible));
        for group in self.messages.iter().map(|m| m.group.as_str()) {
            let head = self.messages.iter().find(|m| m.group == group).unwrap();
            assert_eq!(queue.is_group_blocked(group), head.hidden_until > self.bench.now());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn groups_keep_their_order_and_ids_are_accepted_once(steps in prop::collection::vec(step(), 1..60)) {
        let mut model = Model::new();
        for step in steps {
            model.take(step);
        }
    }
}

/// The model is no yes-man: a value that the queue would not give is not accepted.
#[test]
#[should_panic(expected = "as many as there are")]
fn the_model_notices_a_missing_message() {
    let mut model = Model::new();
    model.send("g".into(), "d".into());
    let now = model.bench.now();
    let (body, group) = ("not in the queue".into(), "h".into());
    model.messages.push(Naive { body, group, receptions: 0, hidden_until: now, handle: String::new() });
    model.receive(10, 5);
}
