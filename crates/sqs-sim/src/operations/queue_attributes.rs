//! GetQueueAttributes and SetQueueAttributes.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::attributes;
use crate::errors::{missing_parameter, unknown_attribute};
use crate::queues::{Call, Queues};

pub(crate) fn get_queue_attributes(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    let asked = call.params.get("AttributeNames").and_then(Value::as_array).unwrap_or_default();
    let asked: Vec<&str> = asked.iter().filter_map(Value::as_str).collect();
    if let Some(unknown) = asked.iter().find(|name| **name != "All" && !attributes::is_known(name)) {
        return Err(unknown_attribute(unknown));
    }
    let wanted = |name: &&str| asked.contains(&"All") || asked.contains(name);
    let values = attributes::all_names().filter(wanted).filter_map(|name| Some((name, json!(queue.attribute(name)?))));
    let values = Value::object(values);
    let empty = values.as_object().is_none_or(|members| members.is_empty());
    Ok(if empty { json!({}) } else { json!({"Attributes": values}) })
}

pub(crate) fn set_queue_attributes(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, _) = queues.named_by(call.params)?;
    if call.params.get("Attributes").is_none_or(Value::is_null) {
        return Err(missing_parameter("Attributes"));
    }
    let (name, mut changed) = (queue.name.clone(), queue.attributes.clone());
    let former = changed.fifo.clone();
    let source = queue.arn.clone();
    let target = |arn: &str| queues.as_dead_letter_target(arn, &source);
    for (attribute, value) in attributes::given(call.params) {
        changed.set(&attribute, &value, &queues.limits, &target)?;
    }
    if let (Some(fifo), Some(former)) = (&mut changed.fifo, &former) {
        fifo.check_together()?;
        fifo.follow(former, call.now);
    }
    if let Some(queue) = queues.queues.get_mut(&name) {
        let retention = queue.attributes.message_retention_period;
        queue.attributes = changed;
        queue.modified_at = call.now;
        if queue.attributes.message_retention_period != retention {
            queue.retention_changed();
        }
    }
    Ok(json!({}))
}
