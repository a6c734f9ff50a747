//! What the places around workflows share: a draft that is kept, an editor beside its graph, a list of problems, a
//! run laid over a graph.

mod draft;
mod editor;
mod pictures;
mod problem_list;
mod run_graph;

pub use draft::{Draft, use_draft};
pub use editor::{WorkflowEditor, use_definition};
pub use problem_list::ProblemList;
pub use run_graph::RunGraph;

use views::execution::RunStatus;

use crate::components::status::Status;

/// How a status of the views looks.
#[must_use]
pub fn status_of(run: RunStatus) -> Status {
    match run {
        RunStatus::InProgress => Status::InProgress,
        RunStatus::WaitingForCallback => Status::WaitingForCallback,
        RunStatus::Retrying => Status::Retrying,
        RunStatus::Succeeded => Status::Succeeded,
        RunStatus::Failed => Status::Failed,
        RunStatus::CaughtError => Status::CaughtError,
        RunStatus::TimedOut => Status::TimedOut,
        RunStatus::Aborted => Status::Aborted,
    }
}

/// Shifts what stands inside Parallel and Map states.
#[must_use]
pub fn depth_class(depth: usize) -> Option<&'static str> {
    const CLASSES: [&str; 6] = ["depth-1", "depth-2", "depth-3", "depth-4", "depth-5", "depth-6"];
    CLASSES.get(depth.min(CLASSES.len()).checked_sub(1)?).copied()
}

/// The status of an execution's chip: a success that caught an error looks caught.
#[must_use]
pub fn chip_status(run: RunStatus, caught: bool) -> Status {
    if caught && run == RunStatus::Succeeded { Status::CaughtError } else { status_of(run) }
}

/// Where the text of a new state machine is kept.
pub const NEW_DRAFT: &str = "state-machine:new";

/// Where unsaved changes of a state machine's definition are kept.
#[must_use]
pub fn machine_draft(arn: &str) -> String {
    format!("state-machine:{arn}")
}
