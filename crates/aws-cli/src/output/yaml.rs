//! YAML in block style with sorted keys, as the emitter behind the AWS CLI writes it.

use std::fmt::Write as _;

use shared_json::Value;

const WIDTH: usize = 80;

pub(super) fn print(value: &Value) -> String {
    let mut writer = Writer { text: String::new(), column: 0 };
    writer.node(value, 0, Place::Root);
    if !writer.text.ends_with('\n') {
        writer.put("\n");
    }
    // A text that is the whole document is followed by the mark of its end.
    if matches!(value, Value::String(text) if is_plain(text))
        || !matches!(value, Value::Array(_) | Value::Object(_) | Value::String(_))
    {
        writer.put("...\n");
    }
    writer.text
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// After `key:`.
    Value,
    /// After `- `.
    Item,
}

struct Writer {
    text: String,
    column: usize,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, rest)) => rest.chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    fn indent(&mut self, spaces: usize) {
        if self.column > 0 {
            self.put("\n");
        }
        self.put(&" ".repeat(spaces));
    }

    fn node(&mut self, value: &Value, indent: usize, place: Place) {
        match value {
            Value::Object(members) if !members.is_empty() => self.mapping(value, indent, place),
            Value::Array(items) if !items.is_empty() => self.sequence(items, indent, place),
            scalar => {
                if place == Place::Value {
                    self.put(" ");
                }
                let continuation = indent.max(2);
                match scalar {
                    Value::Object(_) => self.put("{}"),
                    Value::Array(_) => self.put("[]"),
                    Value::String(text) => self.string(text, continuation, true),
                    Value::Null => self.put("null"),
                    other => self.put(&other.to_string()),
                }
            }
        }
    }

    fn mapping(&mut self, value: &Value, indent: usize, place: Place) {
        let mut members: Vec<(&str, &Value)> =
            value.as_object().into_iter().flatten().map(|(key, value)| (&**key, value)).collect();
        members.sort_by_key(|(key, _)| *key);
        for (number, (key, value)) in members.into_iter().enumerate() {
            if number > 0 || place == Place::Value {
                self.indent(indent);
            }
            self.string(key, indent, false);
            self.put(":");
            // A list stands below its key without further indentation.
            let is_list = matches!(value, Value::Array(items) if !items.is_empty());
            self.node(value, if is_list { indent } else { indent + 2 }, Place::Value);
        }
    }

    fn sequence(&mut self, items: &[Value], indent: usize, place: Place) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 || place == Place::Value {
                self.indent(indent);
            }
            self.put("- ");
            self.node(item, indent + 2, Place::Item);
        }
    }

    fn string(&mut self, text: &str, indent: usize, may_break: bool) {
        let marks = Marks::of(text);
        if marks.needs_double || !may_break && marks.breaks {
            self.double_quoted(text, indent, may_break);
        } else if text.is_empty() || marks.not_plain || is_other_type(text) {
            self.put("'");
            self.folded(text, indent, may_break, true);
            self.put("'");
        } else {
            self.folded(text, indent, may_break, false);
        }
    }

    /// Plain or single-quoted: single blanks past the width become line breaks.
    fn folded(&mut self, text: &str, indent: usize, may_break: bool, quoted: bool) {
        let letters: Vec<char> = text.chars().collect();
        let (mut after_space, mut after_break) = (false, false);
        for (place, letter) in letters.iter().enumerate() {
            match letter {
                ' ' => {
                    let inside = !quoted || place != 0 && place + 1 != letters.len();
                    let single = !after_space && letters.get(place + 1) != Some(&' ');
                    if may_break && single && inside && self.column > WIDTH {
                        self.indent(indent);
                    } else {
                        self.put(" ");
                    }
                    after_space = true;
                }
                '\n' => {
                    self.put(if after_break { "\n" } else { "\n\n" });
                    after_break = true;
                }
                letter => {
                    if after_break {
                        self.put(&" ".repeat(indent));
                    }
                    if *letter == '\'' && quoted {
                        self.put("'");
                    }
                    self.put(letter.encode_utf8(&mut [0; 4]));
                    (after_space, after_break) = (false, false);
                }
            }
        }
        if after_break {
            self.put(&" ".repeat(indent));
        }
    }

    fn double_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.put("\"");
        let letters: Vec<char> = text.chars().collect();
        let mut after_space = false;
        for (place, letter) in letters.iter().enumerate() {
            if *letter == ' ' {
                let inside = place != 0 && place + 1 != letters.len();
                if may_break && !after_space && self.column > WIDTH && inside {
                    self.put("\\");
                    self.indent(indent);
                    self.put("\\");
                }
                self.put(" ");
                after_space = true;
                continue;
            }
            self.put(&escaped(*letter));
            after_space = false;
        }
        self.put("\"");
    }
}

fn escaped(letter: char) -> String {
    match letter {
        '\0' => "\\0".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\r' => "\\r".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\u{85}' => "\\N".to_owned(),
        '\u{2028}' => "\\L".to_owned(),
        '\u{2029}' => "\\P".to_owned(),
        letter if is_printable(letter) => letter.to_string(),
        letter => {
            let mut text = String::new();
            let code = u32::from(letter);
            let _ = match code {
                0..=0xff => write!(text, "\\x{code:02X}"),
                0x100..=0xffff => write!(text, "\\u{code:04X}"),
                _ => write!(text, "\\U{code:08X}"),
            };
            text
        }
    }
}

fn is_printable(letter: char) -> bool {
    matches!(u32::from(letter), 0x20..=0x7e | 0xa0..=0xd7ff | 0xe000..=0xfefe | 0xff00..=0xfffd | 0x10000..=0x10ffff)
        && !matches!(letter, '\u{2028}' | '\u{2029}')
}

/// What a text has that forbids the simpler ways to write it.
struct Marks {
    not_plain: bool,
    breaks: bool,
    needs_double: bool,
}

impl Marks {
    fn of(text: &str) -> Marks {
        let letters: Vec<char> = text.chars().collect();
        let mut marks =
            Marks { not_plain: text.starts_with("---") || text.starts_with("..."), breaks: false, needs_double: false };
        let is_blank = |letter: Option<&char>| letter.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
        for (place, letter) in letters.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|place| letters.get(place));
            let next = letters.get(place + 1);
            marks.not_plain |= match letter {
                '#' => place == 0 || is_blank(before),
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => place == 0,
                '?' | '-' => place == 0 && is_blank(next),
                ':' => is_blank(next),
                ' ' => place == 0 || next.is_none(),
                '\n' => true,
                _ => false,
            };
            marks.breaks |= *letter == '\n';
            marks.needs_double |= match letter {
                '\n' => next == Some(&' '),
                ' ' => next == Some(&'\n'),
                letter => !is_printable(*letter),
            };
        }
        marks
    }
}

fn is_plain(text: &str) -> bool {
    let marks = Marks::of(text);
    !text.is_empty() && !marks.not_plain && !marks.needs_double && !is_other_type(text)
}

/// Whether a plain text would be read as something else: null, a truth, a number, a date.
fn is_other_type(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE" | "<<" | "=")
        || is_number(text)
        || is_date(text)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |text: &str, test: fn(char) -> bool| !text.is_empty() && text.chars().all(|c| c == '_' || test(c));
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return all(digits, |c| c.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return all(digits, |c| matches!(c, '0' | '1'));
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return all(digits, |c| matches!(c, '0'..='7'));
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    if all(unsigned, |c| c.is_ascii_digit()) {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = exponent.is_none_or(|text| {
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
    });
    let number = match mantissa.split_once('.') {
        Some((whole, part)) => {
            let whole_fits = whole.is_empty() && !part.is_empty() || whole.starts_with(|c: char| c.is_ascii_digit());
            whole_fits && whole.chars().chain(part.chars()).all(|c| c == '_' || c.is_ascii_digit())
        }
        None => {
            exponent.is_some()
                && mantissa.starts_with(|c: char| c.is_ascii_digit())
                && all(mantissa, |c| c.is_ascii_digit())
        }
    };
    number && digits
}

/// `2023-04-19`, or with a time after it.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(3, '-').collect();
    let [year, month, rest] = parts.as_slice() else { return false };
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
    };
    let day_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = rest.split_at(day_end);
    if !digits(year, 4, 4) {
        return false;
    }
    if time.is_empty() {
        return digits(month, 2, 2) && digits(day, 2, 2);
    }
    let Some(time) = time.strip_prefix(['T', 't']).or_else(|| time.strip_prefix([' ', '\t'])) else { return false };
    digits(month, 1, 2) && digits(day, 1, 2) && is_time(time.trim_start())
}

fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let end = shape.find(|c: char| !matches!(c, '9' | ':' | '.')).unwrap_or(shape.len());
    let (clock, zone) = shape.split_at(end);
    let clock = clock.split_once('.').map_or(clock, |(clock, _)| clock);
    let zone = zone.trim_start();
    let zone_fits = matches!(zone, "" | "Z" | "+9" | "-9" | "+99" | "-99" | "+99:99" | "-99:99" | "+9:99" | "-9:99");
    matches!(clock, "99:99:99" | "9:99:99") && zone_fits
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn things_stand_below_each_other_in_the_order_of_their_names() {
        let value = json!({
            "Roles": [{"RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r", "Tags": [], "CreateDate": "2023-04-19T08:00:00+00:00"}],
            "Account": "123456789012", "Empty": "", "Deep": {"b": [["x"], {"y": true}], "a": null},
        });
        assert_eq!(
            print(&value),
            "Account: '123456789012'\nDeep:\n  a: null\n  b:\n  - - x\n  - y: true\nEmpty: ''\nRoles:\n- Arn: \
             arn:aws:iam::123456789012:role/r\n  CreateDate: '2023-04-19T08:00:00+00:00'\n  RoleName: r\n  Tags: []\n"
        );
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        for (text, written) in [
            ("a b", "a b"),
            ("it's", "it's"),
            ("'x", "'''x'"),
            ("{\"a\": 1}", "'{\"a\": 1}'"),
            ("a: b", "'a: b'"),
            ("true", "'true'"),
            ("1.5", "'1.5'"),
            ("2012-10-17", "'2012-10-17'"),
            ("a\nb", "'a\n\n  b'"),
            ("{\n  x", "\"{\\n  x\""),
            ("tab\t", "\"tab\\t\""),
            ("ü", "ü"),
        ] {
            assert_eq!(print(&json!({"k": text})), format!("k: {written}\n"), "{text}");
        }
    }
}
