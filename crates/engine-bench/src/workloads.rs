//! What is run: definitions made in code, each of which makes one thing frequent.

use shared_json::{Value, json};

/// The workloads. Those with a size behind a dash show that a transition's cost does not grow with the history.
pub const NAMES: [&str; 12] = ["W1", "W1b", "W2a", "W2b", "W3", "W4", "W5", "W6", "W7", "W2-1k", "W2-20k", "W3-10k"];

/// A definition with an input, and what comes of it.
#[derive(Clone, Debug)]
pub struct Workload {
    pub name: &'static str,
    pub title: &'static str,
    pub definition: Value,
    pub input: Value,
    /// What its Tasks answer.
    pub answers: Answers,
    /// States entered in one execution.
    pub transitions: u32,
    /// Whether it needs a history longer than AWS allows.
    pub unlimited: bool,
    pub output: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// It has no Tasks.
    None,
    /// Their parameters.
    Echo,
    /// The first two attempts fail with `Transient`; an item whose mode is `broken` always fails with `Permanent`.
    Flaky,
}

impl Workload {
    /// The workload of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Workload> {
        let workload = match name {
            "W1" => chain(),
            "W1b" => counting_chain(),
            "W2a" => counting_loop(3_000),
            "W2b" => counting_loop(10_000),
            "W2-1k" => counting_loop(250),
            "W2-20k" => counting_loop(5_000),
            "W3" => map(1_000),
            "W3-10k" => map(10_000),
            "W4" => parallel(),
            "W5" => retry_and_catch(),
            "W6" => large_payload(),
            "W7" => jsonata(),
            _ => return None,
        };
        let name = NAMES.into_iter().find(|known| *known == name)?;
        Some(Workload { name, ..workload })
    }
}

impl Workload {
    fn new(title: &'static str, definition: Value, input: Value, transitions: u32, output: Value) -> Workload {
        let (name, answers, unlimited) = ("", Answers::None, false);
        Workload { name, title, definition, input, answers, transitions, unlimited, output }
    }
}

fn small() -> Value {
    json!({"orderId": "o-77", "n": 0, "tags": ["new", "paid"], "customer": {"id": 12, "name": "Grace"}})
}

/// States one after the other, named by a prefix and their number.
fn states(prefix: &str, fields: impl ExactSizeIterator<Item = Value>) -> Value {
    let last = fields.len() - 1;
    let states = fields.enumerate().map(|(n, state)| {
        let state = if n == last {
            state.with("End", Value::from(true))
        } else {
            state.with("Next", Value::from(format!("{prefix}{}", n + 1)))
        };
        (format!("{prefix}{n}"), state)
    });
    let states = Value::object(states);
    json!({"StartAt": format!("{prefix}0"), "States": &states})
}

fn chain() -> Workload {
    let definition = states("Step", (0..1_000).map(|_| json!({"Type": "Pass"})));
    Workload::new("1,000 Pass states", definition, small(), 1_000, small())
}

fn counting_chain() -> Workload {
    let pass = json!({
        "Type": "Pass",
        "Parameters": {"n.$": "States.MathAdd($.sum.n, 1)", "of.$": "$.orderId"},
        "ResultPath": "$.sum"
    });
    let definition = states("Step", (0..1_000).map(|_| pass.clone()));
    let input = small().with("sum", json!({"n": 0}));
    let output = small().with("sum", json!({"n": 1_000, "of": "o-77"}));
    Workload::new("with Parameters, MathAdd, ResultPath", definition, input, 1_000, output)
}

fn counting_loop(rounds: u32) -> Workload {
    let definition = json!({"StartAt": "More?", "States": {
        "More?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.i", "NumericLessThan": rounds, "Next": "Count"}],
            "Default": "Done"
        },
        "Count": {
            "Type": "Pass",
            "Parameters": {"i.$": "States.MathAdd($.i, 1)", "label.$": "$.label"},
            "Next": "More?"
        },
        "Done": {"Type": "Succeed"}
    }});
    let (input, output) = (json!({"i": 0, "label": "round"}), json!({"i": rounds, "label": "round"}));
    let title = "a loop of Choice and Pass with MathAdd";
    let workload = Workload::new(title, definition, input, 2 * rounds + 2, output);
    Workload { unlimited: rounds > 6_000, ..workload }
}

fn map(items: u32) -> Workload {
    let quantity = |n: u32| n % 7 + 1;
    let definition = json!({"StartAt": "Each", "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {
                "index.$": "$$.Map.Item.Index", "item.$": "$$.Map.Item.Value", "shop.$": "$.shop"
            },
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Label", "States": {
                "Label": {
                    "Type": "Pass",
                    "Parameters": {
                        "id.$": "$.item.id",
                        "label.$": "States.Format('{}: {}', $.shop, $.item.name)",
                        "total.$": "States.MathAdd($.item.quantity, $.index)",
                        "pair.$": "States.Array($.item.id, $.item.quantity)"
                    },
                    "Next": "Look"
                },
                "Look": {
                    "Type": "Pass",
                    "Parameters": {
                        "length.$": "States.ArrayLength($.pair)",
                        "found.$": "States.ArrayContains($.pair, $.id)"
                    },
                    "ResultPath": "$.look",
                    "Next": "Shape"
                },
                "Shape": {
                    "Type": "Pass",
                    "Parameters": {
                        "id.$": "$.id", "label.$": "$.label", "total.$": "$.total", "look.$": "$.look",
                        "text.$": "States.JsonToString($.pair)"
                    },
                    "End": true
                }
            }},
            "ResultPath": "$.results",
            "Next": "Results"
        },
        "Results": {"Type": "Pass", "InputPath": "$.results", "End": true}
    }});
    let input = (0..items).map(|n| json!({"id": n, "name": format!("item {n}"), "quantity": quantity(n)}));
    let input = Value::object([("shop", Value::from("corner")), ("items", Value::array(input.collect()))]);
    let output = (0..items).map(|n| {
        json!({
            "id": n, "label": format!("corner: item {n}"), "total": quantity(n) + n,
            "look": {"length": 2, "found": true}, "text": format!("[{n},{}]", quantity(n))
        })
    });
    let output = Value::array(output.collect());
    let workload = Workload::new("a Map of 3 Pass states with intrinsics", definition, input, 2 + 3 * items, output);
    Workload { unlimited: items > 1_000, ..workload }
}

fn parallel() -> Workload {
    let branch = |branch: u32| {
        let fields = (0..50).map(|n| match n {
            49 => json!({"Type": "Pass", "Parameters": {"branch": branch, "n.$": "$.n"}}),
            _ => json!({"Type": "Pass"}),
        });
        states(&format!("Lane {branch} step "), fields)
    };
    let branches = Value::array((0..10).map(branch).collect());
    let definition =
        json!({"StartAt": "Fan", "States": {"Fan": {"Type": "Parallel", "Branches": &branches, "End": true}}});
    let output = Value::array((0..10).map(|branch| json!({"branch": branch, "n": 0})).collect());
    Workload::new("10 branches of 50 Pass states", definition, small(), 501, output)
}

fn retry_and_catch() -> Workload {
    let definition = json!({"StartAt": "Each", "States": {"Each": {
        "Type": "Map",
        "ItemsPath": "$.calls",
        "MaxConcurrency": 1,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Call", "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:moody",
                "Retry": [{
                    "ErrorEquals": ["Transient"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2.0
                }],
                "Catch": [{"ErrorEquals": ["Permanent"], "ResultPath": "$.error", "Next": "Mend"}],
                "ResultPath": "$.result",
                "End": true
            },
            "Mend": {
                "Type": "Pass",
                "Parameters": {"id.$": "$.id", "mode.$": "$.mode", "after.$": "$.error.Error"},
                "End": true
            }
        }},
        "End": true
    }}});
    let (flaky, broken) = (500, 100);
    let mode = |id: u32| if id < flaky { "flaky" } else { "broken" };
    let calls: Value = (0..flaky + broken).map(|id| json!({"id": id, "mode": mode(id)})).collect::<Vec<_>>().into();
    let output = (0..flaky + broken).map(|id| match mode(id) {
        "flaky" => json!({"id": id, "mode": "flaky", "result": {"id": id, "attempt": 3}}),
        mode => json!({"id": id, "mode": mode, "after": "Permanent"}),
    });
    let output = Value::array(output.collect());
    let title = "500 Tasks that fail twice, 100 that are caught";
    let workload = Workload::new(title, definition, Value::object([("calls", calls)]), 1 + flaky + 2 * broken, output);
    Workload { answers: Answers::Flaky, ..workload }
}

/// Rows of a catalogue, about so many bytes of them.
fn rows(bytes: usize) -> Value {
    let row = |n: u32| {
        json!({
            "id": n, "code": format!("CAT-{n:06}"), "title": format!("Article {n} as the catalogue names it"),
            "price": n * 7 % 991 + 1, "inStock": !n.is_multiple_of(4), "tags": [format!("t{}", n % 5), "bulk", format!("c{}", n % 9)],
            "size": {"width": n % 17, "height": n % 23, "depth": n % 29}, "note": null
        })
    };
    let mut size = 0;
    let rows = (0..).map(row).take_while(|row: &Value| {
        size += row.json_len() + 1;
        size < bytes
    });
    Value::array(rows.collect())
}

fn large_payload() -> Workload {
    let rows = rows(200_000);
    let count = rows.as_array().map_or(0, <[Value]>::len);
    let document = Value::object([("meta", json!({"name": "catalogue", "count": count})), ("rows", rows)]);
    let pass = |step: u32| match step % 4 {
        0 => json!({"Type": "Pass", "InputPath": "$.doc", "ResultPath": "$.doc"}),
        1 => json!({"Type": "Pass", "InputPath": "$.doc.meta", "ResultPath": "$.side"}),
        2 => json!({
            "Type": "Pass", "Parameters": {"doc.$": "$.doc", "side.$": "$.side", "mark": {"step": step}}
        }),
        _ => json!({"Type": "Pass", "Result": {"step": step}, "ResultPath": "$.mark", "OutputPath": "$"}),
    };
    let task = json!({
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:mirror",
        "InputPath": "$.doc",
        "ResultSelector": {"n.$": "$.meta.count", "first.$": "$.rows[0].code"},
        "ResultPath": "$.side"
    });
    // Ten Pass states, then a Task; and so ten times.
    let fields = (0..110).map(|n| match n % 11 {
        10 => task.clone(),
        place => pass(n / 11 * 10 + place),
    });
    let whole = |step: i32, side: Value| {
        Value::object([("doc", document.clone()), ("mark", json!({"step": step})), ("side", side)])
    };
    let output = whole(99, json!({"n": count, "first": "CAT-000000"}));
    let title = "200 KB through Pass and Task with all paths";
    let workload = Workload::new(title, states("Step", fields), whole(-1, json!({})), 110, output);
    Workload { answers: Answers::Echo, ..workload }
}

fn jsonata() -> Workload {
    let pass = json!({"Type": "Pass", "Output": "{% $merge([$states.input, {\"n\": $states.input.n + 1}]) %}"});
    let definition = states("Step", (0..1_000).map(|_| pass.clone()));
    let definition = definition.with("QueryLanguage", Value::from("JSONata"));
    let output = small().with("n", Value::from(1_000));
    Workload::new("1,000 Pass states with a JSONata Output", definition, small(), 1_000, output)
}
