//! StartMessageMoveTask, CancelMessageMoveTask, ListMessageMoveTasks.

use std::rc::Rc;

use aws_protocol::AwsError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared_json::{Value, json};

use crate::errors::{invalid_parameter, invalid_value, missing_parameter, unsupported};
use crate::move_tasks::{MoveTask, MoveTaskStatus};
use crate::queues::{Call, Queues};

pub(crate) fn start_message_move_task(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let source_arn = arn_member(call.params, "SourceArn")?.ok_or_else(|| missing_parameter("SourceArn"))?;
    let destination_arn = arn_member(call.params, "DestinationArn")?;
    let rate = rate(call.params, queues.limits.move_task_messages_per_second)?;
    let source = queues.queue_by_arn(&source_arn).ok_or_else(|| does_not_exist("SourceArn"))?;
    if destination_arn.as_ref() == Some(&source_arn) {
        // The text is guessed.
        return Err(invalid_parameter("Source queue arn and destination queue arn cannot be the same."));
    }
    let target_of = |policy: &crate::RedrivePolicy| policy.dead_letter_target_arn == source_arn;
    if !queues.queues().any(|queue| queue.settings().redrive_policy.as_ref().is_some_and(target_of)) {
        return Err(invalid_parameter("Source queue must be configured as a Dead Letter Queue."));
    }
    if let Some(arn) = &destination_arn {
        let destination = queues.queue_by_arn(arn).ok_or_else(|| does_not_exist("DestinationArn"))?;
        if destination.is_fifo() != source.is_fifo() {
            // The text is guessed.
            return Err(unsupported("The source queue and the destination queue must be of the same type."));
        }
    }
    if queues.move_tasks.iter().any(|task| task.is_running() && task.source_arn == source_arn) {
        return Err(invalid_parameter(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        ));
    }
    let most = queues.limits.move_tasks;
    if queues.move_tasks.iter().filter(|task| task.is_running()).count() >= most {
        // The text is guessed.
        let message = format!("You can have only {most} active message move tasks in an account.");
        return Err(AwsError::new("OverLimit", message).with_status(403));
    }
    let to_move = source.available_count() as u64;
    let id: Rc<str> = queues.ids.uuid().into();
    let handle = handle(&id, &source_arn);
    queues.move_tasks.push(MoveTask::new(id, source_arn, destination_arn, rate, to_move, call.now));
    Ok(json!({"TaskHandle": handle}))
}

pub(crate) fn cancel_message_move_task(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let handle = call.params.get_str("TaskHandle").ok_or_else(|| missing_parameter("TaskHandle"))?;
    let (id, source_arn) =
        read_handle(handle).ok_or_else(|| invalid_value("TaskHandle", handle, "The task handle is not valid."))?;
    if queues.queue_by_arn(&source_arn).is_none() {
        return Err(does_not_exist("SourceArn"));
    }
    let task = queues.move_tasks.iter_mut().find(|task| *task.id == *id && *task.source_arn == *source_arn);
    let task = task.ok_or_else(|| not_found("Task does not exist."))?;
    if !task.is_running() {
        // The text is guessed.
        return Err(invalid_parameter("Only active message move tasks can be cancelled."));
    }
    task.status = MoveTaskStatus::Cancelled;
    Ok(json!({"ApproximateNumberOfMessagesMoved": task.moved}))
}

pub(crate) fn list_message_move_tasks(queues: &mut Queues, call: &Call<'_>) -> Result<Value, AwsError> {
    let source_arn = arn_member(call.params, "SourceArn")?.ok_or_else(|| missing_parameter("SourceArn"))?;
    let most = match call.params.get("MaxResults").filter(|value| !value.is_null()) {
        None => 1,
        Some(given) => {
            let most = given.as_i64().and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=10).contains(n));
            most.ok_or_else(|| {
                invalid_value("MaxResults", &given.to_string(), "MaxResults must be an integer between 1 and 10.")
            })?
        }
    };
    if queues.queue_by_arn(&source_arn).is_none() {
        return Err(does_not_exist("SourceArn"));
    }
    let newest_first = queues.move_tasks.iter().rev().filter(|task| task.source_arn == source_arn);
    Ok(json!({"Results": newest_first.take(most).map(show).collect::<Vec<Value>>()}))
}

fn show(task: &MoveTask) -> Value {
    let mut shown = json!({
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "SourceArn": &*task.source_arn,
        "StartedTimestamp": task.started_at.millis(),
        "Status": task.status.name(),
    });
    if let Some(arn) = &task.destination_arn {
        shown = shown.with("DestinationArn", Value::String(arn.clone()));
    }
    if let MoveTaskStatus::Failed(reason) = &task.status {
        shown = shown.with("FailureReason", Value::String(reason.clone()));
    }
    if let Some(rate) = task.max_messages_per_second {
        shown = shown.with("MaxNumberOfMessagesPerSecond", json!(rate));
    }
    // Only what can be cancelled has a handle.
    if task.is_running() { shown.with("TaskHandle", json!(task.handle())) } else { shown }
}

fn arn_member(params: &Value, name: &str) -> Result<Option<Rc<str>>, AwsError> {
    let Some(arn) = params.get(name).and_then(Value::as_shared_str) else { return Ok(None) };
    if !arn.starts_with("arn:") {
        // The text is guessed.
        return Err(invalid_value(name, arn, &format!("{name} is not a valid ARN.")));
    }
    Ok(Some(arn.clone()))
}

fn rate(params: &Value, most: u64) -> Result<Option<u64>, AwsError> {
    let name = "MaxNumberOfMessagesPerSecond";
    let Some(given) = params.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let rate = given.as_i64().and_then(|n| u64::try_from(n).ok()).filter(|n| (1..=most).contains(n));
    let reason = format!("{name} must be an integer between 1 and {most}.");
    rate.map(Some).ok_or_else(|| invalid_value(name, &given.to_string(), &reason))
}

fn does_not_exist(member: &str) -> AwsError {
    not_found(&format!("The resource that you specified for the {member} parameter doesn't exist."))
}

fn not_found(message: &str) -> AwsError {
    AwsError::new("ResourceNotFoundException", message).with_status(404)
}

/// Handles are JSON in base64, as AWS's are.
pub(crate) fn handle(id: &str, source_arn: &str) -> String {
    STANDARD.encode(json!({"taskId": id, "sourceArn": source_arn}).to_string())
}

/// The queue out of which the task of a handle moves messages: what its cancelling is about.
pub(crate) fn source_of(handle: &str) -> Option<String> {
    read_handle(handle).map(|(_, source_arn)| source_arn)
}

fn read_handle(handle: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(handle).ok()?).ok()?;
    let value = Value::parse(&text).ok()?;
    Some((value.get_str("taskId")?.to_owned(), value.get_str("sourceArn")?.to_owned()))
}
