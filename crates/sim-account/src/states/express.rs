//! Express workflows: what their definitions may not hold, and StartSyncExecution's answer.

use aws_protocol::AwsError;
use sfn_engine::Status;
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
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MachineType::Standard => "STANDARD",
            MachineType::Express => "EXPRESS",
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

/// What an Express workflow may not hold: message and location of each find, in the order of the text.
pub(super) fn objections(definition: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Ok(definition) = Value::parse(definition) {
        object_to_states(&definition, "", &mut found);
    }
    found
}

fn object_to_states(level: &Value, path: &str, found: &mut Vec<(String, String)>) {
    for (name, state) in level.get("States").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{path}/States/{name}");
        if let Some(what) = state.get_str("Resource").and_then(objection) {
            found.push((format!("Express state machine does not support {what}"), format!("{path}/Resource")));
        }
        for processor in ["ItemProcessor", "Iterator"] {
            let Some(level) = state.get(processor) else { continue };
            let path = format!("{path}/{processor}");
            let config = level.get("ProcessorConfig");
            if config.and_then(|config| config.get_str("Mode")) == Some("DISTRIBUTED") {
                let message = "Express state machine does not support Map state with DISTRIBUTED mode".to_owned();
                found.push((message, format!("{path}/ProcessorConfig/Mode")));
            }
            object_to_states(level, &path, found);
        }
        for (branch, place) in state.get("Branches").and_then(Value::as_array).into_iter().flatten().zip(0..) {
            object_to_states(branch, &format!("{path}/Branches[{place}]"), found);
        }
    }
}

fn objection(resource: &str) -> Option<String> {
    if resource.split(':').nth(5) == Some("activity") {
        return Some("Activity ARN".to_owned());
    }
    let pattern = resource.rsplit_once('.').map(|(_, pattern)| pattern);
    let integration = resource.starts_with("arn:aws:states:::");
    match pattern {
        // The second space is AWS's own.
        Some(pattern) if integration && (pattern == "waitForTaskToken" || pattern.starts_with("sync")) => {
            Some(format!("'.{pattern}' service integration "))
        }
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_the_world_is_not_for_express() {
        let definition = json!({"States": {
            "a": {"Resource": "arn:aws:states:us-east-1:123456789012:activity:pick"},
            "b": {"Branches": [{"States": {"c": {"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}}}]},
            "d": {"Resource": "arn:aws:states:::sqs:sendMessage"},
            "e": {"ItemProcessor": {"States": {"f": {"Resource": "arn:aws:states:::states:startExecution.sync:2"}}}}
        }});
        let found = objections(&definition.to_string());
        let places: Vec<&str> = found.iter().map(|(_, place)| &**place).collect();
        let wanted = [
            "/States/a/Resource",
            "/States/b/Branches[0]/States/c/Resource",
            "/States/e/ItemProcessor/States/f/Resource",
        ];
        assert_eq!(places, wanted);
        assert_eq!(found[1].0, "Express state machine does not support '.waitForTaskToken' service integration ");
    }
}
