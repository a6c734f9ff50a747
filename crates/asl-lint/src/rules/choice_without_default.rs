//! A Choice without `Default`.
//!
//! Input that matches no rule ends the execution with `States.NoChoiceMatched`.

use asl::{Diagnostic, DiagnosticCode, Severity};

use crate::Advice;
use crate::state::StateText;

const CODE: DiagnosticCode = DiagnosticCode("CHOICE_WITHOUT_DEFAULT");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    if state.is("Choice") && state.node.member("Default").is_none() {
        advice.push(
            Diagnostic::new(CODE, Severity::Info, state.name_span, state.path, "This Choice has no Default.")
                .with_help("Input that matches no rule ends the execution with States.NoChoiceMatched."),
        );
    }
}
