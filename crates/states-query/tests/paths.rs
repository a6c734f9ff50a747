//! What paths find, in Jayway's way.

use shared_json::{Value, json};
use states_query::{Expression, Path, PayloadTemplate, Randomness, ReferencePath, Scope, Variables};

fn document() -> Value {
    json!({
        "order": {"id": "A-7", "lines": [{"sku": "x", "qty": 2}, {"sku": "y", "qty": 5, "gift": true}, {"sku": "z"}]},
        "flow-name": 1, "@t": 2, "0k": 3, "two words": 4, "zero": "0", "none": null, "numbers": [1, 2, 3, 4], "it's": 5, "q\\\"": 6
    })
}

fn select(path: &str) -> Result<Value, String> {
    let input = document();
    let context = json!({"Execution": {"Name": "run"}});
    let path = Path::parse(path).map_err(|error| format!("unreadable: {error}"))?;
    path.select(&Scope::new(&input, &context)).map_err(|error| error.cause)
}

#[test]
fn paths_find_values() {
    let cases = [
        ("$.order.id", json!("A-7")),
        ("$['order']['lines'][0].sku", json!("x")),
        ("$.order.lines[-1].sku", json!("z")),
        ("$.flow-name", json!(1)),
        ("$.@t", json!(2)),
        ("$.0k", json!(3)),
        ("$['two words']", json!(4)),
        ("$.none", json!(null)),
        ("$$.Execution.Name", json!("run")),
        ("$['zero','0k']", json!({"zero": "0", "0k": 3})),
        ("$.order.lines[*].sku", json!(["x", "y", "z"])),
        ("$.order.lines[*].qty", json!([2, 5])),
        ("$..qty", json!([2, 5])),
        ("$..lines[0].sku", json!(["x"])),
        ("$.numbers[1:3]", json!([2, 3])),
        ("$.numbers[:2]", json!([1, 2])),
        ("$.numbers[-2:]", json!([3, 4])),
        ("$.numbers[9:]", json!([])),
        ("$.numbers[0,2]", json!([1, 3])),
        ("$.numbers.[0]", json!(1)),
        ("$.['flow-name']", json!(1)),
        ("$.numbers.[?(@ > 3)]", json!([4])),
        ("$.numbers[7,8]", json!([])),
        ("$.gone.items[1:].x", json!([])),
        ("$.gone[*]", json!([])),
        ("$['it\\'s']", json!(5)),
        (r#"$['q\"']"#, json!(6)),
        ("$.order.lines[?(@.qty > 2)].sku", json!(["y"])),
        ("$.order.lines[?(@.gift)].sku", json!(["y"])),
        ("$.order.lines[?(!(@.gift) && @.qty)].sku", json!(["x"])),
        ("$.order.lines[?(@.sku==y)].qty", json!([5])),
        ("$.order.lines[?(@.sku=='x' || @.sku == \"z\")].sku", json!(["x", "z"])),
        ("$.order.lines[?(@.sku in ['x','q'])].qty", json!([2])),
        ("$.order.lines[?(@.sku =~ /[xy]/)].sku", json!(["x", "y"])),
        ("$.order.lines[?(@.sku =~ /Y/i)].sku", json!(["y"])),
        ("$.numbers[?(@ >= $.0k)]", json!([3, 4])),
        ("$[?(@.zero == 0)]['0k']", json!([3])),
        ("$.numbers.length()", json!(4)),
        ("$.numbers.sum()", json!(10.0)),
    ];
    for (path, expected) in cases {
        assert_eq!(select(path), Ok(expected), "{path}");
    }
}

#[test]
fn definite_paths_that_find_nothing_fail_in_jayways_words() {
    let cases = [
        ("$.missing", "Invalid path '$.missing' : No results for path: $['missing']"),
        ("$.no.such.path", "Invalid path '$.no.such.path' : Missing property in path $['no']"),
        ("$.order.no.x", "Invalid path '$.order.no.x' : Missing property in path $['order']['no']"),
        ("$.numbers[9]", "Invalid path '$.numbers[9]' : No results for path: $['numbers'][9]"),
        ("$.none[0]", "Invalid path '$.none[0]' : The path $['none'] is null"),
    ];
    for (path, cause) in cases {
        assert_eq!(select(path), Err(cause.to_owned()), "{path}");
    }
}

#[test]
fn what_is_no_path_is_refused() {
    for text in [
        "",
        "order",
        "$1order",
        "$a-b",
        "$.",
        "$..",
        "$.a b",
        "$[",
        "$['a",
        "$[]",
        "$[:]",
        "$[?(",
        "$.a.b()",
        "$.length().a",
        "@.a",
    ] {
        assert!(Path::parse(text).is_err(), "{text:?} was read");
    }
}

#[test]
fn reference_paths_name_one_place() {
    for text in ["$", "$.a.b", "$['a'][0]"] {
        assert!(ReferencePath::parse(text).is_ok(), "{text}");
    }
    for text in ["$.*", "$..a", "$.a[0:1]", "$['a','b']", "$[?(@.a)]", "$.a.length()"] {
        assert!(ReferencePath::parse(text).is_err(), "{text}");
    }
}

#[test]
fn results_are_written_where_the_path_says() {
    let cases = [
        ("$", json!({"a": 1}), Some(json!("new"))),
        ("$.b", json!({"a": 1}), Some(json!({"a": 1, "b": "new"}))),
        ("$.a", json!({"a": 1}), Some(json!({"a": "new"}))),
        ("$.x.y", json!({"a": 1}), Some(json!({"a": 1, "x": {"y": "new"}}))),
        ("$.l[1]", json!({"l": [1, 2]}), Some(json!({"l": [1, "new"]}))),
        ("$.l[2]", json!({"l": [1, 2]}), None),
        ("$.a.b", json!({"a": 1}), None),
        ("$.a", json!("text"), None),
    ];
    for (path, onto, expected) in cases {
        let written = ReferencePath::parse(path).unwrap().write(&onto, json!("new"));
        assert_eq!(written.clone().ok(), expected, "{path}");
        if let Err(error) = written {
            assert_eq!(error.error, "States.ResultPathMatchFailure");
            assert_eq!(error.cause, format!("Unable to apply ReferencePath {path} to input {onto}"));
        }
    }
}

#[derive(Debug)]
struct Assigned(Value);

impl Variables for Assigned {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

#[test]
fn paths_may_start_at_a_variable() {
    let input = json!({"l": [{"k": "x"}, {"k": "y"}]});
    let variables = Assigned(json!({"wanted": {"k": ["x", "z"]}, "n_1": 2, "größe": 3}));
    let context = json!({});
    let scope = Scope { input: &input, context: &context, variables: &variables };
    let select = |text: &str| Path::parse(text).unwrap().select(&scope).map_err(|error| error.cause);
    assert_eq!(select("$wanted.k[0]"), Ok(json!("x")));
    assert_eq!(select("$n_1"), Ok(json!(2)));
    assert_eq!(select("$größe"), Ok(json!(3)));
    assert_eq!(select("$.l[?(@.k in $wanted.k)].k"), Ok(json!(["x"])));
    assert_eq!(select("$gone.a"), Err("Invalid path '$gone.a' : The variable '$gone' is not defined".to_owned()));
    let template =
        PayloadTemplate::compile(&json!({"a.$": "$n_1", "b.$": "States.MathAdd($n_1, States.ArrayLength($.l))"}));
    let template = template.unwrap();
    assert_eq!(template.evaluate(&scope, &mut Randomness::new(1)).unwrap(), json!({"a": 2, "b": 4}));
    assert_eq!(template.variables().iter().map(|name| &**name).collect::<Vec<_>>(), ["n_1"]);
    assert_eq!(Path::parse("$wanted").unwrap().variable_name(), Some("wanted"));
    assert_eq!(Path::parse("$.wanted").unwrap().variable_name(), None);
    let filter = Expression::parse("$b[?(@.x == $a && @.y)]").unwrap();
    assert_eq!(filter.variables().iter().map(|name| &**name).collect::<Vec<_>>(), ["a", "b"]);
}
