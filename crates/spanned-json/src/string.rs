//! One string literal.

use crate::parser::Parser;
use crate::{Span, SyntaxErrorKind};

impl Parser<'_> {
    /// Reads a string; the opening quote is under the cursor. A string cannot hold a line break, so an unclosed one
    /// ends with its line, before a comma that closes the line: that comma is most likely the next separator.
    pub(crate) fn string(&mut self) -> (String, Span) {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        let mut run = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    value.push_str(self.slice(run, self.at));
                    self.at += 1;
                    return (value, Span::new(start, self.at));
                }
                Some(b'\\') => {
                    value.push_str(self.slice(run, self.at));
                    self.escape(&mut value);
                    run = self.at;
                }
                None | Some(b'\n') => break,
                Some(byte) => {
                    if byte < 0x20 && byte != b'\r' {
                        let span = Span::new(self.at, self.at + 1);
                        self.error(
                            SyntaxErrorKind::Other,
                            span,
                            "A control character in a string must be escaped, as \\t.",
                        );
                    }
                    self.at += 1;
                }
            }
        }
        let line = self.slice(run, self.at);
        let trimmed = line.trim_end();
        let kept = trimmed.strip_suffix(',').unwrap_or(trimmed);
        value.push_str(kept);
        self.at = run + kept.len();
        let span = Span::new(start, self.at);
        let kind = if self.rest_is_empty() { SyntaxErrorKind::UnexpectedEnd } else { SyntaxErrorKind::Other };
        self.error(kind, span, "This string is not closed: a double quote is missing.");
        (value, span)
    }

    /// A backslash is under the cursor.
    fn escape(&mut self, value: &mut String) {
        let start = self.at;
        self.at += 1;
        let simple = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start, value),
            // The line ends the string; the string reports that.
            None | Some(b'\n') => return,
            Some(_) => {
                let width = self.char_width();
                self.at += width;
                let message = "This escape does not exist. JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX.";
                self.error(SyntaxErrorKind::Other, Span::new(start, self.at), message);
                value.push_str(self.slice(self.at - width, self.at));
                return;
            }
        };
        value.push(simple);
        self.at += 1;
    }

    /// The `u` is under the cursor, its backslash at `start`.
    fn unicode_escape(&mut self, start: usize, value: &mut String) {
        self.at += 1;
        let first = self.hex4();
        let character = match first {
            Some(high @ 0xD800..=0xDBFF) if self.starts_with("\\u") => {
                let back = self.at;
                self.at += 2;
                match self.hex4() {
                    Some(low @ 0xDC00..=0xDFFF) => char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
                    _ => {
                        self.at = back;
                        None
                    }
                }
            }
            Some(code) => char::from_u32(code),
            None => None,
        };
        if character.is_none() {
            let message = "\\u needs four hexadecimal digits, and a surrogate needs its other half.";
            self.error(SyntaxErrorKind::Other, Span::new(start, self.at), message);
        }
        value.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    /// Takes up to four hexadecimal digits; `None` unless there were four.
    fn hex4(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Some(code)
    }
}
