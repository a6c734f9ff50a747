//! Recursive descent that goes on after every error.

use crate::{Document, Member, Node, NodeKind, Span, SyntaxError, SyntaxErrorKind};

/// Arrays and objects may be nested this deep; deeper ones are skipped and reported.
pub const MAX_DEPTH: usize = 200;

/// More errors than this are not listed.
pub const MAX_ERRORS: usize = 100;

/// Reads a text. See the crate's documentation.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut parser = Parser { text, at: 0, errors: Vec::new(), objects: 0, arrays: 0, key_at: None };
    parser.skip_space();
    if parser.peek().is_none() {
        parser.error(SyntaxErrorKind::UnexpectedEnd, Span::at(parser.at), "There is nothing here yet.");
        return Document { root: None, errors: parser.errors };
    }
    let root = parser.value();
    parser.skip_space();
    if parser.at < text.len() {
        let span = Span::new(parser.at, text.trim_end().len().max(parser.at));
        parser.error(SyntaxErrorKind::Other, span, "There is text after the end of the document.");
    }
    parser.errors.sort_by_key(|error| error.span.start);
    Document { root, errors: parser.errors }
}

pub(crate) struct Parser<'a> {
    text: &'a str,
    pub(crate) at: usize,
    errors: Vec<SyntaxError>,
    /// How many objects and arrays are open.
    objects: usize,
    arrays: usize,
    /// Where an array found a key that belongs to an object around it. Remembered, so that nested arrays do not each
    /// read the string again.
    key_at: Option<usize>,
}

impl Parser<'_> {
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &str {
        Span::new(start, end).slice(self.text)
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
    }

    pub(crate) fn rest_is_empty(&self) -> bool {
        self.at >= self.text.trim_end().len()
    }

    pub(crate) fn char_width(&self) -> usize {
        self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }

    pub(crate) fn error(&mut self, kind: SyntaxErrorKind, span: Span, message: impl Into<String>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError { kind, span, message: message.into() });
        }
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>) {
        self.error(SyntaxErrorKind::Other, span, message);
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Node> {
        match self.peek()? {
            b'{' => Some(self.nested(b'{')),
            b'[' => Some(self.nested(b'[')),
            b'"' => {
                let (text, span) = self.string();
                Some(Node { span, kind: NodeKind::String(text) })
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => Some(self.number()),
            _ => self.word(),
        }
    }

    fn nested(&mut self, open: u8) -> Node {
        let start = self.at;
        if self.objects + self.arrays >= MAX_DEPTH {
            self.skip_nested();
            let span = Span::new(start, self.at);
            self.wrong(span, format!("Nested deeper than {MAX_DEPTH} levels: not read."));
            let kind = if open == b'{' { NodeKind::Object(Vec::new()) } else { NodeKind::Array(Vec::new()) };
            return Node { span, kind };
        }
        self.at += 1;
        let kind = if open == b'{' {
            self.objects += 1;
            let members = self.members(start);
            self.objects -= 1;
            NodeKind::Object(members)
        } else {
            self.arrays += 1;
            let items = self.items(start);
            self.arrays -= 1;
            NodeKind::Array(items)
        };
        Node { span: Span::new(start, self.at), kind }
    }

    /// Walks over a bracket and what it encloses without building anything.
    fn skip_nested(&mut self) {
        let (mut depth, mut quoted) = (0_usize, false);
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' if quoted => {
                    self.at += self.text.as_bytes().get(self.at + 1).map_or(0, |b| usize::from(b.is_ascii()))
                }
                b'"' => quoted = !quoted,
                b'\n' => quoted = false,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// What stands between `{` at `open` and its `}`, which is taken too.
    fn members(&mut self, open: usize) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        let mut comma: Option<usize> = None;
        let mut after_value = false;
        loop {
            let end_of_last = self.at;
            self.skip_space();
            match self.peek() {
                None => {
                    let message = "This object is not closed: a } is missing.";
                    self.error(SyntaxErrorKind::UnexpectedEnd, Span::new(open, open + 1), message);
                    break;
                }
                Some(b'}') => {
                    self.at += 1;
                    if self.closes_too_early() {
                        self.wrong(Span::new(self.at - 1, self.at), "This } closes the document before its end.");
                        after_value = true;
                        continue;
                    }
                    self.trailing_comma(comma);
                    break;
                }
                Some(b']') if self.arrays > 0 => {
                    self.wrong(Span::new(open, open + 1), "This object is not closed: a } is missing.");
                    break;
                }
                Some(b',') => {
                    if !after_value {
                        self.wrong(Span::new(self.at, self.at + 1), "A comma too many.");
                    }
                    comma = Some(self.at);
                    after_value = false;
                    self.at += 1;
                }
                Some(byte) if byte == b'"' || is_word(byte) => {
                    if after_value {
                        self.comma_missing(end_of_last);
                    }
                    (comma, after_value) = (None, true);
                    members.push(self.one_member());
                }
                Some(_) => self.stray(),
            }
        }
        self.report_duplicates(&members);
        members
    }

    fn one_member(&mut self) -> Member {
        let (key, key_span) = if self.peek() == Some(b'"') {
            self.string()
        } else {
            let start = self.at;
            self.take_word();
            let span = Span::new(start, self.at);
            self.wrong(span, "A key needs double quotes.");
            (span.slice(self.text).to_owned(), span)
        };
        self.skip_space();
        if self.peek() == Some(b':') {
            self.at += 1;
            self.skip_space();
        } else if matches!(self.peek(), None | Some(b',' | b'}' | b']')) || self.key_ahead() {
            self.at = key_span.end;
            self.wrong(key_span, "A colon and a value are missing after this key.");
            return Member { key, key_span, value: None };
        } else {
            self.wrong(key_span, "A colon is missing after this key.");
        }
        let before = self.at;
        let value = match self.peek() {
            None | Some(b',' | b'}' | b']') => None,
            Some(b'"') if self.key_ahead() => None,
            Some(_) => self.value(),
        };
        if value.is_none() && self.at == before {
            self.at = key_span.end + self.slice(key_span.end, before).trim_end().len();
            self.wrong(key_span, "A value is missing after this key.");
        }
        Member { key, key_span, value }
    }

    /// What stands between `[` at `open` and its `]`, which is taken too.
    fn items(&mut self, open: usize) -> Vec<Node> {
        let mut items = Vec::new();
        let mut comma: Option<usize> = None;
        let mut after_value = false;
        loop {
            let end_of_last = self.at;
            self.skip_space();
            match self.peek() {
                None => {
                    let message = "This array is not closed: a ] is missing.";
                    self.error(SyntaxErrorKind::UnexpectedEnd, Span::new(open, open + 1), message);
                    break;
                }
                Some(b']') => {
                    self.at += 1;
                    self.trailing_comma(comma);
                    break;
                }
                Some(b'}') if self.objects > 0 => {
                    self.wrong(Span::new(open, open + 1), "This array is not closed: a ] is missing.");
                    break;
                }
                Some(b'"') if self.objects > 0 && self.key_ahead() => {
                    self.wrong(Span::new(open, open + 1), "This array is not closed: a ] is missing.");
                    // A comma before the key belongs to the object around.
                    self.at = comma.unwrap_or(self.at);
                    break;
                }
                Some(b',') => {
                    if !after_value {
                        self.wrong(Span::new(self.at, self.at + 1), "A comma too many.");
                    }
                    comma = Some(self.at);
                    after_value = false;
                    self.at += 1;
                }
                Some(byte) if matches!(byte, b'"' | b'{' | b'[' | b'+' | b'.') || is_word(byte) => {
                    if after_value {
                        self.comma_missing(end_of_last);
                    }
                    (comma, after_value) = (None, true);
                    items.extend(self.value());
                }
                Some(_) => self.stray(),
            }
        }
        items
    }

    /// Points at the last character before the place.
    fn comma_missing(&mut self, end: usize) {
        let before = self.slice(0, end).chars().next_back().map_or(0, char::len_utf8);
        self.wrong(Span::new(end - before, end), "A comma is missing here.");
    }

    fn trailing_comma(&mut self, comma: Option<usize>) {
        if let Some(comma) = comma {
            self.wrong(Span::new(comma, comma + 1), "A comma too many: nothing follows it.");
        }
    }

    /// A bracket or a sign where a key, a value or a comma should be.
    fn stray(&mut self) {
        let start = self.at;
        self.at += self.char_width().max(1);
        let span = Span::new(start, self.at);
        let message = format!("Did not expect {} here.", span.slice(self.text));
        self.wrong(span, message);
    }

    /// Whether the outermost object's `}` was just taken, but members follow.
    fn closes_too_early(&self) -> bool {
        self.objects == 1
            && self.arrays == 0
            && self.text.get(self.at..).is_some_and(|rest| rest.trim_start().starts_with([',', '"']))
    }

    /// Whether the string under the cursor is a key: a colon follows it. Moves nothing.
    fn key_ahead(&mut self) -> bool {
        if self.peek() != Some(b'"') {
            return false;
        }
        if self.key_at == Some(self.at) {
            return true;
        }
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            match bytes.get(at) {
                None | Some(b'\n') => return false,
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
            }
        }
        at += 1;
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
            at += 1;
        }
        let found = bytes.get(at) == Some(&b':');
        if found {
            self.key_at = Some(self.at);
        }
        found
    }

    fn number(&mut self) -> Node {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') = self.peek() {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        let text = span.slice(self.text).to_owned();
        if !is_number(text.as_bytes()) {
            self.wrong(span, format!("{text} is not a number as JSON writes them."));
        }
        Node { span, kind: NodeKind::Number(text) }
    }

    /// `true`, `false`, `null`, or a word that means nothing.
    fn word(&mut self) -> Option<Node> {
        let start = self.at;
        self.take_word();
        if self.at == start {
            self.stray();
            return None;
        }
        let span = Span::new(start, self.at);
        let kind = match span.slice(self.text) {
            "true" => NodeKind::Bool(true),
            "false" => NodeKind::Bool(false),
            "null" => NodeKind::Null,
            word => {
                let message = format!("Unknown word {word}: text needs double quotes.");
                self.error(SyntaxErrorKind::UnknownWord, span, message);
                return None;
            }
        };
        Some(Node { span, kind })
    }

    fn take_word(&mut self) {
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
    }

    fn report_duplicates(&mut self, members: &[Member]) {
        let mut order: Vec<&Member> = members.iter().collect();
        order.sort_by(|a, b| a.key.cmp(&b.key));
        for pair in order.windows(2) {
            if let [first, second] = pair
                && first.key == second.key
            {
                let message = format!("The key \"{}\" stands twice in this object.", second.key);
                self.error(SyntaxErrorKind::DuplicateKey, second.key_span, message);
            }
        }
    }
}

/// Bytes a bare word is made of: letters, digits and everything beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$' | b'\'') || byte >= 0x80
}

fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
