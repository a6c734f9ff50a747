//! AWS managed policies as data: those that workflows, functions and queues meet. Documents hold the
//! essence for the services simulated here, not every action that AWS's own list.

/// A policy that AWS keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    pub name: &'static str,
    pub arn: &'static str,
    pub description: &'static str,
    /// JSON text.
    pub document: &'static str,
}

/// All of them, by name.
#[must_use]
pub fn all() -> &'static [ManagedPolicy] {
    POLICIES
}

#[must_use]
pub fn by_arn(arn: &str) -> Option<&'static ManagedPolicy> {
    POLICIES.iter().find(|policy| policy.arn == arn)
}

macro_rules! policies {
    ($($path:literal $name:literal, $description:literal, $statements:literal;)*) => {
        &[$(ManagedPolicy {
            name: $name,
            arn: concat!("arn:aws:iam::aws:policy/", $path, $name),
            description: $description,
            document: concat!(r#"{"Version":"2012-10-17","Statement":["#, $statements, "]}"),
        }),*]
    };
}

const POLICIES: &[ManagedPolicy] = policies! {
    "service-role/" "AWSLambdaBasicExecutionRole", "Provides write permissions to CloudWatch Logs.",
        r#"{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}"#;
    "service-role/" "AWSLambdaRole", "Default policy for AWS Lambda service role.",
        r#"{"Effect":"Allow","Action":["lambda:InvokeFunction"],"Resource":["*"]}"#;
    "service-role/" "AWSLambdaSQSQueueExecutionRole", "Provides receive message, delete message, and read attribute access to SQS queues, and write permissions to CloudWatch logs.",
        r#"{"Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}"#;
    "" "AWSLambda_FullAccess", "Grants full access to AWS Lambda and to the services that its console uses.",
        r#"{"Effect":"Allow","Action":["cloudformation:DescribeStacks","cloudformation:ListStackResources","cloudwatch:GetMetricData","cloudwatch:ListMetrics","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole","iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles","lambda:*","logs:DescribeLogGroups","states:DescribeStateMachine","states:ListStateMachines","tag:GetResources","xray:BatchGetTraces","xray:GetTraceSummaries"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}},{"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}"#;
    "" "AWSLambda_ReadOnlyAccess", "Grants read-only access to AWS Lambda and to the services that its console uses.",
        r#"{"Effect":"Allow","Action":["cloudwatch:GetMetricData","cloudwatch:ListMetrics","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole","iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles","lambda:Get*","lambda:List*","logs:DescribeLogGroups","states:DescribeStateMachine","states:ListStateMachines","tag:GetResources","xray:BatchGetTraces","xray:GetTraceSummaries"],"Resource":"*"},{"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}"#;
    "" "AWSStepFunctionsConsoleFullAccess", "An access policy for providing a user, role or group access to the AWS Step Functions console.",
        r#"{"Effect":"Allow","Action":"states:*","Resource":"*"},{"Effect":"Allow","Action":["iam:ListRoles","lambda:ListFunctions"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/service-role/StatesExecutionRole*"}"#;
    "" "AWSStepFunctionsFullAccess", "An access policy for providing a user, role or group access to the AWS Step Functions API.",
        r#"{"Effect":"Allow","Action":"states:*","Resource":"*"}"#;
    "" "AWSStepFunctionsReadOnlyAccess", "An access policy for providing a user, role or group read only access to the AWS Step Functions service.",
        r#"{"Effect":"Allow","Action":["states:ListStateMachines","states:ListActivities","states:DescribeStateMachine","states:DescribeStateMachineForExecution","states:ListExecutions","states:DescribeExecution","states:GetExecutionHistory","states:DescribeActivity","states:ListMapRuns","states:DescribeMapRun","states:ListStateMachineVersions","states:ListStateMachineAliases","states:DescribeStateMachineAlias","states:ListTagsForResource","states:ValidateStateMachineDefinition"],"Resource":"*"}"#;
    "" "AWSXRayDaemonWriteAccess", "Allow the AWS X-Ray Daemon to relay raw trace segments data to the service's API and retrieve sampling data to be used by the X-Ray SDK.",
        r#"{"Effect":"Allow","Action":["xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingRules","xray:GetSamplingTargets","xray:GetSamplingStatisticSummaries"],"Resource":["*"]}"#;
    "" "AdministratorAccess", "Provides full access to AWS services and resources.",
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    "" "AmazonSNSFullAccess", "Provides full access to Amazon SNS via the AWS Management Console.",
        r#"{"Effect":"Allow","Action":["sns:*"],"Resource":"*"}"#;
    "" "AmazonSQSFullAccess", "Provides full access to Amazon SQS via the AWS Management Console.",
        r#"{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}"#;
    "" "AmazonSQSReadOnlyAccess", "Provides read only access to Amazon SQS via the AWS Management Console.",
        r#"{"Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:GetQueueUrl","sqs:ListDeadLetterSourceQueues","sqs:ListQueues","sqs:ListMessageMoveTasks","sqs:ListQueueTags"],"Resource":"*"}"#;
    "" "CloudWatchLogsFullAccess", "Provides full access to CloudWatch Logs",
        r#"{"Effect":"Allow","Action":["logs:*","cloudwatch:GenerateQuery"],"Resource":"*"}"#;
    "" "CloudWatchLogsReadOnlyAccess", "Provides read only access to CloudWatch Logs",
        r#"{"Effect":"Allow","Action":["logs:Describe*","logs:Get*","logs:List*","logs:StartQuery","logs:StopQuery","logs:TestMetricFilter","logs:FilterLogEvents"],"Resource":"*"}"#;
    "" "IAMFullAccess", "Provides full access to IAM via the AWS Management Console.",
        r#"{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount","organizations:DescribeOrganization","organizations:ListPolicies"],"Resource":"*"}"#;
    "" "IAMReadOnlyAccess", "Provides read only access to IAM via the AWS Management Console.",
        r#"{"Effect":"Allow","Action":["iam:GenerateCredentialReport","iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}"#;
    "" "PowerUserAccess", "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
        r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization","account:ListRegions"],"Resource":"*"}"#;
    "" "ReadOnlyAccess", "Provides read-only access to AWS services and resources.",
        r#"{"Effect":"Allow","Action":["cloudwatch:Describe*","cloudwatch:Get*","cloudwatch:List*","dynamodb:BatchGet*","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*","dynamodb:Query","dynamodb:Scan","events:Describe*","events:List*","iam:Get*","iam:List*","lambda:Get*","lambda:List*","logs:Describe*","logs:FilterLogEvents","logs:Get*","s3:Get*","s3:List*","sns:Get*","sns:List*","sqs:Get*","sqs:List*","sqs:Receive*","states:Describe*","states:GetExecutionHistory","states:List*","xray:BatchGetTraces","xray:Get*"],"Resource":"*"}"#;
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PolicyDocument;

    #[test]
    fn every_document_is_a_valid_identity_based_policy() {
        for policy in all() {
            let document =
                PolicyDocument::parse_text(policy.document).unwrap_or_else(|e| panic!("{}: {e}", policy.name));
            document.check_identity_based().unwrap();
        }
        assert!(by_arn("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole").is_some());
    }

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(all().windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
