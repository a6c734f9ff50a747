//! Policies that hang on resources. Of the simulated services, queues have them.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html>

use aws_protocol::AwsError;
use iam_eval::PolicyDocument;
use shared_json::Value;

use crate::Account;

/// Quotas of queue policies. Source: SQS developer guide, "Amazon SQS policy quotas".
const MOST_STATEMENTS: usize = 20;
const MOST_PRINCIPALS: usize = 50;
const MOST_CONDITIONS: usize = 10;
const MOST_ACTIONS: usize = 7;

/// The policy of the resource, if it has one that can be read.
pub(crate) fn of(account: &Account, resource: &str) -> Option<PolicyDocument> {
    let owner = account.owner_of(resource).unwrap_or(account);
    let queue = owner.queues.queue_by_arn(resource)?;
    PolicyDocument::parse_text(queue.policy()?).ok()
}

/// What SQS checks of a policy before a queue takes it. It says no more than that the value is wrong.
pub(crate) fn check_of_queue(operation: &str, params: &Value) -> Result<(), AwsError> {
    if !matches!(operation, "CreateQueue" | "SetQueueAttributes") {
        return Ok(());
    }
    let Some(text) = params["Attributes"].get_str("Policy").filter(|text| !text.is_empty()) else { return Ok(()) };
    match check(text) {
        Ok(()) => Ok(()),
        Err(_) => Err(AwsError::new("InvalidAttributeValue", "Invalid value for the parameter Policy.")),
    }
}

/// What is wrong with a queue's policy, in our words.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(text: &str) -> Result<(), String> {
    let document = PolicyDocument::parse_text(text).map_err(|error| error.to_string())?;
    document.check_resource_based().map_err(|error| error.to_string())?;
    let counts = document.counts();
    let over = [
        (counts.statements, MOST_STATEMENTS, "statements"),
        (counts.principals, MOST_PRINCIPALS, "principals"),
        (counts.conditions, MOST_CONDITIONS, "conditions"),
        (counts.actions, MOST_ACTIONS, "actions in a statement"),
    ];
    match over.iter().find(|(count, most, _)| count > most) {
        Some((count, most, what)) => Err(format!("A queue policy has at most {most} {what}; this one has {count}.")),
        None => Ok(()),
    }
}
