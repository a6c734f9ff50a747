//! `Assign`: which variables a state sets.

use states_query::Template;

use super::{Checker, Place};

impl Checker {
    /// The `Assign` of a state, a Choice rule or a catcher; `None` inside when it is absent.
    pub(super) fn assign(&mut self, place: Place) -> Option<Option<Template>> {
        let Some(node) = place.get("Assign") else { return Some(None) };
        if !self.is_object(node, &place.at("Assign")) {
            return None;
        }
        self.template(place, "Assign")
    }
}
