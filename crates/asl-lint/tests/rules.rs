//! Every rule on small states: what it says, and what its fix makes of the text.

use asl::{Diagnostic, Severity};
use asl_lint::{Facts, lint};

fn facts() -> Facts {
    let queue = "https://sqs.eu-north-1.amazonaws.com/123456789012/Parcels";
    let function = "arn:aws:lambda:eu-north-1:123456789012:function:Weigh";
    Facts {
        queues: vec![("Parcels".to_owned(), queue.to_owned())],
        functions: vec![("Weigh".to_owned(), function.to_owned())],
    }
}

fn advice(text: &str) -> Vec<Diagnostic> {
    let parsed = asl::parse(text);
    let errors: Vec<_> = parsed.errors().collect();
    assert!(errors.is_empty(), "{text}: {errors:?}");
    lint(text, &parsed, &facts())
}

fn machine(state: &str) -> String {
    format!(r#"{{"StartAt": "A", "States": {{"A": {{{state}}}, "Z": {{"Type": "Succeed"}}}}}}"#)
}

/// Applies the first fix of the first piece of advice.
fn mend(text: &str, diagnostic: &Diagnostic) -> String {
    let mut mended = text.to_owned();
    let mut edits = diagnostic.fixes[0].edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    mended
}

/// One state, the codes it gets, and what the first fix puts in.
fn check(state: &str, codes: &[(&str, Severity)], mended: &str) {
    let text = machine(state);
    let found = advice(&text);
    let said: Vec<_> = found.iter().map(|diagnostic| (diagnostic.code.as_str(), diagnostic.severity)).collect();
    assert_eq!(said, codes, "{state}");
    let Some(first) = found.first() else { return };
    assert!(text.get(first.span.start..first.span.end).is_some_and(|marked| !marked.is_empty()));
    assert!(first.path.starts_with("/States/A"));
    if mended.is_empty() {
        return assert!(first.fixes.is_empty(), "{state}");
    }
    let after = mend(&text, first);
    assert!(after.contains(mended), "{after}");
    assert!(advice(&after).iter().all(|diagnostic| diagnostic.code != first.code), "{after}");
}

const INFO: Severity = Severity::Info;
const WARNING: Severity = Severity::Warning;

fn send(suffix: &str, url: &str, body: &str, more: &str) -> String {
    format!(
        r#""Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage{suffix}",
           "Parameters": {{"QueueUrl": "{url}", "MessageBody": {body}}}, {more} "Next": "Z""#
    )
}

const PARCELS: &str = "https://sqs.eu-north-1.amazonaws.com/123456789012/Parcels";
const TOKEN: &str = r#"{"Token.$": "$$.Task.Token"}"#;

#[test]
fn queue_urls() {
    check(&send("", PARCELS, "{}", ""), &[], "");
    check(&send("", "<YOUR QUEUE>", "{}", ""), &[("PLACEHOLDER_QUEUE_URL", WARNING)], PARCELS);
    check(&send("", "https://sqs.eu-north-1.amazonaws.com/1/Other", "{}", ""), &[("UNKNOWN_QUEUE", INFO)], PARCELS);
    check(&send("", "Parcels", "{}", ""), &[("UNKNOWN_QUEUE", WARNING)], PARCELS);
    check(&send("", "${QueueUrl}", "{}", ""), &[], "");
}

#[test]
fn callbacks() {
    let wait = ".waitForTaskToken";
    check(&send(wait, PARCELS, TOKEN, r#""TimeoutSeconds": 60,"#), &[], "");
    check(&send(wait, PARCELS, TOKEN, r#""HeartbeatSeconds": 60,"#), &[], "");
    check(&send(wait, PARCELS, TOKEN, ""), &[("CALLBACK_WITHOUT_TIMEOUT", WARNING)], r#""TimeoutSeconds": 300"#);
    let limit = r#""TimeoutSeconds": 60,"#;
    check(
        &send(wait, PARCELS, r#"{"a": 1}"#, limit),
        &[("TASK_TOKEN_UNUSED", WARNING)],
        r#"{"TaskToken.$": "$$.Task.Token", "a": 1}"#,
    );
    check(&send(wait, PARCELS, "{}", limit), &[("TASK_TOKEN_UNUSED", WARNING)], r#"{"TaskToken.$": "$$.Task.Token"}"#);
    check(&send(wait, PARCELS, "\"x\"", limit), &[("TASK_TOKEN_UNUSED", WARNING)], "");
    let both = r#""TimeoutSeconds": 60, "HeartbeatSeconds": 60,"#;
    check(&send(wait, PARCELS, TOKEN, both), &[("HEARTBEAT_NOT_BELOW_TIMEOUT", WARNING)], "");
}

#[test]
fn computed_fields() {
    let plain = r#"{"id": "$.id"}"#;
    check(&send("", PARCELS, plain, ""), &[("NO_DOLLAR", WARNING)], r#""id.$": "$.id""#);
    check(&send("", PARCELS, r#"{"price": "$5"}"#, ""), &[], "");
    check(
        r#""Type": "Pass", "Result": {"id.$": "$.id"}, "Next": "Z""#,
        &[("PASS_RESULT_IS_STATIC", WARNING)],
        r#""Parameters": {"id.$""#,
    );
}

#[test]
fn errors_choices_and_functions() {
    check(
        &send("", PARCELS, "{}", r#""Catch": [{"ErrorEquals": ["States.Runtime"], "Next": "Z"}],"#),
        &[("UNCATCHABLE_ERROR", WARNING)],
        "",
    );
    let rules = r#""Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Z"}]"#;
    check(rules, &[("CHOICE_WITHOUT_DEFAULT", INFO)], "");
    check(&format!("{rules}, \"Default\": \"Z\""), &[], "");
    let invoke = |name: &str| {
        format!(
            r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
               "Parameters": {{"FunctionName": "{name}"}}, "Next": "Z""#
        )
    };
    check(&invoke("Weigh"), &[], "");
    check(&invoke("Weigh:live"), &[], "");
    check(&invoke("Measure"), &[("UNKNOWN_FUNCTION", INFO)], "function:Weigh");
}

#[test]
fn states_in_branches_are_asked_too() {
    let inner = machine(&send("", "<URL>", "{}", ""));
    let found = advice(&format!(
        r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Parallel", "Branches": [{inner}], "End": true}}}}}}"#
    ));
    assert_eq!(found[0].path, "/States/P/Branches[0]/States/A/Parameters/QueueUrl");
}
