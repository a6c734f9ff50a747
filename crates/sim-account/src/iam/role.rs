//! One role: who may assume it, and what it may do.

use std::collections::BTreeMap;
use std::rc::Rc;

use iam_eval::PolicyDocument;
use iam_eval::managed::ManagedPolicy;
use shared_json::{Value, json};
use virtual_time::Timestamp;

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
    pub(super) attached: Vec<(&'static ManagedPolicy, PolicyDocument)>,
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

    /// Whether a service (`lambda.amazonaws.com`) may assume this role.
    #[must_use]
    pub fn trusts(&self, service_principal: &str) -> bool {
        self.trust.trusts_service(service_principal)
    }

    /// Inline policies: name and document.
    pub fn inline_policies(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.inline.iter().map(|(name, (document, _))| (&**name, document))
    }

    pub fn attached_policies(&self) -> impl Iterator<Item = &'static ManagedPolicy> {
        self.attached.iter().map(|(policy, _)| *policy)
    }

    /// Every policy of this role by name, inline ones first.
    pub fn named_policies(&self) -> impl Iterator<Item = (&str, &PolicyDocument)> {
        let inline = self.inline.iter().map(|(name, (_, parsed))| (&**name, parsed));
        inline.chain(self.attached.iter().map(|(policy, parsed)| (policy.name, parsed)))
    }

    /// The same as owned values.
    #[must_use]
    pub fn policies(&self) -> Vec<(String, PolicyDocument)> {
        self.named_policies().map(|(name, document)| (name.to_owned(), document.clone())).collect()
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
        role.with("MaxSessionDuration", json!(self.max_session_seconds))
    }
}

/// To the second, as the CLI prints IAM's dates.
fn date(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    text.split_once('.').map_or_else(|| text.clone(), |(seconds, _)| format!("{seconds}+00:00"))
}
