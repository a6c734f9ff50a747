//! Values as AWS's errors show them.

use shared_json::Value;

/// A text bare, anything else as JSON: how AWS quotes a value in an error.
pub(crate) fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A whole number that a path found; AWS reads texts of digits too.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number that a path found; AWS reads texts of digits too.
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => value.as_f64(),
    }
}
