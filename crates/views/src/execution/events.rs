//! The event history as rows: each event in plain words, and its JSON when somebody asks.

use std::rc::Rc;

use sfn_history::{ErrorOutput, EventDetails, HistoryEvent, TaskResource};
use shared_json::Value;
use sim_account::ExecutionRecord;
use virtual_time::{Duration, Timestamp};

use super::{error_name, nesting};

#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    pub id: u64,
    /// AWS's name: `TaskStateEntered`.
    pub event_type: &'static str,
    /// The state it belongs to; `None` for the execution's own events.
    pub state: Option<Rc<str>>,
    /// That visit's place among all visits.
    pub visit: Option<usize>,
    /// `#2 › #0`: the iterations around it; empty outside of Maps.
    pub iterations: String,
    pub summary: String,
    pub at: Timestamp,
    /// Since the execution's start.
    pub elapsed: Duration,
    /// The message that was sent.
    pub message_id: Option<String>,
    /// The service's request.
    pub request_id: Option<String>,
    pub is_failure: bool,
}

/// All events, oldest first.
#[must_use]
pub fn events(record: &ExecutionRecord) -> Vec<EventRow> {
    let visits = record.execution.visits();
    let history = record.execution.history();
    let row = |(event, visit): (&HistoryEvent, Option<usize>)| {
        let output = answer(&event.details);
        let request = output.and_then(|output| output.get("SdkResponseMetadata")?.get_str("RequestId"));
        EventRow {
            id: event.id,
            event_type: event.event_type(),
            state: visit.and_then(|visit| visits.get(visit)).map(|visit| visit.state_name.clone()),
            visit,
            iterations: visit.map(|visit| nesting::iterations(record, visit)).unwrap_or_default(),
            summary: summary(&event.details),
            at: event.timestamp,
            elapsed: event.timestamp.since(record.started_at),
            message_id: output.and_then(|output| output.get_str("MessageId")).map(str::to_owned),
            request_id: request.map(str::to_owned),
            is_failure: failure(&event.details).is_some() || fails(&event.details),
        }
    };
    history.iter().zip(nesting::owners(record)).map(row).collect()
}

/// The event as GetExecutionHistory gives it, indented.
#[must_use]
pub fn event_json(record: &ExecutionRecord, id: u64) -> Option<String> {
    let index = usize::try_from(id.checked_sub(1)?).ok()?;
    let event: &HistoryEvent = record.execution.history().get(index)?;
    Some(event.to_value().to_pretty())
}

fn answer(details: &EventDetails) -> Option<&Value> {
    match details {
        EventDetails::TaskSubmitted(_, output) | EventDetails::TaskSucceeded(_, output) => Some(output),
        _ => None,
    }
}

fn failure(details: &EventDetails) -> Option<&ErrorOutput> {
    use EventDetails as E;
    match details {
        E::ExecutionFailed(error)
        | E::ExecutionAborted(error)
        | E::ExecutionTimedOut(error)
        | E::TaskStartFailed(_, error)
        | E::TaskSubmitFailed(_, error)
        | E::TaskFailed(_, error)
        | E::TaskTimedOut(_, error)
        | E::LambdaFunctionScheduleFailed(error)
        | E::LambdaFunctionStartFailed(error)
        | E::LambdaFunctionFailed(error)
        | E::LambdaFunctionTimedOut(error)
        | E::ActivityScheduleFailed(error)
        | E::ActivityFailed(error)
        | E::ActivityTimedOut(error)
        | E::MapRunFailed(error)
        | E::EvaluationFailed { error, .. } => Some(error),
        _ => None,
    }
}

/// Failures that have no error of their own: what failed is inside.
fn fails(details: &EventDetails) -> bool {
    use EventDetails as E;
    matches!(details, E::ParallelStateFailed | E::MapStateFailed | E::MapIterationFailed { .. })
}

fn summary(details: &EventDetails) -> String {
    use EventDetails as E;
    if let Some(error) = failure(details) {
        return failed(details, error);
    }
    match details {
        E::ExecutionStarted { input, .. } => format!("Started with {}", sized(input.len())),
        E::ExecutionSucceeded { output } => format!("Ended well, output of {}", sized(output.json_len())),
        E::StateEntered { name, .. } => format!("Entered \"{name}\""),
        E::StateExited { name, assigned_variables, .. } => {
            let names: Vec<&str> = assigned_variables.iter().flat_map(|all| all.keys()).map(|name| &**name).collect();
            let set = if names.is_empty() { String::new() } else { format!(", set {}", names.join(", ")) };
            format!("Left \"{name}\"{set}")
        }
        E::TaskScheduled(scheduled) => {
            let limit = |what: &str, seconds: Option<u64>| {
                seconds.map(|seconds| format!(", {what} {seconds} s")).unwrap_or_default()
            };
            let timeout = limit("timeout", scheduled.timeout_in_seconds);
            let heartbeat = limit("heartbeat", scheduled.heartbeat_in_seconds);
            format!("Will call {}{timeout}{heartbeat}", called(&scheduled.task))
        }
        E::TaskStarted(task) => format!("Calls {}", called(task)),
        E::TaskSubmitted(task, _) if task.resource.ends_with(".waitForTaskToken") => {
            format!("{} took the request; waits for somebody to return the task token", service(task))
        }
        E::TaskSubmitted(task, _) => format!("{} took the request; waits for its end", service(task)),
        E::TaskSucceeded(_, output) => format!("The task succeeded, {} of output", sized(output.json_len())),
        E::LambdaFunctionScheduled { resource, .. } => format!("Will invoke {}", last_part(resource)),
        E::LambdaFunctionStarted => "The function runs".to_owned(),
        E::LambdaFunctionSucceeded { output } => format!("The function returned {}", sized(output.json_len())),
        E::ActivityScheduled { resource, .. } => format!("Waits for a worker of {}", last_part(resource)),
        E::ActivityStarted { worker_name } => match worker_name {
            Some(name) => format!("Worker {name} took the task"),
            None => "A worker took the task".to_owned(),
        },
        E::ActivitySucceeded { output } => format!("The worker returned {}", sized(output.json_len())),
        E::TaskStateAborted => "The task was given up as the execution ended".to_owned(),
        E::WaitStateAborted => "The wait was given up as the execution ended".to_owned(),
        E::ParallelStateStarted => "The branches begin".to_owned(),
        E::ParallelStateSucceeded => "All branches ended well".to_owned(),
        E::ParallelStateFailed => "A branch failed, so the others were given up".to_owned(),
        E::ParallelStateAborted => "The branches were given up".to_owned(),
        E::MapStateStarted { length: 1 } => "1 item".to_owned(),
        E::MapStateStarted { length } => format!("{length} items"),
        E::MapStateSucceeded => "All iterations ended well".to_owned(),
        E::MapStateFailed => "The Map failed, so what still ran was given up".to_owned(),
        E::MapStateAborted => "The iterations were given up".to_owned(),
        E::MapIterationStarted { index, .. } => format!("Iteration #{index} begins"),
        E::MapIterationSucceeded { index, .. } => format!("Iteration #{index} ended well"),
        E::MapIterationFailed { index, .. } => format!("Iteration #{index} failed"),
        E::MapIterationAborted { index, .. } => format!("Iteration #{index} was given up"),
        E::MapRunStarted { map_run_arn } => format!("Map Run {} begins", last_part(map_run_arn)),
        E::MapRunSucceeded => "All child executions that had to ended well".to_owned(),
        E::MapRunAborted => "The Map Run was given up".to_owned(),
        E::MapRunRedriven { redrive_count, .. } | E::ExecutionRedriven { redrive_count } => {
            format!("Redriven, the {} time", ordinal(*redrive_count))
        }
        // Told above: they have an error.
        E::ExecutionFailed(_)
        | E::ExecutionAborted(_)
        | E::ExecutionTimedOut(_)
        | E::TaskStartFailed(..)
        | E::TaskSubmitFailed(..)
        | E::TaskFailed(..)
        | E::TaskTimedOut(..)
        | E::LambdaFunctionScheduleFailed(_)
        | E::LambdaFunctionStartFailed(_)
        | E::LambdaFunctionFailed(_)
        | E::LambdaFunctionTimedOut(_)
        | E::ActivityScheduleFailed(_)
        | E::ActivityFailed(_)
        | E::ActivityTimedOut(_)
        | E::MapRunFailed(_)
        | E::EvaluationFailed { .. } => String::new(),
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`
fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn failed(details: &EventDetails, error: &ErrorOutput) -> String {
    let what = match details {
        EventDetails::ExecutionAborted(_) if error.error.is_none() && error.cause.is_none() => {
            return "Stopped".to_owned();
        }
        EventDetails::ExecutionAborted(_) => "Stopped",
        EventDetails::ExecutionFailed(_) => "Failed",
        EventDetails::ExecutionTimedOut(_) => "Took too long",
        EventDetails::TaskTimedOut(..)
        | EventDetails::LambdaFunctionTimedOut(_)
        | EventDetails::ActivityTimedOut(_) => "The task took too long",
        EventDetails::TaskSubmitFailed(..) => "The service refused the request",
        EventDetails::EvaluationFailed { location: Some(location), .. } => {
            return format!("{location} could not be evaluated: {}", cause_of(error));
        }
        EventDetails::EvaluationFailed { .. } => "An expression could not be evaluated",
        EventDetails::MapRunFailed(_) => "The Map Run failed",
        _ => "The task failed",
    };
    let cause = cause_of(error);
    let colon = if cause.is_empty() { "" } else { ": " };
    format!("{what} with {}{colon}{cause}", error_name(Some(error)))
}

fn cause_of(error: &ErrorOutput) -> String {
    let cause = error.cause.as_deref().unwrap_or_default();
    let short: String = cause.chars().take(160).collect();
    let dots = if short.len() < cause.len() { "…" } else { "" };
    format!("{short}{dots}")
}

/// `sqs:sendMessage`, without the pattern.
fn called(task: &TaskResource) -> String {
    let action = task.resource.split('.').next().unwrap_or_default();
    format!("{}:{action}", task.resource_type)
}

fn service(task: &TaskResource) -> String {
    match &*task.resource_type {
        "sqs" => "SQS".to_owned(),
        "lambda" => "Lambda".to_owned(),
        "states" => "Step Functions".to_owned(),
        other => other.to_owned(),
    }
}

fn sized(bytes: usize) -> String {
    if bytes < 1024 { format!("{bytes} B") } else { format!("{:.1} KiB", bytes as f64 / 1024.0) }
}

fn last_part(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}
