//! CreateRole, GetRole, ListRoles, UpdateRole, DeleteRole, UpdateAssumeRolePolicy.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use iam_eval::PolicyDocument;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::checks::{document, entity_name, limit_exceeded, no_such_entity, optional_text, path, validation_error};
use super::{Iam, Role, tags};

/// Quotas of IAM: roles of an account, characters of a role's name and trust policy.
const ROLES_PER_ACCOUNT: usize = 1_000;
const ROLE_NAME_CHARACTERS: usize = 64;
const TRUST_POLICY_CHARACTERS: usize = 2_048;
const DESCRIPTION_CHARACTERS: usize = 1_000;

impl Iam {
    pub(super) fn create_role(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let name = entity_name(params, "RoleName", ROLE_NAME_CHARACTERS)?;
        let path = path(params)?;
        let description = optional_text(params, "Description", DESCRIPTION_CHARACTERS)?;
        let boundary = match params.get("PermissionsBoundary").filter(|given| !given.is_null()) {
            Some(_) => Some(self.named_boundary(params)?),
            None => None,
        };
        let tags = tags::given(params)?;
        let max_session_seconds = session_seconds(params)?;
        let (trust_document, trust) = read_trust(params, "AssumeRolePolicyDocument")?;
        if self.roles.contains_key(name) {
            let message = format!("Role with name {name} already exists.");
            return Err(AwsError::new("EntityAlreadyExists", message).with_status(409));
        }
        if self.roles.len() >= ROLES_PER_ACCOUNT {
            return Err(limit_exceeded(format!("Cannot exceed quota for RolesPerAccount: {ROLES_PER_ACCOUNT}")));
        }
        let role = Role {
            name: name.into(),
            path: path.into(),
            arn: format!("arn:aws:iam::{}:role{path}{name}", self.account_id).into(),
            role_id: self.unique_id("AROA"),
            description: description.map(Rc::from),
            max_session_seconds,
            created_at: now,
            trust_document,
            trust,
            inline: BTreeMap::new(),
            attached: Vec::new(),
            boundary,
            tags,
        };
        let answer = json!({"Role": role.to_value()});
        self.roles.insert(name.into(), role);
        Ok(answer)
    }

    pub(super) fn get_role(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?.to_value();
        Ok(json!({"Role": role.with("RoleLastUsed", json!({}))}))
    }

    pub(super) fn list_roles(&mut self, params: &Value) -> Result<Value, AwsError> {
        let prefix = params.get_str("PathPrefix").unwrap_or("/");
        let roles = self.roles().filter(|role| role.path.starts_with(prefix)).map(Role::to_value).collect();
        Ok(json!({"Roles": Value::array(roles)}))
    }

    pub(super) fn delete_role(&mut self, params: &Value) -> Result<Value, AwsError> {
        let role = self.named_role(params)?;
        let conflict = |message: &str| Err(AwsError::new("DeleteConflict", message).with_status(409));
        if !role.attached.is_empty() {
            return conflict("Cannot delete entity, must detach all policies first.");
        }
        if !role.inline.is_empty() {
            return conflict("Cannot delete entity, must delete policies first.");
        }
        let name = role.name.clone();
        self.roles.remove(&name);
        Ok(json!({}))
    }

    pub(super) fn update_assume_role_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let (trust_document, trust) = read_trust(params, "PolicyDocument")?;
        let role = self.named_role(params)?;
        role.trust_document = trust_document;
        role.trust = trust;
        Ok(json!({}))
    }

    /// UpdateRole, and UpdateRoleDescription, which tells the role back.
    pub(super) fn update_role(&mut self, params: &Value, tells: bool) -> Result<Value, AwsError> {
        let description = optional_text(params, "Description", DESCRIPTION_CHARACTERS)?;
        let seconds = session_seconds(params)?;
        let role = self.named_role(params)?;
        if let Some(description) = description {
            role.description = Some(description.into());
        }
        if params.get("MaxSessionDuration").is_some() {
            role.max_session_seconds = seconds;
        }
        Ok(if tells { json!({"Role": role.to_value()}) } else { json!({}) })
    }

    pub(super) fn named_role(&mut self, params: &Value) -> Result<&mut Role, AwsError> {
        let name = entity_name(params, "RoleName", ROLE_NAME_CHARACTERS)?;
        let missing = || no_such_entity(format!("The role with name {name} cannot be found."));
        self.roles.get_mut(name).ok_or_else(missing)
    }

    /// A unique id in IAM's alphabet.
    pub(super) fn unique_id(&mut self, prefix: &str) -> Rc<str> {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut id = prefix.to_owned();
        let mut bits = u128::from(self.random.next_u64()) << 64 | u128::from(self.random.next_u64());
        for _ in 0..17 {
            id.extend(ALPHABET.get((bits & 31) as usize).map(|b| char::from(*b)));
            bits >>= 5;
        }
        id.into()
    }
}

fn read_trust(params: &Value, name: &str) -> Result<(Value, PolicyDocument), AwsError> {
    let (value, parsed) = document(params, name, PolicyDocument::check_trust)?;
    if value.json_len() > TRUST_POLICY_CHARACTERS {
        return Err(limit_exceeded(format!("Cannot exceed quota for ACLSizePerRole: {TRUST_POLICY_CHARACTERS}")));
    }
    Ok((value, parsed))
}

fn session_seconds(params: &Value) -> Result<i64, AwsError> {
    let Some(given) = params.get("MaxSessionDuration").filter(|value| !value.is_null()) else { return Ok(3_600) };
    let seconds = given.as_i64().filter(|seconds| (3_600..=43_200).contains(seconds));
    seconds.ok_or_else(|| {
        let rule = if given.as_f64().is_some_and(|n| n > 43_200.0) {
            "Member must have value less than or equal to 43200"
        } else {
            "Member must have value greater than or equal to 3600"
        };
        validation_error(format!(
            "1 validation error detected: Value '{given}' at 'maxSessionDuration' failed to satisfy constraint: {rule}"
        ))
    })
}
