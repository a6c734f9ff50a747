//! Reading parameters, with the words in which Lambda refuses them.

use aws_protocol::AwsError;
use shared_json::Value;

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValueException", message)
}

pub(super) fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceNotFoundException", message).with_status(404)
}

/// A value that breaks a rule of the API's model.
pub(super) fn constraint(value: Option<&str>, member: &str, rule: &str) -> AwsError {
    let value = value.map_or("null".to_owned(), |value| format!("'{value}'"));
    AwsError::new(
        "ValidationException",
        format!("1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {rule}"),
    )
}

/// A member of the wrong JSON type.
fn serialization(member: &str) -> AwsError {
    AwsError::new("SerializationException", format!("{member} has a value of the wrong type"))
}

/// `BatchSize` is `batchSize` in Lambda's messages.
pub(super) fn lower_first(member: &str) -> String {
    let mut letters = member.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

fn present<'a>(params: &'a Value, member: &str) -> Option<&'a Value> {
    params.get(member).filter(|value| !value.is_null())
}

pub(super) fn text<'a>(params: &'a Value, member: &str) -> Result<Option<&'a str>, AwsError> {
    present(params, member).map(|value| value.as_str().ok_or_else(|| serialization(member))).transpose()
}

pub(super) fn required<'a>(params: &'a Value, member: &str) -> Result<&'a str, AwsError> {
    text(params, member)?.ok_or_else(|| constraint(None, &lower_first(member), "Member must not be null"))
}

/// Text of at most `longest` characters.
pub(super) fn bounded<'a>(params: &'a Value, member: &str, longest: usize) -> Result<Option<&'a str>, AwsError> {
    let Some(value) = text(params, member)? else { return Ok(None) };
    if value.chars().count() > longest {
        let rule = format!("Member must have length less than or equal to {longest}");
        return Err(constraint(Some(value), &lower_first(member), &rule));
    }
    Ok(Some(value))
}

pub(super) fn flag(params: &Value, member: &str) -> Result<Option<bool>, AwsError> {
    present(params, member).map(|value| value.as_bool().ok_or_else(|| serialization(member))).transpose()
}

pub(super) fn number(params: &Value, member: &str, least: u32, most: u32) -> Result<Option<u32>, AwsError> {
    let Some(value) = present(params, member) else { return Ok(None) };
    let number = value.as_i64().ok_or_else(|| serialization(member))?;
    let rule = if number < i64::from(least) {
        format!("Member must have value greater than or equal to {least}")
    } else if number > i64::from(most) {
        format!("Member must have value less than or equal to {most}")
    } else {
        return u32::try_from(number).map(Some).map_err(|_| serialization(member));
    };
    Err(constraint(Some(&number.to_string()), &lower_first(member), &rule))
}
