//! A service's refusal in the words of the integration that called it: the optimised integrations speak as the SDK
//! for Java 1 does, the AWS SDK integrations as its second version.

use asl::{Resource, Service};
use aws_protocol::AwsError;
use sfn_engine::ErrorOutput;

use super::request::not_simulated;

/// How one service's errors are named.
struct Names {
    /// `SQS` of `SQS.AmazonSQSException`.
    prefix: &'static str,
    /// What stands behind `Service:`.
    service: &'static str,
    /// The exception of everything that has no class of its own.
    base: &'static str,
}

/// The task's error for the service's.
pub(super) fn refusal(resource: &Resource, state_name: &str, error: &AwsError, request_id: &str) -> ErrorOutput {
    let AwsError { code, message, http_status, .. } = error;
    if code == "UnknownOperationException" {
        return not_simulated(&format!("{}:{}", resource.resource_type(), resource.action), state_name);
    }
    let (name, cause) = match &resource.service {
        Service::AwsSdk(service) => {
            let Names { prefix, service, base } = sdk_names(service);
            let exception = modelled(service, code).unwrap_or_else(|| base.to_owned());
            // S3 adds a second id of the request.
            let extended = if service == "S3" {
                format!(", Extended Request ID: {}", request_id.replace('-', ""))
            } else {
                String::new()
            };
            let message = if message.is_empty() { "null" } else { message };
            let cause = format!(
                "{message} (Service: {service}, Status Code: {http_status}, Request ID: {request_id}{extended}) (SDK Attempt Count: 1)"
            );
            (format!("{prefix}.{exception}"), cause)
        }
        Service::Optimized(_) | Service::LambdaFunction | Service::Activity | Service::Placeholder => {
            let Names { prefix, service, base } = optimised_names(&resource.resource_type());
            if code == "UnknownHost" {
                return ErrorOutput {
                    error: Some(format!("{prefix}.SdkClientException").into()),
                    cause: Some(message.as_str().into()),
                };
            }
            let exception = modelled(prefix, code).unwrap_or_else(|| base.to_owned());
            let wire_code = if code == "QueueDoesNotExist" { "AWS.SimpleQueueService.NonExistentQueue" } else { code };
            let cause = format!(
                "{message} (Service: {service}; Status Code: {http_status}; Error Code: {wire_code}; Request ID: {request_id}; Proxy: null)"
            );
            (format!("{prefix}.{exception}"), cause)
        }
    };
    ErrorOutput { error: Some(name.into()), cause: Some(cause.into()) }
}

fn optimised_names(resource_type: &str) -> Names {
    let (prefix, service, base) = match resource_type {
        "sqs" => ("SQS", "AmazonSQS", "AmazonSQSException"),
        "lambda" => ("Lambda", "AWSLambda", "AWSLambdaException"),
        "sns" => ("SNS", "AmazonSNS", "AmazonSNSException"),
        "dynamodb" => ("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
        "events" => ("EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"),
        "apigateway" => ("ApiGateway", "AmazonApiGateway", "AmazonApiGatewayException"),
        _ => ("StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"),
    };
    Names { prefix, service, base }
}

fn sdk_names(service: &str) -> Names {
    let (name, base) = match service {
        "sqs" => ("Sqs", "SqsException"),
        "lambda" => ("Lambda", "LambdaException"),
        "sns" => ("Sns", "SnsException"),
        "dynamodb" => ("DynamoDb", "DynamoDbException"),
        "eventbridge" => ("EventBridge", "EventBridgeException"),
        "s3" => ("S3", "S3Exception"),
        "secretsmanager" => ("SecretsManager", "SecretsManagerException"),
        _ => ("Sfn", "SfnException"),
    };
    Names { prefix: name, service: name, base }
}

/// The exception of an error that the SDK has a class for.
fn modelled(service: &str, code: &str) -> Option<String> {
    let general = matches!(
        code,
        "AccessDenied"
            | "AccessDeniedException"
            | "MissingParameter"
            | "InvalidParameterValue"
            | "MalformedQueryString"
            | "ValidationError"
    );
    let known = match service {
        "SQS" | "Sqs" => matches!(
            code,
            "QueueDoesNotExist"
                | "QueueNameExists"
                | "QueueDeletedRecently"
                | "InvalidMessageContents"
                | "InvalidAttributeName"
                | "InvalidIdFormat"
                | "ReceiptHandleIsInvalid"
                | "MessageNotInflight"
                | "PurgeQueueInProgress"
                | "UnsupportedOperation"
                | "OverLimit"
                | "BatchRequestTooLong"
                | "BatchEntryIdsNotDistinct"
                | "EmptyBatchRequest"
                | "InvalidBatchEntryId"
                | "TooManyEntriesInBatchRequest"
        ),
        "Sfn" => !general,
        "StepFunctions" => !general && code != "ValidationException",
        "Lambda" => matches!(
            code,
            "ResourceNotFoundException"
                | "ResourceConflictException"
                | "TooManyRequestsException"
                | "ServiceException"
                | "InvalidParameterValueException"
                | "InvalidRequestContentException"
                | "RequestTooLargeException"
                | "UnsupportedMediaTypeException"
        ),
        "SNS" | "Sns" => {
            matches!(
                code,
                "NotFound" | "InvalidParameter" | "ParameterValueInvalid" | "AuthorizationError" | "TopicLimitExceeded"
            )
        }
        "S3" => matches!(
            code,
            "NoSuchBucket"
                | "NoSuchKey"
                | "NoSuchUpload"
                | "BucketAlreadyExists"
                | "BucketAlreadyOwnedByYou"
                | "InvalidObjectState"
        ),
        "DynamoDB" | "DynamoDb" | "EventBridge" | "SecretsManager" => !general && code != "ValidationException",
        _ => false,
    };
    known.then(|| match code {
        "ParameterValueInvalid" => "InvalidParameterValueException".to_owned(),
        _ if code.ends_with("Exception") => code.to_owned(),
        _ => format!("{code}Exception"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_integration_names_errors_in_its_own_way() {
        let e = |code: &str, status| AwsError::new(code, "No.").with_status(status);
        let cases = [
            (
                "sqs:sendMessage",
                e("MissingParameter", 400),
                "SQS.AmazonSQSException",
                "No. (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: r-1; Proxy: null)",
            ),
            (
                "aws-sdk:sqs:sendMessage",
                e("QueueDoesNotExist", 400),
                "Sqs.QueueDoesNotExistException",
                "No. (Service: Sqs, Status Code: 400, Request ID: r-1) (SDK Attempt Count: 1)",
            ),
            (
                "sns:publish",
                e("NotFound", 404),
                "SNS.NotFoundException",
                "No. (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: r-1; Proxy: null)",
            ),
            (
                "dynamodb:getItem",
                e("ValidationException", 400),
                "DynamoDB.AmazonDynamoDBException",
                "No. (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: r-1; Proxy: null)",
            ),
            (
                "aws-sdk:dynamodb:query",
                e("ValidationException", 400),
                "DynamoDb.DynamoDbException",
                "No. (Service: DynamoDb, Status Code: 400, Request ID: r-1) (SDK Attempt Count: 1)",
            ),
            (
                "aws-sdk:dynamodb:putItem",
                e("ConditionalCheckFailedException", 400),
                "DynamoDb.ConditionalCheckFailedException",
                "No. (Service: DynamoDb, Status Code: 400, Request ID: r-1) (SDK Attempt Count: 1)",
            ),
            (
                "aws-sdk:s3:getObject",
                e("NoSuchKey", 404),
                "S3.NoSuchKeyException",
                "No. (Service: S3, Status Code: 404, Request ID: r-1, Extended Request ID: r1) (SDK Attempt Count: 1)",
            ),
            (
                "aws-sdk:secretsmanager:createSecret",
                e("ValidationException", 400),
                "SecretsManager.SecretsManagerException",
                "No. (Service: SecretsManager, Status Code: 400, Request ID: r-1) (SDK Attempt Count: 1)",
            ),
            (
                "aws-sdk:sfn:sendTaskSuccess",
                e("InvalidToken", 400),
                "Sfn.InvalidTokenException",
                "No. (Service: Sfn, Status Code: 400, Request ID: r-1) (SDK Attempt Count: 1)",
            ),
            (
                "states:startExecution",
                e("ExecutionAlreadyExists", 400),
                "StepFunctions.ExecutionAlreadyExistsException",
                "No. (Service: AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; Request ID: r-1; Proxy: null)",
            ),
            (
                "lambda:invoke",
                e("AccessDeniedException", 403),
                "Lambda.AWSLambdaException",
                "No. (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: r-1; Proxy: null)",
            ),
        ];
        for (resource, error, name, cause) in cases {
            let resource = Resource::parse(&format!("arn:aws:states:::{resource}")).unwrap();
            let told = refusal(&resource, "Call", &error, "r-1");
            assert_eq!((told.error.as_deref(), told.cause.as_deref()), (Some(name), Some(cause)));
        }
    }

    #[test]
    fn a_missing_simulation_names_the_missing_mock() {
        let resource = Resource::parse("arn:aws:states:::aws-sdk:s3:putBucketAcl").unwrap();
        let told = refusal(&resource, "Open", &AwsError::new("UnknownOperationException", "x"), "r");
        assert_eq!(told.error.as_deref(), Some("Stepyard.NotSimulated"));
        assert!(told.cause.unwrap().contains("give the state 'Open' a mocked response"));
    }
}
