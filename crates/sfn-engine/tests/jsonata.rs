//! States that speak JSONata: which fields are evaluated, with what, and where their failures stand.

mod support;

use sfn_engine::Status;
use shared_json::{Value, json};
use support::{Answer, check, check_from, error, fails, function, gives, one, played, silence};

fn speaking(definition: Value) -> Value {
    definition.with("QueryLanguage", json!("JSONata"))
}

fn at(cause: &str) -> String {
    format!("An error occurred while executing the state 'S' (entered at the event id #2). {cause}")
}

#[test]
fn output_is_computed_from_the_input() {
    let state = json!({"Type": "Pass", "Output": {"sum": "{% $sum($states.input.kg) %}", "who": "{% $states.context.Execution.Name %}", "plain": [1, "x"]}});
    gives(&speaking(one(state)), r#"{"kg":[1,2]}"#, json!({"sum": 3, "who": "e1", "plain": [1, "x"]}));
    gives(&speaking(one(json!({"Type": "Pass"}))), "[1]", json!([1]));
    gives(&speaking(one(json!({"Type": "Pass", "Output": 7}))), "[1]", json!(7));
}

#[test]
fn a_task_has_arguments_and_a_result() {
    let state = json!({"Type": "Task", "Resource": function(), "Arguments": {"n": "{% $states.input.n + 1 %}"},
        "TimeoutSeconds": "{% $states.input.t %}", "Assign": {"made": "{% $states.result.loaves %}"},
        "Output": {"got": "{% $states.result %}", "from": "{% $states.input %}"}});
    check_from(
        3,
        &speaking(one(state)),
        r#"{"n":1,"t":30}"#,
        |_| Answer::Succeed(json!({"loaves": 4})),
        &[
            r#"0 3<2 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {"n":2} 30"#,
            "0 4<3 LambdaFunctionStarted",
            r#"0 5<4 LambdaFunctionSucceeded {"loaves":4}"#,
            r#"0 6<5 TaskStateExited S {"got":{"loaves":4},"from":{"n":1,"t":30}} {"made":"4"} {"truncated":false}"#,
            r#"0 7<6 ExecutionSucceeded {"got":{"loaves":4},"from":{"n":1,"t":30}}"#,
        ],
    );
    let plain = json!({"Type": "Task", "Resource": function()});
    let world = played(&speaking(one(plain)), "[1]", |request| Answer::Succeed(request.parameters.clone()));
    assert_eq!(world.execution.output(), Some(json!([1])), "without Arguments the input goes");
}

#[test]
fn a_timeout_that_is_no_number_of_seconds_fails() {
    let state = |field: &str, text: &str| {
        speaking(one(json!({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:taste"})
            .with(field, json!(text))))
    };
    fails(
        &state("TimeoutSeconds", "{% -5 %}"),
        "{}",
        "States.QueryEvaluationError",
        &at("The TimeoutSeconds field references a negative value: -5"),
    );
    fails(
        &state("HeartbeatSeconds", "{% 1.5 %}"),
        "{}",
        "States.QueryEvaluationError",
        &at("The HeartbeatSeconds field cannot be parsed as a long value: 1.5"),
    );
}

#[test]
fn choices_have_conditions_with_their_own_output() {
    let definition = |input: &str, output: Value| {
        let definition = json!({"StartAt": "Size", "States": {
            "Size": {"Type": "Choice", "Assign": {"size": "medium"}, "Output": "{% 'as it is' %}", "Default": "Tell", "Choices": [
                {"Condition": "{% $states.input.kg > 5 %}", "Assign": {"size": "large"}, "Output": {"kg": "{% $states.input.kg %}"}, "Next": "Tell"},
                {"Condition": "{% $states.input.kg < 1 and $exists($states.input.kg) %}", "Assign": {"size": "small"}, "Next": "Tell"}]},
            "Tell": {"Type": "Pass", "Output": "{% [$size, $states.input] %}", "End": true}}});
        gives(&speaking(definition), input, output);
    };
    definition(r#"{"kg":9}"#, json!(["large", {"kg": 9}]));
    // A rule without an output of its own has the state's.
    definition(r#"{"kg":0.5}"#, json!(["small", "as it is"]));
    definition(r#"{"kg":3}"#, json!(["medium", "as it is"]));
}

#[test]
fn a_condition_must_be_boolean() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n %}", "Next": "E"}]}, "E": {"Type": "Succeed"}}});
    fails(
        &speaking(definition.clone()),
        r#"{"n":"yes"}"#,
        "States.QueryEvaluationError",
        &at(
            "The JSONata expression '$states.input.n' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: \"yes\"",
        ),
    );
    fails(
        &speaking(definition),
        r#"{"n":false}"#,
        "States.NoChoiceMatched",
        &at("Failed to transition out of the state. The state does not point to a next state."),
    );
}

#[test]
fn waits_are_computed() {
    let wait = |field: &str, text: &str| {
        speaking(one(json!({"Type": "Wait"}).with(field, json!(text)).with("Output", json!("{% $states.input.n %}"))))
    };
    check_from(
        3,
        &wait("Seconds", "{% $states.input.n * 2 %}"),
        r#"{"n":3}"#,
        silence,
        &["6 3<2 WaitStateExited S 3", "6 4<3 ExecutionSucceeded 3"],
    );
    let world = played(
        &wait("Timestamp", "{% $fromMillis($toMillis($states.context.State.EnteredTime) + 5000) %}"),
        r#"{"n":3}"#,
        silence,
    );
    assert_eq!(world.seconds(), 5);
    fails(
        &wait("Seconds", "{% -1 %}"),
        "{}",
        "States.QueryEvaluationError",
        &at("The Seconds field references a negative value: -1"),
    );
    fails(
        &wait("Timestamp", "{% 'noon' %}"),
        "{}",
        "States.QueryEvaluationError",
        &at("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: noon"),
    );
}

#[test]
fn a_failed_evaluation_stands_beside_the_entered_event() {
    let definition = json!({"StartAt": "First", "States": {
        "First": {"Type": "Pass", "Next": "S"},
        "S": {"Type": "Task", "Resource": function(), "Arguments": {"n": {"deep": "{% $states.input.none %}"}}, "End": true}}});
    check(
        &speaking(definition),
        "{}",
        silence,
        &[
            "0 1<0 ExecutionStarted {}",
            "0 2<0 PassStateEntered First {}",
            "0 3<2 PassStateExited First {}",
            "0 4<3 TaskStateEntered S {}",
            "0 5<3 EvaluationFailed States.QueryEvaluationError An error occurred while executing the state 'S' (entered at the event id #4). The JSONata expression '$states.input.none' specified for the field 'Arguments/n/deep' returned nothing (undefined). Arguments/n/deep S",
            "0 6<5 ExecutionFailed States.QueryEvaluationError An error occurred while executing the state 'S' (entered at the event id #4). The JSONata expression '$states.input.none' specified for the field 'Arguments/n/deep' returned nothing (undefined).",
        ],
    );
    let first = one(json!({"Type": "Pass", "Output": "{% $none %}", "Assign": {"x": 1}}));
    check_from(
        2,
        &speaking(first),
        "{}",
        silence,
        &[
            "0 2<0 PassStateEntered S {}",
            "0 3<0 EvaluationFailed States.QueryEvaluationError An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$none' specified for the field 'Output' returned nothing (undefined). Output S",
            "0 4<3 ExecutionFailed States.QueryEvaluationError An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$none' specified for the field 'Output' returned nothing (undefined).",
        ],
    );
}

#[test]
fn a_failed_output_behind_a_task_can_be_caught() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Task", "Resource": function(), "Output": "{% $number($states.result) %}", "End": true, "Catch": [
            {"ErrorEquals": ["States.QueryEvaluationError"], "Output": {"was": "{% $states.errorOutput.Error %}", "n": "{% $states.input.n %}"}, "Assign": {"why": "{% $states.errorOutput.Error %}"}, "Next": "Mend"}]},
        "Mend": {"Type": "Pass", "Output": "{% {'in': $states.input, 'why': $why} %}", "End": true}}});
    let world = check_from(
        6,
        &speaking(definition),
        r#"{"n":1}"#,
        |_| Answer::Succeed(json!("x")),
        &[
            r#"0 6<0 EvaluationFailed States.QueryEvaluationError An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$number($states.result)' specified for the field 'Output' threw an error during evaluation. D3030: Unable to cast value to a number: "x" Output S"#,
            r#"0 7<6 TaskStateExited S {"was":"States.QueryEvaluationError","n":1} {"why":"\"States.QueryEvaluationError\""} {"truncated":false}"#,
            r#"0 8<7 PassStateEntered Mend {"was":"States.QueryEvaluationError","n":1}"#,
            r#"0 9<8 PassStateExited Mend {"in":{"was":"States.QueryEvaluationError","n":1},"why":"States.QueryEvaluationError"}"#,
            r#"0 10<9 ExecutionSucceeded {"in":{"was":"States.QueryEvaluationError","n":1},"why":"States.QueryEvaluationError"}"#,
        ],
    );
    assert_eq!(world.execution.status(), Status::Succeeded);
}

#[test]
fn a_catcher_without_output_gives_the_error() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Task", "Resource": function(), "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}]}, "E": {"Type": "Succeed"}}});
    let world = played(&speaking(definition), "{}", |_| error("Burnt"));
    assert_eq!(world.execution.output(), Some(json!({"Error": "Burnt", "Cause": "why"})));
}

#[test]
fn a_failure_inside_a_catcher_ends_the_execution() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Task", "Resource": function(), "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.none %}", "Next": "E"}]}, "E": {"Type": "Succeed"}}});
    let world = played(&speaking(definition), "{}", |_| error("Burnt"));
    let cause = "The JSONata expression '$states.errorOutput.none' specified for the field 'Catch[0]/Output' returned nothing (undefined).";
    assert_eq!(world.execution.cause().map(|cause| &**cause), Some(&*at(cause)));
}

#[test]
fn fail_states_speak_too() {
    let definition = json!({"StartAt": "S", "States": {"S": {"Type": "Fail", "Error": "{% 'Oven' & $states.input.n %}", "Cause": "{% $string($states.input) %}"}}});
    fails(&speaking(definition), r#"{"n":3}"#, "Oven3", r#"{"n":3}"#);
    let definition = json!({"StartAt": "S", "States": {"S": {"Type": "Fail", "Error": "{% $states.input.n %}"}}});
    let cause = "The JSONata expression '$states.input.n' specified for the field 'Error' returned an unexpected result type. Expected 'string', but was 'number' for value: 3";
    fails(&speaking(definition), r#"{"n":3}"#, "States.QueryEvaluationError", &at(cause));
}

#[test]
fn parallel_and_map_have_arguments_items_and_outputs() {
    let pass = |name: &str, output: &str| json!({"StartAt": name, "States": Value::object([(name, json!({"Type": "Pass", "Output": output, "End": true}))])});
    let both = json!({"Type": "Parallel", "Arguments": {"n": "{% $states.input.n * 2 %}"}, "Output": "{% $sum($states.result) %}",
        "Branches": [pass("A", "{% $states.input.n + 1 %}"), pass("B", "{% $states.input.n %}")]});
    gives(&speaking(one(both)), r#"{"n":3}"#, json!(13));
    let each = json!({"Type": "Map", "Items": "{% [1..$states.input.n] %}", "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}"},
        "ItemProcessor": pass("C", "{% $states.input.i * 10 + $states.input.v %}"), "Output": {"all": "{% $states.result %}"}});
    gives(&speaking(one(each)), r#"{"n":3}"#, json!({"all": [1, 12, 23]}));
}

#[test]
fn one_state_may_speak_it_alone() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"n": "{% $states.input.n + 1 %}"}, "Output": {"m": "{% $states.input.n %}"}, "Next": "T"},
        "T": {"Type": "Pass", "Parameters": {"m.$": "$.m", "n.$": "$n"}, "End": true}}});
    gives(&definition, r#"{"n":1}"#, json!({"m": 1, "n": 2}));
}
