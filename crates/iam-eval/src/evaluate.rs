//! The decision: an explicit deny wins, then any allow, else the implicit deny; with a reason per statement.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use crate::condition::substitute;
use crate::document::{Effect, Patterns, PolicyDocument, Principals, Statement, is_account};
use crate::wildcard;

/// Who wants to do what to which resource.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, or a service (`states.amazonaws.com`).
    pub principal_arn: &'a str,
    /// `sqs:SendMessage`
    pub action: &'a str,
    pub resource: &'a str,
    /// Condition keys and their values; a key with several values comes several times.
    pub context: &'a [(&'a str, &'a str)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    AllowedByIdentityPolicy,
    AllowedByResourcePolicy,
    ExplicitDenyInIdentityPolicy,
    ExplicitDenyInResourcePolicy,
    /// Nothing denies, but nothing allows either.
    NoIdentityPolicy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    pub reason: Reason,
    /// Every statement that was looked at, in order.
    pub statements: Vec<StatementMatch>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementMatch {
    pub policy: String,
    pub sid: Option<String>,
    /// Place within its policy, from 0.
    pub index: usize,
    pub effect: Effect,
    pub matched: bool,
    /// The first element that does not fit, in words.
    pub why_not: Option<String>,
}

/// Decides for policies of the principal (by name) and, where the resource has one, its own policy. Both are
/// of the same account, where an allow in either suffices.
#[must_use]
pub fn evaluate(
    request: &Request<'_>,
    identity: &[(&str, &PolicyDocument)],
    resource_policy: Option<(&str, &PolicyDocument)>,
) -> Decision {
    let mut statements = Vec::new();
    let by_identity = look(request, identity, false, &mut statements);
    let by_resource = look(request, resource_policy.as_slice(), true, &mut statements);
    let reason = match (by_identity, by_resource) {
        (Some(Effect::Deny), _) => Reason::ExplicitDenyInIdentityPolicy,
        (_, Some(Effect::Deny)) => Reason::ExplicitDenyInResourcePolicy,
        (Some(Effect::Allow), _) => Reason::AllowedByIdentityPolicy,
        (None, Some(Effect::Allow)) => Reason::AllowedByResourcePolicy,
        (None, None) => Reason::NoIdentityPolicy,
    };
    let allowed = matches!(reason, Reason::AllowedByIdentityPolicy | Reason::AllowedByResourcePolicy);
    Decision { allowed, reason, statements }
}

/// The strongest effect among the statements that match.
fn look(
    request: &Request<'_>,
    policies: &[(&str, &PolicyDocument)],
    resource_based: bool,
    statements: &mut Vec<StatementMatch>,
) -> Option<Effect> {
    let mut strongest = None;
    for (policy, document) in policies {
        for (index, statement) in document.statements.iter().enumerate() {
            let why_not = mismatch(request, statement, resource_based);
            if why_not.is_none() && strongest != Some(Effect::Deny) {
                strongest = Some(statement.effect);
            }
            statements.push(StatementMatch {
                policy: (*policy).to_owned(),
                sid: statement.sid.clone(),
                index,
                effect: statement.effect,
                matched: why_not.is_none(),
                why_not,
            });
        }
    }
    strongest
}

fn mismatch(request: &Request<'_>, statement: &Statement, resource_based: bool) -> Option<String> {
    if resource_based
        && let Some(principals) = &statement.principals
        && let Some(why_not) = principal_mismatch(request.principal_arn, principals, statement.effect)
    {
        return Some(why_not);
    }
    if !fits(&statement.actions, |pattern| wildcard::matches_ignoring_case(pattern, request.action)) {
        return Some(format!("It is not about the action {}.", request.action));
    }
    if let Some(resources) = &statement.resources
        && !fits(resources, |pattern| wildcard::matches(&substitute(pattern, request.context), request.resource))
    {
        return Some(format!("It is not about the resource {}.", request.resource));
    }
    let unmet = statement.conditions.iter().find(|condition| !condition.holds(request.context))?;
    Some(format!("Its condition {} on {} is not met.", unmet.operator, unmet.key))
}

fn fits(patterns: &Patterns, matches: impl Fn(&str) -> bool) -> bool {
    patterns.patterns.iter().any(|pattern| matches(pattern)) != patterns.negated
}

fn principal_mismatch(principal: &str, principals: &Principals, effect: Effect) -> Option<String> {
    let mut delegated = false;
    let listed = principals.listed.iter().any(|(kind, value)| {
        if kind == "Service" {
            return value == principal;
        }
        let account = account_of(principal);
        if account.is_some() && named_account(value) == account {
            // Naming the account leaves the decision to the policies of its principals; a deny reaches all.
            delegated = true;
            return effect == Effect::Deny || principals.negated;
        }
        value == "*" || value == principal || is_role_of(value, principal)
    });
    match (listed != principals.negated, delegated) {
        (true, _) => None,
        (false, true) => Some("It names the account, which leaves the decision to identity-based policies.".into()),
        (false, false) => Some(format!("It is not about the principal {principal}.")),
    }
}

fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

fn named_account(value: &str) -> Option<&str> {
    if is_account(value) {
        return Some(value);
    }
    value.strip_prefix("arn:aws:iam::")?.strip_suffix(":root")
}

/// Whether a role's ARN, with any path, is that of an assumed role's session.
fn is_role_of(role_arn: &str, principal: &str) -> bool {
    let session = principal.strip_prefix("arn:aws:sts::").and_then(|rest| rest.split_once(":assumed-role/"));
    let role = role_arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":role/"));
    match (session, role) {
        (Some((session_account, rest)), Some((account, path))) => {
            session_account == account && rest.split('/').next() == path.rsplit('/').next()
        }
        _ => false,
    }
}

impl Decision {
    /// The sentence with which AWS denies.
    #[must_use]
    pub fn denial_message(&self, request: &Request<'_>) -> String {
        let action = spelled(request.action);
        let because = match self.reason {
            Reason::ExplicitDenyInIdentityPolicy => "with an explicit deny in an identity-based policy".to_owned(),
            Reason::ExplicitDenyInResourcePolicy => "with an explicit deny in a resource-based policy".to_owned(),
            Reason::NoIdentityPolicy | Reason::AllowedByIdentityPolicy | Reason::AllowedByResourcePolicy => {
                format!("because no identity-based policy allows the {action} action")
            }
        };
        let Request { principal_arn, resource, .. } = request;
        format!("User: {principal_arn} is not authorized to perform: {action} on resource: {resource} {because}")
    }
}

/// Services that write actions in lower case when they deny.
const LOWER_CASE_SERVICES: [&str; 1] = ["sqs"];

fn spelled(action: &str) -> String {
    let service = action.split(':').next().unwrap_or_default();
    if LOWER_CASE_SERVICES.contains(&service) { action.to_ascii_lowercase() } else { action.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::{Value, json};

    const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/Sender/run-1";
    const ORDERS: &str = "arn:aws:sqs:eu-west-1:123456789012:Orders";

    fn document(statements: Value) -> PolicyDocument {
        PolicyDocument::parse(&json!({"Version": "2012-10-17", "Statement": statements})).unwrap()
    }

    fn decide(statements: Value, action: &str) -> Decision {
        let request = Request { principal_arn: SESSION, action, resource: ORDERS, context: &[] };
        evaluate(&request, &[("P", &document(statements))], None)
    }

    #[test]
    fn statements_decide() {
        let check = |statements: Value, expected: Reason| {
            assert_eq!(decide(statements.clone(), "sqs:SendMessage").reason, expected, "{statements}");
        };
        let allow = |action: Value, resource: Value| json!({"Effect": "Allow", "Action": action, "Resource": resource});
        check(json!([allow(json!("sqs:SendMessage"), json!(ORDERS))]), Reason::AllowedByIdentityPolicy);
        check(json!([allow(json!("SQS:sendmessage"), json!("*"))]), Reason::AllowedByIdentityPolicy);
        check(
            json!([allow(json!(["s3:*", "sqs:*"]), json!("arn:aws:sqs:*:*:Ord?rs"))]),
            Reason::AllowedByIdentityPolicy,
        );
        check(json!([allow(json!("sqs:Receive*"), json!("*"))]), Reason::NoIdentityPolicy);
        check(json!([allow(json!("*"), json!("arn:aws:sqs:eu-west-1:123456789012:orders"))]), Reason::NoIdentityPolicy);
        check(json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]), Reason::AllowedByIdentityPolicy);
        check(json!([{"Effect": "Allow", "Action": "*", "NotResource": ORDERS}]), Reason::NoIdentityPolicy);
        check(
            json!([allow(json!("*"), json!("*")), {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]),
            Reason::ExplicitDenyInIdentityPolicy,
        );
        check(
            json!([{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}, allow(json!("*"), json!("*"))]),
            Reason::ExplicitDenyInIdentityPolicy,
        );
    }

    #[test]
    fn a_decision_carries_its_reasons() {
        let decision = decide(
            json!([
                {"Sid": "Read", "Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"},
                {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            ]),
            "sqs:SendMessage",
        );
        assert!(!decision.allowed);
        let why: Vec<_> = decision.statements.iter().map(|s| s.why_not.as_deref().unwrap_or_default()).collect();
        assert_eq!(
            why,
            ["It is not about the action sqs:SendMessage.", "Its condition Bool on aws:SecureTransport is not met."]
        );
        assert_eq!(decision.statements[0].sid.as_deref(), Some("Read"));
    }

    #[test]
    fn denials_read_as_on_aws() {
        let check = |statements: Value, action: &str, expected: &str| {
            let request = Request { principal_arn: SESSION, action, resource: ORDERS, context: &[] };
            assert_eq!(decide(statements, action).denial_message(&request), expected);
        };
        let nothing = || json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]);
        check(
            nothing(),
            "sqs:SendMessage",
            "User: arn:aws:sts::123456789012:assumed-role/Sender/run-1 is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:123456789012:Orders because no identity-based policy allows the sqs:sendmessage action",
        );
        check(
            nothing(),
            "states:SendTaskSuccess",
            "User: arn:aws:sts::123456789012:assumed-role/Sender/run-1 is not authorized to perform: states:SendTaskSuccess on resource: arn:aws:sqs:eu-west-1:123456789012:Orders because no identity-based policy allows the states:SendTaskSuccess action",
        );
        check(
            json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]),
            "sqs:SendMessage",
            "User: arn:aws:sts::123456789012:assumed-role/Sender/run-1 is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:123456789012:Orders with an explicit deny in an identity-based policy",
        );
    }

    #[test]
    fn resource_policies_name_principals() {
        let check = |principal: Value, effect: &str, expected: Reason| {
            let policy = document(json!([
                {"Effect": effect, "Principal": principal.clone(), "Action": "sqs:*", "Resource": ORDERS}
            ]));
            let request = Request { principal_arn: SESSION, action: "sqs:SendMessage", resource: ORDERS, context: &[] };
            assert_eq!(evaluate(&request, &[], Some(("Policy", &policy))).reason, expected, "{principal} {effect}");
        };
        check(json!("*"), "Allow", Reason::AllowedByResourcePolicy);
        check(json!({"AWS": "arn:aws:iam::123456789012:role/Sender"}), "Allow", Reason::AllowedByResourcePolicy);
        check(json!({"AWS": SESSION}), "Allow", Reason::AllowedByResourcePolicy);
        check(json!({"AWS": "arn:aws:iam::123456789012:role/Other"}), "Allow", Reason::NoIdentityPolicy);
        check(json!({"AWS": "123456789012"}), "Allow", Reason::NoIdentityPolicy);
        check(json!({"AWS": "arn:aws:iam::123456789012:root"}), "Deny", Reason::ExplicitDenyInResourcePolicy);
        check(
            json!({"AWS": "arn:aws:iam::123456789012:role/service-role/Sender"}),
            "Allow",
            Reason::AllowedByResourcePolicy,
        );
        check(json!({"AWS": "arn:aws:iam::123456789012:user/Sender"}), "Allow", Reason::NoIdentityPolicy);
        check(json!({"Service": "states.amazonaws.com"}), "Allow", Reason::NoIdentityPolicy);
    }
}
