//! RedriveExecution: which executions go on, what it says of the others, and where a redrive shows.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, execution_role};
use virtual_time::Duration;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Post";

fn call(account: &mut Account, action: &str, params: Value) -> Result<Value, String> {
    let result = account.call(action, params).result.expect("answered at once");
    result.map_err(|error| format!("{}: {}", error.code, error.message))
}

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    call(account, action, params).unwrap_or_else(|error| panic!("{action}: {error}"))
}

fn let_pass(account: &mut Account, seconds: u64) {
    let until = account.now() + Duration::from_secs(seconds);
    account.advance_to(until, 10_000);
}

/// A machine that waits and then posts to a queue.
fn account() -> Account {
    let mut account = Account::new(AccountOptions::default());
    let trust = execution_role::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "clerk", "AssumeRolePolicyDocument": trust}));
    let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let policy = json!({"RoleName": "clerk", "PolicyName": "All", "PolicyDocument": all.to_string()});
    ok(&mut account, "iam:PutRolePolicy", policy);
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/post";
    let post = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "ResultPath": null, "End": true,
        "Parameters": {"QueueUrl": url, "MessageBody": "hello"},
    });
    let wait = json!({"Type": "Wait", "Seconds": 5, "Next": "Post"});
    let states = Value::object([("Rest", wait), ("Post", post)]);
    let definition = json!({"StartAt": "Rest"}).with("States", states).to_string();
    let machine = json!({"name": "Post", "roleArn": "arn:aws:iam::123456789012:role/clerk", "definition": definition});
    ok(&mut account, "states:CreateStateMachine", machine);
    account
}

fn start(account: &mut Account) -> Value {
    let started = ok(account, "states:StartExecution", json!({"stateMachineArn": MACHINE}));
    json!({"executionArn": started["executionArn"].as_str()})
}

fn not_redrivable(why: &str) -> Result<Value, String> {
    Err(format!("ExecutionNotRedrivable: {why}"))
}

#[test]
fn a_failed_execution_goes_on_where_it_failed() {
    let mut account = account();
    let execution = start(&mut account);
    let redrive = |account: &mut Account, extra: Value| {
        call(account, "states:RedriveExecution", extra.with("executionArn", execution["executionArn"].clone()))
    };
    let running = "Execution is RUNNING and cannot be redriven";
    assert_eq!(redrive(&mut account, json!({})), not_redrivable(running));
    let_pass(&mut account, 10);
    let failed = ok(&mut account, "states:DescribeExecution", execution.clone());
    assert_eq!((failed.get_str("status"), failed.get_str("redriveStatus")), (Some("FAILED"), Some("REDRIVABLE")));
    assert!(failed.get("redriveDate").is_none() && failed.get("redriveStatusReason").is_none());

    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "post"}));
    let redriven = redrive(&mut account, json!({"clientToken": "one"})).unwrap();
    assert_eq!(redrive(&mut account, json!({"clientToken": "one"})).unwrap(), redriven, "the same request again");
    assert_eq!(redrive(&mut account, json!({"clientToken": "two"})), not_redrivable(running));
    let_pass(&mut account, 10);
    let ended = ok(&mut account, "states:DescribeExecution", execution.clone());
    assert_eq!((ended.get_str("status"), ended["redriveCount"].as_i64()), (Some("SUCCEEDED"), Some(1)));
    assert_eq!((&ended["redriveDate"], ended.get("error")), (&redriven["redriveDate"], None));
    let succeeded = "Execution is SUCCEEDED and cannot be redriven";
    assert_eq!(ended.get_str("redriveStatusReason"), Some(succeeded));
    assert_eq!(redrive(&mut account, json!({})), not_redrivable(succeeded));

    let history = ok(&mut account, "states:GetExecutionHistory", execution.clone());
    let types: Vec<_> =
        history["events"].as_array().unwrap().iter().filter_map(|event| event.get_str("type")).collect();
    assert_eq!(types.iter().filter(|name| **name == "WaitStateEntered").count(), 1, "the wait is not repeated");
    assert!(types.contains(&"ExecutionRedriven"));
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string(), "a replay equals the run");
}

#[test]
fn a_stopped_execution_can_be_redriven_for_a_fortnight() {
    let mut account = account();
    let execution = start(&mut account);
    ok(&mut account, "states:StopExecution", execution.clone());
    let stopped = ok(&mut account, "states:DescribeExecution", execution.clone());
    assert_eq!((stopped.get_str("status"), stopped.get_str("redriveStatus")), (Some("ABORTED"), Some("REDRIVABLE")));
    let_pass(&mut account, 14 * 24 * 3_600 + 1);
    let late = "Execution redrivable period exceeded";
    assert_eq!(call(&mut account, "states:RedriveExecution", execution.clone()), not_redrivable(late));
    let stopped = ok(&mut account, "states:DescribeExecution", execution);
    assert_eq!(stopped.get_str("redriveStatusReason"), Some(late));
}

#[test]
fn redriven_executions_are_listed_apart() {
    let mut account = account();
    let first = start(&mut account);
    start(&mut account);
    let_pass(&mut account, 10);
    ok(&mut account, "states:RedriveExecution", first.clone());
    let mut listed = |filter: &str| {
        let params = json!({"stateMachineArn": MACHINE, "redriveFilter": filter});
        ok(&mut account, "states:ListExecutions", params)["executions"].as_array().unwrap().to_vec()
    };
    let redriven = listed("REDRIVEN");
    assert_eq!((redriven.len(), &redriven[0]["executionArn"]), (1, &first["executionArn"]));
    assert_eq!(redriven[0]["redriveCount"].as_i64(), Some(1));
    assert_eq!(listed("NOT_REDRIVEN").len(), 1);
}

#[test]
fn what_is_not_there_cannot_be_redriven() {
    let mut account = account();
    let arn = "arn:aws:states:us-east-1:123456789012:execution:Post:nobody";
    let refused = call(&mut account, "states:RedriveExecution", json!({"executionArn": arn}));
    assert_eq!(refused, Err(format!("ExecutionDoesNotExist: Execution Does Not Exist: '{arn}'")));
    let machine = call(&mut account, "states:RedriveExecution", json!({"executionArn": MACHINE}));
    assert!(machine.unwrap_err().starts_with("InvalidArn"));
}

#[test]
fn a_map_run_goes_on_with_the_children_that_did_not_succeed() {
    for kind in ["STANDARD", "EXPRESS"] {
        let mut account = account();
        let url = "https://sqs.us-east-1.amazonaws.com/123456789012/post";
        let post = json!({
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
            "Parameters": {"QueueUrl": url, "MessageBody.$": "$.to"}, "ResultPath": "$.sent",
        });
        let choose = json!({"Type": "Choice", "Default": "Post", "Choices": [
            {"Variable": "$.to", "StringEquals": "nobody", "Next": "Nobody"},
        ]});
        let nobody = json!({"Type": "Pass", "End": true});
        let states = Value::object([("Choose", choose), ("Post", post), ("Nobody", nobody)]);
        let processor = json!({"StartAt": "Choose", "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}})
            .with("States", states);
        let each = json!({"Type": "Map", "End": true, "MaxConcurrency": 2}).with("ItemProcessor", processor);
        let definition = json!({"StartAt": "Each"}).with("States", Value::object([("Each", each)])).to_string();
        let machine =
            json!({"name": "Round", "roleArn": "arn:aws:iam::123456789012:role/clerk", "definition": definition});
        let machine = ok(&mut account, "states:CreateStateMachine", machine);
        let input = r#"[{"to": "nobody"}, {"to": "a"}, {"to": "b"}, {"to": "nobody"}]"#;
        let started = json!({"input": input}).with("stateMachineArn", machine["stateMachineArn"].clone());
        let started = ok(&mut account, "states:StartExecution", started);
        let execution = Value::object([("executionArn", started["executionArn"].clone())]);
        let_pass(&mut account, 60);
        let status = |account: &mut Account| ok(account, "states:DescribeExecution", execution.clone());
        assert_eq!(status(&mut account).get_str("status"), Some("FAILED"));
        let children = account.states().executions().len() - 1;

        ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "post"}));
        ok(&mut account, "states:RedriveExecution", execution.clone());
        let_pass(&mut account, 60);
        assert_eq!(status(&mut account).get_str("status"), Some("SUCCEEDED"), "{kind}");
        let output = Value::parse(status(&mut account).get_str("output").unwrap()).unwrap();
        let to: Vec<&str> = output.as_array().unwrap().iter().filter_map(|item| item.get_str("to")).collect();
        assert_eq!(to, ["nobody", "a", "b", "nobody"]);
        let runs = ok(&mut account, "states:ListMapRuns", execution.clone());
        let run = json!({}).with("mapRunArn", runs["mapRuns"][0]["mapRunArn"].clone());
        let run = ok(&mut account, "states:DescribeMapRun", run);
        assert_eq!((runs["mapRuns"].as_array().unwrap().len(), run["redriveCount"].as_i64()), (1, Some(1)));
        assert_eq!((run["itemCounts"]["succeeded"].as_i64(), run["itemCounts"]["failed"].as_i64()), (Some(4), Some(0)));
        let now = account.states().executions().len() - 1;
        if kind == "STANDARD" {
            assert!(now - children < 3, "children that had begun were redriven: {children} and {now}");
        } else {
            assert!(now > children, "Express children are started anew");
        }
        let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
        assert_eq!(again.snapshot().to_string(), account.snapshot().to_string(), "a replay equals the run");
    }
}
