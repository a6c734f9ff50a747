//! What an expression reads, known before it runs: variables, members of `$states`, functions, the context.

use std::collections::{BTreeMap, BTreeSet};

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

/// How much of a value is read: all of it, or only the members that paths name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reads {
    All,
    Members(BTreeMap<String, Reads>),
}

impl Default for Reads {
    fn default() -> Reads {
        Reads::Members(BTreeMap::new())
    }
}

impl Reads {
    fn add<'a>(&mut self, mut names: impl Iterator<Item = &'a str>) {
        let Reads::Members(members) = self else { return };
        match names.next() {
            None => *self = Reads::All,
            Some(name) => members.entry(name.to_owned()).or_default().add(names),
        }
    }

    /// What is read of a member; nothing when the member is not read.
    pub(crate) fn member(&self, name: &str) -> Option<&Reads> {
        match self {
            Reads::All => Some(&Reads::All),
            Reads::Members(members) => members.get(name),
        }
    }
}

/// What an expression reads.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// The free variables (`states` among them) and what is read of each.
    pub(crate) variables: BTreeMap<String, Reads>,
    /// The functions that are called or handed on by name, and are not made by the expression itself.
    pub(crate) functions: BTreeSet<String>,
    /// The references that AWS refuses, in the order in which they are written: `$`, `$$`, bare names.
    pub(crate) unsupported: Vec<String>,
    /// Whether it uses an operator that came after JSONata 2.0.6.
    pub(crate) newer_operator: Option<&'static str>,
    /// The names that the expression binds at this place.
    bound: Vec<String>,
    /// `%` may look above what a path names, so everything is needed.
    parent: bool,
}

/// Walks the whole expression.
pub(crate) fn analyse(node: &AstNode) -> Analysis {
    let mut analysis = Analysis::default();
    analysis.node(node, true);
    if analysis.parent {
        analysis.variables.values_mut().for_each(|reads| *reads = Reads::All);
    }
    analysis
}

impl Analysis {
    /// `root` says that the context item here is that of the whole expression, which AWS does not offer.
    fn node(&mut self, node: &AstNode, root: bool) {
        match node {
            AstNode::Path { steps } => self.path(steps, root),
            AstNode::Name(name) if root => self.refuse(name),
            AstNode::Variable(name) if name.is_empty() => {
                if root {
                    self.refuse("$");
                }
            }
            AstNode::ParentVariable(_) => self.refuse("$$"),
            AstNode::Variable(name) => self.read(name, std::iter::empty()),
            AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs } => self.binding(lhs, rhs, root),
            AstNode::Binary { op, lhs, rhs } => {
                match op {
                    BinaryOp::Coalesce => self.newer_operator = Some("??"),
                    BinaryOp::Default => self.newer_operator = Some("?:"),
                    _ => {}
                }
                self.node(lhs, root);
                if *op == BinaryOp::ChainPipe { self.argument(rhs, root) } else { self.node(rhs, root) }
            }
            AstNode::Function { name, args, is_builtin } => {
                self.call(name, *is_builtin, root);
                args.iter().for_each(|argument| self.argument(argument, root));
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, root);
                args.iter().for_each(|argument| self.argument(argument, root));
            }
            AstNode::Lambda { params, body, .. } => self.scoped(|inner| {
                inner.bound.extend(params.iter().cloned());
                inner.node(body, root);
            }),
            AstNode::Block(nodes) => self.scoped(|inner| nodes.iter().for_each(|node| inner.node(node, root))),
            AstNode::Unary { operand, .. } => self.node(operand, root),
            AstNode::Array(nodes) | AstNode::ArrayGroup(nodes) => nodes.iter().for_each(|node| self.node(node, root)),
            AstNode::Object(pairs) => self.pairs(pairs, root),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, root);
                self.pairs(pattern, false);
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                self.node(condition, root);
                self.node(then_branch, root);
                else_branch.iter().for_each(|branch| self.node(branch, root));
            }
            AstNode::FunctionApplication(inner) => self.node(inner, root),
            AstNode::Sort { input, terms } => {
                self.node(input, root);
                terms.iter().for_each(|(term, _)| self.node(term, false));
            }
            AstNode::Transform { location, update, delete } => {
                self.node(location, false);
                self.node(update, false);
                delete.iter().for_each(|node| self.node(node, false));
            }
            AstNode::Parent(_) => self.parent = true,
            AstNode::Name(_)
            | AstNode::String(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Regex { .. }
            | AstNode::Wildcard
            | AstNode::Descendant => {}
        }
    }

    fn path(&mut self, steps: &[PathStep], root: bool) {
        let Some((first, rest)) = steps.split_first() else { return };
        match &first.node {
            AstNode::Variable(name) if !name.is_empty() => {
                let names = rest.iter().map_while(plain_name).collect::<Vec<_>>();
                // The step after the plain ones may be a name too, only with a filter or a binding behind it.
                let last = rest.get(names.len()).and_then(|step| match &step.node {
                    AstNode::Name(name) => Some(name.as_str()),
                    _ => None,
                });
                let reads = if is_plain(first) { names.into_iter().chain(last).collect() } else { Vec::new() };
                self.read(name, reads.into_iter());
            }
            node => self.node(node, root),
        }
        for (index, step) in steps.iter().enumerate() {
            if index > 0 {
                self.node(&step.node, false);
            }
            // `@$v` and `#$i` are seen by all that comes later.
            self.bound.extend(step.focus.iter().chain(&step.index_var).cloned());
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter, false),
                    Stage::Index(name) => self.bound.push(name.clone()),
                    Stage::KeepArray => {}
                }
            }
        }
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], root: bool) {
        for (key, value) in pairs {
            self.node(key, root);
            self.node(value, root);
        }
    }

    fn binding(&mut self, lhs: &AstNode, rhs: &AstNode, root: bool) {
        let AstNode::Variable(name) = lhs else {
            self.node(lhs, root);
            self.argument(rhs, root);
            return;
        };
        // A function sees itself.
        if matches!(rhs, AstNode::Lambda { .. }) {
            self.bound.push(name.clone());
            self.node(rhs, root);
        } else {
            self.argument(rhs, root);
            self.bound.push(name.clone());
        }
    }

    /// Where a function may be handed on by its name: `$map($a, $sum)`.
    fn argument(&mut self, node: &AstNode, root: bool) {
        match node {
            AstNode::Variable(name) if super::functions::is_known(name) && !self.is_bound(name) => {
                self.functions.insert(name.clone());
            }
            other => self.node(other, root),
        }
    }

    fn call(&mut self, name: &str, is_function: bool, root: bool) {
        if !is_function {
            if root {
                self.refuse(name);
            }
        } else if self.is_bound(name) {
        } else if super::functions::is_known(name) {
            self.functions.insert(name.to_owned());
        } else {
            self.read(name, std::iter::empty());
        }
    }

    fn read<'a>(&mut self, name: &str, members: impl Iterator<Item = &'a str>) {
        if !self.is_bound(name) {
            self.variables.entry(name.to_owned()).or_default().add(members);
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|bound| bound == name)
    }

    fn scoped(&mut self, walk: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        walk(self);
        self.bound.truncate(outer);
    }

    fn refuse(&mut self, reference: &str) {
        if !self.unsupported.iter().any(|known| known == reference) {
            self.unsupported.push(reference.to_owned());
        }
    }
}

fn is_plain(step: &PathStep) -> bool {
    step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none() && step.ancestor_label.is_none()
}

fn plain_name(step: &PathStep) -> Option<&str> {
    match &step.node {
        AstNode::Name(name) if is_plain(step) => Some(name),
        _ => None,
    }
}
