//! Runs a handler's JavaScript in an embedded interpreter ([Boa](https://boajs.dev)) with the modules, globals and
//! AWS SDK surfaces that a Node.js Lambda function finds.
//!
//! An [`Environment`] is one warm copy of a function. It takes the commands of [`aws_protocol::handler`] and answers
//! each with a turn. It has no clock, no randomness, no files and no network: time comes with the command, random
//! numbers come from the function's seed, and an SDK call is only written into the turn for the account to perform.
//! The same commands give the same turns, byte for byte, natively and as wasm.
//!
//! What it must not know: services, queues, executions, permissions. It knows AWS actions by their names only.
//!
//! - [`environment`]: commands in, turns out; where budget and deadline meet.
//! - [`host`]: what native functions and the interpreter's hooks share during a turn.
//! - [`natives`]: the functions that the JavaScript side calls.
//! - [`modules`]: how a file is read (CommonJS or ES module) and what `import` finds.
//! - [`json`]: `JSON.parse` with Node's messages and a depth limit.
//! - `node/*.js`: the Node-like library, in JavaScript.

mod depth;
mod environment;
mod host;
mod jobs;
mod json;
mod limits;
mod modules;
mod natives;

pub use environment::Environment;
pub use limits::{INSTRUCTIONS_PER_MICROSECOND, RuntimeLimits};
