//! Fail: ends the execution with an error. It has no Exited event.

use std::rc::Rc;

use asl::FailState;
use sfn_history::ErrorOutput;
use states_query::{Expression, QueryError, Scope};
use virtual_time::Timestamp;

use crate::execution::{Execution, Halt, Step};
use crate::failure::Failure;

impl Execution {
    pub(crate) fn fail(&mut self, now: Timestamp, fail: &FailState) -> Result<Step, QueryError> {
        let error = self.text_of("ErrorPath", fail.error.as_ref(), fail.error_path.as_ref())?;
        let cause = self.text_of("CausePath", fail.cause.as_ref(), fail.cause_path.as_ref())?;
        let error = ErrorOutput { error, cause };
        self.stage(|stages| stages.error = Some(error.clone()));
        self.fail_execution(now, error);
        Ok(Err(Halt))
    }

    fn text_of(
        &mut self,
        field: &str,
        fixed: Option<&Rc<str>>,
        computed: Option<&Expression>,
    ) -> Result<Option<Rc<str>>, QueryError> {
        let Some(computed) = computed else { return Ok(fixed.cloned()) };
        let wrong = |what: String| Failure::runtime(format!("The {field} parameter {what}"));
        let scope = Scope { input: &self.current.input, context: &self.current.context };
        let value = computed.evaluate(field, &scope, &mut self.randomness)?;
        match value.as_shared_str() {
            Some(text) => Ok(Some(Rc::clone(text))),
            None => Err(wrong(format!("does not reference a string: {} == {value}", computed.text()))),
        }
    }
}
