//! One state on its own, as TestState is given it.

use spanned_json::{Document, Member, Node};

use super::{Checker, Place, Targets, first_byte};
use crate::{Diagnostic, Level, MachineType, QueryLanguage, Target};

/// The name that AWS gives to a state without one.
const LONE_NAME: &str = "StateName";

/// Checks a state that stands alone. What it leads to need not exist.
pub(crate) fn check_test_state(text: &str, document: &Document) -> (Vec<Diagnostic>, Option<Level>) {
    let mut checker = Checker::new(MachineType::Standard);
    checker.lone_state = true;
    let level = checker.readable(text, document).and_then(|root| checker.lone_state(root));
    checker.finish(level)
}

impl Checker {
    fn lone_state(&mut self, node: &Node) -> Option<Level> {
        let targets = Targets::from([(LONE_NAME, 0)]);
        let language = QueryLanguage::JsonPath;
        let place = Place { node, path: "/", head: first_byte(node), language, targets: &targets };
        let member = Member { key: LONE_NAME.to_owned(), key_span: first_byte(node), value: None };
        self.names.insert(LONE_NAME.to_owned(), node.span);
        self.scopes.push(Default::default());
        let state = self.state(place, &member, node, &format!("/States/{LONE_NAME}"))?;
        Some(Level {
            start_at: Target { name: LONE_NAME.into(), index: 0 },
            query_language: state.query_language,
            states: [(LONE_NAME.into(), state)].into_iter().collect(),
            comment: None,
        })
    }
}
