//! One execution as a person looks at it: what became of each state, the steps, the events, the data and the errors.
//!
//! Everything is read from the engine's visits and history; nothing here decides what a workflow does, and nothing
//! knows how it is drawn.

mod details;
mod edges;
mod events;
mod ladder;
mod map_run;
mod marks;
pub(crate) mod nesting;
mod steps;
mod visits;

use std::rc::Rc;

use sfn_engine::{ErrorOutput, StateVisit, Status, VisitOutcome};
use sim_account::ExecutionRecord;
use virtual_time::{Duration, Timestamp};

pub use details::{PAYLOAD_LIMIT_BYTES, Stage, StepDetails, size_label, step_details, step_events};
pub use edges::{TakenEdge, edges_taken};
pub use events::{EventRow, event_json, events};
pub use ladder::{Attempt, CatcherRow, Ladder, RetrierRow, ladder};
pub(crate) use map_run::children;
pub use map_run::{ChildExecution, ChildRow, MapRunView, map_run};
pub use marks::{StateMark, marks};
pub use steps::{Opened, Step, StepRow, steps};
pub use visits::{VisitChoice, Visits, notable_visit};

/// What became of a state or an execution, in the consoles' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    InProgress,
    WaitingForCallback,
    Retrying,
    Succeeded,
    Failed,
    CaughtError,
    TimedOut,
    Aborted,
}

impl RunStatus {
    #[must_use]
    pub fn of(status: Status) -> RunStatus {
        match status {
            Status::Running => RunStatus::InProgress,
            Status::Succeeded => RunStatus::Succeeded,
            Status::Failed => RunStatus::Failed,
            Status::TimedOut => RunStatus::TimedOut,
            Status::Aborted => RunStatus::Aborted,
        }
    }

    #[must_use]
    pub fn of_visit(outcome: &VisitOutcome) -> RunStatus {
        match outcome {
            VisitOutcome::InProgress => RunStatus::InProgress,
            VisitOutcome::WaitingForCallback => RunStatus::WaitingForCallback,
            VisitOutcome::Retrying { .. } => RunStatus::Retrying,
            VisitOutcome::Succeeded => RunStatus::Succeeded,
            VisitOutcome::CaughtError { .. } => RunStatus::CaughtError,
            VisitOutcome::Failed => RunStatus::Failed,
            VisitOutcome::TimedOut => RunStatus::TimedOut,
            VisitOutcome::Aborted => RunStatus::Aborted,
        }
    }

    /// How much it matters beside others of the same state: the least is shown.
    pub(crate) fn weight(self) -> u8 {
        match self {
            RunStatus::Failed => 0,
            RunStatus::TimedOut => 1,
            RunStatus::Retrying => 2,
            RunStatus::InProgress => 3,
            RunStatus::WaitingForCallback => 4,
            RunStatus::Aborted => 5,
            RunStatus::CaughtError => 6,
            RunStatus::Succeeded => 7,
        }
    }

    /// Whether something may still happen by itself.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, RunStatus::InProgress | RunStatus::WaitingForCallback | RunStatus::Retrying)
    }
}

/// The head of an execution's page.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub name: Rc<str>,
    pub status: RunStatus,
    /// `Running`, `Succeeded · 1 caught error`.
    pub label: String,
    pub started_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub event_count: usize,
    pub error: Option<Rc<str>>,
    pub cause: Option<Rc<str>>,
    /// The errors that a Catch took, in order.
    pub caught: Vec<CaughtError>,
    /// Compact JSON text; `None` until it succeeded.
    pub output: Option<String>,
    pub input: Rc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CaughtError {
    pub state: Rc<str>,
    pub error: String,
    pub cause: Option<Rc<str>>,
    /// The catcher's place in `Catch`, from 0.
    pub catcher: usize,
    pub next: Rc<str>,
}

impl Summary {
    /// How long it ran, or has run until now.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Duration {
        self.stopped_at.unwrap_or(now).since(self.started_at)
    }

    /// Why a success is not the whole truth: the sentence for people who wonder about a green chip after an error.
    #[must_use]
    pub fn caught_sentence(&self) -> Option<String> {
        let first = self.caught.first().filter(|_| self.status == RunStatus::Succeeded)?;
        let more = match self.caught.len() {
            1 => String::new(),
            2 => " One more error was caught after it.".to_owned(),
            n => format!(" {} more errors were caught after it.", n - 1),
        };
        Some(format!(
            "The execution still SUCCEEDED because a Catch of \"{}\" took the error {} and went on with \"{}\". \
             A caught error is handled: only a Fail state or an error that nobody catches fails an execution.{more}",
            first.state, first.error, first.next
        ))
    }
}

#[must_use]
pub fn summary(record: &ExecutionRecord) -> Summary {
    let execution = &record.execution;
    let status = RunStatus::of(execution.status());
    let caught: Vec<CaughtError> = execution.visits().iter().filter_map(caught).collect();
    let word = match status {
        RunStatus::Succeeded => "Succeeded",
        RunStatus::Failed => "Failed",
        RunStatus::TimedOut => "Timed out",
        RunStatus::Aborted => "Aborted",
        _ => "Running",
    };
    let label = match caught.len() {
        0 => word.to_owned(),
        1 => format!("{word} · 1 caught error"),
        n => format!("{word} · {n} caught errors"),
    };
    Summary {
        name: record.name.clone(),
        status,
        label,
        started_at: record.started_at,
        stopped_at: execution.stop_date(),
        event_count: execution.history().len(),
        error: execution.error().cloned(),
        cause: execution.cause().cloned(),
        caught,
        output: execution.output().map(|output| output.to_string()),
        input: record.input.clone(),
    }
}

fn caught(visit: &StateVisit) -> Option<CaughtError> {
    let VisitOutcome::CaughtError { catcher } = visit.outcome else { return None };
    let error = visit.stages().error.as_ref();
    Some(CaughtError {
        state: visit.state_name.clone(),
        error: error_name(error),
        cause: error.and_then(|error| error.cause.clone()),
        catcher,
        next: visit.next.clone().unwrap_or_default(),
    })
}

/// The error's name as people read it; SendTaskFailure may leave it out.
fn error_name(error: Option<&ErrorOutput>) -> String {
    match error.and_then(|error| error.error.as_deref()) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => "an error without a name".to_owned(),
    }
}

/// `340 ms`, `3.1 s`, `2 min 5 s`: with one decimal, so that a running figure does not tremble.
#[must_use]
pub fn short(span: Duration) -> String {
    if (1..60).contains(&span.secs()) {
        format!("{:.1} s", (span.millis() / 100) as f64 / 10.0)
    } else {
        span.to_string()
    }
}
