//! What the page and its handler worker say to each other. Messages are text both ways.
//!
//! Compiled into both binaries. The worker takes in nothing else of the page: its loader is a classic script, which
//! cannot import the modules that the page's bindings bring along.

use aws_protocol::handler::{Command, Turn};
use serde::{Deserialize, Serialize};

/// The worker's first message: its wasm runs, and from now on no message is lost.
pub const READY: &str = "ready";

/// Commands for one environment. `from` 0 makes it anew; otherwise the worker must have run exactly `from` of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerRequest {
    pub environment: u64,
    pub from: u64,
    pub commands: Vec<Command>,
}

/// The worker's answer to a [`WorkerRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkerReply {
    pub environment: u64,
    /// The turn of the last command; `None` when the worker no longer has the environment.
    pub turn: Option<Turn>,
}
