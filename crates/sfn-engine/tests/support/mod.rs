//! A little world around one execution: a clock that jumps and a script that answers tasks.

#![allow(dead_code, reason = "each test file uses another part")]

pub mod random;

use std::rc::Rc;

use sfn_engine::{
    ChildInput, Effect, ErrorOutput, Execution, ExecutionStart, Input, Limits, MapRunRequest, TaskRequest,
};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

pub const EPOCH: i64 = 1_750_000_000_000;

/// What becomes of one attempt.
pub enum Answer {
    Succeed(Value),
    Fail(ErrorOutput),
    /// The service takes the request at once; the callback comes after so many seconds.
    Callback(u64, Value),
    Silence,
}

pub fn start(definition: &Value, input: &str) -> ExecutionStart {
    let text = definition.to_string();
    let parsed = asl::parse(&text);
    let definition = parsed.checked.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics));
    ExecutionStart {
        execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:bakery:e1".into(),
        name: "e1".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:bakery".into(),
        state_machine_name: "bakery".into(),
        role_arn: "arn:aws:iam::123456789012:role/baker".into(),
        input_text: input.into(),
        input: Value::parse(input).unwrap_or_default(),
        definition,
        seed: 42,
        transition: Duration::ZERO,
        limits: Limits::default(),
        context: None,
        variables: None,
        item: None,
    }
}

pub struct World {
    pub execution: Execution,
    pub now: Timestamp,
    pub requests: Vec<(u64, TaskRequest)>,
    pub cancelled: Vec<u64>,
    pub map_runs: Vec<MapRunRequest>,
    pub children: Vec<(u64, Vec<ChildInput>)>,
    /// Map Runs that go on after a redrive.
    pub redriven: Vec<u64>,
    pub ended: bool,
}

impl World {
    pub fn new(start: ExecutionStart) -> World {
        let now = Timestamp::from_millis(EPOCH);
        World {
            execution: Execution::new(start),
            now,
            requests: Vec::new(),
            cancelled: Vec::new(),
            map_runs: Vec::new(),
            children: Vec::new(),
            redriven: Vec::new(),
            ended: false,
        }
    }

    pub fn tell(&mut self, input: Input) {
        self.execution.handle(self.now, input);
    }

    /// Runs to the end or until nothing is due any more.
    pub fn run(&mut self, mut answer: impl FnMut(&TaskRequest) -> Answer) {
        let mut callbacks: Vec<(Timestamp, u64, Value)> = Vec::new();
        for _ in 0..100_000 {
            while let Some(effect) = self.execution.poll_effect() {
                match effect {
                    Effect::ScheduleTask(request) => {
                        let task = request.task;
                        self.requests.push((self.seconds(), request.clone()));
                        match answer(&request) {
                            Answer::Succeed(output) => {
                                self.tell(Input::TaskStarted { task });
                                self.tell(Input::TaskSucceeded { task, output });
                            }
                            Answer::Fail(error) => {
                                self.tell(Input::TaskStarted { task });
                                self.tell(Input::TaskFailed { task, error });
                            }
                            Answer::Callback(seconds, output) => {
                                self.tell(Input::TaskStarted { task });
                                self.tell(Input::TaskSubmitted { task, output: Value::from("taken") });
                                callbacks.push((self.now + Duration::from_secs(seconds), task, output));
                            }
                            Answer::Silence => self.tell(Input::TaskStarted { task }),
                        }
                    }
                    Effect::CancelTask { task } => self.cancelled.push(task),
                    Effect::StartMapRun(request) => self.map_runs.push(*request),
                    Effect::StartChildren { task, children } => self.children.push((task, children)),
                    Effect::RedriveMapRun { task } => self.redriven.push(task),
                    Effect::Ended => self.ended = true,
                }
            }
            let callback = callbacks.iter().map(|(at, ..)| *at).min();
            match (self.execution.next_wakeup(), callback) {
                (None, None) => return,
                (wake, Some(at)) if wake.is_none_or(|wake| at < wake) => {
                    self.now = at;
                    let index = callbacks.iter().position(|(due, ..)| *due == at).unwrap();
                    let (_, task, output) = callbacks.remove(index);
                    self.tell(Input::TaskSucceeded { task, output });
                }
                (Some(wake), _) => {
                    self.now = wake;
                    self.execution.handle_wakeup(wake);
                }
                (None, Some(_)) => return,
            }
        }
        panic!("the execution does not come to rest");
    }

    pub fn seconds(&self) -> u64 {
        self.now.since(Timestamp::from_millis(EPOCH)).secs()
    }

    /// One line an event: seconds since the start, id, previous id, type, details.
    pub fn events(&self) -> Vec<String> {
        let first = Timestamp::from_millis(EPOCH);
        self.execution
            .history()
            .iter()
            .map(|event| {
                let value = event.to_value();
                let details = value
                    .as_object()
                    .and_then(|members| members.iter().find(|(key, _)| key.ends_with("Details")))
                    .map(|(_, details)| shown(details))
                    .unwrap_or_default();
                let at = event.timestamp.since(first).as_secs_f64();
                let line = format!("{at} {}<{} {} {details}", event.id, event.previous_event_id, event.event_type());
                line.trim_end().to_owned()
            })
            .collect()
    }
}

/// Details in short: values only, without those that are always the same.
fn shown(details: &Value) -> String {
    let skip = ["inputDetails", "outputDetails", "roleArn", "region", "resourceType"];
    let members = details.as_object().into_iter().flat_map(|members| members.iter());
    let shown: Vec<String> = members
        .filter(|(key, _)| !skip.contains(&&***key))
        .map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect();
    shown.join(" ")
}

#[track_caller]
pub fn check(definition: &Value, input: &str, answer: impl FnMut(&TaskRequest) -> Answer, expected: &[&str]) -> World {
    let world = played(definition, input, answer);
    assert_eq!(world.events(), expected, "\n{}", world.events().join("\n"));
    world
}

/// Like `check`, without the events before the `first` one (they are numbered from 1).
#[track_caller]
pub fn check_from(
    first: usize,
    definition: &Value,
    input: &str,
    answer: impl FnMut(&TaskRequest) -> Answer,
    expected: &[&str],
) -> World {
    let world = played(definition, input, answer);
    assert_eq!(world.events()[first - 1..], *expected, "\n{}", world.events().join("\n"));
    world
}

/// Started, and run until it rests.
#[track_caller]
pub fn played(definition: &Value, input: &str, answer: impl FnMut(&TaskRequest) -> Answer) -> World {
    let mut world = World::new(start(definition, input));
    world.tell(Input::Start);
    world.run(answer);
    world
}

/// The execution ended with this error.
#[track_caller]
pub fn fails(definition: &Value, input: &str, error: &str, cause: &str) -> World {
    let world = played(definition, input, silence);
    let said = (world.execution.error().map(|e| &**e), world.execution.cause().map(|c| &**c));
    assert_eq!(said, (Some(error), Some(cause)));
    world
}

/// The execution ended with this output.
#[track_caller]
pub fn gives(definition: &Value, input: &str, output: Value) -> World {
    let world = played(definition, input, silence);
    assert_eq!(world.execution.output(), Some(output), "{}", world.events().join("\n"));
    world
}

pub fn silence(_: &TaskRequest) -> Answer {
    Answer::Silence
}

/// A Task of a function that gets the state's input.
pub fn function() -> Value {
    json!("arn:aws:lambda:eu-west-1:123456789012:function:knead")
}

/// A machine of one state that ends.
pub fn one(state: Value) -> Value {
    json!({"StartAt": "S", "States": {"S": state.with("End", json!(true))}})
}

pub fn error(name: &str) -> Answer {
    Answer::Fail(ErrorOutput { error: Some(Rc::from(name)), cause: Some(Rc::from("why")) })
}
