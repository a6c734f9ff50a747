//! Plays the rule that answers an invocation instead of the function's code.
//!
//! A mocked invocation has an environment of its own kind, so that a function may be mocked for some events and run its
//! code for others. Everything around the handler is Lambda's own: cold starts, the timeout, the log, the role.

use std::rc::Rc;

use aws_protocol::handler::{AwsCall, Command, HandlerError, KillReason, LogLine, Turn, TurnState};
use mock_rules::{Answer, Callback, Rule, Rules, Thrown, tokens};
use shared_json::{Value, json};
use virtual_time::Duration;

use crate::machine::Functions;

/// What a mocked environment remembers of its callbacks.
#[derive(Clone, Debug, Default)]
pub(crate) struct MockMemory {
    /// A call was taken.
    pub taken: bool,
    pub refused: Option<HandlerError>,
}

/// Even a rule without latency takes a moment.
const LEAST: Duration = Duration::from_millis(1);

impl Functions {
    /// Rules for the functions; what was counted for older ones is forgotten.
    pub fn set_mock_rules(&mut self, rules: Rc<Rules>) {
        self.mock_rules = rules;
        self.mock_counts.clear();
    }

    /// The rule that answers this event.
    pub(crate) fn mock_for(&mut self, function: &str, event: &str) -> Option<Rc<Rule>> {
        if self.mock_rules.is_empty() {
            return None;
        }
        let event = Value::parse(event).unwrap_or_default();
        self.mock_rules.for_function(function, &event, &mut self.mock_counts).map(|rule| Rc::new(rule.clone()))
    }

    /// The turn of a mocked environment.
    pub(crate) fn mocked_turn(&mut self, id: u64, command: &Command) -> Turn {
        match command {
            Command::Init { .. } => turn(LEAST, TurnState::Idle),
            Command::Invoke { event, .. } => self.begin_mocked(id, event),
            Command::Resume { answers, .. } => {
                let Some(environment) = self.environments.get_mut(&id) else { return turn(LEAST, TurnState::Idle) };
                for answer in answers {
                    match &answer.outcome {
                        Ok(_) => environment.mock.taken = true,
                        Err(error) => {
                            let refused = failure(&error.code, &error.message);
                            environment.mock.refused.get_or_insert(refused);
                        }
                    }
                }
                if !environment.calls.is_empty() {
                    return turn(Duration::ZERO, TurnState::Waiting { next_timer: None });
                }
                let memory = std::mem::take(&mut environment.mock);
                match memory.refused.filter(|_| !memory.taken) {
                    Some(error) => turn(LEAST, TurnState::Failed { error, exited: false }),
                    None => turn(LEAST, TurnState::Done { result: "null".to_owned() }),
                }
            }
        }
    }

    fn begin_mocked(&mut self, id: u64, event: &str) -> Turn {
        let rule = self.environments.get(&id).and_then(|environment| {
            self.invocations.get(&environment.invocation?).and_then(|invocation| invocation.mock.clone())
        });
        let Some(rule) = rule else { return turn(LEAST, TurnState::Done { result: "null".to_owned() }) };
        if let Some(environment) = self.environments.get_mut(&id) {
            environment.mock = MockMemory::default();
        }
        let latency = rule.latency.max(LEAST);
        let played = match &rule.answer {
            Answer::Return(value) => turn(latency, TurnState::Done { result: value.to_string() }),
            Answer::Throw(Thrown { error, cause }) => {
                turn(latency, TurnState::Failed { error: failure(error, cause), exited: false })
            }
            Answer::TimeOut => turn(latency, TurnState::TimedOut),
            Answer::Crash => turn(latency, TurnState::Killed { reason: KillReason::Crashed }),
            Answer::Callback(callback) => call_back(callback, latency, event),
        };
        let text = match &rule.name {
            Some(name) => format!("Answered by the mock rule \u{201c}{name}\u{201d}: {}", rule.summary()),
            None => format!("Answered by a mock rule: {}", rule.summary()),
        };
        Turn { logs: vec![LogLine { at: 0, level: "INFO".to_owned(), text }], ..played }
    }
}

fn turn(span: Duration, state: TurnState) -> Turn {
    Turn { micros: span.micros(), logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state }
}

fn failure(error_type: &str, error_message: &str) -> HandlerError {
    HandlerError {
        error_type: error_type.to_owned(),
        error_message: error_message.to_owned(),
        trace: vec![format!("{error_type}: {error_message}")],
    }
}

/// Heartbeats and the outcome for each task token in the event, at their times.
fn call_back(callback: &Callback, latency: Duration, event: &str) -> Turn {
    let tokens = tokens(&Value::parse(event).unwrap_or_default());
    if tokens.is_empty() {
        let why = "The mock rule answers a task token, and the event holds none: no member's name holds \"token\".";
        return turn(latency, TurnState::Failed { error: failure("Stepyard.NoTaskToken", why), exited: false });
    }
    let mut calls = Vec::new();
    let mut at = latency;
    let mut call_all = |at: Duration, action: &str, params: &Value| {
        for token in &tokens {
            let params = params.with("taskToken", Value::string(token)).to_string();
            let call = calls.len() as u64 + 1;
            calls.push(AwsCall { call, at: at.micros(), action: action.to_owned(), params });
        }
    };
    for _ in 0..callback.heartbeats {
        at = at + callback.every;
        call_all(at, "states:SendTaskHeartbeat", &json!({}));
    }
    let (action, params) = match &callback.outcome {
        Ok(output) => ("states:SendTaskSuccess", json!({"output": output.to_string()})),
        Err(Thrown { error, cause }) => ("states:SendTaskFailure", json!({"error": error, "cause": cause})),
    };
    for _ in 0..callback.times {
        at = at + LEAST;
        call_all(at, action, &params);
    }
    let state = if calls.is_empty() {
        TurnState::Done { result: "null".to_owned() }
    } else {
        TurnState::Waiting { next_timer: None }
    };
    Turn { calls, ..turn(at + LEAST, state) }
}
