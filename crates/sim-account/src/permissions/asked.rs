//! What a call asks IAM for: the action that guards it, the resource that it is about, and what else the caller must
//! be allowed for it.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use shared_json::Value;

use crate::Account;

/// One permission that a call needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub action: String,
    pub resource: String,
    /// `iam:PassRole`: the service that the role is passed to.
    pub passed_to: Option<&'static str>,
}

/// What a call needs first of all.
pub(crate) fn asked(account: &Account, action: &str, params: &Value) -> Asked {
    let resource = resource_of(account, action, params);
    Asked { action: permission_for(action).to_owned(), resource, passed_to: None }
}

/// Whoever gives a service a role must be allowed to pass it.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
pub(crate) fn pass_role(action: &str, params: &Value) -> Option<Asked> {
    let (key, service) = match action {
        "states:CreateStateMachine" | "states:UpdateStateMachine" | "states:TestState" => {
            ("roleArn", "states.amazonaws.com")
        }
        "lambda:CreateFunction" | "lambda:UpdateFunctionConfiguration" => ("Role", "lambda.amazonaws.com"),
        _ => return None,
    };
    let resource = params.get_str(key)?.to_owned();
    Some(Asked { action: "iam:PassRole".into(), resource, passed_to: Some(service) })
}

/// The IAM action that guards an API action: most are the same.
fn permission_for(action: &str) -> &str {
    match action {
        "lambda:Invoke" => "lambda:InvokeFunction",
        "s3:ListObjects" | "s3:ListObjectsV2" | "s3:HeadBucket" => "s3:ListBucket",
        "s3:ListBuckets" => "s3:ListAllMyBuckets",
        "s3:HeadObject" => "s3:GetObject",
        "s3:CopyObject" => "s3:PutObject",
        "s3:DeleteObjects" => "s3:DeleteObject",
        "sqs:SendMessageBatch" => "sqs:SendMessage",
        "sqs:DeleteMessageBatch" => "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibilityBatch" => "sqs:ChangeMessageVisibility",
        _ => action,
    }
}

fn resource_of(account: &Account, action: &str, params: &Value) -> String {
    let (service, operation) = action.split_once(':').unwrap_or(("", action));
    let named = match service {
        "sqs" => account.queues.queue_arn_for(operation, params),
        "lambda" => lambda_resource(account, operation, params),
        "states" => account.states.resource_for(operation, params),
        "iam" => iam_resource(account, operation, params),
        _ => account.services.resource_for(action, params),
    };
    named.unwrap_or_else(|| "*".to_owned())
}

fn lambda_resource(account: &Account, operation: &str, params: &Value) -> Option<String> {
    let (region, id) = (&account.options.region, &account.options.account_id);
    match operation {
        // Of the trigger that is to be, IAM knows only the function, and that as a condition key.
        "CreateEventSourceMapping" | "ListEventSourceMappings" => None,
        _ => match params.get_str("UUID") {
            Some(uuid) => Some(format!("arn:aws:lambda:{region}:{id}:event-source-mapping:{uuid}")),
            None => params.get_str("FunctionName").map(|name| account.functions.function_arn(name)),
        },
    }
}

fn iam_resource(account: &Account, operation: &str, params: &Value) -> Option<String> {
    let id = &account.options.account_id;
    let path = params.get_str("Path").unwrap_or("/");
    if operation == "CreatePolicy" {
        return Some(format!("arn:aws:iam::{id}:policy{path}{}", params.get_str("PolicyName")?));
    }
    if let Some(name) = params.get_str("RoleName") {
        let known = account.iam.role(name).map(|role| role.arn().to_owned());
        return Some(known.unwrap_or_else(|| format!("arn:aws:iam::{id}:role{path}{name}")));
    }
    params.get_str("PolicyArn").map(str::to_owned)
}
