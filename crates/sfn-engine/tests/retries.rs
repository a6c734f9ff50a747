//! When attempts are made again, and what may happen in any order.

mod support;

use proptest::prelude::*;
use sfn_engine::{Effect, ErrorOutput, Execution, Input, Status};
use shared_json::{Value, json};
use support::{Answer, World, error, start};
use virtual_time::{Duration, Timestamp};

fn with_retry(retry: Value) -> Value {
    json!({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "knead"}, "Retry": retry, "End": true}}})
}

/// The seconds at which attempts are made when each fails with the next of `errors`, and then succeeds.
fn check(retry: Value, errors: &[&str], expected: &[u64]) {
    let mut world = World::new(start(&with_retry(retry.clone()), "{}"));
    world.tell(Input::Start);
    let mut errors = errors.iter();
    world.run(|_| errors.next().map_or(Answer::Succeed(json!("ok")), |name| error(name)));
    let times: Vec<u64> = world.requests.iter().map(|(seconds, _)| *seconds).collect();
    assert_eq!(times, expected, "{retry}");
    let attempts: Vec<u32> = world.requests.iter().map(|(_, request)| request.attempt).collect();
    assert_eq!(attempts, (1..=expected.len() as u32).collect::<Vec<_>>());
}

#[test]
fn retries_back_off() {
    let cases: [(Value, &[&str], &[u64]); 11] = [
        (json!([]), &["A"], &[0]),
        (json!([{"ErrorEquals": ["A"]}]), &["A", "A", "A", "A"], &[0, 1, 3, 7]),
        (json!([{"ErrorEquals": ["A"]}]), &["A", "B"], &[0, 1]),
        (json!([{"ErrorEquals": ["A"], "MaxAttempts": 0}]), &["A"], &[0]),
        (
            json!([{"ErrorEquals": ["A"], "IntervalSeconds": 5, "BackoffRate": 1.5, "MaxAttempts": 2}]),
            &["A", "A", "A"],
            &[0, 5, 12],
        ),
        (
            json!([{"ErrorEquals": ["A"], "IntervalSeconds": 10, "BackoffRate": 10, "MaxDelaySeconds": 30}]),
            &["A", "A", "A"],
            &[0, 10, 40, 70],
        ),
        // Each retrier counts for itself.
        (
            json!([{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 7, "MaxAttempts": 1}]),
            &["A", "B"],
            &[0, 1, 8],
        ),
        (json!([{"ErrorEquals": ["States.TaskFailed"]}]), &["A", "States.Timeout"], &[0, 1]),
        (json!([{"ErrorEquals": ["States.Timeout"]}]), &["States.Timeout"], &[0, 1]),
        (json!([{"ErrorEquals": ["States.ALL"]}]), &["States.Runtime"], &[0]),
        (json!([{"ErrorEquals": ["A"], "BackoffRate": 1.0}]), &["A", "A"], &[0, 1, 2]),
    ];
    for (retry, errors, expected) in cases {
        check(retry, errors, expected);
    }
}

#[test]
fn a_retry_appends_a_scheduled_event_only() {
    let mut world = World::new(start(&with_retry(json!([{"ErrorEquals": ["States.ALL"]}])), "{}"));
    world.tell(Input::Start);
    let mut first = true;
    world.run(|_| if std::mem::take(&mut first) { error("A") } else { Answer::Succeed(json!("ok")) });
    assert_eq!(
        world.events()[2..8],
        [
            "0 3<2 TaskScheduled invoke {\"FunctionName\":\"knead\"}",
            "0 4<3 TaskStarted invoke",
            "0 5<4 TaskFailed invoke A why",
            "1 6<5 TaskScheduled invoke {\"FunctionName\":\"knead\"}",
            "1 7<6 TaskStarted invoke",
            "1 8<7 TaskSucceeded invoke \"ok\"",
        ]
    );
    let retries = &world.execution.visits()[0].detail().retries;
    assert_eq!((retries.len(), retries[0].attempt, retries[0].error.clone()), (1, 1, ErrorOutput::new("A", "why")));
}

#[test]
fn full_jitter_draws_from_the_seed() {
    let retry = json!([{"ErrorEquals": ["A"], "IntervalSeconds": 1000, "JitterStrategy": "FULL", "MaxAttempts": 5, "BackoffRate": 1}]);
    let times = |seed: u64| {
        let mut paced = start(&with_retry(retry.clone()), "{}");
        paced.seed = seed;
        let mut world = World::new(paced);
        world.tell(Input::Start);
        world.run(|_| error("A"));
        world.requests.iter().map(|(seconds, _)| *seconds).collect::<Vec<_>>()
    };
    assert_eq!(times(1), times(1));
    assert_ne!(times(1), times(2));
    assert!(times(1).windows(2).all(|pair| pair[1] - pair[0] <= 1000));
}

fn busy() -> Value {
    json!({"TimeoutSeconds": 300, "StartAt": "Pick", "States": {
        "Pick": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 7, "Next": "Done"}, {"Variable": "$.n", "NumericGreaterThan": 2, "Next": "Call"}], "Default": "Rest"},
        "Done": {"Type": "Succeed"},
        "Rest": {"Type": "Wait", "SecondsPath": "$.n", "Next": "Call"},
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 40, "HeartbeatSeconds": 15,
            "Parameters": {"QueueUrl": "q", "MessageBody": {"id.$": "States.UUID()", "t.$": "$$.Task.Token"}}, "ResultPath": "$.r",
            "Retry": [{"ErrorEquals": ["States.Timeout"], "JitterStrategy": "FULL"}, {"ErrorEquals": ["A"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Mend"}], "Next": "Pick"},
        "Mend": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Pick"}
    }})
}

#[derive(Clone, Debug)]
enum Move {
    Tell(Input),
    Wait(u64),
    Wake,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let task = 1_u64..6;
    let failure =
        prop_oneof![Just(ErrorOutput::default()), Just(ErrorOutput::named("A")), Just(ErrorOutput::new("B", "c"))];
    let one = prop_oneof![
        Just(Move::Tell(Input::Start)),
        task.clone().prop_map(|task| Move::Tell(Input::TaskStarted { task })),
        task.clone().prop_map(|task| Move::Tell(Input::TaskSubmitted { task, output: json!({"m": 1}) })),
        task.clone().prop_map(|task| Move::Tell(Input::TaskSucceeded { task, output: json!([task]) })),
        task.clone().prop_map(|task| Move::Tell(Input::TaskHeartbeat { task })),
        task.clone().prop_map(|task| Move::Tell(Input::ActivityStarted { task, worker_name: None })),
        (task.clone(), failure.clone()).prop_map(|(task, error)| Move::Tell(Input::TaskFailed { task, error })),
        (task.clone(), failure.clone()).prop_map(|(task, error)| Move::Tell(Input::TaskStartFailed { task, error })),
        (task, failure).prop_map(|(task, error)| Move::Tell(Input::TaskSubmitFailed { task, error })),
        (0_u64..30).prop_map(Move::Wait),
        Just(Move::Wake),
    ];
    let stop = prop::option::weighted(0.2, Just(Move::Tell(Input::Stop { error: None, cause: None })));
    (prop::collection::vec(one, 0..60), stop)
        .prop_map(|(moves, stop)| std::iter::once(Move::Tell(Input::Start)).chain(moves).chain(stop).collect())
}

fn play(moves: &[Move], input: &str, seed: u64, pace: u64) -> (Execution, Vec<Effect>) {
    let mut with = start(&busy(), input);
    with.seed = seed;
    with.transition = Duration::from_millis(pace);
    with.limits.max_events = 60;
    let mut execution = Execution::new(with);
    let mut now = Timestamp::from_millis(support::EPOCH);
    for one in moves {
        match one {
            Move::Tell(input) => execution.handle(now, input.clone()),
            Move::Wait(seconds) => {
                let until = now + Duration::from_secs(*seconds);
                while let Some(at) = execution.next_wakeup().filter(|at| *at <= until) {
                    now = now.max(at);
                    execution.handle_wakeup(now);
                }
                now = until;
            }
            Move::Wake => {
                let before = execution.history().len();
                if execution.next_wakeup().is_some_and(|at| at > now) {
                    execution.handle_wakeup(now);
                    assert_eq!(execution.history().len(), before, "an early wake-up changed something");
                }
            }
        }
    }
    let effects = std::iter::from_fn(|| execution.poll_effect()).collect();
    (execution, effects)
}

fn text(execution: &Execution) -> String {
    execution.history().iter().map(|event| event.to_value().to_string()).collect()
}

proptest! {
    #[test]
    fn any_inputs_keep_the_history_whole(
        moves in moves(), n in -2_i64..9, shape in 0_u8..3, seed in any::<u64>(), pace in 0_u64..3,
    ) {
        let input = match shape { 0 => format!("{{\"n\":{n}}}"), 1 => "[]".to_owned(), _ => "{\"n\":\"x\"}".to_owned() };
        let (execution, effects) = play(&moves, &input, seed, pace);
        for (index, event) in execution.history().iter().enumerate() {
            prop_assert_eq!(event.id, index as u64 + 1);
            prop_assert!(event.previous_event_id < event.id);
        }
        prop_assert!(execution.history().len() <= 60);
        let ended = effects.iter().filter(|effect| matches!(effect, Effect::Ended)).count();
        prop_assert_eq!(ended, usize::from(execution.status() != Status::Running));
        prop_assert_eq!(execution.stop_date().is_some(), execution.status() != Status::Running);
        let (again, same_effects) = play(&moves, &input, seed, pace);
        prop_assert_eq!(text(&execution), text(&again));
        prop_assert_eq!(format!("{effects:?}"), format!("{same_effects:?}"));
    }
}
