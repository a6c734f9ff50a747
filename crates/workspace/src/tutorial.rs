//! The workspace of a first visit: an order's inventory check over a queue, one click from running.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, execution_role};
use virtual_time::Duration;

use crate::Project;

const DEFINITION: &str = include_str!("tutorial/state-machine.asl.json");
const HANDLER: &str = include_str!("tutorial/index.mjs");

/// A queue, a state machine that waits for a callback, a function that answers, and their roles.
#[must_use]
pub fn tutorial() -> Project {
    let mut account = Account::new(AccountOptions::default());
    account.call("sqs:CreateQueue", json!({"QueueName": "Orders"}));
    let name = "InventoryStateMachine";
    let role = execution_role::plan(name, &asl_of(DEFINITION), &account);
    let role_arn = role.create(&mut account).unwrap_or_default();
    account.call(
        "states:CreateStateMachine",
        json!({"name": name, "definition": DEFINITION, "roleArn": role_arn, "type": "STANDARD"}),
    );
    let role = account.call(
        "iam:CreateRole",
        json!({"RoleName": "inventory-lambda-role",
            "AssumeRolePolicyDocument": execution_role::trust_policy("lambda.amazonaws.com").to_string(),
            "Description": "Lets the Inventory function read the queue and answer Step Functions"}),
    );
    let role_arn = role.result.and_then(Result::ok).map_or(Value::Null, |made| made["Role"]["Arn"].clone());
    for policy in ["AmazonSQSFullAccess", "AWSStepFunctionsFullAccess"] {
        let policy_arn = format!("arn:aws:iam::aws:policy/{policy}");
        account.call("iam:AttachRolePolicy", json!({"RoleName": "inventory-lambda-role", "PolicyArn": policy_arn}));
    }
    account.call(
        "lambda:CreateFunction",
        json!({"FunctionName": "Inventory", "Runtime": "nodejs22.x", "Handler": "index.handler",
            "Role": role_arn.as_str(), "Code": {"FileName": "index.mjs", "SourceText": HANDLER}}),
    );
    let queue_arn = account.queues().queues().next().map(|queue| queue.arn().to_owned());
    account.call(
        "lambda:CreateEventSourceMapping",
        json!({"FunctionName": "Inventory", "EventSourceArn": queue_arn, "Enabled": true, "BatchSize": 10}),
    );
    // The trigger takes a moment to be enabled; a first visit should not have to wait for it.
    let _ = account.advance_to(account.now() + Duration::from_secs(60), 10_000);
    Project::of("Queue-based microservices", &account, Default::default())
}

fn asl_of(text: &str) -> asl::Parsed {
    asl::parse(text)
}
