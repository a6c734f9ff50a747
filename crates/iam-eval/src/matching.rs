//! Whether a statement is about a request, and if not, which element does not fit.

use crate::document::{Effect, Patterns, Principals, Statement};
use crate::request::{Context, Request, account_of, is_account, is_root, is_service};
use crate::{variables, wildcard};

/// How a statement of a resource policy reaches the principal. It matters for an allow: naming the account leaves
/// the last word to the account's identity-based policies, naming a role leaves it under the role's permissions
/// boundary, and naming the session or everybody does neither.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    Account,
    Role,
    Principal,
}

/// How the statement reaches the request, or the first element that does not fit, in words.
pub(crate) fn reach(
    request: &Request<'_>,
    statement: &Statement,
    variables: bool,
    about_principals: bool,
) -> Result<Reach, String> {
    let reach = match (&statement.principals, about_principals) {
        (Some(principals), true) => principal_reach(request, principals, statement.effect)
            .ok_or_else(|| format!("It is not about the principal {}.", request.principal_arn))?,
        _ => Reach::Principal,
    };
    if !fits(&statement.actions, |pattern| wildcard::matches_ignoring_case(pattern, request.action)) {
        return Err(format!("It is not about the action {}.", request.action));
    }
    if let Some(resources) = &statement.resources
        && !fits(resources, |pattern| resource_fits(pattern, request, variables))
    {
        return Err(format!("It is not about the resource {}.", request.resource));
    }
    match statement.conditions.iter().find(|condition| !condition.holds(request.context, variables)) {
        Some(unmet) => Err(format!(
            "Its condition {} on {} is not met: {}.",
            unmet.operator,
            unmet.key,
            unmet.found(request.context)
        )),
        None => Ok(reach),
    }
}

fn resource_fits(pattern: &str, request: &Request<'_>, variables: bool) -> bool {
    if variables {
        variables::matches(pattern, request.resource, request.context)
    } else {
        wildcard::matches(pattern, request.resource)
    }
}

fn fits(patterns: &Patterns, matches: impl Fn(&str) -> bool) -> bool {
    patterns.patterns.iter().any(|pattern| matches(pattern)) != patterns.negated
}

fn principal_reach(request: &Request<'_>, principals: &Principals, effect: Effect) -> Option<Reach> {
    let named = |party: Party| principals.listed.iter().any(|(kind, value)| party.is(request, kind, value));
    if principals.negated {
        // A deny spares only whom the list names in full: the session, its role and its account.
        let parties = Party::of(request.principal_arn);
        let spared = match effect {
            Effect::Deny => parties.iter().all(|party| named(*party)),
            Effect::Allow => parties.iter().any(|party| named(*party)),
        };
        return (!spared || parties.is_empty()).then_some(Reach::Principal);
    }
    let everybody = principals.listed.iter().any(|(kind, value)| matches!(&**kind, "*" | "AWS") && value == "*");
    if everybody || named(Party::Itself) {
        return Some(Reach::Principal);
    }
    if named(Party::Role) {
        return Some(Reach::Role);
    }
    named(Party::Account).then_some(Reach::Account)
}

/// The names under which a policy can speak of a principal.
#[derive(Clone, Copy)]
enum Party {
    /// The session, the root user, or the service.
    Itself,
    Role,
    Account,
}

impl Party {
    fn of(principal: &str) -> &'static [Party] {
        if is_service(principal) {
            &[Party::Itself]
        } else if is_root(principal) {
            &[Party::Itself, Party::Account]
        } else {
            &[Party::Itself, Party::Role, Party::Account]
        }
    }

    fn is(self, request: &Request<'_>, kind: &str, value: &str) -> bool {
        let principal = request.principal_arn;
        match (kind, self) {
            ("Service", Party::Itself) => is_service(principal) && is_named_service(value, principal, request.context),
            ("AWS", Party::Itself) => value == principal,
            ("AWS", Party::Role) => match request.context.first("aws:PrincipalArn") {
                Some(role_arn) if role_arn.contains(":role/") => value == role_arn,
                _ => is_role_of(value, principal),
            },
            ("AWS", Party::Account) => account_of(principal).is_some_and(|own| named_account(value) == Some(own)),
            _ => false,
        }
    }
}

/// A service goes by its global name and by that of the region, as `states.us-east-1.amazonaws.com`.
fn is_named_service(value: &str, service: &str, context: &Context<'_>) -> bool {
    let regional = || {
        let (name, domain) = service.split_once('.')?;
        let region = context.first("aws:RequestedRegion")?;
        Some(value == format!("{name}.{region}.{domain}"))
    };
    value == service || regional().unwrap_or(false)
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
