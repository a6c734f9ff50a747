//! A callback task without `TimeoutSeconds` or `HeartbeatSeconds`.
//!
//! When the answer is lost, the execution waits 99,999,999 seconds, over three years (a Standard execution ends after
//! one). Set a timeout, so that the loss becomes an error that `Catch` can see.

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
        Diagnostic::new(CODE, Severity::Warning, span, state.path, "This task may wait for its callback for years.")
            .with_help(
                "Without TimeoutSeconds or HeartbeatSeconds a callback task waits up to 99,999,999 seconds. If the \
                 message is lost, the execution hangs; with a timeout it fails with States.Timeout, which Catch can handle.",
            )
            .with_fix("Add \"TimeoutSeconds\": 300", vec![edit]),
    );
}
