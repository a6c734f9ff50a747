//! Parallel: the order of its branches' events, and what a branch's failure does to the others.

mod support;

use sfn_engine::{Input, Status, VisitOutcome};
use shared_json::{Value, json};
use support::{Answer, World, check, check_from, error, fails, function, gives, played, silence, start};

fn branch(name: &str, state: Value) -> Value {
    Value::object([("StartAt", json!(name)), ("States", Value::object([(name, state.with("End", json!(true)))]))])
}

fn task() -> Value {
    json!({"Type": "Task", "Resource": function()})
}

fn parallel(branches: Value) -> Value {
    json!({"Type": "Parallel", "Branches": branches, "End": true})
}

fn machine(both: Value) -> Value {
    json!({"StartAt": "Both", "States": {"Both": both}})
}

/// Branch `Shape` fails for ever, branch `Prove` never ends.
fn one_fails(fields: Value) -> Value {
    let branches = json!([branch("Shape", task()), branch("Prove", json!({"Type": "Wait", "Seconds": 900}))]);
    let fields = fields.as_object().unwrap().clone();
    machine(fields.iter().fold(parallel(branches), |state, (key, value)| state.with(key, value.clone())))
}

#[test]
fn branches_take_turns_and_give_an_array() {
    let branches = json!([
        {"StartAt": "Shape", "States": {"Shape": {"Type": "Pass", "Result": 1, "Next": "Score"}, "Score": {"Type": "Pass", "End": true}}},
        branch("Heat", json!({"Type": "Pass", "Result": "hot"})),
        branch("Prove", json!({"Type": "Wait", "Seconds": 3}))
    ]);
    let world = check(
        &machine(parallel(branches)),
        r#"{"n":1}"#,
        silence,
        &[
            r#"0 1<0 ExecutionStarted {"n":1}"#,
            r#"0 2<0 ParallelStateEntered Both {"n":1}"#,
            "0 3<2 ParallelStateStarted",
            r#"0 4<3 PassStateEntered Shape {"n":1}"#,
            r#"0 5<3 PassStateEntered Heat {"n":1}"#,
            r#"0 6<3 WaitStateEntered Prove {"n":1}"#,
            "0 7<4 PassStateExited Shape 1",
            r#"0 8<5 PassStateExited Heat "hot""#,
            "0 9<7 PassStateEntered Score 1",
            "0 10<9 PassStateExited Score 1",
            r#"3 11<6 WaitStateExited Prove {"n":1}"#,
            "3 12<11 ParallelStateSucceeded",
            r#"3 13<11 ParallelStateExited Both [1,"hot",{"n":1}]"#,
            r#"3 14<13 ExecutionSucceeded [1,"hot",{"n":1}]"#,
        ],
    );
    let within: Vec<_> = world.execution.visits().iter().map(|visit| visit.within.map(|within| within.index)).collect();
    assert_eq!(within, [None, Some(0), Some(1), Some(2), Some(0)]);
}

#[test]
fn the_branches_input_and_the_result_pass_the_states_fields() {
    let both = parallel(json!([
        branch("A", json!({"Type": "Pass"})),
        branch("B", json!({"Type": "Pass", "InputPath": "$.by"}))
    ]))
    .with("InputPath", json!("$.order"))
    .with("Parameters", json!({"kg.$": "$.kg", "by.$": "$$.State.Name", "try.$": "$$.State.RetryCount"}))
    .with("ResultSelector", json!({"first.$": "$[0].kg", "all.$": "$[*]"}))
    .with("ResultPath", json!("$.made"))
    .with("OutputPath", json!("$.made"));
    gives(
        &machine(both),
        r#"{"order":{"kg":3}}"#,
        json!({"first": 3, "all": [{"kg": 3, "by": "Both", "try": 0}, "Both"]}),
    );
}

#[test]
fn a_failed_branch_ends_the_others() {
    let world = check(
        &one_fails(json!({})),
        "{}",
        |_| error("Torn"),
        &[
            "0 1<0 ExecutionStarted {}",
            "0 2<0 ParallelStateEntered Both {}",
            "0 3<2 ParallelStateStarted",
            "0 4<3 TaskStateEntered Shape {}",
            "0 5<3 WaitStateEntered Prove {}",
            "0 6<4 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {}",
            "0 7<6 LambdaFunctionStarted",
            "0 8<7 LambdaFunctionFailed Torn why",
            "0 9<8 TaskStateAborted",
            "0 10<5 WaitStateAborted",
            "0 11<8 ParallelStateFailed",
            "0 12<11 ExecutionFailed Torn why",
        ],
    );
    assert_eq!((world.execution.status(), world.execution.next_wakeup()), (Status::Failed, None));
    let outcomes: Vec<_> = world.execution.visits().iter().map(|visit| visit.outcome.clone()).collect();
    assert_eq!(outcomes, [VisitOutcome::Failed, VisitOutcome::Failed, VisitOutcome::Aborted]);
}

#[test]
fn a_catcher_takes_a_branchs_error() {
    let definition = json!({"StartAt": "Both", "States": {
        "Both": one_fails(json!({"Catch": [
            {"ErrorEquals": ["Burnt"], "Next": "Cool"},
            {"ErrorEquals": ["Torn"], "ResultPath": "$.why", "Next": "Cool"}
        ]}))["States"]["Both"].clone(),
        "Cool": {"Type": "Succeed"}
    }});
    let world = check(
        &definition,
        r#"{"n":1}"#,
        |_| error("Torn"),
        &[
            r#"0 1<0 ExecutionStarted {"n":1}"#,
            r#"0 2<0 ParallelStateEntered Both {"n":1}"#,
            "0 3<2 ParallelStateStarted",
            r#"0 4<3 TaskStateEntered Shape {"n":1}"#,
            r#"0 5<3 WaitStateEntered Prove {"n":1}"#,
            r#"0 6<4 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {"n":1}"#,
            "0 7<6 LambdaFunctionStarted",
            "0 8<7 LambdaFunctionFailed Torn why",
            "0 9<8 TaskStateAborted",
            "0 10<5 WaitStateAborted",
            "0 11<8 ParallelStateFailed",
            r#"0 12<11 ParallelStateExited Both {"n":1,"why":{"Error":"Torn","Cause":"why"}}"#,
            r#"0 13<12 SucceedStateEntered Cool {"n":1,"why":{"Error":"Torn","Cause":"why"}}"#,
            r#"0 14<13 SucceedStateExited Cool {"n":1,"why":{"Error":"Torn","Cause":"why"}}"#,
            r#"0 15<14 ExecutionSucceeded {"n":1,"why":{"Error":"Torn","Cause":"why"}}"#,
        ],
    );
    assert_eq!(world.execution.visits()[0].outcome, VisitOutcome::CaughtError { catcher: 1 });
}

#[test]
fn a_retry_starts_all_branches_anew() {
    let definition = one_fails(json!({"Retry": [{"ErrorEquals": ["Torn"], "IntervalSeconds": 5, "MaxAttempts": 1}]}));
    let mut tries = 0;
    let world = check(
        &definition,
        "{}",
        |_| {
            tries += 1;
            if tries == 1 { error("Torn") } else { Answer::Callback(2, json!("shaped")) }
        },
        &[
            "0 1<0 ExecutionStarted {}",
            "0 2<0 ParallelStateEntered Both {}",
            "0 3<2 ParallelStateStarted",
            "0 4<3 TaskStateEntered Shape {}",
            "0 5<3 WaitStateEntered Prove {}",
            "0 6<4 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {}",
            "0 7<6 LambdaFunctionStarted",
            "0 8<7 LambdaFunctionFailed Torn why",
            "0 9<8 TaskStateAborted",
            "0 10<5 WaitStateAborted",
            "5 11<8 ParallelStateStarted",
            "5 12<11 TaskStateEntered Shape {}",
            "5 13<11 WaitStateEntered Prove {}",
            "5 14<12 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {}",
            "5 15<14 LambdaFunctionStarted",
            r#"7 16<15 LambdaFunctionSucceeded "shaped""#,
            r#"7 17<16 TaskStateExited Shape "shaped""#,
            "905 18<13 WaitStateExited Prove {}",
            "905 19<18 ParallelStateSucceeded",
            r#"905 20<18 ParallelStateExited Both ["shaped",{}]"#,
            r#"905 21<20 ExecutionSucceeded ["shaped",{}]"#,
        ],
    );
    assert_eq!(world.execution.output(), Some(json!(["shaped", {}])));
    assert_eq!(world.execution.visits()[0].detail().retries.len(), 1);
}

#[test]
fn runtime_errors_pass_retriers_and_catchers() {
    let broken = branch("Look", json!({"Type": "Pass", "InputPath": "$.none"}));
    let both = parallel(json!([broken, branch("B", json!({"Type": "Wait", "Seconds": 9}))]))
        .with("Retry", json!([{"ErrorEquals": ["States.ALL"]}]))
        .with("Catch", json!([{"ErrorEquals": ["States.ALL"], "Next": "Never"}]));
    let definition = json!({"StartAt": "Both", "States": {"Both": both, "Never": {"Type": "Succeed"}}});
    let world = fails(
        &definition,
        "{}",
        "States.Runtime",
        "An error occurred while executing the state 'Look' (entered at the event id #4). Invalid path '$.none' : No \
         results for path: $['none']",
    );
    assert_eq!(
        world.events()[3..],
        [
            "0 4<3 PassStateEntered Look {}",
            "0 5<3 WaitStateEntered B {}",
            "0 6<5 WaitStateAborted",
            "0 7<4 ExecutionFailed States.Runtime An error occurred while executing the state 'Look' (entered at the event id #4). Invalid path '$.none' : No results for path: $['none']",
        ]
    );
}

#[test]
fn a_fail_state_in_a_branch_fails_the_parallel() {
    let fail =
        json!({"StartAt": "Give up", "States": {"Give up": {"Type": "Fail", "Error": "Cold", "Cause": "no gas"}}});
    check_from(
        3,
        &machine(parallel(json!([branch("A", json!({"Type": "Pass"})), fail]))),
        "{}",
        silence,
        &[
            "0 3<2 ParallelStateStarted",
            "0 4<3 PassStateEntered A {}",
            "0 5<3 FailStateEntered Give up {}",
            "0 6<4 PassStateExited A {}",
            "0 7<5 ParallelStateFailed",
            "0 8<7 ExecutionFailed Cold no gas",
        ],
    );
}

#[test]
fn an_inner_parallel_is_aborted_with_its_branches_unspoken() {
    let inner = parallel(json!([branch("Deep", task()), branch("Deeper", json!({"Type": "Wait", "Seconds": 60}))]));
    let inner = json!({"StartAt": "Inner", "States": {"Inner": inner}});
    let slow = json!({"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "Next": "Stop"}, "Stop": {"Type": "Fail", "Error": "Late"}}});
    let world = check_from(
        3,
        &machine(parallel(json!([inner, slow]))),
        "{}",
        silence,
        &[
            "0 3<2 ParallelStateStarted",
            "0 4<3 ParallelStateEntered Inner {}",
            "0 5<3 WaitStateEntered Rest {}",
            "0 6<4 ParallelStateStarted",
            "0 7<6 TaskStateEntered Deep {}",
            "0 8<6 WaitStateEntered Deeper {}",
            "0 9<7 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {}",
            "0 10<9 LambdaFunctionStarted",
            "5 11<5 WaitStateExited Rest {}",
            "5 12<11 FailStateEntered Stop {}",
            "5 13<6 ParallelStateAborted",
            "5 14<12 ParallelStateFailed",
            "5 15<14 ExecutionFailed Late",
        ],
    );
    assert_eq!(world.cancelled, [1]);
    let aborted = world.execution.visits().iter().filter(|visit| visit.outcome == VisitOutcome::Aborted);
    assert_eq!(aborted.map(|visit| &*visit.state_name).collect::<Vec<_>>(), ["Inner", "Deep", "Deeper"]);
}

#[test]
fn an_inner_failure_can_be_caught_inside() {
    let inner = parallel(json!([{"StartAt": "Give up", "States": {"Give up": {"Type": "Fail", "Error": "Cold"}}}]))
        .with("Catch", json!([{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Mend"}]));
    let inner = json!({"StartAt": "Inner", "States": {"Inner": inner, "Mend": {"Type": "Pass", "Parameters": {"e.$": "$.e.Error"}, "End": true}}});
    gives(&machine(parallel(json!([inner, branch("B", json!({"Type": "Pass"}))]))), "{}", json!([{"e": "Cold"}, {}]));
}

#[test]
fn tasks_time_out_inside_branches() {
    let timed = task().with("TimeoutSeconds", json!(8));
    let beating = json!({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:taste", "HeartbeatSeconds": 4, "TimeoutSeconds": 90});
    let definition = machine(parallel(json!([branch("Knead", timed), branch("Taste", beating)])));
    let world = check_from(
        4,
        &definition,
        "{}",
        silence,
        &[
            "0 4<3 TaskStateEntered Knead {}",
            "0 5<3 TaskStateEntered Taste {}",
            "0 6<4 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead {} 8",
            "0 7<5 ActivityScheduled arn:aws:states:eu-west-1:123456789012:activity:taste {} 90 4",
            "0 8<6 LambdaFunctionStarted",
            "0 9<7 ActivityStarted",
            "8 10<8 LambdaFunctionTimedOut States.Timeout",
            "8 11<10 TaskStateAborted",
            "8 12<9 TaskStateAborted",
            "8 13<10 ParallelStateFailed",
            "8 14<13 ExecutionFailed States.Timeout",
        ],
    );
    assert_eq!(world.cancelled, [1, 2]);
}

#[test]
fn a_stop_ends_all_branches_at_once() {
    let definition = machine(parallel(json!([
        branch("Knead", task()),
        branch("Fold", task()),
        branch("Rest", json!({"Type": "Wait", "Seconds": 60}))
    ])));
    let stop = Input::Stop { error: Some("Closing".into()), cause: Some("it is late".into()) };
    let mut stopped = World::new(start(&definition, "{}"));
    stopped.tell(Input::Start);
    while stopped.execution.poll_effect().is_some() {}
    stopped.tell(stop);
    stopped.run(silence);
    assert_eq!(stopped.events().last().unwrap(), "0 9<0 ExecutionAborted Closing it is late");
    assert_eq!((stopped.cancelled.len(), stopped.ended), (2, true));
    assert!(stopped.execution.visits().iter().all(|visit| visit.outcome == VisitOutcome::Aborted));
    stopped.tell(Input::TaskSucceeded { task: 1, output: json!(1) });
    assert_eq!(stopped.execution.history().len(), 9, "late answers change nothing");
}

#[test]
fn the_machines_timeout_ends_waiting_branches() {
    let definition =
        machine(parallel(json!([branch("Knead", task()), branch("Rest", json!({"Type": "Wait", "Seconds": 60}))])))
            .with("TimeoutSeconds", json!(10));
    let world = played(&definition, "{}", silence);
    assert_eq!(world.events().last().unwrap(), "10 8<0 ExecutionTimedOut");
    assert_eq!((world.execution.status(), world.cancelled), (Status::TimedOut, vec![1]));
}

#[test]
fn a_result_too_large_fails_under_the_parallels_name() {
    let large = Value::from("x".repeat(140_000));
    let both = parallel(json!([
        branch("A", json!({"Type": "Pass", "Result": large.clone()})),
        branch("B", json!({"Type": "Pass", "Result": large}))
    ]))
    .with("Catch", json!([{"ErrorEquals": ["States.DataLimitExceeded"], "ResultPath": "$.e", "Next": "Less"}]));
    let definition = json!({"StartAt": "Both", "States": {"Both": both, "Less": {"Type": "Pass", "OutputPath": "$.e.Error", "End": true}}});
    gives(&definition, "{}", json!("States.DataLimitExceeded"));
}

#[test]
fn with_a_pace_branches_enter_together() {
    let branches = json!([branch("A", json!({"Type": "Pass"})), branch("B", json!({"Type": "Pass"}))]);
    let mut paced = start(&machine(parallel(branches)), "{}");
    paced.transition = virtual_time::Duration::from_millis(500);
    let mut world = World::new(paced);
    world.tell(Input::Start);
    world.run(silence);
    let times: Vec<String> = world.events().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(times, ["0", "0.5", "1", "1.5", "1.5", "2", "2", "2", "2", "2"]);
}
