//! What the options of an event source mapping change: filters, FIFO groups, scaling, visibility, pages of the list.

mod world;

use lambda_sim::{InvocationStatus, LambdaTrace};
use shared_json::{Value, json};
use world::*;

fn batches(world: &World) -> Vec<Vec<String>> {
    let ids = |i: &lambda_sim::Invocation| i.message_ids().iter().map(|id| id.to_string()).collect();
    world.functions.invocations().map(ids).collect()
}

fn running(world: &World) -> usize {
    let runs = |i: &&lambda_sim::Invocation| matches!(i.status, InvocationStatus::Running | InvocationStatus::Starting);
    world.functions.invocations().filter(runs).count()
}

#[test]
fn filtered_messages_are_deleted_and_reach_no_handler() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    let pattern = json!({"body": {"kind": ["new"]}}).to_string();
    let uuid = world.create_mapped(json!({"FilterCriteria": {"Filters": [{"Pattern": pattern}]}}));
    let read = world.call("GetEventSourceMapping", json!({"UUID": &uuid})).unwrap();
    assert_eq!(read["FilterCriteria"]["Filters"][0].get_str("Pattern"), Some(&*pattern));
    world.send_bodies(&[("a", r#"{"kind":"new"}"#), ("b", r#"{"kind":"old"}"#), ("c", "no JSON")]);
    world.run(2.0);
    assert_eq!(batches(&world), [["a"]]);
    assert_eq!(world.messages_left(), [""; 0]);
    let dropped = world.traces.iter().find_map(|trace| match trace {
        LambdaTrace::Filtered { message_ids, .. } => Some(message_ids.iter().map(|id| id.to_string()).collect()),
        _ => None,
    });
    assert_eq!(dropped, Some(vec!["b".to_owned(), "c".to_owned()]));

    let cleared = json!({"UUID": &uuid, "FilterCriteria": {}});
    assert_eq!(world.call("UpdateEventSourceMapping", cleared).unwrap().get("FilterCriteria"), None);
    world.run(6.0);
    world.send_bodies(&[("d", "no JSON")]);
    world.run(1.0);
    assert_eq!(batches(&world).last().unwrap(), &["d"]);
}

#[test]
fn wrong_options_are_refused_in_aws_s_words() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create(json!({})).unwrap();
    let filters = |patterns: Vec<&str>| {
        let filters = patterns.iter().map(|pattern| json!({"Pattern": *pattern})).collect();
        json!({}).with("FilterCriteria", Value::object([("Filters", Value::array(filters))]))
    };
    let long = format!("{{\"body\":[\"{}\"]}}", "x".repeat(4_096));
    let cases = [
        (filters(vec!["[]"]), "Invalid filter pattern definition."),
        (filters(vec!["{broken"]), "Invalid filter pattern definition."),
        (filters(vec![r#"{"body": "text"}"#]), "Invalid filter pattern definition."),
        (json!({"FilterCriteria": {"Filters": [{}]}}), "Invalid filter pattern definition."),
        (filters(vec![&long]), "at 'filterCriteria.filters.1.member.pattern' failed to satisfy constraint"),
        (filters(vec![r#"{"body": ["x"]}"#; 6]), "Filter count exceeds the limit of 5 filters."),
        (json!({"StartingPosition": "LATEST"}), "StartingPosition is not valid for SQS event sources."),
        (
            json!({"BisectBatchOnFunctionError": true}),
            "Unsupported BisectBatchOnFunctionError parameter for given event source mapping type.",
        ),
        (json!({"LoggingConfig": {"SystemLogLevel": "DEBUG"}}), "Unsupported LoggingConfig parameter"),
        (json!({"ProvisionedPollerConfig": {"MinimumPollers": 1}}), "'provisionedPollerConfig.minimumPollers' failed"),
        (json!({"ProvisionedPollerConfig": {"MaximumPollers": 10_001}}), "less than or equal to 10000"),
        (
            json!({"ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 4}}),
            "MinimumPollers must be less than or equal to MaximumPollers",
        ),
        (
            json!({"ProvisionedPollerConfig": {"MinimumPollers": 2}, "ScalingConfig": {"MaximumConcurrency": 2}}),
            "Maximum concurrency cannot be set",
        ),
        (json!({"MetricsConfig": {"Metrics": ["Latency"]}}), "enum value set: [EventCount, ErrorCount]"),
        (json!({"KMSKeyArn": "key"}), "at 'kMSKeyArn' failed to satisfy constraint"),
        (
            json!({"FunctionResponseTypes": ["ReportBatchItemFailures", "ReportBatchItemFailures"]}),
            "Member must have length less than or equal to 1",
        ),
    ];
    for (change, words) in cases {
        let mut params = json!({"FunctionName": "pack", "EventSourceArn": QUEUE});
        for (name, value) in change.as_object().unwrap() {
            params = params.with(name, value.clone());
        }
        let error = world.call("CreateEventSourceMapping", params).unwrap_err();
        assert!(error.message.contains(words), "{change}: {}", error.message);
    }
}

#[test]
fn a_fifo_group_has_one_batch_at_the_function_and_keeps_its_order() {
    let mut world = World::new(host(|_| done(2_000_000, "null")));
    world.create_mapped(json!({"EventSourceArn": format!("{QUEUE}.fifo")}));
    world.send_grouped(&[("a1", "a"), ("b1", "b"), ("a2", "a")]);
    world.run(0.1);
    world.send_grouped(&[("a3", "a"), ("c1", "c")]);
    world.run(1.0);
    assert_eq!(batches(&world), [vec!["a1", "a2"], vec!["b1"], vec!["c1"]]);
    assert_eq!(running(&world), 3, "groups run side by side");
    world.run(30.0);
    assert_eq!(batches(&world).last().unwrap(), &["a3"], "after the group's first batch");
    assert_eq!(world.messages_left(), [""; 0]);
}

/// The handler takes longer than the queue waits: the group's messages are read again, and wait for the first batch.
#[test]
fn a_fifo_group_that_comes_back_waits_for_its_batch() {
    let mut world = World::new(host(|_| done(2_900_000, "null")));
    world.visibility_seconds = 2;
    world.create_mapped(json!({"EventSourceArn": format!("{QUEUE}.fifo")}));
    world.send_grouped(&[("a1", "a")]);
    for _ in 0..20 {
        world.run(0.5);
        assert!(running(&world) <= 1, "at {}", world.now);
    }
    assert!(batches(&world).len() > 1, "delivered again");
}

#[test]
fn a_visibility_shorter_than_the_handler_s_run_delivers_twice() {
    let mut world = World::new(host(|_| done(2_900_000, "null")));
    world.visibility_seconds = 1;
    world.create_mapped(json!({}));
    world.send(&["a"]);
    world.run(2.5);
    assert!(batches(&world).len() >= 2, "{:?}", batches(&world));
    assert!(running(&world) >= 2, "two copies at once");
}

#[test]
fn a_backlog_raises_the_concurrency_each_minute() {
    let mut world = World::new(host(|_| done(170_000_000, "null")));
    world.create(json!({"Timeout": 180})).unwrap();
    world.visibility_seconds = 600;
    let params = json!({"FunctionName": "pack", "EventSourceArn": QUEUE, "BatchSize": 1});
    let facts = lambda_sim::CallFacts { queue_visibility_seconds: Some(600), ..facts() };
    world.call_with("CreateEventSourceMapping", params, facts);
    world.run(6.0);
    let names: Vec<String> = (0..400).map(|n| format!("m{n}")).collect();
    world.send(&names.iter().map(String::as_str).collect::<Vec<_>>());
    world.run(50.0);
    assert_eq!(running(&world), 5);
    world.run(20.0);
    assert_eq!(running(&world), 305);
    world.run(60.0);
    assert_eq!(running(&world), 400);
    assert_eq!(world.functions.mappings().next().unwrap().concurrency(), 605);
}

#[test]
fn failures_lower_the_concurrency_and_successes_bring_it_back() {
    let mut calls = 0;
    let mut world = World::new(host(move |_| {
        calls += 1;
        if calls <= 3 { failed("Error", false) } else { done(1_000, "null") }
    }));
    world.create_mapped(json!({"BatchSize": 1}));
    world.send(&["a", "b", "c"]);
    world.run(2.0);
    let concurrency = |world: &World| world.functions.mappings().next().unwrap().concurrency();
    assert_eq!(concurrency(&world), 2);
    world.run(40.0);
    assert_eq!(world.messages_left(), [""; 0]);
    assert_eq!(concurrency(&world), 5);
}

#[test]
fn a_window_s_messages_stay_away_for_as_long_as_the_batch_may_take() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create(json!({"Timeout": 20})).unwrap();
    let params = json!({"FunctionName": "pack", "EventSourceArn": QUEUE, "MaximumBatchingWindowInSeconds": 15});
    world.call("CreateEventSourceMapping", params).unwrap();
    world.run(6.0);
    let poll = &world.requests[0].2;
    assert_eq!(poll["VisibilityTimeout"].as_i64(), Some(15 + 20 + 30));
}

#[test]
fn lists_come_in_pages() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    world.create(json!({})).unwrap();
    for n in 0..5 {
        let queue = format!("{QUEUE}{n}");
        world.call("CreateEventSourceMapping", json!({"FunctionName": "pack", "EventSourceArn": queue})).unwrap();
    }
    let mut seen = Vec::new();
    let mut params = json!({"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:pack", "MaxItems": 2});
    let mut pages = 0;
    loop {
        let page = world.call("ListEventSourceMappings", params.clone()).unwrap();
        let uuids = page["EventSourceMappings"].as_array().unwrap().iter();
        seen.extend(uuids.map(|mapping| mapping["UUID"].as_str().unwrap().to_owned()));
        pages += 1;
        match page.get("NextMarker") {
            Some(marker) => params = params.with("Marker", marker.clone()),
            None => break,
        }
    }
    seen.dedup();
    assert_eq!((seen.len(), pages), (5, 3));
    let one = json!({"EventSourceArn": format!("{QUEUE}3")});
    assert_eq!(world.call("ListEventSourceMappings", one).unwrap()["EventSourceMappings"].as_array().unwrap().len(), 1);
    let none = world.call("ListEventSourceMappings", json!({"FunctionName": "other"})).unwrap();
    assert_eq!(none["EventSourceMappings"].as_array().unwrap().len(), 0);
    world.call("ListEventSourceMappings", json!({"MaxItems": 0})).unwrap_err();
    world.call("ListEventSourceMappings", json!({"Marker": "x"})).unwrap_err();
}

#[test]
fn pollers_of_its_own_make_a_mapping_begin_wide() {
    let mut world = World::new(host(|_| done(10_000_000, "null")));
    let config = json!({"MaximumPollers": 3});
    let uuid = world.create_mapped(json!({"BatchSize": 1}).with("ProvisionedPollerConfig", config));
    let read = world.call("GetEventSourceMapping", json!({"UUID": &uuid})).unwrap();
    assert_eq!(read["ProvisionedPollerConfig"], json!({"MinimumPollers": 2, "MaximumPollers": 3}));
    let names: Vec<String> = (0..40).map(|n| format!("m{n}")).collect();
    world.send(&names.iter().map(String::as_str).collect::<Vec<_>>());
    world.run(0.5);
    assert_eq!(running(&world), 20, "ten invocations for each of the two pollers that are always there");

    let ended = world.call("UpdateEventSourceMapping", json!({"UUID": &uuid, "ProvisionedPollerConfig": {}})).unwrap();
    assert_eq!(ended.get("ProvisionedPollerConfig"), None);
}

#[test]
fn metrics_and_key_are_kept_and_told() {
    let mut world = World::new(host(|_| done(1_000, "null")));
    let key = "arn:aws:kms:eu-west-1:123456789012:key/k-1";
    let uuid = world.create_mapped(json!({"MetricsConfig": {"Metrics": ["EventCount"]}, "KMSKeyArn": key}));
    let read = world.call("GetEventSourceMapping", json!({"UUID": &uuid})).unwrap();
    assert_eq!(read["MetricsConfig"], json!({"Metrics": ["EventCount"]}));
    assert_eq!(read.get_str("KMSKeyArn"), Some(key));
    let none = json!({"UUID": &uuid, "MetricsConfig": {"Metrics": []}, "KMSKeyArn": ""});
    let changed = world.call("UpdateEventSourceMapping", none).unwrap();
    assert_eq!((changed.get("MetricsConfig"), changed.get("KMSKeyArn")), (None, None));
}
