//! A path in the `Result` of a Pass state.
//!
//! `Result` is handed on as it stands; paths belong in `Parameters`. AWS warns with the same code.

use asl::{Diagnostic, DiagnosticCode, Edit, Severity};
use spanned_json::{Member, Node};

use crate::Advice;
use crate::state::StateText;

const CODE: DiagnosticCode = DiagnosticCode("PASS_RESULT_IS_STATIC");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    if !state.is("Pass") {
        return;
    }
    let Some(result) = state.node.member("Result") else { return };
    if !result.value.as_ref().is_some_and(has_computed_name) {
        return;
    }
    let message = "Result is handed on as it stands; its .$ names are not computed.";
    let mut diagnostic = Diagnostic::new(CODE, Severity::Warning, result.key_span, &state.at("Result"), message)
        .with_help("Parameters takes the same object and computes it.");
    if state.node.member("Parameters").is_none() {
        diagnostic = diagnostic.with_fix("Rename to Parameters", vec![Edit::new(result.key_span, "\"Parameters\"")]);
    }
    advice.push(diagnostic);
}

fn has_computed_name(node: &Node) -> bool {
    let computed = |member: &Member| member.key.ends_with(".$") || member.value.as_ref().is_some_and(has_computed_name);
    node.items().iter().any(has_computed_name) || node.members().iter().any(computed)
}
