//! Random inputs: nothing panics, the machine stays consistent, and the same inputs give the same effects.

mod world;

use aws_protocol::AwsError;
use aws_protocol::handler::{KillReason, Turn, TurnState};
use lambda_sim::{Effect, Functions, Input};
use proptest::prelude::*;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};
use world::{START, facts, failed, log, options};

#[derive(Clone, Debug)]
enum Move {
    Call(&'static str, Value),
    Host { environment: u64, turn: Turn },
    Answer { request: u64, result: Result<Value, AwsError> },
    Wait(u64),
    NextWakeup,
}

fn calls() -> impl Strategy<Value = Move> {
    let function = json!({"FunctionName": "pack", "Runtime": "nodejs22.x", "Role": world::ROLE, "Timeout": 1,
        "Code": {"SourceText": "x"}});
    let mapping = json!({"FunctionName": "pack", "EventSourceArn": world::QUEUE, "BatchSize": 20,
        "MaximumBatchingWindowInSeconds": 3, "FunctionResponseTypes": ["ReportBatchItemFailures"]});
    let named = json!({"FunctionName": "pack"});
    prop::sample::select(vec![
        Move::Call("CreateFunction", function),
        Move::Call("DeleteFunction", named.clone()),
        Move::Call("UpdateFunctionConfiguration", named.with("Timeout", json!(2))),
        Move::Call("UpdateFunctionCode", named.with("SourceText", json!("y"))),
        Move::Call("CreateEventSourceMapping", mapping),
        Move::Call("Invoke", named.clone()),
        Move::Call("Invoke", named.with("InvocationType", json!("Event"))),
        Move::Call("PutFunctionConcurrency", named.with("ReservedConcurrentExecutions", json!(1))),
        Move::Call("Invoke", json!([])),
        Move::Call("CreateFunction", json!({"FunctionName": {}, "Timeout": -1})),
        Move::Call("ListEventSourceMappings", json!(null)),
    ])
}

fn turns() -> impl Strategy<Value = Turn> {
    let state = prop::sample::select(vec![
        TurnState::Idle,
        TurnState::Waiting { next_timer: None },
        TurnState::Waiting { next_timer: Some(START) },
        TurnState::Waiting { next_timer: Some(Timestamp::MAX) },
        TurnState::Done { result: "{}".to_owned() },
        TurnState::Done { result: "{broken".to_owned() },
        failed("Error", false).state,
        failed("Runtime.ExitError", true).state,
        TurnState::TimedOut,
        TurnState::Killed { reason: KillReason::Unresponsive },
        TurnState::Killed { reason: KillReason::Crashed },
    ]);
    let micros = prop_oneof![0..5_000_000_u64, Just(u64::MAX)];
    (micros, state, 0..4_u64, prop_oneof![0..100_u64, Just(u64::MAX)]).prop_map(|(micros, state, call, at)| Turn {
        micros,
        logs: vec![log(at, "line")],
        calls: vec![aws_protocol::handler::AwsCall { at, ..world::aws_call(call, "sqs:SendMessage") }],
        notices: Vec::new(),
        state,
    })
}

fn moves() -> impl Strategy<Value = Move> {
    let answers = prop::sample::select(vec![
        Ok(json!({})),
        Ok(json!(null)),
        Ok(json!({"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "Body": "b"}, 7]})),
        Err(AwsError::new("AccessDenied", "no")),
    ]);
    prop_oneof![
        2 => calls(),
        4 => (0..30_u64, turns()).prop_map(|(environment, turn)| Move::Host { environment, turn }),
        4 => (0..30_u64, answers).prop_map(|(request, result)| Move::Answer { request, result }),
        1 => prop_oneof![0..10_000_000_u64, 0..10_000_000_000_u64].prop_map(Move::Wait),
        4 => Just(Move::NextWakeup),
    ]
}

/// Plays the moves; answers all effects as text.
fn play(moves: &[Move]) -> String {
    let mut machine = Functions::new(options());
    let mut now = START;
    let mut effects = String::new();
    let mut open_calls = 0_i64;
    for (step, chosen) in moves.iter().enumerate() {
        match chosen.clone() {
            Move::Call(action, params) => {
                open_calls += 1;
                let action = action.to_owned();
                machine.handle(now, Input::Call { call: step as u64, action, params, facts: facts() });
            }
            Move::Host { environment, turn } => machine.handle(now, Input::HostAnswer { environment, turn }),
            Move::Answer { request, result } => machine.handle(now, Input::AwsAnswer { request, result }),
            Move::Wait(micros) => {
                now += Duration::from_micros(micros);
                machine.handle_wakeup(now);
            }
            Move::NextWakeup => {
                now = machine.next_wakeup().map_or(now, |at| at.max(now));
                machine.handle_wakeup(now);
            }
        }
        while let Some(effect) = machine.poll_effect() {
            open_calls -= i64::from(matches!(effect, Effect::Answer { .. }));
            effects.push_str(&format!("{effect:?}\n"));
        }
        assert!(open_calls >= 0, "an answer for every call, and no more");
        let before = machine.next_wakeup();
        if before.is_some_and(|at| at > now) {
            machine.handle_wakeup(now);
            assert_eq!(
                (machine.next_wakeup(), machine.poll_effect()),
                (before, None),
                "an early wake-up changed something"
            );
        }
    }
    effects
}

proptest! {
    #[test]
    fn the_same_inputs_give_the_same_effects(moves in prop::collection::vec(moves(), 1..80)) {
        let create = calls_first();
        let all: Vec<Move> = create.into_iter().chain(moves).collect();
        prop_assert_eq!(play(&all), play(&all));
    }
}

/// So that most runs have a function and a mapping to work on.
fn calls_first() -> Vec<Move> {
    let function =
        json!({"FunctionName": "pack", "Runtime": "nodejs22.x", "Role": world::ROLE, "Code": {"SourceText": "x"}});
    let mapping = json!({"FunctionName": "pack", "EventSourceArn": world::QUEUE});
    vec![
        Move::Call("CreateFunction", function),
        Move::Call("CreateEventSourceMapping", mapping),
        Move::Call("Invoke", json!({"FunctionName": "pack"})),
    ]
}
