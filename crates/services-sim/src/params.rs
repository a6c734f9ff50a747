//! Reading a call's parameters.

use aws_protocol::AwsError;
use shared_json::Value;

/// A required text; the constraint's wording is that of the services' common validation.
pub(crate) fn required<'a>(params: &'a Value, key: &str) -> Result<&'a str, AwsError> {
    params.get_str(key).ok_or_else(|| missing(key))
}

pub(crate) fn missing(key: &str) -> AwsError {
    let mut chars = key.chars();
    let name: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
    AwsError::new(
        "ValidationException",
        format!(
            "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
        ),
    )
}

/// An optional whole number.
pub(crate) fn number(params: &Value, key: &str) -> Option<usize> {
    params.get(key).and_then(Value::as_i64).and_then(|number| usize::try_from(number).ok())
}

pub(crate) fn not_simulated(action: &str) -> AwsError {
    AwsError::new("UnknownOperationException", format!("{action} is not simulated here."))
}
