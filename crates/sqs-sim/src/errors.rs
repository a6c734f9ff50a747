//! How SQS refuses: codes as the query-compatible JSON protocol gives them, and AWS's texts.

use aws_protocol::AwsError;

/// The exception's name in SDKs that follow the JSON protocol (`QueueDoesNotExist`) for an error's code
/// (`AWS.SimpleQueueService.NonExistentQueue`).
#[must_use]
pub fn exception_name(code: &str) -> &str {
    match code {
        "AWS.SimpleQueueService.NonExistentQueue" => "QueueDoesNotExist",
        "QueueAlreadyExists" => "QueueNameExists",
        "InvalidParameterValue" => "InvalidParameterValueException",
        "MissingParameter" => "MissingRequiredParameterException",
        other => other.strip_prefix("AWS.SimpleQueueService.").unwrap_or(other),
    }
}

pub(crate) fn invalid_parameter(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValue", message)
}

pub(crate) fn invalid_value(parameter: &str, value: &str, reason: &str) -> AwsError {
    invalid_parameter(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

/// Why a member is refused that only the other kind of queue knows.
pub(crate) const NOT_FOR_THIS_TYPE: &str = "The request include parameter that is not valid for this queue type.";

/// The rule for the ids that callers choose: MessageGroupId, MessageDeduplicationId, ReceiveRequestAttemptId.
pub(crate) fn check_id(name: &str, id: &str) -> Result<(), AwsError> {
    if id.is_empty() || id.len() > 128 || !id.bytes().all(|b| b.is_ascii_graphic()) {
        let reason = format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        return Err(invalid_value(name, id, &reason));
    }
    Ok(())
}

pub(crate) fn missing_parameter(name: &str) -> AwsError {
    AwsError::new("MissingParameter", format!("The request must contain the parameter {name}."))
}

pub(crate) fn unknown_attribute(name: &str) -> AwsError {
    AwsError::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

pub(crate) fn invalid_attribute_value(name: &str) -> AwsError {
    AwsError::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}."))
}

pub(crate) fn queue_does_not_exist() -> AwsError {
    simple("NonExistentQueue", "The specified queue does not exist.")
}

pub(crate) fn unsupported(message: impl Into<String>) -> AwsError {
    simple("UnsupportedOperation", message)
}

pub(crate) fn receipt_handle_is_invalid(handle: &str) -> AwsError {
    let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
    AwsError::new("ReceiptHandleIsInvalid", message).with_status(404)
}

/// An error whose code carries the old service prefix.
pub(crate) fn simple(name: &str, message: impl Into<String>) -> AwsError {
    AwsError::new(format!("AWS.SimpleQueueService.{name}"), message)
}
