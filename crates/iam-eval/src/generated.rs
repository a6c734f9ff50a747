//! The policies that the Step Functions console generates for a new execution role.
//!
//! A task whose resource is written in the definition gets that resource only; one whose resource is
//! decided at run time gets `*`. Tracing permissions come along as in the console.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html>

use std::collections::BTreeMap;

use shared_json::{Value, json};

pub use crate::trust::trust_policy;

/// What one Task state calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskUse {
    /// As in the resource ARN: `sqs`, `lambda`, `states`, `aws-sdk:sns`.
    pub service: String,
    /// As in the resource ARN (`sendMessage`, `invoke`, `startExecution.sync`) or as IAM calls it
    /// (`SendMessage`, `InvokeFunction`).
    pub action: String,
    /// The ARN that the call is about, when the definition says it.
    pub resource: Option<String>,
}

/// Names (to which the console adds an id) and documents.
#[must_use]
pub fn execution_role_policies(tasks: &[TaskUse]) -> Vec<(String, Value)> {
    let mut grouped: BTreeMap<(&str, &str), Vec<Option<&str>>> = BTreeMap::new();
    for task in tasks {
        let service = task.service.strip_prefix("aws-sdk:").unwrap_or(&task.service);
        grouped.entry((service, &task.action)).or_default().push(task.resource.as_deref());
    }
    let mut policies: Vec<(String, Value)> =
        grouped.into_iter().map(|((service, action), resources)| policy(service, action, &resources)).collect();
    policies.push(("XRayAccessPolicy".into(), xray()));
    policies
}

fn policy(service: &str, action: &str, resources: &[Option<&str>]) -> (String, Value) {
    let mut scoped: Vec<String> = Vec::new();
    for arn in resources.iter().flatten() {
        for arn in arns(service, action, arn) {
            if !scoped.contains(&arn) {
                scoped.push(arn);
            }
        }
    }
    let dynamic = resources.iter().any(Option::is_none);
    let resource = if dynamic { json!("*") } else { json!(scoped) };
    let (base, pattern) = action.split_once('.').unwrap_or((action, ""));
    let capital = capitalized(base);
    let (stem, actions) = match (service, &*capital) {
        ("lambda", "Invoke" | "InvokeFunction") => ("LambdaInvoke".into(), json!(["lambda:InvokeFunction"])),
        ("states", "StartExecution") => ("StepFunctionsStartExecution".into(), json!(["states:StartExecution"])),
        ("execute-api", _) => ("ApiGatewayInvoke".into(), json!(["execute-api:Invoke"])),
        ("events", _) => (format!("EventBridge{capital}"), json!([format!("events:{capital}")])),
        _ => (format!("{}{capital}", capitalized(service)), json!([format!("{service}:{capital}")])),
    };
    let mut statements = vec![json!({"Effect": "Allow", "Action": actions, "Resource": resource})];
    if service == "states" && pattern.starts_with("sync") {
        statements.extend(watching(resources));
    }
    let name = format!("{stem}{}AccessPolicy", if dynamic { "Full" } else { "Scoped" });
    (name, document(statements))
}

/// A function is called with and without a version, so both are granted.
fn arns(service: &str, action: &str, arn: &str) -> Vec<String> {
    let invoke = service == "lambda" && capitalized(action).starts_with("Invoke");
    if invoke { vec![arn.to_owned(), format!("{arn}:*")] } else { vec![arn.to_owned()] }
}

/// `.sync` also looks at the child, may stop it, and hears of its end through a managed rule.
fn watching(resources: &[Option<&str>]) -> Vec<Value> {
    let executions: Option<Vec<String>> = resources
        .iter()
        .map(|arn| Some(format!("{}:*", arn.as_ref()?.replacen(":stateMachine:", ":execution:", 1))))
        .collect();
    let executions = executions.map_or_else(|| json!("*"), |arns| json!(arns));
    let mut arn = resources.iter().flatten().next().map(|arn| arn.split(':').skip(3)).into_iter().flatten();
    let (region, account) = (arn.next().unwrap_or("*"), arn.next().unwrap_or("*"));
    let rule = format!("arn:aws:events:{region}:{account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule");
    vec![
        json!({"Effect": "Allow", "Action": ["states:DescribeExecution", "states:StopExecution"], "Resource": executions}),
        json!({"Effect": "Allow", "Action": ["events:PutTargets", "events:PutRule", "events:DescribeRule"], "Resource": [rule]}),
    ]
}

/// What a distributed Map takes: to start its children, to look after them and to redrive them.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
#[must_use]
pub fn distributed_map(machine_arn: &str) -> (String, Value) {
    let execution = machine_arn.replacen(":stateMachine:", ":execution:", 1);
    let statements = vec![
        json!({"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [machine_arn]}),
        json!({"Effect": "Allow", "Action": ["states:DescribeExecution", "states:StopExecution"],
            "Resource": [format!("{execution}:*")]}),
        json!({"Effect": "Allow", "Action": ["states:RedriveExecution"], "Resource": [format!("{execution}/*:*")]}),
    ];
    ("StepFunctionsStartExecutionDistributedMapPolicy".into(), document(statements))
}

/// What reading items from a bucket takes, or from wherever the run says (`None`).
#[must_use]
pub fn item_reader(bucket: Option<&str>, lists: bool) -> (String, Value) {
    let (buckets, objects) = bucket_arns(bucket);
    let statement = match lists {
        true => json!({"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": buckets}),
        false => json!({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": objects}),
    };
    let stem = if lists { "S3ListBucket" } else { "S3GetObject" };
    (format!("{stem}{}AccessPolicy", if bucket.is_none() { "Full" } else { "Scoped" }), document(vec![statement]))
}

/// What writing a Map's results takes.
#[must_use]
pub fn result_writer(bucket: Option<&str>) -> (String, Value) {
    let (_, objects) = bucket_arns(bucket);
    let actions = json!(["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]);
    let statement = json!({"Effect": "Allow"}).with("Action", actions).with("Resource", objects);
    let name = format!("S3DistributedMapResultWriter{}AccessPolicy", if bucket.is_none() { "Full" } else { "Scoped" });
    (name, document(vec![statement]))
}

fn bucket_arns(bucket: Option<&str>) -> (Value, Value) {
    match bucket {
        Some(bucket) => (json!([format!("arn:aws:s3:::{bucket}")]), json!([format!("arn:aws:s3:::{bucket}/*")])),
        None => (json!("*"), json!("*")),
    }
}

/// What a log group takes for the executions' events.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>
#[must_use]
pub fn log_delivery() -> (String, Value) {
    let statement = json!({
        "Effect": "Allow",
        "Action": [
            "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups"
        ],
        "Resource": "*",
    });
    ("CloudWatchLogsDeliveryFullAccessPolicy".into(), document(vec![statement]))
}

fn xray() -> Value {
    document(vec![json!({
        "Effect": "Allow",
        "Action": [
            "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"
        ],
        "Resource": ["*"],
    })])
}

fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": Value::array(statements)})
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PolicyDocument;

    fn generated(tasks: &[(&str, &str, Option<&str>)]) -> Vec<(String, Value)> {
        let task = |(service, action, resource): &(&str, &str, Option<&str>)| TaskUse {
            service: (*service).into(),
            action: (*action).into(),
            resource: resource.map(str::to_owned),
        };
        execution_role_policies(&tasks.iter().map(task).collect::<Vec<_>>())
    }

    #[test]
    fn static_resources_are_scoped_and_dynamic_ones_are_not() {
        let check = |task: (&str, &str, Option<&str>), name: &str, actions: Value, resource: Value| {
            let policies = generated(&[task]);
            assert_eq!(policies[0].0, name);
            assert_eq!(
                policies[0].1["Statement"][0],
                json!({"Effect": "Allow", "Action": actions, "Resource": resource})
            );
            assert_eq!(policies[1].0, "XRayAccessPolicy");
        };
        let queue = "arn:aws:sqs:eu-west-1:123456789012:Orders";
        check(
            ("sqs", "sendMessage", Some(queue)),
            "SqsSendMessageScopedAccessPolicy",
            json!(["sqs:SendMessage"]),
            json!([queue]),
        );
        check(("sqs", "sendMessage", None), "SqsSendMessageFullAccessPolicy", json!(["sqs:SendMessage"]), json!("*"));
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:F";
        check(
            ("lambda", "invoke", Some(function)),
            "LambdaInvokeScopedAccessPolicy",
            json!(["lambda:InvokeFunction"]),
            json!([function, format!("{function}:*")]),
        );
        check(
            ("lambda", "InvokeFunction", Some(function)),
            "LambdaInvokeScopedAccessPolicy",
            json!(["lambda:InvokeFunction"]),
            json!([function, format!("{function}:*")]),
        );
        check(("aws-sdk:sns", "publish", None), "SnsPublishFullAccessPolicy", json!(["sns:Publish"]), json!("*"));
    }

    #[test]
    fn what_maps_and_logs_take_is_valid() {
        let machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:M";
        let policies = [
            distributed_map(machine),
            item_reader(Some("data"), false),
            item_reader(None, true),
            result_writer(Some("data")),
            log_delivery(),
        ];
        for (name, document) in &policies {
            let parsed = PolicyDocument::parse(document).unwrap();
            parsed.check_identity_based().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let redrive = &policies[0].1["Statement"][2]["Resource"];
        assert_eq!(redrive, &json!(["arn:aws:states:eu-west-1:123456789012:execution:M/*:*"]));
        assert_eq!(policies[1].0, "S3GetObjectScopedAccessPolicy");
        assert_eq!(policies[1].1["Statement"][0]["Resource"], json!(["arn:aws:s3:::data/*"]));
        assert_eq!(
            (&*policies[2].0, &policies[2].1["Statement"][0]["Resource"]),
            ("S3ListBucketFullAccessPolicy", &json!("*"))
        );
    }

    #[test]
    fn a_synchronous_child_is_watched() {
        let child = "arn:aws:states:eu-west-1:123456789012:stateMachine:Child";
        let policies = generated(&[("states", "startExecution.sync:2", Some(child))]);
        assert_eq!(
            policies[0].1["Statement"][1]["Resource"],
            json!(["arn:aws:states:eu-west-1:123456789012:execution:Child:*"])
        );
        for (_, document) in policies {
            PolicyDocument::parse(&document).unwrap().check_identity_based().unwrap();
        }
    }
}
