//! One level of states: the machine itself, a Parallel's branch, a Map's processor.

use std::collections::BTreeSet;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use spanned_json::{Member, Node};

use super::assign::assigned;
use super::fields::MAX_SECONDS;
use super::{Checker, Place, Targets, first_byte};
use crate::{CheckedDefinition, DiagnosticCode, Level, QueryLanguage, State};

const ROOT_FIELDS: &[&str] = &["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"];

/// The longest state name AWS takes, in characters.
const MAX_NAME_CHARS: usize = 80;

impl Checker {
    /// The whole definition.
    pub(super) fn root(&mut self, root: &Node) -> Option<CheckedDefinition> {
        let targets = Targets::new();
        let language = QueryLanguage::JsonPath;
        let place = Place { node: root, path: "/", head: first_byte(root), language, targets: &targets };
        self.known_fields(place, ROOT_FIELDS);
        let version = self.one_of(place, "Version", &["1.0"]).map(Rc::from);
        let timeout_seconds = self.whole(place, "TimeoutSeconds", 0, MAX_SECONDS);
        self.language = self.query_language(place, place.language, place.path);
        let level = self.level(Place { language: self.language, ..place })?;
        Some(CheckedDefinition { root: Rc::new(level), timeout_seconds, version })
    }

    /// A level inside a state: a branch or a processor. Its states speak the machine's language, whatever the state's.
    pub(super) fn inner_level(&mut self, state: Place, node: &Node, path: &str, fields: &[&str]) -> Option<Level> {
        if !self.is_object(node, path) {
            return None;
        }
        let place = Place { language: self.language, ..state.inner(node, path) };
        self.known_fields(place, fields);
        self.level(place)
    }

    fn level(&mut self, place: Place) -> Option<Level> {
        let required: Vec<&str> = ["States", "StartAt"].into_iter().filter(|key| !place.has(key)).collect();
        if !required.is_empty() {
            self.missing(place, &required);
        }
        let comment = self.text(place, "Comment").map(Rc::from);
        let states = place.get("States");
        let targets: Targets =
            states.map(Node::members).unwrap_or_default().iter().map(|member| member.key.as_str()).zip(0..).collect();
        let place = Place { targets: &targets, ..place };
        let start_at = self.target(place, "StartAt");
        let states = states?;
        self.scopes.push(BTreeSet::new());
        let built = self.states(place, states);
        self.scopes.pop();
        Some(Level { start_at: start_at?, states: built?, comment, query_language: place.language })
    }

    fn states(&mut self, level: Place, node: &Node) -> Option<IndexMap<Rc<str>, State, FxBuildHasher>> {
        let path = level.at("States");
        if !self.is_object(node, &path) {
            return None;
        }
        if node.members().is_empty() {
            self.schema(node.span, &path, "Value cannot be empty");
            return None;
        }
        let mut built = IndexMap::default();
        for member in node.members() {
            let path = format!("{path}/{}", member.key);
            self.state_name(member, &path);
            if let Some(state) = member.value.as_ref().and_then(|node| self.state(level, member, node, &path)) {
                built.insert(Rc::clone(&state.name), state);
            }
            // What a state sets is there after it: an inner level of its own may use the names.
            let names = member.value.as_ref().map(|state| assigned(state, level.is_jsonata())).unwrap_or_default();
            if let Some(scope) = self.scopes.last_mut() {
                scope.extend(names);
            }
        }
        self.transitions(level, node, &path);
        Some(built)
    }

    fn state_name(&mut self, member: &Member, path: &str) {
        let count = member.key.chars().count();
        if count == 0 || count > MAX_NAME_CHARS {
            let message = if count == 0 {
                "Invalid State name: State name cannot be empty".to_owned()
            } else {
                let name = &member.key;
                format!(
                    "Invalid State name: State '{name}' exceeds the {MAX_NAME_CHARS}-character limit allowed by the \
                     service"
                )
            };
            self.push(DiagnosticCode::INVALID_STATE_NAME, member.key_span, path, message);
        }
        if self.names.insert(member.key.clone(), member.key_span).is_some() {
            let message = format!("Duplicate State name: {}", member.key);
            self.push(DiagnosticCode::DUPLICATE_STATE_NAME, member.key_span, path, message).help =
                Some("State names are unique in the whole machine, branches included.".to_owned());
        }
    }
}
