//! DeleteMessage and its batch.
//!
//! A standard queue deletes by the latest handle, also when the visibility timeout has ended. An older
//! handle, or one whose message is gone, is accepted and does nothing. A FIFO queue deletes only while the
//! message is in flight for the caller.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::errors::{invalid_value, missing_parameter, receipt_handle_is_invalid};
use crate::operations::batch;
use crate::queue::{Held, Queue};
use crate::queues::{Call, Outbox, Queues};

pub(crate) fn delete_message(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let (queue, outbox) = queues.named_by(call.params)?;
    delete(queue, outbox, call, call.params)
}

pub(crate) fn delete_message_batch(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let limits = queues.limits.clone();
    let (queue, outbox) = queues.named_by(call.params)?;
    let entries = batch::entries(call.params, "DeleteMessageBatchRequestEntry", &limits)?;
    Ok(batch::answer(entries.into_iter().map(|(id, entry)| (id.to_owned(), delete(queue, outbox, call, entry)))))
}

fn delete(queue: &mut Queue, outbox: &mut Outbox, call: &Call<'_>, params: &Value) -> Result<Value, AwsError> {
    let handle = params.get_str("ReceiptHandle").ok_or_else(|| missing_parameter("ReceiptHandle"))?;
    match queue.held(handle) {
        Held::Unreadable => return Err(receipt_handle_is_invalid(handle)),
        Held::Gone => {}
        Held::Outdated if !queue.is_fifo() => {}
        Held::Latest(sequence) if queue.is_fifo() && !queue.is_in_flight(sequence) => return Err(expired(handle)),
        Held::Outdated => return Err(expired(handle)),
        Held::Latest(sequence) => queue.delete(call.now, sequence, outbox),
    }
    Ok(json!({}))
}

fn expired(handle: &str) -> AwsError {
    invalid_value("ReceiptHandle", handle, "The receipt handle has expired.")
}
