//! Payload templates and the intrinsic functions in them.

use proptest::prelude::*;
use shared_json::{Value, json};
use states_query::{Intrinsic, Path, PayloadTemplate, QueryError, Randomness, Scope};

fn evaluate(template: &Value, input: &Value) -> Result<Value, QueryError> {
    let template = PayloadTemplate::compile(template).unwrap_or_else(|error| panic!("{template}: {error:?}"));
    let context = json!({"State": {"Name": "S"}});
    template.evaluate(&Scope::new(input, &context), &mut Randomness::new(7))
}

#[test]
fn fields_are_computed_at_every_depth() {
    let template = json!({"a.$": "$.x", "keep": "$.x", "deep": [{"b.$": "$$.State.Name"}, 1], "whole.$": "$"});
    let expected = json!({"a": 1, "keep": "$.x", "deep": [{"b": "S"}, 1], "whole": {"x": 1}});
    assert_eq!(evaluate(&template, &json!({"x": 1})), Ok(expected));
}

#[test]
fn a_missing_value_names_the_field() {
    let error = evaluate(&json!({"value.$": "$.gone"}), &json!({"x": 1})).unwrap_err();
    assert_eq!(error.error, "States.Runtime");
    assert_eq!(
        error.cause,
        r#"The JSONPath '$.gone' specified for the field 'value.$' could not be found in the input '{"x":1}'"#
    );
}

#[test]
fn fields_that_are_no_expression_do_not_compile() {
    for (value, pointer) in [(json!({"a": {"b.$": "x"}}), "/a/b.$"), (json!([{"c.$": 1}]), "/0/c.$")] {
        assert_eq!(PayloadTemplate::compile(&value).unwrap_err().pointer, pointer);
    }
}

#[test]
fn functions_give_values() {
    let input = json!({"s": "a-b,c", "n": [1, 2, 2, 3], "o": {"k": 1, "l": []}, "f": 1.5, "text": "{\"a\":[1]}",
        "mixed": [1, "1", 1.0, {"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, null, "null", null, 1.5]});
    let cases = [
        ("States.Array($.s, 1, 'x', null)", json!(["a-b,c", 1, "x", null])),
        ("States.ArrayPartition($.n, 3)", json!([[1, 2, 2], [3]])),
        ("States.ArrayContains($.n, 3)", json!(true)),
        ("States.ArrayRange(1, 9, 3)", json!([1, 4, 7])),
        ("States.ArrayRange(3, 1, -1)", json!([3, 2, 1])),
        ("States.ArrayGetItem($.n, 3)", json!(3)),
        ("States.ArrayLength($.n)", json!(4)),
        ("States.ArrayUnique($.n)", json!([1, 2, 3])),
        ("States.ArrayUnique($.mixed)", json!([1, "1", {"a": 1, "b": [2]}, null, "null", 1.5])),
        ("States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU=")),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", json!("Data to encode")),
        ("States.Hash('abc', 'SHA-1')", json!("a9993e364706816aba3e25717850c26c9cd0d89d")),
        ("States.Hash('abc', 'MD5')", json!("900150983cd24fb0d6963f7d28e17f72")),
        ("States.JsonMerge($.o, $.o, false)", json!({"k": 1, "l": []})),
        ("States.StringToJson($.text)", json!({"a": [1]})),
        ("States.StringToJson('')", json!(null)),
        ("States.JsonToString($.o)", json!("{\"k\":1,\"l\":[]}")),
        ("States.MathAdd($.f, -1.5)", json!(1)),
        ("States.MathAdd(111, -1)", json!(110)),
        ("States.StringSplit($.s, '-,')", json!(["a", "b", "c"])),
        ("States.Format('{} and {}: {}', $.s, $.o, null)", json!("a-b,c and {k=1, l=[]}: null")),
        ("States.Format('it\\'s \\{{}\\}', 1)", json!("it's {1}")),
        ("States.ArrayGetItem(States.StringSplit($.s, '-'), States.MathAdd(0, 1))", json!("b,c")),
        ("States.Array($['s'], $.n[0])", json!(["a-b,c", 1])),
        ("States.Array()", json!([])),
    ];
    for (call, expected) in cases {
        assert_eq!(evaluate(&json!({"v.$": call}), &input), Ok(json!({"v": expected})), "{call}");
    }
}

#[test]
fn functions_refuse_with_an_intrinsic_failure() {
    let input = json!({"n": [1, 2], "s": "x"});
    for call in [
        "States.ArrayGetItem($.n, 2)",
        "States.ArrayGetItem($.n, -1)",
        "States.ArrayPartition($.n, 0)",
        "States.ArrayRange(0, 1, 0)",
        "States.ArrayRange(0, 1000, 1)",
        "States.ArrayLength($.s)",
        "States.Base64Decode('%')",
        "States.Hash('a', 'CRC')",
        "States.JsonMerge($.n, $.n, false)",
        "States.StringToJson('{')",
        "States.MathAdd(2147483648, 0)",
        "States.MathRandom(5, 5)",
    ] {
        let error = evaluate(&json!({"v.$": call}), &input).unwrap_err();
        assert_eq!(error.error, "States.IntrinsicFailure", "{call}");
        assert!(
            error.cause.starts_with(&format!("The function '{call}' had the following error: ")),
            "{}",
            error.cause
        );
    }
    let error = evaluate(&json!({"v.$": "States.Format('{}', $.gone)"}), &input).unwrap_err();
    let cause = "The function 'States.Format('{}', $.gone)' had the following error: The JsonPath argument for the \
                 field '$.gone' could not be found in the input '{\"n\":[1,2],\"s\":\"x\"}'";
    assert_eq!((error.error, error.cause.as_str()), ("States.Runtime", cause));
}

#[test]
fn chance_comes_from_the_seed() {
    let template =
        json!({"id.$": "States.UUID()", "n.$": "States.MathRandom(1, 10)", "s.$": "States.MathRandom(1, 1000, 3)"});
    let (first, second) = (evaluate(&template, &json!({})), evaluate(&template, &json!({})));
    assert_eq!(first, second);
    let value = first.unwrap();
    assert_eq!(value["id"].as_str().map(|id| (id.len(), id.as_bytes()[14])), Some((36, b'4')));
    assert!((1..10).contains(&value["n"].as_i64().unwrap()));
}

#[test]
fn what_is_no_call_is_refused() {
    let deep = format!("{}1{}", "States.Array(".repeat(11), ")".repeat(11));
    for text in [
        "",
        "States.Nope()",
        "States.UUID",
        "States.UUID(1)",
        "States.Array('a)",
        "States.Array(a)",
        "States.Format('{}')",
        "States.Array(1) x",
        "States.Array(1,)",
        "States.Array('\\n')",
        deep.as_str(),
    ] {
        assert!(Intrinsic::parse(text).is_err(), "{text:?} was read");
    }
    assert_eq!(Intrinsic::names().count(), 18);
}

proptest! {
    #[test]
    fn no_text_panics(text in "[$@.\\[\\]()'\"?*:,a-c0-9 =!<>&|~/{}\\\\-]{0,40}") {
        let input = json!({"a": [{"b": 1}], "c": "x"});
        let scope = Scope::new(&input, &input);
        if let Ok(path) = Path::parse(&format!("${text}")) {
            let _ = path.select(&scope);
        }
        let call = json!({"v.$": format!("States.Array({text})")});
        if let Ok(template) = PayloadTemplate::compile(&call) {
            let _ = template.evaluate(&scope, &mut Randomness::new(0));
        }
    }
}
