//! Message attributes: what SNS accepts, and how subscribers see them.

use aws_protocol::AwsError;
use shared_json::{Value, json};

/// One attribute that was found good.
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) data_type: &'a str,
    pub(super) value: String,
}

impl Attribute<'_> {
    fn is_binary(&self) -> bool {
        self.data_type == "Binary" || self.data_type.starts_with("Binary.")
    }

    /// As a notification shows it.
    pub(super) fn shown(&self) -> Value {
        json!({"Type": self.data_type, "Value": self.value})
    }

    /// As an SQS message attribute.
    pub(super) fn forwarded(&self) -> Value {
        let key = if self.is_binary() { "BinaryValue" } else { "StringValue" };
        json!({"DataType": self.data_type, key: self.value})
    }
}

pub(super) fn read(params: &Value) -> Result<Vec<Attribute<'_>>, AwsError> {
    let members = params.get("MessageAttributes").and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, attribute)| checked(name, attribute)).collect()
}

fn checked<'a>(name: &'a str, attribute: &'a Value) -> Result<Attribute<'a>, AwsError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || name.len() > 256 || !name.chars().all(allowed) {
        return Err(refused("Invalid non-alphanumeric character '#x20' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.".to_owned()));
    }
    let data_type = attribute.get_str("DataType").unwrap_or_default();
    if data_type.is_empty() {
        return Err(refused(format!("The message attribute '{name}' must contain non-empty message attribute type.")));
    }
    let kind = data_type.split('.').next().unwrap_or_default();
    if !["String", "Number", "Binary"].contains(&kind) {
        return Err(refused(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is \
             Binary, Number, and String."
        )));
    }
    let key = if kind == "Binary" { "BinaryValue" } else { "StringValue" };
    let value = match attribute.get(key) {
        Some(Value::String(text)) => text.to_string(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    if value.is_empty() {
        return Err(refused(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute type \
             '{data_type}'."
        )));
    }
    if kind == "Number" && value.parse::<f64>().is_err() {
        return Err(refused(format!("Could not cast message attribute '{name}' value to number.")));
    }
    let list = |text: &str| Value::parse(text).is_ok_and(|value| value.as_array().is_some());
    if data_type == "String.Array" && !list(&value) {
        return Err(refused(format!("Message attribute '{name}' value must be a JSON array.")));
    }
    Ok(Attribute { name, data_type, value })
}

fn refused(message: String) -> AwsError {
    AwsError::new("ParameterValueInvalid", message)
}
