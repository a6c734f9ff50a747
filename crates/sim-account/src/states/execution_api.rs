//! StartExecution and its kin, and the three calls that answer a task token.

use std::rc::Rc;

use aws_protocol::AwsError;
use sfn_engine::{ErrorOutput, Input, Status, TaskId};
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::api::{check_arn, check_name, check_prefix, date, parse_json};
use super::express::{MachineType, unsupported};
use super::logging::without_data;
use super::machine_api::{INCLUDED_DATA, check_active, no_machine};
use super::tokens::PendingCallback;
use super::validation::{Check, TOKEN_CHARACTERS, invalid, listed, required};
use super::versions::{Revision, split_qualifier};
use super::{ExecutionRecord, NewExecution, States};
use crate::Account;

/// Bytes of an execution's input or a task's output: 256 KiB.
const PAYLOAD_BYTES: usize = 262_144;

/// ListExecutions takes longer page tokens than other lists.
const EXECUTION_TOKEN_CHARACTERS: usize = 3_096;

/// What a call to start an execution is about: a revision, and the names by which it was called.
struct Launch {
    machine_arn: Rc<str>,
    machine_name: Rc<str>,
    machine_type: MachineType,
    revision: Revision,
    version_arn: Option<Rc<str>>,
    alias_arn: Option<Rc<str>>,
}

impl Account {
    pub(super) fn start_execution(&mut self, params: &Value) -> Result<Value, AwsError> {
        let launch = self.launch(params)?;
        self.start(launch, params).map(|(_, answer)| answer)
    }

    /// The answer comes when the execution has ended.
    pub(super) fn start_sync_execution(&mut self, call: u64, params: &Value) -> Result<(), AwsError> {
        Check::new(params).one_of("includedData", &INCLUDED_DATA).done()?;
        let launch = self.launch(params)?;
        if launch.machine_type != MachineType::Express {
            return Err(unsupported());
        }
        let (index, _) = self.start(launch, params)?;
        self.states.sync_calls.insert(index, call);
        // It may have run through at once.
        self.states.answer_sync(index);
        Ok(())
    }

    fn launch(&mut self, params: &Value) -> Result<Launch, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let mut check = Check::new(params);
        check.length("name", 1, 80).length("traceHeader", 0, 256).bytes("input", PAYLOAD_BYTES).done()?;
        let (machine_arn, qualifier) = split_qualifier(arn);
        let states = &mut self.states;
        let machine = states.machines.get(machine_arn).ok_or_else(|| no_machine(arn))?;
        check_active(machine)?;
        let mut launch = Launch {
            machine_arn: machine.arn.clone(),
            machine_name: machine.name.clone(),
            machine_type: machine.machine_type,
            revision: machine.revision(),
            version_arn: None,
            alias_arn: None,
        };
        if let Some(qualifier) = qualifier {
            let version = match machine.alias(qualifier) {
                Some(alias) => {
                    launch.alias_arn = Some(alias.arn.clone());
                    machine.routed(alias, states.random.next_u64())
                }
                None => machine.version(qualifier),
            };
            let version = version.ok_or_else(|| no_machine(arn))?;
            launch.revision = version.revision.clone();
            launch.version_arn = Some(version.arn.clone());
        }
        Ok(launch)
    }

    /// Starts an execution: its index and StartExecution's answer.
    fn start(&mut self, launch: Launch, params: &Value) -> Result<(usize, Value), AwsError> {
        let input_text = params.get_str("input").unwrap_or("{}");
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
        let arn: Rc<str> = match launch.machine_type {
            MachineType::Standard => {
                format!("{}:{name}", launch.machine_arn.replacen(":stateMachine:", ":execution:", 1)).into()
            }
            // Names of Express executions need not be unique, so a number of their own stands behind them.
            MachineType::Express => {
                let prefix = launch.machine_arn.replacen(":stateMachine:", ":express:", 1);
                format!("{prefix}:{name}:{}", self.states.random.uuid()).into()
            }
        };
        if let Some(index) = self.states.execution_index(&arn) {
            let existing = &self.states.executions[index];
            let running = existing.execution.status() == Status::Running;
            if running && parse_json(&existing.input).is_ok_and(|old| old == input) {
                let answer = json!({"executionArn": &*arn, "startDate": existing.started_at.epoch_seconds()});
                return Ok((index, answer));
            }
            return Err(AwsError::new("ExecutionAlreadyExists", format!("Execution Already Exists: '{arn}'")));
        }
        if self.states.executions_are_many() {
            let message = "The maximum number of running executions has been reached. Running executions must end or be stopped before a new execution can be started.";
            return Err(AwsError::new("ExecutionLimitExceeded", message));
        }
        let new = NewExecution {
            arn: arn.clone(),
            name: name.into(),
            state_machine_arn: launch.machine_arn,
            state_machine_name: launch.machine_name,
            machine_type: launch.machine_type,
            checked: Rc::clone(&launch.revision.checked),
            revision: launch.revision,
            version_arn: launch.version_arn,
            alias_arn: launch.alias_arn,
            trace_header: params.get_str("traceHeader").map(Rc::from),
            input: input_text.into(),
            input_value: input,
            item: None,
            child_of: None,
        };
        let index = self.states.add_execution(new, self.now);
        Ok((index, json!({"executionArn": &*arn, "startDate": self.now.epoch_seconds()})))
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
        Check::new(params).bytes("output", PAYLOAD_BYTES).done()?;
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

    pub(super) fn describe_execution(&self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
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
            "redriveCount": execution.redrives().len(),
            "redriveStatus": "NOT_REDRIVABLE",
        });
        if let Some(redriven) = execution.redrives().last() {
            answer = answer.with("redriveDate", date(*redriven));
        }
        answer = record.with_origin(answer);
        if let Some(header) = &record.trace_header {
            answer = answer.with("traceHeader", header.clone().into());
        }
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
        if params.get_str("includedData") == Some("METADATA_ONLY") {
            const DATA: [&str; 6] = ["input", "inputDetails", "output", "outputDetails", "error", "cause"];
            let kept = answer.as_object().into_iter().flatten().filter(|(key, _)| !DATA.contains(&&***key));
            answer = Value::object(kept.map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(match record.not_redrivable(self.machine(&record.state_machine_arn).is_some(), now) {
            Some(reason) => answer.with("redriveStatusReason", reason.into()),
            None => answer.with("redriveStatus", "REDRIVABLE".into()),
        })
    }

    /// A child's line in the files that `ResultWriter` writes.
    pub(crate) fn written_execution(&self, index: usize, input: &Value) -> Value {
        let record = &self.executions[index];
        let execution = &record.execution;
        let included = json!({"Included": true});
        let mut row = vec![("ExecutionArn", Value::from(record.arn.clone())), ("Input", input.to_string().into())];
        row.push(("InputDetails", included.clone()));
        row.push(("Name", record.name.clone().into()));
        match execution.output() {
            Some(output) => {
                row.push(("Output", output.to_string().into()));
                row.push(("OutputDetails", included));
            }
            None => {
                row.extend(execution.error().map(|error| ("Error", Value::from(error.clone()))));
                row.extend(execution.cause().map(|cause| ("Cause", Value::from(cause.clone()))));
            }
        }
        row.push(("StartDate", record.started_at.to_rfc3339().into()));
        row.push(("StateMachineArn", record.state_machine_arn.clone().into()));
        row.push(("Status", execution.status().name().into()));
        row.extend(execution.stop_date().map(|at| ("StopDate", Value::from(at.to_rfc3339()))));
        Value::object(row)
    }

    pub(super) fn describe_for_execution(&self, params: &Value) -> Result<Value, AwsError> {
        let record = self.named_execution(params)?;
        let updated = self.machine(&record.state_machine_arn).map_or(record.started_at, |m| m.updated_at);
        let answer = json!({
            "stateMachineArn": &*record.state_machine_arn,
            "name": &*record.state_machine_name,
            "updateDate": updated.epoch_seconds(),
        });
        let with_definition = params.get_str("includedData") != Some("METADATA_ONLY");
        let answer = record.revision.describe(&answer, with_definition);
        Ok(match record.map_run_arn() {
            Some(map_run) => answer.with("mapRunArn", map_run.clone().into()),
            None => answer,
        })
    }

    /// The executions of a state machine, of one of its versions or aliases, or of a map run; newest first.
    pub(super) fn list_executions(&self, params: &Value) -> Result<Value, AwsError> {
        let statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];
        let mut check = Check::new(params);
        check.one_of("statusFilter", &statuses).one_of("redriveFilter", &["REDRIVEN", "NOT_REDRIVEN"]).done()?;
        let (machine, map_run) = (params.get_str("stateMachineArn"), params.get_str("mapRunArn"));
        let wanted = match (machine, map_run) {
            (Some(arn), None) => check_arn(arn, "stateMachine")?,
            (None, Some(arn)) => check_prefix(arn)?,
            _ => return Err(invalid("Must specify exactly one of stateMachineArn and mapRunArn")),
        };
        if machine.is_some() {
            let (machine_arn, qualifier) = split_qualifier(wanted);
            let machine = self.machine(machine_arn).ok_or_else(|| no_machine(wanted))?;
            if qualifier.is_some_and(|name| machine.version(name).is_none() && machine.alias(name).is_none()) {
                return Err(no_machine(wanted));
            }
            if machine.machine_type == MachineType::Express {
                return Err(unsupported());
            }
        } else if !self.map_runs.contains_key(wanted) {
            return Err(AwsError::new("ResourceNotFound", format!("Resource not found: '{wanted}'")));
        }
        let status = params.get_str("statusFilter");
        let redriven = params.get_str("redriveFilter").map(|filter| filter == "REDRIVEN");
        let rows: Vec<&ExecutionRecord> = self
            .executions
            .iter()
            .rev()
            .filter(|e| e.is_of(wanted))
            .filter(|e| redriven.is_none_or(|redriven| redriven != e.execution.redrives().is_empty()))
            .filter(|e| status.is_none_or(|status| e.execution.status().name() == status))
            .collect();
        listed("executions", &rows, params, EXECUTION_TOKEN_CHARACTERS, |e| {
            let row = json!({
                "executionArn": &*e.arn, "stateMachineArn": &*e.state_machine_arn, "name": &*e.name,
                "status": e.execution.status().name(), "startDate": e.started_at.epoch_seconds(),
                "redriveCount": e.execution.redrives().len(),
            });
            let row = e.with_origin(row);
            e.execution.stop_date().map_or(row.clone(), |at| row.with("stopDate", date(at)))
        })
    }

    pub(super) fn get_execution_history(&self, params: &Value) -> Result<Value, AwsError> {
        let record = self.named_execution(params)?;
        let mut events: Vec<_> = record.execution.history().iter().collect();
        if params.get("reverseOrder").and_then(Value::as_bool) == Some(true) {
            events.reverse();
        }
        let with_data = params.get("includeExecutionData").and_then(Value::as_bool).unwrap_or(true);
        listed("events", &events, params, TOKEN_CHARACTERS, |event| {
            let told = event.to_value();
            let details = told.as_object().into_iter().flatten().find(|(key, _)| key.ends_with("EventDetails"));
            match details.map(|(key, details)| (key.to_string(), without_data(details))) {
                Some((key, details)) if !with_data => told.with(&key, details),
                _ => told,
            }
        })
    }

    fn named_execution(&self, params: &Value) -> Result<&ExecutionRecord, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        Check::new(params).one_of("includedData", &INCLUDED_DATA).done()?;
        self.execution(arn).ok_or_else(|| no_execution(arn))
    }
}

impl ExecutionRecord {
    /// Whether it belongs to this state machine, version, alias or map run.
    fn is_of(&self, arn: &str) -> bool {
        let names = [Some(&self.state_machine_arn), self.version_arn.as_ref(), self.alias_arn.as_ref()];
        names.into_iter().chain([self.map_run_arn()]).flatten().any(|name| &**name == arn)
    }

    /// By which names it was started.
    fn with_origin(&self, answer: Value) -> Value {
        let names = [
            ("stateMachineVersionArn", self.version_arn.as_ref()),
            ("stateMachineAliasArn", self.alias_arn.as_ref()),
            ("mapRunArn", self.map_run_arn()),
        ];
        let given = names.into_iter().filter_map(|(key, arn)| Some((key, Rc::clone(arn?))));
        given.fold(answer, |answer, (key, arn)| answer.with(key, arn.into()))
    }
}

pub(super) fn no_execution(arn: &str) -> AwsError {
    AwsError::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'"))
}

/// Error names hold up to 256 characters, causes up to 32,768.
fn check_error_and_cause(params: &Value) -> Result<(), AwsError> {
    Check::new(params).length("error", 0, 256).length("cause", 0, 32_768).done()
}
