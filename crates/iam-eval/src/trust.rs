//! Trust policies: who may assume a role.

use shared_json::{Value, json};

use crate::document::{Effect, PolicyDocument};
use crate::wildcard;

/// The document that lets a service (`lambda.amazonaws.com`) assume a role.
#[must_use]
pub fn trust_policy(service: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    })
}

/// For state machines.
#[must_use]
pub fn states() -> Value {
    trust_policy("states.amazonaws.com")
}

/// For functions.
#[must_use]
pub fn lambda() -> Value {
    trust_policy("lambda.amazonaws.com")
}

impl PolicyDocument {
    /// Whether this trust policy lets a service assume its role.
    #[must_use]
    pub fn trusts_service(&self, service: &str) -> bool {
        let about = |effect: Effect| {
            self.statements.iter().filter(move |s| s.effect == effect).any(|statement| {
                let named = statement.principals.as_ref().is_some_and(|principals| {
                    principals.listed.iter().any(|(kind, value)| match kind.as_str() {
                        "Service" => value == service,
                        _ => value == "*",
                    }) != principals.negated
                });
                let action =
                    statement.actions.patterns.iter().any(|a| wildcard::matches_ignoring_case(a, "sts:AssumeRole"))
                        != statement.actions.negated;
                named && action && (statement.conditions.is_empty() || effect == Effect::Allow)
            })
        };
        about(Effect::Allow) && !about(Effect::Deny)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_trusted_by_name() {
        let document = PolicyDocument::parse(&lambda()).unwrap();
        assert!(document.trusts_service("lambda.amazonaws.com"));
        assert!(!document.trusts_service("states.amazonaws.com"));
        document.check_trust().unwrap();
    }
}
