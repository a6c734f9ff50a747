//! A path or an intrinsic call in a payload template, under a name that does not end with `.$`.
//!
//! It is sent as it stands, as text. AWS warns with the same code.

use asl::{Diagnostic, DiagnosticCode, Edit, Severity};
use spanned_json::{Member, Node};

use crate::Advice;
use crate::state::{StateText, quoted};

const CODE: DiagnosticCode = DiagnosticCode("NO_DOLLAR");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    for field in ["Parameters", "ResultSelector"] {
        if let Some(template) = state.node.get(field) {
            walk(template, &state.at(field), advice);
        }
    }
}

fn walk(node: &Node, path: &str, advice: &mut Advice) {
    for item in node.items() {
        walk(item, path, advice);
    }
    for member in node.members().iter().filter(|member| !member.key.ends_with(".$")) {
        let Some(value) = &member.value else { continue };
        match value.as_str() {
            Some(text) if looks_computed(text) => advice.push(without_dollar(member, text, path)),
            Some(_) => {}
            None => walk(value, &format!("{path}/{}", member.key), advice),
        }
    }
}

fn looks_computed(text: &str) -> bool {
    let call = text.strip_prefix("States.").is_some_and(|rest| rest.contains('(') && rest.ends_with(')'));
    text.starts_with("$.") || text.starts_with("$$.") || call
}

fn without_dollar(member: &Member, text: &str, path: &str) -> Diagnostic {
    let path = format!("{path}/{}", member.key);
    let name = format!("{}.$", member.key);
    let message = format!("This is sent as the text {}, not as what it stands for.", quoted(text));
    Diagnostic::new(CODE, Severity::Warning, member.key_span, &path, message)
        .with_help(format!("Only names that end with .$ are computed: write {}.", quoted(&name)))
        .with_fix(format!("Rename to {name}"), vec![Edit::new(member.key_span, quoted(&name))])
}
