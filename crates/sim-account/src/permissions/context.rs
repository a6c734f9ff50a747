//! The condition keys of a call: what policies can ask of it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use iam_eval::{Context, account_of};
use shared_json::Value;

use super::asked::Asked;
use crate::{Account, Caller};

/// All keys of a call, the caller's and the resource's.
pub(crate) fn of_call<'a>(
    account: &'a Account,
    caller: &'a Caller,
    asked: &'a Asked,
    params: &'a Value,
) -> Context<'a> {
    let mut context = of_caller(account, caller);
    if let Some(owner) = account_of(&asked.resource) {
        context.add("aws:ResourceAccount", owner);
    }
    add_tags(&mut context, account, &asked.resource);
    add_request(&mut context, asked, params);
    context
}

/// What is known of a caller, whatever it calls.
pub(crate) fn of_caller<'a>(account: &'a Account, caller: &'a Caller) -> Context<'a> {
    let now = account.now;
    let mut context = Context::new()
        .with("aws:SecureTransport", "true")
        .with("aws:RequestedRegion", &*account.options.region)
        .with("aws:CurrentTime", now.to_rfc3339())
        .with("aws:EpochTime", (now.micros() / 1_000_000).to_string());
    match (caller, caller.role_arn()) {
        (Caller::Topic { topic_arn }, _) => {
            context.add("aws:PrincipalIsAWSService", "true");
            context.add("aws:PrincipalServiceName", "sns.amazonaws.com");
            context.add("aws:SourceArn", &**topic_arn);
            context.add("aws:SourceAccount", account_of(topic_arn).unwrap_or_default());
        }
        (_, Some(role_arn)) => add_role(&mut context, account, caller, role_arn),
        (_, None) => {
            let id = &account.options.account_id;
            context.add("aws:PrincipalIsAWSService", "false");
            context.add("aws:PrincipalArn", format!("arn:aws:iam::{id}:root"));
            context.add("aws:PrincipalAccount", &**id);
            context.add("aws:PrincipalType", "Account");
            context.add("aws:userid", &**id);
        }
    }
    context
}

fn add_role<'a>(context: &mut Context<'a>, account: &'a Account, caller: &'a Caller, role_arn: &'a str) {
    context.add("aws:PrincipalIsAWSService", "false");
    context.add("aws:PrincipalArn", role_arn);
    context.add("aws:PrincipalAccount", account_of(role_arn).unwrap_or_default());
    context.add("aws:PrincipalType", "AssumedRole");
    if let Some(role) = account.iam.role_by_arn(role_arn) {
        context.add("aws:userid", format!("{}:{}", role.role_id(), caller.session_name()));
        for (key, value) in role.tags() {
            context.add(format!("aws:PrincipalTag/{key}"), value);
        }
    }
    // Lambda puts it into the credentials of the code, not into its own calls as a trigger.
    if let Caller::Function { function_name, .. } = caller {
        context.add("lambda:SourceFunctionArn", account.functions.function_arn(function_name));
    }
}

/// The resource's tags.
fn add_tags<'a>(context: &mut Context<'a>, account: &'a Account, resource: &str) {
    let mut add = |prefix: &str, key: &str, value: &'a str| context.add(format!("{prefix}{key}"), value);
    if let Some(queue) = account.queues.queue_by_arn(resource) {
        queue.tags().for_each(|(key, value)| add("aws:ResourceTag/", key, value));
    } else if let Some(machine) = account.states.machine(resource) {
        machine.tags().for_each(|(key, value)| add("aws:ResourceTag/", key, value));
    } else if let Some(role) = account.iam.role_by_arn(resource) {
        for (key, value) in role.tags() {
            add("aws:ResourceTag/", key, value);
            add("iam:ResourceTag/", key, value);
        }
    }
}

/// Keys that come from the call's own parameters.
fn add_request<'a>(context: &mut Context<'a>, asked: &'a Asked, params: &'a Value) {
    for (key, value) in given_tags(params) {
        context.add("aws:TagKeys", key);
        context.add(format!("aws:RequestTag/{key}"), value);
    }
    for name in ["tagKeys", "TagKeys"] {
        let keys = params.get(name).and_then(Value::as_array).unwrap_or_default();
        keys.iter().filter_map(Value::as_str).for_each(|key| context.add("aws:TagKeys", key));
    }
    if let Some(service) = asked.passed_to {
        context.add("iam:PassedToService", service);
    }
    let from_params = match &*asked.action {
        "iam:AttachRolePolicy" | "iam:DetachRolePolicy" => Some(("iam:PolicyARN", "PolicyArn")),
        "iam:CreateRole" | "iam:PutRolePermissionsBoundary" => Some(("iam:PermissionsBoundary", "PermissionsBoundary")),
        "sns:Subscribe" => {
            context.add("sns:Endpoint", params.get_str("Endpoint").unwrap_or_default());
            Some(("sns:Protocol", "Protocol"))
        }
        "lambda:CreateEventSourceMapping" | "lambda:UpdateEventSourceMapping" => {
            Some(("lambda:FunctionArn", "FunctionName"))
        }
        _ => None,
    };
    if let Some((key, name)) = from_params
        && let Some(value) = params.get_str(name)
    {
        context.add(key, value);
    }
}

/// Tags as services write them: a list of `{key, value}` or `{Key, Value}`, or an object.
fn given_tags(params: &Value) -> Vec<(&str, &str)> {
    let mut given = Vec::new();
    for tags in ["tags", "Tags"].into_iter().filter_map(|name| params.get(name)) {
        let items = tags.as_array().unwrap_or_default();
        given.extend(items.iter().filter_map(|tag| {
            let part = |lower, upper| tag.get_str(lower).or_else(|| tag.get_str(upper));
            part("key", "Key").zip(part("value", "Value"))
        }));
        let members = tags.as_object().into_iter().flatten();
        given.extend(members.filter_map(|(key, value)| Some((&**key, value.as_str()?))));
    }
    given
}
