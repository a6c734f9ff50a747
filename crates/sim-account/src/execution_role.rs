//! The execution role that the console makes for a new state machine: one policy for each service that the
//! workflow calls, scoped to the resource when the definition names it.

use asl::{MapMode, Parsed, Pattern, Service, StateKind};
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
    let mut policies = generated::execution_role_policies(&uses(parsed, account));
    policies.extend(maps(state_machine_name, parsed, account));
    RolePlan {
        role_name: format!("StepFunctions-{}-role-{suffix}", shortened(state_machine_name)),
        trust_policy: trust_policy("states.amazonaws.com"),
        policies,
    }
}

impl RolePlan {
    /// The same for a machine whose executions leave log events.
    #[must_use]
    pub fn with_log_delivery(mut self) -> Self {
        self.policies.push(generated::log_delivery());
        self
    }

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
            Service::Optimized(service) => match optimized(service, task, parameters, account) {
                Some(found) => found,
                None => continue,
            },
            Service::LambdaFunction => ("lambda", "InvokeFunction".into(), Some(task.resource.text.to_string())),
            // The console generates nothing for calls through an SDK.
            _ => continue,
        };
        uses.push(TaskUse { service: service.into(), action, resource });
    }
    uses
}

/// IAM's service and action of an optimised integration, and the resource when the definition names it.
fn optimized(
    service: &str,
    task: &asl::TaskState,
    parameters: &Value,
    account: &Account,
) -> Option<(&'static str, String, Option<String>)> {
    let options = account.options();
    let local =
        |service: &str, name: String| format!("arn:aws:{service}:{}:{}:{name}", options.region, options.account_id);
    let given = |key: &str| parameters.get_str(key).filter(|text| !text.starts_with("{%"));
    let waits = matches!(task.resource.pattern, Pattern::Sync | Pattern::Sync2);
    Some(match service {
        "sqs" => ("sqs", "SendMessage".into(), given("QueueUrl").and_then(queue_arn)),
        "lambda" => (
            "lambda",
            "InvokeFunction".into(),
            given("FunctionName").map(|name| account.functions().function_arn(name)),
        ),
        "states" => {
            let action = if waits { "StartExecution.sync" } else { "StartExecution" };
            ("states", action.into(), given("StateMachineArn").map(str::to_owned))
        }
        "sns" => ("sns", "Publish".into(), given("TopicArn").or_else(|| given("TargetArn")).map(str::to_owned)),
        "dynamodb" => {
            let table = given("TableName").map(|name| match name.starts_with("arn:") {
                true => name.to_owned(),
                false => local("dynamodb", format!("table/{name}")),
            });
            ("dynamodb", task.resource.action.to_string(), table)
        }
        "events" => {
            ("events", "PutEvents".into(), event_bus(parameters).map(|bus| local("events", format!("event-bus/{bus}"))))
        }
        "apigateway" => ("execute-api", "Invoke".into(), None),
        _ => return None,
    })
}

/// The bus of all entries, when the definition says it: the default one if they name none.
fn event_bus(parameters: &Value) -> Option<&str> {
    let entries = parameters.get("Entries").and_then(Value::as_array)?;
    let mut buses = entries.iter().map(|entry| match entry.get("EventBusName") {
        Some(name) => name.as_str().filter(|name| !name.starts_with("{%")),
        None => entry.get("EventBusName.$").is_none().then_some("default"),
    });
    let first = buses.next()??;
    buses.all(|bus| bus == Some(first)).then_some(first)
}

/// What the distributed Maps of a workflow take besides their Tasks.
fn maps(state_machine_name: &str, parsed: &Parsed, account: &Account) -> Vec<(String, Value)> {
    let Some(definition) = &parsed.checked else { return Vec::new() };
    let options = account.options();
    let mut policies: Vec<(String, Value)> = Vec::new();
    for state in definition.all_states() {
        let StateKind::Map(map) = &state.kind else { continue };
        if !matches!(map.mode, MapMode::Distributed { .. }) {
            continue;
        }
        let machine =
            format!("arn:aws:states:{}:{}:stateMachine:{state_machine_name}", options.region, options.account_id);
        let mut found = vec![generated::distributed_map(&machine)];
        let bucket = |field: &Value| {
            let arguments = field.get("Parameters").or_else(|| field.get("Arguments"));
            arguments
                .and_then(|arguments| arguments.get_str("Bucket"))
                .filter(|text| !text.starts_with("{%"))
                .map(str::to_owned)
        };
        if let Some(reader) = state.source.get("ItemReader") {
            let lists = reader.get_str("Resource").is_some_and(|resource| resource.contains("listObjects"));
            found.push(generated::item_reader(bucket(reader).as_deref(), lists));
        }
        if let Some(writer) = state.source.get("ResultWriter").filter(|writer| writer.get("Resource").is_some()) {
            found.push(generated::result_writer(bucket(writer).as_deref()));
        }
        for (name, document) in found {
            // Of two Maps that read different buckets, each gets a policy of its own.
            let same = policies.iter().filter(|(known, _)| known.starts_with(&*name)).collect::<Vec<_>>();
            if !same.iter().any(|(_, known)| *known == document) {
                let number = same.len();
                policies.push((if number == 0 { name } else { format!("{name}-{}", number + 1) }, document));
            }
        }
    }
    policies
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
    fn every_task_and_map_gets_what_it_takes() {
        let definition = json!({"StartAt": "Send", "States": {
            "Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Far",
                "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/Parcels", "MessageBody": "a"}},
            "Far": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Child",
                "Parameters": {"QueueUrl.$": "$.url", "MessageBody": "a"}},
            "Child": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Next": "Save",
                "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:C"}},
            "Save": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "Tell",
                "Parameters": {"TableName": "T", "Item": {}}},
            "Tell": {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "Next": "All",
                "Parameters": {"Entries": [{"Source": "s", "DetailType": "d", "Detail": {}}]}},
            "All": {"Type": "Map", "End": true, "Label": "all",
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
                    "Parameters": {"Bucket": "data", "Key": "k"}},
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}
        }});
        let parsed = asl::parse(&definition.to_string());
        assert!(parsed.checked.is_some(), "{:?}", parsed.diagnostics);
        let account = Account::new(crate::AccountOptions::default());
        let plan = plan("M", &parsed, &account).with_log_delivery();
        let granted: Vec<(&str, Vec<String>)> = plan
            .policies
            .iter()
            .map(|(name, document)| {
                let statements = document["Statement"].as_array().unwrap();
                (&**name, statements.iter().map(|statement| statement["Resource"].to_string()).collect())
            })
            .collect();
        let text = |resources: &[&str]| resources.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let here = |rest: &str| format!(r#"["arn:aws:{rest}"]"#);
        assert_eq!(
            granted,
            [
                ("DynamodbPutItemScopedAccessPolicy", vec![here("dynamodb:us-east-1:123456789012:table/T")]),
                (
                    "EventBridgePutEventsScopedAccessPolicy",
                    vec![here("events:us-east-1:123456789012:event-bus/default")]
                ),
                ("SqsSendMessageFullAccessPolicy", text(&[r#""*""#])),
                (
                    "StepFunctionsStartExecutionScopedAccessPolicy",
                    vec![
                        here("states:us-east-1:123456789012:stateMachine:C"),
                        here("states:us-east-1:123456789012:execution:C:*"),
                        here("events:us-east-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"),
                    ]
                ),
                ("XRayAccessPolicy", text(&[r#"["*"]"#])),
                (
                    "StepFunctionsStartExecutionDistributedMapPolicy",
                    vec![
                        here("states:us-east-1:123456789012:stateMachine:M"),
                        here("states:us-east-1:123456789012:execution:M:*"),
                        here("states:us-east-1:123456789012:execution:M/*:*"),
                    ]
                ),
                ("S3GetObjectScopedAccessPolicy", vec![here("s3:::data/*")]),
                ("S3DistributedMapResultWriterScopedAccessPolicy", vec![here("s3:::out/*")]),
                ("CloudWatchLogsDeliveryFullAccessPolicy", text(&[r#""*""#])),
            ]
        );
    }

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
