//! Whole histories, state type by state type.

mod support;

use sfn_engine::{ErrorOutput, Input, Status, VisitOutcome};
use shared_json::{Value, json};
use support::{Answer, World, check, error, function, silence as no_tasks, start};

#[test]
fn data_flows_through_pass_states() {
    let definition = json!({"StartAt": "Mix", "States": {
        "Mix": {"Type": "Pass", "InputPath": "$.dough", "Parameters": {"g.$": "$.flour", "by.$": "$$.State.Name"}, "ResultPath": "$.mixed", "Next": "Bake"},
        "Bake": {"Type": "Pass", "Result": {"hot": true}, "ResultPath": "$.loaf", "OutputPath": "$.loaf", "Next": "Cool"},
        "Cool": {"Type": "Pass", "InputPath": null, "OutputPath": null, "Next": "Sold"},
        "Sold": {"Type": "Succeed"}
    }});
    let world = check(
        &definition,
        r#"{ "dough": {"flour": 500} }"#,
        no_tasks,
        &[
            r#"0 1<0 ExecutionStarted { "dough": {"flour": 500} }"#,
            r#"0 2<0 PassStateEntered Mix {"dough":{"flour":500}}"#,
            r#"0 3<2 PassStateExited Mix {"dough":{"flour":500},"mixed":{"g":500,"by":"Mix"}}"#,
            r#"0 4<3 PassStateEntered Bake {"dough":{"flour":500},"mixed":{"g":500,"by":"Mix"}}"#,
            r#"0 5<4 PassStateExited Bake {"hot":true}"#,
            r#"0 6<5 PassStateEntered Cool {"hot":true}"#,
            r#"0 7<6 PassStateExited Cool {}"#,
            r#"0 8<7 SucceedStateEntered Sold {}"#,
            r#"0 9<8 SucceedStateExited Sold {}"#,
            r#"0 10<9 ExecutionSucceeded {}"#,
        ],
    );
    assert!(world.ended);
    let stages = world.execution.visits()[0].stages();
    assert_eq!(stages.after_input_path, Some(json!({"flour": 500})));
    assert_eq!(stages.after_parameters, Some(json!({"g": 500, "by": "Mix"})));
}

#[test]
fn choices_and_waits_lead_to_a_failure() {
    let definition = json!({"StartAt": "Size", "States": {
        "Size": {"Type": "Choice", "Choices": [
            {"Not": {"Variable": "$.n", "IsPresent": true}, "Next": "Rise"},
            {"And": [{"Variable": "$.n", "NumericGreaterThan": 3}, {"Variable": "$.t", "StringMatches": "rye*"}], "Next": "Rise"}
        ], "Default": "Burn"},
        "Rise": {"Type": "Wait", "SecondsPath": "$.n", "Next": "Burn"},
        "Burn": {"Type": "Fail", "Error": "Oven", "CausePath": "States.Format('{} s', $.n)"}
    }});
    let world = check(
        &definition,
        r#"{"n":5,"t":"rye loaf"}"#,
        no_tasks,
        &[
            r#"0 1<0 ExecutionStarted {"n":5,"t":"rye loaf"}"#,
            r#"0 2<0 ChoiceStateEntered Size {"n":5,"t":"rye loaf"}"#,
            r#"0 3<2 ChoiceStateExited Size {"n":5,"t":"rye loaf"}"#,
            r#"0 4<3 WaitStateEntered Rise {"n":5,"t":"rye loaf"}"#,
            r#"5 5<4 WaitStateExited Rise {"n":5,"t":"rye loaf"}"#,
            r#"5 6<5 FailStateEntered Burn {"n":5,"t":"rye loaf"}"#,
            r#"5 7<6 ExecutionFailed Oven 5 s"#,
        ],
    );
    assert_eq!(world.execution.status(), Status::Failed);
}

#[test]
fn the_three_kinds_of_tasks_have_their_own_events() {
    let task = |resource: Value| json!({"Type": "Task", "Resource": resource, "TimeoutSeconds": 9, "End": true});
    let one = |resource: Value| json!({"StartAt": "T", "States": {"T": task(resource)}});
    let done = |_: &sfn_engine::TaskRequest| Answer::Succeed(json!("ok"));
    check(
        &one(function()),
        "{}",
        done,
        &[
            "0 1<0 ExecutionStarted {}",
            "0 2<0 TaskStateEntered T {}",
            "0 3<2 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {} 9",
            "0 4<3 LambdaFunctionStarted",
            "0 5<4 LambdaFunctionSucceeded \"ok\"",
            "0 6<5 TaskStateExited T \"ok\"",
            "0 7<6 ExecutionSucceeded \"ok\"",
        ],
    );
    check(
        &json!({"StartAt": "T", "States": {"T": task(json!("arn:aws:states:::sqs:sendMessage"))
            .with("Parameters", json!({"QueueUrl": "q", "MessageBody": "m"}))}}),
        "{}",
        done,
        &[
            "0 1<0 ExecutionStarted {}",
            "0 2<0 TaskStateEntered T {}",
            r#"0 3<2 TaskScheduled sendMessage {"QueueUrl":"q","MessageBody":"m"} 9"#,
            "0 4<3 TaskStarted sendMessage",
            "0 5<4 TaskSucceeded sendMessage \"ok\"",
            "0 6<5 TaskStateExited T \"ok\"",
            "0 7<6 ExecutionSucceeded \"ok\"",
        ],
    );
    let activity = one(json!("arn:aws:states:eu-west-1:123456789012:activity:taste"));
    let mut world = World::new(start(&activity, "{}"));
    world.tell(Input::Start);
    assert_eq!(world.execution.next_wakeup(), None, "the clock starts when a worker comes");
    world.tell(Input::ActivityStarted { task: 1, worker_name: Some("ann".into()) });
    world.tell(Input::TaskSucceeded { task: 1, output: json!(1) });
    assert_eq!(world.events()[3..5], ["0 4<3 ActivityStarted ann", "0 5<4 ActivitySucceeded 1"]);
}

#[test]
fn a_callback_ends_the_wait() {
    let definition = json!({"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody": {"n.$": "$.n"}}, "ResultSelector": {"got.$": "$.a", "try.$": "$$.State.RetryCount"}, "ResultPath": "$.answer", "End": true}}});
    let world = check(
        &definition,
        r#"{"n":1}"#,
        |_| Answer::Callback(30, json!({"a": "yes"})),
        &[
            r#"0 1<0 ExecutionStarted {"n":1}"#,
            r#"0 2<0 TaskStateEntered Ask {"n":1}"#,
            r#"0 3<2 TaskScheduled sendMessage.waitForTaskToken {"QueueUrl":"q","MessageBody":{"n":1}}"#,
            r#"0 4<3 TaskStarted sendMessage.waitForTaskToken"#,
            r#"0 5<4 TaskSubmitted sendMessage.waitForTaskToken "taken""#,
            r#"30 6<5 TaskSucceeded sendMessage.waitForTaskToken {"a":"yes"}"#,
            r#"30 7<6 TaskStateExited Ask {"n":1,"answer":{"got":"yes","try":0}}"#,
            r#"30 8<7 ExecutionSucceeded {"n":1,"answer":{"got":"yes","try":0}}"#,
        ],
    );
    let token = world.requests[0].1.task_token.clone().unwrap();
    assert!(token.starts_with("AQC") && token.len() > 300);
}

#[test]
fn a_missed_heartbeat_times_out_and_can_be_caught() {
    let definition = |name: &str| {
        json!({"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 60, "HeartbeatSeconds": 10,
            "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Never"}, {"ErrorEquals": [name], "ResultPath": "$.late", "Next": "Late"}], "End": true},
        "Late": {"Type": "Succeed"}, "Never": {"Type": "Fail"}}})
    };
    for name in ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"] {
        let mut world = World::new(start(&definition(name), "{}"));
        world.tell(Input::Start);
        world.now += virtual_time::Duration::from_secs(8);
        world.tell(Input::TaskHeartbeat { task: 1 });
        world.run(no_tasks);
        assert_eq!(
            world.events()[4..],
            [
                "18 5<4 TaskTimedOut sendMessage.waitForTaskToken States.Timeout",
                r#"18 6<5 TaskStateExited Ask {"late":{"Error":"States.Timeout","Cause":null}}"#,
                r#"18 7<6 SucceedStateEntered Late {"late":{"Error":"States.Timeout","Cause":null}}"#,
                r#"18 8<7 SucceedStateExited Late {"late":{"Error":"States.Timeout","Cause":null}}"#,
                r#"18 9<8 ExecutionSucceeded {"late":{"Error":"States.Timeout","Cause":null}}"#,
            ]
        );
        assert_eq!(world.cancelled, [1]);
        assert_eq!(world.execution.visits()[0].outcome, VisitOutcome::CaughtError { catcher: 1 });
    }
}

#[test]
fn failures_end_with_awss_words() {
    let prefix = "An error occurred while executing the state 'S' (entered at the event id #2). ";
    let cases = [
        (
            json!({"Type": "Pass", "InputPath": "$.x", "End": true}),
            "States.Runtime",
            "Invalid path '$.x' : No results for path: $['x']",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"a.$": "$.x"}, "End": true}),
            "States.Runtime",
            "The JSONPath '$.x' specified for the field 'a.$' could not be found in the input '{\"n\":-1}'",
        ),
        (
            json!({"Type": "Fail", "ErrorPath": "$.x"}),
            "States.Runtime",
            "The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in the input '{\"n\":-1}'",
        ),
        (
            json!({"Type": "Wait", "SecondsPath": "$.n", "End": true}),
            "States.Runtime",
            "The SecondsPath parameter references a negative value: $.n == -1",
        ),
        (
            json!({"Type": "Wait", "SecondsPath": "$.x", "End": true}),
            "States.Runtime",
            "The SecondsPath parameter does not reference an input value: $.x",
        ),
        (
            json!({"Type": "Wait", "TimestampPath": "$.n", "End": true}),
            "States.Runtime",
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.n == -1",
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "E"}]}),
            "States.NoChoiceMatched",
            "Failed to transition out of the state. The state does not point to a next state.",
        ),
        (
            json!({"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": 1, "Next": "E"}]}),
            "States.Runtime",
            "Invalid path '$.x': The choice state's condition path references an invalid value.",
        ),
        (
            json!({"Type": "Pass", "Result": 1, "ResultPath": "$.n.m", "End": true}),
            "States.ResultPathMatchFailure",
            "Unable to apply ReferencePath $.n.m to input {\"n\":-1}",
        ),
        (
            json!({"Type": "Task", "Resource": function(), "TimeoutSecondsPath": "$.x", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}], "End": true}),
            "States.Runtime",
            "Invalid path '$.x' : No results for path: $['x']",
        ),
    ];
    for (state, name, cause) in cases {
        // A second way to E keeps it reachable.
        let definition = json!({"StartAt": "S", "States": {"S": state, "E": {"Type": "Succeed"}}});
        let Some(checked) = asl::parse(&definition.to_string()).checked else {
            let alone = json!({"StartAt": "S", "States": {"S": definition["States"]["S"].clone()}});
            fails(start(&alone, r#"{"n":-1}"#), name, &format!("{prefix}{cause}"));
            continue;
        };
        drop(checked);
        fails(start(&definition, r#"{"n":-1}"#), name, &format!("{prefix}{cause}"));
    }
}

fn fails(start: sfn_engine::ExecutionStart, name: &str, cause: &str) {
    let mut world = World::new(start);
    world.tell(Input::Start);
    world.run(no_tasks);
    assert_eq!(world.execution.error().map(|error| &**error), Some(name), "{cause}");
    assert_eq!(world.execution.cause().map(|cause| &**cause), Some(cause));
    let last = world.execution.history().last().unwrap();
    assert_eq!((last.id, last.previous_event_id, last.event_type()), (3, 2, "ExecutionFailed"));
}

#[test]
fn large_results_are_failures_by_their_owners_name() {
    let large = Value::from("x".repeat(262_144));
    let text = |name: &str| {
        format!(
            "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
        )
    };
    let arn = function();
    for (resource, owner) in [(arn.clone(), arn.as_str().unwrap()), (json!("arn:aws:states:::lambda:invoke"), "lambda")]
    {
        let definition = json!({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": resource, "Parameters": {"FunctionName": "knead"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}], "End": true}, "E": {"Type": "Succeed"}}});
        let mut world = World::new(start(&definition, "{}"));
        world.tell(Input::Start);
        world.run(|_| Answer::Succeed(large.clone()));
        assert_eq!(
            world.execution.output().unwrap(),
            json!({"Error": "States.DataLimitExceeded", "Cause": text(owner)})
        );
    }
    let definition = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": large, "End": true}}});
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    assert_eq!(world.execution.cause().map(|cause| &**cause), Some(&*text("P")));
}

#[test]
fn a_failure_without_fields_is_caught_as_nulls() {
    let definition = json!({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": function(), "Catch": [{"ErrorEquals": ["States.Runtime"], "Next": "E"}, {"ErrorEquals": ["States.ALL"], "Next": "E"}], "End": true}, "E": {"Type": "Succeed"}}});
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    world.run(|_| Answer::Fail(ErrorOutput::default()));
    assert_eq!(world.execution.output(), Some(json!({"Error": null, "Cause": null})));
    assert_eq!(world.events()[4], "0 5<4 LambdaFunctionFailed");
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    world.run(|_| error("States.Runtime"));
    assert_eq!(world.execution.status(), Status::Failed);
}

#[test]
fn executions_are_stopped_and_time_out() {
    let definition =
        json!({"TimeoutSeconds": 5, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}});
    check(
        &definition,
        "{}",
        no_tasks,
        &["0 1<0 ExecutionStarted {}", "0 2<0 WaitStateEntered W {}", "5 3<0 ExecutionTimedOut"],
    );
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    world.tell(Input::Stop { error: Some("Tired".into()), cause: None });
    world.run(no_tasks);
    assert_eq!(world.events()[2], "0 3<0 ExecutionAborted Tired");
    assert_eq!((world.execution.status(), world.execution.next_wakeup()), (Status::Aborted, None));
}

#[test]
fn a_full_history_ends_the_execution() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}});
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    world.run(no_tasks);
    let last = world.execution.history().last().unwrap();
    assert_eq!((last.id, last.previous_event_id, last.event_type()), (25_000, 24_999, "ExecutionFailed"));
    assert_eq!(
        world.execution.cause().map(|cause| &**cause),
        Some("The execution reached the maximum number of history events (25000).")
    );
}

#[test]
fn with_a_pace_every_step_has_its_own_wake_up() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}});
    let mut paced = start(&definition, "{}");
    paced.transition = virtual_time::Duration::from_millis(250);
    let mut world = World::new(paced);
    world.tell(Input::Start);
    world.run(no_tasks);
    let times: Vec<String> = world.events().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(times, ["0", "0.25", "0.5", "0.75", "1", "1"]);
}
