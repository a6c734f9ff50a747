//! The definition after every check: what the engine runs. Nothing here can be broken any more, so nothing
//! here reports errors; only [`crate::parse`] builds a [`CheckedDefinition`].

mod choice;
mod error_handling;
mod resource;
mod state;

use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

pub use choice::{ChoiceRule, Comparison, ComparisonOperator, Condition, Operand, OperandType};
pub use error_handling::{Catcher, JitterStrategy, Retrier};
pub use resource::{Pattern, Resource, Service};
pub use state::{
    ChoiceState, DataPath, FailState, PassState, ResultPath, Seconds, State, StateKind, SucceedState, TaskState,
    Transition, WaitFor, WaitState,
};

/// A state machine that passed every check. `start_at` and every transition name a state of `states`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckedDefinition {
    pub start_at: Rc<str>,
    /// In the order in which they were written.
    pub states: IndexMap<Rc<str>, State, FxBuildHasher>,
    /// How long an execution may run; AWS allows a year anyway.
    pub timeout_seconds: Option<u64>,
    pub comment: Option<Rc<str>>,
    pub version: Option<Rc<str>>,
}

impl CheckedDefinition {
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.get(name)
    }
}
