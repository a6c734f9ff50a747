//! PutRolePermissionsBoundary, DeleteRolePermissionsBoundary: the most that a role may do, as a managed policy.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::Iam;
use super::checks::no_such_entity;
use super::managed_policies::policy_arn;
use super::managed_policy::ManagedPolicy;

impl Iam {
    pub(super) fn put_role_permissions_boundary(&mut self, params: &Value) -> Result<Value, AwsError> {
        let boundary = self.named_boundary(params)?;
        self.named_role(params)?.boundary = Some(boundary);
        Ok(json!({}))
    }

    pub(super) fn delete_role_permissions_boundary(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let taken = role.boundary.take();
        let missing = || no_such_entity(format!("Role {} does not have a permission boundary attached.", role.name));
        taken.map(|_| json!({})).ok_or_else(missing)
    }

    /// The policy that the member `PermissionsBoundary` names.
    pub(super) fn named_boundary(&self, params: &Value) -> Result<Rc<ManagedPolicy>, AwsError> {
        let arn = policy_arn(params, "PermissionsBoundary")?;
        let missing = || no_such_entity(format!("Scope ARN: {arn} does not exist or is not attachable."));
        self.managed_policy(arn).ok_or_else(missing)
    }
}
