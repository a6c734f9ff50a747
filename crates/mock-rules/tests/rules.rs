//! Which rule answers what, what is no rule, and the way to MockConfigFile.json and back.

use mock_rules::{Answer, Counts, Rules, from_config_file, tokens};
use shared_json::{Value, json};

#[test]
fn the_first_rule_that_fits_answers() {
    let rules = Rules::parse(&json!([
        {"Function": "Depot", "When": {"Pattern": {"Records": {"body": {"kind": ["lost"]}}}}, "Return": 1},
        {"Function": "Depot", "When": {"Path": "$.n", "Equals": 7}, "Return": 2},
        {"Function": "Depot", "When": {"Path": "$.n", "Equals": 8}, "Attempts": "1-2", "Return": 3},
        {"Function": "Depot", "When": {"Path": "$.n", "Equals": 8}, "Return": 4},
        {"Function": "Other", "Return": 5},
        {"StateMachine": "M", "State": "S", "Attempts": "1-", "Return": 6},
        {"StateMachine": "M", "State": "S", "When": {"Pattern": {"a": [{"exists": true}]}}, "Return": 7}
    ]))
    .unwrap();
    let mut counts = Counts::default();
    let mut answer = |event: Value| match rules.for_function("Depot", &event, &mut counts).map(|rule| &rule.answer) {
        Some(Answer::Return(value)) => value.as_i64(),
        Some(other) => panic!("{other:?}"),
        None => None,
    };
    assert_eq!(answer(json!({"Records": [{"body": "x"}, {"body": "{\"kind\":\"lost\"}"}]})), Some(1));
    assert_eq!(answer(json!({"n": 7})), Some(2));
    let many: Vec<_> = (0..4).map(|_| answer(json!({"n": 8}))).collect();
    assert_eq!(many, [Some(4), Some(3), Some(3), Some(4)]);
    assert_eq!(answer(json!({"n": 9})), None);
    let state = |input: Value, retry| rules.for_state("M", "S", &input, retry).map(|rule| rule.answer.clone());
    assert_eq!(state(json!({}), 0), None);
    assert_eq!(state(json!({"a": 1}), 0), Some(Answer::Return(json!(7))));
    assert_eq!(state(json!({"a": 1}), 3), Some(Answer::Return(json!(6))));
    assert!(rules.for_state("M", "T", &json!({}), 1).is_none());
}

#[test]
fn what_is_no_rule_is_refused_with_its_place() {
    let cases = [
        (json!({}), "Rules: must be a list"),
        (json!([1]), "Rules[0]: must be an object"),
        (json!([{"Return": 1}]), "Rules[0]: must name either a Function, or a StateMachine and its State"),
        (json!([{"Function": "F", "State": "S", "Return": 1}]), "Rules[0]: must name either"),
        (json!([{"Function": "F"}]), "Rules[0]: must have exactly one of Return, Throw, TimeOut, Crash and Callback"),
        (json!([{"Function": "F", "Return": 1, "TimeOut": true}]), "Rules[0]: must have exactly one of"),
        (json!([{"Function": "F", "Retrun": 1}]), "Rules[0].Retrun: is unknown; known are Name, Function"),
        (json!([{"Function": "F", "Return": 1, "Attempts": "2-1"}]), "Rules[0].Attempts: '2-1' is no attempt"),
        (json!([{"Function": "F", "Return": 1, "LatencySeconds": -1}]), "Rules[0].LatencySeconds: must be a number"),
        (json!([{"Function": "F", "Throw": {"Cause": "x"}}]), "Rules[0].Throw: must have the text Error"),
        (json!([{"Function": "F", "TimeOut": false}]), "Rules[0].TimeOut: must be true"),
        (json!([{"StateMachine": "M", "State": "S", "Crash": true}]), "Rules[0].Crash: only a function can crash"),
        (json!([{"Function": "F", "Callback": {"Times": 1.5}}]), "Rules[0].Callback.Times: must be a whole number"),
        (json!([{"Function": "F", "Return": 1, "When": {}}]), "Rules[0].When: must have either Pattern"),
        (
            json!([{"Function": "F", "Return": 1, "When": {"Pattern": {"a": "x"}}}]),
            "Rules[0].When.Pattern: a: the value of a field must be a list or an object",
        ),
        (
            json!([{"Function": "F", "Return": 1, "When": {"Path": "$$.a", "Equals": 1}}]),
            "Rules[0].When.Path: must start",
        ),
    ];
    for (rules, why) in cases {
        let error = Rules::parse(&rules).expect_err(&rules.to_string()).to_string();
        assert!(error.starts_with(why), "{error}");
    }
}

#[test]
fn rules_of_states_go_to_a_mock_config_file_and_back() {
    let list = json!([
        {"StateMachine": "M", "State": "S", "Attempts": "1-2", "Throw": {"Error": "Busy", "Cause": "later"}},
        {"StateMachine": "M", "State": "S", "Return": {"ok": true}},
        {"StateMachine": "M", "State": "T", "TimeOut": true},
        {"Function": "F", "Return": 1},
        {"StateMachine": "M", "State": "U", "When": {"Path": "$.a", "Equals": 1}, "Return": 1}
    ]);
    let exported = Rules::parse(&list).unwrap().to_config_file("Rules");
    let busy = json!({"Throw": {"Error": "Busy", "Cause": "later"}});
    let good = json!({"Return": {"ok": true}});
    assert_eq!(
        exported.file,
        json!({
            "StateMachines": {"M": {"TestCases": {"Rules": {"S": "M S", "T": "M T"}}}},
            "MockedResponses": {
                "M S": {"0": &good, "1-2": &busy, "3-999": &good},
                "M T": {"0-999": {"Throw": {"Error": "States.Timeout", "Cause": ""}}}
            }
        })
    );
    assert_eq!(exported.left_out.len(), 2);
    assert_eq!(exported.left_out[0], "Rules[3]: MockConfigFile.json knows states only, not functions");
    let back = Rules::parse(&from_config_file(&exported.file, "M", "Rules")).unwrap();
    for retry in 0..5 {
        let answer = |rules: &Rules| rules.for_state("M", "S", &json!({}), retry).map(|rule| rule.answer.clone());
        assert_eq!(answer(&back), answer(&Rules::parse(&list).unwrap()), "retry {retry}");
    }
}

#[test]
fn tokens_are_found_wherever_they_stand() {
    let event = json!({"Records": [{"body": "{\"a\":{\"TaskToken\":\"one\"}}"}, {"body": "x"}], "token": "two"});
    assert_eq!(tokens(&event), ["one", "two"]);
}
