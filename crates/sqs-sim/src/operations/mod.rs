//! The API's actions, one file per group. Each checks its members and lets the queue move.

mod batch;
mod delete_message;
pub(crate) mod move_tasks;
mod permissions;
mod purge;
mod queue_admin;
mod queue_attributes;
pub(crate) mod receive;
mod send;
mod tags;
mod visibility;

use aws_protocol::AwsError;
use shared_json::Value;

use crate::queues::{Call, Queues};

/// Runs an action; `None` means that its answer comes later.
pub(crate) fn run(queues: &mut Queues, action: &str, call: &Call<'_>) -> Result<Option<Value>, AwsError> {
    match action {
        "CreateQueue" => queue_admin::create_queue(queues, call),
        "DeleteQueue" => queue_admin::delete_queue(queues, call),
        "GetQueueUrl" => queue_admin::get_queue_url(queues, call),
        "ListQueues" => queue_admin::list_queues(queues, call),
        "ListDeadLetterSourceQueues" => queue_admin::list_dead_letter_source_queues(queues, call),
        "GetQueueAttributes" => queue_attributes::get_queue_attributes(queues, call),
        "SetQueueAttributes" => queue_attributes::set_queue_attributes(queues, call),
        "SendMessage" => send::send_message(queues, call),
        "SendMessageBatch" => send::send_message_batch(queues, call),
        "ReceiveMessage" => return receive::receive_message(queues, call),
        "DeleteMessage" => delete_message::delete_message(queues, call),
        "DeleteMessageBatch" => delete_message::delete_message_batch(queues, call),
        "ChangeMessageVisibility" => visibility::change_message_visibility(queues, call),
        "ChangeMessageVisibilityBatch" => visibility::change_message_visibility_batch(queues, call),
        "AddPermission" => permissions::add_permission(queues, call),
        "RemovePermission" => permissions::remove_permission(queues, call),
        "StartMessageMoveTask" => move_tasks::start_message_move_task(queues, call),
        "CancelMessageMoveTask" => move_tasks::cancel_message_move_task(queues, call),
        "ListMessageMoveTasks" => move_tasks::list_message_move_tasks(queues, call),
        "PurgeQueue" => purge::purge_queue(queues, call),
        "TagQueue" => tags::tag_queue(queues, call),
        "UntagQueue" => tags::untag_queue(queues, call),
        "ListQueueTags" => tags::list_queue_tags(queues, call),
        _ => Err(AwsError::new("InvalidAction", format!("The action {action} is not valid for this web service."))),
    }
    .map(Some)
}
