//! The page: what is seen, and how the person's hand reaches the simulated account.
//!
//! It holds no rule of the Amazon States Language, SQS, Lambda or IAM. What a view must decide is decided in `views`
//! or below, where it is tested natively.

pub mod app;
pub mod bindings;
pub mod components;
pub mod dock;
pub mod embed;
pub mod host;
pub mod places;
pub mod present;
pub mod session;
pub mod shell;
pub mod side;
pub mod worker_protocol;
