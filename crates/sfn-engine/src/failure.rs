//! When a state fails: try again, go to a Catcher, or end the execution.
//!
//! Source: Amazon States Language, "Errors", and histories recorded on AWS.

use std::rc::Rc;

use asl::{Catcher, JitterStrategy, ResultPath, Retrier, State, StateKind};
use sfn_history::{ErrorOutput, EventDetails};
use shared_json::Value;
use states_query::{JsonataScope, QueryError, Randomness, Template};
use virtual_time::{Duration, Timestamp};

use crate::execution::{Execution, Flow, Step, Stop};
use crate::flow::{is_jsonata, object};
use crate::frame::{Frame, Phase};
use crate::visit::{RetryAttempt, VisitOutcome};

const RUNTIME: &str = "States.Runtime";
const TIMEOUT: &str = "States.Timeout";
const QUERY_EVALUATION: &str = "States.QueryEvaluationError";

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
        QueryError::new(RUNTIME, cause)
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

    pub(crate) fn too_deep(name: &str, most: u32) -> Failure {
        Failure::new(ErrorOutput::new(
            RUNTIME,
            format!("The state/task '{name}' returned a result that is nested deeper than {most} levels."),
        ))
    }

    fn is_runtime(&self) -> bool {
        self.error.error.as_deref() == Some(RUNTIME)
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
    /// Turns a query that failed while a state ran into the state's failure.
    pub(crate) fn fail_queries(&mut self, now: Timestamp, frame: &mut Frame, step: Step) -> Step {
        match step {
            Err(Stop::Query(error)) => self.fail_query(now, frame, error),
            step => step,
        }
    }

    pub(crate) fn fail_query(&mut self, now: Timestamp, frame: &mut Frame, error: QueryError) -> Step {
        let error_output = ErrorOutput::new(error.error, self.explained(frame, &error));
        if error.error == QUERY_EVALUATION {
            let details = EventDetails::EvaluationFailed {
                error: error_output.clone(),
                location: error.location.as_deref().map(Rc::from),
                state: Rc::clone(&frame.state().name),
            };
            // Recorded on AWS: it stands beside the Entered event, not behind it.
            frame.previous = frame.current.entered_after;
            self.record(now, frame, details)?;
        }
        self.fail_state(now, frame, Failure::new(error_output))
    }

    /// A state failed: it is tried again, goes to a Catcher, or ends its frame.
    pub(crate) fn fail_state(&mut self, now: Timestamp, frame: &mut Frame, failure: Failure) -> Step {
        self.stage(frame, |stages| stages.error = Some(failure.error.clone()));
        let level = Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        if let Some((index, retrier)) = first_match(state.retry(), |r| failure.matches(&r.error_equals))
            && self.retry(now, frame, index, retrier, &failure)
        {
            return Ok(if self.test.is_some() { Flow::Failed(failure) } else { Flow::Goes });
        }
        if !failure.is_runtime() {
            match state.kind {
                StateKind::Parallel(_) => self.record(now, frame, EventDetails::ParallelStateFailed)?,
                StateKind::Map(_) => self.record(now, frame, EventDetails::MapStateFailed)?,
                _ => 0,
            };
        }
        if let Some((index, catcher)) = first_match(state.catch(), |c| failure.matches(&c.error_equals)) {
            match self.catch(now, frame, state, index, catcher, &failure) {
                Err(Stop::Query(error)) => return self.fail_in_catcher(now, frame, &error),
                step => return step,
            }
        }
        let outcome = if failure.timed_out() { VisitOutcome::TimedOut } else { VisitOutcome::Failed };
        self.settle_visit(now, frame.current.visit, outcome);
        Ok(Flow::Failed(failure))
    }

    /// Whether there was an attempt left.
    fn retry(&mut self, now: Timestamp, frame: &mut Frame, index: usize, retrier: &Retrier, failure: &Failure) -> bool {
        let tried = self.test.as_ref().map_or(0, |test| test.retrier_retry_count);
        let attempts = &mut frame.current.attempts_by_retrier;
        if attempts.len() <= index {
            attempts.resize(index + 1, tried);
        }
        let Some(used) = attempts.get_mut(index).filter(|used| **used < retrier.max_attempts) else { return false };
        *used += 1;
        let delay = delay(retrier, *used, &mut self.randomness);
        frame.current.retry_count = frame.current.retry_count.saturating_add(1);
        let (attempt, next_at) = (frame.current.retry_count, now + delay);
        frame.current.context.set_retry_count(attempt);
        if let Some(visit) = self.visit(frame) {
            visit.outcome = VisitOutcome::Retrying { attempt, next_at };
            let error = failure.error.clone();
            visit.detail_mut().retries.push(RetryAttempt { attempt, retrier: index, failed_at: now, next_at, error });
        }
        frame.phase = Phase::Work;
        self.schedule(now, frame, next_at);
        true
    }

    fn catch(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        state: &State,
        index: usize,
        catcher: &Catcher,
        failure: &Failure,
    ) -> Step {
        let error_output = failure.error.to_value();
        let (output, assigned) = if is_jsonata(state) {
            let scope = JsonataScope { error_output: Some(&error_output), ..frame.jsonata(now, None) };
            let field = |name: &str| format!("Catch[{index}]/{name}");
            let assigned = match &catcher.assign {
                Some(Template::Jsonata(assign)) => {
                    Some(assign.evaluate(&field("Assign"), &scope, &mut self.randomness)?)
                }
                _ => None,
            };
            let output = match &catcher.output {
                Some(output) => output.evaluate(&field("Output"), &scope, &mut self.randomness)?,
                None => error_output.clone(),
            };
            (output, assigned.and_then(object))
        } else {
            let assigned = self.assign_jsonpath(frame, catcher.assign.as_ref(), &error_output)?;
            let output = match &catcher.result_path {
                ResultPath::Whole => error_output,
                ResultPath::Null => frame.current.input.clone(),
                ResultPath::Path(path) => path.write(&frame.current.input, error_output)?,
            };
            (output, assigned)
        };
        if self.too_large(&output) {
            return self.end_as_failed(now, frame, Failure::too_large(&state.name));
        }
        let outcome = VisitOutcome::CaughtError { catcher: index };
        self.leave(now, frame, output, Some(&catcher.next), outcome, assigned)
    }

    /// What fails within a Catcher is not caught by the same state again.
    fn fail_in_catcher(&mut self, now: Timestamp, frame: &mut Frame, error: &QueryError) -> Step {
        let error_output = ErrorOutput::new(error.error, self.explained(frame, error));
        self.end_as_failed(now, frame, Failure::new(error_output))
    }

    fn end_as_failed(&mut self, now: Timestamp, frame: &Frame, failure: Failure) -> Step {
        self.settle_visit(now, frame.current.visit, VisitOutcome::Failed);
        Ok(Flow::Failed(failure))
    }

    pub(crate) fn too_large(&self, value: &Value) -> bool {
        value.json_len() > self.start.limits.max_payload_bytes
    }

    /// The cause with the place where it happened; a test has one place only.
    fn explained(&self, frame: &Frame, error: &QueryError) -> String {
        if self.test.is_some() {
            return error.cause.clone();
        }
        format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
            frame.state().name,
            frame.current.entered_event_id,
            error.cause
        )
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
