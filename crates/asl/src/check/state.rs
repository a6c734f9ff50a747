//! One state: its type, the fields that type allows, and its parts.

use std::rc::Rc;

use spanned_json::{Member, Node};

use super::fields::MAX_SECONDS;
use super::{Checker, Place};
use crate::{FailState, PassState, State, StateKind, SucceedState, Transition, WaitFor, WaitState, to_value};

const TYPES: &[&str] = &["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

/// Fields of every state.
const COMMON: &[&str] = &["Type", "Comment", "QueryLanguage"];
const FLOW: &[&str] = &["Next", "End"];
const WAITS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

/// The groups of fields a type allows beside [`COMMON`].
fn fields_of(state_type: &str) -> [&'static [&'static str]; 4] {
    const DATA: &[&str] = &["InputPath", "OutputPath", "Assign"];
    const TASK: &[&str] = &[
        "Resource",
        "Parameters",
        "ResultPath",
        "ResultSelector",
        "Retry",
        "Catch",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
        "Credentials",
    ];
    const PARALLEL: &[&str] = &["Branches", "Parameters", "ResultPath", "ResultSelector", "Retry", "Catch"];
    const MAP: &[&str] = &[
        "ItemProcessor",
        "Iterator",
        "ItemsPath",
        "Items",
        "ItemSelector",
        "Parameters",
        "MaxConcurrency",
        "MaxConcurrencyPath",
        "ItemReader",
        "ItemBatcher",
        "ResultWriter",
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
        "Label",
        "ResultPath",
        "ResultSelector",
        "Retry",
        "Catch",
    ];
    match state_type {
        "Task" => [COMMON, FLOW, DATA, TASK],
        "Pass" => [COMMON, FLOW, DATA, &["Result", "Parameters", "ResultPath"]],
        "Wait" => [COMMON, FLOW, DATA, &WAITS],
        "Choice" => [COMMON, &[], DATA, &["Choices", "Default"]],
        "Succeed" => [COMMON, &[], &["InputPath", "OutputPath"], &[]],
        "Fail" => [COMMON, &[], &[], &["Error", "ErrorPath", "Cause", "CausePath"]],
        "Parallel" => [COMMON, FLOW, DATA, PARALLEL],
        _ => [COMMON, FLOW, DATA, MAP],
    }
}

impl Checker {
    /// `jsonata` says what the level's query language is.
    pub(super) fn state(&mut self, member: &Member, node: &Node, path: &str, jsonata: bool) -> Option<State> {
        if !self.is_object(node, path) {
            return None;
        }
        let place = Place { node, path, head: member.key_span };
        if !place.has("Type") {
            self.missing(place, &["Type"]);
            return None;
        }
        let state_type = self.one_of(place, "Type", TYPES)?;
        let language = self.one_of(place, "QueryLanguage", &["JSONPath", "JSONata"]);
        if jsonata && language == Some("JSONPath") {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            self.schema(place.get("QueryLanguage")?.span, path, message);
        }
        let jsonata = language.map_or(jsonata, |language| language == "JSONata");
        let transition = self.flow(place, state_type);
        if jsonata {
            let span = place.node.member("QueryLanguage").map_or(place.head, |member| member.key_span);
            self.not_yet(span, path, "A state in JSONata");
            self.branches(place, state_type, jsonata);
            return None;
        }
        let allowed = fields_of(state_type);
        self.known_fields(place, |key| allowed.iter().any(|group| group.contains(&key)), &allowed);
        if let Some(assign) = place.node.member("Assign") {
            self.not_yet(assign.key_span, &place.at("Assign"), "\"Assign\"");
        }
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
            _ => {
                self.template(place, "ResultSelector");
                self.result_path(place);
                self.retry(place);
                self.catch(place);
                let span = place.get("Type").map_or(place.head, |node| node.span);
                self.not_yet(span, &place.at("Type"), &format!("A {state_type} state"));
                self.branches(place, state_type, jsonata);
                None
            }
        };
        Some(State {
            name: member.key.as_str().into(),
            kind: kind?,
            comment,
            input_path: input_path?,
            output_path: output_path?,
            source: to_value(node),
            span: node.span,
        })
    }

    /// `Next` or `End`: exactly one for the types that have them, none for the others.
    fn flow(&mut self, place: Place, state_type: &str) -> Option<Transition> {
        if matches!(state_type, "Choice" | "Succeed" | "Fail") {
            return None;
        }
        match (place.has("Next"), place.has("End")) {
            (true, false) => self.text(place, "Next").map(|next| Transition::Next(next.into())),
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
                self.schema(place.head, place.path, "One of these fields is required: [Next, End]").help =
                    Some("Say where the execution goes: \"Next\": \"<state>\" or \"End\": true.".to_owned());
                None
            }
        }
    }

    fn pass(&mut self, place: Place, transition: Option<Transition>) -> Option<PassState> {
        let parameters = self.template(place, "Parameters");
        let result_path = self.result_path(place);
        let result = place.get("Result").map(to_value);
        Some(PassState { result, parameters: parameters?, result_path: result_path?, transition: transition? })
    }

    fn wait(&mut self, place: Place, transition: Option<Transition>) -> Option<WaitState> {
        let given: Vec<&str> = WAITS.into_iter().filter(|key| place.has(key)).collect();
        let wait = match given.as_slice() {
            ["Seconds"] => self.whole(place, "Seconds", 0, MAX_SECONDS).map(WaitFor::Seconds),
            ["SecondsPath"] => self.path(place, "SecondsPath").map(WaitFor::SecondsPath),
            ["Timestamp"] => self.timestamp(place, "Timestamp").map(WaitFor::Timestamp),
            ["TimestampPath"] => self.path(place, "TimestampPath").map(WaitFor::TimestampPath),
            _ => {
                let message = format!("Exactly one of these fields is required: [{}]", WAITS.join(", "));
                self.schema(place.head, place.path, message);
                None
            }
        };
        Some(WaitState { wait: wait?, transition: transition? })
    }

    fn fail(&mut self, place: Place) -> Option<FailState> {
        for (fixed, path) in [("Error", "ErrorPath"), ("Cause", "CausePath")] {
            if place.has(fixed) && place.has(path) {
                self.exclusive(place, fixed, path);
            }
        }
        Some(FailState {
            error: self.text(place, "Error").map(Rc::from),
            error_path: self.expression(place, "ErrorPath"),
            cause: self.text(place, "Cause").map(Rc::from),
            cause_path: self.expression(place, "CausePath"),
        })
    }

    /// The levels inside a Parallel or Map.
    fn branches(&mut self, place: Place, state_type: &str, jsonata: bool) {
        match state_type {
            "Parallel" if !place.has("Branches") => self.missing(place, &["Branches"]),
            "Parallel" => {
                for (index, branch) in self.filled_items(place, "Branches").unwrap_or_default().iter().enumerate() {
                    self.branch(branch, &format!("{}[{index}]", place.at("Branches")), jsonata);
                }
            }
            "Map" => match ["ItemProcessor", "Iterator"].into_iter().find_map(|key| Some((key, place.get(key)?))) {
                Some((key, processor)) => self.branch(processor, &place.at(key), jsonata),
                None => self.missing(place, &["ItemProcessor"]),
            },
            _ => {}
        }
    }
}
