//! Whatever is written, compiling and evaluating end without a panic.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use shared_json::json;
use states_query::{Expression, JsonataScope, JsonataTemplate, NoVariables, Path, PayloadTemplate, Randomness, Scope};

/// The same cases in every run.
fn for_texts(cases: u32, strategy: &str, check: impl Fn(&str)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let pieces = proptest::string::string_regex(strategy).unwrap();
    TestRunner::new_with_rng(config, rng)
        .run(&pieces, |text| {
            check(&text);
            Ok(())
        })
        .unwrap();
}

/// Token by token, so that many texts are well formed.
fn for_tokens(cases: u32, tokens: &'static [&'static str], check: impl Fn(&str)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let strategy = prop::collection::vec(prop::sample::select(tokens), 1..14);
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |tokens| {
            check(&tokens.concat());
            Ok(())
        })
        .unwrap();
}

fn jsonata(text: &str) {
    let Ok(template) = JsonataTemplate::compile(&json!(format!("{{%{text}%}}"))) else { return };
    let (input, context) = (json!({"a": [1, {"b": "x"}], "b": {"a": null}, "n": 1.5}), json!({}));
    let scope = JsonataScope {
        input: &input,
        result: Some(&input),
        error_output: None,
        context: &context,
        variables: &NoVariables,
        now_millis: 0,
    };
    let _ = template.evaluate("Output", &scope, &mut Randomness::new(1));
    let _ = template.variables();
}

fn json_path(text: &str) {
    let (input, context) = (json!({"a": [1, {"b": "x"}], "b": {"a": null}}), json!({}));
    let scope = Scope::new(&input, &context);
    if let Ok(path) = Path::parse(text) {
        let _ = path.select(&scope);
    }
    let _ = Expression::parse(text).map(|expression| expression.evaluate("f", &scope, &mut Randomness::new(1)));
    let template = PayloadTemplate::compile(&json!({"x.$": text}));
    let _ = template.map(|template| template.evaluate(&scope, &mut Randomness::new(1)));
}

#[test]
fn any_text_is_jsonata_or_is_refused() {
    for_texts(3_000, r#"[ -~é\u{1F600}]{0,24}"#, jsonata);
    const TOKENS: &[&str] = &[
        "$states",
        ".input",
        ".a",
        ".b",
        "[0]",
        "[a=1]",
        "[-1]",
        "[]",
        "$x",
        ":=",
        "1",
        "'t'",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        ";",
        "?",
        "~>",
        "..",
        "^(",
        "@$v",
        "#$i",
        "**",
        "*",
        "|",
        "/a+/",
        "null",
        "function($x){",
        "$map(",
        "$sum(",
        "$string(",
        "$range(",
        "$split(",
        "$match(",
        "$partition(",
        "$sort(",
        "$pad(",
        "$fromMillis(",
        "$formatNumber(",
        "$replace(",
        "=",
        "!=",
        "<",
        " and ",
        " in ",
        "`q`",
        "$states.input",
        "$",
    ];
    for_tokens(20_000, TOKENS, jsonata);
}

#[test]
fn any_text_is_a_path_or_is_refused() {
    for_texts(3_000, r#"\$?[ -~é]{0,24}"#, json_path);
    const TOKENS: &[&str] = &[
        "$",
        "$$",
        "$v",
        ".a",
        ".b",
        "..",
        ".",
        "[0]",
        "[-1]",
        "[0:1]",
        "[*]",
        "['a']",
        "['a','b']",
        "[?(",
        "@.b",
        "==",
        "'x'",
        ")]",
        "&&",
        "=~",
        "/x/",
        ".length()",
        "States.Format('{}', ",
        "States.Array(",
        "States.MathAdd(",
        ",",
        ")",
        "1",
        "null",
        "'\\'",
        "@",
        "!",
        " in ",
        "[",
        "]",
    ];
    for_tokens(20_000, TOKENS, json_path);
}
