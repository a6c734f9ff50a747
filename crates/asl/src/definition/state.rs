//! States by type, with their paths and templates compiled.

use std::rc::Rc;

use shared_json::Value;
use spanned_json::Span;
use states_query::{Expression, Path, PayloadTemplate, ReferencePath};
use virtual_time::Timestamp;

use super::{Catcher, ChoiceRule, Resource, Retrier};

#[derive(Clone, Debug)]
pub struct State {
    pub name: Rc<str>,
    pub kind: StateKind,
    pub comment: Option<Rc<str>>,
    /// `InputPath`, read before the state does anything. Fail states do not take one.
    pub input_path: DataPath,
    /// `OutputPath`, applied to what the state hands on. Fail states do not take one.
    pub output_path: DataPath,
    /// The state's JSON as written.
    pub source: Value,
    /// Where the state's object stands in the text.
    pub span: Span,
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
}

#[derive(Clone, Debug)]
pub struct TaskState {
    pub resource: Resource,
    pub parameters: Option<PayloadTemplate>,
    pub result_selector: Option<PayloadTemplate>,
    pub result_path: ResultPath,
    pub credentials: Option<PayloadTemplate>,
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
    pub default: Option<Rc<str>>,
}

#[derive(Clone, Debug)]
pub struct WaitState {
    pub wait: WaitFor,
    pub transition: Transition,
}

#[derive(Clone, Debug)]
pub enum WaitFor {
    Seconds(u64),
    SecondsPath(Path),
    Timestamp(Timestamp),
    TimestampPath(Path),
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SucceedState;

/// `Error` excludes `ErrorPath`, `Cause` excludes `CausePath`.
#[derive(Clone, Debug, Default)]
pub struct FailState {
    pub error: Option<Rc<str>>,
    pub error_path: Option<Expression>,
    pub cause: Option<Rc<str>>,
    pub cause_path: Option<Expression>,
}

/// Where the execution goes after a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    Next(Rc<str>),
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

/// `TimeoutSeconds` and `HeartbeatSeconds`, or their `…Path` form.
#[derive(Clone, Debug)]
pub enum Seconds {
    Fixed(u64),
    Path(Path),
}

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
        }
    }

    /// Where it goes by itself: `None` for Choice, Succeed and Fail.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition> {
        match &self.kind {
            StateKind::Task(task) => Some(&task.transition),
            StateKind::Pass(pass) => Some(&pass.transition),
            StateKind::Wait(wait) => Some(&wait.transition),
            StateKind::Choice(_) | StateKind::Succeed(_) | StateKind::Fail(_) => None,
        }
    }
}
