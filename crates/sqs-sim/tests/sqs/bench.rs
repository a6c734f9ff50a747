//! Small scripts on the virtual clock. Each line is one step:
//!
//! - `send a`, `send a delay 5`, `send a in g1`, `send a in g1 as d1`: SendMessage with that body, to a message
//!   group, under a deduplication id
//! - `receive`, `receive 3`, `receive hide 10`, `receive wait 20`, `receive attempt x`: what comes back follows `->`
//!   (`nothing`, or bodies); a long poll answers `waits`, and its answer is read by `answered ->`
//! - `delete a`, `hide a 10`, `purge`: by the latest handle seen for that body; answers `ok` or the error's code
//! - `+29s`: time passes
//! - `counts -> available/in flight/delayed`
//! - `moved ->`: the kinds of movement since the last look

use std::collections::BTreeMap;

use shared_json::{Value, json};
use sqs_sim::{Effect, Input, MovementKind, Queues, QueuesOptions, SqsLimits};
use virtual_time::{Duration, Timestamp};

pub const ORDERS: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/Orders";

pub struct Bench {
    pub queues: Queues,
    /// The URL of the queue that a script speaks of.
    url: &'static str,
    now: Timestamp,
    calls: u64,
    handles: BTreeMap<String, String>,
    answers: Vec<(u64, Result<Value, aws_protocol::AwsError>)>,
    moves: Vec<String>,
}

impl Bench {
    /// With the queue "Orders.fifo" of these attributes, and "Dead.fifo".
    pub fn fifo(attributes: &Value) -> Self {
        let mut bench = Bench { url: "https://sqs.eu-west-1.amazonaws.com/123456789012/Orders.fifo", ..Bench::new() };
        bench.ok("CreateQueue", json!({"QueueName": "Dead.fifo", "Attributes": {"FifoQueue": "true"}}));
        let attributes = attributes.clone().with("FifoQueue", json!("true"));
        bench.ok("CreateQueue", json!({"QueueName": "Orders.fifo", "Attributes": attributes}));
        bench
    }

    pub fn new() -> Self {
        let queues = Queues::new(QueuesOptions {
            account_id: "123456789012".into(),
            region: "eu-west-1".into(),
            seed: 7,
            limits: SqsLimits::aws_2026(),
            poll_pickup: Duration::ZERO,
        });
        let now = Timestamp::from_millis(1_700_000_000_000);
        Bench { queues, url: ORDERS, now, calls: 0, handles: BTreeMap::new(), answers: Vec::new(), moves: Vec::new() }
    }

    pub fn call(&mut self, action: &str, params: Value) -> Option<Result<Value, aws_protocol::AwsError>> {
        self.calls += 1;
        let call = self.calls;
        let principal = "AIDAEXAMPLE".into();
        self.queues.handle(self.now, Input::Call { call, action, params: &params, principal: &principal });
        self.collect();
        let index = self.answers.iter().position(|(answered, _)| *answered == call)?;
        Some(self.answers.remove(index).1)
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn ok(&mut self, action: &str, params: Value) -> Value {
        self.call(action, params).expect("an answer at once").expect(action)
    }

    pub fn collect(&mut self) {
        while let Some(effect) = self.queues.poll_effect() {
            match effect {
                Effect::Answer { call, result } => self.answers.push((call, result)),
                Effect::Moved(movement) => self.moves.push(kind_name(&movement.kind).to_owned()),
            }
        }
    }

    pub fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(at) = self.queues.next_wakeup().filter(|at| *at <= end) {
            self.queues.handle_wakeup(at);
        }
        self.now = end;
        self.collect();
    }

    pub fn bodies(&mut self, answer: &Value) -> String {
        let messages = answer["Messages"].as_array().unwrap_or_default();
        let mut bodies = Vec::new();
        for message in messages {
            let body = message.get_str("Body").unwrap_or_default();
            self.handles.insert(body.into(), message.get_str("ReceiptHandle").unwrap_or_default().into());
            bodies.push(body);
        }
        if bodies.is_empty() { "nothing".into() } else { bodies.join(" ") }
    }

    /// `ok`, or the code with which a call is refused.
    fn outcome(&mut self, action: &str, params: Value) -> String {
        match self.call(action, params).expect("an answer at once") {
            Ok(_) => "ok".into(),
            Err(error) => error.code,
        }
    }

    pub fn run(&mut self, script: &str) {
        for line in script.split([';', '\n']).map(str::trim).filter(|line| !line.is_empty()) {
            self.step(line);
        }
    }

    pub fn step(&mut self, line: &str) {
        let (command, expected) = line.split_once("->").map_or((line, None), |(c, e)| (c, Some(e.trim())));
        let words: Vec<&str> = command.split_whitespace().collect();
        let seconds = |text: &str| text.parse::<i64>().expect("seconds");
        let got = match words.as_slice() {
            ["send", body, rest @ ..] => {
                let mut params = json!({"QueueUrl": self.url, "MessageBody": *body});
                for pair in rest.chunks(2) {
                    params = match pair {
                        ["delay", delay] => params.with("DelaySeconds", json!(seconds(delay))),
                        ["in", group] => params.with("MessageGroupId", json!(*group)),
                        ["as", id] => params.with("MessageDeduplicationId", json!(*id)),
                        _ => panic!("no such way to send: {line}"),
                    };
                }
                Some(self.outcome("SendMessage", params))
            }
            ["receive", rest @ ..] => {
                let mut params = json!({"QueueUrl": self.url});
                let (most, rest) = match rest {
                    [most, rest @ ..] if most.parse::<u8>().is_ok() => (Some(seconds(most)), rest),
                    rest => (None, rest),
                };
                if let Some(most) = most {
                    params = params.with("MaxNumberOfMessages", json!(most));
                }
                for pair in rest.chunks(2) {
                    params = match pair {
                        ["hide", time] => params.with("VisibilityTimeout", json!(seconds(time))),
                        ["wait", time] => params.with("WaitTimeSeconds", json!(seconds(time))),
                        ["from", queue] => params.with("QueueUrl", json!(self.url.replace("Orders", queue))),
                        ["attempt", id] => params.with("ReceiveRequestAttemptId", json!(*id)),
                        _ => panic!("no such way to receive: {line}"),
                    };
                }
                match self.call("ReceiveMessage", params) {
                    Some(answer) => Some(self.bodies(&answer.expect("received"))),
                    None => Some("waits".into()),
                }
            }
            ["answered"] => match self.answers.pop() {
                Some((_, answer)) => Some(self.bodies(&answer.expect("received"))),
                None => Some("waits".into()),
            },
            ["delete", body] => {
                let handle = self.handles[*body].clone();
                Some(self.outcome("DeleteMessage", json!({"QueueUrl": self.url, "ReceiptHandle": handle})))
            }
            ["hide", body, time] => {
                let handle = self.handles[*body].clone();
                let timeout = seconds(time);
                let params = json!({"QueueUrl": self.url, "ReceiptHandle": handle, "VisibilityTimeout": timeout});
                Some(self.outcome("ChangeMessageVisibility", params))
            }
            ["purge"] => {
                self.ok("PurgeQueue", json!({"QueueUrl": self.url}));
                None
            }
            ["set", attribute, value] => {
                let attributes = Value::object([(*attribute, json!(*value))]);
                self.ok("SetQueueAttributes", json!({"QueueUrl": self.url, "Attributes": attributes}));
                None
            }
            ["counts"] => {
                let queue = self.queues.queue_by_url(self.url).expect("the queue");
                let (available, flying, delayed) =
                    (queue.available_count(), queue.in_flight_count(), queue.delayed_count());
                Some(format!("{available}/{flying}/{delayed}"))
            }
            ["moved"] => Some(std::mem::take(&mut self.moves).join(" ")),
            [time] if time.starts_with('+') => {
                let time = time.trim_start_matches('+').trim_end_matches('s');
                self.pass(Duration::from_secs(time.parse().expect("seconds")));
                None
            }
            _ => panic!("no such step: {line}"),
        };
        if let Some(expected) = expected {
            assert_eq!(got.as_deref(), Some(expected), "at: {line}");
        }
    }
}

fn kind_name(kind: &MovementKind) -> &'static str {
    match kind {
        MovementKind::Sent { .. } => "sent",
        MovementKind::Available => "available",
        MovementKind::Received { .. } => "received",
        MovementKind::VisibilityChanged { .. } => "visibility",
        MovementKind::Deleted => "deleted",
        MovementKind::Expired => "expired",
        MovementKind::Purged => "purged",
        MovementKind::DeadLettered { .. } => "dead-lettered",
        MovementKind::Redriven { .. } => "redriven",
        MovementKind::QueueDeleted => "queue-deleted",
    }
}
