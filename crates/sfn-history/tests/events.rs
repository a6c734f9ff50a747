//! Every type of event, written as AWS writes it and read back.

use std::rc::Rc;

use sfn_history::{ErrorOutput, EventDetails, HistoryEvent, StateType, TaskResource, TaskScheduled};
use shared_json::{Value, json};
use virtual_time::Timestamp;

fn check(details: EventDetails, event_type: &str, key: &str, expected: &str) {
    let event =
        HistoryEvent { timestamp: Timestamp::from_millis(1_700_000_000_250), id: 7, previous_event_id: 6, details };
    let head = format!(r#"{{"timestamp":1700000000.25,"type":"{event_type}","id":7,"previousEventId":6"#);
    let text = if key.is_empty() { format!("{head}}}") } else { format!(r#"{head},"{key}":{expected}}}"#) };
    assert_eq!(event.to_value().to_string(), text);
    assert_eq!(HistoryEvent::from_value(&Value::parse(&text).unwrap()), Some(event));
}

#[test]
fn events_read_as_aws_writes_them() {
    use EventDetails as E;
    let task = || TaskResource { resource_type: "sqs".into(), resource: "sendMessage.waitForTaskToken".into() };
    let error = || ErrorOutput::new("Oven.Cold", "no gas");
    let value = || json!({"a": [1, "x"]});
    let failed = r#"{"error":"Oven.Cold","cause":"no gas"}"#;
    let resource = r#""resourceType":"sqs","resource":"sendMessage.waitForTaskToken""#;
    let output = r#""output":"{\"a\":[1,\"x\"]}","outputDetails":{"truncated":false}"#;
    let input = r#""input":"{\"a\":[1,\"x\"]}","inputDetails":{"truncated":false}"#;
    let cases: Vec<(EventDetails, &str, &str, String)> = vec![
        (
            E::ExecutionStarted { input: "{ \"a\" : 1 }".into(), role_arn: "arn:r".into() },
            "ExecutionStarted",
            "executionStartedEventDetails",
            r#"{"input":"{ \"a\" : 1 }","inputDetails":{"truncated":false},"roleArn":"arn:r"}"#.into(),
        ),
        (
            E::ExecutionSucceeded { output: value() },
            "ExecutionSucceeded",
            "executionSucceededEventDetails",
            format!("{{{output}}}"),
        ),
        (E::ExecutionFailed(ErrorOutput::default()), "ExecutionFailed", "executionFailedEventDetails", "{}".into()),
        (E::ExecutionAborted(error()), "ExecutionAborted", "executionAbortedEventDetails", failed.into()),
        (
            E::ExecutionTimedOut(ErrorOutput::named("States.Timeout")),
            "ExecutionTimedOut",
            "executionTimedOutEventDetails",
            r#"{"error":"States.Timeout"}"#.into(),
        ),
        (
            E::StateEntered { state_type: StateType::Wait, name: "Rise".into(), input: value() },
            "WaitStateEntered",
            "stateEnteredEventDetails",
            format!(r#"{{"name":"Rise",{input}}}"#),
        ),
        (
            E::StateExited {
                state_type: StateType::Map,
                name: "Rise".into(),
                output: value(),
                assigned_variables: Some(Rc::new([("loaves".into(), json!(3))].into_iter().collect())),
            },
            "MapStateExited",
            "stateExitedEventDetails",
            format!(
                r#"{{"name":"Rise",{output},"assignedVariables":{{"loaves":"3"}},"assignedVariablesDetails":{{"truncated":false}}}}"#
            ),
        ),
        (E::MapStateStarted { length: 3 }, "MapStateStarted", "mapStateStartedEventDetails", r#"{"length":3}"#.into()),
        (
            E::MapIterationFailed { name: "Rise".into(), index: 2 },
            "MapIterationFailed",
            "mapIterationFailedEventDetails",
            r#"{"name":"Rise","index":2}"#.into(),
        ),
        (
            E::MapRunStarted { map_run_arn: "arn:m".into() },
            "MapRunStarted",
            "mapRunStartedEventDetails",
            r#"{"mapRunArn":"arn:m"}"#.into(),
        ),
        (E::MapRunFailed(error()), "MapRunFailed", "mapRunFailedEventDetails", failed.into()),
        (E::ParallelStateAborted, "ParallelStateAborted", "", String::new()),
        (
            E::StateExited {
                state_type: StateType::Choice,
                name: "Rise".into(),
                output: value(),
                assigned_variables: None,
            },
            "ChoiceStateExited",
            "stateExitedEventDetails",
            format!(r#"{{"name":"Rise",{output}}}"#),
        ),
        (
            E::TaskScheduled(Box::new(TaskScheduled {
                task: task(),
                region: "us-east-1".into(),
                parameters: value(),
                timeout_in_seconds: Some(60),
                heartbeat_in_seconds: Some(5),
                credentials_role_arn: Some("arn:c".into()),
            })),
            "TaskScheduled",
            "taskScheduledEventDetails",
            format!(
                r#"{{{resource},"region":"us-east-1","parameters":"{{\"a\":[1,\"x\"]}}","timeoutInSeconds":60,"heartbeatInSeconds":5,"taskCredentials":{{"roleArn":"arn:c"}}}}"#
            ),
        ),
        (E::TaskStarted(task()), "TaskStarted", "taskStartedEventDetails", format!("{{{resource}}}")),
        (
            E::TaskStartFailed(task(), error()),
            "TaskStartFailed",
            "taskStartFailedEventDetails",
            format!("{{{resource},{}", &failed[1..]),
        ),
        (
            E::TaskSubmitted(task(), value()),
            "TaskSubmitted",
            "taskSubmittedEventDetails",
            format!("{{{resource},{output}}}"),
        ),
        (
            E::TaskSubmitFailed(task(), error()),
            "TaskSubmitFailed",
            "taskSubmitFailedEventDetails",
            format!("{{{resource},{}", &failed[1..]),
        ),
        (
            E::TaskSucceeded(task(), value()),
            "TaskSucceeded",
            "taskSucceededEventDetails",
            format!("{{{resource},{output}}}"),
        ),
        (
            E::TaskFailed(task(), ErrorOutput::default()),
            "TaskFailed",
            "taskFailedEventDetails",
            format!("{{{resource}}}"),
        ),
        (
            E::TaskTimedOut(task(), error()),
            "TaskTimedOut",
            "taskTimedOutEventDetails",
            format!("{{{resource},{}", &failed[1..]),
        ),
        (
            E::LambdaFunctionScheduled { resource: "arn:f".into(), input: value(), timeout_in_seconds: None },
            "LambdaFunctionScheduled",
            "lambdaFunctionScheduledEventDetails",
            format!(r#"{{"resource":"arn:f",{input}}}"#),
        ),
        (
            E::LambdaFunctionScheduleFailed(error()),
            "LambdaFunctionScheduleFailed",
            "lambdaFunctionScheduleFailedEventDetails",
            failed.into(),
        ),
        (E::LambdaFunctionStarted, "LambdaFunctionStarted", "", String::new()),
        (
            E::LambdaFunctionStartFailed(error()),
            "LambdaFunctionStartFailed",
            "lambdaFunctionStartFailedEventDetails",
            failed.into(),
        ),
        (
            E::LambdaFunctionSucceeded { output: value() },
            "LambdaFunctionSucceeded",
            "lambdaFunctionSucceededEventDetails",
            format!("{{{output}}}"),
        ),
        (E::LambdaFunctionFailed(error()), "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", failed.into()),
        (
            E::LambdaFunctionTimedOut(error()),
            "LambdaFunctionTimedOut",
            "lambdaFunctionTimedOutEventDetails",
            failed.into(),
        ),
        (
            E::ActivityScheduled {
                resource: "arn:a".into(),
                input: value(),
                timeout_in_seconds: Some(9),
                heartbeat_in_seconds: None,
            },
            "ActivityScheduled",
            "activityScheduledEventDetails",
            format!(r#"{{"resource":"arn:a",{input},"timeoutInSeconds":9}}"#),
        ),
        (
            E::ActivityScheduleFailed(error()),
            "ActivityScheduleFailed",
            "activityScheduleFailedEventDetails",
            failed.into(),
        ),
        (E::ActivityStarted { worker_name: None }, "ActivityStarted", "activityStartedEventDetails", "{}".into()),
        (
            E::ActivityStarted { worker_name: Some("ann".into()) },
            "ActivityStarted",
            "activityStartedEventDetails",
            r#"{"workerName":"ann"}"#.into(),
        ),
        (
            E::ActivitySucceeded { output: value() },
            "ActivitySucceeded",
            "activitySucceededEventDetails",
            format!("{{{output}}}"),
        ),
        (E::ActivityFailed(error()), "ActivityFailed", "activityFailedEventDetails", failed.into()),
        (E::ActivityTimedOut(error()), "ActivityTimedOut", "activityTimedOutEventDetails", failed.into()),
        (E::TaskStateAborted, "TaskStateAborted", "", String::new()),
        (E::WaitStateAborted, "WaitStateAborted", "", String::new()),
        (
            E::EvaluationFailed { error: error(), location: Some("Output".into()), state: "Rise".into() },
            "EvaluationFailed",
            "evaluationFailedEventDetails",
            format!(r#"{},"location":"Output","state":"Rise"}}"#, &failed[..failed.len() - 1]),
        ),
    ];
    for (details, event_type, key, expected) in cases {
        check(details, event_type, key, &expected);
    }
}

#[test]
fn unknown_types_are_not_read() {
    assert_eq!(
        HistoryEvent::from_value(&json!({"timestamp": 1.0, "type": "MapRunRedriven", "id": 1, "previousEventId": 0})),
        None
    );
    assert_eq!(HistoryEvent::from_value(&json!("x")), None);
}
