//! JSON as Python's `json.dump(…, indent=4, ensure_ascii=False)` writes it.

use std::fmt::Write as _;

use shared_json::Value;

pub(super) fn print(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            block(('[', ']'), items.iter(), depth, text, |item, text| write(item, depth + 1, text));
        }
        Value::Array(_) => text.push_str("[]"),
        Value::Object(members) if !members.is_empty() => {
            block(('{', '}'), members.iter(), depth, text, |(key, value), text| {
                string(key, text);
                text.push_str(": ");
                write(value, depth + 1, text);
            });
        }
        Value::Object(_) => text.push_str("{}"),
        Value::String(content) => string(content, text),
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => {
            let _ = write!(text, "{truth}");
        }
        Value::Number(number) => {
            let _ = write!(text, "{number}");
        }
    }
}

fn block<T>(
    brackets: (char, char),
    items: impl Iterator<Item = T>,
    depth: usize,
    text: &mut String,
    mut each: impl FnMut(T, &mut String),
) {
    text.push(brackets.0);
    for (place, item) in items.enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(4 * (depth + 1)));
        each(item, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(4 * depth));
    text.push(brackets.1);
}

fn string(content: &str, text: &mut String) {
    text.push('"');
    for letter in content.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            letter if u32::from(letter) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn four_spaces_for_each_level() {
        let value = json!({"A": [1, {"b": "ä\"\n\u{1}"}], "C": {}, "D": [], "E": null, "F": 1.5});
        let text = "{\n    \"A\": [\n        1,\n        {\n            \"b\": \"ä\\\"\\n\\u0001\"\n        }\n    ],\n    \
                    \"C\": {},\n    \"D\": [],\n    \"E\": null,\n    \"F\": 1.5\n}\n";
        assert_eq!(print(&value), text);
    }
}
