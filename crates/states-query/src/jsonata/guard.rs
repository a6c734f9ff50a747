//! Limits: a hostile expression ends with an error, it neither hangs nor exhausts the memory or the stack.
//!
//! The library bounds the depth of an evaluation and the length of a sequence. Against endless tail recursion, loops
//! within loops and values that double at each turn, calls of our own are woven into the syntax tree where such things can
//! happen, and nowhere else: to count turns, to weigh what is made, to count what is looked through again at each turn.
//! They share one budget (see `meter`), about what AWS lets an expression compute in its second.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};
use jsonata_core::parser;

use super::functions;
use super::meter::{COMPARE, COPY, DEEP, DISTINCT, LOW, MADE, PREFIX, SCAN, SEPARATOR, SPAN, TICK, WALK, WEIGH, WIDTH};
use super::rewrite::{call, children, each};
use super::words;

/// Brackets within brackets; the parser's recursion must fit into the page's stack.
const NESTING: usize = 200;
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

/// Functions that take about the same time whatever they are given.
const CHEAP: [&str; 19] = [
    "abs",
    "assert",
    "ceil",
    "count",
    "error",
    "exists",
    "floor",
    "formatBase",
    "formatNumber",
    "millis",
    "not",
    "now",
    "number",
    "pad",
    "power",
    "random",
    "round",
    "sqrt",
    "uuid",
];

/// Functions whose answer is a text or an array of its own.
const MAKERS: [&str; 20] = [
    "base64decode",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "filter",
    "keys",
    "lowercase",
    "match",
    "parse",
    "partition",
    "range",
    "reverse",
    "shuffle",
    "sort",
    "split",
    "substring",
    "substringAfter",
    "substringBefore",
    "uppercase",
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
    each(ast, &mut as_functions);
    let mut weaver = Weaver { locals: BTreeSet::new(), parameters: Vec::new(), focused: Vec::new(), replaces: false };
    each(ast, &mut |node| match node {
        AstNode::Lambda { params, .. } => weaver.locals.extend(params.iter().cloned()),
        AstNode::Binary { op: BinaryOp::ColonEqual, lhs, .. } => {
            if let AstNode::Variable(name) = &**lhs {
                weaver.locals.insert(name.clone());
            }
        }
        AstNode::Function { name, .. } => weaver.replaces |= name == "replace",
        _ => {}
    });
    weaver.weave(ast, 0);
    let mut woven = false;
    each_read(ast, &mut |node| woven |= matches!(node, AstNode::Function { name, .. } if name.starts_with(PREFIX)));
    woven
}

/// What is named or partly applied is written as a function, in which guards can stand.
fn as_functions(node: &mut AstNode) {
    let placeholder = |node: &AstNode| matches!(node, AstNode::Placeholder);
    let variable = |name: &str| AstNode::Variable(name.to_owned());
    let function = |params: Vec<String>, body: AstNode| AstNode::Lambda {
        params,
        body: Box::new(body),
        signature: None,
        thunk: false,
    };
    match node {
        AstNode::Function { name, args, is_builtin: true }
            if functions::is_known(name) && args.iter().any(placeholder) =>
        {
            let (mut nodes, mut parameters) = (Vec::new(), Vec::new());
            for (index, argument) in args.iter_mut().enumerate() {
                let held = format!("held {index}");
                let given = std::mem::replace(argument, variable(&held));
                if placeholder(&given) {
                    parameters.push(held);
                } else {
                    let (lhs, rhs) = (Box::new(variable(&held)), Box::new(given));
                    nodes.push(AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs });
                }
            }
            let call = std::mem::replace(node, AstNode::Null);
            nodes.push(function(parameters, call));
            *node = AstNode::Block(nodes);
        }
        AstNode::Function { args, .. } => {
            for argument in args {
                if matches!(argument, AstNode::Variable(name) if name == "append") {
                    let call = call("append", vec![variable("held 0"), variable("held 1")]);
                    *argument = function(vec!["held 0".to_owned(), "held 1".to_owned()], call);
                }
            }
        }
        // A variable in the midst of a path starts another.
        AstNode::Path { steps } => {
            let starts = |step: &PathStep| matches!(&step.node, AstNode::Variable(name) if !name.is_empty());
            let binds =
                |step: &PathStep| step.focus.is_some() || step.index_var.is_some() || step.ancestor_label.is_some();
            if steps.iter().any(binds) {
                return;
            }
            if let Some(at) = steps.iter().skip(1).position(starts) {
                let mut rest = AstNode::Path { steps: steps.split_off(at + 1) };
                as_functions(&mut rest);
                steps.push(PathStep::new(AstNode::FunctionApplication(Box::new(AstNode::Block(vec![rest])))));
            }
        }
        _ => {}
    }
}

struct Weaver {
    /// The names that the expression itself binds.
    locals: BTreeSet<String>,
    /// The parameters of the innermost function. Each turn brings others, so that all turns together look at no more than
    /// there is; everything else is the same at every turn.
    parameters: Vec<String>,
    /// The names that the steps of a path bind, where its items are grouped: they stand for all items of a group, which
    /// only the path itself puts together.
    focused: Vec<String>,
    /// Whether texts are replaced, perhaps by what a function gives.
    replaces: bool,
}

impl Weaver {
    fn weave(&mut self, node: &mut AstNode, loops: usize) {
        match node {
            AstNode::Lambda { params, body, .. } => {
                let outer = std::mem::replace(&mut self.parameters, params.clone());
                self.weave(body, loops + 1);
                self.parameters = outer;
                if self.replaces && !is_light(body) {
                    surround(body, WEIGH);
                }
                if loops > 0 || may_recur(body) {
                    prepend_tick(body);
                }
            }
            AstNode::FunctionApplication(body) => self.turn(body, loops),
            AstNode::Path { steps } => {
                let followed = self.followed(steps, loops);
                self.steps(steps, loops);
                limit_descendants(steps);
                if let Some(names) = followed {
                    let path = std::mem::replace(node, AstNode::Null);
                    *node = call(WALK, std::iter::once(path).chain(names).collect());
                }
            }
            AstNode::Sort { input, terms } => {
                self.weave(input, loops);
                if loops > 0 && self.focused.is_empty() {
                    surround(input, SCAN);
                }
                terms.iter_mut().for_each(|(term, _)| self.within_turn(term, loops));
            }
            AstNode::ObjectTransform { input, pattern } => {
                self.weave(input, loops);
                let known = self.focused.len();
                if let AstNode::Path { steps } = &**input {
                    let bound = steps.iter().flat_map(|step| [&step.focus, &step.index_var]);
                    self.focused.extend(bound.flatten().cloned());
                }
                for (key, value) in pattern {
                    self.within_turn(key, loops);
                    self.within_turn(value, loops);
                }
                self.focused.truncate(known);
            }
            AstNode::Transform { location, update, delete } => {
                self.within_turn(location, loops);
                self.within_turn(update, loops);
                let found = std::mem::replace(&mut **location, AstNode::Null);
                **location = call(COPY, vec![found, AstNode::Variable(String::new())]);
                if let Some(delete) = delete {
                    self.within_turn(delete, loops);
                }
            }
            AstNode::Binary { op: BinaryOp::ChainPipe, .. } => self.chain(node, loops),
            _ => {
                children(node, &mut |child| self.weave(child, loops));
                self.wrap(node, loops);
            }
        }
    }

    /// What is evaluated again for each item.
    fn within_turn(&mut self, node: &mut AstNode, loops: usize) {
        let outer = std::mem::take(&mut self.parameters);
        self.weave(node, loops + 1);
        self.parameters = outer;
    }

    /// The same, and the turns of loops within loops are counted.
    fn turn(&mut self, body: &mut AstNode, loops: usize) {
        self.within_turn(body, loops);
        if loops > 0 {
            prepend_tick(body);
        }
    }

    fn steps(&mut self, steps: &mut [PathStep], loops: usize) {
        for (index, step) in steps.iter_mut().enumerate() {
            match &mut step.node {
                // The first is evaluated once; the turns of the others are counted where they are woven.
                node if index == 0 => self.weave(node, loops),
                node @ AstNode::FunctionApplication(_) => self.weave(node, loops),
                node => self.within_turn(node, loops),
            }
            for stage in &mut step.stages {
                if let Stage::Filter(filter) = stage
                    && !matches!(**filter, AstNode::Number(_))
                {
                    self.turn(filter, loops);
                }
            }
        }
    }

    /// Within a loop, how to follow a path through data that each turn goes through again: its root, its names and
    /// the places in arrays. `true` stands for all that is below, `null` for the items there.
    fn followed(&self, steps: &[PathStep], loops: usize) -> Option<Vec<AstNode>> {
        let (first, rest) = steps.split_first()?;
        let AstNode::Variable(root) = &first.node else { return None };
        if loops == 0 || root.is_empty() || self.parameters.contains(root) || self.focused.contains(root) {
            return None;
        }
        let names = rest.iter().map_while(|step| match &step.node {
            AstNode::Name(name) => Some((AstNode::String(name.clone()), step)),
            _ => None,
        });
        let names = names.flat_map(|(name, step)| {
            let indices = step.stages.iter().filter_map(|stage| match stage {
                Stage::Filter(filter) if matches!(**filter, AstNode::Number(_)) => Some((**filter).clone()),
                _ => None,
            });
            std::iter::once(name).chain(indices)
        });
        let end = rest.iter().find_map(|step| match &step.node {
            AstNode::Name(_) => None,
            AstNode::Wildcard | AstNode::Descendant => Some(AstNode::Boolean(true)),
            _ => Some(AstNode::Null),
        });
        Some(std::iter::once(first.node.clone()).chain(names).chain(end).collect())
    }

    /// `x ~> $f(y)` is a call with one more argument in front; its right side must stay a call.
    fn chain(&mut self, node: &mut AstNode, loops: usize) {
        let AstNode::Binary { lhs, rhs, .. } = node else { return };
        self.weave(lhs, loops);
        let (mut grown, mut made) = (false, false);
        match &mut **rhs {
            AstNode::Function { name, args, .. } => {
                args.iter_mut().for_each(|argument| self.weave(argument, loops));
                match (name.as_str(), args.as_mut_slice()) {
                    ("pad", [width, ..]) => surround_width(width),
                    ("join", [separator]) if !is_short(separator) => beside(separator, lhs),
                    ("replace", [_, replacement, ..]) if !is_short(replacement) => beside(replacement, lhs),
                    _ => {}
                }
                grown = GROWERS.contains(&name.as_str())
                    && (loops > 0 || self.is_suspect(lhs) || args.iter().any(|argument| self.hands_on(argument)));
                made = loops > 0 && MAKERS.contains(&name.as_str());
                if loops > 0 && !CHEAP.contains(&name.as_str()) {
                    surround(lhs, look(name));
                }
                if name == "distinct" {
                    *name = DISTINCT.to_owned();
                }
            }
            AstNode::Variable(_) if loops > 0 => {
                surround(lhs, SCAN);
                grown = true;
            }
            other => self.weave(other, loops),
        }
        if grown || made {
            surround(node, if made { MADE } else { WEIGH });
        }
    }

    /// Puts a guard around a node whose parts are woven already.
    fn wrap(&self, node: &mut AstNode, loops: usize) {
        let heavy = match node {
            AstNode::Function { name, args, .. } => {
                if !functions::is_known(name) {
                    if !name.starts_with(PREFIX) {
                        args.iter_mut().filter(|argument| !is_light(argument)).for_each(|node| surround(node, WEIGH));
                    }
                    return;
                }
                match (name.as_str(), args.as_mut_slice()) {
                    ("pad", [_, width, ..]) => surround_width(width),
                    ("join", [items, separator]) if !is_short(separator) => beside(separator, items),
                    ("replace", [text, _, replacement, ..]) if !is_short(replacement) => beside(replacement, text),
                    _ => {}
                }
                let grown = GROWERS.contains(&name.as_str())
                    && (loops > 0
                        || args.iter_mut().any(|argument| self.is_suspect(argument) || self.hands_on(argument)));
                let made = loops > 0 && MAKERS.contains(&name.as_str());
                if loops > 0 && !CHEAP.contains(&name.as_str()) {
                    let variable = |node: &AstNode| matches!(node, AstNode::Variable(_));
                    let heavy = |node: &&mut AstNode| variable(node) || !is_light(node);
                    args.iter_mut().filter(heavy).for_each(|argument| surround(argument, look(name)));
                }
                if name == "distinct" && args.len() == 1 {
                    *name = DISTINCT.to_owned();
                }
                if made {
                    surround(node, MADE);
                }
                grown && !made
            }
            AstNode::Binary { op: BinaryOp::Range, lhs, rhs } => {
                surround(lhs, LOW);
                surround(rhs, SPAN);
                false
            }
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                // A short piece makes a text grow only where it is added again and again.
                loops > 0 && !(is_short(lhs) && is_short(rhs)) || !is_short(lhs) && !is_short(rhs)
            }
            AstNode::Binary { op: BinaryOp::In, rhs, .. } if loops > 0 => {
                surround(rhs, SCAN);
                false
            }
            AstNode::Binary { op, lhs, rhs } if loops > 0 && compares(*op) => {
                if may_be_large(lhs) && may_be_large(rhs) {
                    surround(lhs, COMPARE);
                    surround(rhs, COMPARE);
                }
                false
            }
            // The array itself must stay one: its brackets tell how it is put together with others.
            AstNode::Array(items) => {
                let several = items.len() > 1;
                for item in items.iter_mut().filter(|item| !matches!(item, AstNode::Array(_))) {
                    if several && self.is_suspect(item) {
                        surround(item, WEIGH);
                    } else if loops > 0 && may_be_large(item) {
                        surround(item, SCAN);
                    }
                }
                false
            }
            AstNode::Object(pairs) if pairs.len() > 1 => pairs.iter_mut().any(|(_, value)| self.is_suspect(value)),
            _ => false,
        };
        if heavy {
            surround(node, WEIGH);
        }
    }

    /// Whether it is a function that may give for each item what it did not make.
    fn hands_on(&self, node: &AstNode) -> bool {
        match node {
            AstNode::Lambda { body, .. } => !is_light(body),
            AstNode::Function { args, .. } => args.iter().any(|argument| matches!(argument, AstNode::Placeholder)),
            AstNode::Variable(name) => self.locals.contains(name),
            _ => false,
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

/// How a function looks at its arguments.
fn look(function: &str) -> &'static str {
    if matches!(function, "string" | "distinct" | "hash") { DEEP } else { SCAN }
}

fn compares(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::LessThan
            | BinaryOp::LessThanOrEqual
            | BinaryOp::GreaterThan
            | BinaryOp::GreaterThanOrEqual
    )
}

fn may_be_large(node: &AstNode) -> bool {
    match node {
        AstNode::String(_) | AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null | AstNode::Name(_) => false,
        AstNode::Function { name, .. } => !CHEAP.contains(&name.as_str()),
        _ => true,
    }
}

/// `**` below `**` looks through the same values over and over: what the earlier ones found is weighed.
fn limit_descendants(steps: &mut Vec<PathStep>) {
    let descends = |step: &PathStep| matches!(step.node, AstNode::Descendant);
    let binds = |step: &PathStep| step.focus.is_some() || step.index_var.is_some() || step.ancestor_label.is_some();
    let Some(last) = steps.iter().rposition(descends) else { return };
    let before = steps.iter().take(last).filter(|step| descends(step)).count();
    if before == 0 {
        return;
    }
    if steps.iter().any(binds) {
        // What the steps bind must not get lost; so many are refused instead.
        if before > 1 {
            steps.insert(0, PathStep::new(call(WIDTH, vec![AstNode::Number(f64::INFINITY)])));
        }
        return;
    }
    let rest = steps.split_off(last);
    let mut found = std::mem::replace(steps, rest);
    limit_descendants(&mut found);
    steps.insert(0, PathStep::new(call(WEIGH, vec![AstNode::Path { steps: found }])));
}

fn surround_width(width: &mut AstNode) {
    if !matches!(width, AstNode::Number(n) if n.abs() < 1e6) {
        surround(width, WIDTH);
    }
}

fn surround(node: &mut AstNode, guard: &str) {
    if !matches!(node, AstNode::Placeholder) {
        let inner = std::mem::replace(node, AstNode::Null);
        *node = call(guard, vec![inner]);
    }
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
