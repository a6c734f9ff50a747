//! Query languages, variables, Parallel, Map, and states on their own.

use asl::{Computed, Diagnostic, ExecutionType, Items, MachineType, MapMode, QueryLanguage, StateKind, WaitFor};

fn said(text: &str) -> Vec<String> {
    asl::parse(text).errors().map(Diagnostic::aws_text).collect()
}

/// A machine of one state, `A`, which ends it.
fn machine(more: &str, state: &str) -> String {
    format!(r#"{{{more} "StartAt": "A", "States": {{"A": {{{state}, "End": true}}}}}}"#)
}

fn check(more: &str, state: &str, expected: &[&str]) {
    assert_eq!(said(&machine(more, state)), expected, "{state}");
}

const JSONATA: &str = r#""QueryLanguage": "JSONata","#;

#[test]
fn each_language_has_its_fields() {
    check(
        JSONATA,
        r#""Type": "Pass", "InputPath": "$.a""#,
        &[
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for \
           the 'JSONPath' QueryLanguage at /States/A",
        ],
    );
    check(
        "",
        r#""Type": "Pass", "Output": 1"#,
        &[
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for \
           the 'JSONata' QueryLanguage at /States/A",
        ],
    );
    check(
        JSONATA,
        r#""Type": "Pass", "QueryLanguage": "JSONPath""#,
        &[
            "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at \
           /States/A",
        ],
    );
    check("", r#""Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}""#, &[]);
    check(
        JSONATA,
        r#""Type": "Pass", "Output": {"a": ["{% 1"]}"#,
        &["SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %} at /States/A/Output/a[0]"],
    );
    check(
        JSONATA,
        r#""Type": "Pass", "Output": "{% $states.errorOutput.Error %}""#,
        &["UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/A/Output"],
    );
}

#[test]
fn inner_states_speak_the_machines_language() {
    let inner = r#"{"StartAt": "B", "States": {"B": {"Type": "Pass", "Output": 1, "End": true}}}"#;
    let said = said(&machine("", &format!(r#""Type": "Parallel", "QueryLanguage": "JSONata", "Branches": [{inner}]"#)));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].ends_with("at /States/A/Branches[0]/States/B"));
    check(JSONATA, &format!(r#""Type": "Parallel", "Branches": [{inner}]"#), &[]);
}

#[test]
fn variables_have_names() {
    let long = "v".repeat(81);
    for (name, code) in [
        ("states", "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'."),
        ("a-b", "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains invalid characters."),
        (&*long, "INVALID_VARIABLE_NAME"),
    ] {
        let said = said(&machine("", &format!(r#""Type": "Pass", "Assign": {{"{name}": 1}}"#)));
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with(code), "{said:?}");
    }
    check("", r#""Type": "Pass", "Assign": {"größe_2.$": "$.a"}"#, &[]);
    let text = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"n": 1}, "Next": "P"},
        "P": {"Type": "Parallel", "Assign": {"m": 1}, "End": true, "Branches": [
            {"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"m": 1, "n": 2}, "End": true}}}]}}}"#;
    assert_eq!(
        said(text),
        ["DUPLICATE_VARIABLE_NAME: The variable name 'n' was already defined in a parent scope. at \
          /States/P/Branches[0]/States/B/Assign/n"]
    );
}

#[test]
fn calls_need_their_parameters() {
    let call = |resource: &str, more: &str| format!(r#""Type": "Task", "Resource": "{resource}"{more}"#);
    let sqs = "arn:aws:states:::sqs:sendMessage";
    check(
        "",
        &call(sqs, ""),
        &[
            "SCHEMA_VALIDATION_FAILED: Parameters field is required for resource ARN: arn:aws:states:::sqs:sendMessage at \
           /States/A",
        ],
    );
    check(
        "",
        &call(sqs, r#", "Parameters": {"QueueUrl.$": "$.u"}"#),
        &["SCHEMA_VALIDATION_FAILED: The field 'MessageBody' is required but was missing at /States/A/Parameters"],
    );
    check(JSONATA, &call(sqs, r#", "Arguments": "{% $states.input %}""#), &[]);
    check(
        "",
        &call("mailbox", ""),
        &["SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/A/Resource"],
    );
    for unknown in [
        "arn:aws:states:::sqs:sendMessage.sync",
        "arn:aws:states:::post:send",
        "arn:aws:states:::glue:startJobRun.sync:2",
    ] {
        let said = said(&machine("", &call(unknown, r#", "Parameters": {}"#)));
        assert!(said[0].contains(&format!("The resource provided {unknown} is not recognized.")), "{said:?}");
    }
    let activity = call("arn:aws:states:eu-north-1:123456789012:activity:Sign", r#", "Credentials": {"RoleArn": "r"}"#);
    check(
        "",
        &activity,
        &["SCHEMA_VALIDATION_FAILED: The field 'Credentials' is not supported for activities at /States/A/Credentials"],
    );
}

#[test]
fn express_machines_wait_for_nobody() {
    let express = |state: &str| asl::parse_as(&machine("", state), MachineType::Express).create_error();
    let wait = r#""Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken""#;
    assert_eq!(
        express(wait).unwrap(),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support \
         '.waitForTaskToken' service integration  at /States/A/Resource'"
    );
    let map = r#""Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}"#;
    assert!(express(map).unwrap().contains("'DISTRIBUTED' is not supported inside 'EXPRESS' state machines"));
    check("", map, &[]);
}

#[test]
fn maps() {
    let map = |config: &str, more: &str| {
        format!(
            r#""Type": "Map", "ItemProcessor": {{{config} "StartAt": "B", "States": {{"B": {{"Type": "Succeed"}}}}}}{more}"#
        )
    };
    check(
        "",
        r#""Type": "Map""#,
        &[
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [ItemProcessor, Iterator] \
           at /States/A",
        ],
    );
    check(
        "",
        &map("", r#", "MaxConcurrency": -1, "ToleratedFailurePercentage": 101, "Label": "L""#),
        &[
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/MaxConcurrency",
            "SCHEMA_VALIDATION_FAILED: Maximum value is 100.0 at /States/A/ToleratedFailurePercentage",
            "SCHEMA_VALIDATION_FAILED: Field 'Label' is not supported at /States/A",
        ],
    );
    check(
        "",
        &map(r#""ProcessorConfig": {"Mode": "DISTRIBUTED"},"#, ""),
        &[
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/A/ItemProcessor/ProcessorConfig",
        ],
    );
    let distributed = r#""ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},"#;
    let reader = r#", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "TAB", "MaxItemsPath": "$.n"}}"#;
    let parsed = asl::parse(&machine("", &map(distributed, reader)));
    assert_eq!(parsed.diagnostics, []);
    let definition = parsed.checked.unwrap();
    let StateKind::Map(read) = &definition.state("A").unwrap().kind else { panic!() };
    assert_eq!(read.mode, MapMode::Distributed(ExecutionType::Express));
    let config = &read.item_reader.as_ref().unwrap().config;
    assert_eq!(config.csv_delimiter, Some('\t'));
    assert!(matches!(config.max_items, Some(Computed::Path(_))));
    assert_eq!(definition.all_states().len(), 2);
    let (level, index) = definition.level_of("B").unwrap();
    assert_eq!(&*level.at(index).name, "B");
}

#[test]
fn jsonata_states_are_compiled() {
    let text = machine(JSONATA, r#""Type": "Wait", "Seconds": "{% 5 %}", "Output": {"a": "{% $states.input %}"}"#);
    let definition = asl::parse(&text).checked.unwrap();
    let state = definition.state("A").unwrap();
    assert_eq!(state.query_language, QueryLanguage::Jsonata);
    assert!(state.output.is_some());
    assert!(
        matches!(&state.kind, StateKind::Wait(wait) if matches!(wait.wait, WaitFor::Seconds(Computed::Jsonata(_))))
    );
    let map =
        r#""Type": "Map", "Items": [1, 2], "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}"#;
    let definition = asl::parse(&machine(JSONATA, map)).checked.unwrap();
    let StateKind::Map(map) = &definition.state("A").unwrap().kind else { panic!() };
    assert!(matches!(map.items, Items::Jsonata(_)));
}

#[test]
fn a_state_on_its_own_may_lead_anywhere() {
    let alone = asl::parse_state(r#"{"Type": "Pass", "Next": "Elsewhere"}"#);
    assert!(alone.diagnostics.is_empty(), "{:?}", alone.diagnostics);
    let level = alone.checked.unwrap();
    assert_eq!(level.at(level.start_at.index).state_type(), "Pass");
    assert_eq!(
        asl::parse_state(r#"{"Type": "Parallel", "Branches": [], "End": true}"#).create_error().unwrap(),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches'"
    );
}

#[test]
fn a_missing_start_is_a_missing_target() {
    assert_eq!(
        said(r#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#),
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt",
            "MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A",
        ]
    );
}
