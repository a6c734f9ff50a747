//! What came out: allowed or not, for which reason, and what each statement said; and the sentence with which AWS
//! denies.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use crate::document::Effect;
use crate::request::Request;

/// The kind of a policy, by where it hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// On the principal's role.
    Identity,
    /// On the principal's role, as the most that it may do.
    Boundary,
    /// On the resource.
    Resource,
    /// On a role that is to be assumed.
    Trust,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    AllowedByIdentityPolicy,
    AllowedByResourcePolicy,
    /// Another account's principal: its own account and the resource's both allow.
    AllowedByBothSides,
    AllowedByTrustPolicy,
    /// The account's root user, of whom identity-based policies do not speak.
    AllowedAsRoot,
    /// A statement denies.
    ExplicitDeny(PolicyKind),
    /// Nothing denies, but this kind of policy does not allow, and it has to.
    NotAllowed(PolicyKind),
}

impl Reason {
    #[must_use]
    pub fn allows(self) -> bool {
        !matches!(self, Reason::ExplicitDeny(_) | Reason::NotAllowed(_))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    pub reason: Reason,
    /// What was asked.
    pub action: String,
    pub resource: String,
    /// Every statement that was looked at, in order.
    pub statements: Vec<StatementMatch>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementMatch {
    pub kind: PolicyKind,
    pub policy: String,
    pub sid: Option<String>,
    /// Place within its policy, from 0.
    pub index: usize,
    pub effect: Effect,
    pub matched: bool,
    /// The first element that does not fit, in words.
    pub why_not: Option<String>,
}

impl Decision {
    /// The sentence with which AWS denies.
    #[must_use]
    pub fn denial_message(&self, request: &Request<'_>) -> String {
        let Request { principal_arn, resource, .. } = request;
        let action = spelled(request.action);
        let because = match self.reason {
            Reason::ExplicitDeny(kind) => match kind {
                PolicyKind::Identity => "with an explicit deny in an identity-based policy".to_owned(),
                PolicyKind::Boundary => "with an explicit deny in a permissions boundary".to_owned(),
                PolicyKind::Resource => "with an explicit deny in a resource-based policy".to_owned(),
                PolicyKind::Trust => "with an explicit deny in the role trust policy".to_owned(),
            },
            Reason::NotAllowed(kind) => {
                let policy = match kind {
                    PolicyKind::Identity => "identity-based policy",
                    PolicyKind::Boundary => "permissions boundary",
                    PolicyKind::Resource => "resource-based policy",
                    PolicyKind::Trust => "role trust policy",
                };
                format!("because no {policy} allows the {action} action")
            }
            _ => return format!("User: {principal_arn} is authorized to perform: {action} on resource: {resource}"),
        };
        let trust =
            matches!(self.reason, Reason::ExplicitDeny(PolicyKind::Trust) | Reason::NotAllowed(PolicyKind::Trust));
        // Of a trust policy AWS does not name the resource.
        let on = if trust { String::new() } else { format!(" on resource: {resource}") };
        format!("User: {principal_arn} is not authorized to perform: {action}{on} {because}")
    }
}

/// Services that write actions in lower case when they deny.
const LOWER_CASE_SERVICES: [&str; 1] = ["sqs"];

fn spelled(action: &str) -> String {
    let service = action.split(':').next().unwrap_or_default();
    if LOWER_CASE_SERVICES.contains(&service) { action.to_ascii_lowercase() } else { action.to_owned() }
}
