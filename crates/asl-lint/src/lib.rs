//! Advice on definitions that AWS accepts but their authors will regret. One rule a file, each with its quick fix.
//!
//! A rule looks at one state's text and at plain facts about the account; it knows neither the account nor the editor.
//! Nothing here is an error: what AWS refuses is `asl`'s.

mod rules;
mod state;

use asl::{Diagnostic, Parsed};
use spanned_json::{Node, Span};

use state::StateText;

/// What is there in the account, as plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Name and URL of every queue.
    pub queues: Vec<(String, String)>,
    /// Name and ARN of every function.
    pub functions: Vec<(String, String)>,
}

/// Asks every rule about every state, also about those inside branches. Takes time linear in the text.
#[must_use]
pub fn lint(text: &str, parsed: &Parsed, facts: &Facts) -> Vec<Diagnostic> {
    let mut advice = Advice { text, facts, found: Vec::new() };
    if let Some(root) = &parsed.document.root {
        level(root, "", &mut advice);
    }
    advice.found.sort_by_key(|diagnostic| diagnostic.span.start);
    advice.found
}

/// What a rule reads beside the state, and where it writes to.
struct Advice<'a> {
    text: &'a str,
    facts: &'a Facts,
    found: Vec<Diagnostic>,
}

impl Advice<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }
}

fn level(node: &Node, path: &str, advice: &mut Advice) {
    for member in node.get("States").map(Node::members).unwrap_or_default() {
        let Some(node) = &member.value else { continue };
        let path = format!("{path}/States/{}", member.key);
        let state = StateText { name_span: member.key_span, node, path: &path };
        for rule in rules::ALL {
            rule(&state, advice);
        }
        for (index, branch) in node.get("Branches").map(Node::items).unwrap_or_default().iter().enumerate() {
            level(branch, &format!("{path}/Branches[{index}]"), advice);
        }
        for key in ["ItemProcessor", "Iterator"] {
            if let Some(processor) = node.get(key) {
                level(processor, &format!("{path}/{key}"), advice);
            }
        }
    }
}

/// The whitespace at the start of the line on which `place` begins.
fn indent(text: &str, place: Span) -> &str {
    let before = text.get(..place.start).unwrap_or_default();
    let line = before.get(before.rfind('\n').map_or(0, |newline| newline + 1)..).unwrap_or_default();
    let width = line.len() - line.trim_start().len();
    line.get(..width).unwrap_or_default()
}
