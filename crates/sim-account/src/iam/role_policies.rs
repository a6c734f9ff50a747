//! Policies of roles: attached managed ones and inline ones.

use aws_protocol::AwsError;
use iam_eval::{PolicyDocument, managed};
use shared_json::{Value, json};

use super::Iam;
use super::checks::{document, entity_name, limit_exceeded, no_such_entity, text};

/// Quotas of IAM: managed policies on a role, characters of its inline policies together.
const POLICIES_PER_ROLE: usize = 10;
const INLINE_CHARACTERS_PER_ROLE: usize = 10_240;
const POLICY_NAME_CHARACTERS: usize = 128;

impl Iam {
    pub(super) fn attach_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = policy_arn(params)?;
        let role = self.named_role(params)?;
        let missing = || no_such_entity(format!("Policy {arn} does not exist or is not attachable."));
        let policy = managed::by_arn(arn).ok_or_else(missing)?;
        if role.attached.iter().any(|(attached, _)| attached.arn == arn) {
            return Ok(json!({}));
        }
        if role.attached.len() >= POLICIES_PER_ROLE {
            return Err(limit_exceeded(format!("Cannot exceed quota for PoliciesPerRole: {POLICIES_PER_ROLE}")));
        }
        let parsed = PolicyDocument::parse_text(policy.document).map_err(|_| missing())?;
        role.attached.push((policy, parsed));
        Ok(json!({}))
    }

    pub(super) fn detach_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = policy_arn(params)?;
        let role = self.named_role(params)?;
        let index = role.attached.iter().position(|(policy, _)| policy.arn == arn);
        let index = index.ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))?;
        role.attached.remove(index);
        Ok(json!({}))
    }

    pub(super) fn list_attached_role_policies(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let policies = role.attached_policies().map(|p| json!({"PolicyName": p.name, "PolicyArn": p.arn})).collect();
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

/// The member `PolicyArn`, which must at least look like an ARN.
pub(super) fn policy_arn(params: &Value) -> Result<&str, AwsError> {
    let arn = text(params, "PolicyArn")?;
    if !(arn.starts_with("arn:aws:iam::") && arn.contains(":policy/")) {
        return Err(AwsError::new("InvalidInput", format!("ARN {arn} is not valid.")));
    }
    Ok(arn)
}
