//! One expression: parsed once, evaluated often.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use indexmap::IndexMap;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use shared_json::Value;

use super::analyse::{Analysis, Reads, analyse};
use super::convert::{MEMORY_ITEMS, NoJson, to_json, to_jsonata};
use super::quick::Quick;
use super::{functions, guard, meter, rewrite, words};
use crate::error::QueryError;
use crate::scope::JsonataScope;
use aws_protocol::Randomness;

/// AWS refuses a deeper evaluation.
const DEPTH: usize = 100;

/// A compiled expression, shared by the copies of a definition.
#[derive(Debug)]
pub(crate) struct Expression {
    /// What stands between `{%` and `%}`, trimmed.
    pub(crate) text: String,
    program: Program,
    analysis: Analysis,
    /// The way without the library, for the plain ones.
    quick: Option<Quick>,
}

/// Why AWS would not take an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    fn invalid(message: impl Into<String>) -> Refusal {
        Refusal { code: "INVALID_JSONATA_EXPRESSION", message: message.into() }
    }

    fn unsupported(message: impl Into<String>) -> Refusal {
        Refusal { code: "UNSUPPORTED_JSONATA_EXPRESSION", message: message.into() }
    }
}

/// The text of the expression that a string holds.
pub(crate) fn expression_text(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

impl Expression {
    /// Parses; every reason why AWS would refuse the expression.
    pub(crate) fn compile(text: &str) -> Result<Expression, Vec<Refusal>> {
        let ast = guard::parse(text).map_err(|message| vec![Refusal::invalid(message)])?;
        let analysis = analyse(&ast);
        if let Some(operator) = analysis.newer_operator {
            return Err(vec![Refusal::invalid(words::newer_operator(text, operator))]);
        }
        if !analysis.unsupported.is_empty() {
            let refusals = analysis.unsupported.iter().map(|name| {
                Refusal::unsupported(match name.as_str() {
                    "$$" => "Reference to '$$' is not supported.".to_owned(),
                    name => format!("Reference to '{name}' at the top level is not supported."),
                })
            });
            return Err(refusals.collect());
        }
        let quick = Quick::compile(&ast);
        let program = Program::new(ast, &analysis);
        Ok(Expression { text: text.to_owned(), program, analysis, quick })
    }

    /// The names of the workflow variables that it reads.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.analysis.variables.keys().map(String::as_str).filter(|name| !matches!(*name, "states" | "eval"))
    }

    /// What it reads of `$states`.
    pub(crate) fn reads_of_states(&self) -> Option<&Reads> {
        self.analysis.variables.get("states")
    }

    pub(crate) fn evaluate(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Value, QueryError> {
        self.run(scope, randomness).map_err(|failure| {
            let (text, end) = (&self.text, failure.end());
            QueryError::evaluation(
                format!("The JSONata expression '{text}' specified for the field '{field}' {end}"),
                field,
            )
        })
    }

    fn run(&self, scope: &JsonataScope, randomness: &mut Randomness) -> Result<Value, Failure> {
        if let Some(Ok(value)) = self.quick.as_ref().map(|quick| quick.evaluate(scope)) {
            return value.ok_or(Failure::NoJson(NoJson::Undefined));
        }
        let mut context = Context::new();
        for (name, reads) in &self.analysis.variables {
            if name == "states" {
                context.bind(name.clone(), states(scope, reads));
            } else if let Some(value) = scope.variables.variable(name) {
                context.bind(name.clone(), to_jsonata(value, reads));
            } else if name == "eval" {
                // Hides the library's own, which AWS does not offer.
                context.bind(name.clone(), JValue::Undefined);
            }
        }
        let chance = Rc::new(RefCell::new(randomness.clone()));
        let functions = &self.analysis.functions;
        let answer = self.program.run(context, &JValue::Undefined, functions, &chance, scope.now_millis);
        *randomness = chance.borrow().clone();
        to_json(&answer?).map_err(Failure::NoJson)
    }
}

/// The tree that is evaluated: with our functions, and with limits.
#[derive(Debug)]
pub(crate) struct Program {
    ast: AstNode,
    /// Whether calls that keep the limits are woven in.
    guarded: bool,
}

impl Program {
    pub(crate) fn new(mut ast: AstNode, analysis: &Analysis) -> Program {
        rewrite::with_our_functions(&mut ast, &|name| analysis.functions.contains(name));
        let guarded = guard::limit(&mut ast);
        Program { ast, guarded }
    }

    /// Evaluates with the limits and functions of AWS.
    pub(crate) fn run(
        &self,
        context: Context,
        input: &JValue,
        functions: &BTreeSet<String>,
        chance: &Rc<RefCell<Randomness>>,
        now_millis: i64,
    ) -> Result<JValue, Failure> {
        let options = EvaluatorOptions {
            max_stack_depth: Some(DEPTH),
            max_sequence_length: Some(MEMORY_ITEMS),
            ..EvaluatorOptions::default()
        };
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, functions, chance, now_millis)
            .and_then(|()| if self.guarded { meter::register(&mut evaluator) } else { Ok(()) })
            .and_then(|()| evaluator.evaluate(&self.ast, input))
            .map_err(|error| Failure::Thrown(words::thrown(error.message(), functions)))
    }
}

/// Only those members of `$states` that are read and are there.
fn states(scope: &JsonataScope, reads: &Reads) -> JValue {
    let mut members = IndexMap::new();
    let mut add = |name: &str, value: Option<&Value>| {
        if let (Some(reads), Some(value)) = (reads.member(name), value) {
            members.insert(name.to_owned(), to_jsonata(value, reads));
        }
    };
    add("input", Some(scope.input));
    add("result", scope.result);
    add("errorOutput", scope.error_output);
    if reads.member("context").is_some() {
        add("context", Some(scope.context.context()));
    }
    JValue::object(members)
}

/// Why there is no value.
#[derive(Debug, PartialEq)]
pub(crate) enum Failure {
    Thrown(String),
    NoJson(NoJson),
}

impl Failure {
    /// The end of AWS's sentence.
    pub(crate) fn end(&self) -> String {
        match self {
            Failure::NoJson(NoJson::Undefined) => "returned nothing (undefined).".to_owned(),
            Failure::NoJson(NoJson::Function) => "returned an unsupported result type.".to_owned(),
            Failure::NoJson(NoJson::TooLarge) => words::sentence(functions::MEMORY_LIMIT),
            Failure::Thrown(message) => words::sentence(message),
        }
    }
}
