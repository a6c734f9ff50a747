//! TestState: one state by itself, with and without a mock.

mod support;

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, Progress};
use support::{QUEUE_URL, ok, refused, workshop};
use virtual_time::Duration;

fn account() -> Account {
    Account::new(AccountOptions::default())
}

/// The parameters of a test at the level of detail that tells most.
fn params(state: &Value, rest: &Value) -> Value {
    let mut params = json!({"definition": state.to_string(), "inspectionLevel": "TRACE"});
    for (key, value) in rest.as_object().into_iter().flatten() {
        let text = matches!(&**key, "input" | "context" | "variables");
        params = params.with(key, if text { value.to_string().into() } else { value.clone() });
    }
    params
}

#[track_caller]
fn test(state: &Value, rest: &Value) -> Value {
    ok(&mut account(), "states:TestState", params(state, rest))
}

#[track_caller]
fn check_refused(state: &Value, rest: &Value, code: &str, message: &str) {
    let error = refused(&mut account(), "states:TestState", params(state, rest));
    assert_eq!((&*error.code, &*error.message), (code, message));
}

/// `inspectionData`, its texts read as JSON.
fn inspection(answer: &Value) -> Value {
    let shown = answer["inspectionData"].as_object().expect("inspectionData").iter();
    Value::object(shown.map(|(key, value)| (key.clone(), read(value))))
}

fn read(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| Value::parse(text).unwrap())
}

fn result(result: &Value) -> Value {
    json!({"result": result.to_string()})
}

fn publish() -> Value {
    json!({
        "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Rest",
        "Parameters": {"TopicArn": "t", "Message.$": "$.text"},
        "ResultSelector": {"id.$": "$.MessageId"}, "ResultPath": "$.sent"
    })
}

fn orders(more: Value) -> Value {
    let mut map = json!({
        "Type": "Map", "ItemsPath": "$.orders", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Pick", "States": {"Pick": {"Type": "Pass", "End": true}}
        }
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        map = map.with(key, value.clone());
    }
    map
}

#[test]
fn a_mocked_task_tells_every_stage_of_its_data() {
    let input = json!({"text": "hi"});
    let answer = test(&publish(), &json!({"input": input, "mock": result(&json!({"MessageId": "m-1"}))}));
    let output = json!({"text": "hi", "sent": {"id": "m-1"}});
    assert_eq!((&answer["status"], &answer["nextState"]), (&json!("SUCCEEDED"), &json!("Rest")));
    assert_eq!(read(&answer["output"]), output);
    let stages = json!({
        "input": input, "afterInputPath": input, "afterParameters": {"TopicArn": "t", "Message": "hi"},
        "result": {"MessageId": "m-1"}, "afterResultSelector": {"id": "m-1"}, "afterResultPath": output
    });
    assert_eq!(inspection(&answer), stages);
    let brief = params(&publish(), &json!({"input": input, "mock": result(&json!({})), "inspectionLevel": "INFO"}));
    assert!(ok(&mut account(), "states:TestState", brief).get("inspectionData").is_none());
}

#[test]
fn each_type_of_state_tells_its_own_stages() {
    let input = json!({"n": 7});
    let shown = |state: Value| inspection(&test(&state, &json!({"input": input})));
    let read_only = json!({"input": input, "afterInputPath": input});
    assert_eq!(shown(json!({"Type": "Succeed"})), read_only);
    let choice = json!({"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 7, "Next": "A"}]});
    assert_eq!(shown(choice), read_only);
    assert_eq!(shown(json!({"Type": "Fail", "Error": "E"})), read_only);
    assert_eq!(
        shown(json!({"Type": "Pass", "End": true, "Result": 1})),
        json!({"input": input, "result": 1, "afterResultSelector": 1, "afterResultPath": 1})
    );
    assert_eq!(
        shown(json!({"Type": "Pass", "End": true, "QueryLanguage": "JSONata", "Output": "{% $states.input.n + 1 %}"})),
        json!({"input": input})
    );
}

#[test]
fn a_lone_state_has_a_context_of_an_express_execution() {
    let state = json!({"Type": "Pass", "End": true, "QueryLanguage": "JSONata", "Output": "{% $states.context %}"});
    let context = read(&test(&state, &json!({"input": {"a": 1}}))["output"]);
    assert_eq!(context["State"]["Name"], json!("StateName"));
    let (machine, name) = (&context["StateMachine"]["Name"], &context["Execution"]["Name"]);
    let arn = format!(
        "arn:aws:states:us-east-1:123456789012:express:{}:{}",
        machine.as_str().unwrap(),
        name.as_str().unwrap()
    );
    assert_eq!(context["Execution"]["Id"], Value::from(arn));
    assert_eq!((&context["Execution"]["Input"], &context["Execution"]["RoleArn"]), (&json!({"a": 1}), &Value::Null));
    assert!(context["Execution"].get("RedriveCount").is_none());
}

#[test]
fn a_given_context_and_variables_are_what_the_state_sees() {
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "QueryLanguage": "JSONata",
        "Arguments": {"QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token & $word %}"},
        "Assign": {"done": "{% $states.result.ok %}"}, "End": true
    });
    let given = json!({
        "context": {"Task": {"Token": "tok-"}}, "variables": {"word": "en"}, "mock": result(&json!({"ok": true}))
    });
    let shown = inspection(&test(&state, &given));
    assert_eq!(shown["afterArguments"]["MessageBody"], json!("tok-en"));
    assert_eq!(shown["variables"], json!({"word": "en", "done": true}));
}

#[test]
fn context_objects_are_judged() {
    let check = |context: Value, why: &str| {
        let given = json!({"input": {"text": ""}, "context": context, "mock": result(&json!({}))});
        check_refused(&publish(), &given, "ValidationException", &format!("Invalid Context object provided: {why}"));
    };
    check(json!({"Map": {"Item": {}}}), "'Map' field is not supported when mocking a Context object");
    check(json!({"State": {"Retries": 1}}), "Field 'Retries' is not allowed");
    check(json!({"Extra": 1}), "Field 'Extra' is not allowed");
    check(json!({"Execution": {"Name": 1}}), "Execution.Name must be a string");
    check(
        json!({"Task": {"Token": "t"}}),
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service \
         integration pattern",
    );
    let state = json!({"Type": "Pass", "End": true});
    let message = "TestState does not support Context when a mock is not specified.";
    check_refused(&state, &json!({"context": {}}), "ValidationException", message);
}

#[test]
fn errors_go_to_retriers_and_catchers() {
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true,
        "Retry": [{"ErrorEquals": ["Other"]}, {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 2}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Mend"}]
    });
    let fails = |error: &str, configuration: Value| {
        let mock = json!({"errorOutput": {"error": error, "cause": "because"}});
        test(&state, &json!({"input": {"a": 1}, "mock": mock, "stateConfiguration": configuration}))
    };
    let retried = fails("Busy", json!({}));
    assert_eq!((&retried["status"], &retried["error"]), (&json!("RETRIABLE"), &json!("Busy")));
    let details = |answer: &Value| answer["inspectionData"]["errorDetails"].clone();
    assert_eq!(details(&retried), json!({"retryBackoffIntervalSeconds": 3, "retryIndex": 1}));
    assert!(retried.get("output").is_none() && retried.get("nextState").is_none());
    let again = fails("Busy", json!({"retrierRetryCount": 1}));
    assert_eq!(details(&again), json!({"retryBackoffIntervalSeconds": 6, "retryIndex": 1}));
    for caught in [fails("Busy", json!({"retrierRetryCount": 2})), fails("Unknown", json!({}))] {
        assert_eq!((&caught["status"], &caught["nextState"]), (&json!("CAUGHT_ERROR"), &json!("Mend")));
        assert_eq!(details(&caught), json!({"catchIndex": 0}));
        assert_eq!(read(&caught["output"])["problem"]["Cause"], json!("because"));
        assert_eq!(caught["cause"], json!("because"));
    }
    let failed = test(&publish(), &json!({"input": {}}).with("mock", result(&json!({}))));
    assert_eq!((&failed["status"], &failed["error"]), (&json!("FAILED"), &json!("States.Runtime")));
}

#[test]
fn a_map_tells_its_items_and_its_limits() {
    let map = orders(json!({
        "ItemSelector": {"order.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index"},
        "ItemBatcher": {"MaxItemsPerBatch": 2}, "MaxConcurrency": 4, "ToleratedFailurePercentage": 50
    }));
    let given = json!({"input": {"orders": ["a", "b", "c"]}, "mock": result(&json!([1, 2, 3]))});
    let answer = test(&map, &given);
    assert_eq!(read(&answer["output"]), json!([1, 2, 3]));
    let shown = inspection(&answer);
    assert_eq!(shown["afterItemsPath"], json!(["a", "b", "c"]));
    assert_eq!(shown["afterItemSelector"][1], json!({"order": "b", "at": 1}));
    assert_eq!(shown["afterItemBatcher"][1], json!({"Items": [{"order": "c", "at": 2}]}));
    assert_eq!((&shown["maxConcurrency"], &shown["toleratedFailurePercentage"]), (&json!(4), &json!(50.0)));
    let failures =
        |count: u64| test(&map, &given.with("stateConfiguration", json!({"mapIterationFailureCount": count})));
    assert_eq!(failures(1)["status"], json!("SUCCEEDED"));
    assert_eq!(failures(2)["error"], json!("States.ExceedToleratedFailureThreshold"));
    let wrong = test(&map, &given.with("input", json!({"orders": 1})));
    assert_eq!(wrong["cause"], json!("Reference path \"$.orders\" must point to array."));
    let reached = inspection(&wrong);
    assert!(reached.get("maxConcurrency").is_none() && reached.get("afterItemsPath").is_none());
}

#[test]
fn an_inline_map_and_a_parallel_take_mocks_too() {
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Fail"}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch, {"StartAt": "C", "States": {"C": {"Type": "Fail"}}}],
        "ResultSelector": {"first.$": "$[0]"}, "End": true});
    let answer = test(&parallel, &json!({"input": {"a": 1}, "mock": result(&json!(["x", "y"]))}));
    let stages = json!({"input": {"a": 1}, "afterResultSelector": {"first": "x"}, "afterResultPath": {"first": "x"}});
    assert_eq!(inspection(&answer), stages);
    let short = "Mocked result must contain the same number of items as number of Parallel branches.";
    check_refused(&parallel, &json!({"mock": result(&json!(["x"]))}), "ValidationException", short);
    let inline =
        json!({"Type": "Map", "ItemProcessor": branch, "ItemSelector": {"i.$": "$$.Map.Item.Index"}, "End": true});
    let shown = inspection(&test(&inline, &json!({"input": [5, 6], "mock": result(&json!([0, 0]))})));
    assert_eq!(shown["afterItemSelector"], json!([{"i": 0}, {"i": 1}]));
}

#[test]
fn item_reader_data_is_read_as_the_object_would_be() {
    let map = orders(json!({"ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    }}));
    let fields = map.as_object().unwrap().iter().filter(|(key, _)| &***key != "ItemsPath");
    let map = Value::object(fields.map(|(key, value)| (key.clone(), value.clone())));
    let given = json!({"input": {}, "mock": result(&json!(["done"]))});
    let data = given.with("stateConfiguration", json!({"mapItemReaderData": "sku,qty\nA-7,2\n"}));
    assert_eq!(inspection(&test(&map, &data))["afterItemsPath"], json!([{"sku": "A-7", "qty": "2"}]));
    let message = "ItemReader data must be specified when testing a Map state with ItemReader specified.";
    check_refused(&map, &given, "ValidationException", message);
}

#[test]
fn mocks_must_fit_the_state_and_its_api() {
    let invalid =
        |state: &Value, rest: Value, message: &str| check_refused(state, &rest, "ValidationException", message);
    let mocked = |result: &str| json!({"mock": {"result": result}});
    let wait = json!({"Type": "Wait", "Seconds": 1, "End": true});
    invalid(&wait, mocked("{}"), "State type 'Wait' is not supported when a mock is specified");
    invalid(&publish(), mocked("{"), "Mocked result must be valid JSON");
    let schema = "Mock result schema validation error: Field 'MessageId' must be a string";
    invalid(&publish(), mocked(r#"{"MessageId": 1}"#), schema);
    let lenient =
        json!({"input": {"text": ""}, "mock": {"result": r#"{"MessageId": 1}"#, "fieldValidationMode": "NONE"}});
    assert_eq!(test(&publish(), &lenient)["status"], json!("SUCCEEDED"));
    let only_one = "A test mock should have only one of the following fields: [result, errorOutput].";
    invalid(&publish(), json!({"mock": {"result": "{}", "errorOutput": {"error": "E"}}}), only_one);
    let secrets = "TestState does not support RevealSecrets when a mock is specified.";
    invalid(&publish(), mocked("{}").with("revealSecrets", json!(true)), secrets);
    invalid(&orders(json!({})), mocked("{}"), "Mocked result must be an array.");
    let writer = json!({"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}});
    invalid(&orders(writer), mocked("[]"), "Mocked result must be a JSON object.");
    let count = json!({"stateConfiguration": {"retrierRetryCount": 1}});
    invalid(&wait, count, "TestState does not support RetrierRetryCount when a mock is not specified.");
    invalid(&publish(), json!({}), "RoleArn must be specified when testing a Task state");
    let level = "1 validation error detected: Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: Member must \
                 satisfy enum value set: [INFO, DEBUG, TRACE]";
    invalid(&wait, json!({"inspectionLevel": "ALL"}), level);
    check_refused(
        &orders(json!({})),
        &json!({}),
        "InvalidDefinition",
        "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, \
         Fail, Choice]",
    );
}

#[test]
fn a_state_of_a_machine_is_found_on_any_level() {
    let machine = json!({
        "StartAt": "All", "QueryLanguage": "JSONata",
        "States": {"All": {
            "Type": "Map", "End": true,
            "ItemProcessor": {"StartAt": "Double", "States": {
                "Double": {"Type": "Pass", "Output": "{% $states.input * 2 %}", "Next": "Last"},
                "Last": {"Type": "Succeed"}
            }}
        }}
    });
    let named = |name: &str| json!({"stateName": name, "input": 21});
    let answer = test(&machine, &named("Double"));
    assert_eq!((&answer["output"], &answer["nextState"]), (&json!("42"), &json!("Last")));
    check_refused(&machine, &named("Nowhere"), "ValidationException", "State not found in definition");
}

#[test]
fn without_a_mock_a_task_calls_its_service_and_is_answered_later() {
    let mut account = workshop();
    let role = account.states().machines().next().unwrap().role_arn.to_string();
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": QUEUE_URL, "MessageBody": "hello"}, "OutputPath": "$.MessageId", "End": true
    });
    let called = account.call("states:TestState", params(&state, &json!({"roleArn": role})));
    assert!(called.result.is_none());
    let until = account.now() + Duration::from_secs(5);
    assert_eq!(account.advance_to(until, 1_000), Progress::Went);
    let answer = account.take_answer(called.id).expect("an answer").expect("success");
    assert_eq!(answer["status"], json!("SUCCEEDED"));
    let received = ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": QUEUE_URL}));
    assert_eq!(received["Messages"][0]["Body"], json!("hello"));
    assert_eq!(read(&answer["output"]), received["Messages"][0]["MessageId"]);
}

#[test]
fn a_wait_waits_but_not_for_ever() {
    for (seconds, status, error) in [(60, "SUCCEEDED", Value::Null), (3_600, "FAILED", json!("States.Timeout"))] {
        let mut account = account();
        let state = json!({"Type": "Wait", "Seconds": seconds, "End": true});
        let called = account.call("states:TestState", params(&state, &json!({})));
        let until = account.now() + Duration::from_secs(301);
        account.advance_to(until, 1_000);
        let answer = account.take_answer(called.id).expect("an answer").expect("success");
        assert_eq!((&answer["status"], &answer["error"]), (&json!(status), &error));
    }
}
