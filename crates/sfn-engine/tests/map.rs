//! Inline Map: how iterations follow each other, what they get, and what a failed one does.

mod support;

use sfn_engine::{Input, Status, VisitOutcome};
use shared_json::{Value, json};
use support::{Answer, World, check, check_from, error, fails, function, gives, played, silence, start};

fn pass() -> Value {
    json!({"StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "End": true}}})
}

fn task() -> Value {
    json!({"StartAt": "Bake", "States": {"Bake": {"Type": "Task", "Resource": function(), "End": true}}})
}

fn map(fields: Value, processor: Value) -> Value {
    let map = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
    fields.as_object().unwrap().iter().fold(map, |map, (key, value)| map.with(key, value.clone()))
}

fn machine(each: Value) -> Value {
    json!({"StartAt": "Each", "States": {"Each": each, "Done": {"Type": "Succeed"}}})
}

/// A machine whose other state is reached by nobody but a Catcher.
fn alone(each: Value) -> Value {
    json!({"StartAt": "Each", "States": {"Each": each}})
}

#[test]
fn one_at_a_time_each_follows_the_last_ones_last_state() {
    check(
        &alone(map(json!({"MaxConcurrency": 1}), pass())),
        "[7,8]",
        silence,
        &[
            "0 1<0 ExecutionStarted [7,8]",
            "0 2<0 MapStateEntered Each [7,8]",
            "0 3<2 MapStateStarted 2",
            "0 4<3 MapIterationStarted Each 0",
            "0 5<4 PassStateEntered Bake 7",
            "0 6<5 PassStateExited Bake 7",
            "0 7<6 MapIterationSucceeded Each 0",
            "0 8<6 MapIterationStarted Each 1",
            "0 9<8 PassStateEntered Bake 8",
            "0 10<9 PassStateExited Bake 8",
            "0 11<10 MapIterationSucceeded Each 1",
            "0 12<11 MapStateSucceeded",
            "0 13<11 MapStateExited Each [7,8]",
            "0 14<13 ExecutionSucceeded [7,8]",
        ],
    );
}

#[test]
fn without_a_limit_all_hang_on_the_start() {
    check(
        &alone(map(json!({"MaxConcurrency": 0}), pass())),
        "[7,8,9]",
        silence,
        &[
            "0 1<0 ExecutionStarted [7,8,9]",
            "0 2<0 MapStateEntered Each [7,8,9]",
            "0 3<2 MapStateStarted 3",
            "0 4<3 MapIterationStarted Each 0",
            "0 5<3 MapIterationStarted Each 1",
            "0 6<3 MapIterationStarted Each 2",
            "0 7<4 PassStateEntered Bake 7",
            "0 8<5 PassStateEntered Bake 8",
            "0 9<6 PassStateEntered Bake 9",
            "0 10<7 PassStateExited Bake 7",
            "0 11<10 MapIterationSucceeded Each 0",
            "0 12<8 PassStateExited Bake 8",
            "0 13<12 MapIterationSucceeded Each 1",
            "0 14<9 PassStateExited Bake 9",
            "0 15<14 MapIterationSucceeded Each 2",
            "0 16<15 MapStateSucceeded",
            "0 17<15 MapStateExited Each [7,8,9]",
            "0 18<17 ExecutionSucceeded [7,8,9]",
        ],
    );
}

#[test]
fn two_at_a_time() {
    // The second is quicker than the first, so that the third takes its place.
    let mut seconds = [9, 2, 3].into_iter();
    let world = check(
        &alone(map(json!({"MaxConcurrency": 2}), task())),
        "[1,2,3]",
        |request| Answer::Callback(seconds.next().unwrap(), request.parameters.clone()),
        &[
            "0 1<0 ExecutionStarted [1,2,3]",
            "0 2<0 MapStateEntered Each [1,2,3]",
            "0 3<2 MapStateStarted 3",
            "0 4<3 MapIterationStarted Each 0",
            "0 5<3 MapIterationStarted Each 1",
            "0 6<4 TaskStateEntered Bake 1",
            "0 7<5 TaskStateEntered Bake 2",
            "0 8<6 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 1",
            "0 9<7 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 2",
            "0 10<8 LambdaFunctionStarted",
            "0 11<9 LambdaFunctionStarted",
            "2 12<11 LambdaFunctionSucceeded 2",
            "2 13<12 TaskStateExited Bake 2",
            "2 14<13 MapIterationSucceeded Each 1",
            "2 15<13 MapIterationStarted Each 2",
            "2 16<15 TaskStateEntered Bake 3",
            "2 17<16 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 3",
            "2 18<17 LambdaFunctionStarted",
            "5 19<18 LambdaFunctionSucceeded 3",
            "5 20<19 TaskStateExited Bake 3",
            "5 21<20 MapIterationSucceeded Each 2",
            "9 22<10 LambdaFunctionSucceeded 1",
            "9 23<22 TaskStateExited Bake 1",
            "9 24<23 MapIterationSucceeded Each 0",
            "9 25<24 MapStateSucceeded",
            "9 26<24 MapStateExited Each [1,2,3]",
            "9 27<26 ExecutionSucceeded [1,2,3]",
        ],
    );
    assert_eq!(world.execution.output(), Some(json!([1, 2, 3])), "in the order of the items");
}

#[test]
fn at_most_forty_run_at_a_time() {
    let items: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let mut world = World::new(start(&alone(map(json!({}), task())), &format!("[{}]", items.join(","))));
    world.tell(Input::Start);
    world.run(silence);
    assert_eq!(world.requests.len(), 40);
    world.tell(Input::TaskSucceeded { task: 3, output: json!(0) });
    world.run(silence);
    assert_eq!(world.requests.len(), 41);
}

#[test]
fn no_items_no_iterations() {
    check(
        &alone(map(json!({"ItemsPath": "$.l"}), pass())),
        r#"{"l":[]}"#,
        silence,
        &[
            r#"0 1<0 ExecutionStarted {"l":[]}"#,
            r#"0 2<0 MapStateEntered Each {"l":[]}"#,
            "0 3<2 MapStateStarted 0",
            "0 4<3 MapStateSucceeded",
            "0 5<3 MapStateExited Each []",
            "0 6<5 ExecutionSucceeded []",
        ],
    );
}

#[test]
fn items_are_selected_in_old_words_and_new() {
    let template = json!({"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.shop"});
    for field in ["ItemSelector", "Parameters"] {
        let each = map(json!({"ItemsPath": "$.l", "ResultPath": "$.got"}).with(field, template.clone()), pass());
        gives(
            &alone(each),
            r#"{"l":["a",{"b":1}],"shop":"x"}"#,
            json!({"l": ["a", {"b": 1}], "shop": "x", "got": [{"i": 0, "v": "a", "all": "x"}, {"i": 1, "v": {"b": 1}, "all": "x"}]}),
        );
    }
    let old = json!({"Type": "Map", "Iterator": pass(), "End": true});
    gives(&alone(old), "[1]", json!([1]));
}

#[test]
fn states_inside_see_their_item() {
    let inside = json!({"StartAt": "Bake", "States": {
        "Bake": {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "s.$": "$$.State.Name"}, "End": true}}});
    gives(&alone(map(json!({}), inside)), "[5]", json!([{"i": 0, "v": 5, "s": "Bake"}]));
}

#[test]
fn maps_in_maps() {
    let inner = json!({"StartAt": "Inner", "States": {"Inner": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {
        "StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index", "v.$": "$"}, "End": true}}}, "End": true}}});
    gives(
        &alone(map(json!({}), inner)),
        "[[1,2],[],[3]]",
        json!([[{"i": 0, "v": 1}, {"i": 1, "v": 2}], [], [{"i": 0, "v": 3}]]),
    );
}

#[test]
fn a_failed_iteration_ends_the_others() {
    let definition = alone(map(json!({}), task()));
    let mut answers = [Answer::Silence, error("Burnt"), Answer::Silence].into_iter();
    let world = check(
        &definition,
        "[1,2,3]",
        |_| answers.next().unwrap(),
        &[
            "0 1<0 ExecutionStarted [1,2,3]",
            "0 2<0 MapStateEntered Each [1,2,3]",
            "0 3<2 MapStateStarted 3",
            "0 4<3 MapIterationStarted Each 0",
            "0 5<3 MapIterationStarted Each 1",
            "0 6<3 MapIterationStarted Each 2",
            "0 7<4 TaskStateEntered Bake 1",
            "0 8<5 TaskStateEntered Bake 2",
            "0 9<6 TaskStateEntered Bake 3",
            "0 10<7 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 1",
            "0 11<8 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 2",
            "0 12<9 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 3",
            "0 13<10 LambdaFunctionStarted",
            "0 14<11 LambdaFunctionStarted",
            "0 15<14 LambdaFunctionFailed Burnt why",
            "0 16<15 MapIterationFailed Each 1",
            "0 17<13 TaskStateAborted",
            "0 18<13 MapIterationAborted Each 0",
            "0 19<12 TaskStateAborted",
            "0 20<12 MapIterationAborted Each 2",
            "0 21<15 MapStateFailed",
            "0 22<21 ExecutionFailed Burnt why",
        ],
    );
    assert_eq!(world.cancelled, [1, 3]);
    let outcomes: Vec<_> = world.execution.visits().iter().map(|visit| visit.outcome.clone()).collect();
    use VisitOutcome::{Aborted, Failed};
    assert_eq!(outcomes, [Failed, Aborted, Failed, Aborted]);
}

#[test]
fn a_retry_starts_the_map_anew_and_a_catcher_goes_on() {
    let each = map(
        json!({"Retry": [{"ErrorEquals": ["Burnt"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Done"}], "ItemsPath": "$.l"}),
        task(),
    );
    check(
        &machine(each),
        r#"{"l":[1]}"#,
        |_| error("Burnt"),
        &[
            r#"0 1<0 ExecutionStarted {"l":[1]}"#,
            r#"0 2<0 MapStateEntered Each {"l":[1]}"#,
            "0 3<2 MapStateStarted 1",
            "0 4<3 MapIterationStarted Each 0",
            "0 5<4 TaskStateEntered Bake 1",
            "0 6<5 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 1",
            "0 7<6 LambdaFunctionStarted",
            "0 8<7 LambdaFunctionFailed Burnt why",
            "0 9<8 MapIterationFailed Each 0",
            "1 10<8 MapStateStarted 1",
            "1 11<10 MapIterationStarted Each 0",
            "1 12<11 TaskStateEntered Bake 1",
            "1 13<12 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:123456789012:function:knead 1",
            "1 14<13 LambdaFunctionStarted",
            "1 15<14 LambdaFunctionFailed Burnt why",
            "1 16<15 MapIterationFailed Each 0",
            "1 17<15 MapStateFailed",
            r#"1 18<17 MapStateExited Each {"l":[1],"e":{"Error":"Burnt","Cause":"why"}}"#,
            r#"1 19<18 SucceedStateEntered Done {"l":[1],"e":{"Error":"Burnt","Cause":"why"}}"#,
            r#"1 20<19 SucceedStateExited Done {"l":[1],"e":{"Error":"Burnt","Cause":"why"}}"#,
            r#"1 21<20 ExecutionSucceeded {"l":[1],"e":{"Error":"Burnt","Cause":"why"}}"#,
        ],
    );
}

#[test]
fn an_iteration_can_mend_itself() {
    let inside = json!({"StartAt": "Bake", "States": {
        "Bake": {"Type": "Task", "Resource": function(), "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["Burnt"], "Next": "Bin"}], "End": true},
        "Bin": {"Type": "Pass", "Result": "binned", "End": true}}});
    let mut first = true;
    let world = played(&alone(map(json!({}), inside)), "[1,2]", |request| {
        if request.parameters == json!(2) {
            return error("Burnt");
        }
        if std::mem::take(&mut first) { error("Busy") } else { Answer::Succeed(json!("ok")) }
    });
    assert_eq!(world.execution.output(), Some(json!(["ok", "binned"])));
}

#[test]
fn what_is_no_array_is_refused() {
    let at = |cause: &str| {
        format!("An error occurred while executing the state 'Each' (entered at the event id #2). {cause}")
    };
    let runtime = |fields: Value, input: &str, cause: &str| {
        fails(&alone(map(fields, pass())), input, "States.Runtime", &at(cause))
    };
    runtime(json!({}), r#"{"a":1}"#, "Reference path \"$\" must point to array.");
    runtime(json!({"ItemsPath": "$.a"}), r#"{"a":"x"}"#, "Reference path \"$.a\" must point to array.");
    runtime(json!({"ItemsPath": "$.b"}), r#"{"a":1}"#, "Invalid path '$.b' : No results for path: $['b']");
    let jsonata = |fields: Value, input: &str, cause: &str| {
        fails(
            &alone(map(fields.with("QueryLanguage", json!("JSONata")), pass())),
            input,
            "States.QueryEvaluationError",
            &at(cause),
        );
    };
    jsonata(json!({}), r#"{"a":1}"#, "Map state input must be an array but was: {\"a\":1}");
    jsonata(
        json!({"Items": "{% $states.input.a %}"}),
        r#"{"a":"x"}"#,
        "The JSONata expression '$states.input.a' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'string' for value: \"x\"",
    );
    jsonata(
        json!({"Items": "{% $states.input.b %}"}),
        "{}",
        "The JSONata expression '$states.input.b' specified for the field 'Items' returned nothing (undefined).",
    );
}

#[test]
fn the_limit_is_read_from_the_input() {
    let order = |fields: Value, input: &str| {
        let world = played(&alone(map(fields, pass())), input, silence);
        assert_eq!(world.execution.status(), Status::Succeeded, "{}", world.events().join("\n"));
        // Whether the second iteration began before the first one's state ended.
        let at = |text: &str| world.events().iter().position(|line| line.contains(text)).unwrap();
        at("MapIterationStarted Each 1") < at("PassStateExited Bake")
    };
    let path = || json!({"ItemsPath": "$.l", "MaxConcurrencyPath": "$.n"});
    assert!(!order(path(), r#"{"l":[1,2],"n":1}"#));
    assert!(order(path(), r#"{"l":[1,2],"n":0}"#));
    assert!(!order(path(), r#"{"l":[1,2],"n":"1"}"#), "a text of digits");
    let jsonata = json!({"QueryLanguage": "JSONata", "Items": "{% $states.input.l %}", "MaxConcurrency": "{% $states.input.n - 1 %}"});
    assert!(!order(jsonata.clone(), r#"{"l":[1,2],"n":2}"#));
    let text = "An error occurred while executing the state 'Each' (entered at the event id #2). The MaxConcurrencyPath \
                field refers to value \"few\" which is not a valid integer: $.n";
    fails(&alone(map(path(), pass())), r#"{"l":[1],"n":"few"}"#, "States.Runtime", text);
    let world = played(&alone(map(jsonata, pass())), r#"{"l":[1,2],"n":"x"}"#, silence);
    assert_eq!(world.execution.error().map(|error| &**error), Some("States.QueryEvaluationError"));
}

#[test]
fn a_selector_that_fails_ends_the_map() {
    let each = map(
        json!({"ItemsPath": "$.l", "MaxConcurrency": 1, "ItemSelector": {"x.$": "States.MathAdd($$.Map.Item.Value, 1)"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]}),
        pass(),
    );
    check_from(
        3,
        &machine(each),
        r#"{"l":[1,"b"]}"#,
        silence,
        &[
            "0 3<2 MapStateStarted 2",
            "0 4<3 MapIterationStarted Each 0",
            r#"0 5<4 PassStateEntered Bake {"x":2}"#,
            r#"0 6<5 PassStateExited Bake {"x":2}"#,
            "0 7<6 MapIterationSucceeded Each 0",
            "0 8<6 MapIterationStarted Each 1",
            "0 9<8 MapStateFailed",
            r#"0 10<9 MapStateExited Each {"Error":"States.IntrinsicFailure","Cause":"An error occurred while executing the state 'Each' (entered at the event id #2). The function 'States.MathAdd($$.Map.Item.Value, 1)' had the following error: Expected a number but was: \"b\""}"#,
            r#"0 11<10 SucceedStateEntered Done {"Error":"States.IntrinsicFailure","Cause":"An error occurred while executing the state 'Each' (entered at the event id #2). The function 'States.MathAdd($$.Map.Item.Value, 1)' had the following error: Expected a number but was: \"b\""}"#,
            r#"0 12<11 SucceedStateExited Done {"Error":"States.IntrinsicFailure","Cause":"An error occurred while executing the state 'Each' (entered at the event id #2). The function 'States.MathAdd($$.Map.Item.Value, 1)' had the following error: Expected a number but was: \"b\""}"#,
            r#"0 13<12 ExecutionSucceeded {"Error":"States.IntrinsicFailure","Cause":"An error occurred while executing the state 'Each' (entered at the event id #2). The function 'States.MathAdd($$.Map.Item.Value, 1)' had the following error: Expected a number but was: \"b\""}"#,
        ],
    );
}

#[test]
fn the_history_ends_inside_a_map() {
    let mut full = start(&alone(map(json!({}), task())), "[1,2,3,4,5,6,7,8,9]");
    full.limits.max_events = 30;
    let mut world = World::new(full);
    world.tell(Input::Start);
    world.run(|_| Answer::Succeed(json!(0)));
    let last = world.execution.history().last().unwrap();
    assert_eq!((last.id, last.event_type()), (30, "ExecutionFailed"));
    assert_eq!(
        world.execution.cause().map(|cause| &**cause),
        Some("The execution reached the maximum number of history events (30).")
    );
    assert!(world.ended && world.execution.visits().iter().all(|visit| visit.exited_at.is_some()));
    let answered = world.events().iter().filter(|line| line.contains("FunctionSucceeded")).count();
    assert_eq!(world.requests.len(), answered + world.cancelled.len());
}

#[test]
fn a_stop_ends_all_iterations() {
    let mut world = World::new(start(&alone(map(json!({"MaxConcurrency": 2}), task())), "[1,2,3]"));
    world.tell(Input::Start);
    world.run(silence);
    world.tell(Input::Stop { error: None, cause: None });
    world.run(silence);
    assert_eq!(world.cancelled, [1, 2]);
    assert_eq!(world.events().last().unwrap(), "0 12<0 ExecutionAborted");
    assert!(world.execution.visits().iter().all(|visit| visit.outcome == VisitOutcome::Aborted));
}

#[test]
fn results_too_large_together_are_refused() {
    let inside =
        json!({"StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "Result": "x".repeat(100_000), "End": true}}});
    fails(
        &alone(map(json!({}), inside)),
        "[1,2,3]",
        "States.DataLimitExceeded",
        "The state/task 'Each' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
}
