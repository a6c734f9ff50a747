//! Pass, Wait and Fail.

use std::rc::Rc;

use super::computed::{Pair, is_expression};
use super::fields::MAX_SECONDS;
use super::{Checker, Place};
use crate::{FailState, FailText, PassState, Transition, WaitFor, WaitState, to_value};

const SECONDS: Pair = Pair { fixed: "Seconds", path: "SecondsPath" };
const TIMESTAMP: Pair = Pair { fixed: "Timestamp", path: "TimestampPath" };

/// In AWS's order.
const WAITS: &[&str] = &["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];

impl Checker {
    pub(super) fn pass(&mut self, state: Place, transition: Option<Transition>) -> Option<PassState> {
        let parameters = self.jsonpath_payload(state, "Parameters");
        let result_path = self.result_path(state);
        let result = state.get("Result").filter(|_| !state.is_jsonata()).map(to_value);
        Some(PassState { result, parameters: parameters?, result_path: result_path?, transition: transition? })
    }

    pub(super) fn wait(&mut self, state: Place, transition: Option<Transition>) -> Option<WaitState> {
        let given: Vec<&str> = WAITS.iter().copied().filter(|key| state.has(key)).collect();
        let wait = match given.as_slice() {
            ["Seconds" | "SecondsPath"] => {
                self.computed_whole(state, &SECONDS, 0, MAX_SECONDS).flatten().map(WaitFor::Seconds)
            }
            ["Timestamp" | "TimestampPath"] => self
                .computed(state, &TIMESTAMP, |checker| checker.timestamp(state, "Timestamp"))
                .flatten()
                .map(WaitFor::Timestamp),
            [] => {
                self.none_of(state, WAITS);
                None
            }
            [_, more @ ..] => {
                let span = more.first().and_then(|key| state.node.member(key)).map_or(state.head, |m| m.key_span);
                let message = format!("There should only be one of the following fields: [{}]", WAITS.join(", "));
                self.schema(span, state.path, message);
                None
            }
        };
        Some(WaitState { wait: wait?, transition: transition? })
    }

    pub(super) fn fail(&mut self, state: Place) -> Option<FailState> {
        let error = self.fail_text(state, "Error", "ErrorPath");
        let cause = self.fail_text(state, "Cause", "CausePath");
        Some(FailState { error: error?, cause: cause? })
    }

    fn fail_text(&mut self, state: Place, fixed: &'static str, path: &'static str) -> Option<Option<FailText>> {
        let by_path = !state.is_jsonata() && state.has(path);
        match (state.get(fixed), by_path) {
            (None, false) => Some(None),
            (None, true) => self.expression(state, path).map(|path| Some(FailText::Path(path))),
            (Some(node), false) if state.is_jsonata() && is_expression(node) => {
                Some(self.jsonata(state, fixed)?.map(FailText::Jsonata))
            }
            (Some(_), false) => self.text(state, fixed).map(|text| Some(FailText::Literal(Rc::from(text)))),
            (Some(_), true) => {
                self.exclusive(state, fixed, path);
                None
            }
        }
    }
}
