//! Values as Python writes them, because the AWS CLI is written in it: `True`, `None`, `{'a': 1}`.

use std::fmt::Write as _;

use shared_json::Value;

/// `str(value)`.
pub(crate) fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        value => repr(value),
    }
}

/// `repr(value)`.
pub(crate) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{}: {}", quoted(key), repr(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Single quotes, unless the text has some and no double ones.
pub(crate) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut written = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\\' => written.push_str("\\\\"),
            letter if letter == quote => {
                written.push('\\');
                written.push(letter);
            }
            letter if letter.is_control() => {
                let _ = write!(written, "\\x{:02x}", u32::from(letter));
            }
            letter => written.push(letter),
        }
    }
    written.push(quote);
    written
}

/// `type(value)`.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<class 'NoneType'>",
        Value::Bool(_) => "<class 'bool'>",
        Value::Number(number) if number.is_f64() => "<class 'float'>",
        Value::Number(_) => "<class 'int'>",
        Value::String(_) => "<class 'str'>",
        Value::Array(_) => "<class 'list'>",
        Value::Object(_) => "<class 'dict'>",
    }
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn values_read_as_in_python() {
        let value = json!({"a": [true, null, 1, 1.5], "b": "it's", "c": "\"'\n"});
        assert_eq!(repr(&value), r#"{'a': [True, None, 1, 1.5], 'b': "it's", 'c': '"\'\n'}"#);
        assert_eq!(str(&json!("x")), "x");
        assert_eq!(str(&json!(false)), "False");
    }
}
