//! What happened in one visit of a state, for people who look at it.

use std::rc::Rc;

use sfn_history::ErrorOutput;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::input::TaskId;

/// One visit: from Entered to Exited, with all attempts.
#[derive(Clone, Debug, PartialEq)]
pub struct StateVisit {
    pub state_name: Rc<str>,
    pub entered_at: Timestamp,
    pub exited_at: Option<Timestamp>,
    pub entered_event_id: u64,
    pub outcome: VisitOutcome,
    /// The attempts that failed and were tried again.
    pub retries: Vec<RetryAttempt>,
    pub stages: DataFlow,
    /// The state that follows.
    pub next: Option<Rc<str>>,
    /// The task of the newest attempt.
    pub task: Option<TaskId>,
    pub task_token: Option<Rc<str>>,
    pub last_heartbeat_at: Option<Timestamp>,
    pub timeout_at: Option<Timestamp>,
    pub heartbeat_timeout_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum VisitOutcome {
    InProgress,
    /// The request was taken; a token or a job's end is awaited.
    WaitingForCallback,
    Retrying {
        attempt: u32,
        next_at: Timestamp,
    },
    Succeeded,
    /// `catcher` counts from 0.
    CaughtError {
        catcher: usize,
    },
    Failed,
    TimedOut,
    Aborted,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RetryAttempt {
    /// 1 for the first retry.
    pub attempt: u32,
    /// The retrier that matched, from 0.
    pub retrier: usize,
    pub failed_at: Timestamp,
    pub next_at: Timestamp,
    pub error: ErrorOutput,
}

/// The data at each stage, by the names TestState gives them. `None`: not reached, or the field is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataFlow {
    pub input: Option<Value>,
    pub after_input_path: Option<Value>,
    pub after_parameters: Option<Value>,
    pub result: Option<Value>,
    pub after_result_selector: Option<Value>,
    pub after_result_path: Option<Value>,
    pub output: Option<Value>,
    pub error: Option<ErrorOutput>,
}
