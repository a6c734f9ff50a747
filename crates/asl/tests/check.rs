//! What is refused, in which words, and where.

use asl::{Computed, Condition, Diagnostic, JitterStrategy, Pattern, StateKind, Target, Transition, WaitFor};

/// A machine of one state under test and an end to lead to. `Next` of the state must be `Z`, or nothing leads there.
fn machine(state: &str) -> String {
    format!(r#"{{"StartAt": "A", "States": {{"A": {{{state}}}, "Z": {{"Type": "Succeed"}}}}}}"#)
}

fn texts(text: &str) -> Vec<String> {
    asl::parse(text).errors().map(Diagnostic::aws_text).collect()
}

/// The errors of one state, without their common code.
fn check(state: &str, expected: &[&str]) {
    let said = texts(&machine(state));
    let said: Vec<&str> =
        said.iter().map(|text| text.strip_prefix("SCHEMA_VALIDATION_FAILED: ").unwrap_or(text)).collect();
    assert_eq!(said, expected, "{state}");
}

fn check_machine(text: &str, expected: &[&str]) {
    assert_eq!(texts(text), expected, "{text}");
}

#[test]
fn the_machine() {
    check_machine("", &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"]);
    check_machine("[]", &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"]);
    check_machine("{}", &["SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"]);
    check_machine(
        "hello",
        &[
            "INVALID_JSON_DESCRIPTION: Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or \
           token 'null', 'true' or 'false')\n at [Source: (String)\"hello\"; line: 1, column: 6]",
        ],
    );
    check_machine(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}, "Coment": "x", "TimeoutSeconds": -1}"#,
        &[
            "SCHEMA_VALIDATION_FAILED: Field 'Coment' is not supported at /",
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /TimeoutSeconds",
        ],
    );
}

#[test]
fn transitions() {
    check_machine(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "B": {"Type": "Pass", "End": true}}}"#,
        &[
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next",
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
        ],
    );
    check_machine(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#,
        &["MISSING_END_STATE: Workflow has no terminal state at null"],
    );
    check(
        r#""Type": "Pass", "Next": "Z", "End": true"#,
        &["There should only be one of the following fields: [Next, End] at /States/A"],
    );
    let long = "x".repeat(81);
    check_machine(
        &format!(r#"{{"StartAt": "{long}", "States": {{"{long}": {{"Type": "Succeed"}}}}}}"#),
        &[&format!(
            "INVALID_STATE_NAME: Invalid State name: State '{long}' exceeds the 80-character limit allowed by the \
             service at /States/{long}"
        )],
    );
}

#[test]
fn suggestions_mend_the_text() {
    let text = machine(r#""Type": "Pas", "Next": "Z""#);
    let parsed = asl::parse(&text);
    let error = parsed.errors().next().unwrap();
    assert_eq!(
        error.aws_text(),
        "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, \
         Choice, Parallel, Map] at /States/A/Type"
    );
    assert_eq!(error.span.slice(&text), "\"Pas\"");
    assert_eq!(error.fixes[0].edits[0].text, "\"Pass\"");
    for (state, mended) in [
        (r#""Type": "Pass", "Nxt": "Z", "End": true"#, "\"Next\""),
        (r#""Type": "Pass", "Resullt": 1, "Next": "Z""#, "\"Result\""),
    ] {
        let parsed = asl::parse(&machine(state));
        let fixes: Vec<_> = parsed.errors().flat_map(|error| &error.fixes).collect();
        assert_eq!(fixes[0].edits[0].text, mended);
    }
}

#[test]
fn waits() {
    let fields = "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A";
    let none = format!("This object should have only one of the following fields: {fields}");
    let several = format!("There should only be one of the following fields: {fields}");
    check(r#""Type": "Wait", "Seconds": 0, "Next": "Z""#, &[]);
    check(r#""Type": "Wait", "Next": "Z""#, &[&none]);
    check(r#""Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "Next": "Z""#, &[&several]);
    check(r#""Type": "Wait", "Seconds": 1.5, "Next": "Z""#, &["Expected value of type Integer at /States/A/Seconds"]);
    check(
        r#""Type": "Wait", "Timestamp": "2023-04-19", "Next": "Z""#,
        &["String does not match RFC3339 timestamp at /States/A/Timestamp"],
    );
}

#[test]
fn tasks() {
    let task = |more: &str| {
        format!(r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage", {more} "Next": "Z""#)
    };
    check(&task(""), &[]);
    check(r#""Type": "Task", "Next": "Z""#, &["These fields are required: [Resource] at /States/A"]);
    check(
        r#""Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.sync", "Next": "Z""#,
        &["The resource provided arn:aws:states:::sqs:sendMessage.sync is not recognized. The value is not a valid \
           resource ARN, or the resource is not available in this region. at /States/A/Resource"],
    );
    check(r#""Type": "Task", "Resource": "${Weigh.Arn}", "Next": "Z""#, &[]);
    check(
        &task(r#""TimeoutSeconds": 3, "TimeoutSecondsPath": "$.t","#),
        &["There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/A"],
    );
    check(
        &task(r#""Credentials": {},"#),
        &["The field 'RoleArn' is required but was missing at /States/A/Credentials"],
    );
    check(
        &task(r#""Parameters": {"a.$": "x", "b": {"c.$": 1}},"#),
        &[
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters",
            "The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters/b",
        ],
    );
    check(&task(r#""ResultPath": "$$.x","#), &["Value is not a Reference Path at /States/A/ResultPath"]);
}

#[test]
fn retriers_and_catchers() {
    let task = |more: &str| {
        format!(
            r#""Type": "Task", "Resource": "arn:aws:lambda:eu-north-1:123456789012:function:Weigh", {more}, "Next": "Z""#
        )
    };
    check(&task(r#""Retry": [{"ErrorEquals": []}]"#), &["Value cannot be empty at /States/A/Retry[0]/ErrorEquals"]);
    check(&task(r#""Retry": [{}]"#), &["These fields are required: [ErrorEquals] at /States/A/Retry[0]"]);
    check(
        &task(r#""Retry": [{"ErrorEquals": ["E"], "BackoffRate": 0.5, "MaxAttempts": -1, "JitterStrategy": "SOME"}]"#),
        &[
            "Minimum value is 1.0 at /States/A/Retry[0]/BackoffRate",
            "Minimum value is 0 at /States/A/Retry[0]/MaxAttempts",
            "Value should be one of the following: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy",
        ],
    );
    check(&task(r#""Catch": [{"ErrorEquals": ["E"]}]"#), &["These fields are required: [Next] at /States/A/Catch[0]"]);
    let all = "States.ALL must appear alone and at end of list at /States/A/Catch[0]/ErrorEquals";
    check(&task(r#""Catch": [{"ErrorEquals": ["States.ALL", "E"], "Next": "Z"}]"#), &[all]);
    check(
        &task(r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}, {"ErrorEquals": ["E"], "Next": "Z"}]"#),
        &[all],
    );
}

#[test]
fn choices() {
    let choice = |rule: &str| format!(r#""Type": "Choice", "Choices": [{{{rule}}}]"#);
    check(&choice(r#""Variable": "$.n", "NumericLessThan": 1, "Next": "Z""#), &[]);
    check(r#""Type": "Choice", "Choices": [], "Default": "Z""#, &["Value cannot be empty at /States/A/Choices"]);
    check(
        &choice(r#""Variable": "$.n", "NumericLessThan": "1", "Next": "Z""#),
        &["Expected value of type Number at /States/A/Choices[0]/NumericLessThan"],
    );
    let names: Vec<&str> = asl::ComparisonOperator::all().map(asl::ComparisonOperator::name).collect();
    let operators =
        format!("There should only be one of the following fields: [{}] at /States/A/Choices[0]", names.join(", "));
    check(&choice(r#""Variable": "$.n", "IsNull": true, "IsPresent": true, "Next": "Z""#), &[&operators]);
    check(
        &choice(r#""IsNull": true, "Next": "Z""#),
        &["These fields are required: [Variable] at /States/A/Choices[0]"],
    );
    check(
        &choice(r#""And": [{"Variable": "$.n", "IsNull": true, "Next": "Z"}], "Next": "Z""#),
        &["Field 'Next' is not supported at /States/A/Choices[0]/And[0]"],
    );
}

#[test]
fn fields_belong_to_types() {
    check(r#""Type": "Pass", "Catch": [], "Next": "Z""#, &["Field 'Catch' is not supported at /States/A"]);
    check(
        r#""Type": "Wait", "Seconds": 1, "TimeoutSeconds": 3, "Next": "Z""#,
        &["Field 'TimeoutSeconds' is not supported at /States/A"],
    );
    let fail = r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E", "ErrorPath": "$.e", "End": true}}}"#;
    check_machine(
        fail,
        &[
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Error, ErrorPath] at /States/A",
            "SCHEMA_VALIDATION_FAILED: Field 'End' is not supported at /States/A",
        ],
    );
}

#[test]
fn a_right_definition_is_compiled() {
    let text = r#"{
      "Comment": "Weigh a parcel", "StartAt": "Ask", "TimeoutSeconds": 600,
      "States": {
        "Ask": {
          "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "HeartbeatSeconds": 30,
          "Parameters": {"QueueUrl.$": "$.queue", "MessageBody": {"Token.$": "$$.Task.Token"}},
          "ResultPath": "$.weight",
          "Retry": [{"ErrorEquals": ["Busy"], "JitterStrategy": "FULL", "MaxAttempts": 9}],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost", "ResultPath": null}],
          "Next": "Heavy?"
        },
        "Heavy?": {
          "Type": "Choice", "Default": "Done",
          "Choices": [{"Not": {"Variable": "$.weight", "NumericLessThanEquals": 20}, "Next": "Rest"}]
        },
        "Rest": {"Type": "Wait", "Timestamp": "2023-04-19T08:00:00Z", "Next": "Done"},
        "Done": {"Type": "Succeed"},
        "Lost": {"Type": "Fail", "Error": "Lost", "CausePath": "States.Format('{}', $.queue)"}
      }
    }"#;
    let parsed = asl::parse(text);
    assert_eq!(parsed.diagnostics, []);
    let definition = parsed.checked.unwrap();
    assert_eq!((&*definition.root.start_at.name, definition.timeout_seconds), ("Ask", Some(600)));
    let names: Vec<&str> = definition.root.states.keys().map(|name| &**name).collect();
    assert_eq!(names, ["Ask", "Heavy?", "Rest", "Done", "Lost"]);
    let StateKind::Task(task) = &definition.state("Ask").unwrap().kind else { panic!() };
    assert_eq!(
        (task.resource.resource().as_str(), task.resource.pattern),
        ("sendMessage.waitForTaskToken", Pattern::WaitForTaskToken)
    );
    assert_eq!(task.transition, Transition::Next(Target { name: "Heavy?".into(), index: 1 }));
    let retrier = &task.retry[0];
    assert_eq!((retrier.interval_seconds, retrier.max_attempts, retrier.backoff_rate), (1, 9, 2.0));
    assert_eq!(retrier.jitter_strategy, JitterStrategy::Full);
    let StateKind::Choice(choice) = &definition.state("Heavy?").unwrap().kind else { panic!() };
    assert!(matches!(choice.rules[0].condition, Condition::Not(_)));
    let StateKind::Wait(wait) = &definition.state("Rest").unwrap().kind else { panic!() };
    assert!(matches!(wait.wait, WaitFor::Timestamp(Computed::Fixed(at)) if at.millis() == 1_681_891_200_000));
    let labels: Vec<_> = parsed.outline.states[1].transitions.iter().map(|arrow| format!("{:?}", arrow.kind)).collect();
    assert_eq!(labels, [r#"Choice { index: 0, label: "not ($.weight <= 20)" }"#, "Default"]);
}

#[test]
fn a_large_definition_is_refused_and_read_quickly() {
    let states: Vec<String> = (0..20_000)
        .map(|n| format!(r#""S{n}": {{"Type": "Pass", "Comment": "{}", "Next": "S{}x"}}"#, "-".repeat(20), n + 1))
        .collect();
    let text = format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(","));
    assert!(text.len() > asl::MAX_DEFINITION_BYTES);
    assert_eq!(texts(&text), ["SCHEMA_VALIDATION_FAILED: The definition is larger than 1048576 bytes at null"]);
    let half = format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states[..10_000].join(","));
    assert_eq!(asl::parse(&half).errors().count(), 20_000);
}
