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
    pub input: Value,
    pub output: Option<Value>,
    /// The state that follows.
    pub next: Option<Rc<str>>,
    /// The visit of the Parallel or Map around it; `None` at the top.
    pub within: Option<Within>,
    detail: Option<Box<VisitDetail>>,
}

/// Where inside a Parallel or Map a visit belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// Index of the Parallel's or Map's visit in [`crate::Execution::visits`].
    pub visit: usize,
    /// The branch or iteration, from 0.
    pub index: usize,
}

/// What most visits do not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VisitDetail {
    /// The attempts that failed and were tried again.
    pub retries: Vec<RetryAttempt>,
    pub stages: DataFlow,
    /// The task of the newest attempt.
    pub task: Option<TaskId>,
    pub task_token: Option<Rc<str>>,
    pub last_heartbeat_at: Option<Timestamp>,
    pub timeout_at: Option<Timestamp>,
    pub heartbeat_timeout_at: Option<Timestamp>,
    /// How many iterations a Map has.
    pub iterations: Option<usize>,
    pub map_run_arn: Option<Rc<str>>,
}

const NOTHING: &VisitDetail = &VisitDetail {
    retries: Vec::new(),
    stages: DataFlow {
        after_input_path: None,
        after_parameters: None,
        after_arguments: None,
        after_items_path: None,
        after_item_selector: None,
        after_item_batcher: None,
        after_items_pointer: None,
        result: None,
        after_result_selector: None,
        after_result_path: None,
        variables: None,
        max_concurrency: None,
        tolerated_failure_count: None,
        tolerated_failure_percentage: None,
        error: None,
    },
    task: None,
    task_token: None,
    last_heartbeat_at: None,
    timeout_at: None,
    heartbeat_timeout_at: None,
    iterations: None,
    map_run_arn: None,
};

impl StateVisit {
    pub(crate) fn new(
        state_name: Rc<str>,
        entered_at: Timestamp,
        entered_event_id: u64,
        input: Value,
        within: Option<Within>,
    ) -> StateVisit {
        StateVisit {
            state_name,
            entered_at,
            exited_at: None,
            entered_event_id,
            outcome: VisitOutcome::InProgress,
            input,
            output: None,
            next: None,
            within,
            detail: None,
        }
    }

    pub(crate) fn leave(&mut self, now: Timestamp, outcome: VisitOutcome, output: Value, next: Option<Rc<str>>) {
        self.settle(now, outcome);
        self.output = Some(output);
        self.next = next;
    }

    /// Writes down how it ended, unless that is known already.
    pub(crate) fn settle(&mut self, now: Timestamp, outcome: VisitOutcome) {
        if self.exited_at.is_some() {
            return;
        }
        self.exited_at = Some(now);
        if matches!(
            self.outcome,
            VisitOutcome::InProgress | VisitOutcome::WaitingForCallback | VisitOutcome::Retrying { .. }
        ) {
            self.outcome = outcome;
        }
    }

    /// Retries, stages of the data and task; empty when there were none.
    #[must_use]
    pub fn detail(&self) -> &VisitDetail {
        self.detail.as_deref().unwrap_or(NOTHING)
    }

    #[must_use]
    pub fn stages(&self) -> &DataFlow {
        &self.detail().stages
    }

    pub(crate) fn detail_mut(&mut self) -> &mut VisitDetail {
        self.detail.get_or_insert_default()
    }
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

/// The data between a state's input and output, by the names TestState gives the stages. `None`: not reached, or the
/// field is absent, so that the data passed unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataFlow {
    pub after_input_path: Option<Value>,
    pub after_parameters: Option<Value>,
    pub after_arguments: Option<Value>,
    pub after_items_path: Option<Value>,
    pub after_item_selector: Option<Value>,
    pub after_item_batcher: Option<Value>,
    pub after_items_pointer: Option<Value>,
    pub result: Option<Value>,
    pub after_result_selector: Option<Value>,
    pub after_result_path: Option<Value>,
    /// The variables after `Assign`.
    pub variables: Option<Value>,
    pub max_concurrency: Option<u64>,
    pub tolerated_failure_count: Option<u64>,
    pub tolerated_failure_percentage: Option<f64>,
    pub error: Option<ErrorOutput>,
}
