//! JSONata, as Step Functions speaks it: JSON whose `{% … %}` strings are expressions.
//!
//! An expression is parsed once, when a definition is checked. It sees `$states` and the workflow variables, and nothing
//! else: AWS offers no context item, so a bare name, `$` or `$$` is refused. Only what an expression reads is converted for
//! the library that evaluates it; the most common kinds of expressions need no library at all (see `quick`).
//!
//! Sources: Amazon States Language, "JSONata" and "Variables" (states-language.net); Step Functions developer guide,
//! "Transforming data with JSONata in Step Functions" and "Passing data between states with variables"; the language
//! itself: docs.jsonata.org, of which AWS offers version 2.0.6.

mod analyse;
mod convert;
mod dates;
mod expression;
mod functions;
mod guard;
mod meter;
mod quick;
mod rewrite;
pub mod suite;
mod typed;
mod words;

use std::collections::BTreeSet;
use std::rc::Rc;

use shared_json::{Object, Value};

use crate::budget::Budget;
use crate::error::{QueryError, TemplateError};
use crate::scope::JsonataScope;
use aws_protocol::Randomness;
use expression::{Expression, expression_text};

/// A compiled JSONata field (`Arguments`, `Output`, `Assign`, `Condition`, `Items`, …): any JSON in which every string of
/// the form `{% … %}` is an expression.
#[derive(Clone, Debug)]
pub struct JsonataTemplate {
    source: Value,
    node: Node,
}

/// A reason why AWS refuses a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonataProblem {
    /// JSON pointer of the expression inside the template.
    pub pointer: String,
    /// The expression's place as AWS writes it behind the field's name: `/a/b[0]`.
    pub location: String,
    /// `INVALID_JSONATA_EXPRESSION` or `UNSUPPORTED_JSONATA_EXPRESSION`.
    pub code: &'static str,
    pub message: String,
}

#[derive(Clone, Debug)]
enum Node {
    /// Nothing to compute inside: shared as it is.
    Literal(Value),
    Array(Vec<Node>),
    Object(Vec<(Rc<str>, Node)>),
    Computed(Rc<Expression>),
}

impl JsonataTemplate {
    /// Compiles every expression.
    ///
    /// # Errors
    /// The first expression that AWS refuses.
    pub fn compile(source: &Value) -> Result<JsonataTemplate, TemplateError> {
        let mut problems = Vec::new();
        let node = compile(source, &mut Place::default(), &mut problems);
        match problems.into_iter().next() {
            None => Ok(JsonataTemplate { source: source.clone(), node }),
            Some(problem) => Err(TemplateError { pointer: problem.pointer, message: problem.message }),
        }
    }

    /// Every reason why AWS refuses the template, in the order in which it is written.
    #[must_use]
    pub fn problems(source: &Value) -> Vec<JsonataProblem> {
        let mut problems = Vec::new();
        compile(source, &mut Place::default(), &mut problems);
        problems
    }

    /// The names of the functions that an expression may call, without `$`.
    pub fn functions() -> impl Iterator<Item = &'static str> {
        functions::names()
    }

    /// Whether a string is an expression, and its text.
    #[must_use]
    pub fn expression(text: &str) -> Option<&str> {
        expression_text(text)
    }

    /// The field as it was written.
    #[must_use]
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// Whether nothing in it must be evaluated.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self.node, Node::Literal(_))
    }

    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        let mut names = BTreeSet::new();
        self.node.each_expression(&mut |expression| names.extend(expression.variables().map(Rc::<str>::from)));
        names.into_iter().collect()
    }

    /// Whether it may read that member of `$states`: `input`, `result`, `errorOutput`, `context`.
    #[must_use]
    pub fn reads_states(&self, member: &str) -> bool {
        let mut reads = false;
        self.node.each_expression(&mut |expression| {
            reads |= expression.reads_of_states().is_some_and(|states| states.member(member).is_some());
        });
        reads
    }

    /// The value. `field` is the name of the field, for the error's words and its location: `Output`,
    /// `Choices[0]/Condition`.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` in AWS's words, with the location of the field inside the state.
    pub fn evaluate(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Value, QueryError> {
        // The place is written only for the expression that fails.
        match &self.node {
            Node::Literal(value) => Ok(value.clone()),
            Node::Computed(expression) => expression.evaluate(field, scope, randomness),
            node => evaluate(node, &mut field.to_owned(), scope, randomness, &mut Budget::default()),
        }
    }
}

/// Templates are equal when they were written alike.
impl PartialEq for JsonataTemplate {
    fn eq(&self, other: &JsonataTemplate) -> bool {
        self.source == other.source
    }
}

impl Node {
    fn each_expression(&self, visit: &mut impl FnMut(&Expression)) {
        match self {
            Node::Literal(_) => {}
            Node::Computed(expression) => visit(expression),
            Node::Array(items) => items.iter().for_each(|item| item.each_expression(visit)),
            Node::Object(fields) => fields.iter().for_each(|(_, node)| node.each_expression(visit)),
        }
    }
}

/// Where the compiler is: as a JSON pointer, and as AWS writes it.
#[derive(Default)]
struct Place {
    pointer: String,
    location: String,
}

impl Place {
    fn within<T>(&mut self, pointer: &str, location: &str, go: impl FnOnce(&mut Place) -> T) -> T {
        let lengths = (self.pointer.len(), self.location.len());
        self.pointer.push('/');
        self.pointer.push_str(pointer);
        self.location.push_str(location);
        let value = go(self);
        self.pointer.truncate(lengths.0);
        self.location.truncate(lengths.1);
        value
    }
}

fn compile(source: &Value, place: &mut Place, problems: &mut Vec<JsonataProblem>) -> Node {
    let node = match source {
        Value::String(text) => match expression_text(text).map(Expression::compile) {
            None => return Node::Literal(source.clone()),
            Some(Ok(expression)) => Node::Computed(Rc::new(expression)),
            Some(Err(refusals)) => {
                problems.extend(refusals.into_iter().map(|refusal| JsonataProblem {
                    pointer: place.pointer.clone(),
                    location: place.location.clone(),
                    code: refusal.code,
                    message: refusal.message,
                }));
                return Node::Literal(source.clone());
            }
        },
        Value::Array(items) => {
            let nodes = items.iter().enumerate().map(|(index, item)| {
                place.within(&index.to_string(), &format!("[{index}]"), |place| compile(item, place, problems))
            });
            Node::Array(nodes.collect())
        }
        Value::Object(members) => {
            let fields = members.iter().map(|(key, value)| {
                let step = format!("/{key}");
                let escaped = key.replace('~', "~0").replace('/', "~1");
                (Rc::clone(key), place.within(&escaped, &step, |place| compile(value, place, problems)))
            });
            Node::Object(fields.collect())
        }
        _ => return Node::Literal(source.clone()),
    };
    let literal = match &node {
        Node::Array(items) => items.iter().all(|item| matches!(item, Node::Literal(_))),
        Node::Object(fields) => fields.iter().all(|(_, node)| matches!(node, Node::Literal(_))),
        Node::Literal(_) | Node::Computed(_) => false,
    };
    if literal { Node::Literal(source.clone()) } else { node }
}

fn evaluate(
    node: &Node,
    location: &mut String,
    scope: &JsonataScope,
    randomness: &mut Randomness,
    budget: &mut Budget,
) -> Result<Value, QueryError> {
    let length = location.len();
    match node {
        Node::Literal(value) => Ok(value.clone()),
        Node::Computed(expression) => {
            let value = expression.evaluate(location, scope, randomness)?;
            if !budget.takes(&value) {
                let (text, why) = (&expression.text, words::sentence(functions::MEMORY_LIMIT));
                let cause = format!("The JSONata expression '{text}' specified for the field '{location}' {why}");
                return Err(QueryError::evaluation(cause, &**location));
            }
            Ok(value)
        }
        Node::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                location.push_str(&format!("[{index}]"));
                values.push(evaluate(item, location, scope, randomness, budget)?);
                location.truncate(length);
            }
            Ok(Value::array(values))
        }
        Node::Object(fields) => {
            let mut members = Object::with_capacity(fields.len());
            for (key, node) in fields {
                location.push('/');
                location.push_str(key);
                members.insert(Rc::clone(key), evaluate(node, location, scope, randomness, budget)?);
                location.truncate(length);
            }
            Ok(Value::Object(Rc::new(members)))
        }
    }
}
