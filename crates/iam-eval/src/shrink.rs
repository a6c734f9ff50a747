//! Least privilege: the smallest policy that allows what was used, and what of the present policies was never used.
//!
//! Resources are kept as they were called, except where the next run will name another one: executions become all
//! executions of their state machine, objects all objects of their bucket, log streams all streams of their group.

use std::collections::{BTreeMap, BTreeSet};

use shared_json::{Value, json};

use crate::document::{Effect, PolicyDocument};
use crate::evaluate::Named;
use crate::wildcard;

/// An action that was allowed on a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// `sqs:SendMessage`
    pub action: String,
    pub resource: String,
}

/// What an Allow statement grants and nobody used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    pub policy: String,
    pub sid: Option<String>,
    /// Place within its policy, from 0.
    pub index: usize,
    /// The action patterns that no use needed.
    pub actions: Vec<String>,
    /// No use needed anything of this statement.
    pub entirely: bool,
}

/// The document that allows these uses and nothing else. Denies of the present policies stay as they are. `None` when
/// there is nothing to say.
#[must_use]
pub fn document(uses: &[Use], denies: &[Value]) -> Option<Value> {
    let mut by_resource: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for used in uses {
        by_resource.entry(widened(&used.resource)).or_default().insert(&used.action);
    }
    // Resources with the same actions share a statement; a service's actions stay together.
    let mut by_actions: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
    for (resource, actions) in by_resource {
        by_actions.entry(actions.into_iter().collect()).or_default().push(resource);
    }
    let allows = by_actions.into_iter().map(|(actions, resources)| {
        let actions = Value::array(actions.into_iter().map(Value::from).collect());
        let resources = Value::array(resources.into_iter().map(Value::from).collect());
        json!({"Effect": "Allow"}).with("Action", actions).with("Resource", resources)
    });
    let statements: Vec<Value> = allows.chain(denies.iter().cloned()).collect();
    (!statements.is_empty()).then(|| json!({"Version": "2012-10-17"}).with("Statement", Value::array(statements)))
}

/// The Deny statements of a document as it is written.
#[must_use]
pub fn denies(document: &Value) -> Vec<Value> {
    let statements = match document.get("Statement") {
        Some(Value::Array(items)) => items.to_vec(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    statements.into_iter().filter(|statement| statement.get_str("Effect") == Some("Deny")).collect()
}

/// What of these policies' Allow statements no use needed.
#[must_use]
pub fn unused(policies: &[Named<'_>], uses: &[Use]) -> Vec<Unused> {
    let mut found = Vec::new();
    for (policy, document) in policies {
        for (index, statement) in document.statements.iter().enumerate().filter(|(_, s)| s.effect == Effect::Allow) {
            let reaches = |used: &&Use| match &statement.resources {
                Some(resources) => {
                    let named = resources.patterns.iter().any(|pattern| reaches_resource(document, pattern, used));
                    named != resources.negated
                }
                None => true,
            };
            let reached: Vec<&Use> = uses.iter().filter(reaches).collect();
            let needed =
                |pattern: &str| reached.iter().any(|used| wildcard::matches_ignoring_case(pattern, &used.action));
            let actions: Vec<String> = if statement.actions.negated {
                // All actions but some: unused only when nothing else was used.
                let other = reached.iter().any(|used| {
                    !statement.actions.patterns.iter().any(|p| wildcard::matches_ignoring_case(p, &used.action))
                });
                if other { Vec::new() } else { vec!["*".to_owned()] }
            } else {
                statement.actions.patterns.iter().filter(|pattern| !needed(pattern)).cloned().collect()
            };
            if actions.is_empty() {
                continue;
            }
            let entirely = statement.actions.negated || actions.len() == statement.actions.patterns.len();
            found.push(Unused { policy: (*policy).to_owned(), sid: statement.sid.clone(), index, actions, entirely });
        }
    }
    found
}

/// A pattern with variables may reach anything: it counts as used, so that nothing needed is called unused.
fn reaches_resource(document: &PolicyDocument, pattern: &str, used: &Use) -> bool {
    (document.variables && pattern.contains("${")) || wildcard::matches(pattern, &used.resource)
}

/// The resource as the next run may name it.
fn widened(resource: &str) -> String {
    let parts: Vec<&str> = resource.split(':').collect();
    match parts.as_slice() {
        [arn, partition, "states", region, account, "execution" | "express", machine, _, ..] => {
            format!("{arn}:{partition}:states:{region}:{account}:{}:{machine}:*", parts.get(5).unwrap_or(&"execution"))
        }
        [.., "s3", "", "", object] if object.contains('/') => {
            let bucket = object.split('/').next().unwrap_or_default();
            format!("arn:aws:s3:::{bucket}/*")
        }
        _ => resource.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(action: &str, resource: &str) -> Use {
        Use { action: action.into(), resource: resource.into() }
    }

    #[test]
    fn a_policy_allows_what_was_used_and_no_more() {
        let orders = "arn:aws:sqs:us-east-1:123456789012:orders";
        let bills = "arn:aws:sqs:us-east-1:123456789012:bills";
        let uses = [
            used("sqs:SendMessage", orders),
            used("sqs:SendMessage", bills),
            used("sqs:SendMessage", orders),
            used("states:DescribeExecution", "arn:aws:states:us-east-1:123456789012:execution:M:one"),
            used("states:DescribeExecution", "arn:aws:states:us-east-1:123456789012:execution:M:two"),
            used("s3:GetObject", "arn:aws:s3:::data/in/1.json"),
        ];
        let deny = json!({"Effect": "Deny", "Action": "iam:*", "Resource": "*"});
        let document = document(&uses, std::slice::from_ref(&deny)).unwrap();
        let expected = json!([
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::data/*"]},
            {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [bills, orders]},
            {"Effect": "Allow", "Action": ["states:DescribeExecution"],
                "Resource": ["arn:aws:states:us-east-1:123456789012:execution:M:*"]},
            {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
        ]);
        assert_eq!(document["Statement"], expected);
        assert_eq!(denies(&document), [deny]);
        PolicyDocument::parse(&document).unwrap().check_identity_based().unwrap();
        assert_eq!(super::document(&[], &[]), None);
    }

    #[test]
    fn what_nobody_used_is_named() {
        let orders = "arn:aws:sqs:us-east-1:123456789012:orders";
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Sid": "Queue", "Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": orders},
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "sqs:Send*", "Resource": "arn:aws:sqs:*:*:other"},
            {"Effect": "Deny", "Action": "*", "Resource": "*"},
            {"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"},
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        ]});
        let document = PolicyDocument::parse(&policy).unwrap();
        let found = unused(&[("P", &document)], &[used("sqs:SendMessage", orders)]);
        let told: Vec<_> = found.iter().map(|u| (u.index, u.actions.join(","), u.entirely)).collect();
        let expected = [(0, "sqs:ReceiveMessage", false), (1, "s3:*", true), (2, "sqs:Send*", true), (4, "*", true)];
        assert_eq!(told, expected.map(|(index, actions, entirely)| (index, actions.to_owned(), entirely)));
        assert_eq!(found[0].sid.as_deref(), Some("Queue"));
    }
}
