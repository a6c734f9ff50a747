//! States by type, with their paths and templates compiled.

use std::rc::Rc;

use shared_json::Value;
use spanned_json::Span;
use states_query::{Expression, JsonataTemplate, Path, PayloadTemplate, ReferencePath, Template};
use virtual_time::Timestamp;

use super::{Catcher, ChoiceRule, Level, MapState, Resource, Retrier};

#[derive(Clone, Debug)]
pub struct State {
    pub name: Rc<str>,
    pub kind: StateKind,
    pub comment: Option<Rc<str>>,
    /// The state's own language, or that of the level it stands on.
    pub query_language: QueryLanguage,
    /// `InputPath` (JSONPath), read before the state does anything. Fail states do not take one.
    pub input_path: DataPath,
    /// `OutputPath` (JSONPath), applied to what the state hands on. Fail states do not take one.
    pub output_path: DataPath,
    /// `Assign`: the variables that are set when the state is left.
    pub assign: Option<Template>,
    /// `Output` (JSONata).
    pub output: Option<JsonataTemplate>,
    /// The state's JSON as written.
    pub source: Value,
    /// Where the state's object stands in the text.
    pub span: Span,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    #[default]
    JsonPath,
    Jsonata,
}

#[expect(
    clippy::large_enum_variant,
    reason = "most states are Tasks, and none is copied: the definition is behind an Rc"
)]
#[derive(Clone, Debug)]
pub enum StateKind {
    Task(TaskState),
    Pass(PassState),
    Choice(ChoiceState),
    Wait(WaitState),
    Succeed(SucceedState),
    Fail(FailState),
    Parallel(ParallelState),
    Map(MapState),
}

#[derive(Clone, Debug)]
pub struct TaskState {
    pub resource: Resource,
    /// `Parameters` (JSONPath) or `Arguments` (JSONata).
    pub arguments: Option<Template>,
    pub result_selector: Option<PayloadTemplate>,
    pub result_path: ResultPath,
    pub credentials: Option<Template>,
    /// Default on AWS: 99,999,999 seconds.
    pub timeout: Option<Seconds>,
    pub heartbeat: Option<Seconds>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub transition: Transition,
}

#[derive(Clone, Debug)]
pub struct PassState {
    pub result: Option<Value>,
    pub parameters: Option<PayloadTemplate>,
    pub result_path: ResultPath,
    pub transition: Transition,
}

#[derive(Clone, Debug)]
pub struct ChoiceState {
    /// At least one.
    pub rules: Vec<ChoiceRule>,
    pub default: Option<Target>,
}

#[derive(Clone, Debug)]
pub struct WaitState {
    pub wait: WaitFor,
    pub transition: Transition,
}

#[derive(Clone, Debug)]
pub enum WaitFor {
    Seconds(Seconds),
    Timestamp(Computed<Timestamp>),
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SucceedState;

/// Both fields may be absent.
#[derive(Clone, Debug, Default)]
pub struct FailState {
    pub error: Option<FailText>,
    pub cause: Option<FailText>,
}

/// `Error` and `Cause`, or their `…Path` form.
#[derive(Clone, Debug)]
pub enum FailText {
    Literal(Rc<str>),
    /// `ErrorPath`, `CausePath`
    Path(Expression),
    /// `{% … %}`
    Jsonata(JsonataTemplate),
}

#[derive(Clone, Debug)]
pub struct ParallelState {
    /// At least one.
    pub branches: Vec<Rc<Level>>,
    /// `Parameters` (JSONPath) or `Arguments` (JSONata): what every branch is given.
    pub arguments: Option<Template>,
    pub result_selector: Option<PayloadTemplate>,
    pub result_path: ResultPath,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub transition: Transition,
}

/// Where an execution goes: a state of the same level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub name: Rc<str>,
    /// Its place in [`Level::states`].
    pub index: usize,
}

/// Where the execution goes after a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    Next(Target),
    End,
}

/// `InputPath` or `OutputPath`.
#[derive(Clone, Debug, Default)]
pub enum DataPath {
    /// The field is absent: all of it.
    #[default]
    Whole,
    /// `null`: an empty object.
    Null,
    Path(Path),
}

/// `ResultPath`: where in the state's input the result goes.
#[derive(Clone, Debug, Default)]
pub enum ResultPath {
    /// The field is absent or `$`: the result replaces the input.
    #[default]
    Whole,
    /// `null`: the result is dropped, the input goes on.
    Null,
    Path(ReferencePath),
}

/// A field that is fixed, read by its `…Path` form, or computed by JSONata.
#[derive(Clone, Debug)]
pub enum Computed<T> {
    Fixed(T),
    Path(Path),
    Jsonata(JsonataTemplate),
}

/// `Seconds`, `TimeoutSeconds` and `HeartbeatSeconds` in all their forms.
pub type Seconds = Computed<u64>;

impl State {
    /// The `Type` as ASL writes it.
    #[must_use]
    pub fn state_type(&self) -> &'static str {
        match self.kind {
            StateKind::Task(_) => "Task",
            StateKind::Pass(_) => "Pass",
            StateKind::Choice(_) => "Choice",
            StateKind::Wait(_) => "Wait",
            StateKind::Succeed(_) => "Succeed",
            StateKind::Fail(_) => "Fail",
            StateKind::Parallel(_) => "Parallel",
            StateKind::Map(_) => "Map",
        }
    }

    /// Where it goes by itself: `None` for Choice, Succeed and Fail.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition> {
        match &self.kind {
            StateKind::Task(task) => Some(&task.transition),
            StateKind::Pass(pass) => Some(&pass.transition),
            StateKind::Wait(wait) => Some(&wait.transition),
            StateKind::Parallel(parallel) => Some(&parallel.transition),
            StateKind::Map(map) => Some(&map.transition),
            StateKind::Choice(_) | StateKind::Succeed(_) | StateKind::Fail(_) => None,
        }
    }

    #[must_use]
    pub fn retry(&self) -> &[Retrier] {
        match &self.kind {
            StateKind::Task(task) => &task.retry,
            StateKind::Parallel(parallel) => &parallel.retry,
            StateKind::Map(map) => &map.retry,
            _ => &[],
        }
    }

    #[must_use]
    pub fn catch(&self) -> &[Catcher] {
        match &self.kind {
            StateKind::Task(task) => &task.catch,
            StateKind::Parallel(parallel) => &parallel.catch,
            StateKind::Map(map) => &map.catch,
            _ => &[],
        }
    }

    /// The levels inside: a Parallel's branches, a Map's processor.
    #[must_use]
    pub fn levels(&self) -> &[Rc<Level>] {
        match &self.kind {
            StateKind::Parallel(parallel) => &parallel.branches,
            StateKind::Map(map) => std::slice::from_ref(&map.processor),
            _ => &[],
        }
    }
}
