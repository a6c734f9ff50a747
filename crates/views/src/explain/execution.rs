//! Why an execution waits, failed, or ended where it did.

use sfn_engine::{StateVisit, Status, VisitOutcome};
use sim_account::{Account, CallRecord, Caller, ExecutionRecord, What};
use sqs_sim::{MessageState, Movement, MovementKind};
use virtual_time::Timestamp;

use super::{Cause, Explanation, denied_cause, newest_first, trigger_causes};
use crate::queue;
use crate::roles;
use crate::target::{Target, Tone};
use crate::words::{self, name_of, short_uuid, shortened};

/// The chain for one execution; `None` when there is none with this ARN.
#[must_use]
pub fn execution(account: &Account, arn: &str) -> Option<Explanation> {
    let record = account.states().execution(arn)?;
    let execution = &record.execution;
    let mut causes = Vec::new();
    let question = match execution.status() {
        Status::Running => {
            let visit = execution.visits().last();
            if let Some(visit) = visit {
                running(account, record, visit, &mut causes);
            }
            match visit.map(|visit| &visit.outcome) {
                Some(VisitOutcome::WaitingForCallback) => "Why does it wait?",
                _ => "What does it do?",
            }
        }
        Status::Succeeded => {
            caught(account, record, &mut causes);
            if causes.is_empty() {
                let text = "Every state that was entered ended without an error.";
                causes.push(Cause::new(Tone::Good, "Nothing went wrong", text));
            } else {
                let text = "The error was caught and the branch after it ended normally, so the execution counts as succeeded. End that branch in a Fail state to make it fail.";
                causes.insert(0, Cause::new(Tone::Warning, "It still succeeded", text));
            }
            "Why did it end here?"
        }
        Status::Failed => {
            let error = execution.error().map_or("an error without a name", |error| &**error);
            let cause =
                execution.cause().map_or_else(|| "No cause was given.".to_owned(), |cause| shortened(cause, 600));
            let failed = Cause::new(Tone::Bad, format!("The execution failed with {error}"), cause);
            causes.push(execution.stop_date().into_iter().fold(failed, Cause::at));
            let last = execution.visits().iter().rev().find(|visit| visit.stages().error.is_some());
            if let Some(visit) = last {
                let title = format!("{} failed and no catcher took it", visit.state_name);
                causes.push(Cause::new(Tone::Bad, title, retries(visit)).at(visit.entered_at));
                causes.extend(denials(account, record, visit));
                let error = visit.stages().error.as_ref().and_then(|error| error.error.as_deref());
                if matches!(error, Some("States.Timeout" | "States.HeartbeatTimeout")) {
                    token_trail(account, record, visit, &mut causes);
                }
            }
            caught(account, record, &mut causes);
            "Why did it fail?"
        }
        Status::TimedOut => {
            let text = "The execution lasted longer than its TimeoutSeconds, or than the year that a Standard execution may last.";
            causes.push(Cause::new(Tone::Bad, "The execution timed out", text));
            if let Some(visit) = execution.visits().last() {
                token_trail(account, record, visit, &mut causes);
            }
            "Why did it time out?"
        }
        Status::Aborted => {
            let text = execution.cause().map_or("Somebody called StopExecution.", |cause| &**cause);
            causes.push(Cause::new(Tone::Warning, "The execution was stopped", text));
            "Why did it stop?"
        }
    };
    Some(Explanation { question: question.to_owned(), causes: newest_first(causes) })
}

fn running(account: &Account, record: &ExecutionRecord, visit: &StateVisit, causes: &mut Vec<Cause>) {
    let state = &visit.state_name;
    match &visit.outcome {
        VisitOutcome::WaitingForCallback => {
            let token = visit.detail().task_token.as_deref().map_or_else(String::new, words::short_id);
            let until = match (visit.detail().heartbeat_timeout_at, visit.detail().timeout_at) {
                (Some(at), _) => format!("Without a heartbeat it fails at {at}."),
                (None, Some(at)) => format!("It times out at {at}."),
                (None, None) => {
                    "It has no TimeoutSeconds, so it would wait for up to a year of virtual time.".to_owned()
                }
            };
            let text = format!("Somebody must send SendTaskSuccess or SendTaskFailure with the token {token}. {until}");
            causes.push(Cause::new(Tone::Busy, format!("{state} waits for its task token"), text).at(visit.entered_at));
            token_trail(account, record, visit, causes);
        }
        VisitOutcome::Retrying { attempt, next_at } => {
            let title = format!("{state} will be tried again");
            causes.push(Cause::new(Tone::Busy, title, format!("Retry {attempt} begins at {next_at}.")));
            if let Some(retry) = visit.detail().retries.last() {
                let error = retry.error.error.as_deref().unwrap_or("an error without a name");
                let cause = retry.error.cause.as_deref().map_or_else(String::new, |cause| shortened(cause, 400));
                causes.push(Cause::new(Tone::Bad, format!("It failed with {error}"), cause).at(retry.failed_at));
            }
        }
        _ => {
            let text = "Let virtual time go on to see what comes next.";
            causes.push(Cause::new(Tone::Busy, format!("It is in {state}"), text).at(visit.entered_at));
        }
    }
}

/// Where the message with the token is, and who had it.
fn token_trail(account: &Account, record: &ExecutionRecord, visit: &StateVisit, causes: &mut Vec<Cause>) {
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

/// The states whose error a catcher took, newest first.
fn caught(account: &Account, record: &ExecutionRecord, causes: &mut Vec<Cause>) {
    for visit in record.execution.visits().iter().rev() {
        let VisitOutcome::CaughtError { catcher } = &visit.outcome else { continue };
        let error = visit.stages().error.as_ref();
        let name = error.and_then(|e| e.error.as_deref()).unwrap_or("an error without a name");
        let next = visit.next.as_deref().unwrap_or("the end");
        let title = format!("{}: catcher {} took {name}", visit.state_name, catcher + 1);
        let text = format!("It led to {next}. {}", retries(visit));
        causes.push(visit.exited_at.into_iter().fold(Cause::new(Tone::Warning, title, text), Cause::at));
        if let Some(cause) = error.and_then(|e| e.cause.as_deref()) {
            causes.push(Cause::new(Tone::Bad, format!("{name} says"), shortened(cause, 600)));
        }
        causes.extend(denials(account, record, visit));
    }
}

fn retries(visit: &StateVisit) -> String {
    match visit.detail().retries.len() {
        0 => "It was not retried.".to_owned(),
        1 => "It was retried once before.".to_owned(),
        n => format!("It was retried {n} times before."),
    }
}

/// The calls of a state that IAM refused.
fn denials(account: &Account, record: &ExecutionRecord, visit: &StateVisit) -> Option<Cause> {
    let calls = account.journal().calls().rev().take_while(|(entry, _)| entry.at >= visit.entered_at);
    let mut denied = calls.filter_map(|(entry, call)| match &call.caller {
        Caller::Task { execution_arn, state_name, .. }
            if *execution_arn == record.arn && *state_name == visit.state_name =>
        {
            roles::denial(account, entry.at, call)
        }
        _ => None,
    });
    denied.next().map(|call| denied_cause(&call, name_of(&record.role_arn)))
}
