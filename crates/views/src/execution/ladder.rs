//! The error ladder of one visit: which attempt failed with what, who tried again after how long, and who caught it
//! in the end.

use std::rc::Rc;

use asl::{JitterStrategy, StateKind};
use sfn_engine::{ErrorOutput, StateVisit, VisitOutcome};
use sim_account::ExecutionRecord;
use virtual_time::Duration;

use super::error_name;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ladder {
    /// The attempts that failed.
    pub attempts: Vec<Attempt>,
    pub retriers: Vec<RetrierRow>,
    pub catchers: Vec<CatcherRow>,
    /// What came of it, in a sentence; empty while nothing went wrong.
    pub outcome: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// From 1.
    pub number: usize,
    pub error: String,
    pub cause: Option<Rc<str>>,
    /// Since the state was entered; `None` when the end of the last attempt is the state's end.
    pub failed_after: Option<Duration>,
    /// The retrier that took it, from 0, and the wait before the next attempt.
    pub retried: Option<(usize, Duration)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RetrierRow {
    /// From 0.
    pub index: usize,
    pub error_equals: String,
    /// `1 s × 2 each time, at most 3 retries`.
    pub rule: String,
    pub used: usize,
    pub max_attempts: u64,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CatcherRow {
    /// From 0.
    pub index: usize,
    pub error_equals: String,
    pub next: Rc<str>,
    pub matched: bool,
    pub why: String,
}

/// `None` for states that can have neither Retry nor Catch.
#[must_use]
pub fn ladder(record: &ExecutionRecord, visit: &StateVisit) -> Option<Ladder> {
    let state = record.execution.started_with().definition.state(&visit.state_name)?;
    if !matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
        return None;
    }
    let ended = match visit.outcome {
        VisitOutcome::CaughtError { .. } | VisitOutcome::Failed | VisitOutcome::TimedOut => {
            visit.stages().error.as_ref()
        }
        _ => None,
    };
    let used = |index: usize| visit.detail().retries.iter().filter(|retry| retry.retrier == index).count();
    let last_error = ended.or_else(|| visit.detail().retries.last().map(|retry| &retry.error));
    let caught_by = if let VisitOutcome::CaughtError { catcher } = visit.outcome { Some(catcher) } else { None };

    let retriers = state.retry().iter().enumerate().map(|(index, retrier)| {
        let used = used(index);
        let exhausted = u64::try_from(used).unwrap_or(u64::MAX) >= retrier.max_attempts;
        let why = match (used, ended) {
            (0, None) => "not needed so far".to_owned(),
            (0, Some(error)) if retrier.max_attempts == 0 && names(error, &retrier.error_equals) => {
                "matched, but MaxAttempts 0 forbids a retry".to_owned()
            }
            (0, Some(error)) => format!("its ErrorEquals do not name {}", error_name(Some(error))),
            (n, Some(_)) if exhausted => format!("gave up after {n} of {} retries", retrier.max_attempts),
            (n, _) => format!("{n} of {} retries used", retrier.max_attempts),
        };
        RetrierRow {
            index,
            error_equals: retrier.error_equals.join(", "),
            rule: rule(retrier),
            used,
            max_attempts: retrier.max_attempts,
            why,
        }
    });
    let catchers = state.catch().iter().enumerate().map(|(index, catcher)| {
        let matched = caught_by == Some(index);
        let why = match (ended, caught_by) {
            (None, _) => "not needed so far".to_owned(),
            (Some(error), _) if matched => format!("matched {}", matching(error, &catcher.error_equals)),
            (Some(_), Some(earlier)) if earlier < index => "not asked: an earlier one matched".to_owned(),
            (Some(error), _) => format!("its ErrorEquals do not name {}", error_name(Some(error))),
        };
        CatcherRow {
            index,
            error_equals: catcher.error_equals.join(", "),
            next: catcher.next.name.clone(),
            matched,
            why,
        }
    });
    let (retriers, catchers) = (retriers.collect::<Vec<_>>(), catchers.collect::<Vec<_>>());
    Some(Ladder {
        attempts: attempts(visit, ended),
        outcome: outcome(visit, last_error, &catchers),
        retriers,
        catchers,
    })
}

fn attempts(visit: &StateVisit, ended: Option<&ErrorOutput>) -> Vec<Attempt> {
    let attempt = |number: usize, error: &ErrorOutput| Attempt {
        number,
        error: error_name(Some(error)),
        cause: error.cause.clone(),
        failed_after: None,
        retried: None,
    };
    let mut attempts: Vec<Attempt> = Vec::new();
    for (index, retry) in visit.detail().retries.iter().enumerate() {
        attempts.push(Attempt {
            failed_after: Some(retry.failed_at.since(visit.entered_at)),
            retried: Some((retry.retrier, retry.next_at.since(retry.failed_at))),
            ..attempt(index + 1, &retry.error)
        });
    }
    if let Some(error) = ended {
        let failed_after = visit.exited_at.map(|at| at.since(visit.entered_at));
        attempts.push(Attempt { failed_after, ..attempt(attempts.len() + 1, error) });
    }
    attempts
}

fn outcome(visit: &StateVisit, error: Option<&ErrorOutput>, catchers: &[CatcherRow]) -> String {
    let tries = visit.detail().retries.len() + 1;
    match &visit.outcome {
        VisitOutcome::CaughtError { catcher } => format!(
            "Catch #{catcher} took {} and the execution went on with \"{}\".",
            error_name(error),
            visit.next.as_deref().unwrap_or_default()
        ),
        VisitOutcome::Failed | VisitOutcome::TimedOut => {
            let uncatchable = error.and_then(|error| error.error.as_deref()) == Some("States.Runtime");
            let why = match (uncatchable, catchers.len()) {
                (true, _) => "States.Runtime can be neither retried nor caught",
                (false, 0) => "the state has no Catch",
                (false, _) => "no catcher names it",
            };
            let what = if visit.within.is_some() { "the branch or iteration" } else { "the execution" };
            format!("{} failed {what}: {why}.", error_name(error))
        }
        VisitOutcome::Succeeded if tries > 1 => format!("Attempt {tries} succeeded."),
        VisitOutcome::Retrying { .. } => "Waiting for the next attempt.".to_owned(),
        _ => String::new(),
    }
}

fn rule(retrier: &asl::Retrier) -> String {
    let most = match retrier.max_delay_seconds {
        Some(seconds) => format!(", never more than {seconds} s"),
        None => String::new(),
    };
    let jitter = if retrier.jitter_strategy == JitterStrategy::Full { ", FULL jitter" } else { "" };
    format!(
        "waits {} s, then × {} each time{most}{jitter}; MaxAttempts {}",
        retrier.interval_seconds, retrier.backoff_rate, retrier.max_attempts
    )
}

/// The name in `ErrorEquals` by which the error was taken.
fn matching(error: &ErrorOutput, error_equals: &[Rc<str>]) -> String {
    let exact = error_equals.iter().find(|name| error.error.as_deref() == Some(&***name));
    let wide = ["States.HeartbeatTimeout", "States.TaskFailed", "States.ALL"];
    let wide = || error_equals.iter().find(|name| wide.contains(&&***name));
    exact.or_else(wide).map_or_else(|| error_equals.join(", "), |name| name.to_string())
}

fn names(error: &ErrorOutput, error_equals: &[Rc<str>]) -> bool {
    error_equals.iter().any(|name| &**name == "States.ALL" || error.error.as_deref() == Some(&**name))
}
