//! A definition's text with everything that is drawn of it. One parse serves the graph, the list and the problems.

use asl::Parsed;
use asl_lint::Facts;
use shared_json::Value;
use sim_account::Account;
use sim_account::execution_role::{self, RolePlan};
use std::rc::Rc;

use crate::graph::{self, GraphLayout, Sentence};
use crate::problems::{self, Problems};

#[derive(Clone, Debug)]
pub struct Definition {
    pub text: Rc<str>,
    parsed: Rc<Parsed>,
    pub problems: Rc<Problems>,
    pub layout: Rc<GraphLayout>,
    pub twin: Rc<[Sentence]>,
}

/// The same text with the same problems is the same definition.
impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.parsed, &other.parsed) || (self.text == other.text && self.problems == other.problems)
    }
}

impl Definition {
    #[must_use]
    pub fn read(text: &str, facts: &Facts) -> Definition {
        let parsed = asl::parse(text);
        Definition {
            text: text.into(),
            problems: Rc::new(problems::problems(text, &parsed, facts)),
            layout: Rc::new(graph::layout(&parsed.outline)),
            twin: graph::list_twin(&parsed.outline).into(),
            parsed: Rc::new(parsed),
        }
    }

    /// The name of the innermost state around a place (UTF-16 code units).
    #[must_use]
    pub fn state_at(&self, offset: u32) -> Option<&str> {
        problems::state_at(&self.text, &self.parsed, offset)
    }

    /// Where a state is written (UTF-16 code units).
    #[must_use]
    pub fn state_range(&self, name: &str) -> Option<(u32, u32)> {
        problems::state_range(&self.text, &self.parsed, name)
    }

    /// Laid out with two spaces a level; `None` while it is broken or when it is so already.
    #[must_use]
    pub fn formatted(&self) -> Option<String> {
        asl::format(&self.text).filter(|formatted| *formatted != *self.text)
    }

    /// The execution role that the console would generate.
    #[must_use]
    pub fn role_plan(&self, state_machine_name: &str, account: &Account) -> RolePlan {
        execution_role::plan(state_machine_name, &self.parsed, account)
    }
}

/// JSON text indented, or as it is when it is no JSON.
#[must_use]
pub fn pretty(text: &str) -> String {
    Value::parse(text).map_or_else(|_| text.to_owned(), |value| value.to_pretty())
}

/// Applies edits to a text; each refers to the text as it was, in UTF-16 code units.
#[must_use]
pub fn apply(text: &str, edits: &[problems::TextEdit]) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut sorted: Vec<&problems::TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.from);
    let (mut out, mut at): (Vec<u16>, usize) = (Vec::with_capacity(units.len()), 0);
    for edit in sorted {
        let from = (edit.from as usize).clamp(at, units.len());
        out.extend(units.get(at..from).unwrap_or_default());
        out.extend(edit.insert.encode_utf16());
        at = (edit.to as usize).clamp(from, units.len());
    }
    out.extend(units.get(at..).unwrap_or_default());
    String::from_utf16_lossy(&out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::TextEdit;

    #[test]
    fn edits_refer_to_the_text_as_it_was() {
        let edit = |from, to, insert: &str| TextEdit { from, to, insert: insert.to_owned() };
        assert_eq!(apply("a🦀b", &[edit(3, 4, "B"), edit(0, 1, "AA")]), "AA🦀B");
        assert_eq!(apply("ab", &[edit(9, 12, "!")]), "ab!");
    }

    #[test]
    fn broken_text_is_drawn_and_not_formatted() {
        let broken = Definition::read(r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "#, &Facts::default());
        assert!(broken.layout.nodes.iter().any(|node| node.name == "A"));
        assert!(broken.problems.errors > 0);
        assert_eq!(broken.formatted(), None);
    }
}
