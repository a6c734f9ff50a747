//! Policy documents: read once, checked, compiled for comparing.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::fmt;

use shared_json::Value;

use crate::condition::Condition;

/// AWS's words for what its first parser, kept from older days, does not take.
pub(crate) const LEGACY: &str = "The policy failed legacy parsing";

/// Why a document is malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// AWS's text.
    pub message: String,
    /// What exactly is wrong, where AWS only says that something is.
    pub detail: Option<String>,
}

impl PolicyError {
    /// The same, with the number of the statement that is meant.
    pub(crate) fn of(mut self, number: usize) -> Self {
        let detail = self.detail.take();
        self.detail = Some(match detail {
            Some(detail) => format!("Statement {number}: {detail}"),
            None => format!("It is statement {number} that is meant."),
        });
        self
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        PolicyError { message: message.into(), detail: None }
    }

    pub(crate) fn syntax(detail: impl Into<String>) -> Self {
        PolicyError { message: "Syntax errors in policy.".into(), detail: Some(detail.into()) }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => {
                let stop = if self.message.ends_with('.') { "" } else { "." };
                write!(f, "{}{stop} {detail}", self.message)
            }
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for PolicyError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Allow,
    Deny,
}

/// A policy document of any kind whose form is right.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    pub(crate) statements: Vec<Statement>,
    /// Version 2012-10-17: `${…}` is a variable. Older documents mean it as written.
    pub(crate) variables: bool,
}

/// What a document holds altogether; actions are those of its longest statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub statements: usize,
    pub principals: usize,
    pub conditions: usize,
    pub actions: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) actions: Patterns,
    /// `None` in trust policies.
    pub(crate) resources: Option<Patterns>,
    /// `None` in identity-based policies.
    pub(crate) principals: Option<Principals>,
    pub(crate) conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Patterns {
    pub(crate) patterns: Vec<String>,
    pub(crate) negated: bool,
}

/// `Principal` or `NotPrincipal`: pairs of kind (`AWS`, `Service`) and value; `*` alone is `("*", "*")`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Principals {
    pub(crate) listed: Vec<(String, String)>,
    pub(crate) negated: bool,
}

impl PolicyDocument {
    /// Reads a document of any kind. Whether it may be used for a purpose, `check_…` tells.
    ///
    /// # Errors
    /// What AWS would say of a malformed one.
    pub fn parse(document: &Value) -> Result<PolicyDocument, PolicyError> {
        let members = document.as_object().ok_or_else(|| PolicyError::syntax("A policy is a JSON object."))?;
        for (name, value) in members {
            match (&**name, value) {
                ("Version", Value::String(version)) if matches!(&**version, "2012-10-17" | "2008-10-17") => {}
                ("Version", _) => return Err(PolicyError::syntax(r#"Version must be "2012-10-17" or "2008-10-17"."#)),
                ("Id", Value::String(_)) | ("Statement", _) => {}
                (other, _) => return Err(PolicyError::syntax(format!("A policy has no element {other}."))),
            }
        }
        let statements = match document.get("Statement") {
            Some(Value::Array(items)) if !items.is_empty() => {
                items.iter().zip(1..).map(|(item, number)| Statement::parse(item).map_err(|e| e.of(number))).collect()
            }
            Some(one @ Value::Object(_)) => Statement::parse(one).map(|statement| vec![statement]),
            _ => Err(PolicyError::syntax("Statement must be an object or a list of them.")),
        }?;
        Ok(PolicyDocument { statements, variables: document.get_str("Version") == Some("2012-10-17") })
    }

    /// A document that says nothing.
    #[must_use]
    pub fn empty() -> PolicyDocument {
        PolicyDocument { statements: Vec::new(), variables: true }
    }

    /// How much it holds, for services that limit it.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let sum = |count: fn(&Statement) -> usize| self.statements.iter().map(count).sum();
        Counts {
            statements: self.statements.len(),
            principals: sum(|statement| statement.principals.as_ref().map_or(0, |principals| principals.listed.len())),
            conditions: sum(|statement| statement.conditions.len()),
            actions: self.statements.iter().map(|statement| statement.actions.patterns.len()).max().unwrap_or(0),
        }
    }

    /// Reads a document from its JSON text.
    ///
    /// # Errors
    /// As [`PolicyDocument::parse`]; text that is no JSON is a syntax error too.
    pub fn parse_text(text: &str) -> Result<PolicyDocument, PolicyError> {
        let value = Value::parse(text).map_err(|error| PolicyError::syntax(format!("It is not JSON: {error}")))?;
        PolicyDocument::parse(&value)
    }
}

impl Statement {
    fn parse(value: &Value) -> Result<Statement, PolicyError> {
        let members = value.as_object().ok_or_else(|| PolicyError::syntax("A statement is a JSON object."))?;
        for name in members.keys() {
            let known = [
                "Sid",
                "Effect",
                "Action",
                "NotAction",
                "Resource",
                "NotResource",
                "Principal",
                "NotPrincipal",
                "Condition",
            ];
            if !known.contains(&&**name) {
                return Err(PolicyError::syntax(format!("A statement has no element {name}.")));
            }
        }
        let effect = match value.get("Effect") {
            Some(Value::String(effect)) if &**effect == "Allow" => Effect::Allow,
            Some(Value::String(effect)) if &**effect == "Deny" => Effect::Deny,
            Some(Value::String(effect))
                if effect.eq_ignore_ascii_case("allow") || effect.eq_ignore_ascii_case("deny") =>
            {
                let detail = format!("Effect is Allow or Deny, with a capital letter, and not {effect}.");
                return Err(PolicyError { message: LEGACY.into(), detail: Some(detail) });
            }
            Some(other) => return Err(PolicyError::syntax(format!("Effect must be Allow or Deny, not {other}."))),
            None => return Err(PolicyError::syntax("The element Effect is missing.")),
        };
        let sid = match value.get("Sid") {
            None => None,
            Some(Value::String(sid)) => Some(sid.to_string()),
            Some(_) => return Err(PolicyError::syntax("Sid must be text.")),
        };
        // A statement without actions has the right form; the kind of policy has its own words for it.
        let actions = Patterns::parse(value, "Action", "NotAction")?.unwrap_or_default();
        let conditions = value.get("Condition").map_or(Ok(Vec::new()), Condition::parse_all)?;
        Ok(Statement {
            sid,
            effect,
            actions,
            resources: Patterns::parse(value, "Resource", "NotResource")?,
            principals: Principals::parse(value)?,
            conditions,
        })
    }
}

impl Patterns {
    fn parse(statement: &Value, plain: &str, negative: &str) -> Result<Option<Patterns>, PolicyError> {
        let (value, negated) = match (statement.get(plain), statement.get(negative)) {
            (Some(_), Some(_)) => {
                return Err(PolicyError::syntax(format!("A statement has {plain} or {negative}, not both.")));
            }
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Ok(None),
        };
        let patterns =
            texts(value).ok_or_else(|| PolicyError::syntax(format!("{plain} must be text or a list of texts.")))?;
        Ok(Some(Patterns { patterns, negated }))
    }
}

impl Principals {
    fn parse(statement: &Value) -> Result<Option<Principals>, PolicyError> {
        let (value, negated) = match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(_), Some(_)) => {
                return Err(PolicyError::syntax("A statement has Principal or NotPrincipal, not both."));
            }
            (Some(value), None) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Ok(None),
        };
        let listed = match value {
            Value::String(star) if &**star == "*" => vec![("*".into(), "*".into())],
            Value::Object(kinds) if !kinds.is_empty() => {
                let mut listed = Vec::new();
                for (kind, values) in kinds.iter() {
                    if !matches!(&**kind, "AWS" | "Service" | "Federated" | "CanonicalUser") {
                        return Err(PolicyError::syntax(format!("There is no kind of principal {kind}.")));
                    }
                    let values = texts(values).ok_or_else(|| PolicyError::syntax("A principal must be text."))?;
                    listed.extend(values.into_iter().map(|value| (kind.to_string(), value)));
                }
                listed
            }
            _ => return Err(PolicyError::syntax(r#"Principal must be "*" or an object like {"Service": "…"}."#)),
        };
        Ok(Some(Principals { listed, negated }))
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.to_string()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
