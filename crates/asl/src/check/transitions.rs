//! Where the arrows lead: targets exist, every state is led to, and some state ends.

use std::collections::BTreeSet;

use spanned_json::Node;

use super::{Checker, Place};
use crate::DiagnosticCode;

impl Checker {
    /// Checks one level; `states` is its `States` object at `path`.
    pub(super) fn transitions(&mut self, level: Place, states: &Node, path: &str) {
        let names: BTreeSet<&str> = states.members().iter().map(|member| member.key.as_str()).collect();
        let mut led_to: BTreeSet<&str> = BTreeSet::new();
        let mut ends = false;
        if let Some((node, name)) = target(level.node, "StartAt") {
            led_to.insert(name);
            if !names.contains(name) {
                self.missing_target(node, &level.at("StartAt"), name, names.iter().copied());
            }
        }
        for member in states.members() {
            let Some(state) = &member.value else { continue };
            let state_type = state.get("Type").and_then(Node::as_str).unwrap_or_default();
            ends |= state.member("End").is_some() || matches!(state_type, "Succeed" | "Fail");
            let mut follow = |node: &Node, name, place: &dyn Fn() -> String| {
                // An arrow to itself leads nobody there.
                if name != member.key {
                    led_to.insert(name);
                }
                if !names.contains(name) {
                    self.missing_target(node, &place(), name, names.iter().copied());
                }
            };
            let here = || format!("{path}/{}", member.key);
            for field in ["Next", "Default"] {
                if let Some((node, name)) = target(state, field) {
                    follow(node, name, &|| format!("{}/{field}", here()));
                }
            }
            for list in ["Choices", "Catch"] {
                for (index, item) in state.get(list).map(Node::items).unwrap_or_default().iter().enumerate() {
                    if let Some((node, name)) = target(item, "Next") {
                        follow(node, name, &|| format!("{}/{list}[{index}]/Next", here()));
                    }
                }
            }
        }
        // Without a start nothing is led to; saying that once is enough.
        let started = level.node.member("StartAt").is_some();
        for member in states.members().iter().filter(|member| started && !led_to.contains(member.key.as_str())) {
            let place = format!("{path}/{}", member.key);
            let message = format!("State \"{}\" is not reachable.", member.key);
            self.push(DiagnosticCode::MISSING_TRANSITION_TARGET, member.key_span, &place, message).help =
                Some("No \"StartAt\", \"Next\" or \"Default\" names it.".to_owned());
        }
        if !ends {
            let span = level.node.member("States").map_or(level.head, |member| member.key_span);
            self.push(DiagnosticCode::MISSING_END_STATE, span, "", "Workflow has no terminal state").help =
                Some("Some state must say \"End\": true, or be of type Succeed or Fail.".to_owned());
        }
    }
}

fn target<'a>(node: &'a Node, field: &str) -> Option<(&'a Node, &'a str)> {
    let node = node.get(field)?;
    Some((node, node.as_str()?))
}
