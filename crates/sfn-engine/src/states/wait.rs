//! Wait: stays until a moment.

use asl::{Computed, ResultPath, State, StateKind, WaitFor, WaitState};
use shared_json::Value;
use states_query::{Path, QueryError};
use virtual_time::{Duration, Timestamp};

use crate::execution::{Execution, Flow, Step};
use crate::failure::Failure;
use crate::flow::{is_jsonata, next_of};
use crate::frame::{Frame, Phase};

/// Longer waits fail. Recorded on AWS.
const MAX_WAIT_SECONDS: i64 = 1 << 31;

impl Execution {
    pub(crate) fn wait(&mut self, now: Timestamp, frame: &mut Frame, state: &State, wait: &WaitState) -> Step {
        let input = self.effective_input(frame, state)?;
        let until = match &wait.wait {
            WaitFor::Seconds(seconds) => match seconds {
                Computed::Fixed(seconds) => now + Duration::from_secs(*seconds),
                Computed::Path(path) => {
                    let value = referenced(frame, "SecondsPath", path, &input)?;
                    now + Duration::from_secs(whole_seconds("SecondsPath", path, &value)?)
                }
                Computed::Jsonata(template) => {
                    let value = template.evaluate_number("Seconds", &frame.jsonata(now, None), &mut self.randomness)?;
                    now + Duration::from_secs(jsonata_seconds("Seconds", &Value::Number(value))?)
                }
            },
            WaitFor::Timestamp(timestamp) => match timestamp {
                Computed::Fixed(timestamp) => *timestamp,
                Computed::Path(path) => {
                    let value = referenced(frame, "TimestampPath", path, &input)?;
                    value.as_str().and_then(Timestamp::parse_rfc3339).ok_or_else(|| {
                        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        Failure::runtime(format!(
                            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time \
                             format string: {path} == {shown}"
                        ))
                    })?
                }
                Computed::Jsonata(template) => {
                    let text =
                        template.evaluate_string("Timestamp", &frame.jsonata(now, None), &mut self.randomness)?;
                    // Recorded on AWS: here the event of the failure stands behind the Entered event.
                    frame.current.entered_after = frame.current.entered_event_id;
                    jsonata_timestamp(&text)?
                }
            },
        };
        frame.phase = Phase::Wait;
        self.schedule(now, frame, until);
        Ok(Flow::Goes)
    }

    pub(crate) fn wait_is_over(&mut self, now: Timestamp, frame: &mut Frame) -> Step {
        let level = std::rc::Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        let StateKind::Wait(wait) = &state.kind else { return Ok(Flow::Goes) };
        let next = next_of(&wait.transition);
        if is_jsonata(state) {
            let input = frame.current.input.clone();
            return self.finish_jsonata(now, frame, state, &input, None, next);
        }
        let input = self.effective_input(frame, state)?;
        self.finish_jsonpath(now, frame, state, input, &ResultPath::Whole, next)
    }
}

fn referenced(frame: &Frame, field: &str, path: &Path, input: &Value) -> Result<Value, QueryError> {
    path.select(&frame.scope(input))
        .map_err(|_| Failure::runtime(format!("The {field} parameter does not reference an input value: {path}")))
}

/// A number of seconds that a path found, or AWS's words for what is wrong with it.
pub(super) fn whole_seconds(field: &str, path: &Path, value: &Value) -> Result<u64, QueryError> {
    let seconds = value.as_number().and_then(|number| number.as_i64()).ok_or_else(|| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Failure::runtime(format!("The {field} parameter cannot be parsed as a long value: {path} == {shown}"))
    })?;
    if seconds > MAX_WAIT_SECONDS {
        return Err(Failure::runtime("Wait state delay is too long."));
    }
    u64::try_from(seconds).map_err(|_| {
        Failure::runtime(format!("The {field} parameter references a negative value: {path} == {seconds}"))
    })
}

/// A number of seconds that JSONata gave.
pub(super) fn jsonata_seconds(field: &str, value: &Value) -> Result<u64, QueryError> {
    let wrong =
        |cause: String| QueryError { error: "States.QueryEvaluationError", cause, location: Some(field.to_owned()) };
    let seconds =
        value.as_i64().ok_or_else(|| wrong(format!("The {field} field cannot be parsed as a long value: {value}")))?;
    if seconds > MAX_WAIT_SECONDS {
        return Err(wrong("Wait state delay is too long.".to_owned()));
    }
    u64::try_from(seconds).map_err(|_| wrong(format!("The {field} field references a negative value: {seconds}")))
}

fn jsonata_timestamp(text: &str) -> Result<Timestamp, QueryError> {
    Timestamp::parse_rfc3339(text).ok_or_else(|| QueryError {
        error: "States.QueryEvaluationError",
        cause: format!(
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
        ),
        location: Some("Timestamp".to_owned()),
    })
}
