//! Policy documents: read once, checked, compiled for comparing.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::fmt;

use shared_json::Value;

use crate::condition::Condition;

/// Why a document is malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// AWS's text.
    pub message: String,
    /// What exactly is wrong, where AWS only says that something is.
    pub detail: Option<String>,
}

impl PolicyError {
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
            Some(detail) => write!(f, "{} {detail}", self.message),
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

/// A checked policy document of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    pub(crate) statements: Vec<Statement>,
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
#[derive(Clone, Debug, PartialEq)]
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
    /// Reads a document of any kind.
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
            Some(Value::Array(items)) if !items.is_empty() => items.iter().map(Statement::parse).collect(),
            Some(one @ Value::Object(_)) => Statement::parse(one).map(|statement| vec![statement]),
            _ => Err(PolicyError::syntax("Statement must be an object or a list of them.")),
        }?;
        let mut sids: Vec<&str> =
            statements.iter().filter_map(|s| s.sid.as_deref()).filter(|s| !s.is_empty()).collect();
        sids.sort_unstable();
        if sids.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(PolicyError::new("Statement IDs (SID) in a single policy must be unique."));
        }
        Ok(PolicyDocument { statements })
    }

    /// Reads a document from its JSON text.
    ///
    /// # Errors
    /// `This policy contains invalid Json`, or as [`PolicyDocument::parse`].
    pub fn parse_text(text: &str) -> Result<PolicyDocument, PolicyError> {
        let value = Value::parse(text).map_err(|error| PolicyError {
            message: "This policy contains invalid Json".into(),
            detail: Some(error.to_string()),
        })?;
        PolicyDocument::parse(&value)
    }

    /// Whether a role may carry this document.
    ///
    /// # Errors
    /// AWS's text when it is a trust or resource policy, or names no resources.
    pub fn check_identity_based(&self) -> Result<(), PolicyError> {
        for statement in &self.statements {
            if statement.principals.is_some() {
                return Err(PolicyError::new("Policy document should not specify a principal."));
            }
            match &statement.resources {
                Some(resources) if !resources.patterns.is_empty() => check_resources(resources)?,
                _ => return Err(PolicyError::new("Policy statement must contain resources.")),
            }
        }
        Ok(())
    }

    /// Whether this document can be a role's trust policy.
    ///
    /// # Errors
    /// AWS's text.
    pub fn check_trust(&self) -> Result<(), PolicyError> {
        for statement in &self.statements {
            if statement.resources.is_some() {
                return Err(PolicyError::new("Has prohibited field Resource"));
            }
            let principals = statement.principals.as_ref();
            let principals = principals.ok_or_else(|| PolicyError::new("Missing required field Principal"))?;
            let sts = |action: &String| {
                [
                    "sts:assumerole",
                    "sts:assumerolewithsaml",
                    "sts:assumerolewithwebidentity",
                    "sts:tagsession",
                    "sts:setsourceidentity",
                ]
                .iter()
                .any(|known| crate::wildcard::matches_ignoring_case(action, known))
            };
            if !statement.actions.patterns.iter().all(sts) {
                return Err(PolicyError::new("AssumeRole policy may only specify STS AssumeRole actions."));
            }
            for (kind, value) in &principals.listed {
                let service = kind == "Service" && !(value.contains('.') && value.ends_with(".amazonaws.com"));
                let aws = kind == "AWS" && !(value == "*" || is_account(value) || value.starts_with("arn:aws"));
                if service || aws {
                    let kind = if service { "SERVICE" } else { "AWS" };
                    return Err(PolicyError::new(format!("Invalid principal in policy: \"{kind}\":\"{value}\"")));
                }
            }
        }
        Ok(())
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
            None => return Err(PolicyError::new("Missing required field Effect")),
            Some(other) => return Err(PolicyError::syntax(format!("Effect must be Allow or Deny, not {other}."))),
        };
        let sid = match value.get("Sid") {
            None => None,
            Some(Value::String(sid)) => Some(sid.to_string()),
            Some(_) => return Err(PolicyError::syntax("Sid must be text.")),
        };
        let actions = Patterns::parse(value, "Action", "NotAction")?;
        let actions = actions.filter(|actions| !actions.patterns.is_empty());
        let actions = actions.ok_or_else(|| PolicyError::new("Policy statement must contain actions."))?;
        actions.patterns.iter().try_for_each(|action| check_action(action))?;
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

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.to_string()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn check_action(action: &str) -> Result<(), PolicyError> {
    if action == "*" {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else {
        return Err(PolicyError::new("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."));
    };
    if name.contains(':') {
        return Err(PolicyError::new("Actions/Condition can contain only one colon."));
    }
    if vendor.is_empty() || !vendor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
        return Err(PolicyError::new(format!("Vendor {vendor} is not valid")));
    }
    Ok(())
}

fn check_resources(resources: &Patterns) -> Result<(), PolicyError> {
    for resource in resources.patterns.iter().filter(|resource| *resource != "*") {
        let Some(rest) = resource.strip_prefix("arn:") else {
            return Err(PolicyError::new(format!("Resource {resource} must be in ARN format or \"*\".")));
        };
        let mut parts = rest.split(':');
        match parts.next() {
            Some("aws" | "aws-cn" | "aws-us-gov" | "*") => {}
            partition => {
                let partition = partition.unwrap_or_default();
                return Err(PolicyError::new(format!(
                    "Partition \"{partition}\" is not valid for resource \"{resource}\"."
                )));
            }
        }
        if parts.next().is_none() {
            return Err(PolicyError::new("Resource vendor must be fully qualified and cannot contain regexes."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    fn error(document: &Value) -> Option<String> {
        PolicyDocument::parse(document).and_then(|d| d.check_identity_based()).err().map(|e| e.message)
    }

    #[test]
    fn malformed_documents_get_the_texts_of_aws() {
        let check = |statement: Value, message: &str| {
            let document = json!({"Version": "2012-10-17", "Statement": [statement]});
            assert_eq!(error(&document).as_deref(), Some(message), "{document}");
        };
        check(json!({"Action": "sqs:*", "Resource": "*"}), "Missing required field Effect");
        check(json!({"Effect": "allow", "Action": "sqs:*", "Resource": "*"}), "Syntax errors in policy.");
        check(json!({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions.");
        check(json!({"Effect": "Allow", "Action": "sqs:*"}), "Policy statement must contain resources.");
        check(
            json!({"Effect": "Allow", "Action": "SendMessage", "Resource": "*"}),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        );
        check(
            json!({"Effect": "Allow", "Action": "a:b:c", "Resource": "*"}),
            "Actions/Condition can contain only one colon.",
        );
        check(
            json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "Orders"}),
            "Resource Orders must be in ARN format or \"*\".",
        );
        check(
            json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Principal": "*"}),
            "Policy document should not specify a principal.",
        );
        check(json!({"Effect": "Allow", "Acton": "sqs:*", "Resource": "*"}), "Syntax errors in policy.");
        assert_eq!(error(&json!([])).as_deref(), Some("Syntax errors in policy."));
        assert_eq!(PolicyDocument::parse_text("{").unwrap_err().message, "This policy contains invalid Json");
    }

    #[test]
    fn trust_policies_have_their_own_rules() {
        let check = |statement: Value, message: Option<&str>| {
            let document = PolicyDocument::parse(&json!({"Statement": statement})).unwrap();
            assert_eq!(document.check_trust().err().map(|e| e.message).as_deref(), message);
        };
        let statement =
            |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
        check(statement(json!({"Service": "lambda.amazonaws.com"})), None);
        check(statement(json!({"AWS": "123456789012"})), None);
        check(statement(json!({"Service": "lambda"})), Some("Invalid principal in policy: \"SERVICE\":\"lambda\""));
        check(json!({"Effect": "Allow", "Action": "sts:AssumeRole"}), Some("Missing required field Principal"));
        check(statement(json!("*")).with("Resource", json!("*")), Some("Has prohibited field Resource"));
        check(
            statement(json!("*")).with("Action", json!("sqs:*")),
            Some("AssumeRole policy may only specify STS AssumeRole actions."),
        );
    }
}
