//! The nouns in which callers, services and handlers speak with the account. No rules of AWS.
//!
//! - [`AwsError`]: how every AWS API refuses, by its code.
//! - [`Randomness`]: the one source of chance, a seed, and of the ids that everybody hands out.
//! - [`handler`]: what the account asks of the host that runs handler code, and what the host answers.

mod error;
pub mod handler;
mod randomness;

pub use error::AwsError;
pub use randomness::Randomness;
