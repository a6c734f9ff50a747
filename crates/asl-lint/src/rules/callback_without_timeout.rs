//! A callback task without `TimeoutSeconds` or `HeartbeatSeconds`.
//!
//! When the answer is lost, the execution waits for up to a year, when a Standard execution itself times out. Set a timeout, so that the loss becomes an error that `Catch` can see.

use asl::{Diagnostic, DiagnosticCode, Severity};

use crate::Advice;
use crate::state::StateText;

const CODE: DiagnosticCode = DiagnosticCode("CALLBACK_WITHOUT_TIMEOUT");
const LIMITS: [&str; 4] = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    if !state.waits_for_token() || LIMITS.iter().any(|key| state.node.member(key).is_some()) {
        return;
    }
    let span = state.node.get("Resource").map_or(state.name_span, |node| node.span);
    let edit = state.add_field(advice.text, "Resource", "\"TimeoutSeconds\"", "300");
    advice.push(
        Diagnostic::new(CODE, Severity::Warning, span, state.path, "This task may wait for its callback for up to a year.")
            .with_help(
                "Without TimeoutSeconds or HeartbeatSeconds a callback task waits for up to a year, when the execution itself times out. If the \
                 message is lost, the execution hangs; with a timeout it fails with States.Timeout, which Catch can handle.",
            )
            .with_fix("Add \"TimeoutSeconds\": 300", vec![edit]),
    );
}
