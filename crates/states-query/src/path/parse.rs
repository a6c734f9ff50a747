//! From the text of a path to its segments.

use std::rc::Rc;

use super::filter::{self, Filter};
use super::{Function, Path, Root, Segment};
use crate::error::PathError;

pub(super) fn parse(text: &str) -> Result<Path, PathError> {
    let mut reader = Reader::new(text.trim_end());
    let path = reader.path(false)?;
    match reader.peek() {
        None => Ok(path),
        Some(_) => Err(reader.error("Illegal character, expected '.' or '['")),
    }
}

/// A place in the text. Also reads filters, whose paths end where an operator begins.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
    /// How many filters we are inside of: bounds the recursion.
    pub(super) depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, depth: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), PathError> {
        self.skip_blanks();
        if self.take(token) { Ok(()) } else { Err(self.error(format!("Expected '{token}'"))) }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> PathError {
        PathError::new(message, self.at)
    }

    /// A path; inside a filter it ends at a blank, an operator or a closing parenthesis.
    pub(super) fn path(&mut self, in_filter: bool) -> Result<Path, PathError> {
        let start = self.at;
        let root = match self.next() {
            Some('$') if self.take("$") => Root::Context,
            Some('$') => self.variable().map_or(Root::Input, Root::Variable),
            Some('@') if in_filter => Root::Item,
            _ => return Err(PathError::new("A path starts with '$'", start)),
        };
        let mut segments = Vec::new();
        loop {
            if self.take("..") {
                segments.push(Segment::DeepScan);
                segments.push(if self.peek() == Some('[') { self.bracket()? } else { self.name(in_filter)? });
            } else if self.take(".") {
                // AWS reads `$.[0]` as `$[0]`.
                segments.push(if self.peek() == Some('[') { self.bracket()? } else { self.name(in_filter)? });
            } else if self.peek() == Some('[') {
                segments.push(self.bracket()?);
            } else {
                break;
            }
        }
        let functions = segments.iter().position(|segment| matches!(segment, Segment::Function(_)));
        if functions.is_some_and(|at| at + 1 != segments.len()) {
            return Err(self.error("A function must be the last part of a path"));
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Path { text: Rc::from(text), root, segments })
    }

    /// The name of a variable: letters, digits and underscores, no digit first.
    fn variable(&mut self) -> Option<Rc<str>> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..end)?;
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        self.at += end;
        Some(Rc::from(name))
    }

    fn name(&mut self, in_filter: bool) -> Result<Segment, PathError> {
        if self.take("*") {
            return Ok(Segment::Wildcard);
        }
        let start = self.at;
        while let Some(c) = self.peek() {
            let ends = match c {
                '.' | '[' => true,
                '(' => {
                    let name = self.text.get(start..self.at).unwrap_or_default();
                    return self.function(name);
                }
                ' ' if !in_filter => {
                    return Err(
                        self.error("Use bracket notation ['my prop'] if your property contains blank characters")
                    );
                }
                ' ' | ')' | ',' | '=' | '!' | '<' | '>' | '&' | '|' | '~' | ']' => in_filter,
                _ => false,
            };
            if ends {
                break;
            }
            self.next();
        }
        match self.text.get(start..self.at) {
            Some(name) if !name.is_empty() => Ok(Segment::Names(vec![Rc::from(name)])),
            _ => Err(self.error("Path must not end with a '.' or '..'")),
        }
    }

    fn function(&mut self, name: &str) -> Result<Segment, PathError> {
        let function = match name {
            "length" | "size" => Function::Length,
            "keys" => Function::Keys,
            "min" => Function::Min,
            "max" => Function::Max,
            "avg" => Function::Avg,
            "sum" => Function::Sum,
            "stddev" => Function::Stddev,
            _ => return Err(self.error(format!("Function with name: {name} does not exist."))),
        };
        if !self.take("()") {
            return Err(self.error("Arguments to function are not supported"));
        }
        Ok(Segment::Function(function))
    }

    fn bracket(&mut self) -> Result<Segment, PathError> {
        self.expect("[")?;
        self.skip_blanks();
        let segment = match self.peek() {
            Some('*') => {
                self.next();
                Segment::Wildcard
            }
            Some('?') => {
                self.next();
                Segment::Filter(self.filter()?)
            }
            Some('\'' | '"') => Segment::Names(self.quoted_names()?),
            _ => self.indexes()?,
        };
        self.expect("]")?;
        Ok(segment)
    }

    fn filter(&mut self) -> Result<Filter, PathError> {
        self.expect("(")?;
        let filter = filter::parse(self)?;
        self.expect(")")?;
        Ok(filter)
    }

    fn quoted_names(&mut self) -> Result<Vec<Rc<str>>, PathError> {
        let mut names = Vec::new();
        loop {
            self.skip_blanks();
            names.push(Rc::from(self.quoted()?));
            self.skip_blanks();
            if !self.take(",") {
                return Ok(names);
            }
        }
    }

    /// A text in single or double quotes. A backslash escapes the quote and itself; before others it stays.
    pub(super) fn quoted(&mut self) -> Result<String, PathError> {
        let quote = match self.peek() {
            Some(c @ ('\'' | '"')) => c,
            _ => return Err(self.error("Expected a quoted text")),
        };
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '\\' if self.peek().is_some_and(|next| next == quote || next == '\\') => text.extend(self.next()),
                c if c == quote => return Ok(text),
                c => text.push(c),
            }
        }
        Err(self.error("Text is not closed"))
    }

    fn integer(&mut self) -> Result<Option<i64>, PathError> {
        self.skip_blanks();
        let start = self.at;
        self.take("-");
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.next();
        }
        match self.text.get(start..self.at) {
            Some("") | None => Ok(None),
            Some(digits) => digits.parse().map(Some).map_err(|_| PathError::new("Not an index", start)),
        }
    }

    fn indexes(&mut self) -> Result<Segment, PathError> {
        let first = self.integer()?;
        self.skip_blanks();
        if self.take(":") {
            let to = self.integer()?;
            if first.is_none() && to.is_none() {
                return Err(self.error("A slice needs a begin or an end"));
            }
            return Ok(Segment::Slice { from: first, to });
        }
        let missing = |reader: &Reader| reader.error("Could not parse token: expected a name in quotes or an index");
        let mut indexes = vec![first.ok_or_else(|| missing(self))?];
        loop {
            self.skip_blanks();
            if !self.take(",") {
                return Ok(Segment::Indexes(indexes));
            }
            indexes.push(self.integer()?.ok_or_else(|| missing(self))?);
        }
    }
}
