//! Amazon SQS as a sans-IO machine: API calls go in, answers and movements of messages come out.
//!
//! [`Queues`] is the registry that callers speak with, by the JSON protocol's action names and members;
//! a [`Queue`] keeps its messages and moves them; [`operations`] holds one file per group of actions.
//! Nothing here reads a clock, knows who may do what (callers ask
//! [`Queues::queue_arn_for`] and decide), or knows that workflows and functions exist.
//!
//! Reception is deterministic: a standard queue always hands out its oldest available message first, and
//! every short poll looks at all of it. On AWS both may differ from call to call.

mod attempts;
mod attributes;
mod deduplication;
pub mod errors;
mod fifo_attributes;
mod groups;
mod ids;
mod limits;
mod message;
mod message_attributes;
mod metrics;
mod move_tasks;
mod operations;
mod queue;
mod queues;

pub use attributes::{QueueAttributes, RedrivePolicy};
pub use deduplication::DeduplicationWindow;
pub use fifo_attributes::{DeduplicationScope, FifoAttributes, FifoThroughputLimit};
pub use limits::SqsLimits;
pub use message::{GoneMessage, Message, MessageState, Movement, MovementKind};
pub use metrics::{Levels, Metrics, Record};
pub use move_tasks::{MoveTask, MoveTaskStatus};
pub use queue::look::MessageGroup;
pub use queue::{MessageFault, Queue};
pub use queues::{Effect, Input, Queues, QueuesOptions};
