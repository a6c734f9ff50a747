//! How the account and the host that runs handler code speak.
//!
//! A handler runs in *turns*. The account sends a [`Command`]; the interpreter runs until nothing is left to
//! do but wait; the host answers with one [`Turn`]: what was logged, which AWS actions were called, and what
//! it waits for. The account performs the calls on the virtual clock and resumes the handler with their
//! answers. Turns are entries of the input log, so a replay needs no interpreter.
//!
//! An *environment* is one warm copy of a function, as on Lambda: it is initialised once and serves one
//! invocation at a time. The same commands always give the same turns, so an environment that was lost
//! (reload, step back, a replaced worker) is rebuilt by sending its commands again.
//!
//! All times are microseconds: `now_micros` and deadlines since the epoch, offsets since the turn's start.

use serde::{Deserialize, Serialize};
use virtual_time::Timestamp;

use crate::AwsError;

/// What the account asks of one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "camelCase")]
pub enum Command {
    /// Loads the code. Answered by [`TurnState::Idle`] or [`TurnState::Failed`].
    Init { environment: Box<EnvironmentSpec>, now: Timestamp },
    /// Calls the handler. `event` is JSON text.
    #[serde(rename_all = "camelCase")]
    Invoke { request_id: String, event: String, now: Timestamp, deadline: Timestamp },
    /// Goes on after a wait: the answers that have arrived, and all timers due at `now`.
    Resume { now: Timestamp, answers: Vec<CallAnswer> },
}

/// All that a handler's environment knows of its function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentSpec {
    pub function_name: String,
    pub function_arn: String,
    pub region: String,
    /// `nodejs16.x` and later.
    pub runtime: String,
    /// The one file of code, for example `index.mjs`.
    pub file_name: String,
    pub code: String,
    /// `file.export`, for example `index.handler`.
    pub handler: String,
    pub environment_variables: Vec<(String, String)>,
    pub memory_mb: u32,
    /// Seed of `Math.random`, `crypto.randomUUID` and their like.
    pub seed: u64,
    /// True: `.mjs` is a strict ES module as on Lambda. False: `require` and `exports` work there too, with a notice.
    pub strict_modules: bool,
}

/// The answer to one [`AwsCall`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAnswer {
    pub call: u64,
    /// JSON text of the response, or the error.
    pub outcome: Result<String, AwsError>,
}

/// What one run of the interpreter did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    /// Virtual time that the steps of this turn cost.
    pub micros: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<LogLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<AwsCall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    pub state: TurnState,
}

/// Where the environment stands after a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "camelCase")]
pub enum TurnState {
    /// The code is loaded; ready for an invocation.
    Idle,
    /// Waits for answers to its calls, or for its next timer.
    #[serde(rename_all = "camelCase")]
    Waiting { next_timer: Option<Timestamp> },
    /// The handler returned; JSON text (`null` for nothing).
    Done { result: String },
    /// The handler or the loading of its code failed; the environment is kept, as on Lambda, unless `exited`.
    Failed { error: HandlerError, exited: bool },
    /// The handler failed in a runtime that is not Node.js and writes its error in a form of its own; JSON text.
    Raised { payload: String },
    /// The deadline passed while steps were running.
    TimedOut,
    /// The host ended it: the interpreter's memory ran out, or the worker did not answer.
    Killed { reason: KillReason },
}

/// Why the host ended an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KillReason {
    OutOfMemory,
    /// The watchdog: the worker was silent for too long. Counts as the function's timeout.
    Unresponsive,
    /// The worker crashed. Counts as `Runtime.ExitError`.
    Crashed,
}

/// One line of a handler's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Microseconds after the turn's start.
    pub at: u64,
    /// `INFO`, `ERROR`, `WARN` or `DEBUG`, as the Node.js runtime writes them.
    pub level: String,
    pub text: String,
}

/// An AWS action that the handler's SDK called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsCall {
    /// Counts up in one environment; names the call in [`CallAnswer`].
    pub call: u64,
    /// Microseconds after the turn's start.
    pub at: u64,
    /// With its IAM service prefix: `states:SendTaskSuccess`, `sqs:SendMessage`.
    pub action: String,
    /// JSON text of the parameters.
    pub params: String,
}

/// Something that works here and would not on AWS, or the reverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Stable name, for example `require-in-es-module`.
    pub code: String,
    pub message: String,
}

/// A failed handler as Lambda answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandlerError {
    pub error_type: String,
    pub error_message: String,
    #[serde(default)]
    pub trace: Vec<String>,
}
