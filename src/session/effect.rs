//! What the session asks of the browser.

use super::WorkspaceDeed;
use crate::worker_protocol::WorkerRequest;

#[derive(Clone, Debug, PartialEq)]
pub enum HostEffect {
    /// Keep the project; several in a row are one.
    Save,
    /// Give commands to the handler worker, starting it first if there is none.
    RunHandler(WorkerRequest),
    /// End the worker: what it is doing no longer matters.
    StopWorker,
    /// Do something with workspaces.
    Workspace(WorkspaceDeed),
    /// Say a sentence in the live region.
    Announce(String),
}
