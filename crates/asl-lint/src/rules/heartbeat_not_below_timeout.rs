//! A `HeartbeatSeconds` that is not below `TimeoutSeconds`.
//!
//! The timeout always comes first, so the heartbeat is never missed. ASL asks for a smaller value.

use asl::{Diagnostic, DiagnosticCode, Severity};
use spanned_json::Node;

use crate::Advice;
use crate::state::StateText;

const CODE: DiagnosticCode = DiagnosticCode("HEARTBEAT_NOT_BELOW_TIMEOUT");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    let (Some(heartbeat), Some(timeout)) = (state.node.get("HeartbeatSeconds"), state.node.get("TimeoutSeconds"))
    else {
        return;
    };
    let (Some(beat), Some(limit)) = (Node::as_f64(heartbeat), Node::as_f64(timeout)) else { return };
    if beat < limit {
        return;
    }
    let message = format!("The heartbeat of {beat} s never comes before the timeout of {limit} s.");
    advice.push(
        Diagnostic::new(CODE, Severity::Warning, heartbeat.span, &state.at("HeartbeatSeconds"), message)
            .with_help("HeartbeatSeconds must be smaller than TimeoutSeconds to have any effect."),
    );
}
