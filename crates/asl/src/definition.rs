//! The definition after every check: what the engine runs. Nothing here can be broken any more, so nothing
//! here reports errors; only [`crate::parse`] builds a [`CheckedDefinition`].

mod choice;
mod error_handling;
mod map;
mod resource;
mod state;

use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

pub use choice::{ChoiceRule, Comparison, ComparisonOperator, Condition, Operand, OperandType};
pub use error_handling::{Catcher, JitterStrategy, Retrier};
pub use map::{
    CsvHeaderLocation, ExecutionType, InputType, ItemBatcher, ItemReader, Items, MapMode, MapState, ReaderConfig,
    ResultWriter, Transformation, WriterOutputType,
};
pub use resource::{Pattern, Resource, Service};
pub use state::{
    ChoiceState, Computed, DataPath, FailState, FailText, ParallelState, PassState, QueryLanguage, ResultPath, Seconds,
    State, StateKind, SucceedState, Target, TaskState, Transition, WaitFor, WaitState,
};

/// A state machine that passed every check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckedDefinition {
    pub root: Rc<Level>,
    /// How long an execution may run; AWS allows a year anyway.
    pub timeout_seconds: Option<u64>,
    pub version: Option<Rc<str>>,
}

/// One level of states: the machine's own, a Parallel's branch, a Map's processor. `start_at` and every transition
/// lead to a state of `states`.
#[derive(Clone, Debug)]
pub struct Level {
    pub start_at: Target,
    /// In the order in which they were written.
    pub states: IndexMap<Rc<str>, State, FxBuildHasher>,
    pub comment: Option<Rc<str>>,
    pub query_language: QueryLanguage,
}

impl CheckedDefinition {
    /// A level as a state machine of its own: the children of a distributed Map run its processor so.
    #[must_use]
    pub fn of_level(level: Rc<Level>) -> CheckedDefinition {
        CheckedDefinition { root: level, timeout_seconds: None, version: None }
    }

    /// A state of any level: names are unique in the whole machine.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&State> {
        self.root.find(name)
    }

    /// The level on which a state stands, and its place there.
    #[must_use]
    pub fn level_of(&self, name: &str) -> Option<(Rc<Level>, usize)> {
        level_of(&self.root, name)
    }

    /// The states of all levels, each before those inside it.
    #[must_use]
    pub fn all_states(&self) -> Vec<&State> {
        let mut found = Vec::new();
        self.root.collect(&mut found);
        found
    }
}

fn level_of(level: &Rc<Level>, name: &str) -> Option<(Rc<Level>, usize)> {
    let here = level.states.get_index_of(name).map(|index| (Rc::clone(level), index));
    here.or_else(|| level.states.values().flat_map(State::levels).find_map(|inner| level_of(inner, name)))
}

impl Level {
    /// The state a transition leads to.
    ///
    /// # Panics
    /// Never for a target of this level.
    #[must_use]
    #[inline]
    pub fn at(&self, index: usize) -> &State {
        &self.states[index]
    }

    fn find(&self, name: &str) -> Option<&State> {
        let inside = || self.states.values().flat_map(State::levels);
        self.states.get(name).or_else(|| inside().find_map(|level| level.find(name)))
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a State>) {
        for state in self.states.values() {
            found.push(state);
            for level in state.levels() {
                level.collect(found);
            }
        }
    }
}
