//! Which integrations there are, with their patterns and the parameters they cannot do without.

use crate::{Pattern, Resource, Service};

/// Actions of one service with the same patterns: (service, actions, `.sync`, `.waitForTaskToken`).
/// Source: "Integrating optimized services" of AWS's developer guide.
const INTEGRATIONS: &[(&str, &[&str], bool, bool)] = &[
    ("apigateway", &["invoke"], false, true),
    ("athena", &["startQueryExecution"], true, false),
    ("athena", &["stopQueryExecution", "getQueryExecution", "getQueryResults"], false, false),
    ("batch", &["submitJob"], true, false),
    ("bedrock", &["invokeModel"], false, true),
    ("bedrock", &["createModelCustomizationJob"], true, false),
    ("codebuild", &["startBuild", "startBuildBatch"], true, false),
    (
        "codebuild",
        &["stopBuild", "stopBuildBatch", "retryBuildBatch", "batchDeleteBuilds", "batchGetReports"],
        false,
        false,
    ),
    ("databrew", &["startJobRun"], true, false),
    ("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"], false, false),
    ("ecs", &["runTask"], true, true),
    ("eks", &["createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup"], true, true),
    ("eks", &["runJob"], true, true),
    ("eks", &["call"], false, true),
    ("elasticmapreduce", &["createCluster", "terminateCluster", "addStep"], true, false),
    (
        "elasticmapreduce",
        &["setClusterTerminationProtection", "cancelStep", "modifyInstanceFleetByName", "modifyInstanceGroupByName"],
        false,
        false,
    ),
    ("emr-containers", &["createVirtualCluster"], false, false),
    ("emr-containers", &["deleteVirtualCluster", "startJobRun"], true, false),
    (
        "emr-serverless",
        &[
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ],
        true,
        false,
    ),
    ("events", &["putEvents"], false, true),
    ("glue", &["startJobRun"], true, false),
    ("http", &["invoke"], false, false),
    ("lambda", &["invoke"], false, true),
    ("mediaconvert", &["createJob"], true, false),
    (
        "sagemaker",
        &[
            "createTrainingJob",
            "createTransformJob",
            "createLabelingJob",
            "createProcessingJob",
            "createHyperParameterTuningJob",
        ],
        true,
        false,
    ),
    ("sagemaker", &["createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"], false, false),
    ("sns", &["publish"], false, true),
    ("sqs", &["sendMessage"], false, true),
    ("states", &["startExecution"], true, true),
];

/// Services that came after the list, or whose actions are not listed there: they are not judged.
const UNJUDGED: &[&str] = &["bedrock-agentcore", "bedrockagentcore"];

/// (service, action, parameters). Source: what ValidateStateMachineDefinition asks for.
const REQUIRED: &[(&str, &str, &[&str])] = &[
    ("dynamodb", "getItem", &["TableName", "Key"]),
    ("dynamodb", "putItem", &["TableName", "Item"]),
    ("ecs", "runTask", &["TaskDefinition"]),
    ("events", "putEvents", &["Entries"]),
    ("glue", "startJobRun", &["JobName"]),
    ("lambda", "invoke", &["FunctionName"]),
    ("sns", "publish", &["Message"]),
    ("sqs", "sendMessage", &["QueueUrl", "MessageBody"]),
    ("states", "startExecution", &["StateMachineArn"]),
];

pub(super) fn is_offered(resource: &Resource) -> bool {
    let Service::Optimized(service) = &resource.service else {
        // Every AWS SDK call can wait for a token, none can wait for a job.
        return !(matches!(resource.service, Service::AwsSdk(_))
            && matches!(resource.pattern, Pattern::Sync | Pattern::Sync2));
    };
    let (service, action) = (&**service, &*resource.action);
    if UNJUDGED.contains(&service) || service.contains("${") || action.contains("${") {
        return true;
    }
    let found = INTEGRATIONS.iter().find(|(name, actions, ..)| *name == service && actions.contains(&action));
    let Some((.., sync, token)) = found else { return false };
    match resource.pattern {
        Pattern::RequestResponse => true,
        Pattern::Sync => *sync,
        Pattern::Sync2 => service == "states",
        Pattern::WaitForTaskToken => *token,
    }
}

/// The parameters without which the call makes no sense.
pub(super) fn required_parameters(resource: &Resource) -> &'static [&'static str] {
    let Service::Optimized(service) = &resource.service else { return &[] };
    let found = REQUIRED.iter().find(|(name, action, _)| *name == &**service && *action == &*resource.action);
    found.map_or(&[], |(.., parameters)| parameters)
}
