//! Versions: revisions of a state machine that got a number and change no more.

use std::rc::Rc;

use asl::CheckedDefinition;
use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::api::check_arn;
use super::logging::Logging;
use super::machine_api::no_machine;
use super::validation::{Check, TOKEN_CHARACTERS, listed, required};
use super::{StateMachine, States};

/// What of a state machine an update may change.
#[derive(Clone, Debug)]
pub struct Revision {
    /// `None` until the first update.
    pub id: Option<Rc<str>>,
    /// The definition's text, exactly as it was sent.
    pub definition: Rc<str>,
    pub checked: Rc<CheckedDefinition>,
    pub role_arn: Rc<str>,
    pub logging: Logging,
    pub tracing: bool,
    pub(super) encryption: Option<Value>,
}

impl Revision {
    /// The members of a description that a revision decides.
    pub(super) fn describe(&self, answer: &Value, with_definition: bool) -> Value {
        let mut answer = answer.clone();
        if with_definition {
            answer = answer.with("definition", self.definition.clone().into());
            let read = self.checked.variable_references();
            if !read.is_empty() {
                let names = |names: Vec<Rc<str>>| Value::array(names.into_iter().map(Value::from).collect());
                let read = read.into_iter().map(|(state, variables)| (state, names(variables)));
                answer = answer.with("variableReferences", Value::object(read));
            }
        }
        answer = answer
            .with("roleArn", self.role_arn.clone().into())
            .with("loggingConfiguration", self.logging.to_value())
            .with("tracingConfiguration", json!({"enabled": self.tracing}))
            .with("encryptionConfiguration", super::encryption::shown(self.encryption.as_ref()));
        match &self.id {
            Some(id) => answer.with("revisionId", id.clone().into()),
            None => answer,
        }
    }
}

/// A published revision.
#[derive(Clone, Debug)]
pub struct Version {
    pub number: u64,
    pub arn: Rc<str>,
    pub description: Option<String>,
    pub created_at: Timestamp,
    pub revision: Revision,
}

impl StateMachine {
    /// The versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version that a qualifier names.
    pub(super) fn version(&self, qualifier: &str) -> Option<&Version> {
        let number = qualifier.parse::<u64>().ok()?;
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version of the current revision, made now if there is none.
    pub(super) fn publish(&mut self, description: Option<&str>, now: Timestamp) -> Version {
        let revision = self.revision();
        if let Some(published) = self.versions.iter().find(|version| version.revision.id == revision.id) {
            return published.clone();
        }
        self.last_version += 1;
        let version = Version {
            number: self.last_version,
            arn: format!("{}:{}", self.arn, self.last_version).into(),
            description: description.map(str::to_owned),
            created_at: now,
            revision,
        };
        self.versions.push(version.clone());
        version
    }
}

impl States {
    pub(super) fn publish_version(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        Check::new(params).length("description", 0, 256).done()?;
        let machine = self.machines.get_mut(arn).ok_or_else(|| no_machine(arn))?;
        super::machine_api::check_active(machine)?;
        let current = machine.revision_id.as_deref().unwrap_or("INITIAL");
        if let Some(wanted) = params.get_str("revisionId").filter(|wanted| *wanted != current) {
            let message = format!(
                "Failed to publish the State Machine version for revision {wanted}. \
                 The current State Machine revision is {current}."
            );
            return Err(AwsError::new("ConflictException", message));
        }
        let version = machine.publish(params.get_str("description"), now);
        Ok(json!({"stateMachineVersionArn": &*version.arn, "creationDate": version.created_at.epoch_seconds()}))
    }

    /// Newest first.
    pub(super) fn list_versions(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let machine = self.machines.get(arn).ok_or_else(|| no_machine(arn))?;
        let versions: Vec<&Version> = machine.versions.iter().rev().collect();
        listed(
            "stateMachineVersions",
            &versions,
            params,
            TOKEN_CHARACTERS,
            |version| json!({"stateMachineVersionArn": &*version.arn, "creationDate": version.created_at.epoch_seconds()}),
        )
    }

    /// A version that is not there counts as deleted; one that an alias names stays.
    pub(super) fn delete_version(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineVersionArn")?, "stateMachine")?;
        let (machine_arn, qualifier) = split_qualifier(arn);
        if qualifier.is_none_or(|qualifier| qualifier.parse::<u64>().is_err()) {
            return Err(AwsError::new("InvalidArn", format!("Invalid Arn: 'Invalid version ARN: {arn}'")));
        }
        let Some(machine) = self.machines.get_mut(machine_arn) else { return Ok(json!({})) };
        let aliases =
            machine.aliases.iter().filter(|alias| alias.routes.iter().any(|route| &*route.version_arn == arn));
        let aliases: Vec<&str> = aliases.map(|alias| &*alias.name).collect();
        if !aliases.is_empty() {
            let message = format!(
                "Version to be deleted must not be referenced by an alias. \
                 Current list of aliases referencing this version: [{}]",
                aliases.join(", ")
            );
            return Err(AwsError::new("ConflictException", message));
        }
        machine.versions.retain(|version| &*version.arn != arn);
        Ok(json!({}))
    }
}

/// The state machine's ARN and what stands behind it: a version's number or an alias's name.
pub(super) fn split_qualifier(arn: &str) -> (&str, Option<&str>) {
    match arn.match_indices(':').nth(6) {
        Some((at, _)) => (&arn[..at], arn.get(at + 1..)),
        None => (arn, None),
    }
}
