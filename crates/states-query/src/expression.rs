//! What may stand where a value is computed: a path or a call of an intrinsic function.

use std::collections::BTreeSet;
use std::rc::Rc;

use shared_json::Value;

use crate::error::{PathError, QueryError};
use crate::intrinsic::Intrinsic;
use crate::path::Path;
use crate::scope::Scope;
use aws_protocol::Randomness;

/// The value of a `.$` field, an `ErrorPath` or a `CausePath`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Path(Path),
    Intrinsic(Intrinsic),
}

impl Expression {
    /// Reads a path or a call.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Expression, PathError> {
        if text.starts_with('$') {
            Ok(Expression::Path(Path::parse(text)?))
        } else {
            Ok(Expression::Intrinsic(Intrinsic::parse(text)?))
        }
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Expression::Path(path) => path.text(),
            Expression::Intrinsic(call) => call.text(),
        }
    }

    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        let mut names = BTreeSet::new();
        self.collect_variables(&mut names);
        names.into_iter().collect()
    }

    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Rc<str>>) {
        match self {
            Expression::Path(path) => path.collect_variables(names),
            Expression::Intrinsic(call) => call.collect_variables(names),
        }
    }

    /// The value. `field` is the name of the field the expression stands in, for the error's words.
    ///
    /// # Errors
    /// The path finds nothing, or the function refuses its arguments.
    pub fn evaluate(&self, field: &str, scope: &Scope, randomness: &mut Randomness) -> Result<Value, QueryError> {
        match self {
            Expression::Path(path) => path.find(scope).map_err(|_| {
                QueryError::runtime(format!(
                    "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{}'",
                    scope.input
                ))
            }),
            Expression::Intrinsic(call) => call.evaluate(scope, randomness),
        }
    }
}
