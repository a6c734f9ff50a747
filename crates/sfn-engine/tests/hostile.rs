//! Definitions that want to hang or to break the page.

mod support;

use sfn_engine::{Input, Status};
use shared_json::{Value, json};
use support::{World, fails, one, played, silence, start};

const TOO_MANY: &str = "The execution reached the maximum number of history events (25000).";

fn full(definition: &Value, input: &str) -> World {
    fails(definition, input, "States.Runtime", TOO_MANY)
}

/// A definition's text with this state around itself so often.
fn nested(depth: usize, before: &str, after: &str) -> String {
    let mut text = String::from(r#"{"StartAt":"X","States":{"X":"#);
    for level in 0..depth {
        text.push_str(&before.replace('#', &level.to_string()));
    }
    text.push_str(r#"{"Type":"Succeed"}"#);
    for _ in 0..depth {
        text.push_str(after);
    }
    text + "}}"
}

#[test]
fn deep_definitions_are_refused_and_not_crashed_into() {
    let parallel = (r##"{"Type":"Parallel","End":true,"Branches":[{"StartAt":"S#","States":{"S#":"##, "}}]}");
    let map = (r##"{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"S#","States":{"S#":"##, "}}}");
    for (before, after) in [parallel, map] {
        let few = asl::parse(&nested(30, before, after));
        assert!(few.checked.is_some(), "{:?}", few.diagnostics);
        for depth in [100, 3_000] {
            let many = asl::parse(&nested(depth, before, after));
            assert!(many.checked.is_none() && many.create_error().is_some());
        }
    }
}

#[test]
fn deep_choices_are_refused_too() {
    let text = |rule: &str| {
        format!(r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":[{rule}]}},"E":{{"Type":"Succeed"}}}}}}"#)
    };
    let deep = "{\"Not\":".repeat(3_000) + "{\"Variable\":\"$\",\"IsPresent\":true}" + &"}".repeat(3_000);
    assert!(asl::parse(&text(&deep)).checked.is_none());
}

/// Twice as many branches on each level: the definition's size is the only limit of its depth.
#[test]
fn many_branches_end_with_the_history() {
    fn level(depth: usize, name: &str) -> String {
        if depth == 0 {
            return format!(r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Wait","Seconds":9,"End":true}}}}}}"#);
        }
        let (left, right) = (level(depth - 1, &format!("{name}0")), level(depth - 1, &format!("{name}1")));
        format!(
            r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Parallel","End":true,"Branches":[{left},{right}]}}}}}}"#
        )
    }
    let definition = Value::parse(&level(12, "b")).unwrap();
    assert!(definition.json_len() < 1_048_576);
    let world = played(&definition, "{}", silence);
    assert_eq!(world.execution.status(), Status::Succeeded);
    let mut small = start(&definition, "{}");
    small.limits.max_events = 1_000;
    let mut world = World::new(small);
    world.tell(Input::Start);
    assert_eq!((world.execution.status(), world.execution.history().len()), (Status::Failed, 1_000));
}

/// Iterations multiply branches. Each branch is an event when it is made, so there are never more than events.
#[test]
fn branches_inside_of_maps_do_not_fill_the_memory() {
    let branches = (0..2_000).map(|n| {
        let name = format!("B{n}");
        json!({"StartAt": name.as_str(), "States": Value::object([(name.as_str(), json!({"Type": "Wait", "Seconds": 9, "End": true}))])})
    });
    let parallel = json!({"Type": "Parallel", "End": true}).with("Branches", Value::array(branches.collect()));
    let inner = json!({"StartAt": "I", "States": {"I": {"Type": "Map", "End": true, "ItemsPath": "$.l", "ItemSelector": {"l.$": "$.l"}, "ItemProcessor":
        {"StartAt": "P", "States": {"P": parallel}}}}});
    let outer = one(json!({"Type": "Map", "ItemsPath": "$.l", "ItemSelector": {"l.$": "$.l"}, "ItemProcessor": inner}));
    let items: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    full(&outer, &format!("{{\"l\":[{}]}}", items.join(",")));
}

#[test]
fn a_hundred_thousand_items_end_with_the_history() {
    let items = format!("[{}]", ["1"; 100_000].join(","));
    let each =
        json!({"Type": "Map", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}});
    full(&one(each), &items);
}

#[test]
fn loops_end_with_the_history() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": 0, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.end", "IsPresent": true, "Next": "E"}], "Default": "A"},
        "E": {"Type": "Succeed"}}});
    let mut endless = start(&definition, "{}");
    let mut world = World::new(endless.clone());
    world.tell(Input::Start);
    world.run(silence);
    assert_eq!(world.execution.cause().map(|cause| &**cause), Some(TOO_MANY));
    // Without a limit the caller gets control back after a while, and the rest is due at once.
    endless.limits.max_events = u64::MAX;
    let mut world = World::new(endless);
    world.tell(Input::Start);
    assert_eq!((world.execution.status(), world.execution.next_wakeup()), (Status::Running, Some(world.now)));
}

#[test]
fn large_ranges_are_refused() {
    for text in
        ["States.ArrayRange(0, 9007199254740991, 1)", "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)"]
    {
        let world = played(&one(json!({"Type": "Pass", "Parameters": {"l.$": text}})), "{}", silence);
        assert_eq!(world.execution.error().map(|error| &**error), Some("States.IntrinsicFailure"), "{text}");
    }
    for text in [
        "[1..100000000]",
        "$range(1, 1000000000, 1)",
        "$pad('x', 1000000000)",
        "($f := function($x) { $f($x + 1) }; $f(1))",
        "$reduce([1..100], function($a) { $a & $a }, 'x')",
    ] {
        let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": format!("{{% {text} %}}")});
        let world = played(&one(state), "{}", silence);
        assert_eq!(world.execution.error().map(|error| &**error), Some("States.QueryEvaluationError"), "{text}");
    }
}

/// A thousand copies of a long text in one call are more than any state may have.
#[test]
fn copies_of_copies_are_refused() {
    let many = |call: &str| {
        let arguments = vec!["$.t"; 20_000].join(",");
        one(
            json!({"Type": "Pass", "Parameters": {"t.$": call.replace('#', &arguments).replace('@', &"{}".repeat(20_000))}}),
        )
    };
    let input = format!(r#"{{"t":"{}"}}"#, "x".repeat(200_000));
    for call in ["States.Format('@', #)", "States.JsonToString(States.Array(#))", "States.Array(#)"] {
        let world = played(&many(call), &input, silence);
        assert_eq!(world.execution.status(), Status::Failed, "{call}");
    }
}

/// Every loop puts the data fifty levels deeper.
#[test]
fn data_does_not_grow_without_end_in_depth() {
    let around = |inner: &str| format!("{}{inner}{}", "[".repeat(50), "]".repeat(50));
    let jsonpath = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Parameters":{{"a":{}}},"Next":"B"}},"B":{{"Type":"Choice","Choices":[{{"Variable":"$.end","IsPresent":true,"Next":"E"}}],"Default":"A"}},"E":{{"Type":"Succeed"}}}}}}"#,
        around(r#"{"a.$":"$"}"#)
    );
    let jsonata = format!(
        r#"{{"StartAt":"A","QueryLanguage":"JSONata","States":{{"A":{{"Type":"Pass","Output":{},"Next":"B"}},"B":{{"Type":"Choice","Choices":[{{"Condition":"{{% false %}}","Next":"E"}}],"Default":"A"}},"E":{{"Type":"Succeed"}}}}}}"#,
        around(r#""{% $states.input %}""#)
    );
    let variable = jsonata
        .replace("\"Output\":", "\"Assign\":{\"v\":")
        .replace(",\"Next\":\"B\"", "},\"Next\":\"B\"")
        .replace("$states.input", "$exists($v) ? $v : 1");
    for text in [jsonpath, jsonata, variable] {
        let parsed = asl::parse(&text);
        let mut deeper = start(&one(json!({"Type": "Pass"})), "{}");
        deeper.definition = parsed.checked.unwrap_or_else(|| panic!("{:?}", parsed.diagnostics));
        let mut world = World::new(deeper);
        world.tell(Input::Start);
        world.run(silence);
        let cause = "The state/task 'A' returned a result that is nested deeper than 127 levels.";
        assert_eq!(world.execution.cause().map(|cause| &**cause), Some(cause));
        for event in world.execution.history() {
            let written = event.to_value();
            assert!(sfn_engine::HistoryEvent::from_value(&written).is_some(), "{}", event.event_type());
        }
    }
}
