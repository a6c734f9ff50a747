//! The AWS command line: a line of text becomes calls of AWS's API, and their answers become what the AWS CLI (version
//! 2) prints.
//!
//! It calls nothing itself: [`read`] gives a [`Run`], which names one call after another ([`Run::call`]) until it is
//! told all their answers ([`Run::answered`]). What it must know of the place (documents, region, names to complete)
//! comes by [`Surroundings`].
//!
//! ```
//! use aws_cli::{Reading, Step, Surroundings, read};
//! use shared_json::json;
//! struct Nowhere;
//! impl Surroundings for Nowhere {}
//!
//! let Reading::Call(mut run) = read("aws sqs get-queue-url --queue-name Orders --output text", &Nowhere) else {
//!     panic!("a call");
//! };
//! assert_eq!(run.call().action, "sqs:GetQueueUrl");
//! assert_eq!(run.call().params, json!({"QueueName": "Orders"}));
//! let Step::Done(said) = run.answered(Ok(json!({"QueueUrl": "https://sqs/Orders"}))) else { panic!("done") };
//! assert_eq!(said.out, "https://sqs/Orders\n");
//! ```
//!
//! Names and types of actions are facts of AWS's service models (`commands.txt`, by `generate.py`). What is printed
//! follows the AWS CLI's user guide: <https://docs.aws.amazon.com/cli/latest/userguide/>.

mod answer;
mod command;
mod complete;
mod help;
mod json_text;
mod names;
mod options;
mod output;
mod pages;
mod python;
mod query;
mod run;
mod said;
mod shorthand;
mod skeleton;
mod table;
mod validate;
mod value;
mod words;

pub use command::{Reading, is_complete, read};
pub use complete::{Candidate, Completion, complete};
pub use run::{Call, Run, Step};
pub use said::Said;

/// What a command line must know of the place where it stands.
pub trait Surroundings {
    /// The region of the account.
    fn region(&self) -> String {
        "us-east-1".to_owned()
    }

    /// The text of a document that `file://` names.
    fn document(&self, _name: &str) -> Option<String> {
        None
    }

    /// The names of all documents.
    fn document_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// What there is to name in a command.
    fn resources(&self, _kind: Resource) -> Vec<String> {
        Vec::new()
    }
}

/// Kinds of things whose names complete a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    QueueUrl,
    QueueName,
    QueueArn,
    FunctionName,
    EventSourceMapping,
    StateMachineArn,
    ExecutionArn,
    ActivityArn,
    MapRunArn,
    TaskToken,
    RoleName,
    RoleArn,
    PolicyArn,
    TopicArn,
    TableName,
    BucketName,
    SecretId,
}

/// All actions that AWS's model of a service has: the service's prefix, the action, and whether a command describes it.
#[must_use]
pub fn known_actions() -> Vec<(&'static str, &'static str, bool)> {
    let mut known = Vec::new();
    for service in table::services().filter_map(table::Service::find) {
        known.extend(service.actions.iter().map(|action| (service.prefix, action.name, true)));
        known.extend(service.other_names().map(|name| (service.prefix, name, false)));
    }
    known
}
