//! Distributed Maps from end to end: what is read, what the children do, what is written, and what the API tells of it.

mod support;

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, execution_role};
use support::{Handler, event_types, history, ok, refused, run, status};
use virtual_time::Duration;

/// An account with a bucket, and a role that may do everything.
fn bakery() -> Account {
    let mut account = Account::new(AccountOptions::default());
    let trust = execution_role::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "baker", "AssumeRolePolicyDocument": trust}));
    let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        .to_string();
    ok(&mut account, "iam:PutRolePolicy", json!({"RoleName": "baker", "PolicyName": "all", "PolicyDocument": all}));
    ok(&mut account, "s3:CreateBucket", json!({"Bucket": "bakery"}));
    account
}

fn put(account: &mut Account, key: &str, body: &str) {
    ok(account, "s3:PutObject", json!({"Bucket": "bakery", "Key": key, "Body": body}));
}

fn machine(account: &mut Account, name: &str, definition: &Value) -> String {
    let params =
        json!({"name": name, "definition": definition.to_string(), "roleArn": "arn:aws:iam::123456789012:role/baker"});
    ok(account, "states:CreateStateMachine", params)["stateMachineArn"].as_str().unwrap().to_owned()
}

/// Starts the machine; the execution's ARN.
fn begin(account: &mut Account, definition: &Value, input: &Value) -> String {
    let machine = machine(account, "Bake", definition);
    let started = ok(account, "states:StartExecution", json!({"stateMachineArn": machine, "input": input.to_string()}));
    started["executionArn"].as_str().unwrap().to_owned()
}

fn go(account: &mut Account, seconds: u64) {
    run(account, Duration::from_secs(seconds), Handler::Succeeds);
}

fn each(fields: Value, states: Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap().to_string();
    let processor =
        json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": start.as_str()})
            .with("States", states);
    let map = json!({"Type": "Map", "Label": "Loaves", "End": true, "ItemProcessor": processor});
    fields.as_object().unwrap().iter().fold(map, |map, (key, value)| map.with(key, value.clone()))
}

fn only(each: Value) -> Value {
    json!({"StartAt": "Each", "States": {"Each": each}})
}

fn reader(key: &str, config: Value) -> Value {
    json!({"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "bakery", "Key": key}, "ReaderConfig": config})
}

fn pass() -> Value {
    json!({"Bake": {"Type": "Pass", "End": true}})
}

/// Fails for the items that say so.
fn picky() -> Value {
    json!({
        "Look": {"Type": "Choice", "Choices": [{"Variable": "$.bad", "IsPresent": true, "Next": "Spoilt"}], "Default": "Bake"},
        "Spoilt": {"Type": "Fail", "Error": "Spoilt", "Cause": "mould"},
        "Bake": {"Type": "Pass", "End": true}
    })
}

fn output(account: &mut Account, arn: &str) -> Value {
    let described = ok(account, "states:DescribeExecution", json!({"executionArn": arn}));
    Value::parse(described["output"].as_str().unwrap_or_else(|| panic!("{described}"))).unwrap()
}

fn only_run(account: &mut Account, arn: &str) -> String {
    let listed = ok(account, "states:ListMapRuns", json!({"executionArn": arn}));
    let runs = listed["mapRuns"].as_array().unwrap();
    assert_eq!(runs.len(), 1, "{listed}");
    runs[0]["mapRunArn"].as_str().unwrap().to_owned()
}

fn children(account: &mut Account, map_run: &str) -> Vec<Value> {
    ok(account, "states:ListExecutions", json!({"mapRunArn": map_run}))["executions"].as_array().unwrap().to_vec()
}

fn body(account: &mut Account, key: &str) -> Value {
    Value::parse(ok(account, "s3:GetObject", json!({"Bucket": "bakery", "Key": key}))["Body"].as_str().unwrap())
        .unwrap()
}

#[test]
fn rows_of_a_csv_file_become_children() {
    let mut account = bakery();
    put(&mut account, "orders.csv", "loaf,kg\nrye,1\n\"wheat, fine\",2\n");
    let config = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    let arn = begin(&mut account, &only(each(json!({"ItemReader": reader("orders.csv", config)}), pass())), &json!({}));
    go(&mut account, 30);
    assert_eq!(output(&mut account, &arn), json!([{"loaf": "rye", "kg": "1"}, {"loaf": "wheat, fine", "kg": "2"}]));
    assert_eq!(
        event_types(&account, &arn),
        [
            "ExecutionStarted",
            "MapStateEntered",
            "MapStateStarted",
            "MapRunStarted",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded",
        ]
    );
    let map_run = only_run(&mut account, &arn);
    assert!(map_run.contains(":mapRun:Bake/Loaves:"), "{map_run}");
    let children = children(&mut account, &map_run);
    assert_eq!(children.len(), 2);
    for child in &children {
        assert_eq!(child["status"].as_str(), Some("SUCCEEDED"));
        let child_arn = child["executionArn"].as_str().unwrap();
        assert!(child_arn.contains(":execution:Bake/Loaves:"), "{child_arn}");
        let described = ok(&mut account, "states:DescribeExecution", json!({"executionArn": child_arn}));
        assert_eq!(described["mapRunArn"].as_str(), Some(&*map_run));
        assert_eq!(event_types(&account, child_arn)[1..3], ["PassStateEntered", "PassStateExited"]);
    }
    let described = ok(&mut account, "states:DescribeMapRun", json!({"mapRunArn": map_run}));
    assert_eq!(described["status"].as_str(), Some("SUCCEEDED"));
    for counts in ["itemCounts", "executionCounts"] {
        let counted = |key: &str| described[counts][key].as_i64();
        assert_eq!(
            (counted("total"), counted("succeeded"), counted("failed"), counted("running")),
            (Some(2), Some(2), Some(0), Some(0))
        );
    }
}

#[test]
fn a_json_file_is_read_as_far_as_wanted() {
    let mut account = bakery();
    put(&mut account, "o.json", r#"[{"n":1},{"n":2},{"n":3}]"#);
    let fields = json!({"ItemReader": reader("o.json", json!({"InputType": "JSON", "MaxItems": 2})), "ItemSelector": {"i.$": "$$.Map.Item.Index", "n.$": "$$.Map.Item.Value.n", "day.$": "$.day"}});
    let arn = begin(&mut account, &only(each(fields, pass())), &json!({"day": "Monday"}));
    go(&mut account, 30);
    assert_eq!(
        output(&mut account, &arn),
        json!([{"i": 0, "n": 1, "day": "Monday"}, {"i": 1, "n": 2, "day": "Monday"}])
    );
}

#[test]
fn what_cannot_be_read_fails_the_map() {
    let mut account = bakery();
    put(&mut account, "o.json", r#"{"n":1}"#);
    let catching = |key: &str| {
        let fields = json!({"ItemReader": reader(key, json!({"InputType": "JSON"})), "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "Tell"}]});
        json!({"StartAt": "Each", "States": {"Each": each(fields, pass()), "Tell": {"Type": "Pass", "End": true}}})
    };
    let arn = begin(&mut account, &catching("o.json"), &json!({}));
    go(&mut account, 30);
    let told = output(&mut account, &arn);
    assert_eq!(told, json!({"Error": "States.ItemReaderFailed", "Cause": "Attempting to map over non-iterable node."}));
    assert!(event_types(&account, &arn).contains(&"MapRunFailed".to_owned()));
    let mut account = bakery();
    let arn = begin(&mut account, &catching("none.json"), &json!({}));
    go(&mut account, 30);
    assert_eq!(output(&mut account, &arn)["Error"].as_str(), Some("States.ItemReaderFailed"));
}

#[test]
fn results_are_written_with_a_manifest() {
    let mut account = bakery();
    let fields = json!({"ItemsPath": "$.l", "ToleratedFailureCount": 1, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "bakery", "Prefix": "out"}}});
    let arn =
        begin(&mut account, &only(each(fields, picky())), &json!({"l": [{"n": 1}, {"n": 2, "bad": true}, {"n": 3}]}));
    go(&mut account, 30);
    let map_run = only_run(&mut account, &arn);
    let folder = format!("out/{}", map_run.rsplit(':').next().unwrap());
    let key = format!("{folder}/manifest.json");
    assert_eq!(
        output(&mut account, &arn),
        json!({"MapRunArn": map_run.as_str(), "ResultWriterDetails": {"Bucket": "bakery", "Key": key.as_str()}})
    );
    let manifest = body(&mut account, &key);
    assert_eq!(
        (manifest["DestinationBucket"].as_str(), manifest["MapRunArn"].as_str()),
        (Some("bakery"), Some(&*map_run))
    );
    let files = |kind: &str| manifest["ResultFiles"][kind].as_array().unwrap().to_vec();
    assert_eq!((files("SUCCEEDED").len(), files("FAILED").len(), files("PENDING").len()), (1, 1, 0));
    let good = body(&mut account, files("SUCCEEDED")[0]["Key"].as_str().unwrap());
    let outputs: Vec<_> =
        good.as_array().unwrap().iter().map(|row| row["Output"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outputs, [r#"{"n":1}"#, r#"{"n":3}"#]);
    let bad = body(&mut account, files("FAILED")[0]["Key"].as_str().unwrap());
    assert_eq!((bad[0]["Status"].as_str(), bad[0]["Error"].as_str()), (Some("FAILED"), Some("Spoilt")));
}

#[test]
fn failures_are_tolerated_up_to_a_number_or_a_share() {
    let input = json!({"l": [{"n": 1}, {"n": 2, "bad": true}, {"n": 3}, {"n": 4}]});
    let ends = |fields: Value| {
        let mut account = bakery();
        let arn = begin(&mut account, &only(each(fields.with("ItemsPath", json!("$.l")), picky())), &input);
        go(&mut account, 30);
        let map_run = only_run(&mut account, &arn);
        let described = ok(&mut account, "states:DescribeMapRun", json!({"mapRunArn": map_run}));
        assert_eq!(described["itemCounts"]["failed"].as_i64(), Some(1));
        assert_eq!(described["status"].as_str(), Some(status(&account, &arn)));
        let error = ok(&mut account, "states:DescribeExecution", json!({"executionArn": arn}))["error"].clone();
        (status(&account, &arn), error.as_str().map(str::to_owned))
    };
    let exceeded = ("FAILED", Some("States.ExceedToleratedFailureThreshold".to_owned()));
    assert_eq!(ends(json!({})), exceeded);
    assert_eq!(ends(json!({"ToleratedFailureCount": 0})), exceeded);
    assert_eq!(ends(json!({"ToleratedFailureCount": 1})), ("SUCCEEDED", None));
    assert_eq!(ends(json!({"ToleratedFailurePercentage": 24})), exceeded);
    assert_eq!(ends(json!({"ToleratedFailurePercentage": 25})), ("SUCCEEDED", None));
}

#[test]
fn so_many_children_run_at_a_time() {
    let mut account = bakery();
    let rest = json!({"Rest": {"Type": "Wait", "Seconds": 10, "End": true}});
    let arn = begin(&mut account, &only(each(json!({"MaxConcurrency": 2}), rest)), &json!([1, 2, 3]));
    go(&mut account, 5);
    let map_run = only_run(&mut account, &arn);
    let counts =
        ok(&mut account, "states:DescribeMapRun", json!({"mapRunArn": map_run.as_str()}))["executionCounts"].clone();
    assert_eq!(
        (counts["running"].as_i64(), counts["pending"].as_i64(), counts["total"].as_i64()),
        (Some(2), Some(1), Some(3))
    );
    assert_eq!(children(&mut account, &map_run).len(), 2);
    ok(&mut account, "states:UpdateMapRun", json!({"mapRunArn": map_run.as_str(), "maxConcurrency": 1}));
    go(&mut account, 30);
    assert_eq!(output(&mut account, &arn), json!([1, 2, 3]));
}

#[test]
fn a_stop_of_the_parent_ends_the_children() {
    let mut account = bakery();
    let rest = json!({"Rest": {"Type": "Wait", "Seconds": 900, "End": true}});
    let arn = begin(&mut account, &only(each(json!({}), rest)), &json!([1, 2]));
    go(&mut account, 5);
    let map_run = only_run(&mut account, &arn);
    ok(&mut account, "states:StopExecution", json!({"executionArn": arn.as_str(), "error": "Closed"}));
    go(&mut account, 5);
    assert_eq!(status(&account, &arn), "ABORTED");
    let described = ok(&mut account, "states:DescribeMapRun", json!({"mapRunArn": map_run.as_str()}));
    assert_eq!((described["status"].as_str(), described["itemCounts"]["aborted"].as_i64()), (Some("ABORTED"), Some(2)));
    for child in children(&mut account, &map_run) {
        assert_eq!(child["status"].as_str(), Some("ABORTED"));
    }
}

#[test]
fn batches_are_one_child_each() {
    let mut account = bakery();
    let fields =
        json!({"ItemsPath": "$.l", "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"oven.$": "$.oven"}}});
    let arn = begin(&mut account, &only(each(fields, pass())), &json!({"l": [1, 2, 3], "oven": "A"}));
    go(&mut account, 30);
    assert_eq!(
        output(&mut account, &arn),
        json!([{"BatchInput": {"oven": "A"}, "Items": [1, 2]}, {"BatchInput": {"oven": "A"}, "Items": [3]}])
    );
    let map_run = only_run(&mut account, &arn);
    let described = ok(&mut account, "states:DescribeMapRun", json!({"mapRunArn": map_run}));
    let total = |counts: &str| described[counts]["total"].as_i64();
    assert_eq!((total("itemCounts"), total("executionCounts")), (Some(3), Some(2)));
}

#[test]
fn a_childs_map_may_be_distributed_too() {
    let mut account = bakery();
    let inner =
        each(json!({"Label": "Slices"}), json!({"Cut": {"Type": "Pass", "Parameters": {"v.$": "$"}, "End": true}}));
    let arn = begin(&mut account, &only(each(json!({}), json!({"Inner": inner}))), &json!([[1], [2, 3]]));
    go(&mut account, 60);
    assert_eq!(output(&mut account, &arn), json!([[{"v": 1}], [{"v": 2}, {"v": 3}]]));
    assert_eq!(account.states().map_runs().len(), 3);
    let map_run = only_run(&mut account, &arn);
    for child in children(&mut account, &map_run) {
        let child = child["executionArn"].as_str().unwrap().to_owned();
        assert!(only_run(&mut account, &child).contains(":mapRun:Bake/Slices:"));
    }
}

#[test]
fn unknown_runs_are_refused() {
    let mut account = bakery();
    let arn = "arn:aws:states:us-east-1:123456789012:mapRun:Bake/Loaves:3b5e7a60-0000-4000-8000-000000000000";
    let error = refused(&mut account, "states:DescribeMapRun", json!({"mapRunArn": arn}));
    assert_eq!((&*error.code, &*error.message), ("ResourceNotFound", &*format!("Resource not found: '{arn}'")));
}

fn child(account: &mut Account, states: Value) -> String {
    let start = states.as_object().unwrap().keys().next().unwrap().to_string();
    machine(account, "Child", &json!({"StartAt": start.as_str()}).with("States", states))
}

fn calling(pattern: &str, child: &str) -> Value {
    json!({"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": format!("arn:aws:states:::states:startExecution{pattern}"),
        "Parameters": {"StateMachineArn": child, "Name": "inner", "Input": {"n.$": "$.n"}}, "End": true}}})
}

#[test]
fn nested_executions_give_text_or_json() {
    for (pattern, expected) in [(".sync", json!("{\"n\":5}")), (".sync:2", json!({"n": 5}))] {
        let mut account = bakery();
        let child = child(&mut account, pass());
        let arn = begin(&mut account, &calling(pattern, &child), &json!({"n": 5}));
        go(&mut account, 30);
        let output = output(&mut account, &arn);
        assert_eq!((output["Status"].as_str(), &output["Output"]), (Some("SUCCEEDED"), &expected), "{output}");
        assert!(output["ExecutionArn"].as_str().unwrap().ends_with(":execution:Child:inner"));
    }
}

#[test]
fn a_nested_failure_tells_how_the_child_ended() {
    let mut account = bakery();
    let child = child(&mut account, json!({"Give up": {"Type": "Fail", "Error": "Cold", "Cause": "no gas"}}));
    let arn = begin(&mut account, &calling(".sync:2", &child), &json!({"n": 5}));
    go(&mut account, 30);
    let failed =
        history(&account, &arn).into_iter().find(|event| event["type"].as_str() == Some("TaskFailed")).unwrap();
    let details = &failed["taskFailedEventDetails"];
    assert_eq!(details["error"].as_str(), Some("States.TaskFailed"));
    let cause = Value::parse(details["cause"].as_str().unwrap()).unwrap();
    assert_eq!(
        (cause["Status"].as_str(), cause["Error"].as_str(), cause["Cause"].as_str()),
        (Some("FAILED"), Some("Cold"), Some("no gas"))
    );
}

#[test]
fn who_stops_waiting_stops_the_nested_execution() {
    let mut account = bakery();
    let child = child(&mut account, json!({"Rest": {"Type": "Wait", "Seconds": 900, "End": true}}));
    let arn = begin(&mut account, &calling(".sync", &child), &json!({"n": 5}));
    go(&mut account, 5);
    ok(&mut account, "states:StopExecution", json!({"executionArn": arn}));
    go(&mut account, 5);
    let inner = child.replacen(":stateMachine:", ":execution:", 1) + ":inner";
    assert_eq!(status(&account, &inner), "ABORTED");
}

#[test]
fn a_call_that_does_not_wait_goes_on() {
    let mut account = bakery();
    let child = child(&mut account, json!({"Rest": {"Type": "Wait", "Seconds": 900, "End": true}}));
    let arn = begin(&mut account, &calling("", &child), &json!({"n": 5}));
    go(&mut account, 5);
    assert_eq!(status(&account, &arn), "SUCCEEDED");
    let called = output(&mut account, &arn);
    assert_eq!(status(&account, called["ExecutionArn"].as_str().unwrap()), "RUNNING");
}

/// Branches, iterations, children and a callback that nobody answers, played again from the log.
#[test]
fn a_replay_gives_the_same_bytes() {
    let mut account = bakery();
    put(&mut account, "o.json", r#"[1,2,3,4,5]"#);
    let branches = json!([
        {"StartAt": "Each", "States": {"Each": each(json!({"MaxConcurrency": 2, "ItemReader": reader("o.json", json!({"InputType": "JSON"})), "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "bakery", "Prefix": "out"}}}),
            json!({"Rest": {"Type": "Wait", "Seconds": 2, "Next": "Bake"}, "Bake": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": true}}))}},
        {"StartAt": "Every", "States": {"Every": {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrency": 2, "End": true, "ItemProcessor": {"StartAt": "Try", "States": {
            "Try": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "bakery", "Key.$": "$"},
                "Retry": [{"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL", "MaxAttempts": 2}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "None"}], "End": true},
            "None": {"Type": "Pass", "End": true}}}}}}
    ]);
    let definition =
        json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": true}}});
    let arn = begin(&mut account, &definition, &json!({"l": ["o.json", "none.json", "o.json"]}));
    go(&mut account, 60);
    assert_eq!(status(&account, &arn), "SUCCEEDED", "{:?}", history(&account, &arn).last());
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string());
    let all = |account: &Account| -> Vec<String> {
        let executions = account.states().executions().iter().flat_map(|record| record.execution.history());
        executions.map(|event| event.to_value().to_string()).collect()
    };
    assert_eq!(all(&again), all(&account));
    for steps in (0..account.position().steps).step_by(29) {
        let mut earlier = Account::replay_to_step(account.options().clone(), account.log(), steps).unwrap();
        for entry in account.log().iter().skip(earlier.position().inputs) {
            earlier.repeat(entry).unwrap();
        }
        assert_eq!(earlier.log().len(), account.log().len());
    }
}
