//! Parallel: its branches.

use std::rc::Rc;

use super::{Checker, Place};
use crate::{ParallelState, Transition};

const BRANCH_FIELDS: &[&str] = &["Comment", "StartAt", "States"];

impl Checker {
    pub(super) fn parallel(&mut self, state: Place, transition: Option<Transition>) -> Option<ParallelState> {
        let branches = self.branches(state);
        let arguments = self.arguments(state);
        let result_selector = self.jsonpath_payload(state, "ResultSelector");
        let result_path = self.result_path(state);
        let retry = self.retry(state);
        let catch = self.catch(state);
        Some(ParallelState {
            branches: branches?,
            arguments: arguments?,
            result_selector: result_selector?,
            result_path: result_path?,
            retry: retry?,
            catch: catch?,
            transition: transition?,
        })
    }

    fn branches(&mut self, state: Place) -> Option<Vec<Rc<crate::Level>>> {
        if !state.has("Branches") {
            self.missing(state, &["Branches"]);
            return None;
        }
        let items = self.filled_items(state, "Branches")?;
        let mut branches = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            let path = format!("{}[{index}]", state.at("Branches"));
            branches.extend(self.inner_level(state, node, &path, BRANCH_FIELDS).map(Rc::new));
        }
        (branches.len() == items.len()).then_some(branches)
    }
}
