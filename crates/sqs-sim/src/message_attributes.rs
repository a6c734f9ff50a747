//! Message attributes: reading, checking, weighing, hashing.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared_json::{Value, json};

use crate::errors::invalid_parameter;
use crate::ids::md5_hex;

/// One attribute: its type with the custom suffix as written, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageAttribute {
    pub data_type: Rc<str>,
    pub value: AttributeValue,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// Of `String` and `Number` attributes.
    Text(Rc<str>),
    Binary(Rc<[u8]>),
}

impl MessageAttribute {
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.value {
            AttributeValue::Text(text) => json!({"DataType": &*self.data_type, "StringValue": &**text}),
            AttributeValue::Binary(bytes) => {
                json!({"BinaryValue": STANDARD.encode(bytes), "DataType": &*self.data_type})
            }
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.value {
            AttributeValue::Text(text) => text.as_bytes(),
            AttributeValue::Binary(bytes) => bytes,
        }
    }

    fn read(name: &str, given: &Value) -> Result<Self, AwsError> {
        let data_type = given.get_str("DataType").unwrap_or_default();
        if data_type.is_empty() {
            return Err(invalid_parameter(format!(
                "The message attribute '{name}' must contain a non-empty message attribute type."
            )));
        }
        for list in ["StringListValues", "BinaryListValues"] {
            if given.get(list).and_then(Value::as_array).is_some_and(|items| !items.is_empty()) {
                return Err(crate::errors::unsupported(
                    "Message attribute list values in SendMessage operation are not supported.",
                ));
            }
        }
        let (base, _) = data_type.split_once('.').unwrap_or((data_type, ""));
        let empty = || {
            invalid_parameter(format!(
                "The message attribute '{name}' must contain a non-empty message attribute value for message attribute type '{data_type}'."
            ))
        };
        let value = match base {
            "String" | "Number" => {
                let text = given.get("StringValue").and_then(Value::as_shared_str).filter(|t| !t.is_empty());
                let text = text.ok_or_else(empty)?;
                if base == "Number" && text.trim().parse::<f64>().is_err() {
                    return Err(invalid_parameter(format!(
                        "Can't cast the value of message (user) attribute '{name}' to a number."
                    )));
                }
                AttributeValue::Text(text.clone())
            }
            "Binary" => {
                let text = given.get_str("BinaryValue").filter(|t| !t.is_empty()).ok_or_else(empty)?;
                let bytes = STANDARD.decode(text).map_err(|_| {
                    AwsError::new("SerializationException", "Unexpected token: could not convert string to blob")
                })?;
                AttributeValue::Binary(bytes.into())
            }
            _ => {
                return Err(invalid_parameter(format!(
                    "The type of message (user) attribute '{name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
                )));
            }
        };
        Ok(MessageAttribute { data_type: data_type.into(), value })
    }
}

/// Reads the member `MessageAttributes` of a call.
pub(crate) fn read(given: Option<&Value>, most: usize) -> Result<BTreeMap<Rc<str>, MessageAttribute>, AwsError> {
    let mut attributes = BTreeMap::new();
    let Some(members) = given.and_then(Value::as_object) else { return Ok(attributes) };
    if members.len() > most {
        return Err(invalid_parameter(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{most}].",
            members.len()
        )));
    }
    for (name, value) in members {
        check_name(name)?;
        attributes.insert(name.clone(), MessageAttribute::read(name, value)?);
    }
    Ok(attributes)
}

/// `MessageSystemAttributes`: AWSTraceHeader is the only one that can be sent.
pub(crate) fn read_trace_header(given: Option<&Value>) -> Result<Option<Rc<str>>, AwsError> {
    let Some(members) = given.and_then(Value::as_object) else { return Ok(None) };
    let mut header = None;
    for (name, value) in members {
        if &**name != "AWSTraceHeader" {
            return Err(invalid_parameter(format!("Message system attribute name '{name}' is invalid.")));
        }
        if let AttributeValue::Text(text) = MessageAttribute::read(name, value)?.value {
            header = Some(text);
        }
    }
    Ok(header)
}

fn check_name(name: &str) -> Result<(), AwsError> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return Err(invalid_parameter("You can't use message attribute names beginning with 'AWS.' or 'Amazon.'."));
    }
    let characters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || name.chars().count() > 256 || !characters || dots {
        return Err(invalid_parameter(format!(
            "Invalid message attribute name '{name}'. Message (user) attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, must not start or end with a period, must not have periods in succession, and can be up to 256 characters long."
        )));
    }
    Ok(())
}

/// What the attributes add to a message's size: names, types and values.
pub(crate) fn size(attributes: &BTreeMap<Rc<str>, MessageAttribute>) -> usize {
    attributes.iter().map(|(name, a)| name.len() + a.data_type.len() + a.bytes().len()).sum()
}

/// MD5OfMessageAttributes: over the names in order, each part led by its length.
pub(crate) fn md5<'a>(attributes: impl Iterator<Item = (&'a Rc<str>, &'a MessageAttribute)>) -> Option<String> {
    let mut bytes = Vec::new();
    for (name, attribute) in attributes {
        push_part(&mut bytes, name.as_bytes());
        push_part(&mut bytes, attribute.data_type.as_bytes());
        bytes.push(if matches!(attribute.value, AttributeValue::Text(_)) { 1 } else { 2 });
        push_part(&mut bytes, attribute.bytes());
    }
    (!bytes.is_empty()).then(|| md5_hex(&bytes))
}

fn push_part(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(part);
}

/// Whether ReceiveMessage's MessageAttributeNames ask for this attribute: by name, `All`, or `prefix.*`.
pub(crate) fn wanted(name: &str, filters: &[Rc<str>]) -> bool {
    filters.iter().any(|filter| match &**filter {
        "All" | "*" => true,
        exact if exact == name => true,
        pattern => pattern.strip_suffix(".*").is_some_and(|prefix| name.starts_with(prefix)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_sdks_verify() {
        let given = json!({"timestamp": {"StringValue": "1493147359900", "DataType": "Number"}});
        let attributes = read(Some(&given), 10).unwrap();
        assert_eq!(md5(attributes.iter()).unwrap(), "235c5c510d26fb653d073faed50ae77c");
        assert_eq!(md5(BTreeMap::new().iter()), None);
    }

    #[test]
    fn illegal_attributes_are_refused() {
        let check = |name: &str, attribute: Value, message: &str| {
            let error = read(Some(&Value::object([(name, attribute)])), 10).unwrap_err();
            assert_eq!(error.message, message);
        };
        let text = |t: &str| json!({"DataType": t, "StringValue": "x"});
        check("aws.x", text("String"), "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'.");
        check("a", text("Number"), "Can't cast the value of message (user) attribute 'a' to a number.");
        check(
            "a",
            text("Date"),
            "The type of message (user) attribute 'a' is invalid. You must use only the following supported type prefixes: Binary, Number, String.",
        );
        check(
            "a",
            json!({"DataType": "String", "StringValue": ""}),
            "The message attribute 'a' must contain a non-empty message attribute value for message attribute type 'String'.",
        );
        check(
            "a",
            json!({"StringValue": "x"}),
            "The message attribute 'a' must contain a non-empty message attribute type.",
        );
    }

    #[test]
    fn filters_take_names_and_prefixes() {
        let check = |filter: &str, name: &str, expected: bool| {
            assert_eq!(wanted(name, &[filter.into()]), expected, "{filter} {name}");
        };
        check("All", "Order", true);
        check(".*", "Order", true);
        check("Ord.*", "Order", true);
        check("Ord.*", "Bord", false);
        check("Ord", "Order", false);
        check("..x", "Order", false);
    }
}
