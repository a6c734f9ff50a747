//! The IAM registry: roles, their trust and their policies, behind IAM's API.
//!
//! Documents are parsed when they are written, so that [`Iam::authorize`] only compares. Answers have the
//! shape that the AWS CLI prints. It does not know which calls ask for permission; that is the account's.

mod checks;
mod managed_policies;
mod role;
mod role_policies;
mod roles;

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::{AwsError, Randomness};
use iam_eval::{Decision, PolicyDocument, Request, evaluate};
use shared_json::Value;
use virtual_time::Timestamp;

pub use role::Role;

/// Roles of one account.
#[derive(Clone, Debug)]
pub struct Iam {
    account_id: Rc<str>,
    random: Randomness,
    roles: BTreeMap<Rc<str>, Role>,
}

impl Iam {
    #[must_use]
    pub fn new(account_id: &str, seed: u64) -> Self {
        Iam { account_id: account_id.into(), random: Randomness::new(seed), roles: BTreeMap::new() }
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
            "UpdateAssumeRolePolicy" => self.update_assume_role_policy(params),
            "AttachRolePolicy" => self.attach_role_policy(params),
            "DetachRolePolicy" => self.detach_role_policy(params),
            "ListAttachedRolePolicies" => self.list_attached_role_policies(params),
            "PutRolePolicy" => self.put_role_policy(params),
            "GetRolePolicy" => self.get_role_policy(params),
            "DeleteRolePolicy" => self.delete_role_policy(params),
            "ListRolePolicies" => self.list_role_policies(params),
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

    /// Whether a role's session may do this, and the sentence with which AWS refuses if not. A role that is
    /// gone may do nothing.
    #[must_use]
    pub fn authorize(&self, role_arn: &str, session_name: &str, action: &str, resource: &str) -> (Decision, String) {
        let role_name = role_arn.rsplit('/').next().unwrap_or_default();
        let principal = format!("arn:aws:sts::{}:assumed-role/{role_name}/{session_name}", self.account_id);
        let context = [
            ("aws:PrincipalArn", role_arn),
            ("aws:PrincipalAccount", &*self.account_id),
            ("aws:SecureTransport", "true"),
        ];
        let request = Request { principal_arn: &principal, action, resource, context: &context };
        let policies: Vec<(&str, &PolicyDocument)> =
            self.role_by_arn(role_arn).map(|role| role.named_policies().collect()).unwrap_or_default();
        let decision = evaluate(&request, &policies, None);
        let denial = decision.denial_message(&request);
        (decision, denial)
    }
}

#[cfg(test)]
mod tests;
