//! A `QueueUrl` that is still a blank to fill, such as `<INSERT SQS QUEUE URL HERE>`.
//!
//! AWS creates the state machine, and the task fails when it runs: there is no such queue.
//! Put in a queue's URL; the fixes name the queues there are.

use asl::{Diagnostic, DiagnosticCode, Edit, Fix, Severity};
use spanned_json::Node;

use crate::state::{StateText, is_blank_to_fill, quoted};
use crate::{Advice, Facts};

const CODE: DiagnosticCode = DiagnosticCode("PLACEHOLDER_QUEUE_URL");

/// Offering more would bury the reader.
const MAX_FIXES: usize = 20;

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    let Some((node, path)) = state.queue_url() else { return };
    if !node.as_str().is_some_and(is_blank_to_fill) {
        return;
    }
    let message = "This is a blank to fill in: the URL of the queue to send to.";
    let mut diagnostic = Diagnostic::new(CODE, Severity::Warning, node.span, &path, message);
    diagnostic.help = Some(if advice.facts.queues.is_empty() {
        "Create a queue first; then its URL goes here. As it stands, the state machine can be created, but the task \
         fails when it runs."
            .to_owned()
    } else {
        "Choose one of your queues. As it stands, the state machine can be created, but the task fails when it runs."
            .to_owned()
    });
    diagnostic.fixes = use_queue(node, advice.facts);
    advice.push(diagnostic);
}

/// One fix for each known queue.
pub(super) fn use_queue(node: &Node, facts: &Facts) -> Vec<Fix> {
    let queues = facts.queues.iter().take(MAX_FIXES);
    queues
        .map(|(name, url)| Fix { title: format!("Use queue {name}"), edits: vec![Edit::new(node.span, quoted(url))] })
        .collect()
}
