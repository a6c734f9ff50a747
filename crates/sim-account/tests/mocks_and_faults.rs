//! Rules instead of code, and injected failures, through the account's API; every run replays byte for byte.

mod support;

use shared_json::{Value, json};
use sim_account::Account;
use support::{Handler, QUEUE_URL, add_trigger, history, ok, refused, run, start, status, workshop};
use virtual_time::Duration;

fn set_rules(account: &mut Account, rules: Value) {
    ok(account, "stepyard:SetMockConfig", Value::object([("MockConfig", Value::object([("Rules", rules)]))]));
}

/// The replay of the log is the same account.
fn replays(account: &Account) {
    let again = Account::replay(account.options().clone(), account.log(), account.position()).expect("the log fits");
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string());
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Calls of an action with how they were answered.
fn outcomes(account: &Account, action: &str) -> Vec<String> {
    let calls = account.journal().calls().filter(|(_, call)| call.action == action);
    calls
        .map(|(_, call)| match &call.outcome {
            Some(Ok(_)) => "ok".to_owned(),
            Some(Err(error)) => error.code.clone(),
            None => "open".to_owned(),
        })
        .collect()
}

#[test]
fn a_mocked_function_answers_the_workflow_without_code() {
    let mut account = workshop();
    add_trigger(&mut account);
    set_rules(
        &mut account,
        json!([
            {"Function": "Depot", "When": {"Pattern": {"Records": {"body": {"parcel": [7]}}}}, "Attempts": "0",
                "Callback": {"Return": {"at": "mock"}, "Times": 2}},
            {"Function": "Depot", "Callback": {"Throw": {"Error": "Lost", "Cause": "fell off"}}}
        ]),
    );
    let first = start(&mut account, "first");
    run(&mut account, seconds(30), Handler::NeverEnds);
    assert_eq!(status(&account, &first), "SUCCEEDED");
    assert_eq!(outcomes(&account, "states:SendTaskSuccess"), ["ok", "TaskTimedOut"], "the second one is refused");
    let second = start(&mut account, "second");
    run(&mut account, seconds(30), Handler::NeverEnds);
    assert_eq!(status(&account, &second), "SUCCEEDED");
    assert!(history(&account, &second).iter().any(|event| event.to_string().contains("fell off")), "caught");
    assert!(account.host_requests().next().is_none());
    replays(&account);
}

#[test]
fn a_mocked_state_answers_by_rule() {
    let at = |rule: Value| rule.with("StateMachine", json!("Dispatch")).with("State", json!("Ask the depot"));
    let cases = [
        (json!({"LatencySeconds": 5, "Return": {"at": "home"}}), "SUCCEEDED", "\"shipped\""),
        (json!({"Throw": {"Error": "Lost", "Cause": "rule"}}), "SUCCEEDED", "\"Cause\":\"rule\""),
        (json!({"TimeOut": true}), "SUCCEEDED", "States.Timeout"),
        (json!({"Callback": {"Return": {"at": "home"}}}), "SUCCEEDED", "\"shipped\""),
        (json!({"Callback": {"Times": 0}}), "RUNNING", ""),
        (json!({"When": {"Path": "$.MessageBody.parcel", "Equals": 8}, "Return": 1}), "RUNNING", ""),
    ];
    for (rule, expected, output) in cases {
        let mut account = workshop();
        set_rules(&mut account, Value::array(vec![at(rule.clone())]));
        let arn = start(&mut account, "run");
        run(&mut account, seconds(60), Handler::Succeeds);
        assert_eq!(status(&account, &arn), expected, "{rule}");
        let described = ok(&mut account, "states:DescribeExecution", json!({"executionArn": arn}));
        assert!(described.get_str("output").unwrap_or_default().contains(output), "{rule}: {described}");
        replays(&account);
    }
}

#[test]
fn heartbeats_that_stop_let_the_heartbeat_clock_run_out() {
    let mut account = workshop();
    let definition = support::definition(QUEUE_URL);
    let definition = definition.replacen("\"Next\":\"Ship it\"", "\"HeartbeatSeconds\":10,\"Next\":\"Ship it\"", 1);
    assert!(definition.contains("HeartbeatSeconds"));
    let update = json!({"stateMachineArn": support::MACHINE_ARN, "definition": definition});
    ok(&mut account, "states:UpdateStateMachine", update);
    set_rules(
        &mut account,
        json!([{"StateMachine": "Dispatch", "State": "Ask the depot",
            "Callback": {"Heartbeats": 3, "EverySeconds": 8, "Times": 0}}]),
    );
    let arn = start(&mut account, "run");
    run(&mut account, seconds(30), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "RUNNING", "three heartbeats keep it going for 34 seconds");
    assert_eq!(outcomes(&account, "states:SendTaskHeartbeat"), ["ok", "ok", "ok"]);
    run(&mut account, seconds(10), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "SUCCEEDED");
    assert!(history(&account, &arn).iter().any(|event| event["type"].as_str() == Some("TaskTimedOut")));
    replays(&account);
}

#[test]
fn the_configuration_is_read_written_and_checked() {
    let mut account = workshop();
    assert_eq!(ok(&mut account, "stepyard:GetMockConfig", json!({}))["MockConfig"], json!({}));
    let wrong = json!({"MockConfig": {"Rules": [{"Function": "Depot"}]}});
    let error = refused(&mut account, "stepyard:SetMockConfig", wrong);
    assert_eq!(error.code, "InvalidMockConfig");
    assert!(error.message.contains("Rules[0]: must have exactly one of Return"), "{error}");
    let rules = json!([
        {"StateMachine": "Dispatch", "State": "Ask the depot", "Attempts": "0", "Throw": {"Error": "Busy", "Cause": ""}},
        {"StateMachine": "Dispatch", "State": "Ask the depot", "Return": {"ok": true}}
    ]);
    set_rules(&mut account, rules.clone());
    let read = ok(&mut account, "stepyard:GetMockConfig", json!({}));
    assert_eq!(read["MockConfig"]["Rules"], rules);
    let exported = ok(&mut account, "stepyard:ExportMockConfig", json!({"TestCase": "Mine"}));
    assert_eq!(exported["LeftOut"], json!([]));
    // What was written is read again, as the file of Step Functions Local.
    ok(&mut account, "stepyard:SetMockConfig", Value::object([("MockConfig", exported["MockConfig"].clone())]));
    let params =
        json!({"stateMachineArn": format!("{}#Mine", support::MACHINE_ARN), "name": "run", "input": "{\"parcel\":7}"});
    let arn = ok(&mut account, "states:StartExecution", params)["executionArn"].as_str().unwrap().to_owned();
    run(&mut account, seconds(30), Handler::Succeeds);
    assert!(history(&account, &arn).iter().any(|event| event.to_string().contains("Busy")));
    ok(&mut account, "stepyard:AdoptTestCase", json!({"StateMachine": "Dispatch", "TestCase": "Mine"}));
    let arn = start(&mut account, "plain");
    run(&mut account, seconds(30), Handler::Succeeds);
    assert!(
        history(&account, &arn).iter().any(|event| event.to_string().contains("Busy")),
        "without the test case too"
    );
    let unknown = json!({"StateMachine": "Dispatch", "TestCase": "Other"});
    assert_eq!(refused(&mut account, "stepyard:AdoptTestCase", unknown).code, "InvalidMockConfig");
    replays(&account);
}

fn send(account: &mut Account, body: &str) -> String {
    let sent = ok(account, "sqs:SendMessage", json!({"QueueUrl": QUEUE_URL, "MessageBody": body}));
    sent["MessageId"].as_str().unwrap().to_owned()
}

fn fault(account: &mut Account, params: Value) {
    ok(account, "stepyard:InjectFault", params);
}

fn receive(account: &mut Account) -> Vec<(String, String)> {
    let got = ok(account, "sqs:ReceiveMessage", json!({"QueueUrl": QUEUE_URL, "MaxNumberOfMessages": 10}));
    let messages = got["Messages"].as_array().unwrap_or_default().iter();
    messages.map(|m| (m["MessageId"].as_str().unwrap().to_owned(), m["Body"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn messages_are_dropped_duplicated_delayed_and_poisoned() {
    let mut account = workshop();
    let id = send(&mut account, "lost");
    fault(&mut account, json!({"Fault": "Drop", "QueueUrl": QUEUE_URL, "MessageId": id}));
    assert_eq!(receive(&mut account), []);
    let gone = json!({"Fault": "Drop", "QueueUrl": QUEUE_URL, "MessageId": id});
    assert_eq!(refused(&mut account, "stepyard:InjectFault", gone).code, "ResourceNotFoundException");

    let id = send(&mut account, "twice");
    fault(&mut account, json!({"Fault": "Duplicate", "QueueUrl": QUEUE_URL, "MessageId": id}));
    let twice = (id, "twice".to_owned());
    assert_eq!(receive(&mut account), [twice.clone(), twice]);
    ok(&mut account, "sqs:PurgeQueue", json!({"QueueUrl": QUEUE_URL}));

    let id = send(&mut account, "late");
    fault(&mut account, json!({"Fault": "Delay", "QueueUrl": QUEUE_URL, "MessageId": id, "Seconds": 40}));
    run(&mut account, seconds(39), Handler::Succeeds);
    assert_eq!(receive(&mut account), []);
    run(&mut account, seconds(2), Handler::Succeeds);
    assert_eq!(receive(&mut account), [(id, "late".to_owned())]);

    let id = send(&mut account, "{\"parcel\":7}");
    fault(&mut account, json!({"Fault": "Poison", "QueueUrl": QUEUE_URL, "MessageId": id}));
    assert_eq!(receive(&mut account), [(id, "{\"parc".to_owned())]);
    replays(&account);
}

#[test]
fn invocations_crash_and_are_throttled_and_the_run_replays() {
    let mut account = workshop();
    add_trigger(&mut account);
    fault(&mut account, json!({"Fault": "Crash", "FunctionName": "Depot"}));
    let arn = start(&mut account, "run");
    run(&mut account, seconds(20), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "RUNNING", "the first delivery crashed");
    fault(&mut account, json!({"Fault": "Throttle", "FunctionName": "Depot", "Times": 1}));
    run(&mut account, seconds(60), Handler::Succeeds);
    assert_eq!(status(&account, &arn), "SUCCEEDED");
    let error = account.functions().invocations().next().unwrap().error.clone().unwrap();
    assert!(error.contains("Runtime.ExitError"), "{error}");
    replays(&account);

    let cases = [
        json!({"Fault": "Melt"}),
        json!({"Fault": "Crash"}),
        json!({"Fault": "Crash", "FunctionName": "Depot", "Times": 5_000}),
        json!({"Fault": "Delay", "QueueUrl": QUEUE_URL, "MessageId": "x", "Seconds": 0}),
        json!({}),
    ];
    for params in cases {
        assert_eq!(
            refused(&mut account, "stepyard:InjectFault", params.clone()).code,
            "ValidationException",
            "{params}"
        );
    }
}

#[test]
fn a_visibility_shorter_than_the_run_delivers_twice() {
    let mut account = workshop();
    add_trigger(&mut account);
    let short = json!({"QueueUrl": QUEUE_URL, "Attributes": {"VisibilityTimeout": "1"}});
    ok(&mut account, "sqs:SetQueueAttributes", short);
    set_rules(&mut account, json!([{"Function": "Depot", "LatencySeconds": 2.5, "Return": null}]));
    run(&mut account, seconds(10), Handler::Succeeds);
    let id = send(&mut account, "once");
    run(&mut account, seconds(10), Handler::Succeeds);
    let deliveries = account.functions().invocations().filter(|i| i.message_ids().iter().any(|each| **each == *id));
    assert!(deliveries.count() >= 2);
    replays(&account);
}

#[test]
fn a_dead_letter_destination_needs_the_role_s_permission() {
    let mut account = workshop();
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "records"}));
    let records = "arn:aws:sqs:us-east-1:123456789012:records";
    let put = |arn: &str| {
        let destinations = json!({"OnFailure": {"Destination": arn}});
        json!({"FunctionName": "Depot", "MaximumRetryAttempts": 0}).with("DestinationConfig", destinations)
    };
    let lost = refused(&mut account, "lambda:PutFunctionEventInvokeConfig", put(&records.replace("records", "lost")));
    assert!(lost.message.contains("is invalid."), "{lost}");
    ok(&mut account, "lambda:PutFunctionEventInvokeConfig", put(records));
    set_rules(&mut account, json!([{"Function": "Depot", "Throw": {"Error": "Broken"}}]));
    ok(&mut account, "lambda:Invoke", json!({"FunctionName": "Depot", "InvocationType": "Event", "Payload": "{}"}));
    run(&mut account, seconds(10), Handler::Succeeds);
    let got = ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": QUEUE_URL.replace("parcels", "records")}));
    assert!(got["Messages"][0].get_str("Body").unwrap().contains("RetriesExhausted"));
    let detach = json!({"RoleName": "depot-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"});
    ok(&mut account, "iam:DetachRolePolicy", detach);
    let denied = refused(&mut account, "lambda:PutFunctionEventInvokeConfig", put(records));
    let words = format!("The function's execution role does not have permissions to call SendMessage on {records}");
    assert_eq!(denied.message, words);
    replays(&account);
}
