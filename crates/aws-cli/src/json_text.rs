//! JSON from the command line, and what Python's `json` says when it is broken.

use shared_json::Value;

/// Reads JSON text.
///
/// The error is worded and placed as Python does it.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    Value::parse(text).map_err(|error| {
        let mut scan = Scan { letters: text.chars().collect(), at: 0 };
        match scan.document() {
            Err((what, at)) => scan.say(what, at),
            Ok(()) => error.to_string(),
        }
    })
}

type Found = Result<(), (&'static str, usize)>;

const DEEPEST: usize = 100;

struct Scan {
    letters: Vec<char>,
    at: usize,
}

impl Scan {
    fn say(&self, what: &str, at: usize) -> String {
        let before = &self.letters[..at.min(self.letters.len())];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        format!("{what}: line {line} column {column} (char {at})")
    }

    fn document(&mut self) -> Found {
        self.space();
        self.value(0)?;
        self.space();
        if self.at < self.letters.len() { Err(("Extra data", self.at)) } else { Ok(()) }
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Found {
        match self.peek() {
            _ if depth > DEEPEST => Err(("Too deeply nested", self.at)),
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.string(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Found {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
            self.at += 1;
        }
        let word: String = self.letters[start..self.at].iter().collect();
        if Value::parse(&word).is_ok() { Ok(()) } else { Err(("Expecting value", start)) }
    }

    fn string(&mut self) -> Found {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(("Unterminated string starting at", start)),
                Some('"') => break,
                Some('\\') => {
                    self.at += 1;
                    if !self.peek().is_none_or(|c| "\"\\/bfnrtu".contains(c)) {
                        return Err(("Invalid \\escape", self.at - 1));
                    }
                }
                Some(c) if u32::from(c) < 0x20 => return Err(("Invalid control character at", self.at)),
                Some(_) => {}
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Found {
        self.at += 1;
        self.space();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some('"') {
                return Err(("Expecting property name enclosed in double quotes", self.at));
            }
            self.string()?;
            self.space();
            if self.peek() != Some(':') {
                return Err(("Expecting ':' delimiter", self.at));
            }
            self.at += 1;
            self.space();
            self.value(depth + 1)?;
            if self.ends('}')? {
                return Ok(());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Found {
        self.at += 1;
        self.space();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.ends(']')? {
                return Ok(());
            }
        }
    }

    /// After a value: the end, or a comma and more.
    fn ends(&mut self, bracket: char) -> Result<bool, (&'static str, usize)> {
        self.space();
        let next = self.peek();
        self.at += 1;
        match next {
            Some(c) if c == bracket => Ok(true),
            Some(',') => {
                self.space();
                Ok(false)
            }
            _ => Err(("Expecting ',' delimiter", self.at - 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_json_is_told_as_python_tells_it() {
        for (text, said) in [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ("{a:1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            ("{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"),
            ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
            ("[1,\n\"b]", "Unterminated string starting at: line 2 column 1 (char 4)"),
            ("[] x", "Extra data: line 1 column 4 (char 3)"),
            ("[nope]", "Expecting value: line 1 column 2 (char 1)"),
            ("[\"\\x\"]", "Invalid \\escape: line 1 column 3 (char 2)"),
        ] {
            assert_eq!(parse(text), Err(said.to_owned()), "{text}");
        }
        assert!(parse(" {\"a\": [1, true]} ").is_ok());
    }
}
