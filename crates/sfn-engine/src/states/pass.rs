//! Pass: hands on a fixed result, computed parameters or its input.

use asl::{PassState, State};
use virtual_time::Timestamp;

use crate::execution::{Execution, Step};
use crate::flow::{is_jsonata, next_of};
use crate::frame::Frame;

impl Execution {
    pub(crate) fn pass(&mut self, now: Timestamp, frame: &mut Frame, state: &State, pass: &PassState) -> Step {
        let next = next_of(&pass.transition);
        if is_jsonata(state) {
            let input = frame.current.input.clone();
            return self.finish_jsonata(now, frame, state, &input, None, next);
        }
        let input = self.effective_input(frame, state)?;
        let parameters = self.payload(frame, pass.parameters.as_ref(), &input)?;
        if let Some(parameters) = &parameters {
            self.stage(frame, |stages| stages.after_parameters = Some(parameters.clone()));
        }
        let computed = parameters.as_ref().unwrap_or(&input).clone();
        let result = pass.result.clone().or(parameters).unwrap_or(input);
        if pass.result.is_some() {
            self.stage(frame, |stages| stages.result = pass.result.clone());
        }
        self.test_stage(frame, |stages| {
            stages.after_parameters = Some(computed);
            stages.after_result_selector = Some(result.clone());
        });
        self.finish_jsonpath(now, frame, state, result, &pass.result_path, next)
    }
}
