//! Rules that answer instead of a function's code, and injected failures.

mod world;

use std::rc::Rc;

use lambda_sim::{InvocationFault, InvocationStatus, LambdaTrace};
use mock_rules::Rules;
use shared_json::{Value, json};
use world::*;

/// A function whose code must not run, with these rules.
fn mocked(rules: Value) -> World {
    let mut world = World::new(Box::new(|command| panic!("the host was asked: {command:?}")));
    world.create(json!({})).unwrap();
    world.functions.set_mock_rules(Rc::new(Rules::parse(&rules).unwrap()));
    world
}

fn payload(answer: &Value) -> Value {
    Value::parse(answer["Payload"].as_str().unwrap()).unwrap()
}

#[test]
fn a_rule_answers_with_lambda_s_own_frame() {
    let mut world = mocked(json!([{"Name": "good", "Function": "pack", "LatencySeconds": 2, "Return": {"ok": true}}]));
    let (answer, millis) = world.invoke(json!({}));
    assert_eq!(answer, json!({"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": "{\"ok\":true}"}));
    assert_eq!(millis, 1.0 + 180.0 + 2.0 + 2_000.0, "a cold start and the latency");
    assert_eq!(world.invoke(json!({})).1, 2_002.0, "warm");
    let log = world.log();
    assert!(log.iter().any(|line| line.contains("Answered by the mock rule \u{201c}good\u{201d}: succeeds with")));
    assert!(log.iter().any(|line| line.contains("\tDuration: 2000.00 ms\t")), "{log:?}");
}

#[test]
fn each_answer_plays_as_code_would() {
    let cases = [
        (json!({"Throw": {"Error": "OutOfStock", "Cause": "none left"}}), "OutOfStock", InvocationStatus::Failed),
        (json!({"TimeOut": true}), "Sandbox.Timedout", InvocationStatus::TimedOut),
        (json!({"LatencySeconds": 5, "Return": 1}), "Sandbox.Timedout", InvocationStatus::TimedOut),
        (json!({"Crash": true}), "Runtime.ExitError", InvocationStatus::Failed),
        (json!({"Callback": {}}), "Stepyard.NoTaskToken", InvocationStatus::Failed),
    ];
    for (answer, error_type, status) in cases {
        let rule = answer.with("Function", json!("pack"));
        let mut world = mocked(Value::array(vec![rule]));
        let answer = world.invoke(json!({})).0;
        assert_eq!(payload(&answer).get_str("errorType"), Some(error_type));
        assert_eq!(world.functions.invocations().next().unwrap().status, status);
    }
}

#[test]
fn some_events_are_mocked_and_others_run_the_code() {
    let mut world = World::new(host(|_| done(1_000, "\"code\"")));
    world.create(json!({})).unwrap();
    let rules = json!([
        {"Function": "pack", "When": {"Path": "$.n", "Equals": 2}, "Attempts": "0", "Throw": {"Error": "First"}},
        {"Function": "pack", "When": {"Pattern": {"n": [{"numeric": [">", 1]}]}}, "Return": "mock"}
    ]);
    world.functions.set_mock_rules(Rc::new(Rules::parse(&rules).unwrap()));
    let mut answers = Vec::new();
    for n in [1, 2, 2, 1, 3] {
        answers.push(payload(&world.invoke(json!({"Payload": format!("{{\"n\":{n}}}")})).0));
    }
    let told: Vec<&str> =
        answers.iter().map(|a| a.as_str().unwrap_or_else(|| a.get_str("errorType").unwrap())).collect();
    assert_eq!(told, ["code", "First", "mock", "code", "mock"]);
    let mocks: Vec<bool> = world.functions.invocations().map(|invocation| invocation.mock.is_some()).collect();
    assert_eq!(mocks, [false, true, true, false, true]);
}

fn token_calls(world: &World) -> Vec<(u64, String)> {
    let calls = world.requests.iter().filter(|(_, action, ..)| action.starts_with("states:"));
    calls.map(|(at, action, params, _)| (at.since(START).secs(), format!("{action} {params}"))).collect()
}

#[test]
fn callbacks_are_sent_once_twice_or_never() {
    let event = json!({"Payload": r#"{"TaskToken":"t1"}"#});
    let success = r#"states:SendTaskSuccess {"output":"{\"at\":7}","taskToken":"t1"}"#.to_owned();
    let failure = r#"states:SendTaskFailure {"error":"Lost","cause":"","taskToken":"t1"}"#.to_owned();
    let beat = r#"states:SendTaskHeartbeat {"taskToken":"t1"}"#.to_owned();
    let cases = [
        (json!({"Return": {"at": 7}}), vec![(0, success.clone())]),
        (json!({"Return": {"at": 7}, "Times": 2}), vec![(0, success.clone()), (0, success.clone())]),
        (json!({"Throw": {"Error": "Lost"}}), vec![(0, failure)]),
        (json!({"Times": 0}), vec![]),
        (json!({"Heartbeats": 2, "EverySeconds": 5, "Times": 0}), vec![(5, beat.clone()), (10, beat.clone())]),
        (json!({"Return": {"at": 7}, "Heartbeats": 1, "EverySeconds": 5}), vec![(5, beat), (5, success)]),
    ];
    for (callback, expected) in cases {
        let rule = json!({"Function": "pack"}).with("Callback", callback.clone());
        let mut world = mocked(Value::array(vec![rule]));
        world.call("UpdateFunctionConfiguration", json!({"FunctionName": "pack", "Timeout": 60})).unwrap();
        let answer = world.invoke(event.clone()).0;
        assert_eq!(answer["Payload"].as_str(), Some("null"), "{callback}");
        assert_eq!(token_calls(&world), expected, "{callback}");
    }
}

#[test]
fn a_refused_callback_fails_the_mocked_handler() {
    let mut world = mocked(json!([{"Function": "pack", "Callback": {}}]));
    world.answer = Err(aws_protocol::AwsError::new("TaskTimedOut", "late"));
    let answer = world.invoke(json!({"Payload": r#"{"token":"t"}"#})).0;
    assert_eq!(payload(&answer).get_str("errorType"), Some("TaskTimedOut"));
}

#[test]
fn a_running_invocation_crashes_when_told_to() {
    let mut world = World::new(host(|_| done(2_000_000, "1")));
    world.create(json!({})).unwrap();
    let call = world.call_with("Invoke", json!({"FunctionName": "pack"}), facts());
    world.run(1.0);
    let request_id = world.functions.invocations().next().unwrap().request_id.clone();
    let (functions, now) = (&mut world.functions, world.now);
    functions.inject(now, InvocationFault::Crash { request_id: request_id.clone() }).unwrap();
    world.run(0.0);
    world.call("GetFunction", json!({"FunctionName": "pack"})).unwrap();
    let answer = world.answers.remove(&call).unwrap().unwrap();
    assert_eq!(payload(&answer).get_str("errorType"), Some("Runtime.ExitError"));
    let gone = world.functions.inject(world.now, InvocationFault::Crash { request_id }).unwrap_err();
    assert_eq!(gone.code, "ResourceNotFoundException");
    assert_eq!(world.functions.next_wakeup(), None, "nothing is left of it");
}

#[test]
fn the_next_invocations_crash_or_are_throttled() {
    let mut world = World::new(host(|_| done(1_000, "1")));
    world.create(json!({})).unwrap();
    let pack: Rc<str> = "pack".into();
    let (functions, now) = (&mut world.functions, world.now);
    functions.inject(now, InvocationFault::CrashNext { function: pack.clone(), times: 2 }).unwrap();
    let crashed: Vec<bool> = (0..3).map(|_| world.invoke(json!({})).0.get("FunctionError").is_some()).collect();
    assert_eq!(crashed, [true, true, false]);
    let (functions, now) = (&mut world.functions, world.now);
    functions.inject(now, InvocationFault::ThrottleNext { function: pack, times: 1 }).unwrap();
    let call = world.call_with("Invoke", json!({"FunctionName": "pack"}), facts());
    assert_eq!(world.answers.remove(&call).unwrap().unwrap_err().code, "TooManyRequestsException");
    assert_eq!(world.invoke(json!({})).0["Payload"].as_str(), Some("1"));
    let faults = world.traces.iter().filter(|trace| matches!(trace, LambdaTrace::Fault { .. })).count();
    assert_eq!(faults, 3);
    let lost = InvocationFault::CrashNext { function: "lost".into(), times: 1 };
    assert_eq!(world.functions.inject(world.now, lost).unwrap_err().code, "ResourceNotFoundException");
}
