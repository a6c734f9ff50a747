//! Definitions that try to use up the time or the memory end soon, with an error in AWS's words or with a right result.

#![cfg(not(target_arch = "wasm32"))]

use std::time::{Duration, Instant};

use shared_json::{Value, json};
use states_query::{JsonataScope, JsonataTemplate, NoVariables, Randomness};

const MEMORY_LIMIT: &str = "memory limit exceeded";
/// Debug builds of a busy machine included; what is meant here takes minutes, or for ever.
const SOON: Duration = Duration::from_secs(20);

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
    let begun = Instant::now();
    let answer = template.evaluate("Output", &scope, &mut Randomness::new(1));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
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
