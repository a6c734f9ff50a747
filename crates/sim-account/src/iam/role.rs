//! One role: who may assume it, and what it may do.

use std::collections::BTreeMap;
use std::rc::Rc;

use iam_eval::PolicyDocument;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::checks::date;
use super::managed_policy::ManagedPolicy;
use super::tags::{self, Tags};

/// A role with its documents, parsed once.
#[derive(Clone, Debug)]
pub struct Role {
    pub(super) name: Rc<str>,
    pub(super) path: Rc<str>,
    pub(super) arn: Rc<str>,
    pub(super) role_id: Rc<str>,
    pub(super) description: Option<Rc<str>>,
    pub(super) max_session_seconds: i64,
    pub(super) created_at: Timestamp,
    pub(super) trust_document: Value,
    pub(super) trust: PolicyDocument,
    /// Inline policies by name.
    pub(super) inline: BTreeMap<Rc<str>, (Value, PolicyDocument)>,
    /// In order of attachment.
    pub(super) attached: Vec<Rc<ManagedPolicy>>,
    /// The most that the role may do.
    pub(super) boundary: Option<Rc<ManagedPolicy>>,
    pub(super) tags: Tags,
}

impl Role {
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// `AROA…`: what stands before the session's name in a user id.
    #[must_use]
    pub fn role_id(&self) -> &str {
        &self.role_id
    }

    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    #[must_use]
    pub fn trust_document(&self) -> &Value {
        &self.trust_document
    }

    /// The trust policy, as IAM decides by it.
    #[must_use]
    pub fn trust(&self) -> &PolicyDocument {
        &self.trust
    }

    /// Whether a service (`lambda.amazonaws.com`) is named as one that may assume this role; conditions are left for
    /// the moment when it tries.
    #[must_use]
    pub fn trusts(&self, service_principal: &str) -> bool {
        self.trust.names_service(service_principal)
    }

    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (&**key, &**value))
    }

    #[must_use]
    pub fn boundary(&self) -> Option<&ManagedPolicy> {
        self.boundary.as_deref()
    }

    /// Inline policies: name and document.
    pub fn inline_policies(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.inline.iter().map(|(name, (document, _))| (&**name, document))
    }

    pub fn attached_policies(&self) -> impl Iterator<Item = &ManagedPolicy> {
        self.attached.iter().map(|policy| &**policy)
    }

    /// Every policy of this role by name, inline ones first.
    pub fn named_policies(&self) -> impl Iterator<Item = (&str, &PolicyDocument)> {
        let inline = self.inline.iter().map(|(name, (_, parsed))| (&**name, parsed));
        inline.chain(self.attached.iter().map(|policy| (&*policy.name, &policy.parsed)))
    }

    pub(super) fn to_value(&self) -> Value {
        let mut role = json!({
            "Path": &*self.path,
            "RoleName": &*self.name,
            "RoleId": &*self.role_id,
            "Arn": &*self.arn,
            "CreateDate": date(self.created_at),
        });
        role = role.with("AssumeRolePolicyDocument", self.trust_document.clone());
        if let Some(description) = &self.description {
            role = role.with("Description", Value::String(description.clone()));
        }
        role = role.with("MaxSessionDuration", json!(self.max_session_seconds));
        if let Some(boundary) = &self.boundary {
            let kind = json!({"PermissionsBoundaryType": "Policy"});
            role = role.with("PermissionsBoundary", kind.with("PermissionsBoundaryArn", json!(&*boundary.arn)));
        }
        if self.tags.is_empty() { role } else { role.with("Tags", tags::to_value(&self.tags)) }
    }
}
