//! What Lambda asks of roles, queues and topics before it accepts a function, a trigger or a destination.

use lambda_sim::CallFacts;
use shared_json::Value;

use super::assume;
use crate::Account;

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
        role.is_none_or(|role| account.simulate(role, action, arn, &[]).decision.allowed)
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
        function.is_none_or(|f| account.simulate(&f.configuration.role_arn, &action, source, &[]).decision.allowed)
    };
    let queue = account.queues.queue_by_arn(source);
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
                role_trusts_lambda: params.get_str("Role").map(|role_arn| {
                    let name = params.get_str("FunctionName").unwrap_or_default();
                    let function_arn = self.functions.function_arn(name);
                    assume::service_may_assume(self, "lambda.amazonaws.com", role_arn, &function_arn)
                }),
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
