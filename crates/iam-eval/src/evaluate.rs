//! The decision: an explicit deny wins, then what must allow has to allow, else the implicit deny; with a reason per
//! statement.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use crate::decision::{Decision, PolicyKind, Reason, StatementMatch};
use crate::document::{Effect, PolicyDocument};
use crate::matching::{self, Reach};
use crate::request::{Request, account_of, is_root, is_service};

/// A policy with the name that reasons tell.
pub type Named<'a> = (&'a str, &'a PolicyDocument);

/// Every policy that has a say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policies<'a> {
    /// The principal's own.
    pub identity: &'a [Named<'a>],
    /// The most that the principal may do.
    pub boundary: Option<Named<'a>>,
    /// The resource's own.
    pub resource: Option<Named<'a>>,
    /// The trust policy, when the resource is a role that is to be assumed.
    pub trust: Option<Named<'a>>,
}

/// What the policies of one kind say together.
#[derive(Clone, Copy, Debug, Default)]
struct Verdict {
    denies: bool,
    allows: Option<Reach>,
}

/// Decides. The accounts of both sides come from the ARNs; a resource whose ARN names none belongs to the principal's.
#[must_use]
pub fn evaluate(request: &Request<'_>, policies: &Policies<'_>) -> Decision {
    let mut statements = Vec::new();
    let mut look = |kind, list: &[Named<'_>]| verdict(request, kind, list, &mut statements);
    let identity = look(PolicyKind::Identity, policies.identity);
    let boundary = policies.boundary.map(|named| look(PolicyKind::Boundary, &[named]));
    let (kind, owned) = match policies.trust {
        Some(named) => (PolicyKind::Trust, look(PolicyKind::Trust, &[named])),
        None => (PolicyKind::Resource, look(PolicyKind::Resource, policies.resource.as_slice())),
    };
    let denier = [
        (PolicyKind::Identity, identity.denies),
        (PolicyKind::Boundary, boundary.is_some_and(|verdict| verdict.denies)),
        (kind, owned.denies),
    ];
    let reason = match denier.into_iter().find(|(_, denies)| *denies) {
        Some((kind, _)) => Reason::ExplicitDeny(kind),
        None => without_deny(request, identity, boundary, kind, owned),
    };
    Decision {
        allowed: reason.allows(),
        reason,
        action: request.action.to_owned(),
        resource: request.resource.to_owned(),
        statements,
    }
}

/// What holds when no statement denies.
fn without_deny(
    request: &Request<'_>,
    identity: Verdict,
    boundary: Option<Verdict>,
    kind: PolicyKind,
    owned: Verdict,
) -> Reason {
    let by_owner =
        if kind == PolicyKind::Trust { Reason::AllowedByTrustPolicy } else { Reason::AllowedByResourcePolicy };
    if is_service(request.principal_arn) {
        return if owned.allows.is_some() { by_owner } else { Reason::NotAllowed(kind) };
    }
    let root = is_root(request.principal_arn);
    let confined = !root && boundary.is_some_and(|verdict| verdict.allows.is_none());
    let own_side = root || identity.allows.is_some();
    if is_foreign(request) {
        return match (own_side, confined, owned.allows) {
            (false, ..) => Reason::NotAllowed(PolicyKind::Identity),
            (_, true, _) => Reason::NotAllowed(PolicyKind::Boundary),
            (_, _, None) => Reason::NotAllowed(kind),
            (true, false, Some(_)) => Reason::AllowedByBothSides,
        };
    }
    match (owned.allows, kind) {
        // Named itself, not by its role or account: then nothing else has to allow.
        (Some(Reach::Principal), _) => by_owner,
        (Some(Reach::Role), _) if !confined => by_owner,
        (None, PolicyKind::Trust) => Reason::NotAllowed(kind),
        _ if root => Reason::AllowedAsRoot,
        (owner, _) if own_side || owner == Some(Reach::Role) => match (confined, kind) {
            (true, _) => Reason::NotAllowed(PolicyKind::Boundary),
            (false, PolicyKind::Trust) => Reason::AllowedByTrustPolicy,
            (false, _) => Reason::AllowedByIdentityPolicy,
        },
        _ => Reason::NotAllowed(PolicyKind::Identity),
    }
}

/// Whether the resource is another account's than the principal.
fn is_foreign(request: &Request<'_>) -> bool {
    match (account_of(request.principal_arn), account_of(request.resource)) {
        (Some(own), Some(owner)) => own != owner,
        _ => false,
    }
}

fn verdict(
    request: &Request<'_>,
    kind: PolicyKind,
    policies: &[Named<'_>],
    statements: &mut Vec<StatementMatch>,
) -> Verdict {
    let about_principals = matches!(kind, PolicyKind::Resource | PolicyKind::Trust);
    let mut verdict = Verdict::default();
    for (policy, document) in policies {
        for (index, statement) in document.statements.iter().enumerate() {
            let reach = matching::reach(request, statement, document.variables, about_principals);
            match (&reach, statement.effect) {
                (Ok(_), Effect::Deny) => verdict.denies = true,
                (Ok(reach), Effect::Allow) => verdict.allows = verdict.allows.max(Some(*reach)),
                (Err(_), _) => {}
            }
            statements.push(StatementMatch {
                kind,
                policy: (*policy).to_owned(),
                sid: statement.sid.clone(),
                index,
                effect: statement.effect,
                matched: reach.is_ok(),
                why_not: reach.err(),
            });
        }
    }
    verdict
}
