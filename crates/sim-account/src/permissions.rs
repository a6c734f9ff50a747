//! Where IAM decides: which resource a call is about, and what the refusal says.

use std::rc::Rc;

use aws_protocol::AwsError;
use iam_eval::Decision;
use lambda_sim::CallFacts;
use shared_json::Value;

use crate::{Account, Caller};

/// What IAM said of a call.
pub(crate) struct Permission {
    pub decision: Decision,
    denial: String,
    service: String,
}

impl Permission {
    /// The error with which the service refuses, when IAM did not allow.
    pub fn refusal(&self) -> Option<AwsError> {
        if self.decision.allowed {
            return None;
        }
        let code = match self.service.as_str() {
            "sqs" | "s3" => "AccessDenied",
            "sns" => "AuthorizationError",
            _ => "AccessDeniedException",
        };
        let status = match self.service.as_str() {
            "states" | "dynamodb" | "events" | "secretsmanager" => 400,
            _ => 403,
        };
        Some(AwsError::new(code, &*self.denial).with_status(status))
    }
}

/// IAM's word on a call; `None` for the root, whom nothing restricts.
pub(crate) fn decide(account: &Account, caller: &Caller, action: &str, params: &Value) -> Option<Permission> {
    let role_arn = caller.role_arn()?;
    // An HTTP endpoint asks for a signature only when its caller says so.
    let signs = matches!(params.get_str("AuthType"), Some("IAM_ROLE" | "RESOURCE_POLICY"));
    if action == "execute-api:Invoke" && !signs {
        return None;
    }
    let action = permission_for(action);
    let resource = resource_of(account, action, params);
    let (decision, denial) = account.iam.authorize(role_arn, caller.session_name(), action, &resource);
    let service = action.split(':').next().unwrap_or_default().to_owned();
    Some(Permission { decision, denial, service })
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
        "lambda" => params.get_str("FunctionName").map(|name| account.functions.function_arn(name)),
        "states" => account.states.resource_for(operation, params),
        _ => account.services.resource_for(action, params),
    };
    named.unwrap_or_else(|| "*".to_owned())
}

/// What stands in a message's `SenderId`.
pub(crate) fn sender_id(account: &Account, call: u64) -> Rc<str> {
    match account.open_caller(call) {
        // The id that messages from SNS carry.
        Some(Caller::Topic { .. }) => "AIDAIT2UOQQY3AUEKVGXU".into(),
        Some(caller) if caller.role_arn().is_some() => {
            let role = caller.role_arn().and_then(|arn| account.iam.role_by_arn(arn));
            format!("{}:{}", role.map_or("", |r| r.role_id()), caller.session_name()).into()
        }
        _ => account.root_id.clone(),
    }
}

/// What CreateEventSourceMapping checks of the queue and of the function's role.
pub(crate) fn mapping_facts(account: &Account, params: &Value) -> CallFacts {
    let uuid = params.get_str("UUID");
    let mapping = account.functions.mappings().find(|mapping| uuid == Some(&*mapping.uuid));
    let source = params.get_str("EventSourceArn").or(mapping.map(|mapping| &*mapping.event_source_arn));
    let Some(source) = source else { return CallFacts::default() };
    let arn = params
        .get_str("FunctionName")
        .map(|name| account.functions.function_arn(name))
        .or_else(|| Some(mapping?.function_arn.to_string()));
    let function = arn.and_then(|arn| account.functions.functions().find(|function| *function.arn == *arn));
    let may = |operation: &str| {
        let action = format!("sqs:{operation}");
        function.is_none_or(|f| account.iam.authorize(&f.configuration.role_arn, "lambda", &action, source).0.allowed)
    };
    let queue = account.queues.queues().find(|queue| queue.arn() == source);
    CallFacts {
        missing_permission: ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]
            .into_iter()
            .find(|operation| !may(operation))
            .map(str::to_owned),
        queue_exists: Some(queue.is_some()),
        queue_visibility_seconds: queue
            .and_then(|queue| queue.attributes()["VisibilityTimeout"].as_str()?.parse().ok()),
        ..CallFacts::default()
    }
}
