//! ChangeMessageVisibility and its batch: longer, shorter, or zero to let go.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Duration;

use crate::errors::{invalid_value, missing_parameter, receipt_handle_is_invalid};
use crate::limits::SqsLimits;
use crate::operations::batch;
use crate::queue::{Held, Queue};
use crate::queues::{Call, Outbox, Queues};

pub(crate) fn change_message_visibility(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let limits = queues.limits.clone();
    let (queue, outbox) = queues.named_by(call.params)?;
    change(queue, outbox, call, call.params, &limits)
}

pub(crate) fn change_message_visibility_batch(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let limits = queues.limits.clone();
    let (queue, outbox) = queues.named_by(call.params)?;
    let entries = batch::entries(call.params, "ChangeMessageVisibilityBatchRequestEntry", &limits)?;
    let results = entries.into_iter().map(|(id, entry)| (id.to_owned(), change(queue, outbox, call, entry, &limits)));
    Ok(batch::answer(results))
}

fn change(
    queue: &mut Queue,
    outbox: &mut Outbox,
    call: &Call<'_>,
    params: &Value,
    limits: &SqsLimits,
) -> Result<Value, AwsError> {
    let handle = params.get_str("ReceiptHandle").ok_or_else(|| missing_parameter("ReceiptHandle"))?;
    let given = params.get("VisibilityTimeout").filter(|v| !v.is_null());
    let given = given.ok_or_else(|| missing_parameter("VisibilityTimeout"))?;
    let longest = limits.visibility_timeout_seconds;
    let seconds = given.as_i64().and_then(|n| u64::try_from(n).ok()).filter(|n| *n <= longest).ok_or_else(|| {
        invalid_value(
            "VisibilityTimeout",
            &given.to_string(),
            &format!("VisibilityTimeout must be an integer between 0 and {longest}."),
        )
    })?;
    let sequence = match queue.held(handle) {
        Held::Unreadable => return Err(receipt_handle_is_invalid(handle)),
        // A standard queue hides a message again even after its timeout ended.
        Held::Latest(sequence) if !queue.is_fifo() || queue.is_in_flight(sequence) => sequence,
        Held::Gone | Held::Outdated | Held::Latest(_) => {
            let reason = "Message does not exist or is not available for visibility timeout change.";
            return Err(invalid_value("ReceiptHandle", handle, reason));
        }
    };
    let until = call.now + Duration::from_secs(seconds);
    let received_at = queue.message(sequence).and_then(|message| message.last_received_at).unwrap_or(call.now);
    if seconds > 0 && until > received_at + Duration::from_secs(longest) {
        return Err(invalid_value(
            "VisibilityTimeout",
            &seconds.to_string(),
            &format!("Total VisibilityTimeout for the message is beyond the limit [{longest} seconds]"),
        ));
    }
    queue.change_visibility(call.now, sequence, until, outbox);
    Ok(json!({}))
}
