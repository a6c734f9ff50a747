//! Walks over the library's syntax tree that change it.

use jsonata_core::ast::{AstNode, BinaryOp, Stage, StepId};

use super::dates;

/// Changes every node with `change`, the innermost first.
pub(crate) fn each(node: &mut AstNode, change: &mut impl FnMut(&mut AstNode)) {
    children(node, &mut |child| each(child, change));
    change(node);
}

/// Hands out the direct parts of a node.
pub(crate) fn children(node: &mut AstNode, visit: &mut impl FnMut(&mut AstNode)) {
    match node {
        AstNode::Path { steps } => {
            for step in steps {
                visit(&mut step.node);
                // The library remembers compiled steps by their id.
                step.id = StepId::default();
                for stage in &mut step.stages {
                    if let Stage::Filter(filter) = stage {
                        visit(filter);
                    }
                }
            }
        }
        AstNode::Binary { lhs, rhs, .. } => {
            visit(lhs);
            visit(rhs);
        }
        AstNode::Unary { operand, .. } => visit(operand),
        AstNode::Function { args, .. } => args.iter_mut().for_each(visit),
        AstNode::Call { procedure, args } => {
            visit(procedure);
            args.iter_mut().for_each(visit);
        }
        AstNode::Lambda { body, .. } => visit(body),
        AstNode::Array(nodes) | AstNode::ArrayGroup(nodes) | AstNode::Block(nodes) => nodes.iter_mut().for_each(visit),
        AstNode::Object(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            visit(key);
            visit(value);
        }),
        AstNode::ObjectTransform { input, pattern } => {
            visit(input);
            pattern.iter_mut().for_each(|(key, value)| {
                visit(key);
                visit(value);
            });
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            visit(condition);
            visit(then_branch);
            if let Some(branch) = else_branch {
                visit(branch);
            }
        }
        AstNode::FunctionApplication(inner) => visit(inner),
        AstNode::Sort { input, terms } => {
            visit(input);
            terms.iter_mut().for_each(|(term, _)| visit(term));
        }
        AstNode::Transform { location, update, delete } => {
            visit(location);
            visit(update);
            if let Some(delete) = delete {
                visit(delete);
            }
        }
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => {}
    }
}

pub(crate) fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

/// Before the name of a function that takes the context item as its first argument; with a blank, so that no expression
/// can spell it.
pub(crate) const WITH_ITEM: &str = "item ";

fn with_item(name: &str, mut args: Vec<AstNode>) -> AstNode {
    args.insert(0, AstNode::Variable(String::new()));
    call(&format!("{WITH_ITEM}{name}"), args)
}

/// `$now(…)` is told by the run's clock, and our own functions know how many arguments they take also where they are only
/// named, as in `$map($texts, $parse)`.
pub(crate) fn with_our_functions(ast: &mut AstNode, is_used: &impl Fn(&str) -> bool) {
    each(ast, &mut |node| match node {
        AstNode::Function { name, args, .. } if name == "now" && is_used("now") => {
            let millis = call("millis", Vec::new());
            let rest = std::mem::take(args);
            *node = with_item("fromMillis", std::iter::once(millis).chain(rest).collect());
        }
        AstNode::Function { name, args, .. }
            if dates::FUNCTIONS.contains(&name.as_str())
                && is_used(name)
                && !args.iter().any(|argument| matches!(argument, AstNode::Placeholder)) =>
        {
            *node = with_item(name, std::mem::take(args));
        }
        // What stands before `~>` is the first argument.
        AstNode::Binary { op: BinaryOp::ChainPipe, rhs, .. } => {
            if let AstNode::Function { name, args, .. } = &mut **rhs
                && let Some(plain) = name.strip_prefix(WITH_ITEM)
            {
                let plain = plain.to_owned();
                args.remove(0);
                *name = plain;
            }
        }
        AstNode::Variable(name) => {
            let parameters: &[&str] = match name.as_str() {
                "now" | "uuid" | "random" | "millis" => &[],
                "parse" => &["text"],
                "hash" => &["text", "algorithm"],
                "partition" => &["array", "size"],
                "range" => &["start", "end", "step"],
                _ => return,
            };
            if is_used(name) {
                *node = named(name, parameters);
            }
        }
        _ => {}
    });
}

/// A function value that calls the function of that name.
fn named(name: &str, parameters: &[&str]) -> AstNode {
    let arguments = parameters.iter().map(|parameter| AstNode::Variable((*parameter).to_owned())).collect();
    let body = match name {
        "now" => with_item("fromMillis", vec![call("millis", Vec::new())]),
        name => call(name, arguments),
    };
    AstNode::Lambda {
        params: parameters.iter().map(|parameter| (*parameter).to_owned()).collect(),
        body: Box::new(body),
        signature: None,
        thunk: false,
    }
}
