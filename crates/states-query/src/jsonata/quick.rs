//! The expressions that most states hold, answered on our own values without the library: paths, comparisons, arithmetic,
//! texts put together, objects made anew.
//!
//! Whatever is out of the ordinary (an array on a path, a wrong type, a number that overflows) gives up, and the library
//! evaluates the whole expression: nothing here has an effect, so that starting over is safe, and the rules of arrays and
//! the words of errors exist in one place only.

use std::cell::Cell;
use std::rc::Rc;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, UnaryOp};
use shared_json::{Object, Value};

use super::convert::number;
use super::meter::CHARACTERS;
use crate::scope::JsonataScope;

#[derive(Debug)]
pub(crate) enum Quick {
    Literal(Value),
    Path(Root, Vec<Box<str>>),
    Arithmetic(BinaryOp, Box<[Quick; 2]>),
    Order(BinaryOp, Box<[Quick; 2]>),
    Equal(bool, Box<[Quick; 2]>),
    Logic(BinaryOp, Box<[Quick; 2]>),
    Text(Box<[Quick; 2]>),
    Negate(Box<Quick>),
    Not(Box<Quick>),
    Exists(Box<Quick>),
    Merge(Box<Quick>),
    Choose(Box<Quick>, Box<Quick>, Option<Box<Quick>>),
    Object(Vec<(Rc<str>, Quick)>),
    /// The flag: written as an array itself, so that it is not taken apart.
    Array(Vec<(bool, Quick)>),
}

#[derive(Debug)]
pub(crate) enum Root {
    Input,
    Result,
    ErrorOutput,
    Context,
    Variable(Box<str>),
}

/// The library must answer.
#[derive(Debug)]
pub(crate) struct GiveUp;

/// A value, or undefined.
type Answer = Result<Option<Value>, GiveUp>;

/// Only numbers below this are written by JavaScript as they are by us.
const PLAIN_INTEGER: f64 = 1e15;
/// Deeper expressions are left to the library, which counts its depth.
const DEPTH: usize = 30;

/// One evaluation.
struct Run<'s> {
    scope: &'s JsonataScope<'s>,
    /// What all texts that it puts together may still hold.
    characters: Cell<usize>,
}

impl Quick {
    pub(crate) fn compile(ast: &AstNode) -> Option<Quick> {
        compile(ast, DEPTH)
    }

    pub(crate) fn evaluate(&self, scope: &JsonataScope) -> Answer {
        Ok(self.value(&Run { scope, characters: Cell::new(CHARACTERS) })?.map(normal))
    }

    fn value(&self, run: &Run) -> Answer {
        Ok(Some(match self {
            Quick::Literal(value) => value.clone(),
            Quick::Path(root, names) => return path(root, names, run.scope),
            Quick::Arithmetic(op, sides) => match both(sides, run)? {
                (Some(Value::Number(a)), Some(Value::Number(b))) => {
                    let (a, b) = (a.as_f64().ok_or(GiveUp)?, b.as_f64().ok_or(GiveUp)?);
                    finite(match op {
                        BinaryOp::Add => a + b,
                        BinaryOp::Subtract => a - b,
                        BinaryOp::Multiply => a * b,
                        BinaryOp::Divide => a / b,
                        _ => a % b,
                    })?
                }
                _ => return Err(GiveUp),
            },
            Quick::Order(op, sides) => {
                let order = match both(sides, run)? {
                    (Some(Value::Number(a)), Some(Value::Number(b))) => {
                        a.as_f64().zip(b.as_f64()).and_then(|(a, b)| a.partial_cmp(&b))
                    }
                    (Some(Value::String(a)), Some(Value::String(b))) if a.is_ascii() && b.is_ascii() => Some(a.cmp(&b)),
                    _ => None,
                };
                let order = order.ok_or(GiveUp)?;
                Value::from(match op {
                    BinaryOp::LessThan => order.is_lt(),
                    BinaryOp::LessThanOrEqual => order.is_le(),
                    BinaryOp::GreaterThan => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
            Quick::Equal(equal, sides) => Value::from(match both(sides, run)? {
                (Some(a), Some(b)) => (a == b) == *equal,
                _ => false,
            }),
            Quick::Logic(op, sides) => {
                let [left, right] = &**sides;
                let left = truth(left.value(run)?.as_ref())?;
                Value::from(match op {
                    BinaryOp::And => left && truth(right.value(run)?.as_ref())?,
                    _ => left || truth(right.value(run)?.as_ref())?,
                })
            }
            Quick::Text(sides) => {
                let mut text = String::new();
                join(run, &mut text, sides)?;
                Value::from(text)
            }
            Quick::Negate(inner) => match inner.value(run)? {
                Some(Value::Number(n)) => finite(-n.as_f64().ok_or(GiveUp)?)?,
                _ => return Err(GiveUp),
            },
            Quick::Not(inner) => match inner.value(run)? {
                None => return Ok(None),
                value => Value::from(!truth(value.as_ref())?),
            },
            Quick::Exists(inner) => Value::from(inner.value(run)?.is_some()),
            Quick::Merge(inner) => return merge(inner.value(run)?),
            Quick::Choose(condition, yes, no) => {
                return match (truth(condition.value(run)?.as_ref())?, no) {
                    (true, _) => yes.value(run),
                    (false, Some(no)) => no.value(run),
                    (false, None) => Ok(None),
                };
            }
            Quick::Object(fields) => {
                let mut members = Object::with_capacity(fields.len());
                for (name, field) in fields {
                    if let Some(value) = field.value(run)? {
                        members.insert(Rc::clone(name), value);
                    }
                }
                Value::Object(Rc::new(members))
            }
            Quick::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (nested, item) in items {
                    match item.value(run)? {
                        None => {}
                        Some(Value::Array(inner)) if !nested => values.extend(inner.iter().cloned()),
                        Some(value) => values.push(value),
                    }
                }
                Value::array(values)
            }
        }))
    }
}

fn both(sides: &[Quick; 2], run: &Run) -> Result<(Option<Value>, Option<Value>), GiveUp> {
    Ok((sides[0].value(run)?, sides[1].value(run)?))
}

fn path(root: &Root, names: &[Box<str>], scope: &JsonataScope) -> Answer {
    let root = match root {
        Root::Input => Some(scope.input),
        Root::Result => scope.result,
        Root::ErrorOutput => scope.error_output,
        Root::Context => Some(scope.context.context()),
        Root::Variable(name) => scope.variables.variable(name),
    };
    let Some(mut value) = root else { return Ok(None) };
    for name in names {
        match value {
            Value::Object(members) => match members.get(name) {
                Some(member) => value = member,
                None => return Ok(None),
            },
            Value::Array(_) => return Err(GiveUp),
            _ => return Ok(None),
        }
    }
    Ok(Some(value.clone()))
}

fn finite(n: f64) -> Result<Value, GiveUp> {
    if n.is_finite() { Ok(number(n)) } else { Err(GiveUp) }
}

fn truth(value: Option<&Value>) -> Result<bool, GiveUp> {
    Ok(match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(b)) => *b,
        Some(Value::Number(n)) => n.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Array(_)) => return Err(GiveUp),
    })
}

/// Both sides of `&`, and those of a `&` on its left, into one text.
fn join(run: &Run, text: &mut String, sides: &[Quick; 2]) -> Result<(), GiveUp> {
    for side in sides {
        if let Quick::Text(inner) = side {
            join(run, text, inner)?;
            continue;
        }
        match side.value(run)? {
            None => {}
            Some(Value::String(part)) => {
                run.characters.set(run.characters.get().checked_sub(part.len()).ok_or(GiveUp)?);
                text.push_str(&part);
            }
            Some(Value::Bool(b)) => text.push_str(if b { "true" } else { "false" }),
            Some(Value::Null) => text.push_str("null"),
            Some(Value::Number(n)) => match n.as_f64() {
                Some(n) if n.fract() == 0.0 && n.abs() < PLAIN_INTEGER => text.push_str(&(n as i64).to_string()),
                _ => return Err(GiveUp),
            },
            Some(Value::Array(_) | Value::Object(_)) => return Err(GiveUp),
        }
    }
    Ok(())
}

fn merge(value: Option<Value>) -> Answer {
    let items = match value {
        None => return Ok(None),
        Some(object @ Value::Object(_)) => return Ok(Some(object)),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(GiveUp),
    };
    let mut merged = Object::default();
    for (index, item) in items.iter().enumerate() {
        let Value::Object(members) = item else { return Err(GiveUp) };
        if index == 0 {
            merged = (**members).clone();
        } else {
            merged.extend(members.iter().map(|(key, value)| (Rc::clone(key), value.clone())));
        }
    }
    Ok(Some(Value::Object(Rc::new(merged))))
}

/// Whole numbers lose their `.0` on their way through an expression. Shared as it is when there is none.
fn normal(value: Value) -> Value {
    if !needs_work(&value) {
        return value;
    }
    match value {
        Value::Number(n) => number(n.as_f64().unwrap_or_default()),
        Value::Array(items) => Value::array(items.iter().cloned().map(normal).collect()),
        Value::Object(members) => {
            Value::Object(Rc::new(members.iter().map(|(key, value)| (Rc::clone(key), normal(value.clone()))).collect()))
        }
        other => other,
    }
}

fn needs_work(value: &Value) -> bool {
    match value {
        Value::Number(n) => n.as_i64().is_none() && n.as_f64().is_some_and(|n| n.fract() == 0.0 || !n.is_finite()),
        Value::Array(items) => items.iter().any(needs_work),
        Value::Object(members) => members.values().any(needs_work),
        _ => false,
    }
}

fn compile(ast: &AstNode, depth: usize) -> Option<Quick> {
    let depth = depth.checked_sub(1)?;
    let pair = |a: &AstNode, b: &AstNode| Some(Box::new([compile(a, depth)?, compile(b, depth)?]));
    let boxed = |node: &AstNode| compile(node, depth).map(Box::new);
    Some(match ast {
        AstNode::String(text) => Quick::Literal(Value::string(text)),
        AstNode::Number(n) => Quick::Literal(number(*n)),
        AstNode::Boolean(b) => Quick::Literal(Value::Bool(*b)),
        AstNode::Null => Quick::Literal(Value::Null),
        AstNode::Variable(name) => variable(name, &[])?,
        AstNode::Path { steps } => {
            let (first, rest) = steps.split_first()?;
            match &first.node {
                AstNode::Variable(name) if plain(first) => variable(name, rest)?,
                _ => return None,
            }
        }
        AstNode::Block(nodes) => match nodes.as_slice() {
            [single] => compile(single, depth)?,
            _ => return None,
        },
        AstNode::Binary { op, lhs, rhs } => match op {
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
                Quick::Arithmetic(*op, pair(lhs, rhs)?)
            }
            BinaryOp::LessThan | BinaryOp::LessThanOrEqual | BinaryOp::GreaterThan | BinaryOp::GreaterThanOrEqual => {
                Quick::Order(*op, pair(lhs, rhs)?)
            }
            BinaryOp::Equal => Quick::Equal(true, pair(lhs, rhs)?),
            BinaryOp::NotEqual => Quick::Equal(false, pair(lhs, rhs)?),
            BinaryOp::And | BinaryOp::Or => Quick::Logic(*op, pair(lhs, rhs)?),
            BinaryOp::Concatenate => Quick::Text(pair(lhs, rhs)?),
            _ => return None,
        },
        AstNode::Unary { op: UnaryOp::Negate, operand } => Quick::Negate(boxed(operand)?),
        AstNode::Function { name, args, is_builtin: true } => match (name.as_str(), args.as_slice()) {
            ("not", [value]) => Quick::Not(boxed(value)?),
            ("exists", [value]) => Quick::Exists(boxed(value)?),
            ("merge", [value]) => Quick::Merge(boxed(value)?),
            _ => return None,
        },
        AstNode::Conditional { condition, then_branch, else_branch } => {
            let no = match else_branch {
                Some(branch) => Some(boxed(branch)?),
                None => None,
            };
            Quick::Choose(boxed(condition)?, boxed(then_branch)?, no)
        }
        AstNode::Object(pairs) => {
            let mut fields: Vec<(Rc<str>, Quick)> = Vec::with_capacity(pairs.len());
            for (key, value) in pairs {
                let AstNode::String(key) = key else { return None };
                if fields.iter().any(|(known, _)| **known == **key) {
                    return None;
                }
                fields.push((Rc::from(key.as_str()), compile(value, depth)?));
            }
            Quick::Object(fields)
        }
        AstNode::Array(items) => {
            let items: Option<Vec<(bool, Quick)>> =
                items.iter().map(|item| Some((matches!(item, AstNode::Array(_)), compile(item, depth)?))).collect();
            Quick::Array(items?)
        }
        _ => return None,
    })
}

fn plain(step: &PathStep) -> bool {
    step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none() && step.ancestor_label.is_none()
}

fn variable(name: &str, steps: &[PathStep]) -> Option<Quick> {
    let names: Option<Vec<Box<str>>> = steps
        .iter()
        .map(|step| match &step.node {
            AstNode::Name(name) if plain(step) => Some(name.as_str().into()),
            _ => None,
        })
        .collect();
    let mut names = names?;
    let root = match name {
        "" | "eval" => return None,
        "states" => {
            if names.is_empty() {
                return None;
            }
            match &*names.remove(0) {
                "input" => Root::Input,
                "result" => Root::Result,
                "errorOutput" => Root::ErrorOutput,
                "context" => Root::Context,
                _ => return None,
            }
        }
        // Without a variable of that name it is the function.
        name if super::functions::is_known(name) => return None,
        name => Root::Variable(name.into()),
    };
    Some(Quick::Path(root, names))
}
