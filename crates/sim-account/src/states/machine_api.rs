//! CreateStateMachine and its kin.

use std::rc::Rc;

use aws_protocol::AwsError;
use sfn_engine::Status;
use shared_json::{Value, json};

use super::api::{check_arn, check_name};
use super::definition_api::{DEFINITION_BYTES, check_definition};
use super::express::MachineType;
use super::logging::{self, Logging};
use super::tags::{self, Tags};
use super::validation::{Check, TOKEN_CHARACTERS, invalid, listed, required};
use super::versions::{Revision, split_qualifier};
use super::{StateMachine, States};
use crate::Account;

impl Account {
    pub(super) fn create_state_machine(&mut self, params: &Value) -> Result<Value, AwsError> {
        let mut check = Check::new(params);
        check.present("name").length("name", 1, 80).present("definition").present("roleArn");
        check.one_of("type", &["STANDARD", "EXPRESS"]);
        check_settings(&mut check, params);
        check.done()?;
        let name = required(params, "name")?;
        check_name(name)?;
        let definition = required(params, "definition")?;
        let role_arn = required(params, "roleArn")?;
        check_publish(params)?;
        let machine_type = MachineType::read(params);
        let checked = check_definition(definition, machine_type)?;
        let logging = params.get("loggingConfiguration").map(Logging::read).transpose()?.unwrap_or_default();
        let encryption = super::encryption::read(params)?;
        tags::check(params)?;
        let arn: Rc<str> = self.states.machine_arn(name).into();
        let created_with = (publishes(params), params.get_str("versionDescription").map(str::to_owned));
        let mut machine = StateMachine {
            arn: arn.clone(),
            name: name.into(),
            machine_type,
            definition: definition.into(),
            checked,
            role_arn: role_arn.into(),
            logging,
            tracing: traces(params).unwrap_or(false),
            encryption,
            created_at: self.now,
            updated_at: self.now,
            revision_id: None,
            deleting: false,
            tags: Tags::default(),
            created_with,
            versions: Vec::new(),
            last_version: 0,
            aliases: Vec::new(),
        };
        if let Some(existing) = self.states.machines.get(&arn) {
            check_active(existing)?;
            // Creating the same machine again changes nothing; another role and other tags are ignored, as the
            // API page says.
            if existing.is_same(&machine) {
                return Ok(created(existing));
            }
            return Err(AwsError::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'")));
        }
        self.check_role(role_arn, &arn)?;
        self.check_role_reaches(&machine)?;
        machine.tags.set(tags::given(params));
        if publishes(params) {
            machine.publish(params.get_str("versionDescription"), self.now);
        }
        let answer = created(&machine);
        self.states.machines.insert(arn, machine);
        Ok(answer)
    }

    pub(super) fn update_state_machine(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let mut check = Check::new(params);
        check_settings(&mut check, params);
        check.done()?;
        let definition = params.get_str("definition");
        let role_arn = params.get_str("roleArn");
        let machine = self.states.machine(arn).ok_or_else(|| no_machine(arn))?;
        check_active(machine)?;
        let settings =
            ["definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"];
        if settings.iter().all(|key| params.get(key).is_none_or(Value::is_null)) {
            return Err(AwsError::new(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
            ));
        }
        check_publish(params)?;
        let machine_type = machine.machine_type;
        let checked = definition.map(|text| check_definition(text, machine_type)).transpose()?;
        let logging = params.get("loggingConfiguration").map(Logging::read).transpose()?;
        let encryption = super::encryption::read(params)?;
        if let Some(role_arn) = role_arn {
            self.check_role(role_arn, arn)?;
        }
        let revision = self.random.uuid();
        let now = self.now;
        let Some(before) = self.states.machines.get(arn).cloned() else { return Err(no_machine(arn)) };
        let mut wished = before.clone();
        if let (Some(definition), Some(checked)) = (definition, checked) {
            wished.definition = definition.into();
            wished.checked = checked;
        }
        wished.role_arn = role_arn.map_or_else(|| before.role_arn.clone(), Rc::from);
        wished.logging = logging.unwrap_or_else(|| before.logging.clone());
        self.check_role_reaches(&wished)?;
        let Some(machine) = self.states.machines.get_mut(arn) else { return Err(no_machine(arn)) };
        *machine = wished;
        machine.tracing = traces(params).unwrap_or(before.tracing);
        if params.get("encryptionConfiguration").is_some() {
            machine.encryption = encryption;
        }
        machine.updated_at = now;
        let mut answer = json!({"updateDate": now.epoch_seconds()});
        // An update that changes nothing makes no revision.
        if !(machine.is_configured_as(&before) && machine.role_arn == before.role_arn) {
            machine.revision_id = Some(revision.clone());
            answer = answer.with("revisionId", revision.into());
        }
        if publishes(params) {
            let version = machine.publish(params.get_str("versionDescription"), now);
            answer = answer.with("stateMachineVersionArn", version.arn.into());
        }
        Ok(answer)
    }
}

impl StateMachine {
    /// Its tags: key and value.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.pairs()
    }

    /// What a version keeps.
    pub(super) fn revision(&self) -> Revision {
        Revision {
            id: self.revision_id.as_deref().map(Rc::from),
            definition: self.definition.clone(),
            checked: self.checked.clone(),
            role_arn: self.role_arn.clone(),
            logging: self.logging.clone(),
            tracing: self.tracing,
            encryption: self.encryption.clone(),
        }
    }

    fn is_configured_as(&self, other: &StateMachine) -> bool {
        self.definition == other.definition
            && self.logging == other.logging
            && self.tracing == other.tracing
            && self.encryption == other.encryption
    }

    /// Whether CreateStateMachine takes the two for one.
    fn is_same(&self, other: &StateMachine) -> bool {
        self.machine_type == other.machine_type
            && self.created_with == other.created_with
            && self.is_configured_as(other)
    }
}

impl States {
    pub(super) fn describe_state_machine(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        Check::new(params).one_of("includedData", &INCLUDED_DATA).done()?;
        let (machine_arn, qualifier) = split_qualifier(arn);
        let machine = self.machine(machine_arn).ok_or_else(|| no_machine(arn))?;
        let version = match qualifier {
            Some(number) => Some(machine.version(number).ok_or_else(|| no_machine(arn))?),
            None => None,
        };
        let created_at = version.map_or(machine.created_at, |version| version.created_at);
        let answer = json!({
            "stateMachineArn": arn,
            "name": &*machine.name,
            "status": if machine.deleting { "DELETING" } else { "ACTIVE" },
            "type": machine.machine_type.name(),
            "creationDate": created_at.epoch_seconds(),
        });
        let with_definition = params.get_str("includedData") != Some("METADATA_ONLY");
        let revision = version.map_or_else(|| machine.revision(), |version| version.revision.clone());
        let answer = revision.describe(&answer, with_definition);
        Ok(match version.and_then(|version| version.description.as_deref()) {
            Some(description) => answer.with("description", description.into()),
            None => answer,
        })
    }

    pub(super) fn list_state_machines(&self, params: &Value) -> Result<Value, AwsError> {
        let mut machines: Vec<&StateMachine> = self.machines.values().collect();
        machines.sort_by_key(|machine| machine.name.to_lowercase());
        listed("stateMachines", &machines, params, TOKEN_CHARACTERS, |m| {
            json!({"stateMachineArn": &*m.arn, "name": &*m.name, "type": m.machine_type.name(),
                "creationDate": m.created_at.epoch_seconds()})
        })
    }

    /// The machine disappears at once, or when its last running execution has ended.
    pub(super) fn delete_state_machine(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let running =
            self.executions.iter().any(|e| &*e.state_machine_arn == arn && e.execution.status() == Status::Running);
        if running {
            if let Some(machine) = self.machines.get_mut(arn) {
                machine.deleting = true;
            }
        } else {
            self.machines.shift_remove(arn);
        }
        Ok(json!({}))
    }
}

pub(super) const INCLUDED_DATA: [&str; 2] = ["ALL_DATA", "METADATA_ONLY"];

/// The form of what creating and updating have in common.
fn check_settings(check: &mut Check<'_>, params: &Value) {
    check.length("definition", 1, usize::MAX).bytes("definition", DEFINITION_BYTES);
    check.length("roleArn", 1, 256).length("versionDescription", 0, 256);
    logging::check_form(check, params);
}

fn publishes(params: &Value) -> bool {
    params.get("publish").and_then(Value::as_bool).unwrap_or(false)
}

fn traces(params: &Value) -> Option<bool> {
    params.get("tracingConfiguration")?.get("enabled").and_then(Value::as_bool)
}

fn check_publish(params: &Value) -> Result<(), AwsError> {
    if params.get_str("versionDescription").is_some() && !publishes(params) {
        return Err(invalid("Version description can only be set when publish is true"));
    }
    Ok(())
}

fn created(machine: &StateMachine) -> Value {
    let answer = json!({"stateMachineArn": &*machine.arn, "creationDate": machine.created_at.epoch_seconds()});
    match machine.versions.first().filter(|_| machine.created_with.0) {
        Some(version) => answer.with("stateMachineVersionArn", version.arn.clone().into()),
        None => answer,
    }
}

pub(super) fn check_active(machine: &StateMachine) -> Result<(), AwsError> {
    if machine.deleting {
        let message = format!("State Machine is being deleted: '{}'", machine.arn);
        return Err(AwsError::new("StateMachineDeleting", message));
    }
    Ok(())
}

pub(super) fn no_machine(arn: &str) -> AwsError {
    AwsError::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
}
