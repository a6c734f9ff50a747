//! Definitions that try to use up the time or the memory (for ever, without a limit) end soon, with an error in AWS's words or with a right result.

#![cfg(not(target_arch = "wasm32"))]

use shared_json::{Value, json};
use states_query::{JsonataScope, JsonataTemplate, NoVariables, Path, Randomness, Scope};

const MEMORY_LIMIT: &str = "memory limit exceeded";

fn jsonata(text: &str, input: &Value) -> Result<Value, String> {
    let template = JsonataTemplate::compile(&json!(format!("{{%{text}%}}"))).unwrap();
    let context = json!({});
    let scope = JsonataScope {
        input,
        result: None,
        error_output: None,
        context: &context,
        variables: &NoVariables,
        now_millis: 0,
    };
    let answer = template.evaluate("Output", &scope, &mut Randomness::new(1));
    answer.map_err(|error| error.cause)
}

fn select(text: &str, input: &Value) -> Result<Value, String> {
    let context = json!({});
    let answer = Path::parse(text).unwrap().select(&Scope::new(input, &context));
    answer.map_err(|error| error.cause)
}

fn tree(depth: usize) -> String {
    match depth {
        0 => "$states.input.t".to_owned(),
        depth => format!("({0} & {0})", tree(depth - 1)),
    }
}

#[test]
fn texts_put_together_stay_within_the_limit() {
    let input = json!({"t": "x".repeat(256 * 1024)});
    let error = jsonata(&tree(13), &input).unwrap_err();
    assert!(error.contains(MEMORY_LIMIT), "{error}");
    // Many that each are within it.
    let texts = vec![tree(4); 300].join(",");
    assert!(jsonata(&format!("[{texts}]"), &input).is_err());
    let fits = jsonata(&tree(3), &input).unwrap();
    assert_eq!(fits.as_str().map(str::len), Some(8 * 256 * 1024));
    let grows = "$reduce([1..300000], function($a, $v) { $a & 'xxxxxxxxxxxxxxxx' }, 'x')";
    assert!(jsonata(grows, &input).is_err());
}

const TOO_MANY: &str = "The path visits too many places";

#[test]
fn a_path_visits_a_bounded_number_of_places() {
    let deep = (0..120).fold(json!([]), |inner, _| Value::array(vec![inner.clone(), json!(1)]));
    let scans = select("$..*..*..*..*..*", &deep).unwrap_err();
    assert!(scans.starts_with("Invalid path '$..*..*") && scans.ends_with(TOO_MANY), "{scans}");
    let zeros = format!("[{}]", vec!["0"; 1_000].join(","));
    let indexes = select(&format!("$[0]{}", zeros.repeat(4)), &json!([[[[[[1]]]]]])).unwrap_err();
    assert!(indexes.ends_with(TOO_MANY), "{indexes}");
    let names = format!("[{}]", vec!["'a'"; 1_000].join(","));
    assert!(select(&format!("$.*{}", names.repeat(3)), &json!([{"a": {"a": {"a": 1}}}])).is_err());
}

#[test]
fn filters_share_the_bound() {
    let items = Value::array((0..3_000).map(|n| json!({"n": n})).collect());
    let input = json!({ "items": items.clone() });
    for filter in ["$.items[?($..n)]", "$.items[?(@.n in $.items[*].n)]", "$.items[?(!($..x))]"] {
        let error = select(filter, &input).unwrap_err();
        assert!(error.ends_with(TOO_MANY), "{filter}: {error}");
    }
    assert_eq!(select("$.items[?(@.n < 2)].n", &input), Ok(json!([0, 1])));
    assert_eq!(select("$..n", &input).unwrap().as_array().map(<[Value]>::len), Some(3_000));
    // Filters upon filters stay at one place.
    assert!(select(&format!("$.*{}", "[?(@)]".repeat(20_000)), &json!([{"a": 1}])).is_err());
}
