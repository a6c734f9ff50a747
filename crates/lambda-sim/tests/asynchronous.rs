//! Asynchronous invocations: retries, ages, destinations and dead letters.

mod world;

use lambda_sim::CallFacts;
use shared_json::{Value, json};
use world::*;

const RECORDS: &str = "arn:aws:sqs:eu-west-1:123456789012:Records";
const LETTERS: &str = "arn:aws:sqs:eu-west-1:123456789012:Letters";

fn invoke(world: &mut World) {
    let params = json!({"FunctionName": "pack", "InvocationType": "Event", "Payload": r#"{"n":1}"#});
    assert_eq!(world.call("Invoke", params).unwrap()["StatusCode"].as_i64(), Some(202));
}

fn attempts(world: &World) -> Vec<u64> {
    world.functions.invocations().map(|i| i.accepted_at.since(START).secs()).collect()
}

/// What was sent to queues: the queue's name, and the parameters.
fn sent(world: &World) -> Vec<(String, Value)> {
    let sends = world.requests.iter().filter(|(_, action, ..)| action == "sqs:SendMessage");
    sends
        .map(|(_, _, params, _)| {
            (params["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap().into(), params.clone())
        })
        .collect()
}

fn configure(world: &mut World, settings: Value) {
    let mut params = json!({"FunctionName": "pack"});
    for (name, value) in settings.as_object().unwrap() {
        params = params.with(name, value.clone());
    }
    world.call("PutFunctionEventInvokeConfig", params).unwrap();
}

#[test]
fn retries_are_bounded_by_number_and_age() {
    let cases: [(Value, &[u64]); 5] = [
        (json!({"MaximumRetryAttempts": 0}), &[0]),
        (json!({"MaximumRetryAttempts": 1}), &[0, 60]),
        (json!({"MaximumRetryAttempts": 2}), &[0, 60, 180]),
        (json!({"MaximumEventAgeInSeconds": 60}), &[0]),
        (json!({"MaximumEventAgeInSeconds": 100}), &[0, 60]),
    ];
    for (settings, expected) in cases {
        let mut world = World::new(host(|_| failed("Error", false)));
        world.create(json!({})).unwrap();
        configure(&mut world, settings.clone());
        invoke(&mut world);
        world.run(1_000.0);
        assert_eq!(attempts(&world), expected, "{settings}");
    }
}

#[test]
fn a_failed_event_leaves_a_record_and_a_dead_letter() {
    let mut world = World::new(host(|_| failed("TypeError", false)));
    world.create(json!({"DeadLetterConfig": {"TargetArn": LETTERS}})).unwrap();
    configure(&mut world, json!({"DestinationConfig": {"OnFailure": {"Destination": RECORDS}}}));
    invoke(&mut world);
    world.run(170.0);
    assert!(sent(&world).is_empty(), "not before the last attempt");
    world.run(30.0);
    let sent = sent(&world);
    assert_eq!(sent.iter().map(|(queue, _)| queue.as_str()).collect::<Vec<_>>(), ["Records", "Letters"]);
    let id = world.functions.invocations().next().unwrap().request_id.clone();
    let record = Value::parse(sent[0].1["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(
        record["requestContext"],
        json!({"requestId": &*id,
        "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:pack:$LATEST",
        "condition": "RetriesExhausted", "approximateInvokeCount": 3})
    );
    assert_eq!(record["requestPayload"], json!({"n": 1}));
    assert_eq!(
        record["responseContext"],
        json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"})
    );
    assert_eq!(record["responsePayload"].get_str("errorType"), Some("TypeError"));
    let letter = &sent[1].1;
    assert_eq!(letter.get_str("MessageBody"), Some(r#"{"n":1}"#));
    assert_eq!(letter["MessageAttributes"]["RequestID"].get_str("StringValue"), Some(&*id));
    assert_eq!(letter["MessageAttributes"]["ErrorCode"], json!({"DataType": "Number", "StringValue": "200"}));
    assert_eq!(letter["MessageAttributes"]["ErrorMessage"].get_str("StringValue"), Some("boom"));
}

#[test]
fn a_success_leaves_a_record_too() {
    let mut world = World::new(host(|_| done(1_000, r#"{"ok":true}"#)));
    world.create(json!({"DeadLetterConfig": {"TargetArn": LETTERS}})).unwrap();
    configure(&mut world, json!({"DestinationConfig": {"OnSuccess": {"Destination": RECORDS}}}));
    invoke(&mut world);
    world.run(5.0);
    let sent = sent(&world);
    assert_eq!(sent.len(), 1);
    let record = Value::parse(sent[0].1["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(record["requestContext"].get_str("condition"), Some("Success"));
    assert_eq!(record["responsePayload"], json!({"ok": true}));
    assert_eq!(record["responseContext"], json!({"statusCode": 200, "executedVersion": "$LATEST"}));
}

#[test]
fn events_of_a_function_without_concurrency_go_to_its_destination_or_wait() {
    let zero = json!({"FunctionName": "pack", "ReservedConcurrentExecutions": 0});
    let mut world = World::new(host(|_| done(1_000, "1")));
    world.create(json!({})).unwrap();
    world.call("PutFunctionConcurrency", zero.clone()).unwrap();
    invoke(&mut world);
    world.run(10.0);
    world.call("DeleteFunctionConcurrency", json!({"FunctionName": "pack"})).unwrap();
    world.run(10.0);
    assert_eq!(attempts(&world).len(), 1, "tried again when there is room");

    configure(&mut world, json!({"DestinationConfig": {"OnFailure": {"Destination": RECORDS}}}));
    world.call("PutFunctionConcurrency", zero.clone()).unwrap();
    invoke(&mut world);
    let record = Value::parse(sent(&world)[0].1["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(record["requestContext"].get_str("condition"), Some("ZeroReservedConcurrency"));
    assert_eq!(record.get("responsePayload"), None);

    let mut world = World::new(host(|_| done(1_000, "1")));
    world.create(json!({})).unwrap();
    world.call("PutFunctionConcurrency", zero).unwrap();
    configure(&mut world, json!({"MaximumEventAgeInSeconds": 60}));
    invoke(&mut world);
    world.run(200.0);
    assert_eq!(world.functions.next_wakeup(), None, "given up after its age");
}

#[test]
fn the_configuration_reads_back_and_is_checked() {
    let mut world = World::new(host(|_| done(1_000, "1")));
    world.create(json!({})).unwrap();
    let named = json!({"FunctionName": "pack"});
    let refused = |world: &mut World, action: &str, params: Value, facts: CallFacts| {
        let call = world.call_with(action, params, facts);
        world.answers.remove(&call).unwrap().unwrap_err().message
    };
    let arn = "arn:aws:lambda:eu-west-1:123456789012:function:pack";
    let none = format!("The function {arn}:$LATEST doesn't have an EventInvokeConfig");
    assert_eq!(refused(&mut world, "GetFunctionEventInvokeConfig", named.clone(), facts()), none);
    assert_eq!(refused(&mut world, "DeleteFunctionEventInvokeConfig", named.clone(), facts()), none);
    let one = named.with("MaximumRetryAttempts", json!(1));
    assert_eq!(refused(&mut world, "UpdateFunctionEventInvokeConfig", one.clone(), facts()), none);
    let put = "PutFunctionEventInvokeConfig";
    let destination = |arn: &str| named.with("DestinationConfig", json!({"OnFailure": {"Destination": arn}}));
    let denied = CallFacts { denied_target: Some(RECORDS.into()), ..facts() };
    let lost = CallFacts { lost_target: Some(RECORDS.into()), ..facts() };
    let cases = [
        (named.clone(), facts(), "You must specify at least one of error handling or destination setting."),
        (named.with("MaximumRetryAttempts", json!(3)), facts(), "Value '3' at 'maximumRetryAttempts' failed"),
        (named.with("MaximumEventAgeInSeconds", json!(59)), facts(), "Value '59' at 'maximumEventAgeInSeconds'"),
        (json!({"FunctionName": "lost", "MaximumRetryAttempts": 1}), facts(), "The function doesn't exist."),
        (destination(arn), facts(), "You can't specify the function as a destination for itself."),
        (
            destination("Records"),
            facts(),
            "The provided destination config DestinationConfig(onSuccess=null, \
             onFailure=OnFailure(destination=Records)) is invalid.",
        ),
        (
            destination(RECORDS),
            denied,
            "The function's execution role does not have permissions to call SendMessage on arn",
        ),
        (destination(RECORDS), lost, "The destination ARN arn:aws:sqs:eu-west-1:123456789012:Records is invalid."),
    ];
    for (params, facts, words) in cases {
        let message = refused(&mut world, put, params, facts);
        assert!(message.contains(words), "{message}");
    }
    world.call(put, destination(RECORDS)).unwrap();
    world.call("UpdateFunctionEventInvokeConfig", one).unwrap();
    let read = world.call("GetFunctionEventInvokeConfig", named.clone()).unwrap();
    assert_eq!(read["MaximumRetryAttempts"].as_i64(), Some(1));
    assert_eq!(read["DestinationConfig"], json!({"OnSuccess": {}, "OnFailure": {"Destination": RECORDS}}));
    let listed = world.call("ListFunctionEventInvokeConfigs", named.clone()).unwrap();
    assert_eq!(listed["FunctionEventInvokeConfigs"].as_array().unwrap().len(), 1);
    world.call("DeleteFunctionEventInvokeConfig", named.clone()).unwrap();
    assert_eq!(refused(&mut world, "GetFunctionEventInvokeConfig", named.clone(), facts()), none);

    let letters = named.with("DeadLetterConfig", json!({"TargetArn": LETTERS}));
    let denied = CallFacts { denied_target: Some(LETTERS.into()), ..facts() };
    let message = refused(&mut world, "UpdateFunctionConfiguration", letters.clone(), denied);
    assert_eq!(message, "The provided execution role does not have permissions to call SendMessage on SQS");
    let wrong = named.with("DeadLetterConfig", json!({"TargetArn": "Letters"}));
    assert!(
        refused(&mut world, "UpdateFunctionConfiguration", wrong, facts()).contains("'deadLetterConfig.targetArn'")
    );
    let set = world.call("UpdateFunctionConfiguration", letters).unwrap();
    assert_eq!(set["DeadLetterConfig"].get_str("TargetArn"), Some(LETTERS));
    let unset = named.with("DeadLetterConfig", json!({"TargetArn": ""}));
    assert_eq!(world.call("UpdateFunctionConfiguration", unset).unwrap().get("DeadLetterConfig"), None);
}
