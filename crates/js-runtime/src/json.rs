//! `JSON.parse`, bounded in depth; its messages are those of Node.js.
//!
//! The interpreter's own `JSON.parse` compiles the text as a script, which is slow and recurses without a bound.

use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsNativeError, JsResult, JsString, JsValue};

/// Parses `text` as `JSON.parse` does, without a reviver. `runtime` is the Node.js major version, whose words differ.
pub fn parse(text: &JsString, max_depth: usize, runtime: u32, context: &mut Context) -> JsResult<JsValue> {
    let units = text.to_vec();
    let mut parser = Parser { units: &units, at: 0, depth: 0, max_depth, runtime };
    parser.skip_space();
    let value = parser.value(context)?;
    parser.skip_space();
    if parser.at < units.len() {
        return Err(parser.expected("Unexpected non-whitespace character after JSON"));
    }
    Ok(value)
}

struct Parser<'a> {
    units: &'a [u16],
    at: usize,
    depth: usize,
    max_depth: usize,
    runtime: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u16> {
        self.units.get(self.at).copied()
    }

    fn is(&self, byte: u8) -> bool {
        self.peek() == Some(u16::from(byte))
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.is(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|unit| matches!(unit, 0x20 | 0x09 | 0x0a | 0x0d)) {
            self.at += 1;
        }
    }

    fn value(&mut self, context: &mut Context) -> JsResult<JsValue> {
        match self.peek().and_then(|unit| u8::try_from(unit).ok()) {
            Some(b'{') => self.nested(context, Self::object),
            Some(b'[') => self.nested(context, Self::array),
            Some(b'"') => Ok(self.string()?.into()),
            Some(b't') => self.word("true", true.into()),
            Some(b'f') => self.word("false", false.into()),
            Some(b'n') => self.word("null", JsValue::null()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.unexpected()),
        }
    }

    fn nested(
        &mut self,
        context: &mut Context,
        read: fn(&mut Self, &mut Context) -> JsResult<JsValue>,
    ) -> JsResult<JsValue> {
        if self.depth >= self.max_depth {
            return Err(JsNativeError::range().with_message("Maximum call stack size exceeded").into());
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self, context)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self, context: &mut Context) -> JsResult<JsValue> {
        let object = JsObject::with_object_proto(context.intrinsics());
        self.skip_space();
        if self.take(b'}') {
            return Ok(object.into());
        }
        if !self.is(b'"') {
            return Err(self.expected("Expected property name or '}' in JSON"));
        }
        loop {
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.expected("Expected ':' after property name in JSON"));
            }
            self.skip_space();
            let value = self.value(context)?;
            object.create_data_property_or_throw(key, value, context)?;
            self.skip_space();
            if self.take(b'}') {
                return Ok(object.into());
            }
            if !self.take(b',') {
                return Err(self.expected("Expected ',' or '}' after property value in JSON"));
            }
            self.skip_space();
            if !self.is(b'"') {
                return Err(self.expected("Expected double-quoted property name in JSON"));
            }
        }
    }

    fn array(&mut self, context: &mut Context) -> JsResult<JsValue> {
        let mut elements = Vec::new();
        self.skip_space();
        if !self.take(b']') {
            loop {
                self.skip_space();
                elements.push(self.value(context)?);
                self.skip_space();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("Expected ',' or ']' after array element in JSON"));
                }
            }
        }
        Ok(JsArray::from_iter(elements, context).into())
    }

    fn string(&mut self) -> JsResult<JsString> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let Some(unit) = self.peek() else {
                return Err(self.expected("Unterminated string in JSON"));
            };
            match unit {
                0x22 => {
                    self.at += 1;
                    return Ok(JsString::from(out.as_slice()));
                }
                0x5c => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                0..0x20 => return Err(self.expected("Bad control character in string literal in JSON")),
                _ => {
                    self.at += 1;
                    out.push(unit);
                }
            }
        }
    }

    fn escape(&mut self) -> JsResult<u16> {
        let Some(unit) = self.peek() else {
            return Err(self.expected("Unterminated string in JSON"));
        };
        let meaning = match u8::try_from(unit) {
            Ok(b @ (b'"' | b'\\' | b'/')) => u16::from(b),
            Ok(b'b') => 8,
            Ok(b'f') => 12,
            Ok(b'n') => 10,
            Ok(b'r') => 13,
            Ok(b't') => 9,
            Ok(b'u') => {
                let mut code = 0_u16;
                for _ in 0..4 {
                    self.at += 1;
                    let digit = self.peek().and_then(|u| char::from_u32(u.into())).and_then(|c| c.to_digit(16));
                    let Some(digit) = digit else {
                        return Err(self.expected("Bad Unicode escape in JSON"));
                    };
                    code = code << 4 | digit as u16;
                }
                code
            }
            _ => return Err(self.expected("Bad escaped character in JSON")),
        };
        self.at += 1;
        Ok(meaning)
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|unit| (0x30..=0x39).contains(&unit)) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> JsResult<JsValue> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if self.peek().is_some_and(|unit| (0x30..=0x39).contains(&unit)) {
                return Err(self.unexpected());
            }
        } else if !self.digits() {
            return Err(self.expected("No number after minus sign in JSON"));
        }
        if self.take(b'.') && !self.digits() {
            return Err(self.expected("Unterminated fractional number in JSON"));
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'-') || self.take(b'+');
            if !self.digits() {
                return Err(self.expected("Exponent part is missing a number in JSON"));
            }
        }
        let text = String::from_utf16_lossy(self.units.get(start..self.at).unwrap_or_default());
        Ok(JsValue::from(text.parse::<f64>().unwrap_or(f64::NAN)))
    }

    fn word(&mut self, word: &str, value: JsValue) -> JsResult<JsValue> {
        for byte in word.bytes() {
            if !self.take(byte) {
                return Err(self.unexpected());
            }
        }
        Ok(value)
    }

    /// A fault that newer versions describe in words of their own.
    fn expected(&self, words: &str) -> boa_engine::JsError {
        if self.runtime < 20 {
            return self.unexpected();
        }
        let mut message = format!("{words} at position {}", self.at);
        let at_end = self.at >= self.units.len() && !words.starts_with("Unterminated");
        if at_end && (self.at == 0 || !words.starts_with("Expected")) {
            message = "Unexpected end of JSON input".to_owned();
        }
        if self.runtime >= 22 && message.contains(" at position ") {
            let before = self.units.get(..self.at).unwrap_or_default();
            let line = before.iter().filter(|unit| **unit == 10).count() + 1;
            let column = before.iter().rev().take_while(|unit| **unit != 10).count() + 1;
            message.push_str(&format!(" (line {line} column {column})"));
        }
        JsNativeError::syntax().with_message(message).into()
    }

    fn unexpected(&self) -> boa_engine::JsError {
        let text = |from: usize, to: usize| String::from_utf16_lossy(self.units.get(from..to).unwrap_or_default());
        let length = self.units.len();
        let message = match self.peek() {
            None => "Unexpected end of JSON input".to_owned(),
            Some(0x22) => format!("Unexpected string in JSON at position {}", self.at),
            Some(0x30..=0x39 | 0x2d) => format!("Unexpected number in JSON at position {}", self.at),
            Some(_) if self.runtime < 20 => {
                format!("Unexpected token {} in JSON at position {}", text(self.at, self.at + 1), self.at)
            }
            Some(_) if matches!(text(0, length).as_str(), "undefined" | "[object Object]") => {
                format!("\"{}\" is not valid JSON", text(0, length))
            }
            Some(_) => {
                // Ten characters on either side, as V8 quotes them.
                let (mut from, mut to) = (0, length);
                if length > 40 {
                    from = self.at.saturating_sub(10);
                    to = (self.at + 10).min(length);
                }
                let before = if from > 0 { "..." } else { "" };
                let after = if to < length { "..." } else { "" };
                let token = text(self.at, self.at + 1);
                format!("Unexpected token '{token}', {before}\"{}\"{after} is not valid JSON", text(from, to))
            }
        };
        JsNativeError::syntax().with_message(message).into()
    }
}
