//! Event patterns as EventBridge and Lambda's filter criteria write them: which JSON values do they let through?
//!
//! ```
//! use event_pattern::Pattern;
//! use shared_json::json;
//!
//! let pattern = Pattern::parse(&json!({"order": {"total": [{"numeric": [">", 100]}]}})).unwrap();
//! assert!(pattern.matches(&json!({"order": {"total": 120, "id": 7}})));
//! assert!(!pattern.matches(&json!({"order": {"total": 80}})));
//! ```
//!
//! A field of the pattern holds a list of rules, of which one must fit, or an object with the pattern of what stands
//! deeper. All fields must fit. `$or` holds a list of patterns, of which one must fit.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html> (the syntax table; rules that
//! only EventBridge knows, `wildcard` and `cidr`, are refused) and
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>.
//!
//! It must not know: what an event is made of, or who asks.

mod matching;
mod parse;
mod rule;

use std::rc::Rc;

use shared_json::Value;

pub(crate) use rule::Rule;

/// A checked pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub(crate) fields: Vec<(Rc<str>, Test)>,
    /// Each member of the list is one `$or`.
    pub(crate) any_of: Vec<Vec<Pattern>>,
}

/// What a pattern asks of one field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    OneOf(Vec<Rule>),
    Inside(Pattern),
}

/// What is wrong with a pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// `body.order.total`; empty for the whole pattern.
    pub at: String,
    pub why: String,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.at.is_empty() { f.write_str(&self.why) } else { write!(f, "{}: {}", self.at, self.why) }
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// The first thing that is no pattern.
    pub fn parse(pattern: &Value) -> Result<Pattern, PatternError> {
        parse::pattern(pattern, "")
    }

    /// Whether the pattern lets the value through.
    #[must_use]
    pub fn matches(&self, value: &Value) -> bool {
        matching::pattern(self, value)
    }

    /// What the pattern asks of a top-level field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<FieldPattern<'_>> {
        self.fields.iter().find(|(field, _)| &**field == name).map(|(_, test)| FieldPattern(test))
    }

    /// The `$or`s of the top level.
    pub fn alternatives(&self) -> impl Iterator<Item = &Pattern> {
        self.any_of.iter().flatten()
    }
}

/// The part of a pattern that is about one field.
#[derive(Clone, Copy, Debug)]
pub struct FieldPattern<'a>(&'a Test);

impl FieldPattern<'_> {
    /// Whether it asks for members of an object, and not for a plain value.
    #[must_use]
    pub fn looks_inside(&self) -> bool {
        matches!(self.0, Test::Inside(_))
    }
}
