//! Managed policies: AWS's own, and those that the account keeps in up to five versions.

use std::rc::Rc;

use iam_eval::{PolicyDocument, managed};
use shared_json::Value;
use virtual_time::Timestamp;

/// A managed policy as roles carry it: its default version, parsed once.
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    pub name: Rc<str>,
    pub arn: Rc<str>,
    pub description: Rc<str>,
    pub document: Value,
    pub(super) parsed: PolicyDocument,
}

impl ManagedPolicy {
    /// AWS's policy of this ARN.
    #[must_use]
    pub fn of_aws(arn: &str) -> Option<ManagedPolicy> {
        let known = managed::by_arn(arn)?;
        let document = Value::parse(known.document).ok()?;
        Some(ManagedPolicy {
            name: known.name.into(),
            arn: known.arn.into(),
            description: known.description.into(),
            parsed: PolicyDocument::parse(&document).ok()?,
            document,
        })
    }

    /// Whether AWS keeps it.
    #[must_use]
    pub fn is_of_aws(&self) -> bool {
        self.arn.starts_with("arn:aws:iam::aws:")
    }

    #[must_use]
    pub fn parsed(&self) -> &PolicyDocument {
        &self.parsed
    }

    /// The part of the ARN between `policy` and the name.
    pub(super) fn path(&self) -> &str {
        self.arn.split_once(":policy").and_then(|(_, rest)| rest.strip_suffix(&*self.name)).unwrap_or("/")
    }
}

/// A policy of the account's own.
#[derive(Clone, Debug)]
pub struct CustomerPolicy {
    pub(super) id: Rc<str>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// In order of making.
    pub(super) versions: Vec<PolicyVersion>,
    /// The number of the default version.
    pub(super) default_version: u32,
    /// Its default version, as roles carry it.
    pub(super) current: Rc<ManagedPolicy>,
}

#[derive(Clone, Debug)]
pub(super) struct PolicyVersion {
    pub(super) number: u32,
    pub(super) created_at: Timestamp,
    pub(super) document: Value,
    pub(super) parsed: PolicyDocument,
}

impl CustomerPolicy {
    #[must_use]
    pub fn policy(&self) -> &ManagedPolicy {
        &self.current
    }

    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Makes a version the one that counts. `false` when there is no such version.
    pub(super) fn set_default(&mut self, number: u32) -> bool {
        let Some(version) = self.versions.iter().find(|version| version.number == number) else { return false };
        self.default_version = number;
        self.current = Rc::new(ManagedPolicy {
            document: version.document.clone(),
            parsed: version.parsed.clone(),
            ..(*self.current).clone()
        });
        true
    }
}
