//! Variables: who sees them, who may change them, and what the history tells of them.

mod support;

use shared_json::{Value, json};
use support::{Answer, check, error, fails, function, gives, silence};

fn jsonata(definition: Value) -> Value {
    definition.with("QueryLanguage", json!("JSONata"))
}

#[test]
fn the_exited_event_tells_what_was_assigned() {
    let definition = json!({"StartAt": "Weigh", "States": {
        "Weigh": {"Type": "Pass", "Assign": {"kg.$": "$.kg", "unit": "kg", "twice.$": "States.MathAdd($.kg, $.kg)"}, "Next": "Again"},
        "Again": {"Type": "Pass", "Assign": {"kg.$": "States.MathAdd($kg, 1)"}, "Parameters": {"old.$": "$kg", "twice.$": "$twice"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"kg.$": "$kg", "unit.$": "$unit"}, "End": true}}});
    check(
        &definition,
        r#"{"kg":2}"#,
        silence,
        &[
            r#"0 1<0 ExecutionStarted {"kg":2}"#,
            r#"0 2<0 PassStateEntered Weigh {"kg":2}"#,
            r#"0 3<2 PassStateExited Weigh {"kg":2} {"kg":"2","unit":"\"kg\"","twice":"4"} {"truncated":false}"#,
            r#"0 4<3 PassStateEntered Again {"kg":2}"#,
            r#"0 5<4 PassStateExited Again {"old":2,"twice":4} {"kg":"3"} {"truncated":false}"#,
            r#"0 6<5 PassStateEntered Tell {"old":2,"twice":4}"#,
            r#"0 7<6 PassStateExited Tell {"kg":3,"unit":"kg"}"#,
            r#"0 8<7 ExecutionSucceeded {"kg":3,"unit":"kg"}"#,
        ],
    );
}

#[test]
fn assign_and_output_see_the_values_from_before() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "Swap"},
        "Swap": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Output": "{% [$x, $y] %}", "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% [$states.input, $x, $y] %}", "End": true}}});
    gives(&jsonata(definition), "{}", json!([1, 2, 2, 1]));
}

#[test]
fn branches_read_outer_variables_and_keep_their_own() {
    let branch = |first: &str, then: &str, own: i64| {
        json!({"StartAt": first, "States": Value::object([
            (first, json!({"Type": "Pass", "Assign": {"own": own}, "Next": then})),
            (then, json!({"Type": "Pass", "Output": "{% [$outer, $own] %}", "End": true}))])})
    };
    let definition = json!({"StartAt": "Set", "States": {
        "Set": {"Type": "Pass", "Assign": {"outer": "o"}, "Next": "Both"},
        "Both": {"Type": "Parallel", "Branches": [branch("A", "B", 1), branch("C", "D", 2)], "Assign": {"outer": "p"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% [$states.input, $outer] %}", "End": true}}});
    gives(&jsonata(definition), "{}", json!([["o", 1], ["o", 2], "p"]));
}

#[test]
fn iterations_have_variables_of_their_own() {
    let definition = json!({"StartAt": "Set", "States": {
        "Set": {"Type": "Pass", "Assign": {"base": 10}, "Next": "Each"},
        "Each": {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "Add", "States": {
            "Add": {"Type": "Pass", "Assign": {"sum": "{% $base + $states.input %}"}, "Next": "Read"},
            "Read": {"Type": "Pass", "Output": "{% $sum %}", "End": true}}}}}});
    gives(&jsonata(definition), "{}", json!([11, 12]));
}

#[test]
fn what_a_branch_assigned_is_not_there_outside() {
    let definition = json!({"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "Next": "Tell", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"inner": 1}, "End": true}}}]},
        "Tell": {"Type": "Pass", "Output": "{% $exists($inner) %}", "End": true}}});
    gives(&jsonata(definition), "{}", json!(false));
}

#[test]
fn an_iteration_begins_without_the_last_ones_variables() {
    let definition = json!({"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "Had", "States": {
            "Had": {"Type": "Pass", "Output": "{% $exists($mark) %}", "Assign": {"mark": true}, "End": true}}}}}});
    gives(&jsonata(definition), "{}", json!([false, false]));
}

#[test]
fn catchers_and_rules_assign() {
    let definition = json!({"StartAt": "Try", "States": {
        "Try": {"Type": "Task", "Resource": function(), "Assign": {"never": 1}, "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"why.$": "$.Error"}, "ResultPath": null, "Next": "Pick"}]},
        "Pick": {"Type": "Choice", "Default": "Other", "Choices": [{"Variable": "$why", "StringEquals": "Burnt", "Assign": {"picked.$": "$.n"}, "Next": "Tell"}]},
        "Other": {"Type": "Fail"},
        "Tell": {"Type": "Pass", "Parameters": {"p.$": "$picked", "w.$": "$why"}, "End": true}}});
    check(
        &definition,
        r#"{"n":4}"#,
        |_| error("Burnt"),
        &[
            r#"0 1<0 ExecutionStarted {"n":4}"#,
            r#"0 2<0 TaskStateEntered Try {"n":4}"#,
            r#"0 3<2 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {"n":4}"#,
            "0 4<3 LambdaFunctionStarted",
            "0 5<4 LambdaFunctionFailed Burnt why",
            r#"0 6<5 TaskStateExited Try {"n":4} {"why":"\"Burnt\""} {"truncated":false}"#,
            r#"0 7<6 ChoiceStateEntered Pick {"n":4}"#,
            r#"0 8<7 ChoiceStateExited Pick {"n":4} {"picked":"4"} {"truncated":false}"#,
            r#"0 9<8 PassStateEntered Tell {"n":4}"#,
            r#"0 10<9 PassStateExited Tell {"p":4,"w":"Burnt"}"#,
            r#"0 11<10 ExecutionSucceeded {"p":4,"w":"Burnt"}"#,
        ],
    );
}

#[test]
fn a_failed_attempt_assigns_nothing() {
    let definition = json!({"StartAt": "Try", "States": {
        "Try": {"Type": "Task", "Resource": function(), "Retry": [{"ErrorEquals": ["Busy"]}], "Assign": {"tries": "{% $states.context.State.RetryCount %}"}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% $tries %}", "End": true}}});
    let mut first = true;
    let world = support::played(&jsonata(definition), "{}", |_| {
        if std::mem::take(&mut first) { error("Busy") } else { Answer::Succeed(json!(1)) }
    });
    assert_eq!(world.execution.output(), Some(json!(1)));
}

#[test]
fn an_unknown_variable_is_a_failure() {
    let definition =
        json!({"StartAt": "S", "States": {"S": {"Type": "Pass", "Output": "{% $missing %}", "End": true}}});
    fails(
        &jsonata(definition),
        "{}",
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$missing' \
         specified for the field 'Output' returned nothing (undefined).",
    );
}
