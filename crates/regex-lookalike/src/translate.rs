//! From JavaScript's syntax to that of `regex-lite`.

/// Characters that a backslash may stand before there too, or that mean something with one.
const ESCAPES: &str = "dDwWsSbBnrtfvxuAz";

pub(crate) fn translate(pattern: &str) -> String {
    let mut reader = Reader { rest: pattern, out: String::with_capacity(pattern.len() + 8) };
    while let Some(c) = reader.next() {
        match c {
            '\\' => reader.escape(),
            '[' => reader.class(),
            '{' if !reader.is_count() => reader.out.push_str("\\{"),
            '}' if !reader.ends_count() => reader.out.push_str("\\}"),
            c => reader.out.push(c),
        }
    }
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// What follows a backslash.
    fn escape(&mut self) {
        match self.next() {
            None => self.out.push('\\'),
            Some('0') if !self.rest.starts_with(|c: char| c.is_ascii_digit()) => self.out.push_str("\\x00"),
            Some('c') if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let letter = self.next().map_or(0, |c| c as u32 % 32);
                self.out.push_str(&format!("\\x{letter:02X}"));
            }
            // A letter without a meaning stands for itself.
            Some(c) if c.is_ascii_alphabetic() && !ESCAPES.contains(c) && !matches!(c, 'p' | 'P' | 'k') => {
                self.out.push(c)
            }
            Some(c) if c.is_ascii() && !matches!(c, '<' | '>') => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some(c) => self.out.push(c),
        }
    }

    /// A class in brackets: inside, `[` and doubled signs mean nothing.
    fn class(&mut self) {
        if self.rest.starts_with("^]") {
            self.rest = &self.rest[2..];
            self.out.push_str("(?s:.)");
            return;
        }
        if self.rest.starts_with(']') {
            self.rest = &self.rest[1..];
            // Nothing is in an empty class.
            self.out.push_str("[^\\s\\S]");
            return;
        }
        self.out.push('[');
        if self.rest.starts_with('^') {
            self.next();
            self.out.push('^');
        }
        while let Some(c) = self.next() {
            match c {
                ']' => {
                    self.out.push(']');
                    return;
                }
                '\\' if self.rest.starts_with('b') => {
                    self.next();
                    self.out.push_str("\\x08");
                }
                '\\' => self.escape(),
                '[' | '&' | '~' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                c => self.out.push(c),
            }
        }
    }

    /// Whether the `{` just read begins a count: `{2}`, `{2,}`, `{2,3}`.
    fn is_count(&self) -> bool {
        let Some((count, _)) = self.rest.split_once('}') else { return false };
        let (least, most) = count.split_once(',').unwrap_or((count, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !least.is_empty() && digits(least) && digits(most)
    }

    /// Whether the `}` just read ends one.
    fn ends_count(&self) -> bool {
        let before = self.out.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',');
        before.len() < self.out.len() && before.ends_with('{') && !before.ends_with("\\{")
    }
}
