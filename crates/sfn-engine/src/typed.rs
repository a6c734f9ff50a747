//! Values as AWS's errors show them.

use shared_json::Value;

/// A text bare, anything else as JSON: how AWS quotes a value in an error.
pub(crate) fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
