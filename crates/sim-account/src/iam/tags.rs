//! TagRole, UntagRole, ListRoleTags. Policies see them as `aws:PrincipalTag/…` of whoever has assumed the role.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::Iam;
use super::checks::{limit_exceeded, validation_error};

/// Tags of one role.
const MOST_TAGS: usize = 50;

pub(super) type Tags = BTreeMap<Rc<str>, Rc<str>>;

impl Iam {
    pub(super) fn tag_role(&mut self, params: &Value) -> Result<Value, AwsError> {
        let given = given(params)?;
        let role = self.named_role(params)?;
        let mut tags = role.tags.clone();
        tags.extend(given);
        if tags.len() > MOST_TAGS {
            return Err(limit_exceeded("The number of tags has reached the maximum limit."));
        }
        role.tags = tags;
        Ok(json!({}))
    }

    pub(super) fn untag_role(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let keys = params.get("TagKeys").and_then(Value::as_array).unwrap_or_default();
        for key in keys.iter().filter_map(Value::as_str) {
            role.tags.remove(key);
        }
        Ok(json!({}))
    }

    pub(super) fn list_role_tags(&mut self, params: &Value) -> Result<Value, AwsError> {
        Ok(json!({"Tags": to_value(&self.named_role(params)?.tags)}))
    }
}

/// The member `Tags`, checked.
pub(super) fn given(params: &Value) -> Result<Tags, AwsError> {
    let mut tags = Tags::new();
    for tag in params.get("Tags").and_then(Value::as_array).unwrap_or_default() {
        let (key, value) = (tag.get_str("Key").unwrap_or_default(), tag.get_str("Value").unwrap_or_default());
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            // Guessed; AWS's text speaks of a constraint.
            let rule = "Tag keys have 1 to 128 characters, tag values up to 256.";
            return Err(validation_error(format!("The tag '{key}' is not valid. {rule}")));
        }
        tags.insert(key.into(), value.into());
    }
    if tags.len() > MOST_TAGS {
        return Err(limit_exceeded("The number of tags has reached the maximum limit."));
    }
    Ok(tags)
}

pub(super) fn to_value(tags: &Tags) -> Value {
    Value::array(tags.iter().map(|(key, value)| json!({"Key": &**key, "Value": &**value})).collect())
}
