//! AddPermission and RemovePermission: statements of the queue's access policy, by label.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::errors::{invalid_value, missing_parameter};
use crate::queues::{Call, Queues};

/// What AddPermission may allow.
const ACTIONS: [&str; 7] = [
    "*",
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
];

/// What nobody but the owner may do.
const OWNER_ACTIONS: [&str; 11] = [
    "AddPermission",
    "CancelMessageMoveTask",
    "CreateQueue",
    "DeleteQueue",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "RemovePermission",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

const MOST_ACTIONS: usize = 7;

pub(crate) fn add_permission(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    let label = label(call.params)?;
    let accounts = account_ids(call.params)?;
    let actions = actions(call.params)?;
    let mut statements = statements(queue.policy().map(AsRef::as_ref));
    if statements.iter().any(|statement| statement.get_str("Sid") == Some(label)) {
        return Err(invalid_value("Label", label, "Already exists."));
    }
    // The recordings list the accounts from the last one given to the first.
    let principals = accounts.iter().rev().map(|account| json!(format!("arn:aws:iam::{account}:root"))).collect();
    statements.push(json!({
        "Sid": label,
        "Effect": "Allow",
        "Principal": json!({"AWS": one_or_many(principals)}),
        "Action": one_or_many(actions.iter().map(|action| json!(format!("SQS:{action}"))).collect()),
        "Resource": &*queue.arn,
    }));
    queue.attributes.policy = Some(policy_text(&queue.arn, statements).into());
    queue.modified_at = call.now;
    Ok(json!({}))
}

pub(crate) fn remove_permission(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    let label = call.params.get_str("Label").ok_or_else(|| missing_parameter("Label"))?;
    let mut statements = statements(queue.policy().map(AsRef::as_ref));
    let before = statements.len();
    statements.retain(|statement| statement.get_str("Sid") != Some(label));
    if statements.len() == before {
        return Err(invalid_value("Label", label, "can't find label."));
    }
    let rest = (!statements.is_empty()).then(|| policy_text(&queue.arn, statements).into());
    queue.attributes.policy = rest;
    queue.modified_at = call.now;
    Ok(json!({}))
}

fn label(params: &Value) -> Result<&str, AwsError> {
    let label = params.get_str("Label").ok_or_else(|| missing_parameter("Label"))?;
    let legal = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if label.is_empty() || label.len() > 80 || !legal {
        let reason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
        return Err(invalid_value("Label", label, reason));
    }
    Ok(label)
}

fn account_ids(params: &Value) -> Result<Vec<&str>, AwsError> {
    let accounts = texts(params, "AWSAccountIds")?;
    let is_account = |id: &&str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    if let Some(id) = accounts.iter().find(|id| !is_account(id)) {
        return Err(invalid_value("PrincipalId", &format!("[{id}]"), "Unable to verify."));
    }
    Ok(accounts)
}

fn actions(params: &Value) -> Result<Vec<&str>, AwsError> {
    let actions = texts(params, "Actions")?;
    if actions.len() > MOST_ACTIONS {
        let message = format!("{} Actions were found, maximum allowed is {MOST_ACTIONS}.", actions.len());
        return Err(AwsError::new("OverLimit", message).with_status(403));
    }
    for action in &actions {
        let shown = format!("SQS:{action}");
        if OWNER_ACTIONS.contains(action) {
            let reason = "Only the queue owner is allowed to invoke this action.";
            return Err(invalid_value("ActionName", &shown, reason));
        }
        if !ACTIONS.contains(action) {
            let reason = "Please refer to the appropriate WSDL for a list of valid actions.";
            return Err(invalid_value("ActionName", &shown, reason));
        }
    }
    Ok(actions)
}

fn texts<'a>(params: &'a Value, name: &str) -> Result<Vec<&'a str>, AwsError> {
    let items = params.get(name).and_then(Value::as_array).unwrap_or_default();
    let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    if texts.is_empty() { Err(missing_parameter(name)) } else { Ok(texts) }
}

fn statements(policy: Option<&str>) -> Vec<Value> {
    let policy = policy.and_then(|text| Value::parse(text).ok()).unwrap_or(Value::Null);
    match policy.get("Statement") {
        Some(Value::Array(_)) => policy["Statement"].as_array().unwrap_or_default().to_vec(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    }
}

fn policy_text(queue_arn: &str, statements: Vec<Value>) -> String {
    json!({
        "Version": "2008-10-17",
        "Id": format!("{queue_arn}/SQSDefaultPolicy"),
        "Statement": Value::array(statements),
    })
    .to_string()
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::array(values) }
}
