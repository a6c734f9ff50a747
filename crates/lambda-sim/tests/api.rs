//! What the API refuses, and in which words.

mod world;

use lambda_sim::CallFacts;
use shared_json::{Value, json};
use world::*;

fn check(action: &str, params: Value, facts: CallFacts, code: &str, words: &str) {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create(json!({})).unwrap();
    let call = world.call_with(action, params.clone(), facts);
    let error = world.answers.remove(&call).unwrap().unwrap_err();
    assert_eq!(error.code, code, "{action} {params}: {}", error.message);
    assert!(error.message.contains(words), "{action} {params}: {}", error.message);
}

#[test]
fn functions_are_checked() {
    let long = "x".repeat(65);
    let big = "x".repeat(4_096);
    let invalid = "InvalidParameterValueException";
    let cases = [
        (json!({}), "ResourceConflictException", "Function already exist: pack"),
        (json!({"FunctionName": &long}), "ValidationException", "Member must have length less than or equal to 64"),
        (json!({"FunctionName": "a b"}), "ValidationException", "Value 'a b' at 'functionName' failed"),
        (json!({"FunctionName": null}), "ValidationException", "Value null at 'functionName'"),
        (json!({"Runtime": "python3.12"}), invalid, "Value python3.12 at 'runtime' failed to satisfy constraint"),
        (
            json!({"Timeout": 901}),
            "ValidationException",
            "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
        ),
        (json!({"Timeout": 0}), "ValidationException", "greater than or equal to 1"),
        (json!({"Timeout": "3"}), "SerializationException", "Timeout"),
        (json!({"MemorySize": 127}), "ValidationException", "Value '127' at 'memorySize'"),
        (json!({"Role": "worker"}), "ValidationException", "Value 'worker' at 'role'"),
        (json!({"Handler": "a b"}), "ValidationException", "'handler'"),
        (
            json!({"Environment": {"Variables": {"AWS_REGION": "x"}}}),
            invalid,
            "Reserved keys used in this request: AWS_REGION",
        ),
        (
            json!({"Environment": {"Variables": {"KEY": &big}}}),
            invalid,
            "exceeded the 4KB limit. String measured: {\"KEY\"",
        ),
        (json!({"Code": {}}), invalid, "Please provide a source for function code."),
    ];
    for (change, code, words) in cases {
        let mut params =
            json!({"FunctionName": "pack", "Runtime": "nodejs16.x", "Role": ROLE, "Code": {"SourceText": ""}});
        for (name, value) in change.as_object().unwrap() {
            params = params.with(name, value.clone());
        }
        check("CreateFunction", params, facts(), code, words);
    }
    let untrusted = CallFacts { role_trusts_lambda: Some(false), ..facts() };
    let words = "The role defined for the function cannot be assumed by Lambda.";
    check("UpdateFunctionConfiguration", json!({"FunctionName": "pack", "Role": ROLE}), untrusted, invalid, words);
    let gone = "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:lost";
    for action in ["GetFunction", "DeleteFunction", "Invoke", "UpdateFunctionCode", "GetFunctionConfiguration"] {
        check(action, json!({"FunctionName": "lost"}), facts(), "ResourceNotFoundException", gone);
    }
    check("Frobnicate", json!({}), facts(), "UnknownOperationException", "");
    let payload = json!({"FunctionName": "pack", "Payload": "{"});
    check("Invoke", payload, facts(), "InvalidRequestContentException", "Could not parse request body into json");
}

#[test]
fn mappings_are_checked() {
    let invalid = "InvalidParameterValueException";
    let fifo = format!("{QUEUE}.fifo");
    let cases = [
        (
            json!({"BatchSize": 11}),
            facts(),
            invalid,
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        ),
        (json!({"BatchSize": 0}), facts(), "ValidationException", "Value '0' at 'batchSize'"),
        (json!({"BatchSize": 10_001}), facts(), "ValidationException", "less than or equal to 10000"),
        (json!({"MaximumBatchingWindowInSeconds": 301}), facts(), "ValidationException", "less than or equal to 300"),
        (json!({"EventSourceArn": &fifo, "MaximumBatchingWindowInSeconds": 1}), facts(), invalid, "FIFO"),
        (
            json!({"ScalingConfig": {"MaximumConcurrency": 1}}),
            facts(),
            "ValidationException",
            "'scalingConfig.maximumConcurrency'",
        ),
        (json!({"FunctionResponseTypes": ["All"]}), facts(), "ValidationException", "[ReportBatchItemFailures]"),
        (json!({"EventSourceArn": "Parcels"}), facts(), invalid, "Unrecognized event source"),
        (json!({"FunctionName": "lost"}), facts(), "ResourceNotFoundException", "Function not found"),
        (
            json!({}),
            CallFacts { missing_permission: Some("ReceiveMessage".to_owned()), ..facts() },
            invalid,
            "The function execution role does not have permissions to call ReceiveMessage on SQS",
        ),
        (
            json!({}),
            CallFacts { queue_exists: Some(false), ..facts() },
            invalid,
            "AWS.SimpleQueueService.NonExistentQueue",
        ),
        (
            json!({}),
            CallFacts { queue_visibility_seconds: Some(2), ..facts() },
            invalid,
            "Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds",
        ),
    ];
    for (change, facts, code, words) in cases {
        let mut params = json!({"FunctionName": "pack", "EventSourceArn": QUEUE});
        for (name, value) in change.as_object().unwrap() {
            params = params.with(name, value.clone());
        }
        check("CreateEventSourceMapping", params, facts, code, words);
    }
    let mut world = World::new(host(|_| done(1_000, "null")));
    let uuid = world.create_mapped(json!({"Enabled": false}));
    let again =
        world.call("CreateEventSourceMapping", json!({"FunctionName": "pack", "EventSourceArn": QUEUE})).unwrap_err();
    assert_eq!((again.code.as_str(), again.http_status), ("ResourceConflictException", 409));
    assert_eq!(
        again.message,
        format!(
            "An event source mapping with SQS arn (\" {QUEUE} \") and function (\" pack \") already exists. Please update \
             or delete the existing mapping with UUID {uuid}"
        )
    );
}

#[test]
fn a_function_reads_back_as_it_was_made() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    let made = world.create(json!({"Environment": {"Variables": {"STAGE": "test"}}, "StrictModules": true})).unwrap();
    assert_eq!(made["FunctionArn"].as_str(), Some("arn:aws:lambda:eu-west-1:123456789012:function:pack"));
    assert_eq!(made["LastModified"].as_str(), Some("2023-11-14T22:13:20.000+0000"));
    let by_arn = json!({"FunctionName": &made["FunctionArn"]});
    let read = world.call("GetFunction", by_arn.clone()).unwrap();
    assert_eq!(read["Configuration"], made);
    assert_eq!(read["Code"]["FileName"].as_str(), Some("index.js"));
    world.call("UpdateFunctionCode", by_arn.with("SourceText", json!("x"))).unwrap();
    let changed = world.call("GetFunctionConfiguration", by_arn.clone()).unwrap();
    assert_ne!(changed["CodeSha256"], made["CodeSha256"]);
    assert_eq!(changed["CodeSize"].as_i64(), Some(1));
    assert_eq!(changed["Environment"], json!({"Variables": {"STAGE": "test"}}));
    assert_eq!(world.call("ListFunctions", json!({})).unwrap()["Functions"].as_array().unwrap().len(), 1);
    world.call("DeleteFunction", by_arn).unwrap();
    assert_eq!(world.call("ListFunctions", json!({})).unwrap()["Functions"].as_array().unwrap().len(), 0);
}
