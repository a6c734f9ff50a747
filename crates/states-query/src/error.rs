//! What can be wrong: the text of a path or template, or its evaluation.

use std::fmt;

/// The text is no path or intrinsic call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    pub message: String,
    /// Byte offset in the text at which reading stopped.
    pub offset: usize,
}

impl PathError {
    pub(crate) fn new(message: impl Into<String>, offset: usize) -> PathError {
        PathError { message: message.into(), offset }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A field of a payload template cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// JSON pointer of the field inside the template, such as `/order/id.$`.
    pub pointer: String,
    pub message: String,
}

/// An evaluation failed: an ASL error name and AWS's cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub error: &'static str,
    pub cause: String,
    /// The field inside the state whose evaluation failed, as `EvaluationFailed` tells it: `Arguments/FunctionName`.
    pub location: Option<String>,
}

impl QueryError {
    /// An error without a location.
    #[must_use]
    pub fn new(error: &'static str, cause: impl Into<String>) -> QueryError {
        QueryError { error, cause: cause.into(), location: None }
    }

    /// A failed JSONata expression of that field.
    #[must_use]
    pub fn evaluation(cause: impl Into<String>, location: impl Into<String>) -> QueryError {
        QueryError { error: "States.QueryEvaluationError", cause: cause.into(), location: Some(location.into()) }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> QueryError {
        QueryError::new("States.Runtime", cause)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}
