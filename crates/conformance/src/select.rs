//! Finding a value by a short path: `$.order.items[0]`, `Messages[0].ReceiptHandle`.

use shared_json::Value;

/// What the path leads to; nothing when a step of it is missing.
pub fn select<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let path = path.strip_prefix('$').unwrap_or(path);
    let mut found = value;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        found = match step.strip_suffix(']') {
            Some(index) => found.as_array()?.get(index.parse::<usize>().ok()?)?,
            None => found.get(step)?,
        };
    }
    Some(found)
}

/// A value as it stands within a text: texts bare, everything else as JSON.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn paths_lead_through_members_and_elements() {
        let value = json!({"a": {"b": [{"c": 7}, "x"]}});
        let cases = [("$.a.b[0].c", Some("7")), ("a.b[1]", Some("x")), ("a.b[2]", None), ("a.d", None)];
        for (path, expected) in cases {
            assert_eq!(select(&value, path).map(text).as_deref(), expected, "{path}");
        }
        assert_eq!(select(&value, "$"), Some(&value));
    }
}
