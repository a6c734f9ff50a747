//! Distributed Map: what the state asks of the account, and what it makes of the answers.

mod support;

use std::rc::Rc;

use sfn_engine::{ChildInput, ErrorOutput, Input, Status};
use shared_json::{Value, json};
use support::{World, fails, silence, start};

fn each(fields: Value) -> Value {
    let map = json!({"Type": "Map", "Label": "Loaves", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "End": true}}}});
    fields.as_object().unwrap().iter().fold(map, |map, (key, value)| map.with(key, value.clone()))
}

fn machine(each: Value) -> Value {
    json!({"StartAt": "Each", "States": {"Each": each}})
}

fn reader(config: Value) -> Value {
    json!({"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "flour", "Key.$": "$.file"}, "ReaderConfig": config})
}

/// Started, with its first effects taken.
fn begun(definition: &Value, input: &str) -> World {
    let mut world = World::new(start(definition, input));
    world.tell(Input::Start);
    world.run(silence);
    world
}

fn inputs(children: &[ChildInput]) -> Vec<(Value, usize)> {
    children.iter().map(|child| (child.input.clone(), child.items)).collect()
}

/// The events without the run's ARN, which has an id in it.
fn events(world: &World) -> Vec<String> {
    world
        .events()
        .iter()
        .map(|line| line.split(" arn:aws:states:eu-west-1:123456789012:mapRun:").next().unwrap().to_owned())
        .collect()
}

#[test]
fn items_of_the_input_are_children_at_once() {
    let fields = json!({"ItemsPath": "$.l", "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "s.$": "$.s"}, "MaxConcurrency": 3, "ToleratedFailureCount": 1, "ToleratedFailurePercentage": 12.5});
    let mut world = begun(&machine(each(fields)), r#"{"l":["a","b"],"s":1}"#);
    let [run] = &world.map_runs[..] else { panic!("{:?}", world.map_runs) };
    assert!(
        run.map_run_arn.starts_with("arn:aws:states:eu-west-1:123456789012:mapRun:bakery/Loaves:"),
        "{}",
        run.map_run_arn
    );
    assert_eq!(
        (run.max_concurrency, run.tolerated_failure_count, run.tolerated_failure_percentage),
        (3, Some(1), Some(12.5))
    );
    assert_eq!((run.reader.is_none(), run.writer.is_none(), &*run.state_name), (true, true, "Each"));
    assert_eq!(
        inputs(&world.children[0].1),
        [(json!({"i": 0, "v": "a", "s": 1}), 1), (json!({"i": 1, "v": "b", "s": 1}), 1)]
    );
    world.tell(Input::TaskSucceeded { task: 1, output: json!([10, 20]) });
    world.run(silence);
    assert_eq!(
        events(&world),
        [
            r#"0 1<0 ExecutionStarted {"l":["a","b"],"s":1}"#,
            r#"0 2<0 MapStateEntered Each {"l":["a","b"],"s":1}"#,
            "0 3<2 MapStateStarted 2",
            "0 4<3 MapRunStarted",
            "0 5<4 MapRunSucceeded",
            "0 6<5 MapStateSucceeded",
            "0 7<4 MapStateExited Each [10,20]",
            "0 8<7 ExecutionSucceeded [10,20]",
        ]
    );
    assert_eq!(world.execution.output(), Some(json!([10, 20])));
}

#[test]
fn a_reader_is_answered_with_the_items() {
    let config = json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItemsPath": "$.most"});
    let fields = json!({"ItemReader": reader(config), "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "bread", "Prefix": "out"}}});
    let mut world = begun(&machine(each(fields)), r#"{"file":"f.csv","most":2}"#);
    let run = &world.map_runs[0];
    assert_eq!(run.reader.as_ref().unwrap().arguments, json!({"Bucket": "flour", "Key": "f.csv"}));
    assert_eq!(run.writer.as_ref().unwrap().arguments, json!({"Bucket": "bread", "Prefix": "out"}));
    assert!(world.children.is_empty());
    let items = Rc::new(vec![json!({"kg": "1"}), json!({"kg": "2"}), json!({"kg": "3"})].into());
    world.tell(Input::ItemsRead { task: 1, items });
    world.run(silence);
    assert_eq!(inputs(&world.children[0].1), [(json!({"kg": "1"}), 1), (json!({"kg": "2"}), 1)]);
    assert_eq!(events(&world)[2..], ["0 3<2 MapStateStarted 0", "0 4<3 MapRunStarted"]);
    world.tell(Input::TaskFailed {
        task: 1,
        error: ErrorOutput::new("States.ExceedToleratedFailureThreshold", "too many"),
    });
    world.run(silence);
    assert_eq!(
        events(&world)[4..],
        [
            "0 5<4 MapRunFailed States.ExceedToleratedFailureThreshold too many",
            "0 6<5 MapStateFailed",
            "0 7<6 ExecutionFailed States.ExceedToleratedFailureThreshold too many",
        ]
    );
    assert_eq!(world.execution.status(), Status::Failed);
}

#[test]
fn a_reader_that_fails_can_be_caught() {
    let catching = each(
        json!({"ItemReader": reader(json!({"InputType": "JSON"})), "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "ResultPath": "$.e", "Next": "Done"}]}),
    );
    let definition = json!({"StartAt": "Each", "States": {"Each": catching, "Done": {"Type": "Succeed"}}});
    let mut world = begun(&definition, r#"{"file":"f.json"}"#);
    world.tell(Input::TaskFailed {
        task: 1,
        error: ErrorOutput::new("States.ItemReaderFailed", "Attempting to map over non-iterable node."),
    });
    world.run(silence);
    assert_eq!(
        events(&world)[4..],
        [
            "0 5<4 MapRunFailed States.ItemReaderFailed Attempting to map over non-iterable node.",
            "0 6<5 MapStateFailed",
            r#"0 7<6 MapStateExited Each {"file":"f.json","e":{"Error":"States.ItemReaderFailed","Cause":"Attempting to map over non-iterable node."}}"#,
            r#"0 8<7 SucceedStateEntered Done {"file":"f.json","e":{"Error":"States.ItemReaderFailed","Cause":"Attempting to map over non-iterable node."}}"#,
            r#"0 9<8 SucceedStateExited Done {"file":"f.json","e":{"Error":"States.ItemReaderFailed","Cause":"Attempting to map over non-iterable node."}}"#,
            r#"0 10<9 ExecutionSucceeded {"file":"f.json","e":{"Error":"States.ItemReaderFailed","Cause":"Attempting to map over non-iterable node."}}"#,
        ]
    );
    assert!(world.cancelled.is_empty(), "the answer ended the run");
}

#[test]
fn a_retry_makes_a_run_of_its_own() {
    let fields = json!({"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], "ItemsPath": "$.l"});
    let mut world = begun(&machine(each(fields)), r#"{"l":[1]}"#);
    world.tell(Input::TaskFailed { task: 1, error: ErrorOutput::named("Burnt") });
    world.run(silence);
    assert_eq!(events(&world)[4..], ["0 5<4 MapRunFailed Burnt", "1 6<5 MapStateStarted 1", "1 7<6 MapRunStarted",]);
    assert_ne!(world.map_runs[0].map_run_arn, world.map_runs[1].map_run_arn);
    world.tell(Input::TaskSucceeded { task: 1, output: json!("late") });
    assert_eq!(world.execution.status(), Status::Running, "nobody waits for the first run any more");
    world.tell(Input::TaskSucceeded { task: 2, output: json!(["b"]) });
    assert_eq!(world.execution.output(), Some(json!(["b"])));
}

#[test]
fn batches_hold_so_many_items_or_bytes() {
    let batched = |batcher: Value, input: &str| {
        let world = begun(&machine(each(json!({"ItemsPath": "$.l", "ItemBatcher": batcher}))), input);
        inputs(&world.children[0].1)
    };
    assert_eq!(
        batched(json!({"MaxItemsPerBatch": 2, "BatchInput": {"s.$": "$.s"}}), r#"{"l":[1,2,3],"s":"x"}"#),
        [(json!({"BatchInput": {"s": "x"}, "Items": [1, 2]}), 2), (json!({"BatchInput": {"s": "x"}, "Items": [3]}), 1)]
    );
    assert_eq!(
        batched(json!({"MaxItemsPerBatchPath": "$.n"}), r#"{"l":[1,2,3],"n":3}"#),
        [(json!({"Items": [1, 2, 3]}), 3)]
    );
    let long = "x".repeat(40);
    let bytes = batched(json!({"MaxInputBytesPerBatch": 100}), &format!(r#"{{"l":["{long}","{long}","{long}"]}}"#));
    assert_eq!(bytes.iter().map(|(_, items)| *items).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn a_batch_that_cannot_be_made_ends_the_run() {
    let fields = json!({"ItemsPath": "$.l", "ItemBatcher": {"MaxItemsPerBatchPath": "$.n"}});
    let world = fails(
        &machine(each(fields)),
        r#"{"l":[1],"n":"many"}"#,
        "States.Runtime",
        "An error occurred while executing the state 'Each' (entered at the event id #2). The \
         ItemBatcher/MaxItemsPerBatchPath field refers to value \"many\" which is not a valid integer: $.n",
    );
    assert_eq!(world.cancelled, [1]);
}

#[test]
fn limits_are_checked_before_the_run() {
    let at = |cause: &str| {
        format!("An error occurred while executing the state 'Each' (entered at the event id #2). {cause}")
    };
    let fields = json!({"ToleratedFailurePercentagePath": "$.p", "ItemsPath": "$.l"});
    let world = fails(
        &machine(each(fields)),
        r#"{"l":[1],"p":101}"#,
        "States.Runtime",
        &at("ToleratedFailurePercentage must be between 0 and 100."),
    );
    assert!(world.map_runs.is_empty());
    let fields = json!({"ToleratedFailureCountPath": "$.p", "ItemsPath": "$.l"});
    let cause = "The ToleratedFailureCountPath field refers to value \"x\" which is not a valid integer: $.p";
    fails(&machine(each(fields)), r#"{"l":[1],"p":"x"}"#, "States.Runtime", &at(cause));
    let config = json!({"InputType": "JSON", "MaxItemsPath": "$.most"});
    let world = fails(
        &machine(each(json!({"ItemReader": reader(config)}))),
        r#"{"file":"f","most":-1}"#,
        "States.ItemReaderFailed",
        "field MaxItems must be positive",
    );
    assert_eq!(world.cancelled, [1]);
}

#[test]
fn a_stop_gives_the_run_up() {
    let mut world = begun(&machine(each(json!({}))), "[1]");
    world.tell(Input::Stop { error: None, cause: None });
    world.run(silence);
    assert_eq!((world.cancelled, world.execution.status()), (vec![1], Status::Aborted));
}

#[test]
fn runs_in_branches_are_given_up_with_them() {
    let branches = json!([
        {"StartAt": "Each", "States": {"Each": each(json!({"ItemsPath": "$.l"}))}},
        {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 2, "Next": "Stop"}, "Stop": {"Type": "Fail", "Error": "Late"}}}
    ]);
    let definition =
        json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": branches, "End": true}}});
    let world = begun(&definition, r#"{"l":[1]}"#);
    assert_eq!(world.cancelled, [1]);
    assert_eq!(world.execution.error().map(|error| &**error), Some("Late"));
}

#[test]
fn jsonata_makes_items_and_limits() {
    let fields = json!({"QueryLanguage": "JSONata", "Items": "{% $states.input.l[kg > 1] %}", "ItemSelector": {"v": "{% $states.context.Map.Item.Value.kg * $states.input.f %}"}, "MaxConcurrency": "{% $states.input.f %}", "ToleratedFailurePercentage": "{% 100 / 8 %}"});
    let world = begun(&machine(each(fields)), r#"{"l":[{"kg":1},{"kg":2},{"kg":3}],"f":2}"#);
    assert_eq!(inputs(&world.children[0].1), [(json!({"v": 4}), 1), (json!({"v": 6}), 1)]);
    assert_eq!((world.map_runs[0].max_concurrency, world.map_runs[0].tolerated_failure_percentage), (2, Some(12.5)));
}
