//! A retrier or catcher for an error that nothing can catch.
//!
//! `States.Runtime` (a path that finds nothing, say) always ends the execution; even `States.ALL` does not match it.

use asl::{Diagnostic, DiagnosticCode, Severity};
use spanned_json::Node;

use crate::Advice;
use crate::state::StateText;

const CODE: DiagnosticCode = DiagnosticCode("UNCATCHABLE_ERROR");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    for list in ["Retry", "Catch"] {
        for (index, handler) in state.node.get(list).map(Node::items).unwrap_or_default().iter().enumerate() {
            let errors = handler.get("ErrorEquals").map(Node::items).unwrap_or_default();
            for error in errors.iter().filter(|error| error.as_str() == Some("States.Runtime")) {
                let path = format!("{}[{index}]/ErrorEquals", state.at(list));
                advice.push(
                    Diagnostic::new(
                        CODE,
                        Severity::Warning,
                        error.span,
                        &path,
                        "States.Runtime cannot be caught or retried.",
                    )
                    .with_help("It always ends the execution. Check the data before, with a Choice on IsPresent."),
                );
            }
        }
    }
}
