//! A way in for the official test suite, whose expressions read a context item.

use std::cell::RefCell;
use std::rc::Rc;

use jsonata_core::evaluator::Context;
use jsonata_core::value::JValue;
use shared_json::Value;

use super::analyse::{Reads, analyse};
use super::convert::{NoJson, to_json, to_jsonata};
use super::expression::{Failure, Program};
use super::guard;
use aws_protocol::Randomness;

/// What became of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Value(Value),
    Undefined,
    /// No JSONata.
    Refused(String),
    /// The message, with its code where it has one.
    Failed(String),
}

/// Evaluates with all our limits and functions, but with a context item.
#[must_use]
pub fn evaluate(expression: &str, data: Option<&Value>, bindings: &Value) -> Outcome {
    let ast = match guard::parse(expression) {
        Ok(ast) => ast,
        Err(message) => return Outcome::Refused(message),
    };
    let analysis = analyse(&ast);
    let mut context = Context::new();
    for (name, value) in bindings.as_object().into_iter().flatten() {
        context.bind(name.to_string(), to_jsonata(value, &Reads::All));
    }
    let input = data.map_or(JValue::Undefined, |data| to_jsonata(data, &Reads::All));
    let chance = Rc::new(RefCell::new(Randomness::new(1)));
    let answer = Program::new(ast, &analysis).run(context, &input, &analysis.functions, &chance, 1_500_000_000_000);
    match answer.and_then(|value| to_json(&value).map_err(Failure::NoJson)) {
        Ok(value) => Outcome::Value(value),
        Err(Failure::NoJson(NoJson::Undefined)) => Outcome::Undefined,
        Err(Failure::Thrown(message)) => Outcome::Failed(message),
        Err(failure) => Outcome::Failed(failure.end()),
    }
}
