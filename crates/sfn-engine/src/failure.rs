//! When a state fails: try again, go to a Catcher, or end the execution.
//!
//! Source: Amazon States Language, "Errors", and histories recorded on AWS.

use std::rc::Rc;

use asl::{JitterStrategy, ResultPath, Retrier, StateKind};
use sfn_history::ErrorOutput;
use shared_json::Value;
use states_query::{QueryError, Randomness};
use virtual_time::{Duration, Timestamp};

use crate::execution::{Execution, Halt, Phase, Step};
use crate::visit::{RetryAttempt, VisitOutcome};

const RUNTIME: &str = "States.Runtime";
const TIMEOUT: &str = "States.Timeout";

/// A state's failure, before anyone decided what follows from it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: ErrorOutput,
    /// A missed heartbeat is called `States.Timeout` too, but can be caught under its own name.
    pub(crate) missed_heartbeat: bool,
}

impl Failure {
    pub(crate) fn new(error: ErrorOutput) -> Failure {
        Failure { error, missed_heartbeat: false }
    }

    pub(crate) fn timeout(missed_heartbeat: bool) -> Failure {
        Failure { error: ErrorOutput::named(TIMEOUT), missed_heartbeat }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> QueryError {
        QueryError { error: RUNTIME, cause: cause.into() }
    }

    /// The cause without a prefix: whose result it is stands in the text.
    pub(crate) fn too_large(name: &str) -> Failure {
        Failure::new(ErrorOutput::new(
            "States.DataLimitExceeded",
            format!(
                "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service \
                 limit."
            ),
        ))
    }

    fn timed_out(&self) -> bool {
        self.error.error.as_deref() == Some(TIMEOUT)
    }

    /// Whether a Retrier or Catcher with these names is meant. `States.Runtime` can be neither retried nor caught.
    fn matches(&self, error_equals: &[Rc<str>]) -> bool {
        let error = self.error.error.as_deref();
        error != Some(RUNTIME)
            && error_equals.iter().any(|name| match &**name {
                "States.ALL" => true,
                "States.TaskFailed" => !self.timed_out(),
                "States.HeartbeatTimeout" => self.missed_heartbeat || error == Some("States.HeartbeatTimeout"),
                name => error == Some(name),
            })
    }
}

impl Execution {
    /// A query failed while the current state ran.
    pub(crate) fn fail_query(&mut self, now: Timestamp, error: QueryError) -> Step {
        let cause = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
            self.current.name, self.current.entered_event_id, error.cause
        );
        self.fail_state(now, Failure::new(ErrorOutput::new(error.error, cause)))
    }

    pub(crate) fn fail_state(&mut self, now: Timestamp, failure: Failure) -> Step {
        if let Some(visit) = self.visits.last_mut() {
            visit.stages.error = Some(failure.error.clone());
        }
        let definition = Rc::clone(&self.start.definition);
        if let Some(StateKind::Task(task)) = definition.state(&self.current.name).map(|state| &state.kind) {
            if let Some((index, retrier)) = first_match(&task.retry, |r| failure.matches(&r.error_equals))
                && self.retry(now, index, retrier, &failure)
            {
                return Ok(());
            }
            if let Some((index, catcher)) = first_match(&task.catch, |c| failure.matches(&c.error_equals)) {
                return self.catch(now, index, &catcher.result_path, &catcher.next, &failure);
            }
        }
        if let Some(visit) = self.visits.last_mut() {
            visit.outcome = if failure.timed_out() { VisitOutcome::TimedOut } else { VisitOutcome::Failed };
        }
        self.fail_execution(now, failure.error);
        Err(Halt)
    }

    /// Whether there was an attempt left.
    fn retry(&mut self, now: Timestamp, index: usize, retrier: &Retrier, failure: &Failure) -> bool {
        let attempts = &mut self.current.attempts_by_retrier;
        if attempts.len() <= index {
            attempts.resize(index + 1, 0);
        }
        let Some(used) = attempts.get_mut(index).filter(|used| **used < retrier.max_attempts) else { return false };
        *used += 1;
        let delay = delay(retrier, *used, &mut self.randomness);
        self.current.retry_count = self.current.retry_count.saturating_add(1);
        let (attempt, next_at) = (self.current.retry_count, now + delay);
        if let Some(visit) = self.visits.last_mut() {
            visit.outcome = VisitOutcome::Retrying { attempt, next_at };
            let error = failure.error.clone();
            visit.retries.push(RetryAttempt { attempt, retrier: index, failed_at: now, next_at, error });
        }
        self.phase = Phase::Work { at: next_at };
        true
    }

    fn catch(&mut self, now: Timestamp, index: usize, path: &ResultPath, next: &Rc<str>, failure: &Failure) -> Step {
        let error_output = failure.error.to_value();
        let output = match path {
            ResultPath::Whole => Ok(error_output),
            ResultPath::Null => Ok(self.current.input.clone()),
            ResultPath::Path(path) => path.write(&self.current.input, error_output),
        };
        match output {
            Ok(output) => self.leave(now, output, Some(next), VisitOutcome::CaughtError { catcher: index }),
            Err(error) => {
                let cause = format!(
                    "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
                    self.current.name, self.current.entered_event_id, error.cause
                );
                self.fail_execution(now, ErrorOutput::new(error.error, cause));
                Err(Halt)
            }
        }
    }

    pub(crate) fn too_large(&self, value: &Value) -> bool {
        value.json_len() > self.start.limits.max_payload_bytes
    }
}

fn first_match<T>(items: &[T], matches: impl Fn(&T) -> bool) -> Option<(usize, &T)> {
    items.iter().enumerate().find(|(_, item)| matches(item))
}

/// `IntervalSeconds × BackoffRate^(attempt − 1)`, at most `MaxDelaySeconds`; with FULL jitter anything up to that.
fn delay(retrier: &Retrier, attempt: u64, randomness: &mut Randomness) -> Duration {
    let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
    let mut seconds = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
    if let Some(most) = retrier.max_delay_seconds {
        seconds = seconds.min(most as f64);
    }
    if retrier.jitter_strategy == JitterStrategy::Full {
        seconds *= randomness.next_f64();
    }
    Duration::from_micros((seconds * 1_000_000.0).round() as u64)
}
