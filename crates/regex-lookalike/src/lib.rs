//! Stands in for the crate `regex`, which jsonata-core asks for.
//!
//! The page could not afford `regex` (a fifth of what it may load first), and JSONata's regular expressions are
//! JavaScript's, not Rust's. Underneath is `regex-lite`, which the page has in it anyway and which takes time linear in the
//! text, whatever the expression: nothing that is written in an expression can make it hang. In front of it, JavaScript's
//! syntax is written anew where the two differ.
//!
//! Not there: lookaround and references to groups (they are refused), and letters beyond ASCII under the flag `i`.

mod translate;

use std::ops::Deref;

pub use regex_lite::{Captures, Error, Match, escape};

/// Bytes that a compiled expression may take: bounds the time per character of a text.
const SIZE: usize = 128 * 1024;

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub struct Regex(regex_lite::Regex);

impl Regex {
    /// Compiles.
    ///
    /// # Errors
    /// The pattern is no regular expression, or one that is not offered here.
    pub fn new(pattern: &str) -> Result<Regex, Error> {
        RegexBuilder::new(pattern).build()
    }
}

impl Deref for Regex {
    type Target = regex_lite::Regex;
    fn deref(&self) -> &regex_lite::Regex {
        &self.0
    }
}

/// Compiles with flags.
#[derive(Debug)]
pub struct RegexBuilder(regex_lite::RegexBuilder);

impl RegexBuilder {
    #[must_use]
    pub fn new(pattern: &str) -> RegexBuilder {
        let mut builder = regex_lite::RegexBuilder::new(&translate::translate(pattern));
        builder.size_limit(SIZE);
        RegexBuilder(builder)
    }

    pub fn case_insensitive(&mut self, yes: bool) -> &mut RegexBuilder {
        self.0.case_insensitive(yes);
        self
    }

    /// Compiles.
    ///
    /// # Errors
    /// As [`Regex::new`].
    pub fn build(&self) -> Result<Regex, Error> {
        self.0.build().map(Regex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
        Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).find(text).map(|found| found.as_str())
    }

    #[test]
    fn javascript_is_understood() {
        for (pattern, text, expected) in [
            (r"^hello\$", "hello$world", Some("hello$")),
            (r"^hello\ ", "hello$world", None),
            (r"a\/b", "a/b", Some("a/b")),
            (r"[^]+", "a\nb", Some("a\nb")),
            (r"[[\]]+", "x[]", Some("[]")),
            (r"[a&&b]+", "a&b", Some("a&b")),
            (r"{x}", "{x}", Some("{x}")),
            (r"a{2}", "aaa", Some("aa")),
            (r"a{,2}", "a{,2}", Some("a{,2}")),
            (r"\u0041\x42", "AB", Some("AB")),
            (r"\cJ", "\n", Some("\n")),
            (r"(?<year>\d{4})-\d\d", "on 2024-05", Some("2024-05")),
            (r"(?i)HELLO", "hello", Some("hello")),
            (r"\w+\b", "a_1-", Some("a_1")),
            (r"\e\-", "e-", Some("e-")),
            ("é+?", "éé", Some("é")),
        ] {
            assert_eq!(found(pattern, text), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_not_offered_is_refused() {
        for pattern in ["(?=a)", r"(a)\1", "(", "[z-a]", "(a{1000}){1000}"] {
            assert!(Regex::new(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn nested_repetition_takes_no_longer_than_the_text() {
        let text = format!("{}b", "a".repeat(50_000));
        assert_eq!(found("^(a+)+$", &text), None);
        assert_eq!(found("^(a|a)*$", &text), None);
    }
}
