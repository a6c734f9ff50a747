//! Express workflows: what sets them apart, and StartSyncExecution's answer.

use aws_protocol::AwsError;
use sfn_engine::{Limits, Status};
use shared_json::{Value, json};

use super::{ExecutionRecord, States};

/// Standard or Express.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    #[default]
    Standard,
    Express,
}

impl MachineType {
    /// What AWS allows an execution of this type. Source: developer guide, "Quotas".
    pub(crate) fn limits(self) -> Limits {
        match self {
            MachineType::Standard => Limits::default(),
            MachineType::Express => Limits { max_seconds: Some(300), ..Limits::default() },
        }
    }

    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MachineType::Standard => "STANDARD",
            MachineType::Express => "EXPRESS",
        }
    }

    /// The type for which a definition is checked.
    pub(super) fn of_definition(self) -> asl::MachineType {
        match self {
            MachineType::Standard => asl::MachineType::Standard,
            MachineType::Express => asl::MachineType::Express,
        }
    }

    /// Reads `type`, whose values have been checked.
    pub(super) fn read(params: &Value) -> MachineType {
        if params.get_str("type") == Some("EXPRESS") { MachineType::Express } else { MachineType::Standard }
    }
}

/// The action is for the other type of state machine.
pub(super) fn unsupported() -> AwsError {
    AwsError::new("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
}

impl States {
    /// Answers the caller who waits for the end of this execution.
    pub(super) fn answer_sync(&mut self, index: usize) {
        let ended = self.executions.get(index).filter(|record| record.execution.status() != Status::Running);
        let Some(answer) = ended.map(sync_answer) else { return };
        if let Some(call) = self.sync_calls.remove(&index) {
            self.answers.push_back((call, Ok(answer)));
        }
    }
}

/// StartSyncExecution's answer.
fn sync_answer(record: &ExecutionRecord) -> Value {
    let execution = &record.execution;
    let stopped = execution.stop_date().unwrap_or(record.started_at);
    let spent = stopped.since(record.started_at).as_secs_f64() * 1_000.0;
    // Billed by the 100 ms and by the 64 MB.
    let billed = (spent / 100.0).ceil().max(1.0) as u64 * 100;
    let mut answer = json!({
        "executionArn": &*record.arn,
        "stateMachineArn": &*record.state_machine_arn,
        "name": &*record.name,
        "startDate": record.started_at.epoch_seconds(),
        "stopDate": stopped.epoch_seconds(),
        "status": execution.status().name(),
        "input": &*record.input,
        "inputDetails": {"included": true},
        "outputDetails": {"included": true},
        "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed},
    });
    let output = execution.output().map(|output| output.to_string().into());
    let error = execution.error().map(|error| error.clone().into());
    let cause = execution.cause().map(|cause| cause.clone().into());
    for (key, value) in [("output", output), ("error", error), ("cause", cause)] {
        if let Some(value) = value {
            answer = answer.with(key, value);
        }
    }
    match &record.trace_header {
        Some(header) => answer.with("traceHeader", header.clone().into()),
        None => answer,
    }
}
