//! Tags of state machines and activities.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::States;
use super::api::check_prefix;
use super::validation::{Check, invalid, required};

/// Key and value, in the order of their first arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tags(Vec<(String, String)>);

/// Tags of one resource.
const MOST_TAGS: usize = 50;

impl Tags {
    /// Sets what a list of tags says.
    pub fn set(&mut self, tags: &[Value]) {
        for tag in tags {
            let key = tag.get_str("key").unwrap_or_default();
            let value = tag.get_str("value").unwrap_or_default().to_owned();
            match self.0.iter_mut().find(|(known, _)| known == key) {
                Some((_, old)) => *old = value,
                None => self.0.push((key.to_owned(), value)),
            }
        }
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }

    fn to_value(&self) -> Value {
        self.0.iter().map(|(key, value)| json!({"key": key, "value": value})).collect::<Vec<_>>().into()
    }
}

pub(super) fn given(params: &Value) -> &[Value] {
    params.get("tags").and_then(Value::as_array).unwrap_or_default()
}

/// The rules for tags, wherever they are given.
pub(super) fn check(params: &Value) -> Result<(), AwsError> {
    let tags = given(params);
    let mut check = Check::new(params);
    for (tag, place) in tags.iter().zip(1..) {
        check.length_of(tag.get_str("key").unwrap_or_default(), &format!("tags.{place}.member.key"), 1, 128);
        check.length_of(tag.get_str("value").unwrap_or_default(), &format!("tags.{place}.member.value"), 0, 256);
    }
    check.done()?;
    if tags.iter().filter_map(|tag| tag.get_str("key")).any(|key| key.to_lowercase().starts_with("aws:")) {
        return Err(invalid("Tag keys that start with 'aws:' are reserved for system use."));
    }
    Ok(())
}

impl States {
    pub(super) fn tag_resource(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "resourceArn")?)?;
        Check::new(params).present("tags").done()?;
        check(params)?;
        let tags = self.tags_mut(arn)?;
        let mut next = tags.clone();
        next.set(given(params));
        if next.0.len() > MOST_TAGS {
            return Err(AwsError::new("TooManyTags", format!("Too many tags: '{arn}'")));
        }
        *tags = next;
        Ok(json!({}))
    }

    pub(super) fn untag_resource(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "resourceArn")?)?;
        Check::new(params).present("tagKeys").done()?;
        let keys = params.get("tagKeys").and_then(Value::as_array).unwrap_or_default();
        self.tags_mut(arn)?.0.retain(|(known, _)| !keys.iter().any(|key| key.as_str() == Some(known)));
        Ok(json!({}))
    }

    pub(super) fn list_tags(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "resourceArn")?)?;
        Ok(Value::object([("tags", self.tags_mut(arn)?.to_value())]))
    }

    /// Only state machines and activities have tags; versions and aliases have none.
    fn tags_mut(&mut self, arn: &str) -> Result<&mut Tags, AwsError> {
        let machine = self.machines.get_mut(arn).map(|machine| &mut machine.tags);
        machine
            .or_else(|| self.activities.tags_mut(arn))
            .ok_or_else(|| AwsError::new("ResourceNotFound", format!("Resource not found: '{arn}'")))
    }
}
