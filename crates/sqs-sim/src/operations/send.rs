//! SendMessage and SendMessageBatch.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Object, Value};
use virtual_time::{Duration, Timestamp};

use crate::deduplication::content_based_id;
use crate::errors::{NOT_FOR_THIS_TYPE, check_id, invalid_parameter, invalid_value, missing_parameter, simple};
use crate::fifo_attributes::{DeduplicationScope, FifoAttributes};
use crate::ids::md5_hex;
use crate::limits::SqsLimits;
use crate::message::{Message, MessageState};
use crate::message_attributes::{self, AttributeValue, MessageAttribute};
use crate::operations::batch;
use crate::queues::{Call, Queues};

pub(crate) fn send_message(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let attributes = &queues.named_by(call.params)?.0.attributes;
    let (most, fifo) = (attributes.maximum_message_size, attributes.fifo.clone());
    let draft = Draft::read(call.params, &queues.limits, fifo.as_ref())?;
    if draft.size() > most {
        return Err(too_long(most));
    }
    send(queues, call, draft)
}

pub(crate) fn send_message_batch(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let attributes = &queues.named_by(call.params)?.0.attributes;
    let (most, fifo) = (attributes.maximum_message_size, attributes.fifo.clone());
    let entries = batch::entries(call.params, "SendMessageBatchRequestEntry", &queues.limits)?;
    if let Some(fifo) = &fifo {
        for (_, entry) in &entries {
            check_fifo_entry(entry, fifo)?;
        }
    }
    let drafts = entries.iter().map(|(id, entry)| (*id, Draft::read(entry, &queues.limits, fifo.as_ref())));
    let drafts: Vec<_> = drafts.collect();
    let total: u64 = drafts.iter().filter_map(|(_, draft)| draft.as_ref().ok()).map(Draft::size).sum();
    let together = queues.limits.maximum_message_bytes;
    if total > together {
        let message = format!("Batch requests cannot be longer than {together} bytes. You have sent {total} bytes.");
        return Err(simple("BatchRequestTooLong", message));
    }
    let mut results = Vec::with_capacity(drafts.len());
    for (id, draft) in drafts {
        let fits = |draft: Draft| if draft.size() > most { Err(too_long(most)) } else { Ok(draft) };
        results.push((id.to_owned(), draft.and_then(fits).and_then(|draft| send(queues, call, draft))));
    }
    Ok(batch::answer(results.into_iter()))
}

fn too_long(most: u64) -> AwsError {
    invalid_parameter(format!("One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."))
}

fn send(queues: &mut Queues, call: &Call<'_>, draft: Draft) -> Result<Value, AwsError> {
    let id: Rc<str> = queues.ids.uuid().into();
    let (queue, outbox) = queues.named_by(call.params)?;
    let mut answer = Object::with_capacity(4);
    if let Some(md5) = message_attributes::md5(draft.attributes.iter()) {
        answer.insert("MD5OfMessageAttributes".into(), md5.into());
    }
    let md5: Rc<str> = md5_hex(draft.body.as_bytes()).into();
    answer.insert("MD5OfMessageBody".into(), Value::String(md5.clone()));
    if let Some(header) = &draft.trace_header {
        let attribute = MessageAttribute { data_type: "String".into(), value: AttributeValue::Text(header.clone()) };
        let md5 = message_attributes::md5([(&"AWSTraceHeader".into(), &attribute)].into_iter());
        answer.insert("MD5OfMessageSystemAttributes".into(), md5.into());
    }
    let Some(deduplication_id) = draft.deduplication_id.clone() else {
        answer.insert("MessageId".into(), Value::String(id.clone()));
        queue.insert(call.now, draft.into_message(id, md5, queue.attributes.delay_seconds, call), outbox);
        queue.metrics.sent(call.now);
        return Ok(answer.into());
    };
    let scope = queue.attributes.fifo.as_ref().map(|fifo| fifo.scope_at(call.now));
    let scope = draft.message_group_id.clone().filter(|_| scope == Some(DeduplicationScope::MessageGroup));
    // A duplicate is accepted, but not put into the queue: its sender learns of the message that is there.
    let before = queue.deduplication.find(call.now, scope.as_ref(), &deduplication_id);
    let (id, number) = match before.map(|sent| (sent.message_id.clone(), sent.sequence_number.clone())) {
        Some(before) => before,
        None => {
            let message = draft.into_message(id.clone(), md5, queue.attributes.delay_seconds, call);
            let number = queue.insert(call.now, message, outbox).unwrap_or_default();
            queue.metrics.sent(call.now);
            queue.deduplication.remember(call.now, scope.as_ref(), &deduplication_id, id.clone(), number.clone());
            (id, number)
        }
    };
    answer.insert("MessageId".into(), Value::String(id));
    answer.insert("SequenceNumber".into(), Value::String(number));
    Ok(answer.into())
}

/// A message as it was asked for, its members checked.
struct Draft {
    body: Rc<str>,
    attributes: BTreeMap<Rc<str>, MessageAttribute>,
    trace_header: Option<Rc<str>>,
    message_group_id: Option<Rc<str>>,
    deduplication_id: Option<Rc<str>>,
    delay_seconds: Option<u64>,
}

impl Draft {
    fn read(params: &Value, limits: &SqsLimits, fifo: Option<&FifoAttributes>) -> Result<Draft, AwsError> {
        let body = match params.get("MessageBody") {
            Some(Value::String(body)) if !body.is_empty() => body.clone(),
            None | Some(Value::Null | Value::String(_)) => return Err(missing_parameter("MessageBody")),
            Some(Value::Array(_) | Value::Object(_)) => {
                let message = "Start of structure or map found where not expected.";
                return Err(AwsError::new("SerializationException", message));
            }
            Some(Value::Number(_)) => return Err(not_a_string("NUMBER_VALUE")),
            Some(Value::Bool(true)) => return Err(not_a_string("TRUE_VALUE")),
            Some(Value::Bool(false)) => return Err(not_a_string("FALSE_VALUE")),
        };
        if !body.chars().all(is_legal) {
            return Err(AwsError::new(
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
            ));
        }
        let message_group_id = read_group_id(params, fifo)?;
        let deduplication_id = read_deduplication_id(params, &body, fifo)?;
        Ok(Draft {
            body,
            attributes: message_attributes::read(params.get("MessageAttributes"), limits.message_attributes)?,
            trace_header: message_attributes::read_trace_header(params.get("MessageSystemAttributes"))?,
            message_group_id,
            deduplication_id,
            delay_seconds: read_delay(params, limits, fifo)?,
        })
    }

    /// The message as it enters a queue that delays its messages for so long.
    fn into_message(self, id: Rc<str>, md5: Rc<str>, queue_delay_seconds: u64, call: &Call<'_>) -> Message {
        let state = match self.delay_seconds.unwrap_or(queue_delay_seconds) {
            0 => MessageState::Available,
            seconds => MessageState::Delayed { until: call.now + Duration::from_secs(seconds) },
        };
        Message {
            id,
            body: self.body,
            md5,
            sender_id: call.principal.clone(),
            sent_by: call.call,
            sent_at: call.now,
            state,
            receive_count: 0,
            first_received_at: None,
            last_received_at: None,
            retained_from: call.now,
            expires_at: Timestamp::MAX,
            attributes: self.attributes,
            message_group_id: self.message_group_id,
            deduplication_id: self.deduplication_id,
            sequence_number: None,
            trace_header: self.trace_header,
            dead_letter_source_arn: None,
            receptions_here: 0,
            arrived_at: call.now,
        }
    }

    /// Body and attributes in bytes: what MaximumMessageSize bounds.
    fn size(&self) -> u64 {
        (self.body.len() + message_attributes::size(&self.attributes)) as u64
    }
}

fn not_a_string(token: &str) -> AwsError {
    AwsError::new("SerializationException", format!("{token} cannot be converted to String"))
}

/// The characters that XML 1.0 can carry.
fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn read_group_id(params: &Value, fifo: Option<&FifoAttributes>) -> Result<Option<Rc<str>>, AwsError> {
    let Some(id) = params.get("MessageGroupId").and_then(Value::as_shared_str) else {
        return if fifo.is_some() { Err(missing_parameter("MessageGroupId")) } else { Ok(None) };
    };
    check_id("MessageGroupId", id)?;
    Ok(Some(id.clone()))
}

fn read_deduplication_id(
    params: &Value,
    body: &str,
    fifo: Option<&FifoAttributes>,
) -> Result<Option<Rc<str>>, AwsError> {
    match (params.get("MessageDeduplicationId").and_then(Value::as_shared_str), fifo) {
        (Some(id), None) => Err(invalid_value("MessageDeduplicationId", id, NOT_FOR_THIS_TYPE)),
        (Some(id), Some(_)) => {
            check_id("MessageDeduplicationId", id)?;
            Ok(Some(id.clone()))
        }
        (None, Some(fifo)) if fifo.content_based_deduplication => Ok(Some(content_based_id(body))),
        (None, Some(_)) => Err(no_deduplication_id()),
        (None, None) => Ok(None),
    }
}

fn no_deduplication_id() -> AwsError {
    invalid_parameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

/// What refuses a whole batch for a FIFO queue, not only the entry, and as a wrong value.
fn check_fifo_entry(entry: &Value, fifo: &FifoAttributes) -> Result<(), AwsError> {
    if entry.get_str("MessageGroupId").is_none() {
        return Err(invalid_parameter(missing_parameter("MessageGroupId").message));
    }
    if entry.get_str("MessageDeduplicationId").is_none() && !fifo.content_based_deduplication {
        return Err(no_deduplication_id());
    }
    Ok(())
}

fn read_delay(params: &Value, limits: &SqsLimits, fifo: Option<&FifoAttributes>) -> Result<Option<u64>, AwsError> {
    let Some(given) = params.get("DelaySeconds").filter(|value| !value.is_null()) else { return Ok(None) };
    let most = limits.delay_seconds;
    let seconds = given.as_i64().and_then(|n| u64::try_from(n).ok()).filter(|n| *n <= most);
    match seconds {
        // Only the queue can delay its messages; zero leaves it to the queue.
        Some(0) if fifo.is_some() => Ok(None),
        Some(seconds) if fifo.is_some() => Err(invalid_value("DelaySeconds", &seconds.to_string(), NOT_FOR_THIS_TYPE)),
        Some(seconds) => Ok(Some(seconds)),
        None => {
            let reason = format!("DelaySeconds must be >= 0 and <= {most}.");
            Err(invalid_value("DelaySeconds", &given.to_string(), &reason))
        }
    }
}
