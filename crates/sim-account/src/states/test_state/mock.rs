//! Which mock fits which state, and what the rest of the configuration asks for.

use asl::{MapState, Pattern, Service, State, StateKind, TaskState};
use aws_protocol::AwsError;
use aws_shapes::{Api, Mode};
use sfn_engine::ErrorOutput;
use sfn_engine::test_state::{Mock, TestPlan};
use shared_json::Value;

use super::request::Request;

/// Judges mock and configuration against the state. The order of the checks is AWS's.
pub(super) fn plan(request: &Request, state: &State) -> Result<TestPlan, AwsError> {
    let mock = match request.mock {
        None => {
            needs_no_mock(request, state)?;
            None
        }
        Some(mock) => Some(read(request, mock, state)?),
    };
    let text = |key: &str| request.configuration.and_then(|configuration| configuration.get_str(key));
    if let Some(name) = text("errorCausedByState") {
        let inside = state.levels().iter().any(|level| contains(level, name));
        if !inside {
            return Err(invalid("State not found in definition"));
        }
    }
    let item_reader_data = text("mapItemReaderData");
    let reads = matches!(&state.kind, StateKind::Map(MapState { item_reader: Some(_), .. }));
    if reads && item_reader_data.is_none() {
        return Err(invalid("ItemReader data must be specified when testing a Map state with ItemReader specified."));
    }
    Ok(TestPlan {
        mock,
        retrier_retry_count: request.count("retrierRetryCount").unwrap_or(0),
        map_iteration_failure_count: request.count("mapIterationFailureCount"),
        item_reader_data: item_reader_data.map(Into::into),
    })
}

fn contains(level: &asl::Level, name: &str) -> bool {
    level.states.contains_key(name) || level.states.values().flat_map(State::levels).any(|inner| contains(inner, name))
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationException", message)
}

/// What a test without a mock cannot have.
fn needs_no_mock(request: &Request, state: &State) -> Result<(), AwsError> {
    let configured = [
        ("retrierRetryCount", "RetrierRetryCount"),
        ("errorCausedByState", "ErrorCausedByState"),
        ("mapIterationFailureCount", "MapIterationFailureCount"),
        ("mapItemReaderData", "MapItemReaderData"),
    ];
    let given = |key: &str| request.configuration.is_some_and(|configuration| configuration.get(key).is_some());
    let without_mock = |what: &str| invalid(format!("TestState does not support {what} when a mock is not specified."));
    if let Some((_, what)) = configured.into_iter().find(|(key, _)| given(key)) {
        return Err(without_mock(what));
    }
    if request.context.is_some() {
        return Err(without_mock("Context"));
    }
    match &state.kind {
        StateKind::Map(_) | StateKind::Parallel(_) => Err(AwsError::new(
            "InvalidDefinition",
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, \
             Succeed, Fail, Choice]",
        )),
        StateKind::Task(task) => callable(request, task),
        StateKind::Pass(_) | StateKind::Choice(_) | StateKind::Wait(_) | StateKind::Succeed(_) | StateKind::Fail(_) => {
            Ok(())
        }
    }
}

/// A Task without a mock is really called: by a role, and for an answer that comes by itself.
fn callable(request: &Request, task: &TaskState) -> Result<(), AwsError> {
    if task.resource.service == Service::Activity {
        return Err(AwsError::new("InvalidDefinition", "TestState API does not support Activity tasks."));
    }
    if task.resource.pattern != Pattern::RequestResponse {
        let message = "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns.";
        return Err(AwsError::new("InvalidDefinition", message));
    }
    if request.role_arn.is_none() {
        return Err(invalid("RoleArn must be specified when testing a Task state"));
    }
    Ok(())
}

fn read(request: &Request, mock: &Value, state: &State) -> Result<Mock, AwsError> {
    if !matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
        let state_type = state.state_type();
        return Err(invalid(format!("State type '{state_type}' is not supported when a mock is specified")));
    }
    if request.reveals_secrets {
        return Err(invalid("TestState does not support RevealSecrets when a mock is specified."));
    }
    match (mock.get_str("result"), mock.get("errorOutput")) {
        (Some(result), None) => Ok(Mock::Result(mocked_result(mock, result, state)?)),
        (None, Some(error)) => {
            let text = |key: &str| error.get_str(key).map(Into::into);
            let error = ErrorOutput { error: text("error"), cause: text("cause") };
            match &error.error {
                Some(_) => Ok(Mock::Error(error)),
                None => Err(invalid("An error was not specified in the mocked error output.")),
            }
        }
        _ => Err(invalid("A test mock should have only one of the following fields: [result, errorOutput].")),
    }
}

fn mocked_result(mock: &Value, text: &str, state: &State) -> Result<Value, AwsError> {
    let result = Value::parse(text).map_err(|_| invalid("Mocked result must be valid JSON"))?;
    match &state.kind {
        StateKind::Map(map) if map.result_writer.is_some() => match result.as_object() {
            Some(_) => Ok(result),
            None => Err(invalid("Mocked result must be a JSON object.")),
        },
        StateKind::Map(_) => array(&result).map(|_| result.clone()),
        StateKind::Parallel(parallel) => {
            if array(&result)?.len() == parallel.branches.len() {
                return Ok(result);
            }
            Err(invalid("Mocked result must contain the same number of items as number of Parallel branches."))
        }
        StateKind::Task(task) => {
            let mode = match mock.get_str("fieldValidationMode") {
                Some("NONE") => return Ok(result),
                Some("PRESENT") => Mode::Present,
                _ => Mode::Strict,
            };
            match Api::of_resource(&task.resource.text).map(|api| api.check(&result, mode)) {
                Some(Err(why)) => Err(invalid(format!("Mock result schema validation error: {why}"))),
                Some(Ok(())) | None => Ok(result),
            }
        }
        _ => Ok(result),
    }
}

fn array(result: &Value) -> Result<&[Value], AwsError> {
    result.as_array().ok_or_else(|| invalid("Mocked result must be an array."))
}
