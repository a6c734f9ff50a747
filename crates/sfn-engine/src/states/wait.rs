//! Wait: stays until a moment.

use asl::{State, StateKind, WaitFor, WaitState};
use states_query::{Path, QueryError, Scope};
use std::rc::Rc;

use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use crate::execution::{Execution, Halt, Phase, Step, next_of};
use crate::failure::Failure;

/// Longer waits fail. Recorded on AWS.
const MAX_WAIT_SECONDS: i64 = 1 << 31;

impl Execution {
    pub(crate) fn wait(&mut self, now: Timestamp, state: &State, wait: &WaitState) -> Result<Step, QueryError> {
        let input = self.effective_input(state)?;
        let until = match &wait.wait {
            WaitFor::Seconds(seconds) => now + Duration::from_secs(*seconds),
            WaitFor::Timestamp(timestamp) => *timestamp,
            WaitFor::SecondsPath(path) => now + Duration::from_secs(self.seconds("SecondsPath", path, &input)?),
            WaitFor::TimestampPath(path) => {
                let value = self.referenced("TimestampPath", path, &input)?;
                value.as_str().and_then(Timestamp::parse_rfc3339).ok_or_else(|| {
                    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    Failure::runtime(format!(
                        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time \
                         format string: {path} == {shown}"
                    ))
                })?
            }
        };
        self.phase = Phase::Wait { until };
        Ok(Ok(()))
    }

    pub(crate) fn wait_is_over(&mut self, now: Timestamp) -> Step {
        let definition = Rc::clone(&self.start.definition);
        let Some(state) = definition.state(&self.current.name) else { return Err(Halt) };
        let StateKind::Wait(wait) = &state.kind else { return Err(Halt) };
        let left = self
            .data_path(&state.input_path, &self.current.input)
            .and_then(|input| self.finish(now, state, input, next_of(&wait.transition)));
        match left {
            Ok(step) => step,
            Err(error) => self.fail_query(now, error),
        }
    }

    fn referenced(&self, field: &str, path: &Path, input: &Value) -> Result<Value, QueryError> {
        path.select(&Scope { input, context: &self.current.context })
            .map_err(|_| Failure::runtime(format!("The {field} parameter does not reference an input value: {path}")))
    }

    fn seconds(&self, field: &str, path: &Path, input: &Value) -> Result<u64, QueryError> {
        let value = self.referenced(field, path, input)?;
        whole_seconds(field, path, &value)
    }
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
