//! The IAM registry: roles, their trust and their policies, behind IAM's API.
//!
//! Documents are parsed when they are written, so that [`Iam::authorize`] only compares. Answers have the
//! shape that the AWS CLI prints. It does not know which calls ask for permission; that is the account's.

mod boundary;
mod checks;
mod managed_policies;
mod managed_policy;
mod policy_versions;
mod role;
mod role_policies;
mod roles;
mod tags;

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::{AwsError, Randomness};
use iam_eval::{Context, Decision, Named, Policies, Request, account_of, evaluate};
use shared_json::Value;
use virtual_time::Timestamp;

pub use managed_policy::{CustomerPolicy, ManagedPolicy};
pub use role::Role;

/// Roles and customer managed policies of one account.
#[derive(Clone, Debug)]
pub struct Iam {
    account_id: Rc<str>,
    random: Randomness,
    roles: BTreeMap<Rc<str>, Role>,
    /// By ARN.
    policies: BTreeMap<Rc<str>, CustomerPolicy>,
}

impl Iam {
    #[must_use]
    pub fn new(account_id: &str, seed: u64) -> Self {
        Iam {
            account_id: account_id.into(),
            random: Randomness::new(seed),
            roles: BTreeMap::new(),
            policies: BTreeMap::new(),
        }
    }

    /// Runs an IAM action by its name.
    ///
    /// # Errors
    /// IAM's exception, in its own words.
    pub fn call(&mut self, now: Timestamp, action: &str, params: &Value) -> Result<Value, AwsError> {
        match action {
            "CreateRole" => self.create_role(now, params),
            "GetRole" => self.get_role(params),
            "ListRoles" => self.list_roles(params),
            "DeleteRole" => self.delete_role(params),
            "UpdateRole" => self.update_role(params, false),
            "UpdateRoleDescription" => self.update_role(params, true),
            "TagRole" => self.tag_role(params),
            "UntagRole" => self.untag_role(params),
            "ListRoleTags" => self.list_role_tags(params),
            "PutRolePermissionsBoundary" => self.put_role_permissions_boundary(params),
            "DeleteRolePermissionsBoundary" => self.delete_role_permissions_boundary(params),
            "UpdateAssumeRolePolicy" => self.update_assume_role_policy(params),
            "AttachRolePolicy" => self.attach_role_policy(params),
            "DetachRolePolicy" => self.detach_role_policy(params),
            "ListAttachedRolePolicies" => self.list_attached_role_policies(params),
            "PutRolePolicy" => self.put_role_policy(params),
            "GetRolePolicy" => self.get_role_policy(params),
            "DeleteRolePolicy" => self.delete_role_policy(params),
            "ListRolePolicies" => self.list_role_policies(params),
            "CreatePolicy" => self.create_policy(now, params),
            "DeletePolicy" => self.delete_policy(params),
            "ListEntitiesForPolicy" => self.list_entities_for_policy(params),
            "CreatePolicyVersion" => self.create_policy_version(now, params),
            "DeletePolicyVersion" => self.delete_policy_version(params),
            "SetDefaultPolicyVersion" => self.set_default_policy_version(params),
            "ListPolicyVersions" => self.list_policy_versions(params),
            "ListPolicies" => self.list_policies(params),
            "GetPolicy" => self.get_policy(params),
            "GetPolicyVersion" => self.get_policy_version(params),
            _ => {
                Err(AwsError::new("InvalidAction", format!("Could not find operation {action} for version 2010-05-08")))
            }
        }
    }

    /// Roles by name.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.get(name)
    }

    #[must_use]
    pub fn role_by_arn(&self, arn: &str) -> Option<&Role> {
        let name = arn.rsplit('/').next()?;
        self.roles.get(name).filter(|role| role.arn() == arn)
    }

    /// Whether a principal may do this. `role_arn` is the role whose policies speak for it, if there is one; a role
    /// that is gone may do nothing. `owner` is the policy of the resource, if it has one.
    #[must_use]
    pub fn decide(&self, role_arn: Option<&str>, request: &Request<'_>, owner: Option<Named<'_>>) -> Decision {
        let role = role_arn.and_then(|arn| self.role_by_arn(arn));
        let identity: Vec<Named<'_>> = role.map(|role| role.named_policies().collect()).unwrap_or_default();
        let boundary = role.and_then(Role::boundary).map(|policy| (&*policy.name, policy.parsed()));
        evaluate(request, &Policies { identity: &identity, boundary, resource: owner, trust: None })
    }

    /// Whether a role's session may do this as far as its own policies say, and the sentence with which AWS refuses
    /// if not.
    #[must_use]
    pub fn authorize(&self, role_arn: &str, session_name: &str, action: &str, resource: &str) -> (Decision, String) {
        let principal = session_arn(role_arn, session_name);
        let context = Context::new()
            .with("aws:PrincipalArn", role_arn)
            .with("aws:PrincipalAccount", &*self.account_id)
            .with("aws:SecureTransport", "true");
        let request = Request { principal_arn: &principal, action, resource, context: &context };
        let decision = self.decide(Some(role_arn), &request, None);
        let denial = decision.denial_message(&request);
        (decision, denial)
    }
}

/// The ARN of a role's session, as it stands in denial texts.
#[must_use]
pub fn session_arn(role_arn: &str, session_name: &str) -> String {
    let role_name = role_arn.rsplit('/').next().unwrap_or_default();
    let account = account_of(role_arn).unwrap_or_default();
    format!("arn:aws:sts::{account}:assumed-role/{role_name}/{session_name}")
}

#[cfg(test)]
mod tests;
