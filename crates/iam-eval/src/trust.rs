//! Trust policies: who may assume a role.

use shared_json::{Value, json};

use crate::decision::Decision;
use crate::document::{Effect, PolicyDocument};
use crate::evaluate::{Policies, evaluate};
use crate::request::{Context, Request};
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
    /// Whether a service is named as one that may assume the role, under whatever conditions.
    #[must_use]
    pub fn names_service(&self, service: &str) -> bool {
        let about = |effect: Effect| {
            let mut statements = self.statements.iter().filter(move |s| s.effect == effect);
            statements.any(|statement| {
                let named = statement.principals.as_ref().is_some_and(|principals| {
                    principals.listed.iter().any(|(kind, value)| match kind.as_str() {
                        "Service" => value == service || is_regional(value, service),
                        _ => value == "*",
                    }) != principals.negated
                });
                let mut actions = statement.actions.patterns.iter();
                let action = actions.any(|pattern| wildcard::matches_ignoring_case(pattern, "sts:AssumeRole"));
                let surely = statement.conditions.is_empty() || effect == Effect::Allow;
                named && action != statement.actions.negated && surely
            })
        };
        about(Effect::Allow) && !about(Effect::Deny)
    }

    /// Whether a service may assume the role that carries this trust policy, as IAM finds when the service tries.
    #[must_use]
    pub fn trust_in_service(&self, service: &str, role_arn: &str, context: &Context<'_>) -> Decision {
        let request = Request { principal_arn: service, action: "sts:AssumeRole", resource: role_arn, context };
        evaluate(&request, &Policies { trust: Some(("Trust policy", self)), ..Policies::default() })
    }
}

/// `states.us-east-1.amazonaws.com` is the service `states.amazonaws.com` in one region.
fn is_regional(value: &str, service: &str) -> bool {
    let Some((name, domain)) = service.split_once('.') else { return false };
    let region = value.strip_prefix(name).and_then(|rest| rest.strip_suffix(domain));
    region.is_some_and(|region| region.len() > 2 && region.starts_with('.') && region.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_trusted_by_name() {
        let document = PolicyDocument::parse(&lambda()).unwrap();
        let trusts = |service| document.trust_in_service(service, "*", &Context::new()).allowed;
        assert!(trusts("lambda.amazonaws.com") && !trusts("states.amazonaws.com"));
        document.check_trust().unwrap();
        assert!(document.names_service("lambda.amazonaws.com") && !document.names_service("states.amazonaws.com"));
        let regional = PolicyDocument::parse(&trust_policy("states.eu-west-1.amazonaws.com")).unwrap();
        assert!(regional.names_service("states.amazonaws.com"));
    }
}
