//! Fail: ends its level with an error. It has no Exited event.

use std::rc::Rc;

use asl::{FailState, FailText, State};
use sfn_history::ErrorOutput;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::flow::is_jsonata;
use crate::frame::Frame;
use crate::visit::VisitOutcome;

impl Execution {
    pub(crate) fn fail(&mut self, now: Timestamp, frame: &mut Frame, state: &State, fail: &FailState) -> Step {
        if !is_jsonata(state) {
            self.effective_input(frame, state)?;
        }
        let error = self.fail_text(now, frame, "Error", fail.error.as_ref())?;
        let cause = self.fail_text(now, frame, "Cause", fail.cause.as_ref())?;
        let error = ErrorOutput { error, cause };
        self.stage(frame, |stages| stages.error = Some(error.clone()));
        self.settle_visit(now, frame.current.visit, VisitOutcome::Failed);
        Ok(Flow::Failed(Failure::new(error)))
    }

    fn fail_text(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        field: &str,
        text: Option<&FailText>,
    ) -> Result<Option<Rc<str>>, Stop> {
        let value = match text {
            None => return Ok(None),
            Some(FailText::Literal(text)) => return Ok(Some(Rc::clone(text))),
            Some(FailText::Path(path)) => {
                let field = format!("{field}Path");
                let value = path.evaluate(&field, &frame.scope(&frame.current.input), &mut self.randomness)?;
                if value.as_str().is_none() {
                    let why = format!("The {field} parameter does not reference a string: {} == {value}", path.text());
                    return Err(Failure::runtime(why).into());
                }
                value
            }
            Some(FailText::Jsonata(template)) => {
                let text = template.evaluate_string(field, &frame.jsonata(now, None), &mut self.randomness)?;
                return Ok(Some(text));
            }
        };
        Ok(match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }
}
