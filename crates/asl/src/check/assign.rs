//! `Assign`: which variables a state sets, and which names they may have.

use std::collections::BTreeSet;

use spanned_json::{Member, Node};
use states_query::Template;

use super::{Checker, Place};
use crate::DiagnosticCode;

/// The longest variable name AWS takes, in characters.
const MAX_NAME_CHARS: usize = 80;

impl Checker {
    /// The `Assign` of a state, a Choice rule or a catcher; `None` inside when it is absent.
    pub(super) fn assign(&mut self, place: Place) -> Option<Option<Template>> {
        let Some(node) = place.get("Assign") else { return Some(None) };
        let path = place.at("Assign");
        if !self.is_object(node, &path) {
            return None;
        }
        for member in node.members() {
            self.variable_name(member, variable(member, place.is_jsonata()), &path);
        }
        self.template(place, "Assign")
    }

    fn variable_name(&mut self, member: &Member, name: &str, path: &str) {
        let path = format!("{path}/{}", member.key);
        if name == "states" {
            let message = "Cannot assign to reserved variable '$states'.";
            self.push(DiagnosticCode::RESERVED_VARIABLE_NAME, member.key_span, &path, message);
        } else if !is_name(name) {
            let message = format!("Invalid variable name '{name}': the variable name contains invalid characters.");
            self.push(DiagnosticCode::INVALID_VARIABLE_NAME, member.key_span, &path, message);
        } else if name.chars().count() > MAX_NAME_CHARS {
            let message = format!(
                "Invalid variable name '{name}': the variable name exceeds the {MAX_NAME_CHARS}-character limit."
            );
            self.push(DiagnosticCode::INVALID_VARIABLE_NAME, member.key_span, &path, message);
        } else if self.outer_scopes().any(|scope| scope.contains(name)) {
            let message = format!("The variable name '{name}' was already defined in a parent scope.");
            self.push(DiagnosticCode::DUPLICATE_VARIABLE_NAME, member.key_span, &path, message).help =
                Some("An inner level reads the variables around it, but cannot set them.".to_owned());
        }
    }

    /// The variables of the levels around the one that is read, whose own set is the last.
    fn outer_scopes(&self) -> impl Iterator<Item = &BTreeSet<String>> {
        self.scopes.iter().rev().skip(1)
    }
}

/// The variables that a state sets, also in its rules and catchers.
pub(super) fn assigned(state: &Node, level_is_jsonata: bool) -> BTreeSet<String> {
    let jsonata = match state.get("QueryLanguage").and_then(Node::as_str) {
        Some(language) => language != "JSONPath",
        None => level_is_jsonata,
    };
    let parts = ["Choices", "Catch"].into_iter().filter_map(|list| state.get(list)).flat_map(Node::items);
    let assigns = std::iter::once(state).chain(parts).filter_map(|part| part.get("Assign"));
    assigns.flat_map(Node::members).map(|member| variable(member, jsonata).to_owned()).collect()
}

fn variable(member: &Member, jsonata: bool) -> &str {
    if jsonata { &member.key } else { member.key.strip_suffix(".$").unwrap_or(&member.key) }
}

/// A letter, then letters, digits and `_`, as Unicode knows them.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(char::is_alphabetic) && characters.all(|c| c.is_alphanumeric() || c == '_')
}
