//! Payload templates: JSON whose `.$` fields are computed.

use std::collections::BTreeSet;
use std::rc::Rc;

use shared_json::{Object, Value};

use crate::budget::Budget;
use crate::error::{QueryError, TemplateError};
use crate::expression::Expression;
use crate::jsonata::JsonataTemplate;
use crate::scope::Scope;
use aws_protocol::Randomness;

/// A compiled payload template (`Parameters`, `ResultSelector`).
#[derive(Clone, Debug, PartialEq)]
pub struct PayloadTemplate {
    node: Node,
}

/// A field that is a payload template in JSONPath states and an expression in JSONata states.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    Payload(PayloadTemplate),
    Jsonata(JsonataTemplate),
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// Nothing to compute inside: shared as it is.
    Literal(Value),
    Array(Vec<Node>),
    Object(Vec<(Rc<str>, Node)>),
    Computed {
        field: Rc<str>,
        expression: Expression,
    },
}

impl PayloadTemplate {
    /// Compiles every `.$` field.
    ///
    /// # Errors
    /// The first field whose value is no path and no intrinsic call.
    pub fn compile(template: &Value) -> Result<PayloadTemplate, TemplateError> {
        Ok(PayloadTemplate { node: compile(template, &mut String::new())? })
    }

    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        let mut names = BTreeSet::new();
        collect_variables(&self.node, &mut names);
        names.into_iter().collect()
    }

    /// The payload.
    ///
    /// # Errors
    /// The first field that cannot be computed.
    pub fn evaluate(&self, scope: &Scope, randomness: &mut Randomness) -> Result<Value, QueryError> {
        evaluate(&self.node, scope, randomness, &mut Budget::default())
    }
}

impl Template {
    /// The names of the workflow variables it reads, sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        match self {
            Template::Payload(template) => template.variables(),
            Template::Jsonata(template) => template.variables(),
        }
    }
}

fn collect_variables(node: &Node, names: &mut BTreeSet<Rc<str>>) {
    match node {
        Node::Literal(_) => {}
        Node::Array(items) => items.iter().for_each(|item| collect_variables(item, names)),
        Node::Object(fields) => fields.iter().for_each(|(_, node)| collect_variables(node, names)),
        Node::Computed { expression, .. } => expression.collect_variables(names),
    }
}

fn compile(template: &Value, pointer: &mut String) -> Result<Node, TemplateError> {
    let node = match template {
        Value::Object(members) => {
            let mut fields = Vec::with_capacity(members.len());
            for (key, value) in members.iter() {
                let length = pointer.len();
                pointer.push('/');
                pointer.push_str(key);
                fields.push(field(key, value, pointer)?);
                pointer.truncate(length);
            }
            Node::Object(fields)
        }
        Value::Array(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let length = pointer.len();
                pointer.push_str(&format!("/{index}"));
                nodes.push(compile(item, pointer)?);
                pointer.truncate(length);
            }
            Node::Array(nodes)
        }
        other => Node::Literal(other.clone()),
    };
    Ok(if is_literal(&node) { Node::Literal(template.clone()) } else { node })
}

fn is_literal(node: &Node) -> bool {
    match node {
        Node::Literal(_) => true,
        Node::Array(items) => items.iter().all(|item| matches!(item, Node::Literal(_))),
        Node::Object(fields) => fields.iter().all(|(_, node)| matches!(node, Node::Literal(_))),
        Node::Computed { .. } => false,
    }
}

fn field(key: &Rc<str>, value: &Value, pointer: &mut String) -> Result<(Rc<str>, Node), TemplateError> {
    let Some(name) = key.strip_suffix(".$") else {
        return Ok((Rc::clone(key), compile(value, pointer)?));
    };
    let wrong = || TemplateError {
        pointer: pointer.clone(),
        message: format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"),
    };
    let expression = Expression::parse(value.as_str().ok_or_else(wrong)?).map_err(|_| wrong())?;
    Ok((name.into(), Node::Computed { field: Rc::clone(key), expression }))
}

fn evaluate(node: &Node, scope: &Scope, randomness: &mut Randomness, budget: &mut Budget) -> Result<Value, QueryError> {
    match node {
        Node::Literal(value) => Ok(value.clone()),
        Node::Array(items) => {
            let values: Result<Vec<Value>, QueryError> =
                items.iter().map(|item| evaluate(item, scope, randomness, budget)).collect();
            Ok(Value::array(values?))
        }
        Node::Object(fields) => {
            let mut members = Object::with_capacity(fields.len());
            for (name, node) in fields {
                members.insert(Rc::clone(name), evaluate(node, scope, randomness, budget)?);
            }
            Ok(Value::Object(Rc::new(members)))
        }
        Node::Computed { field, expression } => {
            let value = expression.evaluate(field, scope, randomness)?;
            if !budget.takes(&value) {
                let cause = format!("The payload template is too large with the value for the field '{field}'");
                return Err(QueryError::new("States.DataLimitExceeded", cause));
            }
            Ok(value)
        }
    }
}
