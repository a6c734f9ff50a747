//! Playing what answers a task instead of its service: a test case of the mock configuration, or a rule.

use std::rc::Rc;

use mock_rules::{Answer, Callback, Thrown};
use sfn_engine::{ErrorOutput, Input, TaskId, TaskRequest};
use shared_json::{Value, json};

use crate::Account;
use crate::agenda::Item;
use crate::mocks::Mocked;

/// What a rule does later.
#[derive(Clone, Debug)]
pub(crate) enum MockStep {
    /// The whole of the task's work.
    Answer(Mocked),
    Heartbeat,
    /// An answer to the task's token, once or more.
    Callback {
        outcome: Rc<Result<Value, Thrown>>,
        times: u32,
    },
}

fn thrown(thrown: &Thrown) -> ErrorOutput {
    ErrorOutput::new(&thrown.error, &thrown.cause)
}

impl Account {
    /// Whether the task is answered by a mock, now or later.
    pub(super) fn perform_mocked(&mut self, execution: usize, open: &TaskRequest) -> bool {
        let Some(record) = self.states.executions().get(execution) else { return false };
        let arn = record.arn.clone();
        if let Some(mocked) = self.mocks.response(&arn, open) {
            self.answer_mocked(execution, open, mocked);
            return true;
        }
        let machine = record.state_machine_arn.rsplit(':').next().unwrap_or_default();
        let retry = open.attempt.saturating_sub(1);
        let rules = self.mocks.rules().clone();
        let Some(rule) = rules.for_state(machine, &open.state_name, &open.parameters, retry) else { return false };
        let later = |step| Item::PerformMock { execution, task: open.task, state_name: open.state_name.clone(), step };
        let at = self.now + rule.latency;
        match &rule.answer {
            Answer::Return(output) => self.agenda.add(at, later(MockStep::Answer(Mocked::Return(output.clone())))),
            Answer::Throw(error) => self.agenda.add(at, later(MockStep::Answer(Mocked::Throw(thrown(error))))),
            Answer::TimeOut | Answer::Crash => {
                if open.timeout_seconds.is_some() || open.heartbeat_seconds.is_some() {
                    self.submit(execution, open);
                } else {
                    // Nothing would ever end it.
                    let error = ErrorOutput { error: Some("States.Timeout".into()), cause: None };
                    self.agenda.add(at, later(MockStep::Answer(Mocked::Throw(error))));
                }
            }
            Answer::Callback(callback) => self.begin_callback(execution, open, callback, at),
        }
        true
    }

    fn begin_callback(
        &mut self,
        execution: usize,
        open: &TaskRequest,
        callback: &Callback,
        mut at: virtual_time::Timestamp,
    ) {
        if open.task_token.is_none() {
            let cause = format!(
                "The mock rule of the state '{}' answers a task token, but the task has none: its resource does not end \
                 with .waitForTaskToken.",
                open.state_name
            );
            self.states.fail_task(execution, open.task, self.now, ErrorOutput::new("States.Runtime", cause));
            return;
        }
        self.submit(execution, open);
        let item = |step| Item::PerformMock { execution, task: open.task, state_name: open.state_name.clone(), step };
        for _ in 0..callback.heartbeats {
            at += callback.every;
            self.agenda.add(at, item(MockStep::Heartbeat));
        }
        if callback.times > 0 {
            let step = MockStep::Callback { outcome: Rc::new(callback.outcome.clone()), times: callback.times };
            self.agenda.add(at, item(step));
        }
    }

    /// The service has taken the work over.
    fn submit(&mut self, execution: usize, open: &TaskRequest) {
        if !matches!(open.resource.pattern, asl::Pattern::RequestResponse) {
            let output = json!({});
            self.states.handle(execution, self.now, Input::TaskSubmitted { task: open.task, output });
        }
    }

    pub(crate) fn perform_mock(&mut self, execution: usize, task: TaskId, state_name: &Rc<str>, step: MockStep) {
        // A task that has ended meanwhile: a worker does not know, and calls all the same.
        let open = self.states.task(execution, task).cloned();
        match (step, open) {
            (MockStep::Answer(mocked), Some(open)) => self.answer_mocked(execution, &open, mocked),
            (MockStep::Answer(_), None) => {}
            (MockStep::Heartbeat, _) => {
                if let Some(token) = self.states.token_of(execution, task) {
                    self.call_as_mock(state_name, "states:SendTaskHeartbeat", json!({"taskToken": &*token}));
                }
            }
            (MockStep::Callback { outcome, times }, _) => {
                for _ in 0..times {
                    let Some(token) = self.states.token_of(execution, task) else { return };
                    let (action, params) = Account::token_answer(&token, &outcome);
                    self.call_as_mock(state_name, action, params);
                }
            }
        }
    }

    /// A mocked response stands for the whole of the task's work.
    fn answer_mocked(&mut self, execution: usize, open: &TaskRequest, mocked: Mocked) {
        let task = open.task;
        match mocked {
            Mocked::Return(output) => {
                self.submit(execution, open);
                self.states.close_task(execution, task);
                self.states.handle(execution, self.now, Input::TaskSucceeded { task, output });
            }
            Mocked::Throw(error) => self.states.fail_task(execution, task, self.now, error),
        }
    }
}
