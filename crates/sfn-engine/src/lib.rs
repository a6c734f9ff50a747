//! One execution of a state machine: input in, effects and history out.
//!
//! [`Execution`] is a machine without a clock, threads or services. The account tells it what happened
//! ([`Input`]) and when, and it answers with [`Effect`]s (call this service for that task), a growing history
//! and the time at which it wants to be woken. The same inputs give the same effects and history, byte for
//! byte. It must not know what a service does, who may call it, or what time it is.

mod agenda;
mod children;
mod context;
mod execution;
mod failure;
mod flow;
mod frame;
mod input;
pub mod item_reader;
mod redrive;
mod states;
mod task_events;
pub mod test_state;
mod token;
mod typed;
mod variables;
mod visit;

pub use context::MapItem;
pub use execution::{Execution, ExecutionStart, Limits, Status};
pub use input::{ChildInput, Effect, Input, MapRunRequest, ReadRequest, TaskId, TaskRequest, WriteRequest};
pub use sfn_history::{ErrorOutput, HistoryEvent};
pub use visit::{DataFlow, RetryAttempt, StateVisit, VisitDetail, VisitOutcome, Within};
