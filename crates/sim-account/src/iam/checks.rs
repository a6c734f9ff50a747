//! What IAM says of wrong members.

use aws_protocol::AwsError;
use iam_eval::{PolicyDocument, PolicyError};
use shared_json::Value;
use virtual_time::Timestamp;

pub(super) fn validation_error(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationError", message)
}

pub(super) fn no_such_entity(message: impl Into<String>) -> AwsError {
    AwsError::new("NoSuchEntity", message).with_status(404)
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> AwsError {
    AwsError::new("LimitExceeded", message).with_status(409)
}

fn constraint(value: &str, member: &str, constraint: &str) -> AwsError {
    let message =
        format!("1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {constraint}");
    validation_error(message)
}

/// A member that must be there. `name` as in the request (`RoleName`); IAM's texts begin it in lower case.
pub(super) fn text<'a>(params: &'a Value, name: &str) -> Result<&'a str, AwsError> {
    params.get_str(name).ok_or_else(|| constraint("null", &lowered(name), "Member must not be null"))
}

/// The name of a role or a policy: 1 to `most` of the characters `\w+=,.@-`.
pub(super) fn entity_name<'a>(params: &'a Value, name: &str, most: usize) -> Result<&'a str, AwsError> {
    let value = text(params, name)?;
    let member = lowered(name);
    let quoted = format!("'{value}'");
    if value.is_empty() {
        return Err(constraint(&quoted, &member, "Member must have length greater than or equal to 1"));
    }
    if value.chars().count() > most {
        let rule = format!("Member must have length less than or equal to {most}");
        return Err(constraint(&quoted, &member, &rule));
    }
    if !value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b)) {
        return Err(validation_error(format!(
            "The specified value for {member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
        )));
    }
    Ok(value)
}

/// A member of at most so many characters that may be left out.
pub(super) fn optional_text<'a>(params: &'a Value, name: &str, most: usize) -> Result<Option<&'a str>, AwsError> {
    let given = params.get_str(name);
    if given.is_some_and(|text| text.chars().count() > most) {
        return Err(validation_error(format!(
            "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must have length less than or equal to {most}",
            lowered(name)
        )));
    }
    Ok(given)
}

/// The member `Path`.
pub(super) fn path(params: &Value) -> Result<&str, AwsError> {
    let path = params.get_str("Path").unwrap_or("/");
    let right = path.starts_with('/') && path.ends_with('/') && path.len() <= 512;
    if !(right && path.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(validation_error(
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        ));
    }
    Ok(path)
}

/// To the second, as the CLI prints IAM's dates.
pub(super) fn date(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    text.split_once('.').map_or_else(|| text.clone(), |(seconds, _)| format!("{seconds}+00:00"))
}

fn lowered(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A document in both its forms.
pub(super) type ReadDocument = (Value, PolicyDocument);

/// A policy document: JSON text as in the API, or the JSON itself. `check` is the rule of its kind. The error has AWS's
/// words alone; [`PolicyDocument::parse`] tells the place.
pub(super) fn document(
    params: &Value,
    name: &str,
    check: fn(&PolicyDocument) -> Result<(), PolicyError>,
) -> Result<ReadDocument, AwsError> {
    let malformed = |message: String| AwsError::new("MalformedPolicyDocument", message);
    let value = match params.get(name) {
        Some(json @ Value::Object(_)) => json.clone(),
        _ => {
            let text = text(params, name)?;
            if text.is_empty() {
                let rule = "Member must have length greater than or equal to 1";
                return Err(constraint("''", &lowered(name), rule));
            }
            Value::parse(text).map_err(|_| malformed(NO_JSON.into()))?
        }
    };
    let parsed = PolicyDocument::parse(&value).and_then(|parsed| check(&parsed).map(|()| parsed));
    parsed.map(|parsed| (value, parsed)).map_err(|error| malformed(error.message))
}

/// Of text that is no JSON at all.
const NO_JSON: &str = "This policy contains invalid Json";
