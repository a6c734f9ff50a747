//! Fields of JSONata states that must give a value of one type.

use shared_json::Value;
use states_query::{JsonataTemplate, QueryError};

/// The value when it is of the type that the field asks for, or AWS's words for what it is instead.
pub(crate) fn expect(
    template: &JsonataTemplate,
    field: &str,
    wanted: &str,
    value: Value,
    fits: impl FnOnce(&Value) -> bool,
) -> Result<Value, QueryError> {
    if fits(&value) {
        return Ok(value);
    }
    let cause = format!(
        "The JSONata expression '{}' specified for the field '{field}' returned an unexpected result type. Expected \
         '{wanted}', but was '{}' for value: {value}",
        expression(template),
        type_name(&value)
    );
    Err(QueryError { error: "States.QueryEvaluationError", cause, location: Some(field.to_owned()) })
}

/// The expression without its `{% %}`.
fn expression(template: &JsonataTemplate) -> String {
    let text = template.source().as_str().map_or_else(|| template.source().to_string(), str::to_owned);
    let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
    inner.map_or(text.clone(), |inner| inner.trim().to_owned())
}

/// JSONata's name of a value's type.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A text bare, anything else as JSON: how AWS quotes a value in an error.
pub(crate) fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
