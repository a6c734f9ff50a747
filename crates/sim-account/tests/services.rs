//! Tasks that call the small services, wait for nested executions, are mocked, or act in another account.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions};
use virtual_time::Duration;

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    account.call(action, params).result.expect("answered at once").unwrap_or_else(|error| panic!("{action}: {error}"))
}

fn make_role(account: &mut Account, prefix: &str, id: &str) -> String {
    let principal = json!({"Service": "states.amazonaws.com", "AWS": "123456789012"});
    let trust = json!({"Effect": "Allow", "Action": "sts:AssumeRole"}).with("Principal", principal);
    let trust = json!({"Version": "2012-10-17"}).with("Statement", trust).to_string();
    ok(account, &format!("{prefix}iam:CreateRole"), json!({"RoleName": "R", "AssumeRolePolicyDocument": trust}));
    let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let policy = json!({"RoleName": "R", "PolicyName": "All", "PolicyDocument": all.to_string()});
    ok(account, &format!("{prefix}iam:PutRolePolicy"), policy);
    format!("arn:aws:iam::{id}:role/R")
}

fn make_machine(account: &mut Account, prefix: &str, name: &str, role: &str, state: Value) -> String {
    let states = Value::object([("Only", state)]);
    let definition = json!({"StartAt": "Only"}).with("States", states).to_string();
    let params = json!({"name": name, "definition": definition, "roleArn": role});
    let made = ok(account, &format!("{prefix}states:CreateStateMachine"), params);
    made.get_str("stateMachineArn").unwrap().to_owned()
}

/// Starts an execution and tells how it ended.
fn run(account: &mut Account, machine: &str) -> Value {
    let started = ok(account, "states:StartExecution", json!({"stateMachineArn": machine}));
    let until = account.now() + Duration::from_secs(600);
    account.advance_to(until, 10_000);
    let described = ok(account, "states:DescribeExecution", json!({"executionArn": started["executionArn"].as_str()}));
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string(), "a replay equals the run");
    described
}

fn task(resource: &str, parameters: Value) -> Value {
    json!({"Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "End": true})
        .with("Parameters", parameters)
}

#[test]
fn a_parent_ends_as_its_child_does() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let good = make_machine(&mut account, "", "Good", &role, json!({"Type": "Pass", "Result": {"a": 1}, "End": true}));
    let bad = make_machine(&mut account, "", "Bad", &role, json!({"Type": "Fail", "Error": "Broken", "Cause": "why"}));
    let slow = make_machine(&mut account, "", "Slow", &role, json!({"Type": "Wait", "Seconds": 300, "End": true}));
    let start = |child: &str| task("states:startExecution.sync:2", json!({"StateMachineArn": child, "Name": "c"}));
    let parent = make_machine(&mut account, "", "P1", &role, start(&good));
    let ended = run(&mut account, &parent);
    assert_eq!(Value::parse(ended.get_str("output").unwrap()).unwrap()["Output"], json!({"a": 1}));
    let parent = make_machine(&mut account, "", "P2", &role, start(&bad));
    let ended = run(&mut account, &parent);
    assert_eq!(ended.get_str("error"), Some("States.TaskFailed"));
    assert_eq!(Value::parse(ended.get_str("cause").unwrap()).unwrap().get_str("Error"), Some("Broken"));
    let parent = make_machine(&mut account, "", "P3", &role, start(&slow).with("TimeoutSeconds", 10.into()));
    assert_eq!(run(&mut account, &parent).get_str("error"), Some("States.Timeout"));
    let child = slow.replacen(":stateMachine:", ":execution:", 1) + ":c";
    let child = ok(&mut account, "states:DescribeExecution", json!({"executionArn": child}));
    assert_eq!(child.get_str("status"), Some("ABORTED"));
}

#[test]
fn two_parents_wait_for_one_child() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let slow = make_machine(&mut account, "", "Slow", &role, json!({"Type": "Wait", "Seconds": 30, "End": true}));
    let state = task("states:startExecution.sync:2", json!({"StateMachineArn": slow, "Name": "c", "Input": {"a": 1}}));
    let machine = make_machine(&mut account, "", "P", &role, state);
    let first = ok(&mut account, "states:StartExecution", json!({"stateMachineArn": machine}));
    assert_eq!(run(&mut account, &machine).get_str("status"), Some("SUCCEEDED"));
    let first = ok(&mut account, "states:DescribeExecution", json!({"executionArn": first["executionArn"].as_str()}));
    assert_eq!(first.get_str("status"), Some("SUCCEEDED"));
    let children = ok(&mut account, "states:ListExecutions", json!({"stateMachineArn": slow}));
    assert_eq!(children["executions"].as_array().unwrap().len(), 1);
}

#[test]
fn mocked_states_take_their_responses_attempt_by_attempt() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let retry = json!([{"ErrorEquals": ["Busy"], "MaxAttempts": 5}]);
    let state = task("glue:startJobRun.sync", json!({"JobName": "j"})).with("Retry", retry);
    let machine = make_machine(&mut account, "", "M", &role, state);
    let busy = json!({"Throw": {"Error": "Busy", "Cause": "later"}});
    let responses = json!({"Job": {"0-1": busy, "2": {"Return": {"ok": true}}}, "Short": {"0": busy}});
    let cases = json!({"M": {"TestCases": {"Good": {"Only": "Job"}, "Gap": {"Only": "Short"}}}});
    let config = Value::object([("StateMachines", cases), ("MockedResponses", responses)]);
    ok(&mut account, "stepyard:SetMockConfig", Value::object([("MockConfig", config)]));
    assert_eq!(run(&mut account, &format!("{machine}#Good")).get_str("output"), Some("{\"ok\":true}"));
    assert_eq!(run(&mut account, &format!("{machine}#Gap")).get_str("error"), Some("States.Runtime"));
    let bare = run(&mut account, &machine);
    assert_eq!(bare.get_str("error"), Some("Stepyard.NotSimulated"));
    assert!(bare.get_str("cause").unwrap().contains("'Only' a mocked response"));
    let unknown = account.call("states:StartExecution", json!({"stateMachineArn": format!("{machine}#No")}));
    assert_eq!(unknown.result.unwrap().unwrap_err().code, "InvalidMockConfig");
}

#[test]
fn a_notification_reaches_the_subscribed_queue() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*",
    }});
    let attributes = json!({"Policy": policy.to_string()});
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "q"}).with("Attributes", attributes));
    let topic = ok(&mut account, "sns:CreateTopic", json!({"Name": "t"}));
    let subscription = json!({"Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:123456789012:q"});
    ok(&mut account, "sns:Subscribe", subscription.with("TopicArn", topic["TopicArn"].clone()));
    let machine =
        make_machine(&mut account, "", "M", &role, task("sns:publish", topic.with("Message", json!({"a": 1}))));
    assert_eq!(run(&mut account, &machine).get_str("status"), Some("SUCCEEDED"));
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/q";
    let got = ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": url}));
    let envelope = Value::parse(got["Messages"][0].get_str("Body").unwrap()).unwrap();
    assert_eq!(envelope.get_str("Message"), Some("{\"a\":1}"));
}

#[test]
fn credentials_lead_to_another_account() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let there = make_role(&mut account, "000000000002/", "000000000002");
    let pass = json!({"Type": "Pass", "Result": 7, "End": true});
    let child = make_machine(&mut account, "000000000002/", "Far", &there, pass);
    assert!(child.contains(":000000000002:"));
    let state = task("states:startExecution.sync:2", json!({"StateMachineArn": child}));
    let machine = make_machine(&mut account, "", "M", &role, state.with("Credentials", json!({"RoleArn": there})));
    let ended = run(&mut account, &machine);
    assert_eq!(Value::parse(ended.get_str("output").unwrap()).unwrap()["Output"].as_i64(), Some(7));
    let nobody = json!({"RoleArn": "arn:aws:iam::000000000002:role/Nobody"});
    let machine = make_machine(&mut account, "", "N", &role, state.with("Credentials", nobody));
    let ended = run(&mut account, &machine);
    let cause = "The role arn:aws:iam::123456789012:role/R is not authorized to assume the task state's role, arn:aws:iam::000000000002:role/Nobody.";
    assert_eq!((ended.get_str("error"), ended.get_str("cause")), (Some("States.TaskFailed"), Some(cause)));
}

#[test]
fn a_linked_account_reaches_no_others() {
    let mut account = Account::new(AccountOptions::default());
    let there = make_role(&mut account, "000000000002/", "000000000002");
    for id in ["000000000003", "123456789012"] {
        let refused = account.call(&format!("000000000002/{id}/sqs:ListQueues"), json!({}));
        assert_eq!(refused.result.unwrap().unwrap_err().code, "AccessDeniedException");
    }
    let state = task("sqs:sendMessage", json!({"QueueUrl": "q", "MessageBody": "m"}));
    let state = state.with("Credentials", json!({"RoleArn": "arn:aws:iam::123456789012:role/R"}));
    let machine = make_machine(&mut account, "000000000002/", "Far", &there, state);
    let start = json!({"stateMachineArn": machine});
    let started = ok(&mut account, "000000000002/states:StartExecution", start);
    account.advance_to(account.now() + Duration::from_secs(60), 10_000);
    let ended = ok(
        &mut account,
        "000000000002/states:DescribeExecution",
        json!({"executionArn": started["executionArn"].as_str()}),
    );
    assert_eq!(ended.get_str("error"), Some("States.Permissions"));
}

#[test]
fn policies_know_nothing_of_mocked_test_cases() {
    let mut account = Account::new(AccountOptions::default());
    let role = make_role(&mut account, "", "123456789012");
    let child = make_machine(&mut account, "", "M", &role, task("glue:startJobRun", json!({"JobName": "j"})));
    let config = json!({
        "StateMachines": {"M": {"TestCases": {"Good": {"Only": "Job"}}}},
        "MockedResponses": {"Job": {"0": {"Return": {"ok": true}}}},
    });
    ok(&mut account, "stepyard:SetMockConfig", Value::object([("MockConfig", config)]));
    let narrow = json!({"Effect": "Allow", "Action": ["states:*", "events:*"],
        "Resource": [child, "arn:aws:states:*:*:execution:*", "arn:aws:events:*:*:rule/*"]});
    let narrow = json!({"Version": "2012-10-17"}).with("Statement", narrow);
    let policy = json!({"RoleName": "R", "PolicyName": "All", "PolicyDocument": narrow.to_string()});
    ok(&mut account, "iam:PutRolePolicy", policy);
    let start = json!({"StateMachineArn": format!("{child}#Good")});
    let parent = make_machine(&mut account, "", "P", &role, task("states:startExecution.sync:2", start));
    let ended = run(&mut account, &parent);
    assert_eq!(ended.get_str("status"), Some("SUCCEEDED"), "{ended}");
}
