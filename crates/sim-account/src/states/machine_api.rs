//! CreateStateMachine and its kin.

use std::rc::Rc;

use asl::Severity;
use aws_protocol::AwsError;
use sfn_engine::Status;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::api::{check_arn, check_name, date, page, required};
use super::{StateMachine, States};
use crate::Account;

impl Account {
    pub(super) fn create_state_machine(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = required(params, "name")?;
        check_name(name)?;
        let definition = required(params, "definition")?;
        let role_arn = required(params, "roleArn")?;
        check_type(params)?;
        let checked = check_definition(definition)?;
        let arn: Rc<str> = self.states.machine_arn(name).into();
        if let Some(existing) = self.states.machines.get(&arn) {
            if existing.deleting {
                return Err(AwsError::new("StateMachineDeleting", format!("State Machine is being deleted: '{arn}'")));
            }
            // Creating the same machine again changes nothing; another role is ignored, as the API page says.
            if *existing.definition == *definition {
                return Ok(json!({"stateMachineArn": &*arn, "creationDate": existing.created_at.epoch_seconds()}));
            }
            return Err(AwsError::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'")));
        }
        self.check_role(role_arn)?;
        let machine = StateMachine {
            arn: arn.clone(),
            name: name.into(),
            definition: definition.into(),
            checked,
            role_arn: role_arn.into(),
            created_at: self.now,
            updated_at: self.now,
            revision_id: None,
            deleting: false,
        };
        self.states.machines.insert(arn.clone(), machine);
        Ok(json!({"stateMachineArn": &*arn, "creationDate": self.now.epoch_seconds()}))
    }

    pub(super) fn update_state_machine(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let definition = params.get_str("definition");
        let role_arn = params.get_str("roleArn");
        if self.states.machine(arn).is_none() {
            return Err(no_machine(arn));
        }
        if definition.is_none()
            && role_arn.is_none()
            && params.get("loggingConfiguration").is_none()
            && params.get("tracingConfiguration").is_none()
        {
            return Err(AwsError::new(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
            ));
        }
        let checked = definition.map(check_definition).transpose()?;
        if let Some(role_arn) = role_arn {
            self.check_role(role_arn)?;
        }
        let revision = self.random.uuid();
        let now = self.now;
        let Some(machine) = self.states.machines.get_mut(arn) else { return Err(no_machine(arn)) };
        if let (Some(definition), Some(checked)) = (definition, checked) {
            machine.definition = definition.into();
            machine.checked = checked;
        }
        if let Some(role_arn) = role_arn {
            machine.role_arn = role_arn.into();
        }
        machine.updated_at = now;
        machine.revision_id = Some(revision.clone());
        Ok(json!({"updateDate": now.epoch_seconds(), "revisionId": revision}))
    }

    /// The role must be there, and Step Functions must be allowed to assume it.
    pub(super) fn check_role(&self, role_arn: &str) -> Result<(), AwsError> {
        if !role_arn.starts_with("arn:aws:iam::") {
            return Err(AwsError::new("InvalidArn", format!("Invalid Arn: 'Invalid ARN prefix: {role_arn}'")));
        }
        if self.iam.role_by_arn(role_arn).is_some_and(|role| role.trusts("states.amazonaws.com")) {
            return Ok(());
        }
        Err(AwsError::new(
            "AccessDeniedException",
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
        ))
    }
}

impl States {
    pub(super) fn describe_state_machine(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let machine = self.machine(arn).ok_or_else(|| no_machine(arn))?;
        let mut answer = json!({
            "stateMachineArn": arn,
            "name": &*machine.name,
            "status": if machine.deleting { "DELETING" } else { "ACTIVE" },
            "definition": &*machine.definition,
            "roleArn": &*machine.role_arn,
            "type": "STANDARD",
            "creationDate": machine.created_at.epoch_seconds(),
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": false},
            "tracingConfiguration": {"enabled": false},
        });
        if let Some(revision) = &machine.revision_id {
            answer = answer.with("revisionId", revision.as_str().into());
        }
        Ok(answer)
    }

    pub(super) fn list_state_machines(&self, params: &Value) -> Result<Value, AwsError> {
        let mut machines: Vec<&StateMachine> = self.machines.values().collect();
        machines.sort_by_key(|machine| machine.name.to_lowercase());
        let (start, end, next) = page(&machines, params, 100)?;
        let rows = machines[start..end]
            .iter()
            .map(|m| {
                json!({"stateMachineArn": &*m.arn, "name": &*m.name, "type": "STANDARD",
                    "creationDate": m.created_at.epoch_seconds()})
            })
            .collect();
        let answer = Value::object([("stateMachines", Value::array(rows))]);
        Ok(next.map_or(answer.clone(), |token| answer.with("nextToken", token.into())))
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

/// ValidateStateMachineDefinition.
pub(super) fn validate(params: &Value) -> Value {
    let parsed = asl::parse(params.get_str("definition").unwrap_or_default());
    let failed = parsed.errors().next().is_some();
    let warnings = parsed.diagnostics.iter().filter(|d| d.severity == Severity::Warning);
    let rows = parsed
        .aws_errors()
        .chain(warnings)
        .map(|d| {
            let row = json!({
                "severity": if d.severity == Severity::Error { "ERROR" } else { "WARNING" },
                "code": d.code.as_str(),
                "message": d.message,
            });
            // The JSON reader tells the place within its message.
            let place = d.message.split_once("\n at ").map_or(d.path.as_str(), |(_, place)| place);
            if place.is_empty() { row } else { row.with("location", place.into()) }
        })
        .collect();
    Value::object([
        ("result", (if failed { "FAIL" } else { "OK" }).into()),
        ("diagnostics", Value::array(rows)),
        ("truncated", false.into()),
    ])
}

fn check_definition(text: &str) -> Result<Rc<asl::CheckedDefinition>, AwsError> {
    let parsed = asl::parse(text);
    parsed.checked.clone().ok_or_else(|| AwsError::new("InvalidDefinition", parsed.create_error().unwrap_or_default()))
}

fn check_type(params: &Value) -> Result<(), AwsError> {
    match params.get_str("type") {
        None | Some("STANDARD") => Ok(()),
        Some("EXPRESS") => Err(AwsError::new(
            "StateMachineTypeNotSupported",
            "State Machine Type is not supported: 'EXPRESS'. Express workflows are not simulated yet; choose Standard.",
        )),
        Some(other) => Err(AwsError::new(
            "ValidationException",
            format!(
                "1 validation error detected: Value '{other}' at 'type' failed to satisfy constraint: \
                 Member must satisfy enum value set: [STANDARD, EXPRESS]"
            ),
        )),
    }
}

pub(super) fn no_machine(arn: &str) -> AwsError {
    AwsError::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
}

/// The part of DescribeStateMachineForExecution that comes from the execution's own definition.
pub(super) fn snapshot(definition: &str, name: &str, arn: &str, role_arn: &str, updated_at: Timestamp) -> Value {
    json!({
        "stateMachineArn": arn, "name": name, "definition": definition, "roleArn": role_arn,
        "updateDate": 0, "loggingConfiguration": {"level": "OFF", "includeExecutionData": false},
        "tracingConfiguration": {"enabled": false},
    })
    .with("updateDate", date(updated_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a definition is told: code and location of each diagnostic.
    fn check(definition: &str, expected: &[(&str, Option<&str>)]) {
        let answer = validate(&json!({"definition": definition}));
        let rows = answer["diagnostics"].as_array().unwrap().to_vec();
        let told: Vec<_> = rows.iter().map(|row| (row.get_str("code").unwrap(), row.get_str("location"))).collect();
        assert_eq!(told, expected, "{definition}");
    }

    #[test]
    fn diagnostics_stop_at_the_first_syntax_error_and_name_their_place() {
        check("", &[("SCHEMA_VALIDATION_FAILED", None)]);
        check(
            "neither nor",
            &[("INVALID_JSON_DESCRIPTION", Some("[Source: (String)\"neither nor\"; line: 1, column: 8]"))],
        );
        check(r#"{"States": {"Only": {"Type": "Succeed"}}}"#, &[("SCHEMA_VALIDATION_FAILED", Some("/"))]);
        check(r#"{"StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}}"#, &[]);
    }
}
