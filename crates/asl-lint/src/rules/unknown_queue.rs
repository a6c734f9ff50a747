//! A `QueueUrl` that belongs to no queue of the account.
//!
//! The task would fail with `SQS.QueueDoesNotExistException` or, when it is no URL at all, with a client error.

use asl::{Diagnostic, DiagnosticCode, Severity};

use super::placeholder_queue_url::use_queue;
use crate::Advice;
use crate::state::{StateText, is_blank_to_fill};

const CODE: DiagnosticCode = DiagnosticCode("UNKNOWN_QUEUE");

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    let Some((node, path)) = state.queue_url() else { return };
    let url = node.as_str().unwrap_or_default();
    if is_blank_to_fill(url) || advice.facts.queues.iter().any(|(_, known)| known == url) {
        return;
    }
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    let (severity, message) = if is_url {
        (Severity::Info, "No queue of this account has this URL.")
    } else {
        (Severity::Warning, "This is not the URL of a queue.")
    };
    let mut diagnostic = Diagnostic::new(CODE, severity, node.span, &path, message)
        .with_help("QueueUrl takes the whole URL, as the queue's page shows it; a name or an ARN does not do.");
    diagnostic.fixes = use_queue(node, advice.facts);
    advice.push(diagnostic);
}
