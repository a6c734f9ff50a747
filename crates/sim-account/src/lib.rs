//! The account: every simulated service behind one API, on one virtual clock, driven by one input log.
//!
//! ```
//! use shared_json::json;
//! use sim_account::{Account, AccountOptions};
//!
//! let mut account = Account::new(AccountOptions::default());
//! let made = account.call("sqs:CreateQueue", json!({"QueueName": "Orders"}));
//! let url = made.result.unwrap().unwrap()["QueueUrl"].clone();
//! account.call("sqs:SendMessage", json!({"QueueUrl": url.as_str(), "MessageBody": "hello"}));
//! assert_eq!(account.queues().queues().count(), 1);
//!
//! // The log is the account: replaying it gives the same one.
//! let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
//! assert_eq!(again.snapshot().to_string(), account.snapshot().to_string());
//! ```
//!
//! It must not know: the page, a wall clock, an interpreter. Handlers run on a host that speaks
//! [`aws_protocol::handler`].

mod account;
mod agenda;
mod caller;
pub mod execution_role;
mod faults;
pub mod iam;
mod journal;
mod linked;
mod log;
mod map_runs;
mod mocks;
mod options;
mod permissions;
mod replay;
pub mod shrink;
mod snapshot;
mod states;
mod stepyard_api;
mod sts;
mod tasks;

pub use account::{Account, Called, HostRequest, Progress};
pub use caller::Caller;
pub use iam::Iam;
pub use journal::{CallRecord, Journal, JournalEntry, What};
pub use log::{LogEntry, LoggedInput, Position};
pub use mocks::MockConfig;
pub use options::{AccountOptions, Latencies, LimitProfile};
pub use permissions::{Simulated, resource_policy};
pub use replay::ReplayError;
pub use states::{
    Activity, Alias, Child, ChildOf, ExecutionRecord, LogLevel, Logging, MachineType, MapRun, Outcome, PendingCallback,
    Revision, Route, StateMachine, States, Version,
};
