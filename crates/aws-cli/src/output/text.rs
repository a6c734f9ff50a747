//! Text: one line for each thing, its values separated by tabs, in the order of the alphabet of their names.

use shared_json::Value;

use crate::python;

pub(super) fn print(value: &Value) -> String {
    let mut text = String::new();
    write(value, None, None, &mut text);
    text
}

fn write(value: &Value, name: Option<&str>, scalars: Option<&[&str]>, text: &mut String) {
    match value {
        Value::Object(_) => object(value, name, scalars, text),
        Value::Array(items) => list(items, name, text),
        scalar => line(&[python::str(scalar)], text),
    }
}

fn line(values: &[String], text: &mut String) {
    text.push_str(&values.join("\t"));
    text.push('\n');
}

fn list(items: &[Value], name: Option<&str>, text: &mut String) {
    if items.is_empty() {
        return;
    }
    if items.iter().any(|item| item.as_object().is_some()) {
        let mut scalars: Vec<&str> = items
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|members| members.iter().filter(|(_, value)| is_scalar(value)).map(|(key, _)| &**key))
            .collect();
        scalars.sort_unstable();
        scalars.dedup();
        for item in items {
            write(item, name, Some(&scalars), text);
        }
        return;
    }
    let (plain, nested): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|item| is_scalar(item));
    let plain: Vec<String> = plain.into_iter().map(python::str).collect();
    match name {
        _ if plain.is_empty() => {}
        Some(name) => plain.iter().for_each(|item| line(&[name.to_uppercase(), item.clone()], text)),
        None => line(&plain, text),
    }
    for item in nested {
        write(item, name, None, text);
    }
}

fn object(value: &Value, name: Option<&str>, scalars: Option<&[&str]>, text: &mut String) {
    let Some(members) = value.as_object() else { return };
    let mut keys: Vec<&str> = members.keys().map(|key| &**key).collect();
    keys.sort_unstable();
    let mut values: Vec<String> = Vec::new();
    let mut nested: Vec<&str> = Vec::new();
    match scalars {
        // The same columns for all in a list, whatever one of them lacks.
        Some(scalars) => {
            values.extend(scalars.iter().map(|key| members.get(key).map(python::str).unwrap_or_default()));
            nested.extend(keys.iter().filter(|key| !scalars.contains(key)));
        }
        None => {
            for key in keys {
                match members.get(key).filter(|value| is_scalar(value)) {
                    Some(value) => values.push(python::str(value)),
                    None => nested.push(key),
                }
            }
        }
    }
    if !values.is_empty() {
        values.splice(0..0, name.map(str::to_uppercase));
        line(&values, text);
    }
    for key in nested {
        if let Some(value) = members.get(key) {
            write(value, Some(key), None, text);
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn things_are_lines_and_values_are_columns() {
        for (value, text) in [
            (json!("x"), "x\n"),
            (json!(null), "None\n"),
            (json!([]), ""),
            (json!(["a", "b", true]), "a\tb\tTrue\n"),
            (json!([["a", 1], ["b", 2]]), "a\t1\nb\t2\n"),
            (json!({"QueueUrls": ["u1", "u2"]}), "QUEUEURLS\tu1\nQUEUEURLS\tu2\n"),
            (json!({"MessageId": "m", "MD5OfMessageBody": "5d"}), "5d\tm\n"),
            (
                json!({"Messages": [{"Body": "b1", "MessageId": "1", "Attributes": {"k": "v"}}, {"MessageId": "2"}]}),
                "MESSAGES\tb1\t1\nATTRIBUTES\tv\nMESSAGES\t\t2\n",
            ),
        ] {
            assert_eq!(print(&value), text, "{value}");
        }
    }
}
