//! Intrinsic functions: `States.Format('{}', $.name)` and its seventeen siblings.

mod functions;
mod parse;

use std::collections::BTreeSet;
use std::rc::Rc;

use shared_json::Value;

use crate::budget::Budget;
use crate::error::{PathError, QueryError};
use crate::path::Path;
use crate::scope::Scope;
use aws_protocol::Randomness;
pub(crate) use functions::Function;

/// A compiled call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    text: Rc<str>,
    call: Call,
}

#[derive(Clone, Debug, PartialEq)]
struct Call {
    function: Function,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Literal(Value),
    /// The parts of a `States.Format` template between its `{}`.
    Template(Vec<Rc<str>>),
    Path(Path),
    Call(Call),
}

impl Intrinsic {
    /// The names of all functions, in the order of AWS's documentation.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Function::all().map(Function::name)
    }

    /// Reads a call.
    ///
    /// # Errors
    /// The text is no call of a known function with a fitting number of arguments.
    pub fn parse(text: &str) -> Result<Intrinsic, PathError> {
        Ok(Intrinsic { text: text.into(), call: parse::parse(text)? })
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        let mut names = BTreeSet::new();
        self.collect_variables(&mut names);
        names.into_iter().collect()
    }

    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Rc<str>>) {
        self.call.collect_variables(names);
    }

    pub(crate) fn evaluate(&self, scope: &Scope, randomness: &mut Randomness) -> Result<Value, QueryError> {
        evaluate(&self.call, scope, randomness).map_err(|failure| {
            let error = if failure.missing { "States.Runtime" } else { "States.IntrinsicFailure" };
            let cause = format!("The function '{}' had the following error: {}", self.text, failure.message);
            QueryError::new(error, cause)
        })
    }
}

impl Call {
    fn collect_variables(&self, names: &mut BTreeSet<Rc<str>>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => path.collect_variables(names),
                Argument::Call(call) => call.collect_variables(names),
                Argument::Literal(_) | Argument::Template(_) => {}
            }
        }
    }
}

/// Why a call failed; `missing` when a path found nothing.
pub(crate) struct Failure {
    pub message: String,
    pub missing: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), missing: false }
    }
}

fn evaluate(call: &Call, scope: &Scope, randomness: &mut Randomness) -> Result<Value, Failure> {
    let mut values = Vec::with_capacity(call.arguments.len());
    let mut template: &[Rc<str>] = &[];
    let mut budget = Budget::default();
    for argument in &call.arguments {
        let value = match argument {
            Argument::Literal(value) => value.clone(),
            Argument::Template(parts) => {
                template = parts;
                continue;
            }
            Argument::Path(path) => path.find(scope).map_err(|_| Failure {
                message: format!(
                    "The JsonPath argument for the field '{path}' could not be found in the input '{}'",
                    scope.input
                ),
                missing: true,
            })?,
            Argument::Call(inner) => evaluate(inner, scope, randomness)?,
        };
        if !budget.takes(&value) {
            return Err(Failure::new("The arguments are too large"));
        }
        values.push(value);
    }
    functions::call(call.function, template, &values, randomness)
}
