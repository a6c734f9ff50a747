//! What a Task is given, as far as it is written and not computed.

use asl::State;
use shared_json::Value;

/// `Parameters` or `Arguments`; null when there are none.
pub(crate) fn arguments(state: &State) -> &Value {
    match state.query_language {
        asl::QueryLanguage::JsonPath => &state.source["Parameters"],
        asl::QueryLanguage::Jsonata => &state.source["Arguments"],
    }
}

/// A text that stands there; `None` when it is known only when the Task runs.
pub(crate) fn written<'a>(arguments: &'a Value, field: &str) -> Option<&'a str> {
    arguments.get_str(field).filter(|text| !text.starts_with("{%"))
}
