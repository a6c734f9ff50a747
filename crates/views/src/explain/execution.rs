//! Why an execution waits, failed, or ended where it did.

use sfn_engine::{StateVisit, Status, VisitOutcome};
use sim_account::{Account, Caller, ExecutionRecord};

use super::token::token_trail;
use super::{Cause, Explanation, denied_cause, inside, newest_first};
use crate::execution::RunStatus;
use crate::execution::nesting::{self, failed_chain, failed_visit};
use crate::roles;
use crate::target::Tone;
use crate::words::{self, name_of, shortened};

/// The chain for one execution; `None` when there is none with this ARN.
#[must_use]
pub fn execution(account: &Account, arn: &str) -> Option<Explanation> {
    let record = account.states().execution(arn)?;
    let execution = &record.execution;
    let mut causes = Vec::new();
    let question = match execution.status() {
        Status::Running => {
            let waits = running(account, record, &mut causes);
            if waits { "Why does it wait?" } else { "What does it do?" }
        }
        Status::Succeeded => {
            caught(account, record, &mut causes);
            let tolerated = tolerated(account, record);
            if causes.is_empty() && !tolerated.is_empty() {
                causes.extend(tolerated);
            } else if causes.is_empty() {
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
            if let Some(visit) = failed_visit(execution.visits()) {
                failure(account, record, visit, &mut causes);
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

/// States that are told of while others like them run beside them.
const MOST_RUNNING: usize = 3;

/// What the states that run now do; whether the first of them waits for somebody's answer.
fn running(account: &Account, record: &ExecutionRecord, causes: &mut Vec<Cause>) -> bool {
    let visits = record.execution.visits();
    let parts = nesting::parts(visits);
    // A Parallel or Map runs as long as what is inside it; that tells more.
    let runs = |(index, visit): &(usize, &StateVisit)| {
        let inside = parts.contains_key(index) && visit.outcome == VisitOutcome::InProgress;
        RunStatus::of_visit(&visit.outcome).is_open() && !inside
    };
    let mut open: Vec<(usize, &StateVisit)> = visits.iter().enumerate().filter(runs).collect();
    let rank = |visit: &StateVisit| match visit.outcome {
        VisitOutcome::WaitingForCallback => 0,
        VisitOutcome::Retrying { .. } => 1,
        _ => 2,
    };
    open.sort_by_key(|(index, visit)| (rank(visit), std::cmp::Reverse(*index)));
    for (index, visit) in open.iter().take(MOST_RUNNING) {
        still_running(account, record, *index, visit, causes);
    }
    if let Some(more @ 1..) = open.len().checked_sub(MOST_RUNNING) {
        let text = "Other branches and iterations run beside them.";
        causes.push(Cause::new(Tone::Busy, format!("{more} more states run"), text));
    }
    open.first().is_some_and(|(_, visit)| visit.outcome == VisitOutcome::WaitingForCallback)
}

fn still_running(
    account: &Account,
    record: &ExecutionRecord,
    index: usize,
    visit: &StateVisit,
    causes: &mut Vec<Cause>,
) {
    let state = named(record, visit);
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
            let text = if token.is_empty() {
                format!("It waits for the end of what it started. {until}")
            } else {
                format!("Somebody must send SendTaskSuccess or SendTaskFailure with the token {token}. {until}")
            };
            let what = if token.is_empty() { "the end of its job" } else { "its task token" };
            causes.push(Cause::new(Tone::Busy, format!("{state} waits for {what}"), text).at(visit.entered_at));
            token_trail(account, record, visit, causes);
        }
        VisitOutcome::Retrying { attempt, next_at } => {
            let title = format!("{state} will be tried again");
            causes.push(Cause::new(Tone::Busy, title, format!("Retry {attempt} begins at {next_at}.")));
            if let Some(retry) = visit.detail().retries.last() {
                let error = retry.error.error.as_deref().unwrap_or("an error without a name");
                let cause = retry.error.cause.as_deref().map_or_else(String::new, |cause| shortened(cause, 400));
                causes.push(Cause::new(Tone::Bad, format!("It failed with {error}"), cause).at(retry.failed_at));
                insides(account, record, index, causes);
            }
        }
        _ => {
            let text = "Let virtual time go on to see what comes next.";
            causes.push(Cause::new(Tone::Busy, format!("It is in {state}"), text).at(visit.entered_at));
        }
    }
}

/// `Weigh in iteration #2 of "Pack all"`
fn named(record: &ExecutionRecord, visit: &StateVisit) -> String {
    match visit.within {
        Some(within) => format!("{} in {}", visit.state_name, nesting::place(record, within)),
        None => visit.state_name.to_string(),
    }
}

/// Why a state that nobody caught failed.
fn failure(account: &Account, record: &ExecutionRecord, index: usize, causes: &mut Vec<Cause>) {
    let Some(visit) = record.execution.visits().get(index) else { return };
    let inner = failed_chain(record, index).get(1).copied();
    let consequence = inside::consequence(record, index, inner);
    let title = format!("{} failed and no catcher took it", visit.state_name);
    let cause = Cause::new(Tone::Bad, title, format!("{consequence}{}", retries(visit)));
    causes.push(cause.at(visit.exited_at.unwrap_or(visit.entered_at)));
    own_reasons(account, record, index, causes);
    insides(account, record, index, causes);
}

/// The states inside a failed Parallel or Map that failed it, one in the other.
fn insides(account: &Account, record: &ExecutionRecord, index: usize, causes: &mut Vec<Cause>) {
    let visits = record.execution.visits();
    let chain = failed_chain(record, index);
    for (at, inner) in chain.iter().enumerate().skip(1) {
        let Some((visit, within)) = visits.get(*inner).and_then(|visit| Some((visit, visit.within?))) else { continue };
        let error = visit.stages().error.as_ref();
        let name = error.and_then(|error| error.error.as_deref()).unwrap_or("an error without a name");
        let place = nesting::place(record, within);
        let title = format!("{} failed in {place} with {name}", visit.state_name);
        let consequence = inside::consequence(record, *inner, chain.get(at + 1).copied());
        let cause = Cause::new(Tone::Bad, title, format!("{consequence}{}", retries(visit)));
        causes.push(cause.at(visit.exited_at.unwrap_or(visit.entered_at)));
        own_reasons(account, record, *inner, causes);
    }
}

/// What can be said of a failed state beyond its error: who denied its call, where its token is, which expression
/// failed, which child executions did.
fn own_reasons(account: &Account, record: &ExecutionRecord, index: usize, causes: &mut Vec<Cause>) {
    let Some(visit) = record.execution.visits().get(index) else { return };
    causes.extend(denials(account, record, visit));
    causes.extend(inside::expression(record, index));
    causes.extend(inside::failed_children(account, visit));
    let error = visit.stages().error.as_ref().and_then(|error| error.error.as_deref());
    if matches!(error, Some("States.Timeout" | "States.HeartbeatTimeout")) {
        token_trail(account, record, visit, causes);
    }
}

/// Child executions that failed without failing their Map.
fn tolerated(account: &Account, record: &ExecutionRecord) -> Vec<Cause> {
    let failed: Vec<Cause> =
        record.execution.visits().iter().flat_map(|visit| inside::failed_children(account, visit)).collect();
    if failed.is_empty() {
        return failed;
    }
    let text = "A distributed Map goes on until more items fail than its ToleratedFailureCount or \
                ToleratedFailurePercentage allow.";
    let head = Cause::new(Tone::Warning, "It still succeeded, though child executions failed", text);
    std::iter::once(head).chain(failed).collect()
}

/// Caught errors that are told; the others were like them.
const MOST_CAUGHT: usize = 5;

/// The states whose error a catcher took, newest first.
fn caught(account: &Account, record: &ExecutionRecord, causes: &mut Vec<Cause>) {
    let took = |(_, visit): &(usize, &StateVisit)| matches!(visit.outcome, VisitOutcome::CaughtError { .. });
    let mut all = record.execution.visits().iter().enumerate().rev().filter(took);
    for (index, visit) in all.by_ref().take(MOST_CAUGHT) {
        let VisitOutcome::CaughtError { catcher } = &visit.outcome else { continue };
        let error = visit.stages().error.as_ref();
        let name = error.and_then(|e| e.error.as_deref()).unwrap_or("an error without a name");
        let next = visit.next.as_deref().unwrap_or("the end");
        let title = format!("{}: catcher {} took {name}", named(record, visit), catcher + 1);
        let inner = failed_chain(record, index).get(1).copied();
        let consequence = inside::consequence(record, index, inner);
        let text = format!("{consequence}It led to {next}. {}", retries(visit));
        causes.push(visit.exited_at.into_iter().fold(Cause::new(Tone::Warning, title, text), Cause::at));
        if let Some(cause) = error.and_then(|e| e.cause.as_deref()) {
            causes.push(Cause::new(Tone::Bad, format!("{name} says"), shortened(cause, 600)));
        }
        causes.extend(denials(account, record, visit));
        causes.extend(inside::expression(record, index));
        causes.extend(inside::failed_children(account, visit));
        insides(account, record, index, causes);
    }
    let more = all.count();
    if more > 0 {
        causes.push(Cause::new(Tone::Warning, format!("{more} more errors were caught"), "They came before these."));
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
