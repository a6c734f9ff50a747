//! StartExecution and its kin, and the three calls that answer a task token.

use std::rc::Rc;

use aws_protocol::AwsError;
use sfn_engine::{ErrorOutput, Execution, ExecutionStart, Input, Limits, Status, TaskId};
use shared_json::{Value, json};

use super::api::{check_arn, check_name, date, page, parse_json, required};
use super::machine_api::{no_machine, snapshot};
use super::tokens::PendingCallback;
use super::{ExecutionRecord, States};
use crate::Account;

/// Bytes of an execution's input or a task's output: 256 KiB.
const PAYLOAD_BYTES: usize = 262_144;

impl Account {
    pub(super) fn start_execution(&mut self, params: &Value) -> Result<Value, AwsError> {
        let machine_arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let machine = self.states.machine(machine_arn).ok_or_else(|| no_machine(machine_arn))?.clone();
        if machine.deleting {
            return Err(AwsError::new(
                "StateMachineDeleting",
                format!("State Machine is being deleted: '{machine_arn}'"),
            ));
        }
        let input_text = params.get_str("input").unwrap_or("{}");
        if input_text.len() > PAYLOAD_BYTES {
            return Err(too_long("input", PAYLOAD_BYTES));
        }
        let input = parse_json(input_text).map_err(|why| {
            AwsError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{why}'"))
        })?;
        let name = match params.get_str("name") {
            Some(name) => {
                check_name(name)?;
                name.to_owned()
            }
            None => self.states.random.uuid(),
        };
        let arn: Rc<str> = machine.arn.replacen(":stateMachine:", ":execution:", 1).into();
        let arn: Rc<str> = format!("{arn}:{name}").into();
        if let Some(existing) = self.states.execution(&arn) {
            let running = existing.execution.status() == Status::Running;
            if running && parse_json(&existing.input).is_ok_and(|old| old == input) {
                return Ok(json!({"executionArn": &*arn, "startDate": existing.started_at.epoch_seconds()}));
            }
            return Err(AwsError::new("ExecutionAlreadyExists", format!("Execution Already Exists: '{arn}'")));
        }
        let execution = Execution::new(ExecutionStart {
            execution_arn: arn.clone(),
            name: name.as_str().into(),
            state_machine_arn: machine.arn.clone(),
            state_machine_name: machine.name.clone(),
            role_arn: machine.role_arn.clone(),
            input_text: input_text.into(),
            input,
            definition: machine.checked.clone(),
            seed: self.states.random.next(),
            transition: self.states.transition,
            limits: Limits::default(),
            context: None,
            variables: None,
            item: None,
        });
        let index = self.states.executions.len();
        self.states.by_arn.insert(arn.clone(), index);
        self.states.executions.push(ExecutionRecord {
            arn: arn.clone(),
            name: name.into(),
            state_machine_arn: machine.arn,
            state_machine_name: machine.name,
            definition: machine.definition,
            role_arn: machine.role_arn,
            input: input_text.into(),
            execution,
            started_at: self.now,
            wakeup: None,
            tasks: Default::default(),
        });
        self.states.handle(index, self.now, Input::Start);
        Ok(json!({"executionArn": &*arn, "startDate": self.now.epoch_seconds()}))
    }

    pub(super) fn stop_execution(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        let index = self.states.execution_index(arn).ok_or_else(|| no_execution(arn))?;
        check_error_and_cause(params)?;
        let text = |key| params.get_str(key).map(Rc::from);
        if self.states.executions[index].execution.status() == Status::Running {
            self.states.handle(index, self.now, Input::Stop { error: text("error"), cause: text("cause") });
        }
        let stopped = self.states.executions[index].execution.stop_date().unwrap_or(self.now);
        Ok(json!({"stopDate": stopped.epoch_seconds()}))
    }

    pub(super) fn send_task_success(&mut self, params: &Value) -> Result<Value, AwsError> {
        let token = required(params, "taskToken")?;
        let text = required(params, "output")?;
        if text.len() > PAYLOAD_BYTES {
            return Err(too_long("output", PAYLOAD_BYTES));
        }
        let output =
            parse_json(text).map_err(|why| AwsError::new("InvalidOutput", format!("Invalid Output: '{why}'")))?;
        let (index, task) = self.open_token(token)?;
        self.states.close_task(index, task);
        self.states.handle(index, self.now, Input::TaskSucceeded { task, output });
        Ok(json!({}))
    }

    pub(super) fn send_task_failure(&mut self, params: &Value) -> Result<Value, AwsError> {
        let token = required(params, "taskToken")?;
        check_error_and_cause(params)?;
        let (index, task) = self.open_token(token)?;
        let text = |key| params.get_str(key).map(Rc::from);
        let error = ErrorOutput { error: text("error"), cause: text("cause") };
        self.states.close_task(index, task);
        self.states.handle(index, self.now, Input::TaskFailed { task, error });
        Ok(json!({}))
    }

    pub(super) fn send_task_heartbeat(&mut self, params: &Value) -> Result<Value, AwsError> {
        let (index, task) = self.open_token(required(params, "taskToken")?)?;
        self.states.handle(index, self.now, Input::TaskHeartbeat { task });
        Ok(json!({}))
    }

    fn open_token(&self, token: &str) -> Result<(usize, TaskId), AwsError> {
        let (index, task) = self
            .states
            .tokens
            .find(token)
            .ok_or_else(|| AwsError::new("InvalidToken", "Invalid Token: 'Invalid token'"))?;
        if self.states.tokens.is_open(index, task) {
            Ok((index, task))
        } else {
            Err(AwsError::new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"))
        }
    }
}

impl States {
    /// Tokens that somebody still has to answer, by execution.
    pub fn pending_callbacks(&self) -> impl Iterator<Item = PendingCallback> {
        self.tokens.pending()
    }

    pub(super) fn describe_execution(&self, params: &Value) -> Result<Value, AwsError> {
        let record = self.named_execution(params)?;
        let execution = &record.execution;
        let status = execution.status().name();
        let mut answer = json!({
            "executionArn": &*record.arn,
            "stateMachineArn": &*record.state_machine_arn,
            "name": &*record.name,
            "status": status,
            "startDate": record.started_at.epoch_seconds(),
            "input": &*record.input,
            "inputDetails": {"included": true},
            "redriveCount": 0,
            "redriveStatus": "NOT_REDRIVABLE",
        });
        if let Some(stopped) = execution.stop_date() {
            answer = answer.with("stopDate", date(stopped));
        }
        if let Some(output) = execution.output() {
            answer = answer.with("output", output.to_string().into()).with("outputDetails", json!({"included": true}));
        }
        if let Some(error) = execution.error() {
            answer = answer.with("error", error.clone().into());
        }
        if let Some(cause) = execution.cause() {
            answer = answer.with("cause", cause.clone().into());
        }
        Ok(match execution.status() {
            Status::Running => answer.with("redriveStatusReason", "Execution is RUNNING and cannot be redriven".into()),
            Status::Succeeded => {
                answer.with("redriveStatusReason", "Execution is SUCCEEDED and cannot be redriven".into())
            }
            Status::Failed | Status::TimedOut | Status::Aborted => answer.with("redriveStatus", "REDRIVABLE".into()),
        })
    }

    pub(super) fn describe_for_execution(&self, params: &Value) -> Result<Value, AwsError> {
        let record = self.named_execution(params)?;
        let updated = self.machine(&record.state_machine_arn).map_or(record.started_at, |m| m.updated_at);
        Ok(snapshot(
            &record.definition,
            &record.state_machine_name,
            &record.state_machine_arn,
            &record.role_arn,
            updated,
        ))
    }

    pub(super) fn list_executions(&self, params: &Value) -> Result<Value, AwsError> {
        let machine_arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        if self.machine(machine_arn).is_none() {
            return Err(no_machine(machine_arn));
        }
        let wanted = params.get_str("statusFilter");
        let rows: Vec<&ExecutionRecord> = self
            .executions
            .iter()
            .rev()
            .filter(|e| &*e.state_machine_arn == machine_arn)
            .filter(|e| wanted.is_none_or(|status| e.execution.status().name() == status))
            .collect();
        let (start, end, next) = page(&rows, params, 100)?;
        let rows = rows[start..end]
            .iter()
            .map(|e| {
                let row = json!({
                    "executionArn": &*e.arn, "stateMachineArn": machine_arn, "name": &*e.name,
                    "status": e.execution.status().name(), "startDate": e.started_at.epoch_seconds(),
                    "redriveCount": 0,
                });
                e.execution.stop_date().map_or(row.clone(), |at| row.with("stopDate", date(at)))
            })
            .collect();
        let answer = Value::object([("executions", Value::array(rows))]);
        Ok(next.map_or(answer.clone(), |token| answer.with("nextToken", token.into())))
    }

    pub(super) fn get_execution_history(&self, params: &Value) -> Result<Value, AwsError> {
        let record = self.named_execution(params)?;
        let mut events: Vec<_> = record.execution.history().iter().collect();
        if params.get("reverseOrder").and_then(Value::as_bool) == Some(true) {
            events.reverse();
        }
        let (start, end, next) = page(&events, params, 100)?;
        let rows = events[start..end].iter().map(|event| event.to_value()).collect();
        let answer = Value::object([("events", Value::array(rows))]);
        Ok(next.map_or(answer.clone(), |token| answer.with("nextToken", token.into())))
    }

    fn named_execution(&self, params: &Value) -> Result<&ExecutionRecord, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        self.execution(arn).ok_or_else(|| no_execution(arn))
    }
}

fn no_execution(arn: &str) -> AwsError {
    AwsError::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'"))
}

fn too_long(key: &str, most: usize) -> AwsError {
    AwsError::new(
        "ValidationException",
        format!(
            "1 validation error detected: Value at '{key}' failed to satisfy constraint: \
             Member must have length less than or equal to {most}"
        ),
    )
}

/// Error names hold up to 256 characters, causes up to 32,768.
fn check_error_and_cause(params: &Value) -> Result<(), AwsError> {
    for (key, most) in [("error", 256), ("cause", 32_768)] {
        if params.get_str(key).is_some_and(|text| text.chars().count() > most) {
            return Err(too_long(key, most));
        }
    }
    Ok(())
}
