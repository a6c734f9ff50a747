//! Pass: hands on a fixed result, computed parameters or its input.

use asl::{PassState, State};
use states_query::QueryError;
use virtual_time::Timestamp;

use crate::execution::{Execution, Step, next_of};

impl Execution {
    pub(crate) fn pass(&mut self, now: Timestamp, state: &State, pass: &PassState) -> Result<Step, QueryError> {
        let input = self.effective_input(state)?;
        let parameters = self.evaluate(pass.parameters.as_ref(), &input)?;
        self.stage(|stages| stages.after_parameters = parameters.clone());
        let result = pass.result.clone().or(parameters).unwrap_or(input);
        self.stage(|stages| stages.result = Some(result.clone()));
        let combined = self.place_result(&pass.result_path, result)?;
        self.finish(now, state, combined, next_of(&pass.transition))
    }
}
