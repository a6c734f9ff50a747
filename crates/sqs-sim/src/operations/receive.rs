//! ReceiveMessage: short and long polls, what of a message is shown, and dead letters on the way.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Object, Value, json};
use virtual_time::{Duration, Timestamp};

use crate::errors::{NOT_FOR_THIS_TYPE, check_id, invalid_value, unknown_attribute};
use crate::limits::SqsLimits;
use crate::message::{Message, MessageState};
use crate::message_attributes;
use crate::queue::Poll;
use crate::queues::{Call, Queues};

/// System attributes that can be asked for.
const SYSTEM_ATTRIBUTES: [&str; 9] = [
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

/// What a ReceiveMessage asks for.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveRequest {
    pub(crate) max_messages: usize,
    pub(crate) visibility_timeout: Option<u64>,
    wait_seconds: Option<u64>,
    /// On a FIFO queue.
    pub(crate) attempt_id: Option<Rc<str>>,
    system_attributes: Vec<Rc<str>>,
    message_attributes: Vec<Rc<str>>,
}

impl ReceiveRequest {
    fn read(params: &Value, limits: &SqsLimits, fifo: bool) -> Result<Self, AwsError> {
        let most = limits.batch_entries as u64;
        let max_messages =
            number(params, "MaxNumberOfMessages", (1, most), &format!("Must be between 1 and {most}, if provided."))?;
        let longest = limits.visibility_timeout_seconds;
        let hidden = format!("Must be >= 0 and <= {longest}, if provided.");
        let wait = limits.receive_wait_seconds;
        let waiting = format!("Must be >= 0 and <= {wait}, if provided.");
        let mut system_attributes = names(params, "AttributeNames");
        system_attributes.extend(names(params, "MessageSystemAttributeNames"));
        if let Some(unknown) =
            system_attributes.iter().find(|name| &***name != "All" && !SYSTEM_ATTRIBUTES.contains(&&***name))
        {
            return Err(unknown_attribute(unknown));
        }
        Ok(ReceiveRequest {
            max_messages: usize::try_from(max_messages.unwrap_or(1)).unwrap_or(1),
            visibility_timeout: number(params, "VisibilityTimeout", (0, longest), &hidden)?,
            wait_seconds: number(params, "WaitTimeSeconds", (0, wait), &waiting)?,
            attempt_id: read_attempt_id(params, fifo)?,
            system_attributes,
            message_attributes: names(params, "MessageAttributeNames"),
        })
    }

    pub(crate) fn show(&self, message: &Message) -> Value {
        let mut shown = Object::with_capacity(7);
        if !self.system_attributes.is_empty() {
            let all = self.system_attributes.iter().any(|name| &**name == "All");
            let wanted = |name: &&str| all || self.system_attributes.iter().any(|asked| &**asked == *name);
            let system = SYSTEM_ATTRIBUTES.into_iter().filter(wanted);
            let system = system.filter_map(|name| Some((name.into(), system_attribute(message, name)?.into())));
            let system: Object = system.collect();
            if !system.is_empty() {
                shown.insert("Attributes".into(), system.into());
            }
        }
        shown.insert("Body".into(), Value::String(message.body.clone()));
        shown.insert("MD5OfBody".into(), Value::String(message.md5.clone()));
        let chosen =
            || message.attributes.iter().filter(|(n, _)| message_attributes::wanted(n, &self.message_attributes));
        if let Some(md5) = message_attributes::md5(chosen()) {
            shown.insert("MD5OfMessageAttributes".into(), md5.into());
            let attributes = Value::object(chosen().map(|(name, attribute)| (name, attribute.to_value())));
            shown.insert("MessageAttributes".into(), attributes);
        }
        shown.insert("MessageId".into(), Value::String(message.id.clone()));
        if let MessageState::InFlight { receipt_handle, .. } = &message.state {
            shown.insert("ReceiptHandle".into(), Value::String(receipt_handle.clone()));
        }
        shown.into()
    }
}

fn system_attribute(message: &Message, name: &str) -> Option<String> {
    match name {
        "SenderId" => Some(message.sender_id.to_string()),
        "SentTimestamp" => Some(message.sent_at.millis().to_string()),
        "ApproximateReceiveCount" => Some(message.receive_count.to_string()),
        "ApproximateFirstReceiveTimestamp" => message.first_received_at.map(|at| at.millis().to_string()),
        "SequenceNumber" => message.sequence_number.as_deref().map(str::to_owned),
        "MessageDeduplicationId" => message.deduplication_id.as_deref().map(str::to_owned),
        "MessageGroupId" => message.message_group_id.as_deref().map(str::to_owned),
        "AWSTraceHeader" => message.trace_header.as_deref().map(str::to_owned),
        "DeadLetterQueueSourceArn" => message.dead_letter_source_arn.as_deref().map(str::to_owned),
        _ => None,
    }
}

fn number(params: &Value, name: &str, range: (u64, u64), reason: &str) -> Result<Option<u64>, AwsError> {
    let Some(given) = params.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let number = given.as_i64().and_then(|n| u64::try_from(n).ok()).filter(|n| (range.0..=range.1).contains(n));
    number.map(Some).ok_or_else(|| invalid_value(name, &given.to_string(), reason))
}

fn read_attempt_id(params: &Value, fifo: bool) -> Result<Option<Rc<str>>, AwsError> {
    let name = "ReceiveRequestAttemptId";
    let Some(id) = params.get(name).and_then(Value::as_shared_str) else { return Ok(None) };
    if !fifo {
        return Err(invalid_value(name, id, NOT_FOR_THIS_TYPE));
    }
    check_id(name, id)?;
    Ok(Some(id.clone()))
}

fn names(params: &Value, member: &str) -> Vec<Rc<str>> {
    let items = params.get(member).and_then(Value::as_array).unwrap_or_default();
    items.iter().filter_map(|item| item.as_shared_str().cloned()).collect()
}

pub(crate) fn receive_message(queues: &mut Queues, call: &Call<'_>) -> Result<Option<Value>, AwsError> {
    let in_flight_limit = queues.limits.messages_in_flight;
    let limits = queues.limits.clone();
    let (queue, _) = queues.named_by(call.params)?;
    let request = ReceiveRequest::read(call.params, &limits, queue.is_fifo())?;
    // A FIFO queue with too many in flight just answers that there is nothing.
    if !queue.is_fifo() && queue.in_flight_count() >= in_flight_limit {
        let message = format!("Too many messages are in flight: the limit is {in_flight_limit}.");
        return Err(AwsError::new("OverLimit", message).with_status(403));
    }
    let name = queue.name.clone();
    let wait = request.wait_seconds.unwrap_or(queue.attributes.receive_message_wait_time_seconds);
    // Whoever waits already comes first; there is a queue of polls only while nothing is available.
    if let Some(answer) = take(queues, call.now, &name, call.call, &request) {
        return Ok(Some(answer));
    }
    if wait == 0 {
        queues.named_by(call.params)?.0.metrics.empty_receive(call.now);
        return Ok(Some(json!({})));
    }
    let deadline = call.now + Duration::from_secs(wait);
    let (queue, _) = queues.named_by(call.params)?;
    queue.polls.push_back(Poll { call: call.call, deadline, request });
    Ok(None)
}

/// Receives now; `None` when there is nothing.
pub(crate) fn take(
    queues: &mut Queues,
    now: Timestamp,
    name: &str,
    call: u64,
    request: &ReceiveRequest,
) -> Option<Value> {
    let policy = queues.queue(name)?.settings().redrive_policy.clone();
    let target = policy.and_then(|policy| queues.queue_by_arn(&policy.dead_letter_target_arn).map(|q| q.name.clone()));
    let queue = queues.queues.get_mut(name)?;
    let source_arn = queue.arn.clone();
    let reception = queue.receive(now, call, request, target.is_some(), &mut queues.outbox);
    if let Some(target) = target {
        queues.bury(now, &source_arn, &target, reception.dead);
    }
    let received = reception.received;
    (!received.is_empty()).then(|| json!({"Messages": Value::array(received)}))
}
