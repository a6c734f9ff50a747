//! The execution role that the console makes for a new state machine: one policy for each service that the
//! workflow calls, scoped to the resource when the definition names it.

use asl::{Parsed, Service, StateKind};
use iam_eval::generated::{self, TaskUse};
use shared_json::{Value, json};

use crate::Account;

/// A role that is not made yet, for people to look at first.
#[derive(Clone, Debug, PartialEq)]
pub struct RolePlan {
    pub role_name: String,
    pub trust_policy: Value,
    /// Name and document.
    pub policies: Vec<(String, Value)>,
}

/// The trust policy by which a service may assume a role.
#[must_use]
pub fn trust_policy(service_principal: &str) -> Value {
    generated::trust_policy(service_principal)
}

/// What the console would generate for this definition.
#[must_use]
pub fn plan(state_machine_name: &str, parsed: &Parsed, account: &Account) -> RolePlan {
    let suffix = suffix(state_machine_name, account.log().len());
    RolePlan {
        role_name: format!("StepFunctions-{}-role-{suffix}", shortened(state_machine_name)),
        trust_policy: trust_policy("states.amazonaws.com"),
        policies: generated::execution_role_policies(&uses(parsed, account)),
    }
}

impl RolePlan {
    /// Makes the role through the IAM API; its ARN, or the first call's refusal.
    ///
    /// # Errors
    /// IAM's own error.
    pub fn create(&self, account: &mut Account) -> Result<String, aws_protocol::AwsError> {
        let made = account.call(
            "iam:CreateRole",
            json!({"RoleName": self.role_name, "Path": "/service-role/",
                "AssumeRolePolicyDocument": self.trust_policy.to_string()}),
        );
        let made = made.result.unwrap_or(Ok(Value::Null))?;
        for (name, document) in &self.policies {
            let put = account.call(
                "iam:PutRolePolicy",
                json!({"RoleName": self.role_name, "PolicyName": name, "PolicyDocument": document.to_string()}),
            );
            put.result.unwrap_or(Ok(Value::Null))?;
        }
        Ok(made["Role"]["Arn"].as_str().unwrap_or_default().to_owned())
    }
}

/// What the workflow's tasks call, and on which resource where the definition says so.
fn uses(parsed: &Parsed, account: &Account) -> Vec<TaskUse> {
    let Some(definition) = &parsed.checked else { return Vec::new() };
    let mut uses = Vec::new();
    for state in definition.all_states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let parameters = match state.query_language {
            asl::QueryLanguage::JsonPath => &state.source["Parameters"],
            asl::QueryLanguage::Jsonata => &state.source["Arguments"],
        };
        let (service, action, resource) = match &task.resource.service {
            Service::Optimized(service) => match &**service {
                "sqs" => ("sqs", "SendMessage", parameters.get_str("QueueUrl").and_then(queue_arn)),
                "lambda" => (
                    "lambda",
                    "InvokeFunction",
                    parameters.get_str("FunctionName").map(|name| account.functions().function_arn(name)),
                ),
                "states" => ("states", "StartExecution", parameters.get_str("StateMachineArn").map(str::to_owned)),
                _ => continue,
            },
            Service::LambdaFunction => ("lambda", "InvokeFunction", Some(task.resource.text.to_string())),
            _ => continue,
        };
        uses.push(TaskUse { service: service.into(), action: action.into(), resource });
    }
    uses
}

/// The queue's ARN from its URL; `None` for a placeholder, which the console treats as not known in advance.
fn queue_arn(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://sqs.")?;
    let (host, path) = rest.split_once('/')?;
    let region = host.strip_suffix(".amazonaws.com")?;
    let (account_id, name) = path.split_once('/')?;
    let digits = account_id.len() == 12 && account_id.bytes().all(|b| b.is_ascii_digit());
    (digits && !name.is_empty() && !name.contains('/')).then(|| format!("arn:aws:sqs:{region}:{account_id}:{name}"))
}

/// Role names hold 64 characters; the frame around the machine's name takes 28 of them.
fn shortened(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "+=,.@-_".contains(*c)).take(36).collect()
}

/// Eight hexadecimal digits that differ from one role to the next: FNV-1a over the name and the log's length.
fn suffix(name: &str, log_length: usize) -> String {
    let bytes = name.bytes().chain(log_length.to_le_bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_queue_url_names_a_queue() {
        let cases = [
            (
                "https://sqs.us-east-1.amazonaws.com/123456789012/Parcels",
                Some("arn:aws:sqs:us-east-1:123456789012:Parcels"),
            ),
            ("<PUT THE URL HERE>", None),
            ("https://sqs.us-east-1.amazonaws.com/12/Parcels", None),
            ("https://example.com/123456789012/Parcels", None),
        ];
        for (url, arn) in cases {
            assert_eq!(queue_arn(url).as_deref(), arn, "{url}");
        }
    }
}
