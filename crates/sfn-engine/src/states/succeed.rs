//! Succeed: ends its level with its input.

use asl::{ResultPath, State};
use virtual_time::Timestamp;

use crate::execution::{Execution, Step};
use crate::flow::is_jsonata;
use crate::frame::Frame;

impl Execution {
    pub(crate) fn succeed(&mut self, now: Timestamp, frame: &mut Frame, state: &State) -> Step {
        if is_jsonata(state) {
            let input = frame.current.input.clone();
            return self.finish_jsonata(now, frame, state, &input, None, None);
        }
        let input = self.effective_input(frame, state)?;
        self.finish_jsonpath(now, frame, state, input, &ResultPath::Whole, None)
    }
}
