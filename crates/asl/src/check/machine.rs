//! One level of states: the machine itself, a Parallel's branch, a Map's processor.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use spanned_json::{Member, Node, Span};
use std::rc::Rc;

use super::fields::MAX_SECONDS;
use super::{Checker, Place};
use crate::{CheckedDefinition, DiagnosticCode, State};

const ROOT_FIELDS: &[&str] = &["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"];
const BRANCH_FIELDS: &[&str] = &["Comment", "StartAt", "States", "QueryLanguage", "ProcessorConfig"];
const QUERY_LANGUAGES: &[&str] = &["JSONPath", "JSONata"];

/// The longest state name AWS takes, in characters.
const MAX_NAME_CHARS: usize = 80;

pub(super) type States = IndexMap<Rc<str>, State, FxBuildHasher>;

impl Checker {
    /// The whole definition.
    pub(super) fn root(&mut self, root: &Node) -> Option<CheckedDefinition> {
        let head = Span::new(root.span.start, root.span.start + 1);
        let place = Place { node: root, path: "/", head };
        self.known_fields(place, |key| ROOT_FIELDS.contains(&key), &[ROOT_FIELDS]);
        let version = self.one_of(place, "Version", &["1.0"]).map(Rc::from);
        let timeout_seconds = self.whole(place, "TimeoutSeconds", 1, MAX_SECONDS);
        let (start_at, states) = self.level(place, false)?;
        let comment = self.text(place, "Comment").map(Rc::from);
        Some(CheckedDefinition { start_at, states, timeout_seconds, comment, version })
    }

    /// A branch: checked like a machine, but not built.
    pub(super) fn branch(&mut self, node: &Node, path: &str, jsonata: bool) {
        if !self.is_object(node, path) {
            return;
        }
        let place = Place { node, path, head: Span::new(node.span.start, node.span.start + 1) };
        self.known_fields(place, |key| BRANCH_FIELDS.contains(&key), &[BRANCH_FIELDS]);
        self.level(place, jsonata);
    }

    fn level(&mut self, place: Place, jsonata: bool) -> Option<(Rc<str>, States)> {
        let required: Vec<&str> = ["States", "StartAt"].into_iter().filter(|key| !place.has(key)).collect();
        if !required.is_empty() {
            self.missing(place, &required);
        }
        let language = self.one_of(place, "QueryLanguage", QUERY_LANGUAGES);
        let jsonata = language.map_or(jsonata, |language| language == "JSONata");
        let start_at = self.text(place, "StartAt");
        let states = place.get("States")?;
        let path = place.at("States");
        if !self.is_object(states, &path) {
            return None;
        }
        if states.members().is_empty() {
            self.schema(states.span, &path, "Value cannot be empty");
            return None;
        }
        let mut built = States::default();
        for member in states.members() {
            let path = format!("{path}/{}", member.key);
            self.state_name(member, &path);
            if let Some(state) = member.value.as_ref().and_then(|node| self.state(member, node, &path, jsonata)) {
                built.insert(Rc::clone(&state.name), state);
            }
        }
        self.transitions(place, states, &path);
        Some((start_at?.into(), built))
    }

    fn state_name(&mut self, member: &Member, path: &str) {
        let count = member.key.chars().count();
        if count == 0 || count > MAX_NAME_CHARS {
            let message = format!("A state name must have 1 to {MAX_NAME_CHARS} characters, this one has {count}");
            self.push(DiagnosticCode::INVALID_STATE_NAME, member.key_span, path, message);
        }
        if self.names.insert(member.key.clone(), member.key_span).is_some() {
            let message = format!("Duplicate State name: {}", member.key);
            self.push(DiagnosticCode::DUPLICATE_STATE_NAME, member.key_span, path, message).help =
                Some("State names are unique in the whole machine, branches included.".to_owned());
        }
    }
}
