//! What can fill the centre: one file or folder for each [`Place`](crate::session::Place).

pub mod coverage;
pub mod differences;
pub mod examples;
pub mod execution;
pub mod failures;
pub mod function;
pub mod new_function;
pub mod new_queue;
pub mod new_role;
pub mod new_state_machine;
pub mod parts;
pub mod queue;
pub mod role;
pub mod state_machine;
pub mod welcome;
pub mod workflow;
pub mod workspaces;
