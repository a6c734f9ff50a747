//! What a person, the driver or the browser may ask of the session.

use aws_protocol::handler::KillReason;
use virtual_time::Duration;

use super::Speed;
use crate::worker_protocol::WorkerReply;

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// So much real time has passed since the last tick.
    Tick {
        real_micros: u64,
    },
    Play,
    Pause,
    SetSpeed(Speed),
    /// One thing happens.
    Step,
    StepBack,
    BackToStart,
    /// To right after a step.
    GoToStep(u64),
    /// The clock jumps to the next thing that will happen by itself.
    JumpToNext,
    /// The clock goes on by a span, and everything in it happens.
    JumpBy(Duration),
    /// The part of the run that was set aside comes back.
    BringBack,
    /// Entries of the log are taken out of it, and what they deleted is back.
    Undo {
        from: usize,
        to: usize,
        /// What was deleted.
        name: String,
    },
    /// What was undone is done again.
    Redo,
    /// Something is to be done with a workspace, which is the host's affair.
    Workspace(WorkspaceDeed),
    WorkerReplied(WorkerReply),
    /// The worker is gone; the invocation that it ran ends for this reason.
    WorkerLost(KillReason),
    /// Remembers text that is being written at a place; `None` forgets it.
    Write {
        place: String,
        text: Option<String>,
    },
    /// Takes a message away.
    Dismiss(u64),
}

/// What can be done with workspaces from a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceDeed {
    /// Opens another one, by its id.
    Open(String),
    /// Opens it although another tab has it.
    TakeOver(String),
    /// Opens a copy of it.
    OpenCopy(String),
    /// Brings a deleted one back.
    Restore(String),
    /// What is in this tab goes on as a workspace of its own.
    KeepCopy,
    /// Offers the open one as a file.
    Download,
    /// Offers what is left of one that cannot be opened.
    Salvage(String),
}
