//! TagQueue, UntagQueue, ListQueueTags.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::errors::{invalid_parameter, missing_parameter};
use crate::queues::{Call, Queues};

pub(crate) fn tag_queue(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let most = queues.limits.tags;
    let (queue, _) = queues.named_by(call.params)?;
    let given = call.params.get("Tags").ok_or_else(|| missing_parameter("Tags"))?;
    queue.tags = merged(&queue.tags, given, queue.name(), most)?;
    Ok(json!({}))
}

pub(crate) fn untag_queue(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    let keys = call.params.get("TagKeys").and_then(Value::as_array).ok_or_else(|| missing_parameter("TagKeys"))?;
    for key in keys.iter().filter_map(Value::as_str) {
        queue.tags.remove(key);
    }
    Ok(json!({}))
}

pub(crate) fn list_queue_tags(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    if queue.tags.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({"Tags": Value::object(queue.tags().map(|(key, value)| (key, json!(value))))}))
}

/// The tags with the given ones set.
pub(crate) fn merged(
    tags: &BTreeMap<Rc<str>, Rc<str>>,
    given: &Value,
    queue_name: &str,
    most: usize,
) -> Result<BTreeMap<Rc<str>, Rc<str>>, AwsError> {
    let mut tags = tags.clone();
    for (key, value) in given.as_object().into_iter().flatten() {
        let value = value.as_shared_str().cloned().unwrap_or_else(|| "".into());
        if key.is_empty() || key.chars().count() > 128 || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid_parameter(format!(
                "Tag keys must be between 1 and 128 characters in length and must not begin with aws: ({key})."
            )));
        }
        if value.chars().count() > 256 {
            return Err(invalid_parameter("Tag values must be between 0 and 256 characters in length."));
        }
        tags.insert(key.clone(), value);
    }
    if tags.len() > most {
        return Err(invalid_parameter(format!("Too many tags added for queue {queue_name}.")));
    }
    Ok(tags)
}
