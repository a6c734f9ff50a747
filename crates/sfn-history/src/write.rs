//! Events as GetExecutionHistory's JSON.

use std::rc::Rc;

use shared_json::{Value, json};

use crate::details::{ErrorOutput, EventDetails, TaskResource};
use crate::event::HistoryEvent;

type Fields = Vec<(&'static str, Value)>;

impl HistoryEvent {
    /// The event as GetExecutionHistory gives it; payloads become compact JSON text.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut members: Fields = vec![
            ("timestamp", Value::from(self.timestamp.epoch_seconds())),
            ("type", Value::from(self.event_type())),
            ("id", Value::from(self.id)),
            ("previousEventId", Value::from(self.previous_event_id)),
        ];
        if let Some((key, fields)) = fields(&self.details) {
            members.push((key, Value::object(fields)));
        }
        Value::object(members)
    }
}

/// The key of the details and their fields in AWS's order; `None` for types without details.
fn fields(details: &EventDetails) -> Option<(&'static str, Fields)> {
    use EventDetails as E;
    Some(match details {
        E::ExecutionStarted { input, role_arn } => (
            "executionStartedEventDetails",
            vec![
                ("input", Value::from(input.clone())),
                ("inputDetails", not_truncated()),
                ("roleArn", role_arn.clone().into()),
            ],
        ),
        E::ExecutionSucceeded { output } => ("executionSucceededEventDetails", payload("output", output)),
        E::ExecutionFailed(error) => ("executionFailedEventDetails", failure(error)),
        E::ExecutionAborted(error) => ("executionAbortedEventDetails", failure(error)),
        E::ExecutionTimedOut(error) => ("executionTimedOutEventDetails", failure(error)),
        E::StateEntered { name, input, .. } => {
            ("stateEnteredEventDetails", [vec![("name", name.clone().into())], payload("input", input)].concat())
        }
        E::StateExited { name, output, assigned_variables, .. } => {
            let mut fields = [vec![("name", Value::from(name.clone()))], payload("output", output)].concat();
            if let Some(variables) = assigned_variables {
                let texts = variables.iter().map(|(name, value)| (name, Value::from(value.to_string())));
                fields.push(("assignedVariables", Value::object(texts)));
                fields.push(("assignedVariablesDetails", not_truncated()));
            }
            ("stateExitedEventDetails", fields)
        }
        E::TaskScheduled(scheduled) => {
            let mut fields = resource(&scheduled.task);
            fields.push(("region", scheduled.region.clone().into()));
            fields.push(("parameters", scheduled.parameters.to_string().into()));
            push_seconds(&mut fields, scheduled.timeout_in_seconds, scheduled.heartbeat_in_seconds);
            if let Some(role_arn) = &scheduled.credentials_role_arn {
                fields.push(("taskCredentials", json!({"roleArn": role_arn})));
            }
            ("taskScheduledEventDetails", fields)
        }
        E::MapStateStarted { length } => ("mapStateStartedEventDetails", vec![("length", Value::from(*length))]),
        E::MapIterationStarted { name, index } => ("mapIterationStartedEventDetails", iteration(name, *index)),
        E::MapIterationSucceeded { name, index } => ("mapIterationSucceededEventDetails", iteration(name, *index)),
        E::MapIterationFailed { name, index } => ("mapIterationFailedEventDetails", iteration(name, *index)),
        E::MapIterationAborted { name, index } => ("mapIterationAbortedEventDetails", iteration(name, *index)),
        E::MapRunStarted { map_run_arn } => {
            ("mapRunStartedEventDetails", vec![("mapRunArn", map_run_arn.clone().into())])
        }
        E::MapRunFailed(error) => ("mapRunFailedEventDetails", failure(error)),
        E::MapRunRedriven { map_run_arn, redrive_count } => (
            "mapRunRedrivenEventDetails",
            vec![("mapRunArn", map_run_arn.clone().into()), ("redriveCount", Value::from(*redrive_count))],
        ),
        E::ExecutionRedriven { redrive_count } => {
            ("executionRedrivenEventDetails", vec![("redriveCount", Value::from(*redrive_count))])
        }
        E::TaskStarted(task) => ("taskStartedEventDetails", resource(task)),
        E::TaskStartFailed(task, error) => ("taskStartFailedEventDetails", [resource(task), failure(error)].concat()),
        E::TaskSubmitted(task, output) => {
            ("taskSubmittedEventDetails", [resource(task), payload("output", output)].concat())
        }
        E::TaskSubmitFailed(task, error) => ("taskSubmitFailedEventDetails", [resource(task), failure(error)].concat()),
        E::TaskSucceeded(task, output) => {
            ("taskSucceededEventDetails", [resource(task), payload("output", output)].concat())
        }
        E::TaskFailed(task, error) => ("taskFailedEventDetails", [resource(task), failure(error)].concat()),
        E::TaskTimedOut(task, error) => ("taskTimedOutEventDetails", [resource(task), failure(error)].concat()),
        E::LambdaFunctionScheduled { resource, input, timeout_in_seconds } => {
            ("lambdaFunctionScheduledEventDetails", scheduled(resource, input, *timeout_in_seconds, None))
        }
        E::LambdaFunctionScheduleFailed(error) => ("lambdaFunctionScheduleFailedEventDetails", failure(error)),
        E::LambdaFunctionStartFailed(error) => ("lambdaFunctionStartFailedEventDetails", failure(error)),
        E::LambdaFunctionSucceeded { output } => ("lambdaFunctionSucceededEventDetails", payload("output", output)),
        E::LambdaFunctionFailed(error) => ("lambdaFunctionFailedEventDetails", failure(error)),
        E::LambdaFunctionTimedOut(error) => ("lambdaFunctionTimedOutEventDetails", failure(error)),
        E::ActivityScheduled { resource, input, timeout_in_seconds, heartbeat_in_seconds } => {
            ("activityScheduledEventDetails", scheduled(resource, input, *timeout_in_seconds, *heartbeat_in_seconds))
        }
        E::ActivityScheduleFailed(error) => ("activityScheduleFailedEventDetails", failure(error)),
        E::ActivityStarted { worker_name } => (
            "activityStartedEventDetails",
            worker_name.iter().map(|name| ("workerName", Value::from(name.clone()))).collect(),
        ),
        E::ActivitySucceeded { output } => ("activitySucceededEventDetails", payload("output", output)),
        E::ActivityFailed(error) => ("activityFailedEventDetails", failure(error)),
        E::ActivityTimedOut(error) => ("activityTimedOutEventDetails", failure(error)),
        E::EvaluationFailed { error, location, state } => {
            let mut fields = failure(error);
            fields.extend(location.iter().map(|location| ("location", Value::from(location.clone()))));
            fields.push(("state", state.clone().into()));
            ("evaluationFailedEventDetails", fields)
        }
        E::LambdaFunctionStarted
        | E::TaskStateAborted
        | E::WaitStateAborted
        | E::ParallelStateStarted
        | E::ParallelStateSucceeded
        | E::ParallelStateFailed
        | E::ParallelStateAborted
        | E::MapStateSucceeded
        | E::MapStateFailed
        | E::MapStateAborted
        | E::MapRunSucceeded
        | E::MapRunAborted => return None,
    })
}

fn not_truncated() -> Value {
    json!({"truncated": false})
}

fn payload(key: &'static str, value: &Value) -> Fields {
    let details = if key == "input" { "inputDetails" } else { "outputDetails" };
    vec![(key, value.to_string().into()), (details, not_truncated())]
}

fn failure(error: &ErrorOutput) -> Fields {
    let fields = [("error", &error.error), ("cause", &error.cause)];
    fields.into_iter().filter_map(|(key, text)| Some((key, Value::from(text.clone()?)))).collect()
}

fn resource(task: &TaskResource) -> Fields {
    vec![("resourceType", task.resource_type.clone().into()), ("resource", task.resource.clone().into())]
}

fn scheduled(resource: &str, input: &Value, timeout: Option<u64>, heartbeat: Option<u64>) -> Fields {
    let mut fields = vec![("resource", Value::from(resource))];
    fields.extend(payload("input", input));
    push_seconds(&mut fields, timeout, heartbeat);
    fields
}

fn iteration(name: &Rc<str>, index: u64) -> Fields {
    vec![("name", name.clone().into()), ("index", Value::from(index))]
}

fn push_seconds(fields: &mut Fields, timeout: Option<u64>, heartbeat: Option<u64>) {
    fields.extend(timeout.map(|seconds| ("timeoutInSeconds", Value::from(seconds))));
    fields.extend(heartbeat.map(|seconds| ("heartbeatInSeconds", Value::from(seconds))));
}
