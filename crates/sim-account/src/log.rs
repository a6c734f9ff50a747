//! The input log: all that an account has ever been told. State is the fold of this log.

use aws_protocol::handler::Turn;
use serde::{Deserialize, Serialize};
use shared_json::Value;
use virtual_time::Timestamp;

/// A place on the account's timeline: after so many steps and so many inputs, with the clock at `now`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub steps: u64,
    /// Entries of the log that the account has been told.
    pub inputs: usize,
    pub now: Timestamp,
}

/// One input, and where on the timeline it arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    #[serde(flatten)]
    pub at: Position,
    #[serde(flatten)]
    pub input: LoggedInput,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "camelCase")]
pub enum LoggedInput {
    /// The person called an API action.
    Call { action: String, params: Value },
    /// The host ran a handler for a turn, or gave it up.
    HostAnswer { environment: u64, sequence: u64, turn: Turn },
}
