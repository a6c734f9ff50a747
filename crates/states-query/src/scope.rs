//! What a path or an expression can see.

use shared_json::Value;
use std::fmt;

/// The context object, made only when something reads it.
pub trait ContextObject: fmt::Debug {
    fn context(&self) -> &Value;
}

impl ContextObject for Value {
    fn context(&self) -> &Value {
        self
    }
}

/// The workflow variables that are visible where something is evaluated.
pub trait Variables: fmt::Debug {
    fn variable(&self, name: &str) -> Option<&Value>;
}

/// Where no variable was assigned.
#[derive(Clone, Copy, Debug)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn variable(&self, _name: &str) -> Option<&Value> {
        None
    }
}

/// The values behind `$`, `$$` and `$name` in JSONPath.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `$`
    pub input: &'a Value,
    /// `$$`, the context object
    pub context: &'a dyn ContextObject,
    /// `$name`
    pub variables: &'a dyn Variables,
}

impl<'a> Scope<'a> {
    /// A scope without variables.
    #[must_use]
    pub fn new(input: &'a Value, context: &'a dyn ContextObject) -> Scope<'a> {
        Scope { input, context, variables: &NoVariables }
    }
}

/// The values behind `$states` and `$name` in JSONata.
#[derive(Clone, Copy, Debug)]
pub struct JsonataScope<'a> {
    /// `$states.input`
    pub input: &'a Value,
    /// `$states.result`, where the field may read it
    pub result: Option<&'a Value>,
    /// `$states.errorOutput`, in a Catcher
    pub error_output: Option<&'a Value>,
    /// `$states.context`
    pub context: &'a dyn ContextObject,
    pub variables: &'a dyn Variables,
    /// The virtual time that `$now` and `$millis` tell.
    pub now_millis: i64,
}
