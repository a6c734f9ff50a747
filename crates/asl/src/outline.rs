//! What can be drawn of a definition, however broken its text is. Nothing is checked here.

use spanned_json::{Node, NodeKind, Span};

/// One level of states: the machine's, or that of a Parallel branch or Map processor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub comment: Option<String>,
    /// The name and where it is written.
    pub start_at: Option<(String, Span)>,
    pub states: Vec<OutlineState>,
    pub query_language: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutlineState {
    pub name: String,
    /// The key, quotes included.
    pub name_span: Span,
    /// From the key to the end of the state.
    pub span: Span,
    pub state_type: Option<String>,
    pub resource: Option<String>,
    /// `"End": true`, or a type that ends by itself.
    pub end: bool,
    pub transitions: Vec<OutlineTransition>,
    pub has_retry: bool,
    /// A Parallel's branches or a Map's one processor.
    pub branches: Vec<Outline>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutlineTransition {
    pub kind: TransitionKind,
    pub target: String,
    /// The target's string, quotes included.
    pub target_span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransitionKind {
    Next,
    Default,
    /// `label` says the rule in a few characters: `$.total > 100`.
    Choice {
        index: usize,
        label: String,
    },
    Catch {
        index: usize,
        errors: Vec<String>,
    },
}

pub(crate) fn read(root: &Node) -> Outline {
    Outline {
        comment: text(root, "Comment"),
        start_at: root.get("StartAt").and_then(|node| Some((node.as_str()?.to_owned(), node.span))),
        states: root.get("States").map(states).unwrap_or_default(),
        query_language: text(root, "QueryLanguage"),
    }
}

fn states(node: &Node) -> Vec<OutlineState> {
    let read_state = |member: &spanned_json::Member| {
        let null = Node { span: member.key_span, kind: NodeKind::Null };
        let state = member.value.as_ref().unwrap_or(&null);
        let state_type = text(state, "Type");
        let ends = matches!(state_type.as_deref(), Some("Succeed" | "Fail"));
        OutlineState {
            name: member.key.clone(),
            name_span: member.key_span,
            span: member.span(),
            resource: text(state, "Resource"),
            end: ends || state.get("End").and_then(Node::as_bool) == Some(true),
            transitions: transitions(state),
            has_retry: state.get("Retry").is_some_and(|retry| !retry.items().is_empty()),
            branches: branches(state),
            comment: text(state, "Comment"),
            state_type,
        }
    };
    node.members().iter().map(read_state).collect()
}

fn branches(state: &Node) -> Vec<Outline> {
    let parallel = state.get("Branches").map(Node::items).unwrap_or_default();
    let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
    parallel.iter().chain(processor).map(read).collect()
}

fn transitions(state: &Node) -> Vec<OutlineTransition> {
    let mut found = Vec::new();
    let mut add = |node: &Node, key: &str, kind: TransitionKind| {
        if let Some(target) = node.get(key)
            && let Some(name) = target.as_str()
        {
            found.push(OutlineTransition { kind, target: name.to_owned(), target_span: target.span });
        }
    };
    for (index, rule) in state.get("Choices").map(Node::items).unwrap_or_default().iter().enumerate() {
        add(rule, "Next", TransitionKind::Choice { index, label: rule_label(rule) });
    }
    add(state, "Default", TransitionKind::Default);
    add(state, "Next", TransitionKind::Next);
    for (index, catcher) in state.get("Catch").map(Node::items).unwrap_or_default().iter().enumerate() {
        let errors = catcher.get("ErrorEquals").map(Node::items).unwrap_or_default();
        let errors = errors.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        add(catcher, "Next", TransitionKind::Catch { index, errors });
    }
    found
}

/// A rule in the words of a formula.
fn rule_label(rule: &Node) -> String {
    if let Some(condition) = rule.get("Condition").and_then(Node::as_str) {
        return condition.trim_start_matches("{%").trim_end_matches("%}").trim().to_owned();
    }
    for (key, sign) in [("And", " and "), ("Or", " or ")] {
        if let Some(parts) = rule.get(key) {
            return parts.items().iter().map(rule_label).collect::<Vec<_>>().join(sign);
        }
    }
    if let Some(inner) = rule.get("Not") {
        return format!("not ({})", rule_label(inner));
    }
    let variable = rule.get("Variable").and_then(Node::as_str).unwrap_or("?");
    let operator = rule.members().iter().find(|member| crate::ComparisonOperator::from_name(&member.key).is_some());
    let Some(operator) = operator else { return variable.to_owned() };
    let operand = match operator.value.as_ref().map(|value| &value.kind) {
        Some(NodeKind::String(text)) if operator.key.ends_with("Path") => text.clone(),
        Some(NodeKind::String(text)) => format!("\"{text}\""),
        Some(NodeKind::Number(text)) => text.clone(),
        Some(NodeKind::Bool(value)) => value.to_string(),
        _ => "?".to_owned(),
    };
    let name = operator.key.strip_suffix("Path").unwrap_or(&operator.key);
    if let Some(test) = name.strip_prefix("Is") {
        let negation = if operand == "false" { "not " } else { "" };
        return format!("{variable} is {negation}{}", test.to_lowercase());
    }
    let comparison = ["String", "Numeric", "Boolean", "Timestamp"].iter().find_map(|kind| name.strip_prefix(kind));
    let sign = match comparison {
        Some("Equals") => "==",
        Some("LessThan") => "<",
        Some("GreaterThan") => ">",
        Some("LessThanEquals") => "<=",
        Some("GreaterThanEquals") => ">=",
        _ => "matches",
    };
    format!("{variable} {sign} {operand}")
}

fn text(node: &Node, key: &str) -> Option<String> {
    Some(node.get(key)?.as_str()?.to_owned())
}
