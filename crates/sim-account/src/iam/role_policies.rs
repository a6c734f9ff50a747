//! Policies of roles: attached managed ones and inline ones.

use aws_protocol::AwsError;
use iam_eval::PolicyDocument;
use shared_json::{Value, json};

use super::checks::{document, entity_name, limit_exceeded, no_such_entity};
use super::managed_policies::{not_found, policy_arn};
use super::{Iam, ManagedPolicy};

/// Quotas of IAM: managed policies on a role, characters of its inline policies together.
const POLICIES_PER_ROLE: usize = 10;
const INLINE_CHARACTERS_PER_ROLE: usize = 10_240;
const POLICY_NAME_CHARACTERS: usize = 128;

impl Iam {
    pub(super) fn attach_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = policy_arn(params, "PolicyArn")?;
        let policy = self.managed_policy(arn);
        let role = self.named_role(params)?;
        let missing = || no_such_entity(format!("Policy {arn} does not exist or is not attachable."));
        let policy = policy.ok_or_else(missing)?;
        if role.attached.iter().any(|attached| &*attached.arn == arn) {
            return Ok(json!({}));
        }
        if role.attached.len() >= POLICIES_PER_ROLE {
            return Err(limit_exceeded(format!("Cannot exceed quota for PoliciesPerRole: {POLICIES_PER_ROLE}")));
        }
        role.attached.push(policy);
        Ok(json!({}))
    }

    pub(super) fn detach_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = policy_arn(params, "PolicyArn")?;
        let role = self.named_role(params)?;
        let index = role.attached.iter().position(|policy| &*policy.arn == arn);
        role.attached.remove(index.ok_or_else(|| not_found(arn))?);
        Ok(json!({}))
    }

    pub(super) fn list_attached_role_policies(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let row = |policy: &ManagedPolicy| json!({"PolicyName": &*policy.name, "PolicyArn": &*policy.arn});
        let policies = role.attached_policies().map(row).collect();
        Ok(json!({"AttachedPolicies": Value::array(policies)}))
    }

    pub(super) fn put_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = entity_name(params, "PolicyName", POLICY_NAME_CHARACTERS)?;
        let written = document(params, "PolicyDocument", PolicyDocument::check_identity_based)?;
        let role = self.named_role(params)?;
        let others = role.inline_policies().filter(|(other, _)| *other != name);
        let size = others.map(|(_, document)| document.json_len()).sum::<usize>() + written.0.json_len();
        if size > INLINE_CHARACTERS_PER_ROLE {
            return Err(limit_exceeded(format!(
                "Maximum policy size of {INLINE_CHARACTERS_PER_ROLE} bytes exceeded for role {}",
                role.name
            )));
        }
        role.inline.insert(name.into(), written);
        Ok(json!({}))
    }

    pub(super) fn get_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = entity_name(params, "PolicyName", POLICY_NAME_CHARACTERS)?;
        let role = self.named_role(params)?;
        let (document, _) = role.inline.get(name).ok_or_else(|| no_such_role_policy(name))?;
        Ok(json!({"RoleName": &*role.name, "PolicyName": name}).with("PolicyDocument", document.clone()))
    }

    pub(super) fn delete_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = entity_name(params, "PolicyName", POLICY_NAME_CHARACTERS)?;
        let role = self.named_role(params)?;
        role.inline.remove(name).ok_or_else(|| no_such_role_policy(name))?;
        Ok(json!({}))
    }

    pub(super) fn list_role_policies(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let names = role.inline_policies().map(|(name, _)| json!(name)).collect();
        Ok(json!({"PolicyNames": Value::array(names)}))
    }
}

fn no_such_role_policy(name: &str) -> AwsError {
    no_such_entity(format!("The role policy with name {name} cannot be found."))
}
