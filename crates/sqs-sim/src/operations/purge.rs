//! PurgeQueue: everything goes, also what is delayed or in flight; once a minute.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Duration;

use crate::errors::simple;
use crate::queues::{Call, Queues};

pub(crate) fn purge_queue(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let seconds = queues.limits.purge_interval_seconds;
    let (queue, outbox) = queues.named_by(call.params)?;
    if queue.purged_at.is_some_and(|at| call.now < at + Duration::from_secs(seconds)) {
        let message = format!("Only one PurgeQueue operation on {} is allowed every {seconds} seconds.", queue.name());
        return Err(simple("PurgeQueueInProgress", message).with_status(403));
    }
    queue.purged_at = Some(call.now);
    queue.purge(call.now, outbox);
    Ok(json!({}))
}
