//! How many bytes a value's compact JSON text has, without writing it.

use std::cell::Cell;

use serde_json::Number;

use crate::Value;

/// What a container remembers of its text's length and of its levels. Whatever may change the container forgets it; what
/// lies deeper cannot change while the container shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Length {
    bytes: Cell<usize>,
    levels: Cell<u32>,
}

impl Length {
    /// The length, counted if it is not known. No container's text is empty, so 0 says "not known".
    pub(crate) fn get(&self, count: impl FnOnce() -> usize) -> usize {
        if self.bytes.get() == 0 {
            self.bytes.set(count());
        }
        self.bytes.get()
    }

    /// The levels, from those of the values inside if they are not known.
    pub(crate) fn levels<'a>(&self, inside: impl Iterator<Item = &'a Value>) -> u32 {
        if self.levels.get() == 0 {
            self.levels.set(inside.map(Value::depth).max().unwrap_or_default().saturating_add(1));
        }
        self.levels.get()
    }

    pub(crate) fn forget(&mut self) {
        *self = Length::default();
    }
}

pub(crate) fn value(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(n) => number(n),
        Value::String(s) => string(s),
        Value::Array(items) => items.json_len(),
        Value::Object(members) => members.json_len(),
    }
}

/// The brackets and commas around so many parts.
pub(crate) fn brackets(parts: usize) -> usize {
    2 + parts.saturating_sub(1)
}

/// A string with its quotes and escapes.
pub(crate) fn string(text: &str) -> usize {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let escapes = words.iter().filter(|word| may_escape(u64::from_le_bytes(**word))).flatten().chain(rest);
    2 + text.len() + escapes.map(|byte| added(*byte)).sum::<usize>()
}

/// Whether one of eight bytes is a control character, a quote or a backslash; now and then it says so without need.
fn may_escape(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & (ONES << 7);
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | is(b'"') | is(b'\\') != 0
}

/// What escaping a byte adds to it.
fn added(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..0x20 => 5,
        _ => 0,
    }
}

fn number(number: &Number) -> usize {
    if let Some(n) = number.as_u64() {
        digits(n)
    } else if let Some(n) = number.as_i64() {
        1 + digits(n.unsigned_abs())
    } else {
        let mut counter = Counter(0);
        match serde_json::to_writer(&mut counter, number) {
            Ok(()) => counter.0,
            Err(_) => usize::MAX,
        }
    }
}

fn digits(n: u64) -> usize {
    n.checked_ilog10().map_or(1, |log| log as usize + 1)
}

struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Value, json};

    #[track_caller]
    fn check(value: &Value) {
        assert_eq!(value.json_len(), value.to_string().len(), "{value}");
    }

    #[test]
    fn every_kind_of_value_is_measured_as_it_is_written() {
        for text in
            ["null", "true", "false", "0", "-0", "9", "10", "-10", "18446744073709551615", "-9223372036854775808"]
        {
            check(&Value::parse(text).unwrap());
        }
        for text in ["1.5", "-0.0", "1e300", "1e-7", "123456789.25", "3.0"] {
            check(&Value::parse(text).unwrap());
        }
        for text in ["[]", "{}", "[1]", r#"{"a":1}"#, r#"[1,[2,{"b":[]}]]"#, r#"{"a\n":1,"b":{"c\"":[null]}}"#] {
            check(&Value::parse(text).unwrap());
        }
    }

    #[test]
    fn every_character_is_measured_at_every_place_in_a_word() {
        for character in (0..0x300).filter_map(char::from_u32).chain(['\u{2028}', '😀', '\u{ffff}']) {
            for before in 0..9 {
                let text = format!("{}{character}{}", "x".repeat(before), "y".repeat(11 - before));
                check(&Value::from(text));
            }
        }
    }

    #[test]
    fn levels_are_counted() {
        for (text, levels) in [("1", 0), ("[]", 1), ("{}", 1), (r#"[1,{"a":[]},[2]]"#, 3)] {
            assert_eq!(Value::parse(text).unwrap().depth(), levels, "{text}");
        }
        let value = json!({"a": 1});
        assert_eq!((value.depth(), value.with("b", json!([[]])).depth(), value.depth()), (1, 3, 1));
    }

    #[test]
    fn a_change_is_measured_anew() {
        let mut value = json!({"list": [1, 2], "n": 1});
        check(&value);
        let shared = value.clone();
        if let Value::Object(members) = &mut value {
            let members = std::rc::Rc::make_mut(members);
            if let Some(Value::Array(items)) = members.get_mut("list") {
                std::rc::Rc::make_mut(items).push(json!({"deep": true}));
            }
        }
        assert_eq!(value, json!({"list": [1, 2, {"deep": true}], "n": 1}));
        check(&value);
        check(&shared);
        check(&value.with("n", json!(1000)));
    }
}
