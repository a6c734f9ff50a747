//! Damaged and random input: nothing makes the parser, the queries or the engine panic or hang.
//!
//! Every test takes some seconds. `STEPYARD_FUZZ_SECONDS=600 cargo test -p sfn-engine --release --test fuzz` goes on for
//! so long with other seeds, and `cargo xtask fuzz` does that for an hour. A seed that is named by a failure is given in
//! `STEPYARD_FUZZ_SEED`, which then is the only one.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use asl::ReaderConfig;
use sfn_engine::{ErrorOutput, Execution, HistoryEvent, Input, item_reader};
use shared_json::{Value, json};
use states_query::{Expression, JsonataScope, JsonataTemplate, NoVariables, Path, PayloadTemplate, Randomness, Scope};
use support::random::{Chance, definition, play};
use support::{EPOCH, start};
use virtual_time::{Duration, Timestamp};

#[expect(clippy::disallowed_types, reason = "how long to go on is a matter of real time")]
type Clock = std::time::Instant;

/// Runs the target with the bytes of `rounds` seeds, or of as many as there is time for.
#[expect(clippy::disallowed_methods, reason = "asked for by the environment")]
fn fuzz(rounds: u64, target: fn(&mut Chance)) {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let begin = Clock::now();
    let (first, more) = match (number("STEPYARD_FUZZ_SEED"), number("STEPYARD_FUZZ_SECONDS")) {
        (Some(seed), _) => (seed, 0),
        (None, Some(seconds)) => (rounds, seconds),
        (None, None) => (0, 0),
    };
    let alone = number("STEPYARD_FUZZ_SEED").is_some();
    let mut seed = first;
    loop {
        let bytes = bytes(seed);
        if catch_unwind(AssertUnwindSafe(|| target(&mut Chance::new(&bytes)))).is_err() {
            panic!("STEPYARD_FUZZ_SEED={seed} makes it panic");
        }
        seed += 1;
        let over = if more > 0 { begin.elapsed().as_secs() >= more } else { seed >= rounds };
        if alone || over {
            return;
        }
    }
}

/// SplitMix64's bytes.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0xD134_2543_DE82_EF95);
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    (0..64).flat_map(|_| next().to_le_bytes()).collect()
}

/// With a little of everything, to be damaged.
const WHOLE: [&str; 3] = [
    r#"{"StartAt":"Ask","TimeoutSeconds":900,"States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":9,"HeartbeatSecondsPath":"$.n","Parameters":{"QueueUrl":"u","MessageBody":{"Token.$":"$$.Task.Token","id.$":"States.UUID()"}},"ResultSelector":{"w.$":"$.a[0]"},"ResultPath":"$.w","Retry":[{"ErrorEquals":["Busy"],"BackoffRate":1.5,"MaxAttempts":2,"JitterStrategy":"FULL"}],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"Lost"}],"Next":"Heavy"},"Heavy":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.w","IsPresent":true},{"Not":{"Variable":"$.n","NumericLessThanPath":"$.m"}}],"Next":"Rest"},{"Variable":"$.t","StringMatches":"a*b\\*","Next":"Rest"}],"Default":"Lost"},"Rest":{"Type":"Wait","SecondsPath":"$.n","Next":"Each"},"Each":{"Type":"Map","ItemsPath":"$.l","MaxConcurrencyPath":"$.n","ItemSelector":{"v.$":"$$.Map.Item.Value","f.$":"States.Format('{} of {}',$$.Map.Item.Index,States.ArrayLength($.l))"},"ItemProcessor":{"StartAt":"In","States":{"In":{"Type":"Pass","Assign":{"x.$":"$.v"},"Next":"Out"},"Out":{"Type":"Pass","Parameters":{"x.$":"$x"},"End":true}}},"ResultPath":"$.l","Next":"Rest"},"Lost":{"Type":"Fail","Error":"E","CausePath":"States.JsonToString($)"}}}"#,
    r#"{"StartAt":"Both","QueryLanguage":"JSONata","States":{"Both":{"Type":"Parallel","Arguments":{"n":"{% $states.input.n + 1 %}"},"Assign":{"r":"{% $states.result %}"},"Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $map([1..3], function($v){$v * 2}) %}","End":true}}},{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":"{% $states.input.n %}","End":true}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e":"{% $states.errorOutput %}"},"Output":"{% $states.errorOutput.Cause %}","Next":"End"}],"Next":"Pick"},"Pick":{"Type":"Choice","Choices":[{"Condition":"{% $count($r) > 1 and $r[0][0] = 2 %}","Output":{"l":"{% $r[0] %}"},"Next":"Each"}],"Default":"End"},"Each":{"Type":"Map","Items":"{% $states.input.l %}","MaxConcurrency":"{% 2 %}","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":"{% 3 %}","Arguments":"{% $states.context.Map.Item %}","End":true}}},"Output":"{% $join($states.result.($string($)), ',') %}","Next":"End"},"End":{"Type":"Succeed","Output":"{% $string($states.input) %}"}}}"#,
    r#"{"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"L","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key.$":"$.k"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItemsPath":"$.n"}},"ItemBatcher":{"MaxItemsPerBatchPath":"$.n","BatchInput":{"k.$":"$.k"}},"ToleratedFailurePercentagePath":"$.p","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}"#,
];

const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "0",
    "-1",
    "1e400",
    "99999999999999999999",
    "\"\"",
    "\"$\"",
    "\"$.n\"",
    "\"$.l[*]\"",
    "\"{% $states.input %}\"",
    "{% ",
    " %}",
    "\"Next\":",
    "\"End\":true",
    "\"Type\":\"Map\"",
    "\"Parallel\"",
    "\"Branches\":[",
    "\"QueryLanguage\":\"JSONata\"",
    "States.Array(",
    "$$.",
    "..",
    "é\u{1F600}",
    "\u{0}",
    "\\ud800",
    "States.ALL",
    "[?(@.a==1)]",
    "$uuid()",
    "[0..9999]",
    "$states.result",
    "\"MaxConcurrency\":0",
    "\"Retry\":[{}]",
    ".$",
];

/// Some cuts and some pieces put in.
fn damaged(text: &str, chance: &mut Chance) -> String {
    let mut text = text.to_owned();
    for _ in 0..=chance.below(3) {
        let spot = |chance: &mut Chance, text: &str| {
            let at = (chance.below(256) * 256 + chance.below(256)) % (text.len() + 1);
            (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
        };
        let from = spot(chance, &text);
        match chance.below(4) {
            0 => text.insert_str(from, PIECES[chance.below(PIECES.len())]),
            1 => {
                let to = text[from..].char_indices().nth(chance.below(30)).map_or(text.len(), |(at, _)| from + at);
                text.replace_range(from..to, PIECES[chance.below(PIECES.len())]);
            }
            // A value for another value keeps the text well formed.
            2 => {
                let values: Vec<usize> = text.match_indices(':').map(|(at, _)| at + 1).collect();
                let Some(at) = values.get(chance.below(values.len())) else { continue };
                let rest = &text[*at..];
                let end = rest.find([',', '}', '{', '[']).unwrap_or(rest.len());
                text.replace_range(*at..at + end, &chance.json(2).to_string());
            }
            _ => {
                let to = spot(chance, &text);
                let piece: String = text[from.min(to)..from.max(to)].chars().take(200).collect();
                text.insert_str(from, &piece);
            }
        }
    }
    text
}

/// A piece of text of so many tokens.
fn tokens(chance: &mut Chance, tokens: &[&str]) -> String {
    (0..=chance.below(12)).map(|_| tokens[chance.below(tokens.len())]).collect()
}

fn input(chance: &mut Chance) -> String {
    if chance.below(2) == 0 {
        r#"{"n":1,"m":2,"t":"ab*","k":"key","p":5,"a":[1],"l":[1,{"a":"x"},[2]]}"#.into()
    } else {
        chance.json(4).to_string()
    }
}

#[test]
fn damaged_definitions_are_judged_and_run() {
    fuzz(15_000, |chance| {
        let text = damaged(WHOLE[chance.below(3)], chance);
        let parsed = asl::parse(&text);
        assert_eq!(parsed.checked.is_none(), parsed.errors().next().is_some());
        let _ = asl::format(&text);
        let Some(checked) = parsed.checked else { return };
        let mut damaged = start(&json!({"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}), &input(chance));
        damaged.definition = checked;
        damaged.limits.max_events = 300;
        let _ = play(damaged, chance);
    });
}

#[test]
fn random_definitions_run() {
    fuzz(8_000, |chance| {
        let definition = definition(chance);
        let Some(checked) = asl::parse(&definition.to_string()).checked else { return };
        let mut random = start(&json!({"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}), &input(chance));
        random.definition = checked;
        random.limits.max_events = 300;
        random.limits.max_payload_bytes = 5_000;
        let story = play(random, chance);
        for event in story.execution.history() {
            assert!(HistoryEvent::from_value(&event.to_value()).is_some());
        }
    });
}

#[test]
fn inputs_in_any_order_are_taken() {
    fuzz(10_000, |chance| {
        let checked = asl::parse(WHOLE[chance.below(3)]).checked;
        let mut any = start(&json!({"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}), &input(chance));
        any.definition = checked.unwrap();
        any.limits.max_events = 200;
        let mut execution = Execution::new(any);
        let mut now = Timestamp::from_millis(EPOCH);
        for _ in 0..chance.below(40) {
            let task = chance.below(6) as u64;
            let error = ErrorOutput::new(chance.of(&["Busy", "States.Timeout", "States.Runtime", ""]), "why");
            now += Duration::from_secs(chance.below(20) as u64);
            let input = match chance.below(12) {
                0 => Input::TaskStarted { task },
                1 => Input::ActivityStarted { task, worker_name: None },
                2 => Input::TaskStartFailed { task, error },
                3 => Input::TaskSubmitted { task, output: chance.json(2) },
                4 => Input::TaskSubmitFailed { task, error },
                5 | 6 => Input::TaskSucceeded { task, output: chance.json(3) },
                7 => Input::TaskFailed { task, error },
                8 => Input::TaskHeartbeat { task },
                9 => Input::ItemsRead {
                    task,
                    items: std::rc::Rc::new((0..chance.below(4)).map(|_| chance.json(1)).collect()),
                },
                10 if chance.below(20) == 0 => Input::Stop { error: None, cause: None },
                _ => Input::Start,
            };
            execution.handle(now, input);
            execution.handle_wakeup(now);
        }
        for (index, event) in execution.history().iter().enumerate() {
            assert!(event.id == index as u64 + 1 && event.previous_event_id < event.id);
        }
    });
}

#[test]
fn paths_and_templates_end() {
    const TOKENS: [&str; 44] = [
        "$",
        "$$",
        "$v",
        ".a",
        ".b",
        "..",
        ".",
        "*",
        "[0]",
        "[-1]",
        "[0:1]",
        "[::0]",
        "[*]",
        "['a']",
        "['a','b']",
        "[?(",
        "@.b",
        "@",
        "==",
        "<=",
        "'x'",
        ")]",
        "&&",
        "||",
        "=~",
        "/x+/",
        ".length()",
        "States.Format('{}', ",
        "States.Array(",
        "States.MathAdd(",
        "States.ArrayRange(",
        "States.StringToJson(",
        "States.ArrayPartition(",
        "States.Base64Decode(",
        "States.Hash(",
        "States.MathRandom(",
        ",",
        ")",
        "1",
        "-9223372036854775808",
        "null",
        "'\\'",
        "!",
        " in ",
    ];
    fuzz(20_000, |chance| {
        let text = tokens(chance, &TOKENS);
        let (input, context) = (chance.json(4), json!({"Execution": {"Id": "x"}}));
        let scope = Scope::new(&input, &context);
        if let Ok(path) = Path::parse(&text) {
            let _ = path.select(&scope);
        }
        let _ = Expression::parse(&text).map(|expression| expression.evaluate("f", &scope, &mut Randomness::new(1)));
        let template = PayloadTemplate::compile(&json!({"l": [{"x.$": text.as_str()}], "n": chance.json(2)}));
        let _ = template.map(|template| template.evaluate(&scope, &mut Randomness::new(1)));
    });
}

#[test]
fn jsonata_ends() {
    const TOKENS: [&str; 64] = [
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
        "**",
        "|",
        "/a+/",
        "null",
        "function($x){",
        "$map(",
        "$filter(",
        "$reduce(",
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
        "$formatInteger(",
        "$replace(",
        "$parse(",
        "$hash(",
        "$toMillis(",
        "$zip(",
        "$power(",
        "=",
        "!=",
        "<",
        " and ",
        " in ",
        "`q`",
        "$states.input",
        "1e9",
    ];
    fuzz(6_000, |chance| {
        let text = tokens(chance, &TOKENS);
        let Ok(template) = JsonataTemplate::compile(&json!({"x": format!("{{%{text}%}}")})) else { return };
        let (input, context) = (chance.json(3), json!({}));
        let scope = JsonataScope {
            input: &input,
            result: Some(&input),
            error_output: None,
            context: &context,
            variables: &NoVariables,
            now_millis: EPOCH,
        };
        let _ = template.evaluate("Output", &scope, &mut Randomness::new(1));
    });
}

#[test]
fn what_is_read_back_may_be_anything() {
    fuzz(6_000, |chance| {
        let mut event = json!({"timestamp": 1, "type": "TaskFailed", "id": 3, "previousEventId": 2, "taskFailedEventDetails": {"error": "A", "resource": "r", "resourceType": "t"}});
        let (key, value) =
            (chance.of(&["timestamp", "type", "id", "previousEventId", "taskFailedEventDetails"]), chance.json(3));
        event = event.with(key, value);
        let _ = HistoryEvent::from_value(&event);
        let _ = HistoryEvent::from_value(&chance.json(3));
        let text = damaged("a,b,\"c d\"\n1,\"2,\n3\",\n{\"a\":[1]}\n[7,{}]\n", chance);
        for input_type in [None, Some(asl::InputType::Csv), Some(asl::InputType::JsonL), Some(asl::InputType::Json)] {
            let pointer = (chance.below(2) == 0).then(|| "/a/~1/0".into());
            let config = ReaderConfig { input_type, items_pointer: pointer, ..ReaderConfig::default() };
            let _ = item_reader::read_items(&config, &text);
        }
        let _ = item_reader::listed_items(&[chance.json(2), Value::Null]);
    });
}
