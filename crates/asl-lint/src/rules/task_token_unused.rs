//! A `.waitForTaskToken` task that hands its token to nobody.
//!
//! Whoever receives the message cannot answer without the token, so the task waits until it times out. Put
//! `"TaskToken.$": "$$.Task.Token"` into what is sent.

use asl::{Diagnostic, DiagnosticCode, Severity};
use spanned_json::Node;

use crate::Advice;
use crate::state::{StateText, add_member};

const CODE: DiagnosticCode = DiagnosticCode("TASK_TOKEN_UNUSED");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    if !state.waits_for_token() || state.payload().is_some_and(|(_, payload)| hands_over_token(payload)) {
        return;
    }
    let span = state.payload().map_or(state.name_span, |(key, payload)| {
        state.node.member(key).map_or(payload.span, |member| member.key_span)
    });
    let mut diagnostic = Diagnostic::new(
        CODE,
        Severity::Warning,
        span,
        state.path,
        "Nobody is given this task's token.",
    )
    .with_help(
        "The task waits until someone calls SendTaskSuccess or SendTaskFailure with its token. Send the token along \
             as $$.Task.Token.",
    );
    // JSONata writes it differently, and has no Parameters.
    let body = state.node.get("Parameters").and_then(|parameters| {
        ["MessageBody", "Payload", "Input", "Message"].into_iter().find_map(|key| parameters.get(key))
    });
    if let Some(body) = body.filter(|body| body.is_object()) {
        let edit = add_member(advice.text, body, "", "\"TaskToken.$\"", "\"$$.Task.Token\"");
        diagnostic = diagnostic.with_fix("Send the token along", vec![edit]);
    }
    advice.push(diagnostic);
}

fn hands_over_token(payload: &Node) -> bool {
    let computed = payload.members().iter().any(|member| {
        let Some(value) = &member.value else { return false };
        match value.as_str() {
            Some(text) if member.key.ends_with(".$") => text.contains("$$.Task") || text == "$$",
            Some(text) => text.contains("$states.context"),
            None => hands_over_token(value),
        }
    });
    let whole_jsonata = payload.as_str().is_some_and(|text| text.contains("$states.context"));
    computed || whole_jsonata || payload.items().iter().any(hands_over_token)
}
