//! Which API action answers a Task, by its Resource.

use crate::table::Service;

/// The action whose output a Task's result has.
#[derive(Clone, Debug)]
pub struct Api {
    pub(crate) service: Service,
    pub(crate) output: usize,
    /// Members in which an optimized integration gives JSON where the API has text.
    pub(crate) json: &'static [&'static str],
    /// Whether timestamps may be numbers: what a `.sync` integration polls has been through the SDK's own JSON.
    pub(crate) numeric_timestamps: bool,
}

impl Api {
    /// The action behind a Resource such as `arn:aws:states:::sqs:sendMessage`; none for activities, functions named by
    /// their own ARN, callbacks (whose results come from whoever has the token), integrations that are no API action
    /// (`apigateway:invoke`, `http:invoke`, `eks:call`…), and what the table does not have.
    #[must_use]
    pub fn of_resource(resource: &str) -> Option<Api> {
        let mut parts = resource.splitn(6, ':');
        let prefix = (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let ("arn", _, "states", _, _) = prefix else { return None };
        let integration = parts.next()?;
        match integration.strip_prefix("aws-sdk:") {
            Some(api) => {
                let (service, action) = api.split_once(':')?;
                let plain = action.split_once('.').is_none();
                plain.then(|| Api::find(sdk_name(service), action, &[], false)).flatten()
            }
            None => {
                let (service, action) = integration.split_once(':')?;
                match action.split_once('.') {
                    None => optimized(service, action),
                    Some((action, "sync")) => polled(service, action, &[]),
                    Some((action, "sync:2")) => polled(service, action, &["Input", "Output"]),
                    Some(_) => None,
                }
            }
        }
    }

    fn find(service: &str, action: &str, json: &'static [&'static str], numeric_timestamps: bool) -> Option<Api> {
        let service = Service::find(service)?;
        let output = service.output(action)?;
        Some(Api { service, output, json, numeric_timestamps })
    }
}

/// What a request-response integration calls.
fn optimized(service: &str, action: &str) -> Option<Api> {
    match service {
        "events" => Api::find("eventbridge", action, &[], false),
        "states" => Api::find("sfn", action, &[], false),
        "lambda" => Api::find("lambda", action, &["Payload"], false),
        "emr-containers" => Api::find("emrcontainers", action, &[], false),
        "emr-serverless" => Api::find("emrserverless", action, &[], false),
        "athena" | "batch" | "codebuild" | "databrew" | "dynamodb" | "ecs" | "glue" | "mediaconvert" | "sagemaker"
        | "sns" | "sqs" => Api::find(service, action, &[], false),
        // These give answers of their own making: apigateway, bedrock, eks, elasticmapreduce, http.
        _ => None,
    }
}

/// What a `.sync` integration gives in the end: the last answer of the action that it polls. Those that give a part of
/// that answer only (a job, a task, a build) are left out.
fn polled(service: &str, action: &str, json: &'static [&'static str]) -> Option<Api> {
    match (service, action) {
        ("states", "startExecution") => Api::find("sfn", "describeExecution", json, true),
        ("athena", "startQueryExecution") => Api::find("athena", "getQueryExecution", json, true),
        ("sagemaker", "createTrainingJob") => Api::find("sagemaker", "describeTrainingJob", json, true),
        ("sagemaker", "createTransformJob") => Api::find("sagemaker", "describeTransformJob", json, true),
        ("sagemaker", "createProcessingJob") => Api::find("sagemaker", "describeProcessingJob", json, true),
        _ => None,
    }
}

/// The service id of an SDK integration: a few services have had two names.
fn sdk_name(service: &str) -> &str {
    match service {
        "events" => "eventbridge",
        "stepfunctions" => "sfn",
        "logs" => "cloudwatchlogs",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_names_the_action_that_answers() {
        for judged in [
            "arn:aws:states:::sqs:sendMessage",
            "arn:aws:states:::aws-sdk:sqs:sendMessage",
            "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue",
            "arn:aws:states:::aws-sdk:eventbridge:putEvents",
            "arn:aws:states:::aws-sdk:cloudwatchlogs:describeLogGroups",
            "arn:aws:states:::events:putEvents",
            "arn:aws:states:::states:startExecution",
            "arn:aws:states:::states:startExecution.sync:2",
            "arn:aws:states:::athena:startQueryExecution.sync",
            "arn:aws-cn:states:::lambda:invoke",
        ] {
            assert!(Api::of_resource(judged).is_some(), "{judged}");
        }
        for free in [
            "arn:aws:lambda:us-east-1:111122223333:function:f",
            "arn:aws:states:us-east-1:111122223333:activity:a",
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken",
            "arn:aws:states:::apigateway:invoke",
            "arn:aws:states:::http:invoke",
            "arn:aws:states:::batch:submitJob.sync",
            "arn:aws:states:::aws-sdk:nosuchservice:do",
            "arn:aws:states:::aws-sdk:sqs:noSuchAction",
            "arn:aws:states",
            "",
        ] {
            assert!(Api::of_resource(free).is_none(), "{free}");
        }
    }
}
