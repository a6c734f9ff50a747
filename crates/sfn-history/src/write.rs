//! Events as GetExecutionHistory's JSON.

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
        E::StateExited { name, output, .. } => {
            ("stateExitedEventDetails", [vec![("name", name.clone().into())], payload("output", output)].concat())
        }
        E::TaskScheduled {
            task,
            region,
            parameters,
            timeout_in_seconds,
            heartbeat_in_seconds,
            credentials_role_arn,
        } => {
            let mut fields = resource(task);
            fields.push(("region", region.clone().into()));
            fields.push(("parameters", parameters.to_string().into()));
            push_seconds(&mut fields, *timeout_in_seconds, *heartbeat_in_seconds);
            if let Some(role_arn) = credentials_role_arn {
                fields.push(("taskCredentials", json!({"roleArn": role_arn})));
            }
            ("taskScheduledEventDetails", fields)
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
        E::LambdaFunctionStarted | E::TaskStateAborted | E::WaitStateAborted => return None,
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

fn push_seconds(fields: &mut Fields, timeout: Option<u64>, heartbeat: Option<u64>) {
    fields.extend(timeout.map(|seconds| ("timeoutInSeconds", Value::from(seconds))));
    fields.extend(heartbeat.map(|seconds| ("heartbeatInSeconds", Value::from(seconds))));
}
