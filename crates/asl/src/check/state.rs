//! One state: its type, the fields that type allows, and its parts.

use std::rc::Rc;

use spanned_json::{Member, Node};

use super::known::TYPES;
use super::{Checker, Place};
use crate::{QueryLanguage, State, StateKind, SucceedState, Target, Transition, to_value};

impl Checker {
    /// A state of the level that `level` describes.
    pub(super) fn state(&mut self, level: Place, member: &Member, node: &Node, path: &str) -> Option<State> {
        if !self.is_object(node, path) {
            return None;
        }
        let mut place = Place { node, path, head: member.key_span, ..level };
        if !place.has("Type") {
            self.missing(place, &["Type"]);
            return None;
        }
        let state_type = self.discriminator(place, "Type", TYPES)?;
        place.language = self.query_language(place, level.language, path);
        let transition = self.flow(place, state_type);
        self.state_fields(place, state_type);
        let comment = self.text(place, "Comment").map(Rc::from);
        let input_path = self.data_path(place, "InputPath");
        let output_path = self.data_path(place, "OutputPath");
        let kind = match state_type {
            "Task" => self.task(place, transition).map(StateKind::Task),
            "Pass" => self.pass(place, transition).map(StateKind::Pass),
            "Choice" => self.choice(place).map(StateKind::Choice),
            "Wait" => self.wait(place, transition).map(StateKind::Wait),
            "Succeed" => Some(StateKind::Succeed(SucceedState)),
            "Fail" => self.fail(place).map(StateKind::Fail),
            "Parallel" => self.parallel(place, transition).map(StateKind::Parallel),
            _ => self.map(place, transition).map(StateKind::Map),
        };
        let assign = self.assign(place);
        let output = self.output(place);
        Some(State {
            name: member.key.as_str().into(),
            kind: kind?,
            comment,
            query_language: place.language,
            input_path: input_path?,
            output_path: output_path?,
            assign: assign?,
            output: output?,
            source: to_value(node),
            span: node.span,
        })
    }

    /// The language of a state or of the machine: its own, or that around it. A wrong one reads as JSONata.
    pub(super) fn query_language(&mut self, place: Place, around: QueryLanguage, path: &str) -> QueryLanguage {
        let Some(own) = place.get("QueryLanguage") else { return around };
        self.one_of(place, "QueryLanguage", &["JSONPath", "JSONata"]);
        let language = if own.as_str() == Some("JSONPath") { QueryLanguage::JsonPath } else { QueryLanguage::Jsonata };
        if around == QueryLanguage::Jsonata && language == QueryLanguage::JsonPath {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            self.schema(own.span, path, message);
        }
        language
    }

    /// `Next` or `End`: exactly one for the types that have them, none for the others.
    fn flow(&mut self, place: Place, state_type: &str) -> Option<Transition> {
        if matches!(state_type, "Choice" | "Succeed" | "Fail") {
            return None;
        }
        match (place.has("Next"), place.has("End")) {
            (true, false) => self.target(place, "Next").map(Transition::Next),
            (false, true) => {
                if self.boolean(place, "End")? {
                    return Some(Transition::End);
                }
                let span = place.get("End").map_or(place.head, |node| node.span);
                self.schema(span, &place.at("End"), "The field 'End' can only be true").help =
                    Some("Leave it out and name the next state in \"Next\".".to_owned());
                None
            }
            (true, true) => {
                self.exclusive(place, "Next", "End");
                None
            }
            (false, false) => {
                self.none_of(place, &["Next", "End"]).help =
                    Some("Say where the execution goes: \"Next\": \"<state>\" or \"End\": true.".to_owned());
                None
            }
        }
    }

    /// A state that a field names. One that does not exist is reported where the arrows are followed.
    pub(super) fn target(&mut self, place: Place, key: &str) -> Option<Target> {
        let name = self.text(place, key)?;
        let index = match place.targets.get(name) {
            Some(index) => *index,
            None if self.lone_state => usize::MAX,
            None => return None,
        };
        Some(Target { name: name.into(), index })
    }
}
