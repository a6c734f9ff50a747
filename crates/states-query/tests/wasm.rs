//! Expressions give the same texts as wasm as they do natively: the second list was written down from a native run.

use shared_json::json;
use states_query::{JsonataScope, JsonataTemplate, NoVariables, Randomness};

const TIMEOUT: &str = "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop";

const ANSWERS: [(&str, &str); 18] = [
    ("$now()", r#""2001-09-09T01:46:40.000Z""#),
    ("$millis()", "1000000000000"),
    ("$toMillis('13:45', '[H01]:[m01]')", "1000043100000"),
    ("$fromMillis(0, '[F], [D1o] [MNn] [Y]')", r#""thursday, 1st January 1970""#),
    ("$random()", "0.3898297483912715"),
    ("$random(42)", "0.7275636800328681"),
    ("$uuid()", r#""63cbe1e4-5932-4dd7-844c-3cd7f43c661c""#),
    ("$shuffle([1..6])", "[6,5,2,4,1,3]"),
    ("$states.input.items[n > 1].t & '!'", r#""y!""#),
    ("$sum($states.input.items.(n * 1.1))", "3.3000000000000003"),
    ("1 / 3 + 1e21", "1e+21"),
    ("$string(1e-7) & 0.1", r#""1e-70.1""#),
    ("$formatNumber(1234.5678, '#,##0.00')", r#""1,234.57""#),
    ("$replace('a1b22', /[0-9]+/, '#')", r##""a#b#""##),
    ("$hash('x', 'MD5')", r#""9dd4e461268c8034f5c8564e155c67a6""#),
    ("$states.input.items^(>n).t", r#"["y","x"]"#),
    ("($f := function($x){ $f($x + 1) }; $f(1))", TIMEOUT),
    (
        "($f := function($x){ 1 + $f($x) }; $f(1))",
        "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. \
         Consider rewriting as tail-recursive",
    ),
];

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn expressions_give_the_same_texts_everywhere() {
    let (input, context) = (json!({"items": [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}]}), json!({}));
    let scope = JsonataScope {
        input: &input,
        result: None,
        error_output: None,
        context: &context,
        variables: &NoVariables,
        now_millis: 1_000_000_000_000,
    };
    for (expression, expected) in ANSWERS {
        let template = JsonataTemplate::compile(&json!(format!("{{%{expression}%}}"))).expect(expression);
        let answer = match template.evaluate("Output", &scope, &mut Randomness::new(7)) {
            Ok(value) => value.to_string(),
            Err(error) => error.cause.split("'Output' ").last().unwrap_or_default().to_owned(),
        };
        assert_eq!(answer, expected, "{expression}");
    }
}
