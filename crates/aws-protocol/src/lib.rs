//! The nouns in which callers, services and handlers speak with the account. No behaviour, no rules.
//!
//! - [`AwsError`]: how every AWS API refuses, by its code.
//! - [`handler`]: what the account asks of the host that runs handler code, and what the host answers.

mod error;
pub mod handler;

pub use error::AwsError;
