//! A clock, a host and a queue, just enough to drive the machine.
#![allow(dead_code)]

use std::collections::{BTreeMap, VecDeque};

use aws_protocol::AwsError;
use aws_protocol::handler::{AwsCall, Command, HandlerError, LogLine, Turn, TurnState};
use lambda_sim::{
    CallFacts, Effect, Functions, FunctionsOptions, Input, LambdaLatencies, LambdaLimits, LambdaTrace, Origin,
};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

pub const ROLE: &str = "arn:aws:iam::123456789012:role/worker";
pub const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:Parcels";
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub fn options() -> FunctionsOptions {
    FunctionsOptions {
        account_id: "123456789012".to_owned(),
        region: "eu-west-1".to_owned(),
        seed: 7,
        limits: LambdaLimits::default(),
        latencies: LambdaLatencies::default(),
    }
}

pub fn facts() -> CallFacts {
    CallFacts {
        role_trusts_lambda: Some(true),
        missing_permission: None,
        queue_exists: Some(true),
        queue_visibility_seconds: Some(30),
        ..CallFacts::default()
    }
}

/// Plays a handler: the turn for each command.
pub type Host = Box<dyn FnMut(&Command) -> Turn>;

pub fn turn(micros: u64, state: TurnState) -> Turn {
    Turn { micros, logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state }
}

pub fn done(micros: u64, result: &str) -> Turn {
    turn(micros, TurnState::Done { result: result.to_owned() })
}

pub fn failed(error_type: &str, exited: bool) -> Turn {
    let error = HandlerError {
        error_type: error_type.to_owned(),
        error_message: "boom".to_owned(),
        trace: vec!["at x".to_owned()],
    };
    turn(1_500, TurnState::Failed { error, exited })
}

pub fn waiting(next_timer: Option<Timestamp>) -> Turn {
    turn(10, TurnState::Waiting { next_timer })
}

pub fn log(at: u64, text: &str) -> LogLine {
    LogLine { at, level: "INFO".to_owned(), text: text.to_owned() }
}

pub fn aws_call(call: u64, action: &str) -> AwsCall {
    AwsCall { call, at: 5, action: action.to_owned(), params: "{}".to_owned() }
}

/// A host whose code loads, and whose handler answers every invocation with `turn`.
pub fn host(mut invoked: impl FnMut(&Command) -> Turn + 'static) -> Host {
    Box::new(move |command| match command {
        Command::Init { .. } => turn(20_000, TurnState::Idle),
        command => invoked(command),
    })
}

/// One message of the fake queue.
#[derive(Clone, Debug)]
struct Message {
    id: String,
    body: String,
    group: Option<String>,
    visible_at: Timestamp,
    receives: u64,
}

pub struct World {
    pub functions: Functions,
    pub now: Timestamp,
    pub host: Host,
    /// What every AWS call of a handler is answered, after 5 ms.
    pub answer: Result<Value, AwsError>,
    /// Set: every poll is refused so.
    pub poll_error: Option<AwsError>,
    pub answers: BTreeMap<u64, Result<Value, AwsError>>,
    pub requests: Vec<(Timestamp, String, Value, Origin)>,
    pub cancelled: usize,
    pub traces: Vec<LambdaTrace>,
    messages: Vec<Message>,
    /// The queue's visibility timeout, when a poll sets none.
    pub visibility_seconds: u64,
    polls: VecDeque<(u64, Timestamp, usize, u64)>,
    pending: Vec<(Timestamp, u64, Result<Value, AwsError>)>,
    next_call: u64,
}

const LATENCY: Duration = Duration::from_millis(5);

impl World {
    pub fn new(host: Host) -> World {
        World::with(options(), host)
    }

    pub fn with(options: FunctionsOptions, host: Host) -> World {
        World {
            functions: Functions::new(options),
            now: START,
            host,
            answer: Ok(json!({})),
            poll_error: None,
            answers: BTreeMap::new(),
            requests: Vec::new(),
            cancelled: 0,
            traces: Vec::new(),
            messages: Vec::new(),
            visibility_seconds: 30,
            polls: VecDeque::new(),
            pending: Vec::new(),
            next_call: 0,
        }
    }

    pub fn call_with(&mut self, action: &str, params: Value, facts: CallFacts) -> u64 {
        self.next_call += 1;
        let call = self.next_call;
        self.functions.handle(self.now, Input::Call { call, action: action.to_owned(), params, facts });
        self.settle();
        call
    }

    /// Calls an action that answers at once.
    pub fn call(&mut self, action: &str, params: Value) -> Result<Value, AwsError> {
        let call = self.call_with(action, params, facts());
        self.answers.remove(&call).expect("an answer at once")
    }

    pub fn create(&mut self, extra: Value) -> Result<Value, AwsError> {
        let mut params = json!({"FunctionName": "pack", "Runtime": "nodejs22.x", "Role": ROLE,
            "Code": {"SourceText": "exports.handler = async () => 1", "FileName": "index.js"}});
        for (name, value) in extra.as_object().into_iter().flatten() {
            params = params.with(name, value.clone());
        }
        self.call("CreateFunction", params)
    }

    /// A function and a mapping that is enabled; answers the mapping's UUID.
    pub fn create_mapped(&mut self, extra: Value) -> String {
        self.create(json!({})).unwrap();
        let mut params = json!({"FunctionName": "pack", "EventSourceArn": QUEUE});
        for (name, value) in extra.as_object().into_iter().flatten() {
            params = params.with(name, value.clone());
        }
        let uuid = self.call("CreateEventSourceMapping", params).unwrap()["UUID"].as_str().unwrap().to_owned();
        self.run(6.0);
        uuid
    }

    pub fn send(&mut self, ids: &[&str]) {
        for id in ids {
            self.put(id, "{}", None);
        }
        self.serve_polls();
        self.settle();
    }

    fn put(&mut self, id: &str, body: &str, group: Option<&str>) {
        let (id, body, group) = (id.to_owned(), body.to_owned(), group.map(str::to_owned));
        self.messages.push(Message { id, body, group, visible_at: self.now, receives: 0 });
    }

    /// Sends messages with these bodies.
    pub fn send_bodies(&mut self, messages: &[(&str, &str)]) {
        for (id, body) in messages {
            self.put(id, body, None);
        }
        self.serve_polls();
        self.settle();
    }

    /// Sends messages of a FIFO queue with their groups.
    pub fn send_grouped(&mut self, messages: &[(&str, &str)]) {
        for (id, group) in messages {
            self.put(id, "{}", Some(group));
        }
        self.serve_polls();
        self.settle();
    }

    pub fn messages_left(&self) -> Vec<&str> {
        self.messages.iter().map(|message| message.id.as_str()).collect()
    }

    /// Lets so many seconds pass.
    pub fn run(&mut self, seconds: f64) {
        let end = self.now + Duration::from_micros((seconds * 1e6) as u64);
        for _ in 0..100_000 {
            let queue =
                self.messages.iter().map(|m| m.visible_at).filter(|at| *at > self.now && !self.polls.is_empty());
            let polls = self.polls.iter().map(|(_, until, ..)| *until);
            let pending = self.pending.iter().map(|(at, ..)| *at);
            let next = queue.chain(polls).chain(pending).chain(self.functions.next_wakeup()).min();
            let Some(next) = next.filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(next);
            self.functions.handle_wakeup(self.now);
            self.settle();
            self.serve_polls();
            let due: Vec<_> = self.pending.extract_if(.., |(at, ..)| *at <= self.now).collect();
            for (_, request, result) in due {
                self.functions.handle(self.now, Input::AwsAnswer { request, result });
                self.settle();
            }
        }
        panic!("too many events");
    }

    fn serve_polls(&mut self) {
        let mut polls = std::mem::take(&mut self.polls);
        polls.retain(|(request, until, most, visibility)| {
            let mut taken = Vec::new();
            // A group of a FIFO queue is blocked while one of its messages is in flight.
            let flying = |m: &&Message| m.visible_at > self.now && m.receives > 0;
            let blocked: Vec<Option<String>> = self.messages.iter().filter(flying).map(|m| m.group.clone()).collect();
            let free =
                |m: &&mut Message| m.visible_at <= self.now && (m.group.is_none() || !blocked.contains(&m.group));
            for message in self.messages.iter_mut().filter(free).take(*most) {
                message.visible_at = self.now + Duration::from_secs(*visibility);
                message.receives += 1;
                let mut attributes = json!({"ApproximateReceiveCount": message.receives.to_string()});
                if let Some(group) = &message.group {
                    attributes = attributes.with("MessageGroupId", Value::string(group));
                }
                let handle = format!("{}#{}", message.id, message.receives);
                taken.push(
                    json!({"MessageId": &message.id, "ReceiptHandle": handle,
                    "Body": &message.body, "MD5OfBody": "x"})
                    .with("Attributes", attributes),
                );
            }
            let over = !taken.is_empty() || *until <= self.now;
            if over {
                let answer =
                    if taken.is_empty() { json!({}) } else { Value::object([("Messages", Value::array(taken))]) };
                self.pending.push((self.now, *request, Ok(answer)));
            }
            !over
        });
        self.polls = polls;
    }

    fn settle(&mut self) {
        while let Some(effect) = self.functions.poll_effect() {
            match effect {
                Effect::Answer { call, result } => {
                    assert!(self.answers.insert(call, result).is_none(), "call {call} answered twice");
                }
                Effect::HostCommand { environment, sequence, command } => {
                    let commands = self.functions.environment_commands(environment);
                    assert_eq!(commands.len() as u64, sequence);
                    assert_eq!(commands.last(), Some(&command));
                    let turn = (self.host)(&command);
                    self.functions.handle(self.now, Input::HostAnswer { environment, turn });
                }
                Effect::AwsRequest { request, role_arn, session_name, action, params, origin } => {
                    assert_eq!((&*role_arn, &*session_name), (ROLE, "pack"));
                    self.requests.push((self.now, action.clone(), params.clone(), origin));
                    let later = self.now + LATENCY;
                    match (action.as_str(), &self.poll_error) {
                        ("sqs:ReceiveMessage", Some(error)) => self.pending.push((later, request, Err(error.clone()))),
                        ("sqs:ReceiveMessage", None) => {
                            let wait = params["WaitTimeSeconds"].as_i64().unwrap() as u64;
                            let most = params["MaxNumberOfMessages"].as_i64().unwrap() as usize;
                            let visibility = params["VisibilityTimeout"].as_i64().map(|seconds| seconds as u64);
                            let visibility = visibility.unwrap_or(self.visibility_seconds);
                            self.polls.push_back((request, self.now + Duration::from_secs(wait), most, visibility));
                            self.serve_polls();
                        }
                        ("sqs:DeleteMessageBatch", _) => {
                            for entry in params["Entries"].as_array().unwrap() {
                                let handle = entry["ReceiptHandle"].as_str().unwrap();
                                self.messages.retain(|m| format!("{}#{}", m.id, m.receives) != handle);
                            }
                            self.pending.push((later, request, Ok(json!({}))));
                        }
                        _ => self.pending.push((later, request, self.answer.clone())),
                    }
                }
                Effect::CancelAwsRequest { request } => {
                    self.cancelled += 1;
                    self.polls.retain(|(poll, ..)| *poll != request);
                    self.pending.retain(|(_, pending, _)| *pending != request);
                }
                Effect::Trace(trace) => self.traces.push(trace),
            }
        }
    }

    /// Invokes and runs until the answer is there; answers it with the milliseconds that it took.
    pub fn invoke(&mut self, extra: Value) -> (Value, f64) {
        let mut params = json!({"FunctionName": "pack", "Payload": r#"{"n":1}"#});
        for (name, value) in extra.as_object().into_iter().flatten() {
            params = params.with(name, value.clone());
        }
        let before = self.now;
        let call = self.call_with("Invoke", params, facts());
        for _ in 0..10_000 {
            if let Some(answer) = self.answers.remove(&call) {
                let millis = self.now.since(before).micros() as f64 / 1_000.0;
                return (answer.expect("an answer"), millis);
            }
            let pending = self.pending.iter().map(|(at, ..)| *at);
            let next = pending.chain(self.functions.next_wakeup()).min().expect("something left to do");
            self.run(next.since(self.now).micros() as f64 / 1e6);
        }
        panic!("no answer");
    }

    pub fn log(&self) -> Vec<String> {
        self.functions.logs("pack").map(|event| event.line.to_string()).collect()
    }
}
