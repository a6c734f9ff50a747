//! Step Functions' API: versions, aliases, tags, activities, Express, logging, and how requests are refused.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, execution_role};
use virtual_time::Duration;

const ROLE: &str = "arn:aws:iam::123456789012:role/clerk";
const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Desk";
const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:stamp";

fn account() -> Account {
    let mut account = Account::new(AccountOptions::default());
    let trust = execution_role::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "clerk", "AssumeRolePolicyDocument": trust}));
    account
}

fn call(account: &mut Account, action: &str, params: Value) -> Result<Value, String> {
    let result = account.call(action, params).result.unwrap_or_else(|| panic!("{action} waits"));
    result.map_err(|error| format!("{}: {}", error.code, error.message))
}

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    call(account, action, params).unwrap_or_else(|error| panic!("{action}: {error}"))
}

fn pass(result: &str) -> String {
    json!({"StartAt": "Only", "States": {"Only": {"Type": "Pass", "Result": result, "End": true}}}).to_string()
}

fn activity_task() -> String {
    let task = json!({"Type": "Task", "Resource": ACTIVITY, "HeartbeatSeconds": 20, "End": true});
    json!({"StartAt": "Stamp"}).with("States", Value::object([("Stamp", task)])).to_string()
}

fn machine(definition: &str) -> Value {
    json!({"name": "Desk", "definition": definition, "roleArn": ROLE})
}

fn let_pass(account: &mut Account, seconds: u64) {
    let until = account.now() + Duration::from_secs(seconds);
    account.advance_to(until, 10_000);
}

fn of_machine() -> Value {
    json!({"stateMachineArn": MACHINE})
}

#[test]
fn a_revision_is_published_once() {
    let mut account = account();
    let made = ok(&mut account, "states:CreateStateMachine", machine(&pass("a")).with("publish", true.into()));
    assert_eq!(made["stateMachineVersionArn"], json!(format!("{MACHINE}:1")));
    let same = of_machine().with("definition", pass("a").into()).with("publish", true.into());
    let updated = ok(&mut account, "states:UpdateStateMachine", same);
    assert_eq!(
        (updated.get_str("stateMachineVersionArn"), updated.get("revisionId")),
        (Some(&*format!("{MACHINE}:1")), None)
    );
    let updated = ok(&mut account, "states:UpdateStateMachine", of_machine().with("definition", pass("b").into()));
    let published = |account: &mut Account, revision: Value| {
        call(account, "states:PublishStateMachineVersion", of_machine().with("revisionId", revision))
    };
    assert!(published(&mut account, "INITIAL".into()).unwrap_err().starts_with("ConflictException: Failed to publish"));
    let second = published(&mut account, updated["revisionId"].clone()).unwrap();
    assert_eq!(second["stateMachineVersionArn"], json!(format!("{MACHINE}:2")));
    let listed = ok(&mut account, "states:ListStateMachineVersions", of_machine().with("maxResults", 1.into()));
    assert_eq!(listed["stateMachineVersions"][0]["stateMachineVersionArn"], json!(format!("{MACHINE}:2")));
    assert!(listed.get("nextToken").is_some());
    // A deleted number does not come back.
    let second = json!({"stateMachineVersionArn": format!("{MACHINE}:2")});
    assert_eq!(ok(&mut account, "states:DeleteStateMachineVersion", second), json!({}));
    let third = ok(&mut account, "states:PublishStateMachineVersion", of_machine());
    assert_eq!(third["stateMachineVersionArn"], json!(format!("{MACHINE}:3")));
    let described = ok(&mut account, "states:DescribeStateMachine", json!({"stateMachineArn": format!("{MACHINE}:1")}));
    assert_eq!(described["definition"], json!(pass("a")));
}

#[test]
fn a_description_of_a_version_needs_a_version() {
    let mut account = account();
    let params = machine(&pass("a")).with("versionDescription", "first".into());
    assert_eq!(
        call(&mut account, "states:CreateStateMachine", params).unwrap_err(),
        "ValidationException: Version description can only be set when publish is true"
    );
}

#[test]
fn an_alias_routes_by_weight_and_keeps_its_versions() {
    let mut account = account();
    ok(&mut account, "states:CreateStateMachine", machine(&pass("a")).with("publish", true.into()));
    let update = of_machine().with("definition", pass("b").into()).with("publish", true.into());
    ok(&mut account, "states:UpdateStateMachine", update);
    let route =
        |version: u32, weight: u32| json!({"stateMachineVersionArn": format!("{MACHINE}:{version}"), "weight": weight});
    let alias = |routes: Vec<Value>| json!({"name": "live"}).with("routingConfiguration", routes.into());
    let made = ok(&mut account, "states:CreateStateMachineAlias", alias(vec![route(1, 40), route(2, 60)]));
    assert_eq!(ok(&mut account, "states:CreateStateMachineAlias", alias(vec![route(1, 40), route(2, 60)])), made);
    let refused =
        |account: &mut Account, routes| call(account, "states:CreateStateMachineAlias", alias(routes)).unwrap_err();
    assert!(
        refused(&mut account, vec![route(2, 100)]).starts_with("ConflictException: Failed to create alias because")
    );
    assert_eq!(
        refused(&mut account, vec![route(1, 90), route(2, 9)]),
        "ValidationException: Sum of routing configuration weights must equal 100. Received: [90, 9]"
    );
    assert_eq!(
        refused(&mut account, vec![route(7, 100)]),
        "ResourceNotFound: Request references a resource that does not exist."
    );
    assert!(refused(&mut account, vec![]).contains(
        "at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1"
    ));
    let version = json!({"stateMachineVersionArn": format!("{MACHINE}:2")});
    assert_eq!(
        call(&mut account, "states:DeleteStateMachineVersion", version).unwrap_err(),
        "ConflictException: Version to be deleted must not be referenced by an alias. \
         Current list of aliases referencing this version: [live]"
    );
    let arn = format!("{MACHINE}:live");
    for _ in 0..200 {
        ok(&mut account, "states:StartExecution", json!({"stateMachineArn": arn}));
    }
    let list = |account: &mut Account, arn: String| {
        let listed = ok(account, "states:ListExecutions", json!({"stateMachineArn": arn, "maxResults": 1000}));
        listed["executions"].as_array().unwrap().len()
    };
    let second = list(&mut account, format!("{MACHINE}:2"));
    assert!((90..150).contains(&second), "{second}");
    assert_eq!(list(&mut account, arn.clone()), 200);
    for _ in 0..2 {
        assert_eq!(ok(&mut account, "states:DeleteStateMachineAlias", json!({"stateMachineAliasArn": arn})), json!({}));
    }
    assert!(call(&mut account, "states:StartExecution", json!({"stateMachineArn": arn})).is_err());
}

#[test]
fn tags_belong_to_machines_and_activities() {
    let mut account = account();
    let tag = |key: &str, value: &str| json!({"key": key, "value": value});
    ok(&mut account, "states:CreateStateMachine", machine(&pass("a")).with("tags", vec![tag("team", "post")].into()));
    ok(&mut account, "states:CreateActivity", json!({"name": "stamp"}));
    let of = |arn: &str| json!({"resourceArn": arn});
    let tags = vec![tag("team", "desk"), tag("floor", "2")];
    ok(&mut account, "states:TagResource", of(MACHINE).with("tags", tags.into()));
    ok(&mut account, "states:UntagResource", of(MACHINE).with("tagKeys", json!(["floor", "none"])));
    assert_eq!(
        ok(&mut account, "states:ListTagsForResource", of(MACHINE)),
        json!({"tags": [{"key": "team", "value": "desk"}]})
    );
    assert_eq!(ok(&mut account, "states:ListTagsForResource", of(ACTIVITY)), json!({"tags": []}));
    let missing = format!("{MACHINE}:1");
    let refused = call(&mut account, "states:TagResource", of(&missing).with("tags", json!([]))).unwrap_err();
    assert_eq!(refused, format!("ResourceNotFound: Resource not found: '{missing}'"));
    let many = (0..51).map(|n| tag(&format!("k{n}"), "")).collect::<Vec<_>>();
    assert!(
        call(&mut account, "states:TagResource", of(ACTIVITY).with("tags", many.into()))
            .unwrap_err()
            .starts_with("TooManyTags")
    );
}

#[test]
fn a_worker_waits_for_a_task_and_the_task_for_a_worker() {
    let mut account = account();
    ok(&mut account, "states:CreateActivity", json!({"name": "stamp"}));
    ok(&mut account, "states:CreateStateMachine", machine(&activity_task()));
    let poll = json!({"activityArn": ACTIVITY, "workerName": "ida"});
    let empty = account.call("states:GetActivityTask", poll.clone());
    assert!(empty.result.is_none());
    let_pass(&mut account, 59);
    assert!(account.take_answer(empty.id).is_none());
    let_pass(&mut account, 1);
    assert_eq!(account.take_answer(empty.id).unwrap().unwrap(), json!({}));

    let waiting = account.call("states:GetActivityTask", poll.clone());
    let started = ok(&mut account, "states:StartExecution", of_machine().with("input", "{\"form\":7}".into()));
    let_pass(&mut account, 1);
    let task = account.take_answer(waiting.id).unwrap().unwrap();
    assert_eq!(task["input"], json!("{\"form\":7}"));
    let_pass(&mut account, 15);
    ok(&mut account, "states:SendTaskHeartbeat", json!({"taskToken": task["taskToken"].as_str()}));
    let_pass(&mut account, 15);
    ok(&mut account, "states:SendTaskSuccess", json!({"taskToken": task["taskToken"].as_str(), "output": "1"}));
    let_pass(&mut account, 1);
    let asked = json!({"executionArn": started["executionArn"].as_str()});
    assert_eq!(ok(&mut account, "states:DescribeExecution", asked)["status"], json!("SUCCEEDED"));

    // A task that nobody waits for any more is not handed out.
    let stopped = ok(&mut account, "states:StartExecution", of_machine());
    let_pass(&mut account, 1);
    ok(&mut account, "states:StopExecution", json!({"executionArn": stopped["executionArn"].as_str()}));
    assert!(account.call("states:GetActivityTask", poll).result.is_none());
}

#[test]
fn a_task_of_a_missing_activity_is_not_scheduled() {
    let mut account = account();
    ok(&mut account, "states:CreateStateMachine", machine(&activity_task()));
    let started = ok(&mut account, "states:StartExecution", of_machine());
    let_pass(&mut account, 1);
    let asked = json!({"executionArn": started["executionArn"].as_str()});
    assert_eq!(ok(&mut account, "states:DescribeExecution", asked)["status"], json!("FAILED"));
    for action in ["DescribeActivity", "GetActivityTask"] {
        let refused = call(&mut account, &format!("states:{action}"), json!({"activityArn": ACTIVITY})).unwrap_err();
        assert_eq!(refused, format!("ActivityDoesNotExist: Activity Does Not Exist: '{ACTIVITY}'"));
    }
    assert_eq!(ok(&mut account, "states:DeleteActivity", json!({"activityArn": ACTIVITY})), json!({}));
}

#[test]
fn express_executions_answer_when_they_end_and_share_names() {
    let mut account = account();
    let express = machine(&pass("a")).with("type", "EXPRESS".into());
    ok(&mut account, "states:CreateStateMachine", express);
    let sync = account.call("states:StartSyncExecution", of_machine().with("name", "one".into()));
    let_pass(&mut account, 1);
    let answer = account.take_answer(sync.id).unwrap().unwrap();
    assert_eq!((&answer["status"], &answer["output"]), (&json!("SUCCEEDED"), &json!("\"a\"")));
    assert_eq!(answer["billingDetails"], json!({"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}));
    let named = of_machine().with("name", "one".into());
    let first = ok(&mut account, "states:StartExecution", named.clone());
    let second = ok(&mut account, "states:StartExecution", named);
    assert_ne!(first["executionArn"], second["executionArn"]);
    let asked = json!({"executionArn": first["executionArn"].as_str()});
    for action in ["DescribeExecution", "StopExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"] {
        assert_eq!(
            call(&mut account, &format!("states:{action}"), asked.clone()).unwrap_err(),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'"
        );
    }
    let refused = call(&mut account, "states:ListExecutions", of_machine()).unwrap_err();
    assert_eq!(refused, "StateMachineTypeNotSupported: This operation is not supported by this type of state machine");
    let refused =
        call(&mut account, "states:CreateStateMachine", machine(&activity_task()).with("type", "EXPRESS".into()));
    assert_eq!(
        refused.unwrap_err(),
        "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: \
         Express state machine does not support Activity ARN at /States/Stamp/Resource'"
    );
}

#[test]
fn the_log_holds_what_its_level_lets_through() {
    let mut account = account();
    let logs = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess";
    ok(&mut account, "iam:AttachRolePolicy", json!({"RoleName": "clerk", "PolicyArn": logs}));
    let group =
        json!([{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:desk:*"}}]);
    let logging = |level: &str| json!({"level": level}).with("destinations", group.clone());
    for (level, expected) in [("ALL", 4), ("ERROR", 0), ("OFF", 0)] {
        let name = format!("Desk{level}");
        let params =
            machine(&pass("a")).with("name", name.as_str().into()).with("loggingConfiguration", logging(level));
        let made = ok(&mut account, "states:CreateStateMachine", params);
        let started =
            ok(&mut account, "states:StartExecution", json!({"stateMachineArn": made["stateMachineArn"].as_str()}));
        let_pass(&mut account, 1);
        let log = account.states().execution_log(started["executionArn"].as_str().unwrap());
        assert_eq!(log.len(), expected, "{level}");
        if let Some(end) = log.last() {
            assert_eq!((end.get_str("id"), &end["details"]), (Some("4"), &json!({})));
        }
    }
    let one = "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.";
    for bad in [json!({"level": "ALL"}), json!({"level": "FATAL", "destinations": []})] {
        let params = machine(&pass("a")).with("loggingConfiguration", bad);
        assert_eq!(call(&mut account, "states:CreateStateMachine", params).unwrap_err(), one);
    }
    let params = machine(&pass("a")).with("loggingConfiguration", json!({"level": "LOUD"}));
    assert!(call(&mut account, "states:CreateStateMachine", params).unwrap_err().contains(
        "Value 'LOUD' at 'loggingConfiguration.level' failed to satisfy constraint: Member must satisfy enum value set"
    ));
}

#[test]
fn validation_tells_as_much_as_was_asked_for() {
    let mut account = account();
    let asked = json!({"definition": activity_task(), "type": "EXPRESS", "maxResults": 1});
    let told = ok(&mut account, "states:ValidateStateMachineDefinition", asked);
    assert_eq!((&told["result"], &told["truncated"]), (&json!("FAIL"), &json!(false)));
    let asked = json!({"definition": pass("a"), "maxResults": 101, "severity": "HINT"});
    let refused = call(&mut account, "states:ValidateStateMachineDefinition", asked).unwrap_err();
    assert!(
        refused.starts_with("ValidationException: 2 validation errors detected: Value 'HINT' at 'severity'"),
        "{refused}"
    );
}

#[test]
fn a_description_names_the_variables_that_states_read() {
    let mut account = account();
    let reads = json!({"Type": "Pass", "OutputPath": "$form", "End": true});
    let sets = json!({"Type": "Pass", "Assign": {"form": 7}, "Next": "Reads"});
    let definition =
        json!({"StartAt": "Sets"}).with("States", Value::object([("Sets", sets), ("Reads", reads)])).to_string();
    ok(&mut account, "states:CreateStateMachine", machine(&definition));
    let described = ok(&mut account, "states:DescribeStateMachine", of_machine());
    assert_eq!(described["variableReferences"], json!({"Reads": ["form"]}));
    let bare =
        ok(&mut account, "states:DescribeStateMachine", of_machine().with("includedData", "METADATA_ONLY".into()));
    assert!(bare.get("definition").is_none() && bare.get("variableReferences").is_none());
}
