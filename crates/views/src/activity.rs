//! Everything that happened, in sentences and in order: calls, message movements, state changes, invocations,
//! log lines.

use lambda_sim::{InvocationStatus, LambdaTrace};
use sfn_history::{EventDetails, HistoryEvent};
use shared_json::Value;
use sim_account::{Account, CallRecord, ExecutionRecord, JournalEntry, What};
use sqs_sim::{Movement, MovementKind};
use virtual_time::{Duration, Timestamp};

use crate::target::{Target, Tone};
use crate::words::{self, name_of, short_uuid, shortened};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    Call,
    Message,
    State,
    Function,
    Log,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ActivityRow {
    pub at: Timestamp,
    pub kind: ActivityKind,
    pub tone: Tone,
    pub text: String,
    pub target: Option<Target>,
    /// A poll that found nothing: hidden unless asked for.
    pub idle: bool,
}

/// The newest `most` rows, oldest first.
#[must_use]
pub fn rows(account: &Account, most: usize, with_idle: bool) -> Vec<ActivityRow> {
    // Idle polls are most of a long journal: they are left out before anything is put into words.
    let seen = account.journal().entries().rev().filter(|entry| with_idle || !is_idle(&entry.what));
    let mut rows: Vec<ActivityRow> = seen.filter_map(|entry| row_of(account, entry)).take(most).collect();
    rows.reverse();
    let mut changes: Vec<ActivityRow> = Vec::new();
    for record in account.states().executions().iter().rev().take(most) {
        let events = record.execution.history().iter().rev().take(most);
        changes.extend(events.filter_map(|event| state_change(record, event)));
    }
    // A call comes before what it brought about at the same moment.
    let from = if rows.len() == most { rows.first().map(|row| row.at) } else { None };
    changes.retain(|change| from.is_none_or(|from| change.at >= from));
    changes.reverse();
    rows.extend(changes);
    rows.sort_by_key(|row| row.at);
    let surplus = rows.len().saturating_sub(most);
    rows.drain(..surplus);
    rows
}

fn row_of(account: &Account, entry: &JournalEntry) -> Option<ActivityRow> {
    match &entry.what {
        What::Call(call) => Some(call_row(account, entry.at, call)),
        What::Moved(movement) => movement_row(movement),
        What::Lambda(trace) => trace_row(entry.at, trace),
    }
}

fn call_row(account: &Account, at: Timestamp, call: &CallRecord) -> ActivityRow {
    let (who, mut target) = words::caller(account, &call.caller);
    let about = subject(call);
    let on = about.as_ref().map_or(String::new(), |(name, _)| format!(" on {name}"));
    let (tone, text) = match &call.outcome {
        Some(Err(error)) => {
            let deed = if error.code.starts_with("AccessDenied") { "was denied" } else { "could not do" };
            (Tone::Bad, format!("{who} {deed} {}{on}: {}", call.action, shortened(&error.to_string(), 240)))
        }
        _ => (Tone::Plain, format!("{who} called {}{on}", call.action)),
    };
    if target.is_none() {
        target = about.and_then(|(_, target)| target);
    }
    ActivityRow { at, kind: ActivityKind::Call, tone, text, target, idle: is_idle_poll(call) }
}

fn is_idle(what: &What) -> bool {
    matches!(what, What::Call(call) if is_idle_poll(call))
}

/// A poll that waits, or found nothing.
fn is_idle_poll(call: &CallRecord) -> bool {
    call.action == "sqs:ReceiveMessage"
        && match &call.outcome {
            None => true,
            Some(Ok(answer)) => answer.get("Messages").is_none(),
            Some(Err(_)) => false,
        }
}

/// What a call is about, by the member that names it.
fn subject(call: &CallRecord) -> Option<(String, Option<Target>)> {
    let params = &call.params;
    let text = |key: &str| params.get_str(key);
    if let Some(url) = text("QueueUrl") {
        let name = words::queue_of_url(url);
        return Some((name.to_owned(), Some(Target::queue(name))));
    }
    if let Some(name) = text("QueueName") {
        return Some((name.to_owned(), Some(Target::queue(name))));
    }
    if let Some(name) = text("FunctionName") {
        let name = name_of(name);
        return Some((name.to_owned(), Some(Target::function(name))));
    }
    if let Some(name) = text("RoleName") {
        return Some((name.to_owned(), Some(Target::role(name))));
    }
    if let Some(arn) = text("stateMachineArn") {
        return Some((name_of(arn).to_owned(), Some(Target::StateMachine { arn: arn.to_owned() })));
    }
    if let Some(arn) = text("executionArn") {
        return Some((name_of(arn).to_owned(), Some(Target::execution(arn))));
    }
    if let Some(name) = text("name") {
        return Some((name.to_owned(), None));
    }
    text("taskToken").map(|token| (format!("token {}", words::short_id(token)), None))
}

fn movement_row(movement: &Movement) -> Option<ActivityRow> {
    let queue = name_of(&movement.queue_arn);
    let id = short_uuid(&movement.message_id);
    let (tone, text) = match &movement.kind {
        MovementKind::Sent { delayed_until: None } => (Tone::Plain, format!("Message {id} is available in {queue}")),
        MovementKind::Sent { delayed_until: Some(until) } => {
            let span = until.since(movement.at);
            (Tone::Plain, format!("Message {id} is in {queue}, delayed for {span}"))
        }
        MovementKind::Available => (Tone::Plain, format!("Message {id} is available in {queue} again")),
        MovementKind::Received { until, receive_count, .. } => {
            let span: Duration = until.since(movement.at);
            (Tone::Busy, format!("Message {id} was received from {queue} (receive {receive_count}), hidden for {span}"))
        }
        MovementKind::VisibilityChanged { until } => {
            (Tone::Plain, format!("Message {id} in {queue} is hidden for {} from now", until.since(movement.at)))
        }
        MovementKind::Deleted => (Tone::Good, format!("Message {id} was deleted from {queue}")),
        MovementKind::Expired => (Tone::Warning, format!("Message {id} expired in {queue}: nobody deleted it in time")),
        MovementKind::Purged => (Tone::Warning, format!("Message {id} was purged from {queue}")),
        MovementKind::DeadLettered { to } => {
            (Tone::Bad, format!("Message {id} was received too often and moved from {queue} to {}", name_of(to)))
        }
        MovementKind::Redriven { to } => {
            (Tone::Plain, format!("Message {id} was redriven from {queue} to {}, as a new message", name_of(to)))
        }
        MovementKind::QueueDeleted => (Tone::Plain, format!("Queue {queue} is gone with its messages")),
    };
    let target = Some(Target::queue(queue));
    Some(ActivityRow { at: movement.at, kind: ActivityKind::Message, tone, text, target, idle: false })
}

fn trace_row(at: Timestamp, trace: &LambdaTrace) -> Option<ActivityRow> {
    let (function, kind, tone, text) = match trace {
        LambdaTrace::InvocationStarted { function, request_id, cold, message_ids, .. } => {
            let start = if *cold { " (cold start)" } else { "" };
            let with = match message_ids.len() {
                0 => String::new(),
                1 => " with 1 message".to_owned(),
                n => format!(" with {n} messages"),
            };
            let text = format!("{function} was invoked{with}{start}, request {}", short_uuid(request_id));
            (function, ActivityKind::Function, Tone::Busy, text)
        }
        LambdaTrace::InvocationFinished { function, request_id, status, .. } => {
            let (tone, word) = match status {
                InvocationStatus::Succeeded => (Tone::Good, "ended"),
                InvocationStatus::Failed => (Tone::Bad, "failed"),
                InvocationStatus::TimedOut => (Tone::Bad, "timed out"),
                InvocationStatus::Starting | InvocationStatus::Running => (Tone::Busy, "runs"),
            };
            (function, ActivityKind::Function, tone, format!("{function} {word}, request {}", short_uuid(request_id)))
        }
        LambdaTrace::Log { function, line, .. } => {
            let bad = line.contains("\tERROR\t") || line.contains("Task timed out");
            let tone = if bad { Tone::Bad } else { Tone::Plain };
            (function, ActivityKind::Log, tone, format!("{function} logged: {}", shortened(line, 240)))
        }
        LambdaTrace::Throttled { function } => (
            function,
            ActivityKind::Function,
            Tone::Warning,
            format!("{function} was throttled: all concurrency is used"),
        ),
        LambdaTrace::Notice { function, message, .. } => {
            (function, ActivityKind::Function, Tone::Warning, format!("{function}: {message}"))
        }
        LambdaTrace::EnvironmentStarted { .. }
        | LambdaTrace::EnvironmentEnded { .. }
        | LambdaTrace::MappingResult { .. } => return None,
        LambdaTrace::MappingState { state, .. } => {
            let word = state.map_or("deleted", |state| state.as_str());
            let text = format!("A trigger is now {}", word.to_lowercase());
            return Some(ActivityRow {
                at,
                kind: ActivityKind::Function,
                tone: Tone::Plain,
                text,
                target: None,
                idle: false,
            });
        }
    };
    Some(ActivityRow { at, kind, tone, text, target: Some(Target::function(function)), idle: false })
}

fn state_change(record: &ExecutionRecord, event: &HistoryEvent) -> Option<ActivityRow> {
    let name = shortened(&record.name, 24);
    let (tone, text) = match &event.details {
        EventDetails::ExecutionStarted { .. } => {
            (Tone::Busy, format!("Execution {name} of {} started", record.state_machine_name))
        }
        EventDetails::ExecutionSucceeded { .. } => (Tone::Good, format!("Execution {name} succeeded")),
        EventDetails::ExecutionFailed(error) => {
            let error = error.error.as_deref().unwrap_or("no error name");
            (Tone::Bad, format!("Execution {name} failed: {error}"))
        }
        EventDetails::ExecutionAborted(_) => (Tone::Warning, format!("Execution {name} was stopped")),
        EventDetails::ExecutionTimedOut(_) => (Tone::Bad, format!("Execution {name} timed out")),
        EventDetails::StateEntered { name: state, .. } => (Tone::Busy, format!("{name} entered {state}")),
        EventDetails::StateExited { name: state, .. } => (Tone::Good, format!("{name} left {state}")),
        EventDetails::TaskSubmitted(..) => (Tone::Busy, format!("{name} waits for its task to be answered")),
        EventDetails::TaskFailed(_, error) | EventDetails::TaskTimedOut(_, error) => {
            let error = error.error.as_deref().unwrap_or("no error name");
            (Tone::Bad, format!("A task of {name} failed: {error}"))
        }
        _ => return None,
    };
    let target = Some(Target::execution(&record.arn));
    Some(ActivityRow { at: event.timestamp, kind: ActivityKind::State, tone, text, target, idle: false })
}

/// For a result that is a JSON text or plain text: the same, indented when it is JSON.
#[must_use]
pub fn pretty(text: &str) -> String {
    Value::parse(text).map_or_else(|_| text.to_owned(), |value| value.to_pretty())
}
