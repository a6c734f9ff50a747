//! Distributed Maps from end to end: items from S3, children, tolerated failures, results, and the Map Run's API.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, execution_role};
use virtual_time::Duration;

const ROLE: &str = "arn:aws:iam::123456789012:role/clerk";
const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Sort";

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    account.call(action, params).result.expect("answered at once").unwrap_or_else(|error| panic!("{action}: {error}"))
}

/// An account with a role that may do everything, and a bucket.
fn account() -> Account {
    let mut account = Account::new(AccountOptions::default());
    let trust = execution_role::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "clerk", "AssumeRolePolicyDocument": trust}));
    let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let policy = json!({"RoleName": "clerk", "PolicyName": "All", "PolicyDocument": all.to_string()});
    ok(&mut account, "iam:PutRolePolicy", policy);
    ok(&mut account, "s3:CreateBucket", json!({"Bucket": "post"}));
    account
}

fn put(account: &mut Account, key: &str, body: &str) {
    ok(account, "s3:PutObject", json!({"Bucket": "post", "Key": key, "Body": body}));
}

fn object(account: &mut Account, key: &str) -> Value {
    let got = ok(account, "s3:GetObject", json!({"Bucket": "post", "Key": key}));
    Value::parse(got.get_str("Body").unwrap()).unwrap()
}

/// A machine of one distributed Map whose children run one state; started.
fn start(account: &mut Account, child: Value, settings: Value, input: Value) -> String {
    let processor = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "One"});
    let states =
        child.get("StartAt").map_or_else(|| Value::object([("One", child.clone())]), |_| child["States"].clone());
    let map = json!({"Type": "Map", "End": true}).with("ItemProcessor", processor.with("States", states));
    let map = settings.as_object().into_iter().flatten().fold(map, |map, (key, value)| map.with(key, value.clone()));
    let definition = json!({"StartAt": "Each"}).with("States", Value::object([("Each", map)])).to_string();
    ok(account, "states:CreateStateMachine", json!({"name": "Sort", "definition": definition, "roleArn": ROLE}));
    let started = json!({"stateMachineArn": MACHINE, "input": input.to_string()});
    ok(account, "states:StartExecution", started).get_str("executionArn").unwrap().to_owned()
}

fn let_pass(account: &mut Account, seconds: u64) {
    let until = account.now() + Duration::from_secs(seconds);
    account.advance_to(until, 1_000_000);
}

fn described(account: &mut Account, execution: &str) -> Value {
    ok(account, "states:DescribeExecution", json!({"executionArn": execution}))
}

fn output(account: &mut Account, execution: &str) -> Value {
    let described = described(account, execution);
    Value::parse(described.get_str("output").unwrap_or_else(|| panic!("{described}"))).unwrap()
}

fn map_run(account: &mut Account, execution: &str) -> Value {
    let listed = ok(account, "states:ListMapRuns", json!({"executionArn": execution}));
    let arn = listed["mapRuns"][0].get_str("mapRunArn").unwrap().to_owned();
    ok(account, "states:DescribeMapRun", json!({"mapRunArn": arn}))
}

fn counts(run: &Value, of: &str, names: &[&str]) -> Vec<i64> {
    names.iter().map(|name| run[of][*name].as_i64().unwrap()).collect()
}

fn pass() -> Value {
    json!({"Type": "Pass", "End": true})
}

fn reader(action: &str, parameters: Value, config: Value) -> Value {
    let reader = json!({"Resource": format!("arn:aws:states:::s3:{action}")}).with("Parameters", parameters);
    Value::object([("ItemReader", reader.with("ReaderConfig", config))])
}

/// Children that refuse a parcel without weight.
fn weighing() -> Value {
    let choice = json!({"Variable": "$.weight", "StringEquals": "0", "Next": "Refuse"});
    let choice = json!({"Type": "Choice", "Default": "Take"}).with("Choices", Value::array(vec![choice]));
    let refuse = json!({"Type": "Fail", "Error": "Light", "Cause": "no weight"});
    json!({"StartAt": "One"}).with("States", Value::object([("One", choice), ("Refuse", refuse), ("Take", pass())]))
}

fn parcels() -> Value {
    let csv = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"});
    reader("getObject", json!({"Bucket": "post", "Key": "parcels.csv"}), csv)
}

#[test]
fn rows_become_children_and_their_results_objects() {
    let mut account = account();
    put(&mut account, "parcels.csv", "name,weight\na,2\nb,0\nc,3\n");
    let writer =
        json!({"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "post", "Prefix": "out"}});
    let settings = parcels().with("ResultWriter", writer).with("ToleratedFailureCount", 1.into());
    let execution = start(&mut account, weighing(), settings, json!({}));
    let_pass(&mut account, 60);
    let details = output(&mut account, &execution);
    let run = map_run(&mut account, &execution);
    assert_eq!((run.get_str("status"), &details["MapRunArn"]), (Some("SUCCEEDED"), &run["mapRunArn"]));
    let names = ["pending", "running", "succeeded", "failed", "total", "resultsWritten"];
    for of in ["itemCounts", "executionCounts"] {
        assert_eq!(counts(&run, of, &names), [0, 0, 2, 1, 3, 3]);
    }
    let manifest = object(&mut account, details["ResultWriterDetails"].get_str("Key").unwrap());
    let written = |account: &mut Account, status: &str| {
        let key = manifest["ResultFiles"][status][0].get_str("Key").unwrap().to_owned();
        assert!(key.starts_with("out/") && key.ends_with(&format!("/{status}_0.json")), "{key}");
        object(account, &key)
    };
    let succeeded = written(&mut account, "SUCCEEDED");
    let inputs: Vec<_> = succeeded.as_array().unwrap().iter().map(|row| row.get_str("Output").unwrap()).collect();
    assert_eq!(inputs, [r#"{"name":"a","weight":"2"}"#, r#"{"name":"c","weight":"3"}"#]);
    let failed = written(&mut account, "FAILED");
    assert_eq!((failed[0].get_str("Error"), failed[0].get_str("Status")), (Some("Light"), Some("FAILED")));
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string(), "a replay equals the run");
}

#[test]
fn too_many_failures_fail_the_map() {
    for settings in [parcels(), parcels().with("ToleratedFailurePercentage", 60.into())] {
        let mut account = account();
        put(&mut account, "parcels.csv", "name,weight\na,0\nb,0\nc,3\n");
        let execution = start(&mut account, weighing(), settings, json!({}));
        let_pass(&mut account, 60);
        let ended = described(&mut account, &execution);
        assert_eq!(ended.get_str("error"), Some("States.ExceedToleratedFailureThreshold"));
        assert_eq!(map_run(&mut account, &execution).get_str("status"), Some("FAILED"));
    }
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let settings = |config| reader("listObjectsV2", json!({"Bucket": "post", "Prefix": "in/"}), config);
    for (config, count) in [(json!({}), 1_003), (json!({"MaxItems": 1_001}), 1_001)] {
        let mut account = account();
        for number in 0..1_003 {
            put(&mut account, &format!("in/{number:04}"), "");
        }
        let execution = start(&mut account, pass(), settings(config), json!({}));
        let_pass(&mut account, 600);
        let output = output(&mut account, &execution);
        assert_eq!(output.as_array().unwrap().len(), count);
        assert_eq!(output[1_000].get_str("Key"), Some("in/1000"));
    }
}

#[test]
fn a_manifest_leads_to_the_files_with_the_rows() {
    let mut account = account();
    put(&mut account, "inv/1.csv", "\"shop\",\"a.txt\"\n");
    put(&mut account, "inv/2.csv", "\"shop\",\"b.txt\"\n\"shop\",\"c.txt\"\n");
    let manifest = json!({
        "sourceBucket": "shop", "destinationBucket": "arn:aws:s3:::post", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key", "files": [{"key": "inv/1.csv"}, {"key": "inv/2.csv"}],
    });
    put(&mut account, "inv/manifest.json", &manifest.to_string());
    let parameters = json!({"Bucket": "post", "Key": "inv/manifest.json"});
    let settings = reader("getObject", parameters, json!({"InputType": "MANIFEST"}));
    let execution = start(&mut account, pass(), settings, json!({}));
    let_pass(&mut account, 60);
    let row = |key: &str| json!({"Bucket": "shop", "Key": key});
    assert_eq!(output(&mut account, &execution), Value::array(vec![row("a.txt"), row("b.txt"), row("c.txt")]));
}

#[test]
fn a_missing_object_fails_the_reader() {
    let mut account = account();
    let execution = start(&mut account, pass(), parcels(), json!({}));
    let_pass(&mut account, 60);
    assert_eq!(described(&mut account, &execution).get_str("error"), Some("States.ItemReaderFailed"));
}

#[test]
fn more_children_start_when_more_may_run_and_stop_with_their_parent() {
    let mut account = account();
    let settings = json!({"ItemsPath": "$.items", "MaxConcurrency": 1});
    let wait = json!({"Type": "Wait", "Seconds": 100, "End": true});
    let execution = start(&mut account, wait, settings, json!({"items": [1, 2, 3, 4]}));
    let_pass(&mut account, 10);
    let run = map_run(&mut account, &execution);
    let names = ["pending", "running", "aborted", "total"];
    assert_eq!(counts(&run, "itemCounts", &names), [3, 1, 0, 4]);
    let update = json!({"maxConcurrency": 3}).with("mapRunArn", run["mapRunArn"].clone());
    ok(&mut account, "states:UpdateMapRun", update);
    let run = map_run(&mut account, &execution);
    assert_eq!((counts(&run, "itemCounts", &names), run["maxConcurrency"].as_i64()), (vec![1, 3, 0, 4], Some(3)));
    ok(&mut account, "states:StopExecution", json!({"executionArn": execution}));
    let run = map_run(&mut account, &execution);
    assert_eq!((run.get_str("status"), counts(&run, "executionCounts", &names)), (Some("ABORTED"), vec![1, 0, 3, 4]));
    let of_run = Value::object([("mapRunArn", run["mapRunArn"].clone())]);
    let children = ok(&mut account, "states:ListExecutions", of_run.with("statusFilter", "ABORTED".into()));
    assert_eq!(children["executions"].as_array().unwrap().len(), 3);
}
