//! RedriveExecution: what runs again after an execution failed or was stopped, and what keeps its result.

mod support;

use sfn_engine::{ErrorOutput, Input, Status, TaskRequest};
use shared_json::{Value, json};
use support::{Answer, World, error, start};
use virtual_time::Duration;

fn task(name: &str) -> Value {
    let resource = format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
    json!({"Type": "Task", "Resource": resource, "End": true})
}

fn begun(definition: &Value, input: &str, answer: impl FnMut(&TaskRequest) -> Answer) -> World {
    let mut world = World::new(start(definition, input));
    world.tell(Input::Start);
    world.run(answer);
    world
}

/// Redrives it and tells which states asked for work.
fn redriven(world: &mut World, mut answer: impl FnMut(&TaskRequest) -> Answer) -> Vec<String> {
    let before = world.requests.len();
    world.tell(Input::Redrive);
    world.run(&mut answer);
    world.requests[before..].iter().map(|(_, request)| request.state_name.to_string()).collect()
}

#[test]
fn a_redrive_goes_on_in_the_state_that_failed() {
    let definition = json!({"StartAt": "Mix", "States": {
        "Mix": {"Type": "Pass", "Result": "dough", "Next": "Bake"},
        "Bake": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:oven", "End": true,
            "Retry": [{"ErrorEquals": ["Oven.Cold"], "MaxAttempts": 1}]}
    }});
    let mut world = World::new(start(&definition, "{}"));
    world.tell(Input::Start);
    world.run(|_| error("Oven.Cold"));
    assert_eq!(world.execution.status(), Status::Failed);
    assert!(world.execution.can_be_redriven());
    let before = world.execution.history().len();

    world.tell(Input::Redrive);
    let mut attempts = 0;
    world.run(|_| {
        attempts += 1;
        // The attempts are counted anew.
        if attempts == 1 { error("Oven.Cold") } else { Answer::Succeed(json!("bread")) }
    });
    assert_eq!(world.execution.status(), Status::Succeeded);
    assert_eq!(world.execution.redrives().len(), 1);
    let types: Vec<&str> = world.execution.history()[before..].iter().map(|event| event.event_type()).collect();
    let expected = [
        "ExecutionRedriven",
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionFailed",
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(types, expected);
    assert!(!world.execution.can_be_redriven());
}

#[test]
fn a_redrive_between_two_states_tells_later_ones_its_count() {
    let definition = json!({"StartAt": "Mix", "States": {
        "Mix": {"Type": "Pass", "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"count.$": "$$.Execution.RedriveCount"}, "End": true}
    }});
    let mut start = start(&definition, "{}");
    start.transition = Duration::from_millis(20);
    let mut world = World::new(start);
    world.tell(Input::Start);
    // Through Mix and on the way to Tell.
    for _ in 0..2 {
        world.now = world.execution.next_wakeup().expect("a step is due");
        world.execution.handle_wakeup(world.now);
    }
    world.tell(Input::Stop { error: None, cause: None });
    world.tell(Input::Redrive);
    world.run(|_| Answer::Silence);
    assert_eq!(world.execution.output(), Some(json!({"count": 1})));
}

fn kitchen() -> Value {
    let branch =
        |name: &str| Value::object([("StartAt", json!(name)), ("States", Value::object([(name, task("oven"))]))]);
    let branches = Value::array(vec![branch("Bread"), branch("Cake"), branch("Pie")]);
    let all = json!({"Type": "Parallel", "End": true}).with("Branches", branches);
    json!({"StartAt": "All"}).with("States", Value::object([("All", all)]))
}

#[test]
fn of_a_parallel_only_what_did_not_succeed_runs_again() {
    let mut world = begun(&kitchen(), "{}", |request| match &*request.state_name {
        "Bread" => Answer::Succeed(json!("old bread")),
        "Cake" => error("Burnt"),
        _ => Answer::Silence,
    });
    assert_eq!(world.execution.status(), Status::Failed);
    let before = world.execution.history().len();
    let asked = redriven(&mut world, |request| Answer::Succeed(json!(format!("new {}", request.state_name))));
    assert_eq!(asked, ["Cake", "Pie"]);
    assert_eq!(world.execution.output(), Some(json!(["old bread", "new Cake", "new Pie"])));
    let redrive = world.execution.history()[before].id;
    let scheduled = &world.execution.history()[before + 1];
    assert_eq!((scheduled.event_type(), scheduled.previous_event_id), ("LambdaFunctionScheduled", redrive));
}

#[test]
fn a_stopped_parallel_goes_on_in_all_branches_that_ran() {
    let mut world = begun(&kitchen(), "{}", |request| match &*request.state_name {
        "Bread" => Answer::Succeed(json!("bread")),
        _ => Answer::Silence,
    });
    world.tell(Input::Stop { error: None, cause: None });
    assert_eq!(world.execution.status(), Status::Aborted);
    let cancelled = world.execution.history().len();
    assert_eq!(redriven(&mut world, |_| Answer::Succeed(json!("late"))), ["Cake", "Pie"]);
    assert_eq!(world.execution.output(), Some(json!(["bread", "late", "late"])));
    assert_eq!(world.execution.history()[cancelled].event_type(), "ExecutionRedriven");
}

#[test]
fn of_a_map_the_iterations_that_succeeded_keep_their_results() {
    let each = json!({"Type": "Map", "MaxConcurrency": 2, "End": true})
        .with("ItemProcessor", json!({"StartAt": "Bake"}).with("States", Value::object([("Bake", task("oven"))])));
    let definition = json!({"StartAt": "Each"}).with("States", Value::object([("Each", each)]));
    let mut world = begun(&definition, "[1, 2, 3, 4]", |request| match request.parameters.as_i64() {
        Some(3) => error("Burnt"),
        Some(2) => Answer::Silence,
        _ => Answer::Succeed(json!("old")),
    });
    assert_eq!(world.execution.status(), Status::Failed);
    let before = world.requests.len();
    redriven(&mut world, |_| Answer::Succeed(json!("new")));
    let items: Vec<Option<i64>> =
        world.requests[before..].iter().map(|(_, request)| request.parameters.as_i64()).collect();
    assert_eq!(items, [Some(2), Some(3), Some(4)], "aborted, failed, and never begun");
    assert_eq!(world.execution.output(), Some(json!(["old", "new", "new", "new"])));
}

#[test]
fn a_map_inside_a_branch_goes_on_inside() {
    let each = json!({"Type": "Map", "ItemsPath": "$", "End": true})
        .with("ItemProcessor", json!({"StartAt": "Bake"}).with("States", Value::object([("Bake", task("oven"))])));
    let branches = Value::array(vec![
        json!({"StartAt": "Each"}).with("States", Value::object([("Each", each)])),
        json!({"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": true}}}),
    ]);
    let all = json!({"Type": "Parallel", "End": true}).with("Branches", branches);
    let definition = json!({"StartAt": "All"}).with("States", Value::object([("All", all)]));
    let mut failures = 0;
    let mut world = begun(&definition, "[1, 2]", |request| match request.parameters.as_i64() {
        Some(2) => error("Burnt"),
        _ => Answer::Succeed(json!("old")),
    });
    for _ in 0..2 {
        assert_eq!(world.execution.status(), Status::Failed);
        let asked = redriven(&mut world, |_| {
            failures += 1;
            if failures == 1 { error("Burnt again") } else { Answer::Succeed(json!("new")) }
        });
        assert_eq!(asked, ["Bake"]);
    }
    assert_eq!(world.execution.status(), Status::Succeeded);
    assert_eq!(world.execution.output(), Some(json!([["old", "new"], [1, 2]])));
}

#[test]
fn a_parallel_that_failed_by_itself_runs_again_as_a_whole() {
    let mut start = start(&kitchen(), "{}");
    start.limits.max_payload_bytes = 40;
    let mut world = World::new(start);
    world.tell(Input::Start);
    world.run(|_| Answer::Succeed(json!("a loaf of bread")));
    assert_eq!(world.execution.error().map(|error| &**error), Some("States.DataLimitExceeded"));
    assert_eq!(redriven(&mut world, |_| Answer::Succeed(json!("x"))), ["Bread", "Cake", "Pie"]);
    assert_eq!(world.execution.status(), Status::Succeeded);
}

#[test]
fn a_map_run_is_redriven_with_its_children() {
    let each = json!({"Type": "Map", "Label": "Loaves", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "End": true}}}});
    let definition = json!({"StartAt": "Each"}).with("States", Value::object([("Each", each)]));
    let mut world = begun(&definition, "[1, 2]", |_| Answer::Silence);
    let task = world.map_runs[0].task;
    world.tell(Input::TaskFailed { task, error: ErrorOutput::named("States.ExceedToleratedFailureThreshold") });
    redriven(&mut world, |_| Answer::Silence);
    assert_eq!((world.redriven.clone(), world.map_runs.len(), world.children.len()), (vec![task], 1, 1));
    world.tell(Input::TaskSucceeded { task, output: json!(["a", "b"]) });
    assert_eq!(world.execution.output(), Some(json!(["a", "b"])));
    let types: Vec<&str> = world.execution.history().iter().map(|event| event.event_type()).skip(4).collect();
    let expected = [
        "MapRunFailed",
        "MapStateFailed",
        "ExecutionFailed",
        "ExecutionRedriven",
        "MapRunRedriven",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(types, expected);
}
