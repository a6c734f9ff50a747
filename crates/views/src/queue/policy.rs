//! A queue's access policy for reading: its statements in a table, and what is wrong with a text.

use iam_eval::PolicyDocument;
use shared_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub struct StatementRow {
    /// What RemovePermission asks for; without one a statement can only be edited.
    pub sid: Option<String>,
    pub effect: String,
    /// Accounts, roles or services.
    pub principal: String,
    pub actions: String,
    /// Whether it holds only sometimes.
    pub conditional: bool,
}

/// The statements of a policy that can be read.
#[must_use]
pub fn statements(text: &str) -> Vec<StatementRow> {
    let Ok(policy) = Value::parse(text) else { return Vec::new() };
    let listed = match policy.get("Statement") {
        Some(Value::Array(_)) => policy["Statement"].as_array().unwrap_or_default().to_vec(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    listed.iter().map(row).collect()
}

fn row(statement: &Value) -> StatementRow {
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, statement.get(name)?)));
    let said = |found: Option<(&'static str, &Value)>, plain: &str| match found {
        Some((name, value)) if name == plain => flat(value),
        Some((_, value)) => format!("all but {}", flat(value)),
        None => String::new(),
    };
    StatementRow {
        sid: statement.get_str("Sid").filter(|sid| !sid.is_empty()).map(str::to_owned),
        effect: statement.get_str("Effect").unwrap_or_default().to_owned(),
        principal: said(first(["Principal", "NotPrincipal"]), "Principal"),
        actions: said(first(["Action", "NotAction"]), "Action"),
        conditional: statement.get("Condition").is_some(),
    }
}

/// Texts in lists and objects, one after the other.
fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members.iter().map(|(_, member)| flat(member)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What is malformed in a policy's text beyond its being JSON; `None` when nothing is.
#[must_use]
pub fn problem(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    match PolicyDocument::parse_text(text) {
        Err(error) => Some(error.to_string()),
        Ok(_) => statements(text)
            .iter()
            .any(|statement| statement.principal.is_empty())
            .then(|| "A statement names no Principal: a queue's policy must say whom it is about.".to_owned()),
    }
}

/// A policy to start from: it lets one account send.
#[must_use]
pub fn example(queue_arn: &str) -> String {
    format!(
        r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Sid": "LetAnotherAccountSend",
      "Effect": "Allow",
      "Principal": {{ "AWS": "arn:aws:iam::111122223333:root" }},
      "Action": "sqs:SendMessage",
      "Resource": "{queue_arn}"
    }}
  ]
}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_in_every_shape() {
        let text = r#"{"Statement": [
            {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"]},
            {"Effect": "Deny", "NotPrincipal": {"AWS": ["1", "2"]}, "NotAction": "sqs:*", "Condition": {}}]}"#;
        let rows = statements(text);
        assert_eq!((rows[0].sid.as_deref(), &*rows[0].principal), (Some("a"), "*"));
        assert_eq!(rows[0].actions, "sqs:SendMessage, sqs:ReceiveMessage");
        assert_eq!((&*rows[1].principal, &*rows[1].actions), ("all but 1, 2", "all but sqs:*"));
        assert!(rows[1].conditional && !rows[0].conditional);
        assert_eq!(statements(r#"{"Statement": {"Effect": "Allow"}}"#).len(), 1);
        assert!(statements("no").is_empty());
    }

    #[test]
    fn a_malformed_policy_is_told_before_it_is_saved() {
        assert_eq!(problem(""), None);
        assert_eq!(problem(&example("arn:aws:sqs:us-east-1:123456789012:q")), None);
        assert!(problem("{").unwrap().contains("Syntax error"), "{:?}", problem("{"));
        assert!(problem(r#"{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}"#).is_some());
    }
}
