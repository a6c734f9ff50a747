//! Receptions that the person made, read from the journal: what each poll brought, and what became of it since.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;
use sim_account::{Account, What};
use sqs_sim::{MessageState, MovementKind};
use virtual_time::{Duration, Timestamp};

#[derive(Clone, Debug, PartialEq)]
pub struct PollView {
    pub call: u64,
    pub state: PollState,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PollState {
    /// A long poll: SQS answers when a message comes or this time is over.
    Waiting {
        until: Timestamp,
        total: Duration,
    },
    Refused(AwsError),
    /// Nothing was there.
    Empty,
    Received(Vec<Received>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub message_id: Rc<str>,
    pub body: Rc<str>,
    pub receipt_handle: Rc<str>,
    /// Name, type and value.
    pub attributes: Vec<(String, String, String)>,
    /// `ApproximateReceiveCount`, `SentTimestamp`, … as SQS gave them.
    pub system_attributes: Vec<(String, String)>,
    pub held: Held,
}

/// What the receipt handle is still good for.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    /// Hidden from others.
    InFlight { until: Timestamp, total: Duration },
    /// The visibility timeout ended: others may receive it.
    Visible,
    /// Deleted, received again, or no longer in the queue.
    Over,
}

/// The id of the ReceiveMessage that the person made last.
#[must_use]
pub fn last_poll(account: &Account) -> Option<u64> {
    account.journal().last_call().filter(|call| call.action == "sqs:ReceiveMessage").map(|call| call.id)
}

/// Whether the journal holds this poll: a step back takes it out.
#[must_use]
pub fn is_known(account: &Account, call: u64) -> bool {
    account.journal().call(call).is_some_and(|record| record.action == "sqs:ReceiveMessage")
}

/// What a poll came to; `None` when the journal does not hold it (any more, or after a step back).
#[must_use]
pub fn view(account: &Account, call: u64) -> Option<PollView> {
    let record = account.journal().call(call).filter(|record| record.action == "sqs:ReceiveMessage")?;
    let queue = account.queues().queue_by_url(record.params.get_str("QueueUrl")?);
    let state = match &record.outcome {
        None => {
            let seconds = record.params.get("WaitTimeSeconds").and_then(Value::as_i64);
            let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
            let queues_own = queue.map_or(0, |queue| queue.settings().receive_message_wait_time_seconds);
            let total = Duration::from_secs(seconds.unwrap_or(queues_own));
            let made_at = account.journal().made_at(call)?;
            PollState::Waiting { until: made_at + total, total }
        }
        Some(Err(error)) => PollState::Refused(error.clone()),
        Some(Ok(answer)) => {
            let messages = answer["Messages"].as_array().unwrap_or_default();
            let received = messages.iter().filter_map(|message| received(queue, message));
            let received: Vec<Received> = received.collect();
            if received.is_empty() { PollState::Empty } else { PollState::Received(received) }
        }
    };
    Some(PollView { call, state })
}

fn received(queue: Option<&sqs_sim::Queue>, message: &Value) -> Option<Received> {
    let text = |name: &str| message.get(name).and_then(Value::as_shared_str).cloned();
    let receipt_handle = text("ReceiptHandle")?;
    let system = message.get("Attributes").and_then(Value::as_object);
    let system = system.into_iter().flatten().map(|(name, value)| {
        let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.to_string(), readable(name, said))
    });
    Some(Received {
        message_id: text("MessageId")?,
        body: text("Body")?,
        attributes: attributes(&message["MessageAttributes"]),
        system_attributes: system.collect(),
        held: held(queue, &receipt_handle),
        receipt_handle,
    })
}

/// Times are milliseconds in the API; a person reads them as a date too.
fn readable(name: &str, value: String) -> String {
    match value.parse::<i64>() {
        Ok(millis) if name.ends_with("Timestamp") => {
            format!("{value} ({})", Timestamp::from_millis(millis).to_rfc3339())
        }
        _ => value,
    }
}

fn held(queue: Option<&sqs_sim::Queue>, receipt_handle: &str) -> Held {
    let Some(message) = queue.and_then(|queue| queue.message_held_by(receipt_handle)) else { return Held::Over };
    match &message.state {
        MessageState::InFlight { until, .. } => {
            let total = until.since(message.last_received_at.unwrap_or(message.sent_at));
            Held::InFlight { until: *until, total }
        }
        MessageState::Available | MessageState::Delayed { .. } => Held::Visible,
    }
}

/// Message attributes in the shape of the API as name, type and value.
#[must_use]
pub fn attributes(value: &Value) -> Vec<(String, String, String)> {
    let members = value.as_object().into_iter().flatten();
    let shown = members.map(|(name, attribute)| {
        let value = attribute.get_str("StringValue").or(attribute.get_str("BinaryValue")).unwrap_or_default();
        (name.to_string(), attribute.get_str("DataType").unwrap_or_default().to_owned(), value.to_owned())
    });
    shown.collect()
}

/// Whether the message that was just sent was taken for a duplicate: accepted, and not put into the queue.
#[must_use]
pub fn last_was_duplicate(account: &Account, message_id: &str) -> bool {
    let since = account.journal().entries().rev();
    let mut since =
        since.take_while(|entry| !matches!(&entry.what, What::Call(call) if call.action == "sqs:SendMessage"));
    !since.any(|entry| {
        matches!(&entry.what, What::Moved(moved)
            if &*moved.message_id == message_id && matches!(moved.kind, MovementKind::Sent { .. }))
    })
}
