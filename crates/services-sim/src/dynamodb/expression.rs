//! Expressions: the texts by which items are changed, filtered and cut, with their `#names` and `:values`.

mod condition;
mod path;
mod update;

use std::cell::RefCell;
use std::collections::BTreeSet;

use aws_protocol::AwsError;
use shared_json::Value;

use super::attribute::{checked, members};
use super::invalid;
pub(super) use condition::Condition;
pub(super) use path::{Path, paths};
pub(super) use update::Update;

/// The deepest nesting of parentheses.
const DEEPEST: usize = 50;

/// Bytes of an expression: 4 KB. Source: DynamoDB's developer guide, quotas.
const EXPRESSION_BYTES: usize = 4_096;

/// What a call's expressions may refer to; it notes what was used.
#[derive(Debug)]
pub(super) struct Placeholders<'a> {
    params: &'a Value,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Placeholders<'a> {
    pub(super) fn new(params: &'a Value) -> Self {
        Placeholders { params, used: RefCell::default() }
    }

    /// Every placeholder that was given must stand in an expression.
    pub(super) fn check_use(&self) -> Result<(), AwsError> {
        for key in ["ExpressionAttributeNames", "ExpressionAttributeValues"] {
            let used = self.used.borrow();
            let idle: Vec<&str> =
                members(&self.params[key]).map(|(name, _)| name).filter(|name| !used.contains(*name)).collect();
            if !idle.is_empty() {
                return Err(invalid(format!(
                    "Value provided in {key} unused in expressions: keys: {{{}}}",
                    idle.join(", ")
                )));
            }
        }
        Ok(())
    }

    fn name(&self, kind: &str, name: &str) -> Result<String, AwsError> {
        self.used.borrow_mut().insert(name.to_owned());
        let named = self.params["ExpressionAttributeNames"].get_str(name);
        named.map(str::to_owned).ok_or_else(|| {
            invalid(format!(
                "Invalid {kind}: An expression attribute name used in the document path is not defined; attribute name: {name}"
            ))
        })
    }

    fn value(&self, kind: &str, name: &str) -> Result<Value, AwsError> {
        self.used.borrow_mut().insert(name.to_owned());
        let value = self.params["ExpressionAttributeValues"].get(name).ok_or_else(|| {
            invalid(format!(
                "Invalid {kind}: An expression attribute value used in expression is not defined; attribute value: {name}"
            ))
        })?;
        checked(value)
    }
}

/// The words of one expression, read from left to right.
pub(super) struct Words<'a> {
    /// `UpdateExpression` and its like, for errors.
    kind: &'static str,
    words: Vec<&'a str>,
    at: usize,
    depth: usize,
    placeholders: &'a Placeholders<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn new(kind: &'static str, text: &'a str, placeholders: &'a Placeholders<'a>) -> Result<Self, AwsError> {
        if text.trim().is_empty() {
            return Err(invalid(format!("Invalid {kind}: The expression can not be empty;")));
        }
        if text.len() > EXPRESSION_BYTES {
            let why = "Expression size has exceeded the maximum allowed size;";
            return Err(invalid(format!("Invalid {kind}: {why}")));
        }
        Ok(Words { kind, words: split(text), at: 0, depth: 0, placeholders })
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    /// Takes the word when it is the next one; keywords in any case.
    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word));
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), AwsError> {
        if self.take(word) { Ok(()) } else { Err(self.syntax()) }
    }

    fn deeper(&mut self) -> Result<(), AwsError> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.syntax()) } else { Ok(()) }
    }

    /// What AWS says of a word that cannot stand where it stands.
    fn syntax(&self) -> AwsError {
        let Some(word) = self.peek() else {
            return invalid(format!(
                "Invalid {}: Syntax error; token: \"<EOF>\", near: \"{}\"",
                self.kind,
                self.words.last().copied().unwrap_or_default()
            ));
        };
        let near = self.words.iter().skip(self.at.saturating_sub(1)).take(3).copied().collect::<Vec<_>>().join(" ");
        invalid(format!("Invalid {}: Syntax error; token: \"{word}\", near: \"{near}\"", self.kind))
    }

    fn end(&self) -> Result<(), AwsError> {
        if self.at == self.words.len() { Ok(()) } else { Err(self.syntax()) }
    }
}

/// Cuts a text into names, numbers and signs.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if word(first) || first == '#' || first == ':' {
            let tail = rest.get(first.len_utf8()..).unwrap_or_default();
            first.len_utf8() + tail.find(|c| !word(c)).unwrap_or(tail.len())
        } else if ["<>", "<=", ">="].iter().any(|sign| rest.starts_with(sign)) {
            2
        } else {
            first.len_utf8()
        };
        let (head, tail) = rest.split_at(length);
        words.push(head);
        rest = tail.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn texts_are_cut_into_words() {
        assert_eq!(
            split("SET #a.b[1]=:x+ if_not_exists(c,:y)"),
            ["SET", "#a", ".", "b", "[", "1", "]", "=", ":x", "+", "if_not_exists", "(", "c", ",", ":y", ")"]
        );
        assert_eq!(split("a<>b<=:c"), ["a", "<>", "b", "<=", ":c"]);
        assert!(split("  ").is_empty());
    }
}
