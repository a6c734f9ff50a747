//! Laying a pattern over a value.

use shared_json::Value;

use crate::{Pattern, Rule, Test};

pub(crate) fn pattern(pattern: &Pattern, value: &Value) -> bool {
    pattern.fields.iter().all(|(name, test)| field(test, value.get(name)))
        && pattern.any_of.iter().all(|patterns| patterns.iter().any(|each| self::pattern(each, value)))
}

fn field(test: &Test, value: Option<&Value>) -> bool {
    match test {
        Test::OneOf(rules) => rules.iter().any(|rule| one(rule, value)),
        Test::Inside(inner) => match value.and_then(Value::as_array) {
            // One element must fit as a whole.
            Some(elements) => elements.iter().any(|element| pattern(inner, element)),
            // A field that is not there has no members, which `exists: false` may want.
            None => pattern(inner, value.unwrap_or(&Value::Null)),
        },
    }
}

/// Of an array any element may fit. `exists` is about values, not about objects that hold others.
fn one(rule: &Rule, value: Option<&Value>) -> bool {
    match (rule, value) {
        (Rule::Exists(wanted), None) => !wanted,
        (_, None) => false,
        (Rule::Exists(wanted), Some(Value::Object(_))) => !wanted,
        (_, Some(value)) => match value.as_array() {
            Some(elements) => elements.iter().any(|element| rule.fits(element)),
            None => value.as_object().is_none() && rule.fits(value),
        },
    }
}
