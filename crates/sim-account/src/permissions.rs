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
    // Everyone may ask who they are.
    if action == "sts:GetCallerIdentity" {
        return None;
    }
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

/// What Lambda checks of the queues and topics that records of asynchronous invocations go to.
fn target_facts(account: &Account, params: &Value) -> CallFacts {
    let destinations = params.get("DestinationConfig");
    let destination = |name: &str| destinations.and_then(|config| config.get(name)?.get_str("Destination"));
    let dead_letters = params.get("DeadLetterConfig").and_then(|config| config.get_str("TargetArn"));
    let targets = [destination("OnSuccess"), destination("OnFailure"), dead_letters];
    let targets: Vec<&str> = targets.into_iter().flatten().filter(|arn| !arn.is_empty()).collect();
    let name = params.get_str("FunctionName").map(|name| account.functions.function_arn(name));
    let function = name.and_then(|arn| account.functions.functions().find(|function| *function.arn == *arn));
    let role = params.get_str("Role").or(function.map(|function| &*function.configuration.role_arn));
    let may = |arn: &str| {
        let action = if arn.contains(":sns:") { "sns:Publish" } else { "sqs:SendMessage" };
        role.is_none_or(|role| account.iam.authorize(role, "lambda", action, arn).0.allowed)
    };
    let lost = |arn: &str| arn.contains(":sqs:") && account.queues.queue_by_arn(arn).is_none();
    CallFacts {
        lost_target: targets.iter().find(|arn| lost(arn)).map(|arn| (*arn).to_owned()),
        denied_target: targets.iter().find(|arn| !may(arn)).map(|arn| (*arn).to_owned()),
        ..CallFacts::default()
    }
}

/// What CreateEventSourceMapping checks of the queue and of the function's role.
fn mapping_facts(account: &Account, params: &Value) -> CallFacts {
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

impl Account {
    /// What lambda-sim must know of roles and queues to judge a call; also for forms that ask before they call.
    #[must_use]
    pub fn lambda_facts(&self, operation: &str, params: &Value) -> CallFacts {
        match operation {
            "CreateFunction" | "UpdateFunctionConfiguration" => CallFacts {
                role_trusts_lambda: params
                    .get_str("Role")
                    .map(|arn| self.iam.role_by_arn(arn).is_some_and(|role| role.trusts("lambda.amazonaws.com"))),
                ..target_facts(self, params)
            },
            "PutFunctionEventInvokeConfig" | "UpdateFunctionEventInvokeConfig" => target_facts(self, params),
            "CreateEventSourceMapping" | "UpdateEventSourceMapping" => mapping_facts(self, params),
            _ => CallFacts::default(),
        }
    }

    /// A mapping counts on its queue's visibility timeout, which may have changed since its last poll.
    pub(crate) fn tell_visibility(&mut self, uuid: &str) {
        let mapping = self.functions.mappings().find(|mapping| &*mapping.uuid == uuid);
        let queue = mapping.and_then(|mapping| self.queues.queue_by_arn(&mapping.event_source_arn));
        if let Some(seconds) = queue.map(|queue| queue.settings().visibility_timeout) {
            self.functions.set_queue_visibility(uuid, seconds);
        }
    }
}
