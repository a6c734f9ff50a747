//! CreatePolicy, GetPolicy, ListPolicies, ListEntitiesForPolicy, DeletePolicy.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use iam_eval::{PolicyDocument, managed};
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::checks::{date, document, entity_name, limit_exceeded, no_such_entity, optional_text, path, text};
use super::managed_policy::{CustomerPolicy, ManagedPolicy, PolicyVersion};
use super::{Iam, Role};

/// Quotas of IAM: characters of a managed policy without white space, customer managed policies of an account.
pub(super) const POLICY_CHARACTERS: usize = 6_144;
const POLICIES_PER_ACCOUNT: usize = 1_500;
const POLICY_NAME_CHARACTERS: usize = 128;

impl Iam {
    pub(super) fn create_policy(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let name = entity_name(params, "PolicyName", POLICY_NAME_CHARACTERS)?;
        let path = path(params)?;
        let description = optional_text(params, "Description", 1_000)?;
        let (written, parsed) = managed_document(params)?;
        let arn: Rc<str> = format!("arn:aws:iam::{}:policy{path}{name}", self.account_id).into();
        // Names are unique whatever the path.
        if self.policies.values().any(|policy| &*policy.current.name == name) {
            let message = format!("A policy called {name} already exists. Duplicate names are not allowed.");
            return Err(AwsError::new("EntityAlreadyExists", message).with_status(409));
        }
        if self.policies.len() >= POLICIES_PER_ACCOUNT {
            // Guessed after the texts of other quotas.
            return Err(limit_exceeded(format!("Cannot exceed quota for PoliciesPerAccount: {POLICIES_PER_ACCOUNT}")));
        }
        let current = ManagedPolicy {
            name: name.into(),
            arn: Rc::clone(&arn),
            description: description.unwrap_or_default().into(),
            document: written.clone(),
            parsed: parsed.clone(),
        };
        let policy = CustomerPolicy {
            id: self.unique_id("ANPA"),
            created_at: now,
            updated_at: now,
            versions: vec![PolicyVersion { number: 1, created_at: now, document: written, parsed }],
            default_version: 1,
            current: Rc::new(current),
        };
        self.policies.insert(Rc::clone(&arn), policy);
        let policy = self.managed_policy(&arn).ok_or_else(|| not_found(&arn))?;
        Ok(json!({"Policy": self.described(&policy)}))
    }

    pub(super) fn delete_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = self.own_policy(params)?;
        let (arn, versions) = (Rc::clone(&policy.current.arn), policy.versions.len());
        let conflict = |message: &str| Err(AwsError::new("DeleteConflict", message).with_status(409));
        if self.carriers(&arn).next().is_some() || self.bounded_by(&arn).next().is_some() {
            return conflict("Cannot delete a policy attached to entities.");
        }
        if versions > 1 {
            return conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
            );
        }
        self.policies.remove(&arn);
        Ok(json!({}))
    }

    pub(super) fn list_policies(&mut self, params: &Value) -> Result<Value, AwsError> {
        let scope = params.get_str("Scope").unwrap_or("All");
        let attached_only = params.get("OnlyAttached").and_then(Value::as_bool).unwrap_or(false);
        let prefix = params.get_str("PathPrefix").unwrap_or("/");
        let own = self.policies.values().map(|policy| Rc::clone(&policy.current)).filter(|_| scope != "AWS");
        let of_aws = managed::all().iter().filter(|_| scope != "Local");
        let of_aws = of_aws.filter_map(|policy| ManagedPolicy::of_aws(policy.arn)).map(Rc::new);
        let listed = own.chain(of_aws).filter(|policy| {
            policy.path().starts_with(prefix) && (!attached_only || self.carriers(&policy.arn).next().is_some())
        });
        let rows = listed.map(|policy| self.policy_value(&policy)).collect();
        Ok(json!({"Policies": Value::array(rows)}))
    }

    pub(super) fn get_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = self.named_policy(params)?;
        Ok(json!({"Policy": self.described(&policy)}))
    }

    pub(super) fn list_entities_for_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = self.named_policy(params)?;
        let row = |role: &Role| json!({"RoleName": role.name(), "RoleId": role.role_id()});
        let roles = match params.get_str("PolicyUsageFilter") {
            Some("PermissionsBoundary") => self.bounded_by(&policy.arn).map(row).collect(),
            _ => self.carriers(&policy.arn).map(row).collect(),
        };
        Ok(json!({"PolicyGroups": [], "PolicyUsers": []}).with("PolicyRoles", Value::array(roles)))
    }

    /// Customer managed policies, by ARN.
    pub fn customer_policies(&self) -> impl Iterator<Item = &CustomerPolicy> {
        self.policies.values()
    }

    /// A managed policy, AWS's or the account's own, in its default version.
    #[must_use]
    pub fn managed_policy(&self, arn: &str) -> Option<Rc<ManagedPolicy>> {
        let own = self.policies.get(arn).map(|policy| Rc::clone(&policy.current));
        own.or_else(|| ManagedPolicy::of_aws(arn).map(Rc::new))
    }

    pub(super) fn named_policy(&self, params: &Value) -> Result<Rc<ManagedPolicy>, AwsError> {
        let arn = policy_arn(params, "PolicyArn")?;
        self.managed_policy(arn).ok_or_else(|| not_found(arn))
    }

    /// A policy that this account may change.
    pub(super) fn own_policy(&mut self, params: &Value) -> Result<&mut CustomerPolicy, AwsError> {
        let arn = policy_arn(params, "PolicyArn")?;
        if arn.starts_with("arn:aws:iam::aws:") {
            return Err(AwsError::new("AccessDenied", "Policy is outside your own account.").with_status(403));
        }
        self.policies.get_mut(arn).ok_or_else(|| not_found(arn))
    }

    fn carriers<'a>(&'a self, arn: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles().filter(move |role| role.attached_policies().any(|policy| &*policy.arn == arn))
    }

    fn bounded_by<'a>(&'a self, arn: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles().filter(move |role| role.boundary().is_some_and(|policy| &*policy.arn == arn))
    }

    /// With the description, which lists leave out.
    fn described(&self, policy: &ManagedPolicy) -> Value {
        let value = self.policy_value(policy);
        if policy.description.is_empty() { value } else { value.with("Description", json!(&*policy.description)) }
    }

    fn policy_value(&self, policy: &ManagedPolicy) -> Value {
        let own = self.policies.get(&policy.arn);
        let mut value = json!({"PolicyName": &*policy.name});
        if let Some(own) = own {
            value = value.with("PolicyId", json!(&*own.id));
        }
        value = value
            .with("Arn", json!(&*policy.arn))
            .with("Path", json!(policy.path()))
            .with("DefaultVersionId", format!("v{}", own.map_or(1, |own| own.default_version)).into())
            .with("AttachmentCount", json!(self.carriers(&policy.arn).count()))
            .with("PermissionsBoundaryUsageCount", json!(self.bounded_by(&policy.arn).count()))
            .with("IsAttachable", json!(true));
        match own {
            Some(own) => {
                value.with("CreateDate", date(own.created_at).into()).with("UpdateDate", date(own.updated_at).into())
            }
            None => value,
        }
    }
}

/// The document of a managed policy.
pub(super) fn managed_document(params: &Value) -> Result<(Value, PolicyDocument), AwsError> {
    let (written, parsed) = document(params, "PolicyDocument", PolicyDocument::check_identity_based)?;
    if written.json_len() > POLICY_CHARACTERS {
        return Err(limit_exceeded(format!("Cannot exceed quota for PolicySize: {POLICY_CHARACTERS}")));
    }
    Ok((written, parsed))
}

pub(super) fn not_found(arn: &str) -> AwsError {
    no_such_entity(format!("Policy {arn} was not found."))
}

/// A member that holds a policy's ARN, which must at least look like one.
pub(super) fn policy_arn<'a>(params: &'a Value, name: &str) -> Result<&'a str, AwsError> {
    let arn = text(params, name)?;
    if !(arn.starts_with("arn:aws:iam::") && arn.contains(":policy/")) {
        return Err(AwsError::new("InvalidInput", format!("ARN {arn} is not valid.")));
    }
    Ok(arn)
}
