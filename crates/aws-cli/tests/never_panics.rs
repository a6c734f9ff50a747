//! Whatever is typed, and whatever a service answers, something is said.

use aws_cli::{Reading, Step, Surroundings, complete, is_complete, read};
use proptest::prelude::*;
use shared_json::{Value, json};

struct Nowhere;

impl Surroundings for Nowhere {
    fn document(&self, name: &str) -> Option<String> {
        name.len().is_multiple_of(2).then(|| name.to_owned())
    }
}

fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "aws",
        "sqs",
        "lambda",
        "iam",
        "stepfunctions",
        "dynamodb",
        "send-message",
        "send-message-batch",
        "invoke",
        "list-roles",
        "put-item",
        "create-queue",
        "--queue-url",
        "--entries",
        "--attributes",
        "--item",
        "--query",
        "--output",
        "table",
        "text",
        "yaml",
        "json",
        "help",
        "--payload",
        "--max-items",
        "--starting-token",
        "--cli-input-json",
        "--generate-cli-skeleton",
        "file://ab",
        "'{\"a\":[1]}'",
        "Id=1,MessageBody=x",
        "a[?b>`1`].{c:d}",
        "out",
        "'",
        "\"",
        "\\",
        "$(",
        "[[[",
        "{{{",
        "=",
        "-1",
        "--",
        "-",
    ])
    .prop_map(str::to_owned);
    prop_oneof![4 => known, 1 => "\\PC{0,8}", 1 => "[\\[\\]{}=,'\"a\\\\ ]{0,12}"]
}

fn answer() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::string),
        "[ \n'\"#:a-]{0,12}".prop_map(Value::string),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let key = prop::sample::select(vec!["Roles", "Messages", "Body", "Payload", "Marker", "IsTruncated", "x", ""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::array),
            prop::collection::vec((key, inner), 0..4).prop_map(Value::object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_line_makes_it_panic(pieces in prop::collection::vec(piece(), 0..10), cursor in 0_usize..200, answer in answer()) {
        let line = pieces.join(" ");
        let _ = is_complete(&line);
        let _ = complete(&line, cursor, &Nowhere);
        if let Reading::Call(mut run) = read(&line, &Nowhere) {
            for _ in 0..3 {
                if let Step::Done(_) = run.answered(Ok(answer.clone())) {
                    break;
                }
            }
        }
    }

    #[test]
    fn no_answer_makes_it_panic(
        answer in answer(),
        format in prop::sample::select(vec!["json", "text", "table", "yaml", "yaml-stream"]),
        query in prop::sample::select(vec!["@", "[@]", "*", "x", "sort_by(@, &x)", "[::-1]", "{a: @, b: x}"]),
    ) {
        let line = format!("aws sts get-caller-identity --output {format} --query '[`{answer}`, {query}]'");
        let line = if answer.to_string().contains(['\'', '`', '\\']) {
            format!("aws sts get-caller-identity --output {format} --query '{query}'")
        } else {
            line
        };
        if let Reading::Call(mut run) = read(&line, &Nowhere) {
            prop_assert!(matches!(run.answered(Ok(answer)), Step::Done(_)));
        }
    }
}
