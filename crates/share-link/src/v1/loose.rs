//! JSON without escapes. In a project most strings are documents themselves, whose quotes and line ends would each cost
//! a backslash, and one more for each level; here they stand as they are, between two control characters.

/// Stands where JSON has a string's quotes.
const QUOTE: char = '\u{1}';
/// Before a character that must not be taken for a quote or an escape.
const ESCAPE: char = '\u{2}';

/// JSON text in the loose form. The text must be JSON.
pub(super) fn write(json: &str) -> String {
    let mut loose = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        loose.push_str(&rest[..start]);
        let mut strings = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<String>();
        let Some(Ok(string)) = strings.next() else { break };
        loose.push(QUOTE);
        for c in string.chars() {
            if matches!(c, QUOTE | ESCAPE) {
                loose.push(ESCAPE);
            }
            loose.push(c);
        }
        loose.push(QUOTE);
        rest = &rest[start + strings.byte_offset()..];
    }
    loose.push_str(rest);
    loose
}

/// The JSON text of a loose one. Of any other text, some text.
pub(super) fn read(loose: &str) -> String {
    let mut json = String::with_capacity(loose.len() * 5 / 4);
    let mut chars = loose.chars();
    while let Some(c) = chars.next() {
        if c != QUOTE {
            json.push(c);
            continue;
        }
        let mut string = String::new();
        while let Some(c) = chars.next().filter(|c| *c != QUOTE) {
            let literal = if c == ESCAPE { chars.next() } else { Some(c) };
            string.extend(literal);
        }
        json.push_str(&serde_json::Value::from(string).to_string());
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_whatever_is_in_them() {
        for text in
            ["", "plain", "\"quoted\" \\ and\nlines", "\u{1}\u{2}\u{2}\u{1}", "{\"a\":\"{\\\"b\\\":1}\"}", "é😀\u{0}"]
        {
            let json = serde_json::json!({text: [text, 1.5, null, {"a": text}]}).to_string();
            assert_eq!(read(&write(&json)), json);
        }
    }

    #[test]
    fn documents_in_strings_stand_as_they_are() {
        assert_eq!(write(r#"{"a":"{\"b\":1}"}"#), "{\u{1}a\u{1}:\u{1}{\"b\":1}\u{1}}");
    }
}
