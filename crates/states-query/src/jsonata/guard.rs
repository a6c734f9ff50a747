//! Limits: a hostile expression ends with an error, it neither hangs nor exhausts the memory or the stack.
//!
//! The library bounds the depth of an evaluation and the length of a sequence. Against endless tail recursion, loops
//! within loops and values that double at each turn, calls of our own are woven into the syntax tree where such things can
//! happen, and nowhere else: one that counts turns, one that weighs a value, one that counts the items of a range. They
//! share one budget, about what AWS lets an expression compute in its second.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use jsonata_core::ast::{AstNode, BinaryOp, Stage};
use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::convert::MEMORY_ITEMS;
use super::functions::{self, MEMORY_LIMIT};
use super::rewrite::{call, children, each};
use super::words;

/// Brackets within brackets; the parser's recursion must fit into the page's stack.
const NESTING: usize = 200;
/// What an evaluation may spend: 10 for a turn, 1 for an item of a range, 1 for eight weighed values.
const BUDGET: u64 = 10_000_000;
const TURN: u64 = 10;
/// Characters that a text may hold on AWS, as measured by doubling one.
pub(super) const CHARACTERS: usize = 6_990_256;
/// Characters that a join or a replacement may make at most before it is worth looking closer.
const PRODUCT: usize = 64 * 1024 * 1024;

// Names with a blank, so that no expression can spell them.
const PREFIX: &str = "guard ";
const TICK: &str = "guard tick";
const WEIGH: &str = "guard weigh";
const WIDTH: &str = "guard width";
const SPAN: &str = "guard span";
const SEPARATOR: &str = "guard separator";

const TIMEOUT: &str = "Expression evaluation timeout: Check for infinite loop";

/// Functions whose result may be a multiple of their argument.
const GROWERS: [&str; 13] = [
    "append",
    "base64encode",
    "encodeUrl",
    "encodeUrlComponent",
    "join",
    "map",
    "merge",
    "pad",
    "reduce",
    "replace",
    "spread",
    "string",
    "zip",
];

/// Parses, but nothing that is nested so deeply that the parser's own recursion could exhaust a small stack.
pub(crate) fn parse(text: &str) -> Result<AstNode, String> {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '?' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > NESTING {
        return Err("The expression is nested too deeply".to_owned());
    }
    parser::parse(text).map_err(|error| words::refused(&error, text))
}

/// Weaves our calls in; whether there are any.
pub(crate) fn limit(ast: &mut AstNode) -> bool {
    let mut weaver = Weaver { locals: BTreeSet::new() };
    each(ast, &mut |node| match node {
        AstNode::Lambda { params, .. } => weaver.locals.extend(params.iter().cloned()),
        AstNode::Binary { op: BinaryOp::ColonEqual, lhs, .. } => {
            if let AstNode::Variable(name) = &**lhs {
                weaver.locals.insert(name.clone());
            }
        }
        _ => {}
    });
    weaver.weave(ast, 0);
    let mut woven = false;
    each_read(ast, &mut |node| woven |= matches!(node, AstNode::Function { name, .. } if name.starts_with(PREFIX)));
    woven
}

struct Weaver {
    /// The names that the expression itself binds.
    locals: BTreeSet<String>,
}

impl Weaver {
    fn weave(&self, node: &mut AstNode, loops: usize) {
        match node {
            AstNode::Lambda { body, .. } => {
                self.weave(body, loops + 1);
                if loops > 0 || may_recur(body) {
                    prepend_tick(body);
                }
                return;
            }
            AstNode::FunctionApplication(body) => {
                self.weave(body, loops + 1);
                if loops > 0 {
                    prepend_tick(body);
                }
                return;
            }
            AstNode::Path { steps } => {
                for step in steps {
                    self.weave(&mut step.node, loops);
                    for stage in &mut step.stages {
                        match stage {
                            Stage::Filter(filter) if !matches!(**filter, AstNode::Number(_)) => {
                                self.weave(filter, loops + 1);
                                if loops > 0 {
                                    prepend_tick(filter);
                                }
                            }
                            _ => {}
                        }
                    }
                }
                return;
            }
            // `x ~> $f(y)` is a call with one more argument in front; its right side must stay a call.
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => {
                self.weave(lhs, loops);
                match &mut **rhs {
                    AstNode::Function { name, args, .. } => {
                        args.iter_mut().for_each(|argument| self.weave(argument, loops));
                        match (name.as_str(), args.as_mut_slice()) {
                            ("pad", [width, ..]) => limit_width(width),
                            ("join", [separator]) if !is_short(separator) => beside(separator, lhs),
                            ("replace", [_, replacement, ..]) if !is_short(replacement) => beside(replacement, lhs),
                            _ => {}
                        }
                        if GROWERS.contains(&name.as_str()) && (loops > 0 || self.is_suspect(lhs)) {
                            weigh(node);
                        }
                    }
                    other => self.weave(other, loops),
                }
                return;
            }
            _ => children(node, &mut |child| self.weave(child, loops)),
        }
        self.wrap(node, loops);
    }

    /// Puts a guard around a node whose parts are woven already.
    fn wrap(&self, node: &mut AstNode, loops: usize) {
        let weighty = match node {
            AstNode::Function { name, args, .. } => {
                if !functions::is_known(name) {
                    args.iter_mut().filter(|argument| !is_light(argument)).for_each(weigh);
                    return;
                }
                match (name.as_str(), args.as_mut_slice()) {
                    ("pad", [_, width, ..]) => limit_width(width),
                    ("join", [items, separator]) if !is_short(separator) => beside(separator, items),
                    ("replace", [text, _, replacement, ..]) if !is_short(replacement) => beside(replacement, text),
                    _ => {}
                }
                let grows = GROWERS.contains(&name.as_str());
                grows && (loops > 0 || args.iter_mut().any(|argument| self.is_suspect(argument)))
            }
            AstNode::Binary { op: BinaryOp::Range, lhs, rhs } => {
                if let AstNode::Number(_) | AstNode::Variable(_) | AstNode::Path { .. } | AstNode::Unary { .. } = **lhs
                {
                    let end = std::mem::replace(&mut **rhs, AstNode::Null);
                    **rhs = call(SPAN, vec![end, (**lhs).clone()]);
                }
                false
            }
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                // A short piece makes a text grow only where it is added again and again.
                loops > 0 && !(is_short(lhs) && is_short(rhs)) || !is_short(lhs) && !is_short(rhs)
            }
            AstNode::Array(items) if items.len() > 1 => items.iter_mut().any(|item| self.is_suspect(item)),
            AstNode::Object(pairs) if pairs.len() > 1 => pairs.iter_mut().any(|(_, value)| self.is_suspect(value)),
            _ => false,
        };
        if weighty {
            weigh(node);
        }
    }

    /// Whether it holds a value that the expression made itself and that may be large.
    fn is_suspect(&self, node: &mut AstNode) -> bool {
        let mut suspect = false;
        each_read(node, &mut |node| {
            suspect |= match node {
                AstNode::Variable(name) => self.locals.contains(name),
                AstNode::Function { name, .. } => GROWERS.contains(&name.as_str()) || !functions::is_known(name),
                AstNode::Call { .. } => true,
                _ => false,
            };
        });
        suspect
    }
}

fn each_read(node: &mut AstNode, look: &mut dyn FnMut(&AstNode)) {
    look(node);
    children(node, &mut |child| each_read(child, look));
}

fn may_recur(body: &mut AstNode) -> bool {
    let mut calls = false;
    each_read(body, &mut |node| {
        calls |= match node {
            AstNode::Function { name, .. } => !functions::is_known(name) && !name.starts_with(PREFIX),
            AstNode::Call { .. } => true,
            AstNode::Binary { op: BinaryOp::ChainPipe, .. } => true,
            _ => false,
        };
    });
    calls
}

fn prepend_tick(body: &mut AstNode) {
    let inner = std::mem::replace(body, AstNode::Null);
    *body = AstNode::Block(match inner {
        AstNode::Block(mut nodes) => {
            nodes.insert(0, call(TICK, Vec::new()));
            nodes
        }
        inner => vec![call(TICK, Vec::new()), inner],
    });
}

fn limit_width(width: &mut AstNode) {
    if !matches!(width, AstNode::Number(n) if n.abs() < 1e6) {
        *width = call(WIDTH, vec![std::mem::replace(width, AstNode::Null)]);
    }
}

fn weigh(node: &mut AstNode) {
    let inner = std::mem::replace(node, AstNode::Null);
    *node = call(WEIGH, vec![inner]);
}

/// Lets the size of one argument be looked at together with another's.
fn beside(argument: &mut AstNode, other: &AstNode) {
    let inner = std::mem::replace(argument, AstNode::Null);
    *argument = call(SEPARATOR, vec![inner, other.clone()]);
}

fn is_light(node: &AstNode) -> bool {
    match node {
        AstNode::Number(_) | AstNode::String(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::Variable(_) => true,
        AstNode::Binary { op, .. } => !matches!(op, BinaryOp::Concatenate | BinaryOp::Range | BinaryOp::ChainPipe),
        AstNode::Lambda { .. } | AstNode::Placeholder => true,
        _ => false,
    }
}

fn is_short(node: &AstNode) -> bool {
    match node {
        AstNode::String(text) => text.len() < 200,
        AstNode::Lambda { .. } | AstNode::Placeholder => true,
        _ => false,
    }
}

/// Registers what the woven calls call.
pub(crate) fn register(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    let spent = Rc::new(Cell::new(0_u64));
    let spend = move |cost: u64| {
        let sum = spent.get().saturating_add(cost);
        spent.set(sum);
        if sum > BUDGET { Err(error(TIMEOUT)) } else { Ok(()) }
    };
    let spend = Rc::new(spend);
    let tick = Rc::clone(&spend);
    evaluator.register_fn(TICK, move |_: &[JValue]| tick(TURN).map(|()| JValue::Undefined))?;
    let span = Rc::clone(&spend);
    evaluator.register_fn(SPAN, move |arguments: &[JValue]| {
        if let [JValue::Number(end), JValue::Number(start)] = arguments {
            span((end - start).clamp(0.0, 1e15) as u64)?;
        }
        Ok(first(arguments))
    })?;
    evaluator.register_fn(WEIGH, move |arguments: &[JValue]| {
        let mut left = MEMORY_ITEMS;
        let fits = arguments.first().is_none_or(|value| takes(value, &mut left, 250));
        if !fits {
            return Err(error(MEMORY_LIMIT));
        }
        spend(((MEMORY_ITEMS - left) / 8) as u64)?;
        Ok(first(arguments))
    })?;
    evaluator.register_fn(WIDTH, |arguments: &[JValue]| match arguments {
        [JValue::Number(n)] if n.abs() > CHARACTERS as f64 => Err(error(MEMORY_LIMIT)),
        _ => Ok(first(arguments)),
    })?;
    evaluator.register_fn(SEPARATOR, |arguments: &[JValue]| {
        let length = |value: Option<&JValue>| match value {
            Some(JValue::String(text)) => text.len(),
            Some(JValue::Array(items)) => items.len(),
            _ => 0,
        };
        match length(arguments.first()).saturating_mul(length(arguments.get(1))) {
            PRODUCT.. => Err(error(MEMORY_LIMIT)),
            _ => Ok(first(arguments)),
        }
    })
}

fn first(arguments: &[JValue]) -> JValue {
    arguments.first().cloned().unwrap_or(JValue::Undefined)
}

fn error(text: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(text.to_owned())
}

/// Takes the items of a value from what is left; eight characters count as one.
fn takes(value: &JValue, left: &mut usize, depth: usize) -> bool {
    let size = match value {
        JValue::String(text) => 1 + text.len() / 8,
        _ => 1,
    };
    let Some(rest) = left.checked_sub(size) else { return false };
    *left = rest;
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value {
        JValue::Array(items) => items.iter().all(|item| takes(item, left, depth)),
        JValue::Object(members) => members.values().all(|member| takes(member, left, depth)),
        _ => true,
    }
}
