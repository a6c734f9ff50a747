//! Events from GetExecutionHistory's JSON.

use std::rc::Rc;

use shared_json::Value;
use virtual_time::Timestamp;

use crate::details::{ErrorOutput, EventDetails, StateType, TaskResource, TaskScheduled};
use crate::event::HistoryEvent;

impl HistoryEvent {
    /// Reads an event as [`HistoryEvent::to_value`] writes it; `None` for a type not known here.
    #[must_use]
    pub fn from_value(event: &Value) -> Option<HistoryEvent> {
        let event_type = event.get_str("type")?;
        let members = event.as_object()?;
        let details = members.iter().find(|(key, _)| key.ends_with("EventDetails")).map(|(_, details)| details);
        Some(HistoryEvent {
            timestamp: Timestamp::from_millis((event.get("timestamp")?.as_f64()? * 1_000.0).round() as i64),
            id: whole(event, "id")?,
            previous_event_id: whole(event, "previousEventId")?,
            details: read(event_type, details.unwrap_or(&Value::Null))?,
        })
    }
}

fn read(event_type: &str, details: &Value) -> Option<EventDetails> {
    use EventDetails as E;
    for state_type in StateType::ALL {
        if event_type == state_type.entered() {
            return Some(E::StateEntered {
                state_type,
                name: text(details, "name")?,
                input: payload(details, "input"),
            });
        }
        if event_type == state_type.exited() {
            let (name, output) = (text(details, "name")?, payload(details, "output"));
            let assigned = details.get("assignedVariables").and_then(Value::as_object);
            let assigned_variables = assigned.map(|variables| {
                Rc::new(
                    variables.keys().map(|key| (key.clone(), payload(&details["assignedVariables"], key))).collect(),
                )
            });
            return Some(E::StateExited { state_type, name, output, assigned_variables });
        }
    }
    Some(match event_type {
        "ExecutionStarted" => {
            E::ExecutionStarted { input: text(details, "input")?, role_arn: text(details, "roleArn")? }
        }
        "ExecutionSucceeded" => E::ExecutionSucceeded { output: payload(details, "output") },
        "ExecutionFailed" => E::ExecutionFailed(failure(details)),
        "ExecutionAborted" => E::ExecutionAborted(failure(details)),
        "ExecutionTimedOut" => E::ExecutionTimedOut(failure(details)),
        "TaskScheduled" => E::TaskScheduled(Box::new(TaskScheduled {
            task: resource(details)?,
            region: text(details, "region")?,
            parameters: payload(details, "parameters"),
            timeout_in_seconds: whole(details, "timeoutInSeconds"),
            heartbeat_in_seconds: whole(details, "heartbeatInSeconds"),
            credentials_role_arn: details.get("taskCredentials").and_then(|role| text(role, "roleArn")),
        })),
        "TaskStarted" => E::TaskStarted(resource(details)?),
        "TaskStartFailed" => E::TaskStartFailed(resource(details)?, failure(details)),
        "TaskSubmitted" => E::TaskSubmitted(resource(details)?, payload(details, "output")),
        "TaskSubmitFailed" => E::TaskSubmitFailed(resource(details)?, failure(details)),
        "TaskSucceeded" => E::TaskSucceeded(resource(details)?, payload(details, "output")),
        "TaskFailed" => E::TaskFailed(resource(details)?, failure(details)),
        "TaskTimedOut" => E::TaskTimedOut(resource(details)?, failure(details)),
        "LambdaFunctionScheduled" => E::LambdaFunctionScheduled {
            resource: text(details, "resource")?,
            input: payload(details, "input"),
            timeout_in_seconds: whole(details, "timeoutInSeconds"),
        },
        "LambdaFunctionScheduleFailed" => E::LambdaFunctionScheduleFailed(failure(details)),
        "LambdaFunctionStarted" => E::LambdaFunctionStarted,
        "LambdaFunctionStartFailed" => E::LambdaFunctionStartFailed(failure(details)),
        "LambdaFunctionSucceeded" => E::LambdaFunctionSucceeded { output: payload(details, "output") },
        "LambdaFunctionFailed" => E::LambdaFunctionFailed(failure(details)),
        "LambdaFunctionTimedOut" => E::LambdaFunctionTimedOut(failure(details)),
        "ActivityScheduled" => E::ActivityScheduled {
            resource: text(details, "resource")?,
            input: payload(details, "input"),
            timeout_in_seconds: whole(details, "timeoutInSeconds"),
            heartbeat_in_seconds: whole(details, "heartbeatInSeconds"),
        },
        "ActivityScheduleFailed" => E::ActivityScheduleFailed(failure(details)),
        "ActivityStarted" => E::ActivityStarted { worker_name: text(details, "workerName") },
        "ActivitySucceeded" => E::ActivitySucceeded { output: payload(details, "output") },
        "ActivityFailed" => E::ActivityFailed(failure(details)),
        "ActivityTimedOut" => E::ActivityTimedOut(failure(details)),
        "TaskStateAborted" => E::TaskStateAborted,
        "WaitStateAborted" => E::WaitStateAborted,
        "ParallelStateStarted" => E::ParallelStateStarted,
        "ParallelStateSucceeded" => E::ParallelStateSucceeded,
        "ParallelStateFailed" => E::ParallelStateFailed,
        "ParallelStateAborted" => E::ParallelStateAborted,
        "MapStateStarted" => E::MapStateStarted { length: whole(details, "length")? },
        "MapStateSucceeded" => E::MapStateSucceeded,
        "MapStateFailed" => E::MapStateFailed,
        "MapStateAborted" => E::MapStateAborted,
        "MapIterationStarted" => {
            E::MapIterationStarted { name: text(details, "name")?, index: whole(details, "index")? }
        }
        "MapIterationSucceeded" => {
            E::MapIterationSucceeded { name: text(details, "name")?, index: whole(details, "index")? }
        }
        "MapIterationFailed" => E::MapIterationFailed { name: text(details, "name")?, index: whole(details, "index")? },
        "MapIterationAborted" => {
            E::MapIterationAborted { name: text(details, "name")?, index: whole(details, "index")? }
        }
        "MapRunStarted" => E::MapRunStarted { map_run_arn: text(details, "mapRunArn")? },
        "MapRunSucceeded" => E::MapRunSucceeded,
        "MapRunFailed" => E::MapRunFailed(failure(details)),
        "MapRunAborted" => E::MapRunAborted,
        "MapRunRedriven" => E::MapRunRedriven {
            map_run_arn: text(details, "mapRunArn")?,
            redrive_count: whole(details, "redriveCount")?,
        },
        "ExecutionRedriven" => E::ExecutionRedriven { redrive_count: whole(details, "redriveCount")? },
        "EvaluationFailed" => E::EvaluationFailed {
            error: failure(details),
            location: text(details, "location"),
            state: text(details, "state")?,
        },
        _ => return None,
    })
}

fn text(details: &Value, key: &str) -> Option<Rc<str>> {
    details.get(key)?.as_shared_str().cloned()
}

fn whole(details: &Value, key: &str) -> Option<u64> {
    u64::try_from(details.get(key)?.as_i64()?).ok()
}

/// The JSON that a text stands for.
fn payload(details: &Value, key: &str) -> Value {
    let text = details.get_str(key).unwrap_or("null");
    Value::parse(text).unwrap_or_else(|_| Value::string(text))
}

fn failure(details: &Value) -> ErrorOutput {
    ErrorOutput { error: text(details, "error"), cause: text(details, "cause") }
}

fn resource(details: &Value) -> Option<TaskResource> {
    Some(TaskResource { resource_type: text(details, "resourceType")?, resource: text(details, "resource")? })
}
