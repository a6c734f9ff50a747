//! CreateQueue, DeleteQueue, GetQueueUrl, ListQueues, ListDeadLetterSourceQueues.

use std::rc::Rc;

use aws_protocol::AwsError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared_json::{Value, json};
use virtual_time::Duration;

use crate::attributes::{self, QueueAttributes};
use crate::errors::{invalid_parameter, invalid_value, missing_parameter, queue_does_not_exist, simple};
use crate::limits::SqsLimits;
use crate::message::MovementKind;
use crate::operations::tags;
use crate::queue::Queue;
use crate::queues::{Call, Queues};

pub(crate) fn create_queue(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let name = call.params.get_str("QueueName").ok_or_else(|| missing_parameter("QueueName"))?;
    let given = attributes::given(call.params);
    let fifo = given.iter().any(|(attribute, value)| &**attribute == "FifoQueue" && value.eq_ignore_ascii_case("true"));
    check_name(name, fifo, &queues.limits)?;

    let mut wanted = QueueAttributes::defaults(&queues.limits, fifo);
    let arn = queues.arn_of(name);
    let target = |target: &str| queues.as_dead_letter_target(target, &arn);
    for (attribute, value) in &given {
        wanted.set(attribute, value, &queues.limits, &target)?;
    }
    if let Some(fifo) = &wanted.fifo {
        fifo.check_together()?;
    }
    if let Some(queue) = queues.queue(name) {
        for (attribute, _) in &given {
            if wanted.get(attribute) != queue.settings().get(attribute) {
                let message = format!(
                    "A queue already exists with the same name and a different value for attribute {attribute}"
                );
                return Err(AwsError::new("QueueAlreadyExists", message));
            }
        }
        return Ok(json!({"QueueUrl": queue.url()}));
    }

    let wait = queues.limits.recreate_wait_seconds;
    if queues.deleted.get(name).is_some_and(|at| call.now < *at + Duration::from_secs(wait)) {
        return Err(simple(
            "QueueDeletedRecently",
            format!(
                "You must wait {wait} seconds after deleting a queue before you can create another with the same name."
            ),
        ));
    }
    let tagged = call.params.get("tags").or_else(|| call.params.get("Tags"));
    let tags = tags::merged(&Default::default(), tagged.unwrap_or(&Value::Null), name, queues.limits.tags)?;
    let url = queues.url_of(name);
    let answer = json!({"QueueUrl": url});
    let name: Rc<str> = name.into();
    let mut queue =
        Queue::new(name.clone(), arn.into(), url.into(), wanted, queues.limits.messages_in_flight, call.now);
    queue.tags = tags;
    queues.deleted.remove(&name);
    queues.queues.insert(name, queue);
    Ok(answer)
}

fn check_name(name: &str, fifo: bool, limits: &SqsLimits) -> Result<(), AwsError> {
    let most = limits.queue_name_characters;
    let base = if fifo { name.strip_suffix(".fifo").unwrap_or_default() } else { name };
    let legal = base.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let fits = !base.is_empty() && name.len() <= most && legal;
    if fifo && !fits {
        return Err(invalid_parameter(format!(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to {most} in length"
        )));
    }
    if !fits {
        return Err(invalid_parameter(format!(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to {most} in length"
        )));
    }
    Ok(())
}

pub(crate) fn delete_queue(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let name = queues.named_by(call.params)?.0.name.clone();
    if let Some(queue) = queues.queues.remove(&name) {
        queues.outbox.moved(&queue.arn, &"".into(), call.now, MovementKind::QueueDeleted);
        for poll in &queue.polls {
            queues.outbox.answer(poll.call, Err(queue_does_not_exist()));
        }
        queues.deleted.insert(name, call.now);
    }
    Ok(json!({}))
}

pub(crate) fn get_queue_url(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let name = call.params.get_str("QueueName").ok_or_else(|| missing_parameter("QueueName"))?;
    let owner = call.params.get_str("QueueOwnerAWSAccountId");
    let queue = queues.queue(name).filter(|_| owner.is_none_or(|owner| owner == queues.account_id()));
    let queue = queue.ok_or_else(queue_does_not_exist)?;
    Ok(json!({"QueueUrl": queue.url()}))
}

pub(crate) fn list_queues(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let prefix = call.params.get_str("QueueNamePrefix").unwrap_or_default();
    let named = queues.queues().filter(|queue| queue.name().starts_with(prefix));
    page(named, call.params, "QueueUrls")
}

pub(crate) fn list_dead_letter_source_queues(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let target = queues.named_by(call.params)?.0.arn.clone();
    let feeds = |queue: &&Queue| {
        queue.settings().redrive_policy.as_ref().is_some_and(|policy| policy.dead_letter_target_arn == target)
    };
    let answer = page(queues.queues().filter(feeds), call.params, "queueUrls")?;
    let empty = answer.get("queueUrls").is_none();
    Ok(if empty { answer.with("queueUrls", json!([])) } else { answer })
}

/// One page of URLs. The token is the name after which the next page starts.
fn page<'a>(queues: impl Iterator<Item = &'a Queue>, params: &Value, member: &str) -> Result<Value, AwsError> {
    let asked = params.get("MaxResults").filter(|value| !value.is_null());
    let most = match asked {
        None => 1_000,
        Some(value) => {
            let number = value.as_i64().and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=1_000).contains(n));
            number.ok_or_else(|| {
                invalid_value("MaxResults", &value.to_string(), "MaxResults must be an integer between 1 and 1000.")
            })?
        }
    };
    let after = match params.get_str("NextToken").filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => {
            let bytes = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            Some(bytes.ok_or_else(|| invalid_parameter("Invalid or expired next token."))?)
        }
    };
    let mut rest = queues.filter(|queue| after.as_deref().is_none_or(|after| queue.name() > after));
    let shown: Vec<&Queue> = rest.by_ref().take(most).collect();
    let mut answer = json!({});
    if asked.is_some()
        && rest.next().is_some()
        && let Some(last) = shown.last()
    {
        answer = answer.with("NextToken", json!(URL_SAFE_NO_PAD.encode(last.name())));
    }
    if !shown.is_empty() {
        answer = answer.with(member, Value::array(shown.iter().map(|queue| json!(queue.url())).collect()));
    }
    Ok(answer)
}
