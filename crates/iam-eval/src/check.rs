//! Whether a document may serve as a policy of some kind, in AWS's words if not.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use crate::document::{LEGACY, Patterns, PolicyDocument, PolicyError, Statement};
use crate::request::is_account;
use crate::wildcard;

impl PolicyDocument {
    /// Whether a role may carry this document, inline or as a managed policy.
    ///
    /// # Errors
    /// AWS's text.
    pub fn check_identity_based(&self) -> Result<(), PolicyError> {
        if !self.variables {
            return Err(PolicyError::new("Policy document must be version 2012-10-17 or greater."));
        }
        self.each(|statement| match &statement.principals {
            Some(_) => Err(PolicyError::new("Policy document should not specify a principal.")),
            None => check_legacy(statement),
        })?;
        self.check_sids()?;
        self.each(|statement| named(&statement.actions, "Policy statement must contain actions."))?;
        self.each(|statement| {
            let nothing = Patterns::default();
            named(statement.resources.as_ref().unwrap_or(&nothing), "Policy statement must contain resources.")
        })?;
        self.each(|statement| {
            let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
            resources.map(String::as_str).try_for_each(check_resource)
        })?;
        self.each(check_actions)
    }

    /// Whether this document can be a role's trust policy.
    ///
    /// # Errors
    /// AWS's text.
    pub fn check_trust(&self) -> Result<(), PolicyError> {
        self.each(|statement| {
            if let Some(resources) = &statement.resources {
                let field = if resources.negated { "NotResource" } else { "Resource" };
                return Err(PolicyError::new(format!("Has prohibited field {field}")));
            }
            match &statement.principals {
                // This text is guessed after those of the other fields.
                Some(principals) if principals.negated => Err(PolicyError::new("Has prohibited field NotPrincipal")),
                Some(principals) => principals.listed.iter().try_for_each(|(kind, value)| check_principal(kind, value)),
                None => Err(PolicyError::new("Missing required field Principal")),
            }
        })?;
        // Guessed too.
        self.each(|statement| named(&statement.actions, "Missing required field Action"))?;
        self.check_sids()?;
        self.each(check_actions)?;
        self.each(|statement| {
            let known = |action: &String| STS.iter().any(|sts| wildcard::matches_ignoring_case(action, sts));
            match statement.actions.patterns.iter().all(known) {
                true => Ok(()),
                false => Err(PolicyError::new("AssumeRole policy may only specify STS AssumeRole actions.")),
            }
        })
    }

    /// Whether this document can hang on a resource, such as a queue. What the service says of one that cannot is the
    /// service's business; this tells what is wrong.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check_resource_based(&self) -> Result<(), PolicyError> {
        self.each(|statement| match &statement.principals {
            Some(principals) => principals.listed.iter().try_for_each(|(kind, value)| check_principal(kind, value)),
            None => Err(PolicyError::new("Missing required field Principal")),
        })?;
        self.each(|statement| named(&statement.actions, "Missing required field Action"))?;
        self.each(|statement| {
            let nothing = Patterns::default();
            named(statement.resources.as_ref().unwrap_or(&nothing), "Missing required field Resource")
        })?;
        self.check_sids()?;
        self.each(check_actions)
    }

    fn each(&self, check: impl Fn(&Statement) -> Result<(), PolicyError>) -> Result<(), PolicyError> {
        let one = self.statements.len() == 1;
        let mut numbered = self.statements.iter().zip(1..);
        numbered.try_for_each(|(statement, number)| check(statement).map_err(|e| if one { e } else { e.of(number) }))
    }

    fn check_sids(&self) -> Result<(), PolicyError> {
        let mut sids: Vec<&str> =
            self.statements.iter().filter_map(|s| s.sid.as_deref()).filter(|s| !s.is_empty()).collect();
        sids.sort_unstable();
        match sids.windows(2).any(|pair| pair.first() == pair.last()) {
            true => Err(PolicyError::new("Statement IDs (SID) in a single policy must be unique.")),
            false => Ok(()),
        }
    }
}

/// What a trust policy can allow.
const STS: [&str; 6] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:setcontext",
    "sts:setsourceidentity",
    "sts:tagsession",
];

fn named(patterns: &Patterns, otherwise: &str) -> Result<(), PolicyError> {
    if patterns.patterns.is_empty() { Err(PolicyError::new(otherwise)) } else { Ok(()) }
}

/// What AWS's first parser does not take: ARNs with empty parts, dates that are none.
fn check_legacy(statement: &Statement) -> Result<(), PolicyError> {
    let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
    let broken = resources.filter(|resource| resource.starts_with("arn:")).find(|resource| {
        let cut_short = resource.contains("::") && resource.matches(':').count() < 5;
        cut_short || resource.split(':').nth(2) == Some("")
    });
    let detail = match (broken, statement.conditions.iter().find_map(|condition| condition.broken_date())) {
        (Some(resource), _) => format!("{resource} is not a whole ARN."),
        (None, Some(date)) => format!("{date} is not a date."),
        (None, None) => return Ok(()),
    };
    Err(PolicyError { message: LEGACY.into(), detail: Some(detail) })
}

/// Actions and condition keys begin with their service.
fn check_actions(statement: &Statement) -> Result<(), PolicyError> {
    statement.actions.patterns.iter().try_for_each(|action| check_action(action))?;
    match statement.conditions.iter().find(|condition| !condition.key.contains(':')) {
        Some(condition) => {
            Err(PolicyError { detail: Some(format!("The condition key is {}.", condition.key)), ..no_vendor() })
        }
        None => Ok(()),
    }
}

fn no_vendor() -> PolicyError {
    PolicyError::new("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
}

fn check_action(action: &str) -> Result<(), PolicyError> {
    if action == "*" {
        return Ok(());
    }
    let meant = Some(format!("The action is {action}."));
    let Some((vendor, name)) = action.split_once(':') else { return Err(PolicyError { detail: meant, ..no_vendor() }) };
    if name.contains(':') {
        return Err(PolicyError { detail: meant, ..PolicyError::new("Actions/Condition can contain only one colon.") });
    }
    if vendor.is_empty() || !vendor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
        return Err(PolicyError::new(format!("Vendor {vendor} is not valid")));
    }
    Ok(())
}

/// Beginnings of IAM's own resources.
const IAM_PATHS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

fn check_resource(resource: &str) -> Result<(), PolicyError> {
    if resource == "*" {
        return Ok(());
    }
    let refuse = |message: String| Err(PolicyError::new(message));
    let Some((_, rest)) = resource.split_once(':') else {
        return refuse(format!("Resource {resource} must be in ARN format or \"*\"."));
    };
    if !resource.starts_with("arn:") {
        return refuse(format!("Resource {resource} must be in ARN format or \"*\"."));
    }
    let mut parts = rest.splitn(5, ':');
    let partition = parts.next().unwrap_or_default();
    if !matches!(partition, "aws" | "aws-cn" | "aws-us-gov" | "*") {
        let whole = [parts.next(), parts.next(), parts.next(), parts.next()].map(|part| part.unwrap_or("*")).join(":");
        return refuse(format!("Partition \"{partition}\" is not valid for resource \"arn:{partition}:{whole}\"."));
    }
    let Some(service) = parts.next() else {
        return refuse("Resource vendor must be fully qualified and cannot contain regexes.".into());
    };
    let (region, path) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    match service {
        "iam" if !region.is_empty() => refuse(format!("IAM resource {resource} cannot contain region information.")),
        "s3" if !region.is_empty() => refuse(format!("Resource {resource} can not contain region information.")),
        "iam" if path != "*" && path != "root" && !IAM_PATHS.iter().any(|start| path.starts_with(start)) => {
            refuse(format!("IAM resource path must either be \"*\" or start with {}.", IAM_PATHS.join(", ")))
        }
        _ => Ok(()),
    }
}

fn check_principal(kind: &str, value: &str) -> Result<(), PolicyError> {
    let right = match kind {
        "Service" => value.contains('.') && (value.ends_with(".amazonaws.com") || value.ends_with(".aws.internal")),
        // A wildcard may stand for everybody, not for a part of a name.
        "AWS" => value == "*" || is_account(value) || (value.starts_with("arn:aws") && !value.contains(['*', '?'])),
        _ => true,
    };
    if right {
        return Ok(());
    }
    Err(PolicyError::new(format!("Invalid principal in policy: \"{}\":\"{value}\"", kind.to_uppercase())))
}
