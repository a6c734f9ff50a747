//! IAM: policy documents to a decision with its reasons.
//!
//! Pure functions over documents; nothing here knows roles, queues or who stores what. A document that was
//! parsed is compiled, so a caller that keeps [`PolicyDocument`]s decides at the price of comparing text.
//!
//! ```
//! use iam_eval::{Context, Policies, PolicyDocument, Request, evaluate};
//! use shared_json::json;
//! let document = PolicyDocument::parse(&json!({
//!     "Version": "2012-10-17",
//!     "Statement": {"Effect": "Allow", "Action": "sqs:Send*", "Resource": "arn:aws:sqs:eu-west-1:123456789012:Orders"}
//! })).unwrap();
//! let request = Request {
//!     principal_arn: "arn:aws:sts::123456789012:assumed-role/Sender/run",
//!     action: "sqs:SendMessage",
//!     resource: "arn:aws:sqs:eu-west-1:123456789012:Orders",
//!     context: &Context::new(),
//! };
//! let policies = Policies { identity: &[("Send", &document)], ..Policies::default() };
//! assert!(evaluate(&request, &policies).allowed);
//! ```

mod check;
mod condition;
mod decision;
mod document;
mod evaluate;
pub mod generated;
pub mod managed;
mod matching;
mod request;
pub mod shrink;
pub mod trust;
mod variables;
mod wildcard;

pub use decision::{Decision, PolicyKind, Reason, StatementMatch};
pub use document::{Counts, Effect, PolicyDocument, PolicyError};
pub use evaluate::{Named, Policies, evaluate};
pub use request::{Context, Request, account_of};
