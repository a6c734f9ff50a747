//! History events as GetExecutionHistory gives them.
//!
//! Nouns only: what an event holds, how it is written as AWS's JSON and read back. Which event follows which
//! is the engine's business. Payloads are kept as shared values and turned into text when an event is read,
//! so a history of a hundred events holds a large payload once.

mod details;
mod event;
mod read;
mod write;

pub use details::{ErrorOutput, EventDetails, StateType, TaskResource, TaskScheduled};
pub use event::HistoryEvent;
