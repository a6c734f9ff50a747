//! Drives one environment as the account would: answers calls, moves the clock to the next timer.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use aws_protocol::AwsError;
use aws_protocol::handler::{AwsCall, CallAnswer, Command, EnvironmentSpec, Turn, TurnState};
use js_runtime::{Environment, RuntimeLimits};
use virtual_time::{Duration, Timestamp};

/// 2023-04-19T08:00:00Z
pub const START: Timestamp = Timestamp::from_millis(1_681_891_200_000);

pub fn spec(file: &str, runtime: &str, code: &str) -> EnvironmentSpec {
    EnvironmentSpec {
        function_name: "waiter".into(),
        function_arn: "arn:aws:lambda:eu-central-1:123456789012:function:waiter".into(),
        region: "eu-central-1".into(),
        runtime: runtime.into(),
        file_name: file.into(),
        code: code.into(),
        handler: "index.handler".into(),
        environment_variables: vec![("STAGE".into(), "test".into())],
        memory_mb: 128,
        seed: 7,
        strict_modules: false,
    }
}

/// An environment with its clock.
pub struct Driver {
    pub environment: Environment,
    pub now: Timestamp,
    pub turns: Vec<Turn>,
    pub timeout: Duration,
}

impl Driver {
    pub fn start(spec: EnvironmentSpec) -> Self {
        let mut driver = Driver {
            environment: Environment::new(RuntimeLimits::default()),
            now: START,
            turns: Vec::new(),
            timeout: Duration::from_secs(3),
        };
        driver.send(Command::Init { environment: Box::new(spec), now: START });
        driver
    }

    pub fn send(&mut self, command: Command) -> TurnState {
        let turn = self.environment.run(&command);
        self.now += Duration::from_micros(turn.micros);
        let state = turn.state.clone();
        self.turns.push(turn);
        state
    }

    /// Invokes and goes on until the end, each call answered by `answer`, each timer fired when due.
    pub fn invoke(&mut self, event: &str, answer: &dyn Fn(&AwsCall) -> Result<String, AwsError>) -> TurnState {
        let deadline = self.now + self.timeout;
        let request_id = "6d1f2c7e-0000-4000-8000-000000000001".to_owned();
        let mut state = self.send(Command::Invoke { request_id, event: event.to_owned(), now: self.now, deadline });
        for _ in 0..200 {
            let TurnState::Waiting { next_timer } = state else { return state };
            let calls = self.turns.last().map(|turn| turn.calls.clone()).unwrap_or_default();
            let answers: Vec<_> =
                calls.iter().map(|call| CallAnswer { call: call.call, outcome: answer(call) }).collect();
            if answers.is_empty() {
                match next_timer {
                    Some(at) => self.now = self.now.max(at),
                    None => return state,
                }
            }
            state = self.send(Command::Resume { now: self.now, answers });
        }
        state
    }

    pub fn logs(&self) -> Vec<String> {
        self.turns.iter().flat_map(|turn| &turn.logs).map(|line| format!("{} {}", line.level, line.text)).collect()
    }

    pub fn calls(&self) -> Vec<String> {
        self.turns.iter().flat_map(|turn| &turn.calls).map(|call| format!("{} {}", call.action, call.params)).collect()
    }

    pub fn notices(&self) -> Vec<String> {
        self.turns.iter().flat_map(|turn| &turn.notices).map(|notice| notice.code.clone()).collect()
    }
}

/// Answers every call with an empty object.
pub fn agree(_: &AwsCall) -> Result<String, AwsError> {
    Ok("{}".to_owned())
}
