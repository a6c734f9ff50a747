//! Invocations on the virtual clock, with a host that plays the handler.

mod world;

use aws_protocol::AwsError;
use aws_protocol::handler::{CallAnswer, Command, KillReason, Turn, TurnState};
use lambda_sim::{InvocationStatus, LambdaLimits};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};
use world::*;

fn payload(answer: &Value) -> Value {
    Value::parse(answer["Payload"].as_str().unwrap()).unwrap()
}

#[test]
fn a_cold_start_is_slower_than_a_warm_one() {
    let mut world = World::new(host(|_| done(10_000, "[1]")));
    world.create(json!({})).unwrap();
    let (answer, millis) = world.invoke(json!({}));
    assert_eq!(answer, json!({"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": "[1]"}));
    assert_eq!(millis, 20.0 + 180.0 + 2.0 + 10.0);
    assert_eq!(world.invoke(json!({})).1, 12.0);
    world.run(601.0);
    assert_eq!(world.invoke(json!({})).1, 212.0, "idle for ten minutes");
    world.call("UpdateFunctionConfiguration", json!({"FunctionName": "pack", "Timeout": 4})).unwrap();
    assert_eq!(world.invoke(json!({})).1, 212.0, "another configuration");
}

#[test]
fn the_log_reads_as_on_aws() {
    let mut world = World::new(Box::new(|command| match command {
        Command::Init { .. } => Turn { logs: vec![log(100, "loading")], ..turn(20_000, TurnState::Idle) },
        _ => Turn { logs: vec![log(0, "hello")], ..done(12_340, "null") },
    }));
    world.create(json!({})).unwrap();
    let answer = world.invoke(json!({"LogType": "Tail"})).0;
    assert!(answer["LogResult"].as_str().unwrap().len() > 100);
    let id = world.functions.invocations().next().unwrap().request_id.to_string();
    let log = world.log();
    assert!(log[0].starts_with(
        "INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:"
    ));
    assert_eq!(
        log[1..],
        [
            "2023-11-14T22:13:20.000Z\tundefined\tINFO\tloading".to_owned(),
            format!("START RequestId: {id} Version: $LATEST"),
            format!("2023-11-14T22:13:20.202Z\t{id}\tINFO\thello"),
            format!("END RequestId: {id}"),
            format!(
                "REPORT RequestId: {id}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t\
                 Max Memory Used: 64 MB\tInit Duration: 200.00 ms"
            ),
        ]
    );
}

/// What a handler does, and what its caller, its log and its environment see of it.
#[test]
fn failures_answer_as_on_aws() {
    use InvocationStatus::{Failed, TimedOut};
    let id = "00000000-0000-0000-0000-000000000000";
    let killed = |reason| turn(1_000, TurnState::Killed { reason });
    let exit = format!("RequestId: {id} Error: Runtime exited with error: exit status 1");
    let memory = format!("RequestId: {id} Error: Runtime exited with error: signal: killed");
    let timeout = format!("RequestId: {id} Error: Task timed out after 3.00 seconds");
    let boom = json!({"errorType": "TypeError", "errorMessage": "boom", "trace": ["at x"]});
    let exited = |message: &str| json!({"errorType": "Runtime.ExitError", "errorMessage": message});
    let timed_out = json!({"errorType": "Sandbox.Timedout", "errorMessage": &*timeout});
    let cases = [
        (
            failed("TypeError", false),
            Failed,
            boom.clone(),
            "\tERROR\tInvoke Error \t{\"errorType\":\"TypeError\"",
            true,
        ),
        (failed("TypeError", true), Failed, boom, "\tERROR\tUncaught Exception \t", false),
        (killed(KillReason::Crashed), Failed, exited(&exit), "Runtime.ExitError", false),
        (killed(KillReason::OutOfMemory), Failed, exited(&memory), "signal: killed", false),
        (killed(KillReason::Unresponsive), TimedOut, timed_out.clone(), " Task timed out after 3.00 seconds", false),
        (turn(9, TurnState::TimedOut), TimedOut, timed_out.clone(), "Status: timeout", false),
        (done(3_000_000, "1"), TimedOut, timed_out.clone(), "Task timed out", false),
        (
            turn(9, TurnState::Waiting { next_timer: Some(Timestamp::MAX) }),
            TimedOut,
            timed_out,
            "Task timed out",
            false,
        ),
    ];
    for (turn, status, error, line, stays_warm) in cases {
        let mut answers = vec![turn];
        let mut world = World::new(host(move |_| answers.pop().unwrap_or_else(|| done(1_000, "1"))));
        world.create(json!({})).unwrap();
        let (answer, millis) = world.invoke(json!({}));
        let invocation = world.functions.invocations().next().unwrap();
        let text = answer["Payload"].as_str().unwrap().replace(&*invocation.request_id, id);
        assert_eq!(Value::parse(&text).unwrap(), error);
        assert_eq!(answer["FunctionError"].as_str(), Some("Unhandled"));
        assert_eq!(invocation.status, status);
        assert_eq!(millis == 3_202.0, status == TimedOut, "{millis}");
        assert!(world.log().iter().any(|l| l.contains(line)), "{line} in {:?}", world.log());
        assert_eq!(world.invoke(json!({})).1 == 3.0, stays_warm, "{line}");
    }
}

#[test]
fn code_that_does_not_load_fails_the_invocation() {
    for (state, error_type) in [
        (failed("Runtime.ImportModuleError", true).state, "Runtime.ImportModuleError"),
        (TurnState::Killed { reason: KillReason::Crashed }, "Runtime.ExitError"),
        (TurnState::TimedOut, "Sandbox.Timedout"),
        (TurnState::Waiting { next_timer: None }, "Sandbox.Timedout"),
    ] {
        let mut world = World::new(Box::new(move |_| turn(5, state.clone())));
        world.create(json!({})).unwrap();
        let (answer, millis) = world.invoke(json!({}));
        assert_eq!(payload(&answer)["errorType"].as_str(), Some(error_type));
        assert_eq!(millis > 12_999.0, error_type == "Sandbox.Timedout");
        assert!(world.log().iter().any(|line| line.starts_with("INIT_REPORT Init Duration: ")));
    }
}

#[test]
fn a_handler_waits_for_its_calls_and_timers() {
    let mut step = 0;
    let mut world = World::new(host(move |command| {
        step += 1;
        match (step, command) {
            (1, Command::Invoke { now, .. }) => Turn {
                calls: vec![aws_call(1, "states:SendTaskSuccess")],
                ..waiting(Some(*now + Duration::from_secs(1)))
            },
            (2, Command::Resume { answers, .. }) => {
                let error = AwsError::new("TaskTimedOut", "late");
                assert_eq!(answers, &[CallAnswer { call: 1, outcome: Err(error) }]);
                waiting(Some(Timestamp::from_micros(1_700_000_000_000_000 + 1_000_000)))
            }
            (3, Command::Resume { answers, now }) => {
                assert_eq!((answers.len(), now.millis()), (0, 1_700_000_001_000));
                done(10, "2")
            }
            other => panic!("{other:?}"),
        }
    }));
    world.answer = Err(AwsError::new("TaskTimedOut", "late"));
    world.create(json!({})).unwrap();
    assert_eq!(world.invoke(json!({})).0["Payload"].as_str(), Some("2"));
    assert_eq!(world.requests[0].1, "states:SendTaskSuccess");
    assert_eq!(world.functions.next_wakeup(), None, "nothing is left over");
}

#[test]
fn an_empty_event_loop_ends_with_null_and_a_timeout_takes_its_calls_back() {
    let mut world = World::new(host(|_| waiting(None)));
    world.create(json!({})).unwrap();
    assert_eq!(world.invoke(json!({})).0["Payload"].as_str(), Some("null"));

    let mut world =
        World::new(host(|_| Turn { calls: vec![aws_call(1, "sqs:SendMessage")], ..turn(9, TurnState::TimedOut) }));
    world.create(json!({"Timeout": 1})).unwrap();
    world.call_with("Invoke", json!({"FunctionName": "pack"}), facts());
    world.run(0.2025);
    assert_eq!((world.requests.len(), world.cancelled), (1, 0));
    world.run(0.004);
    world.run(2.0);
    assert_eq!(world.functions.invocations().next().unwrap().status, InvocationStatus::TimedOut);
}

#[test]
fn asynchronous_invocations_are_tried_three_times() {
    let mut world = World::new(host(|_| failed("Error", false)));
    world.create(json!({})).unwrap();
    let accepted = world.call("Invoke", json!({"FunctionName": "pack", "InvocationType": "Event"})).unwrap();
    assert_eq!(accepted["StatusCode"].as_i64(), Some(202));
    world.run(1_000.0);
    let starts: Vec<u64> = world.functions.invocations().map(|i| i.accepted_at.since(START).secs()).collect();
    assert_eq!(starts, [0, 60, 180]);
    let ids: Vec<_> = world.functions.invocations().map(|i| i.request_id.clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    let dry = world.call("Invoke", json!({"FunctionName": "pack", "InvocationType": "DryRun"})).unwrap();
    assert_eq!(dry["StatusCode"].as_i64(), Some(204));
}

#[test]
fn concurrency_is_limited_and_each_environment_serves_one_invocation() {
    let mut world = World::new(host(|_| done(100_000, "1")));
    world.create(json!({})).unwrap();
    world.call("PutFunctionConcurrency", json!({"FunctionName": "pack", "ReservedConcurrentExecutions": 2})).unwrap();
    let calls: Vec<u64> = (0..3).map(|_| world.call_with("Invoke", json!({"FunctionName": "pack"}), facts())).collect();
    let refused = world.answers.get(&calls[2]).unwrap().as_ref().unwrap_err();
    assert_eq!((refused.code.as_str(), refused.http_status), ("TooManyRequestsException", 429));
    assert_eq!(refused.message, "Rate Exceeded.");
    assert_eq!(refused.reason.as_deref(), Some("ReservedFunctionConcurrentInvocationLimitExceeded"));
    world.run(1.0);
    let environments: Vec<u64> = world.functions.invocations().map(|i| i.environment).collect();
    assert_eq!(environments.len(), 2);
    assert_ne!(environments[0], environments[1]);
    world.call("Invoke", json!({"FunctionName": "pack", "InvocationType": "Event"})).unwrap();
    world.run(1.0);
    assert_eq!(world.functions.invocations().count(), 3);
}

#[test]
fn what_is_remembered_has_an_end() {
    let mut options = options();
    options.limits =
        LambdaLimits { kept_invocations: 3, kept_log_lines: 5, environment_commands: 4, ..LambdaLimits::default() };
    let mut world = World::with(options, host(|_| done(1_000, "1")));
    world.create(json!({})).unwrap();
    let cold: Vec<bool> = (0..8).map(|_| world.invoke(json!({})).1 > 100.0).collect();
    assert_eq!(cold, [true, false, false, true, false, false, true, false], "replaced after four commands");
    assert_eq!((world.functions.invocations().count(), world.log().len()), (3, 5));
}

#[test]
fn another_runtime_writes_its_own_error() {
    let payload = r#"{"errorMessage":"boom","errorType":"ValueError","stackTrace":["line 1"]}"#;
    let mut world = World::new(host(move |_| turn(1_500, TurnState::Raised { payload: payload.into() })));
    world.create(json!({})).unwrap();
    let answer = world.invoke(json!({})).0;
    assert_eq!(answer.get_str("FunctionError"), Some("Unhandled"));
    assert_eq!(answer.get_str("Payload"), Some(payload));
    assert!(world.log().iter().any(|line| line.contains(payload)));
}
