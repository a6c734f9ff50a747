//! Reading single fields: type, range, required, known.

use spanned_json::{Member, Node, NodeKind};

use super::{Checker, Place};
use crate::{DiagnosticCode, Edit, Fix};

/// The longest time AWS takes, in seconds: a little over three years.
pub(super) const MAX_SECONDS: u64 = 99_999_999;

/// Names are compared at most this often for "did you mean".
const MAX_SUGGESTIONS: usize = 20;

impl<'a> Place<'a> {
    pub(super) fn get(self, key: &str) -> Option<&'a Node> {
        self.node.get(key)
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.node.member(key).is_some()
    }

    pub(super) fn at(self, key: &str) -> String {
        format!("{}/{key}", self.path.trim_end_matches('/'))
    }
}

impl Checker {
    /// A required text field.
    pub(super) fn required_text<'a>(&mut self, place: Place<'a>, key: &str) -> Option<&'a str> {
        if !place.has(key) {
            self.missing(place, &[key]);
            return None;
        }
        self.text(place, key)
    }

    pub(super) fn missing(&mut self, place: Place, keys: &[&str]) {
        let message = format!("These fields are required: [{}]", keys.join(", "));
        self.schema(place.head, place.path, message);
    }

    pub(super) fn text<'a>(&mut self, place: Place<'a>, key: &str) -> Option<&'a str> {
        let node = place.get(key)?;
        let text = node.as_str();
        if text.is_none() {
            self.expected(place, key, node, "String");
        }
        text
    }

    pub(super) fn boolean(&mut self, place: Place, key: &str) -> Option<bool> {
        let node = place.get(key)?;
        let value = node.as_bool();
        if value.is_none() {
            self.expected(place, key, node, "Boolean");
        }
        value
    }

    /// A whole number from `min` to `max`.
    pub(super) fn whole(&mut self, place: Place, key: &str, min: u64, max: u64) -> Option<u64> {
        let node = place.get(key)?;
        let number = node.as_f64().filter(|number| number.fract() == 0.0);
        let Some(number) = number else {
            self.expected(place, key, node, "Integer");
            return None;
        };
        let outside = match number {
            number if number < min as f64 => format!("Minimum value is {min}"),
            number if number > max as f64 => format!("Maximum value is {max}"),
            number => return Some(number as u64),
        };
        self.schema(node.span, &place.at(key), outside);
        None
    }

    pub(super) fn items<'a>(&mut self, place: Place<'a>, key: &str) -> Option<&'a [Node]> {
        let node = place.get(key)?;
        if !node.is_array() {
            self.expected(place, key, node, "Array");
            return None;
        }
        Some(node.items())
    }

    /// An array that may not be empty.
    pub(super) fn filled_items<'a>(&mut self, place: Place<'a>, key: &str) -> Option<&'a [Node]> {
        let items = self.items(place, key)?;
        if items.is_empty() {
            let span = place.get(key).map_or(place.head, |node| node.span);
            self.schema(span, &place.at(key), "Value cannot be empty");
            return None;
        }
        Some(items)
    }

    pub(super) fn expected(&mut self, place: Place, key: &str, node: &Node, kind: &str) {
        self.schema(node.span, &place.at(key), format!("Expected value of type {kind}"));
    }

    /// Whether `node` is an object; says so if not.
    pub(super) fn is_object(&mut self, node: &Node, path: &str) -> bool {
        if !node.is_object() {
            self.schema(node.span, path, "Expected value of type Object");
        }
        node.is_object()
    }

    /// A number from `min` to `max`, which AWS writes as Java does: `1.0`.
    pub(super) fn number(&mut self, place: Place, key: &str, min: f64, max: f64) -> Option<f64> {
        let node = place.get(key)?;
        let Some(number) = node.as_f64() else {
            self.expected(place, key, node, "Number");
            return None;
        };
        let outside = match number {
            number if number < min => format!("Minimum value is {min:?}"),
            number if number > max => format!("Maximum value is {max:?}"),
            number => return Some(number),
        };
        self.schema(node.span, &place.at(key), outside);
        None
    }

    /// A text that must be one of a few.
    pub(super) fn one_of<'a>(&mut self, place: Place<'a>, key: &str, values: &[&str]) -> Option<&'a str> {
        self.among(place, key, values, &format!("Value should be one of the following: [{}]", values.join(", ")))
    }

    /// The text that says which fields stand beside it: of these AWS speaks in other words.
    pub(super) fn discriminator<'a>(&mut self, place: Place<'a>, key: &str, values: &[&str]) -> Option<&'a str> {
        self.among(
            place,
            key,
            values,
            &format!("The field '{key}' should have one of these values: [{}]", values.join(", ")),
        )
    }

    fn among<'a>(&mut self, place: Place<'a>, key: &str, values: &[&str], message: &str) -> Option<&'a str> {
        let text = self.text(place, key)?;
        if values.contains(&text) {
            return Some(text);
        }
        let node = place.get(key)?;
        let suggestion = self.nearest(text, values.iter().copied());
        let diagnostic = self.schema(node.span, &place.at(key), message);
        if let Some(value) = suggestion {
            diagnostic.fixes.push(replace(node, value));
        }
        None
    }

    /// Reports every member that is not among `known`.
    pub(super) fn known_fields(&mut self, place: Place, known: &[&str]) {
        self.fields(place, |key| known.contains(&key), &[known], &[]);
    }

    /// Reports every member that is not `known`; `names` are there to suggest, `other` belong to the other language.
    pub(super) fn fields(&mut self, place: Place, known: impl Fn(&str) -> bool, names: &[&[&str]], other: &[&str]) {
        for member in place.node.members().iter().filter(|member| !known(&member.key)) {
            if other.contains(&member.key.as_str()) {
                self.other_language(place, member);
            } else {
                self.unsupported(place, member, names);
            }
        }
    }

    fn other_language(&mut self, place: Place, member: &Member) {
        let (own, other) = if place.is_jsonata() { ("JSONata", "JSONPath") } else { ("JSONPath", "JSONata") };
        let message = format!(
            "The QueryLanguage is set to '{own}', but field '{}' is only supported for the '{other}' QueryLanguage",
            member.key
        );
        self.schema(member.key_span, place.path, message);
    }

    fn unsupported(&mut self, place: Place, member: &Member, names: &[&[&str]]) {
        let suggestion =
            self.nearest(&member.key, names.iter().copied().flatten().copied().filter(|name| !place.has(name)));
        let message = format!("Field '{}' is not supported", member.key);
        let diagnostic = self.schema(member.key_span, place.path, message);
        if let Some(name) = suggestion {
            let edits = vec![Edit::new(member.key_span, quoted(name))];
            diagnostic.help = Some(format!("Did you mean {name}?"));
            diagnostic.fixes.push(Fix { title: format!("Rename to {name}"), edits });
        }
    }

    /// The name that looks most like `text`, if one looks much like it.
    pub(super) fn nearest<'a>(&mut self, text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        if self.suggestions >= MAX_SUGGESTIONS || text.len() > 100 {
            return None;
        }
        self.suggestions += 1;
        let text = text.to_lowercase();
        let likeness = |name: &&str| strsim::normalized_damerau_levenshtein(&text, &name.to_lowercase());
        let best = names.filter(|name| name.len() <= 100).max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(&best) >= 0.6).then_some(best)
    }

    /// Points at a state that does not exist. AWS says `Next` whatever the field is.
    pub(super) fn missing_target<'a>(
        &mut self,
        node: &Node,
        path: &str,
        target: &str,
        names: impl Iterator<Item = &'a str>,
    ) {
        let suggestion = self.nearest(target, names);
        let message = format!("Missing 'Next' target: {target}");
        let diagnostic = self.push(DiagnosticCode::MISSING_TRANSITION_TARGET, node.span, path, message);
        diagnostic.help = Some("No state of this name stands on the same level of \"States\".".to_owned());
        if let Some(name) = suggestion {
            diagnostic.fixes.push(replace(node, name));
        }
    }
}

fn replace(node: &Node, value: &str) -> Fix {
    Fix { title: format!("Change to \"{value}\""), edits: vec![Edit::new(node.span, quoted(value))] }
}

fn quoted(text: &str) -> String {
    shared_json::Value::string(text).to_string()
}

/// A `${placeholder}` of a deployment tool may stand for any text.
pub(super) fn is_placeholder(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::String(text) if text.contains("${"))
}
