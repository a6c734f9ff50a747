//! A workflow that asks over a queue and waits for the answer, from start to end.

mod support;

use shared_json::json;
use sim_account::Account;
use support::{Handler, add_trigger, event_types, history, ok, refused, run, start, status, workshop};
use virtual_time::Duration;

const HAPPY_PATH: [&str; 10] = [
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskStateExited",
    "PassStateEntered",
    "PassStateExited",
    "ExecutionSucceeded",
];

#[test]
fn the_callback_carries_the_workflow_on() {
    let mut account = workshop();
    add_trigger(&mut account);
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);

    assert_eq!(event_types(&account, &arn), HAPPY_PATH);
    let events = history(&account, &arn);
    assert_eq!(events[1]["previousEventId"].as_i64(), Some(0));
    assert_eq!(events[5]["taskSucceededEventDetails"]["output"].as_str(), Some("{\"at\":\"depot\"}"));
    let described = ok(&mut account, "states:DescribeExecution", json!({"executionArn": arn}));
    assert_eq!(described["output"].as_str(), Some("\"shipped\""));
    assert_eq!(account.queues().queues().next().unwrap().messages().count(), 0, "the message is deleted");
}

#[test]
fn several_executions_run_at_once() {
    let mut account = workshop();
    add_trigger(&mut account);
    let arns: Vec<String> = (0..25).map(|n| start(&mut account, &format!("run-{n}"))).collect();
    run(&mut account, Duration::from_secs(60), Handler::Succeeds);
    for arn in &arns {
        assert_eq!(status(&account, arn), "SUCCEEDED");
    }
}

#[test]
fn a_reported_failure_takes_the_catch() {
    let mut account = workshop();
    add_trigger(&mut account);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(60), Handler::ReportsFailure);
    let described = ok(&mut account, "states:DescribeExecution", json!({"executionArn": arn}));
    assert_eq!(described["status"].as_str(), Some("SUCCEEDED"));
    assert_eq!(
        described["output"].as_str(),
        Some("{\"parcel\":7,\"problem\":{\"Error\":\"Lost\",\"Cause\":\"fell off\"}}")
    );
    assert!(event_types(&account, &arn).contains(&"TaskFailed".to_owned()));
}

#[test]
fn without_a_trigger_the_execution_waits_and_the_message_expires() {
    let mut account = workshop();
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(60), Handler::Succeeds);
    assert_eq!(account.queues().queues().next().unwrap().messages().count(), 1);
    assert_eq!(account.states().pending_callbacks().count(), 1);

    run(&mut account, Duration::from_secs(4 * 86_400), Handler::Succeeds);
    assert_eq!(account.queues().queues().next().unwrap().messages().count(), 0, "retention is over");
    assert_eq!(status(&account, &arn), "RUNNING", "nobody will ever answer");
}

#[test]
fn a_failing_handler_gets_the_message_again() {
    for handler in [Handler::Throws, Handler::NeverEnds] {
        let mut account = workshop();
        add_trigger(&mut account);
        let arn = start(&mut account, "first");
        run(&mut account, Duration::from_secs(50), handler);
        assert!(account.functions().invocations().count() >= 2, "one more after the visibility timeout");
        run(&mut account, Duration::from_secs(120), Handler::Succeeds);
        assert_eq!(status(&account, &arn), "SUCCEEDED");
    }
}

#[test]
fn a_forgotten_callback_loses_the_message_but_not_the_wait() {
    let mut account = workshop();
    add_trigger(&mut account);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(60), Handler::Forgets);
    assert_eq!(account.queues().queues().next().unwrap().messages().count(), 0);
    assert_eq!(status(&account, &arn), "RUNNING");
    let token = account.states().pending_callbacks().next().unwrap().token;
    ok(&mut account, "states:SendTaskSuccess", json!({"taskToken": &*token, "output": "1"}));
    run(&mut account, Duration::from_secs(5), Handler::Forgets);
    assert_eq!(status(&account, &arn), "SUCCEEDED");
    let again = refused(&mut account, "states:SendTaskSuccess", json!({"taskToken": &*token, "output": "1"}));
    assert_eq!(
        (&*again.code, &*again.message),
        ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
    );
}

#[test]
fn without_permission_to_send_the_task_fails_as_on_aws() {
    let mut account = workshop();
    let role = account.iam().roles().find(|role| role.name().starts_with("StepFunctions-Dispatch")).unwrap();
    let role_name = role.name().to_owned();
    let policies = ok(&mut account, "iam:ListRolePolicies", json!({"RoleName": role_name}));
    for policy in policies["PolicyNames"].as_array().unwrap() {
        ok(&mut account, "iam:DeleteRolePolicy", json!({"RoleName": role_name, "PolicyName": policy.as_str()}));
    }
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(5), Handler::Succeeds);
    let failed =
        history(&account, &arn).into_iter().find(|event| event["type"].as_str() == Some("TaskFailed")).unwrap();
    let details = &failed["taskFailedEventDetails"];
    assert_eq!(details["error"].as_str(), Some("SQS.AmazonSQSException"));
    let cause = details["cause"].as_str().unwrap();
    assert!(cause.contains("is not authorized to perform: sqs:sendmessage on resource"), "{cause}");
    assert!(cause.contains("no identity-based policy allows the sqs:sendmessage action"), "{cause}");
    assert_eq!(status(&account, &arn), "SUCCEEDED", "the catch took it");
}

#[test]
fn a_handler_without_permission_is_denied_and_the_message_comes_back() {
    let mut account = workshop();
    add_trigger(&mut account);
    let policy = "arn:aws:iam::aws:policy/AWSStepFunctionsFullAccess";
    ok(&mut account, "iam:DetachRolePolicy", json!({"RoleName": "depot-role", "PolicyArn": policy}));
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(20), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "RUNNING");
    let (_, denied) = account.journal().calls().find(|(_, call)| call.action == "states:SendTaskSuccess").unwrap();
    let error = denied.outcome.as_ref().unwrap().as_ref().unwrap_err();
    assert_eq!(error.code, "AccessDeniedException");
    assert!(error.message.contains("is not authorized to perform: states:SendTaskSuccess on resource"), "{error}");
    assert!(!denied.decision.as_ref().unwrap().allowed);
    assert_eq!(account.queues().queues().next().unwrap().messages().count(), 1);
}

#[test]
fn a_replay_gives_the_same_bytes() {
    let mut account = workshop();
    let uuid = add_trigger(&mut account);
    start(&mut account, "one");
    run(&mut account, Duration::from_secs(31), Handler::Throws);
    start(&mut account, "two");
    run(&mut account, Duration::from_secs(90), Handler::Succeeds);
    ok(&mut account, "lambda:UpdateEventSourceMapping", json!({"UUID": uuid, "Enabled": false}));
    run(&mut account, Duration::from_millis(777), Handler::Succeeds);

    let log = serde_json::to_string(account.log()).unwrap();
    let log: Vec<sim_account::LogEntry> = serde_json::from_str(&log).unwrap();
    let again = Account::replay(account.options().clone(), &log, account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string());

    // Every earlier moment can be reached, and going on from there leads to the same end.
    for steps in (0..account.position().steps).step_by(7) {
        let mut earlier = Account::replay_to_step(account.options().clone(), &log, steps).unwrap();
        assert_eq!(earlier.position().steps, steps);
        for entry in log.iter().skip(earlier.position().inputs) {
            earlier.repeat(entry).unwrap();
        }
        assert_eq!(earlier.log().len(), log.len());
    }
}

#[test]
fn everything_can_be_deleted_again() {
    let mut account = workshop();
    let uuid = add_trigger(&mut account);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "SUCCEEDED");
    ok(&mut account, "states:DeleteStateMachine", json!({"stateMachineArn": support::MACHINE_ARN}));
    ok(&mut account, "lambda:DeleteEventSourceMapping", json!({"UUID": uuid}));
    ok(&mut account, "lambda:DeleteFunction", json!({"FunctionName": "Depot"}));
    ok(&mut account, "sqs:DeleteQueue", json!({"QueueUrl": support::QUEUE_URL}));
    run(&mut account, Duration::from_secs(120), Handler::Succeeds);
    assert_eq!(account.states().machines().len(), 0);
    assert_eq!(account.functions().functions().count(), 0);
    assert_eq!(account.queues().queues().count(), 0);
}
