//! Trust policies: who may assume a role.

use shared_json::{Value, json};

use crate::decision::Decision;
use crate::document::PolicyDocument;
use crate::evaluate::{Policies, evaluate};
use crate::request::{Context, Request};

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
    /// Whether a service may assume the role that carries this trust policy, as IAM finds when the service tries.
    #[must_use]
    pub fn trust_in_service(&self, service: &str, role_arn: &str, context: &Context<'_>) -> Decision {
        let request = Request { principal_arn: service, action: "sts:AssumeRole", resource: role_arn, context };
        evaluate(&request, &Policies { trust: Some(("Trust policy", self)), ..Policies::default() })
    }
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
    }
}
