//! Lambda as a machine without I/O: functions, warm environments, invocations and SQS event source mappings.
//!
//! [`Functions`] takes [`Input`] and gives [`Effect`]. It never runs a handler: it sends
//! [`Command`](aws_protocol::handler::Command)s to a host and lays the host's turns out on the virtual clock.
//! It never touches a queue: it asks for AWS actions by name and waits for their answers. It must not know
//! SQS's, IAM's or Step Functions' rules; what it needs of them arrives as [`CallFacts`].
//!
//! What differs from AWS: code is one text file in `Code.SourceText` with `Code.FileName` instead of a zip; the
//! setting `StrictModules` is Stepyard's own; a function is `Active` at once; `Max Memory Used` is a fixed figure;
//! provisioned pollers, versions and aliases are refused or missing.

mod agenda;
mod api;
mod batch;
mod environment;
mod event;
mod fault;
mod filter;
mod function;
mod invocation;
mod io;
mod logs;
mod machine;
mod mapping;
mod mock;
mod options;
mod poll;
mod pollers;
mod run;
mod scaling;
mod sqs_event;
mod trace;
mod turn;

pub use event::EventInvokeConfig;
pub use fault::{InvocationFault, PendingFaults};
pub use filter::{FilterCriteria, read_pattern};
pub use function::{Configuration, Function};
pub use invocation::{Invocation, InvocationSource, InvocationStatus};
pub use io::{CallFacts, Effect, Input, Origin};
pub use logs::LogEvent;
pub use machine::Functions;
pub use mapping::{EventSourceMapping, MappingState};
pub use options::{FunctionsOptions, LambdaLatencies, LambdaLimits};
pub use pollers::ProvisionedPollers;
pub use trace::LambdaTrace;
