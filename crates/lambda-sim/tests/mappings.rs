//! Event source mappings: their states, and the loop that reads a queue.

mod world;

use aws_protocol::AwsError;
use aws_protocol::handler::Command;
use lambda_sim::{InvocationStatus, MappingState};
use shared_json::{Value, json};
use world::*;

fn polls(world: &World) -> Vec<u64> {
    let polls = world.requests.iter().filter(|(_, action, ..)| action == "sqs:ReceiveMessage");
    polls.map(|(at, ..)| at.since(START).secs()).collect()
}

fn result(world: &World) -> Option<String> {
    world.functions.mappings().next().unwrap().last_processing_result.as_ref().map(|text| text.to_string())
}

#[test]
fn an_idle_mapping_polls_once_in_twenty_seconds() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create_mapped(json!({}));
    world.run(100.0);
    assert_eq!(polls(&world), [5, 25, 45, 65, 85, 105]);
    assert_eq!(result(&world).as_deref(), Some("No records processed"));
    let (_, _, params, _) = &world.requests[0];
    assert_eq!(params["QueueUrl"].as_str(), Some("https://sqs.eu-west-1.amazonaws.com/123456789012/Parcels"));
}

#[test]
fn messages_reach_the_handler_and_are_deleted() {
    let mut world = World::new(host(|command| {
        if let Command::Invoke { event, .. } = command {
            let event = Value::parse(event).unwrap();
            assert_eq!(event["Records"][1]["messageId"].as_str(), Some("b"));
            assert_eq!(event["Records"][0]["eventSourceARN"].as_str(), Some(QUEUE));
        }
        done(1_000, "null")
    }));
    let uuid = world.create_mapped(json!({}));
    world.send(&["a", "b"]);
    world.run(1.0);
    assert_eq!(world.messages_left(), [""; 0]);
    let invocation = world.functions.invocations().next().unwrap();
    assert_eq!(invocation.mapping().map(|id| &**id), Some(uuid.as_str()));
    assert_eq!(invocation.message_ids().len(), 2);
    assert_eq!(result(&world).as_deref(), Some("OK"));
    let mapping = world.functions.mappings().next().unwrap();
    assert_eq!((mapping.batches_in_flight(), mapping.is_polling()), (0, true));
}

#[test]
fn a_failed_batch_comes_back_after_its_visibility_timeout() {
    let mut world = World::new(host(|_| failed("Error", false)));
    world.create_mapped(json!({}));
    world.send(&["a"]);
    world.run(65.0);
    assert_eq!(world.messages_left(), ["a"]);
    let starts: Vec<u64> = world.functions.invocations().map(|i| i.accepted_at.since(START).secs()).collect();
    assert_eq!(starts, [6, 36, 66]);
    assert_eq!(result(&world).as_deref(), Some("PROBLEM: Function call failed"));
}

/// The handler's response, and the messages that stay in the queue.
#[test]
fn partial_failures_keep_only_the_failed_messages() {
    let cases: [(bool, &str, &[&str]); 5] = [
        (true, r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, &["b"]),
        (true, r#"{"batchItemFailures":[]}"#, &[]),
        (true, r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, &["a", "b"]),
        (true, r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}"#, &["a", "b"]),
        (false, r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, &[]),
    ];
    for (reports, response, left) in cases {
        let mut world = World::new(host(move |_| done(1_000, response)));
        let types: &[&str] = if reports { &["ReportBatchItemFailures"] } else { &[] };
        world.create_mapped(json!({"FunctionResponseTypes": types}));
        world.send(&["a", "b"]);
        world.run(1.0);
        assert_eq!(world.messages_left(), left, "{response}");
    }
}

#[test]
fn five_batches_run_at_once() {
    for (extra, batches) in [(json!({}), 5), (json!({"ScalingConfig": {"MaximumConcurrency": 2}}), 2)] {
        let mut world = World::new(host(|_| done(1_000_000, "null")));
        world.create_mapped(extra.with("BatchSize", json!(1)));
        world.send(&["a", "b", "c", "d", "e", "f", "g"]);
        world.run(0.5);
        let running = world.functions.invocations().filter(|i| i.status == InvocationStatus::Running).count();
        assert_eq!(running, batches);
        world.run(10.0);
        assert_eq!(world.messages_left(), [""; 0]);
    }
}

#[test]
fn a_batch_window_gathers_messages() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create_mapped(json!({"BatchSize": 20, "MaximumBatchingWindowInSeconds": 5}));
    world.send(&["a"]);
    world.run(2.0);
    world.send(&["b", "c"]);
    world.run(2.0);
    assert_eq!(world.functions.invocations().count(), 0);
    world.run(2.0);
    let sizes: Vec<usize> = world.functions.invocations().map(|i| i.message_ids().len()).collect();
    assert_eq!(sizes, [3]);
    let names: Vec<String> = (0..20).map(|n| format!("m{n}")).collect();
    world.send(&names.iter().map(String::as_str).collect::<Vec<_>>());
    world.run(1.0);
    assert_eq!(world.functions.invocations().last().unwrap().message_ids().len(), 20, "full before its window ends");
    assert_eq!(world.messages_left(), [""; 0]);
}

#[test]
fn a_mapping_that_may_not_poll_says_so_and_rests() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.poll_error = Some(AwsError::new("AccessDenied", "User: x is not authorized"));
    world.create_mapped(json!({}));
    world.run(195.0);
    assert_eq!(polls(&world), [5, 15, 35, 75, 135, 195]);
    assert_eq!(result(&world).as_deref(), Some("PROBLEM: User: x is not authorized"));
    world.poll_error = None;
    world.run(80.0);
    assert_eq!(result(&world).as_deref(), Some("No records processed"));
}

#[test]
fn a_throttled_batch_is_tried_again_while_its_messages_are_held() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create_mapped(json!({}));
    world.call("PutFunctionConcurrency", json!({"FunctionName": "pack", "ReservedConcurrentExecutions": 0})).unwrap();
    world.send(&["a"]);
    world.run(2.0);
    assert_eq!(result(&world).as_deref(), Some("PROBLEM: Function call throttled"));
    world.call("DeleteFunctionConcurrency", json!({"FunctionName": "pack"})).unwrap();
    world.run(4.0);
    assert_eq!(world.messages_left(), [""; 0]);
}

#[test]
fn a_mapping_passes_through_its_states() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    let uuid = world.create_mapped(json!({}));
    let change = |world: &mut World, enabled: bool| {
        let answer = world.call("UpdateEventSourceMapping", json!({"UUID": &uuid, "Enabled": enabled})).unwrap();
        answer["State"].as_str().unwrap().to_owned()
    };
    let state = |world: &World| world.functions.mappings().next().map(|mapping| mapping.state);
    assert_eq!(change(&mut world, false), "Disabling");
    assert_eq!(world.cancelled, 1, "the long poll ends at once");
    let busy = world.call("DeleteEventSourceMapping", json!({"UUID": &uuid})).unwrap_err();
    assert_eq!(busy.code, "ResourceInUseException");
    world.run(5.0);
    assert_eq!(state(&world), Some(MappingState::Disabled));
    assert_eq!(world.functions.next_wakeup(), None);
    world.send(&["a"]);
    world.run(60.0);
    assert_eq!(world.messages_left(), ["a"]);
    assert_eq!(change(&mut world, true), "Enabling");
    world.run(6.0);
    assert_eq!(world.messages_left(), [""; 0]);
    assert_eq!(change(&mut world, true), "Updating");
    world.run(5.0);
    let deleting = world.call("DeleteEventSourceMapping", json!({"UUID": &uuid})).unwrap();
    assert_eq!(deleting["State"].as_str(), Some("Deleting"));
    world.run(5.0);
    assert_eq!(state(&world), None);
    assert_eq!(world.call("GetEventSourceMapping", json!({"UUID": &uuid})).unwrap_err().http_status, 404);
}

#[test]
fn a_mapping_outlives_its_function() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create_mapped(json!({}));
    world.call("DeleteFunction", json!({"FunctionName": "pack"})).unwrap();
    world.run(60.0);
    assert_eq!(result(&world).as_deref(), Some("PROBLEM: Function not found"));
}
