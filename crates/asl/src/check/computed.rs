//! Fields that are fixed, read by their `…Path` form, or computed by JSONata.

use spanned_json::{Node, NodeKind};

use super::{Checker, Place};
use crate::{Computed, Diagnostic};

/// A field in its fixed and its `…Path` form.
pub(super) struct Pair {
    pub fixed: &'static str,
    pub path: &'static str,
}

impl Checker {
    /// One of several fields is needed, and there is none.
    pub(super) fn none_of(&mut self, place: Place, fields: &[&str]) -> &mut Diagnostic {
        let message = format!("This object should have only one of the following fields: [{}]", fields.join(", "));
        self.schema(place.head, place.path, message)
    }

    /// A whole number from `min` to `max` in any form; `None` inside when it is absent.
    pub(super) fn computed_whole(
        &mut self,
        place: Place,
        pair: &Pair,
        min: u64,
        max: u64,
    ) -> Option<Option<Computed<u64>>> {
        self.computed(place, pair, |checker| checker.whole(place, pair.fixed, min, max))
    }

    /// Any of the forms; `read` reads the fixed one.
    pub(super) fn computed<T>(
        &mut self,
        place: Place,
        pair: &Pair,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<Computed<T>>> {
        // In JSONata the path form is refused as a field.
        let by_path = !place.is_jsonata() && place.has(pair.path);
        match (place.get(pair.fixed), by_path) {
            (None, false) => Some(None),
            (None, true) => self.path(place, pair.path).map(|path| Some(Computed::Path(path))),
            (Some(node), false) if place.is_jsonata() && is_expression(node) => {
                Some(self.jsonata(place, pair.fixed)?.map(Computed::Jsonata))
            }
            (Some(_), false) => read(self).map(|value| Some(Computed::Fixed(value))),
            (Some(_), true) => {
                self.exclusive(place, pair.fixed, pair.path);
                None
            }
        }
    }

    /// Two fields that say the same thing stand together.
    pub(super) fn exclusive(&mut self, place: Place, first: &str, second: &str) {
        let span = place.node.member(second).map_or(place.head, |member| member.key_span);
        self.schema(span, place.path, format!("There should only be one of the following fields: [{first}, {second}]"));
    }
}

/// `{% … %}`
pub(super) fn is_expression(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::String(text) if text.starts_with("{%") && text.ends_with("%}"))
}
