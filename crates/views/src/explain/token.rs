//! Where a task token is, and who had it.

use sfn_engine::StateVisit;
use sim_account::{Account, CallRecord, Caller, ExecutionRecord, What};
use sqs_sim::{MessageState, Movement, MovementKind};
use virtual_time::Timestamp;

use super::{Cause, denied_cause, trigger_causes};
use crate::target::{Target, Tone};
use crate::words::{self, name_of, short_uuid, shortened};
use crate::{queue, roles};

/// Where the message with the token is, and who had it.
pub(super) fn token_trail(account: &Account, record: &ExecutionRecord, visit: &StateVisit, causes: &mut Vec<Cause>) {
    let Some(token) = visit.detail().task_token.as_deref() else { return };
    for (entry, call) in account.journal().calls().rev().take_while(|(entry, _)| entry.at >= visit.entered_at) {
        if call.action.starts_with("states:SendTask") && call.params.get_str("taskToken") == Some(token) {
            causes.extend(refused_answer(account, entry.at, call));
        }
    }
    let Some(call) = call_of(account, record, visit) else { return };
    let Some(id) = call.outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()?.get_str("MessageId")) else {
        return;
    };
    let queue_name = words::queue_of_url(call.params.get_str("QueueUrl").unwrap_or_default());
    let target = Some(Target::queue(queue_name));
    let message =
        account.queues().queue(queue_name).and_then(|queue| queue.messages().find(|message| &*message.id == id));
    let (tone, text) = match message.map(|message| &message.state) {
        Some(MessageState::Available) => (Tone::Warning, format!("Nobody holds it: it is available in {queue_name}.")),
        Some(MessageState::Delayed { until }) => (Tone::Plain, format!("It is delayed in {queue_name} until {until}.")),
        Some(MessageState::InFlight { until, .. }) => {
            (Tone::Busy, format!("It is in flight: a receiver has until {until} to delete it."))
        }
        None => last_movement(account, id).map_or_else(
            || (Tone::Plain, "It is not in the queue any more.".to_owned()),
            |movement| gone(&movement.kind),
        ),
    };
    let title = format!("The token is in message {} of {queue_name}", short_uuid(id));
    let at = last_movement(account, id).map(|movement| movement.at);
    let cause = Cause::new(tone, title, text).leads_to(target);
    causes.push(at.into_iter().fold(cause, Cause::at));
    for invocation in account.functions().invocations().rev().take(1_000) {
        if !invocation.message_ids().iter().any(|message| &**message == id) {
            continue;
        }
        let name = &invocation.function;
        let text = match (invocation.is_finished(), &invocation.error) {
            (false, _) => "It still runs.".to_owned(),
            (true, Some(error)) => {
                let (title, message) = super::error_words(Some(error));
                format!("{title}: {}", shortened(&message, 300))
            }
            (true, None) => "It ended without an error but did not answer this token.".to_owned(),
        };
        let title = format!("{name} had it, request {}", short_uuid(&invocation.request_id));
        let tone = if invocation.is_finished() { Tone::Bad } else { Tone::Busy };
        causes.push(Cause::new(tone, title, text).at(invocation.accepted_at).leads_to(Some(Target::function(name))));
        break;
    }
    let expired = message.is_none()
        && last_movement(account, id).is_some_and(|movement| matches!(movement.kind, MovementKind::Expired));
    if (expired || message.is_some_and(|message| message.state == MessageState::Available))
        && let Some(view) = queue::view(account, queue_name)
    {
        causes.extend(trigger_causes(account, &view));
        if expired {
            let text = "Add or enable a trigger that reads the queue and let its role receive messages. Then stop this execution and start a new one: this token is lost.";
            causes.push(Cause::new(Tone::Warning, "How to mend it", text).leads_to(Some(Target::queue(queue_name))));
        }
    }
}

fn refused_answer(account: &Account, at: Timestamp, call: &CallRecord) -> Option<Cause> {
    if let Some(denied) = roles::denial(account, at, call) {
        return Some(denied_cause(&denied, name_of(call.caller.role_arn().unwrap_or_default())));
    }
    let Some(Err(error)) = &call.outcome else { return None };
    let (who, target) = words::caller(account, &call.caller);
    Some(
        Cause::new(Tone::Bad, format!("{who} answered, but {} was refused", call.action), error.to_string())
            .at(at)
            .leads_to(target),
    )
}

fn gone(kind: &MovementKind) -> (Tone, String) {
    match kind {
        MovementKind::Expired => (
            Tone::Bad,
            "It expired: the queue's retention period ended before anybody deleted it. Nobody has the token any more."
                .into(),
        ),
        MovementKind::Deleted => {
            (Tone::Bad, "Its receiver deleted it without answering the token. Nobody else will get it.".into())
        }
        MovementKind::Purged => (Tone::Bad, "The queue was purged. Nobody has the token any more.".into()),
        MovementKind::DeadLettered { to } => {
            (Tone::Bad, format!("It was received too often and moved to {}.", name_of(to)))
        }
        MovementKind::Redriven { to } => (
            Tone::Plain,
            format!("It was moved out of the dead-letter queue to {}, where a new message has its body.", name_of(to)),
        ),
        _ => (Tone::Plain, "It is not in the queue any more.".into()),
    }
}

fn last_movement<'a>(account: &'a Account, message_id: &str) -> Option<&'a Movement> {
    account.journal().entries().rev().find_map(|entry| match &entry.what {
        What::Moved(movement) if &*movement.message_id == message_id => Some(movement),
        _ => None,
    })
}

/// The call that a visit's task made.
fn call_of<'a>(account: &'a Account, record: &ExecutionRecord, visit: &StateVisit) -> Option<&'a CallRecord> {
    let calls = account.journal().calls().rev().take_while(|(entry, _)| entry.at >= visit.entered_at);
    let mut of_visit = calls.filter(|(_, call)| match &call.caller {
        Caller::Task { execution_arn, task, .. } => *execution_arn == record.arn && Some(*task) == visit.detail().task,
        _ => false,
    });
    of_visit.next().map(|(_, call)| call)
}
