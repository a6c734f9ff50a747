//! Succeed: ends the execution with its input.

use asl::State;
use states_query::QueryError;
use virtual_time::Timestamp;

use crate::execution::{Execution, Step};

impl Execution {
    pub(crate) fn succeed(&mut self, now: Timestamp, state: &State) -> Result<Step, QueryError> {
        let input = self.effective_input(state)?;
        self.finish(now, state, input, None)
    }
}
