//! Executions with Parallel and Map states, JSONata and variables, as the views tell them.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, ExecutionRecord, execution_role};
use views::execution::{self, Opened, RunStatus, StateMark, StepRow};
use views::graph::layout;
use views::timeline::timeline;
use views::{explain, explorer, machine};
use virtual_time::Duration;

const MACHINE_ARN: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Harbour";

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    account.call(action, params).result.expect("an answer").unwrap_or_else(|error| panic!("{action}: {error}"))
}

fn pass(account: &mut Account, seconds: u64) {
    account.advance_to(account.now() + Duration::from_secs(seconds), 100_000);
}

/// Starts a workflow and lets it run for so long.
fn run(definition: &Value, input: &str, seconds: u64) -> (Account, String) {
    let mut account = Account::new(AccountOptions::default());
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "crates"}));
    let text = definition.to_string();
    let plan = execution_role::plan("Harbour", &asl::parse(&text), &account);
    let role_arn = plan.create(&mut account).expect("a role");
    let made = json!({"name": "Harbour", "definition": text, "roleArn": role_arn});
    ok(&mut account, "states:CreateStateMachine", made);
    let params = json!({"stateMachineArn": MACHINE_ARN, "name": "one", "input": input});
    let arn = ok(&mut account, "states:StartExecution", params)["executionArn"].as_str().expect("an ARN").to_owned();
    pass(&mut account, seconds);
    (account, arn)
}

fn record<'a>(account: &'a Account, arn: &str) -> &'a ExecutionRecord {
    account.states().execution(arn).expect("the execution")
}

fn mark(account: &Account, arn: &str, name: &str) -> StateMark {
    let marks = execution::marks(account, record(account, arn), account.now());
    marks.into_iter().find(|mark| &*mark.name == name).unwrap_or_else(|| panic!("{name} was not reached"))
}

/// Every crate is weighed and painted at the same time; a crate without a weight makes the Choice fail.
fn unload() -> Value {
    json!({
        "QueryLanguage": "JSONata",
        "StartAt": "Unload",
        "States": {
            "Unload": {
                "Type": "Map",
                "Items": "{% $states.input.crates %}",
                "MaxConcurrency": 2,
                "Assign": {"handled": "{% $count($states.result) %}"},
                "Output": "{% $states.result %}",
                "ItemProcessor": {
                    "StartAt": "Handle",
                    "States": {
                        "Handle": {
                            "Type": "Parallel",
                            "End": true,
                            "Branches": [
                                {"StartAt": "Weigh", "States": {
                                    "Weigh": {"Type": "Pass", "Output": "{% $states.input.kg * 2 %}", "Next": "Rest"},
                                    "Rest": {"Type": "Wait", "Seconds": 5, "End": true}
                                }},
                                {"StartAt": "Paint", "States": {
                                    "Paint": {"Type": "Wait", "Seconds": 1, "End": true}
                                }}
                            ]
                        }
                    }
                },
                "Next": "Report"
            },
            "Report": {"Type": "Pass", "Output": "{% $handled %}", "End": true}
        }
    })
}

const THREE: &str = r#"{"crates": [{"kg": 1}, {"kg": 2}, {"kg": 3}]}"#;

#[test]
fn iterations_side_by_side_share_one_mark() {
    let (account, arn) = run(&unload(), THREE, 3);
    let rest = mark(&account, &arn, "Rest");
    assert_eq!((rest.status, &*rest.note, rest.count), (RunStatus::InProgress, "×2 · 2 running", 2));
    assert_eq!(mark(&account, &arn, "Weigh").note, "×2");
    assert!(mark(&account, &arn, "Unload").note.starts_with("0 of 3 items · running "));
    assert_eq!(explorer::RunStatus::of(&record(&account, &arn).execution), explorer::RunStatus::Running);

    let (account, arn) = run(&unload(), THREE, 60);
    assert_eq!(execution::summary(record(&account, &arn)).output.as_deref(), Some("3"));
    assert_eq!(mark(&account, &arn, "Paint").note, "×3");
    assert!(mark(&account, &arn, "Unload").note.starts_with("3 items · "));
}

#[test]
fn the_ways_inside_are_drawn() {
    let (account, arn) = run(&unload(), THREE, 60);
    let layout = layout(&asl::parse(&unload().to_string()).outline);
    let taken = execution::edges_taken(&account, record(&account, &arn), &layout);
    let name = |id: usize| layout.nodes[id].label.clone();
    let ways: Vec<(String, String)> =
        taken.iter().map(|taken| &layout.edges[taken.edge]).map(|edge| (name(edge.from), name(edge.to))).collect();
    let way = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    for wanted in [way("Start", "Unload"), way("Weigh", "Rest"), way("Unload", "Report"), way("Report", "End")] {
        assert!(ways.contains(&wanted), "{wanted:?} of {ways:?}");
    }
    assert_eq!(ways.len(), 4);
}

#[test]
fn the_table_is_a_tree() {
    let (account, arn) = run(&unload(), THREE, 60);
    let rows = |opened: &Opened| execution::steps(record(&account, &arn), account.now(), opened);
    let told = |rows: &[execution::Step]| -> Vec<String> {
        rows.iter().map(|row| format!("{}{} {}", "-".repeat(row.depth), row.name, row.row_type)).collect()
    };
    let open = rows(&Opened::new());
    assert_eq!(
        told(&open)[..8],
        [
            "Unload Map",
            "-#0 Iteration",
            "--Handle Parallel",
            "---Branch 0 Branch",
            "----Weigh Pass",
            "----Rest Wait",
            "---Branch 1 Branch",
            "----Paint Wait",
        ]
    );
    assert_eq!(open[1].duration, open[2].duration);
    assert_eq!(open[6].status, RunStatus::Succeeded);
    let closed = rows(&Opened::from([(StepRow::Visit(0), false)]));
    assert_eq!(told(&closed), ["Unload Map", "Report Pass"]);
    assert_eq!((closed[0].open, closed[1].open), (Some(false), None));
}

#[test]
fn many_iterations_start_closed() {
    let crates: Vec<Value> = (0..300).map(|kg| json!({"kg": kg})).collect();
    let (account, arn) = run(&unload(), &json!({"crates": Value::array(crates)}).to_string(), 2_000);
    let rows = |opened: &Opened| execution::steps(record(&account, &arn), account.now(), opened);
    assert_eq!(rows(&Opened::new()).len(), 2);
    let open = rows(&Opened::from([(StepRow::Visit(0), true)]));
    assert_eq!((open.len(), open[0].more), (202, 100));
    assert!(open[1..201].iter().all(|row| row.open == Some(false)));
    let drawn = timeline(&account, record(&account, &arn), account.now(), true);
    assert_eq!(drawn.rows.iter().find(|row| row.label == "Rest").map(|row| row.bars.len()), Some(300));
}

#[test]
fn a_visit_is_chosen_by_its_iteration() {
    let (account, arn) = run(&unload(), THREE, 60);
    let record = record(&account, &arn);
    let newest = execution::step_details(record, "Weigh", None).expect("its details");
    assert_eq!(newest.others.all, 3);
    let labels: Vec<&str> = newest.others.choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["#0", "#1", "#2"]);
    let second = newest.others.choices[1].visit;
    let chosen = execution::step_details(record, "Weigh", Some(second)).expect("its details");
    assert_eq!(chosen.within, ["branch 0 of \"Handle\"", "iteration #1 of \"Unload\""]);
    assert_eq!(chosen.stages.iter().find(|stage| stage.name == "output").map(|stage| &*stage.text), Some("4"));
    assert_eq!(chosen.others.before, Some(newest.others.choices[0].visit));
    // A visit of another state is no choice.
    assert_eq!(
        execution::step_details(record, "Paint", Some(second)).map(|details| details.name),
        Some("Paint".into())
    );

    let events: Vec<&str> = execution::step_events(record, second).iter().map(|row| row.event_type).collect();
    assert_eq!(events, ["PassStateEntered", "PassStateExited"]);
}

#[test]
fn jsonata_stages_and_variables_are_shown() {
    let (account, arn) = run(&unload(), THREE, 60);
    let details = execution::step_details(record(&account, &arn), "Unload", None).expect("its details");
    assert!(details.uses_jsonata);
    assert_eq!(details.assigned, [("handled".to_owned(), "3".to_owned())]);
    assert!(details.facts.contains(&("Items", "3".to_owned())), "{:?}", details.facts);
    assert!(details.facts.contains(&("MaxConcurrency", "2".to_owned())), "{:?}", details.facts);
    let items = details.stages.iter().find(|stage| stage.name == "afterItemsPath").expect("its items");
    assert_eq!(items.field.as_deref(), Some("Items \"{% $states.input.crates %}\""));
    let rows = execution::events(record(&account, &arn));
    let left = rows.iter().find(|row| row.event_type == "MapStateExited").expect("its end");
    assert_eq!(left.summary, "Left \"Unload\", set handled");
}

#[test]
fn every_event_knows_its_state() {
    let (account, arn) = run(&unload(), THREE, 60);
    let visits = record(&account, &arn).execution.visits();
    for row in execution::events(record(&account, &arn)) {
        let state = row.state.as_deref();
        assert!(!row.summary.is_empty(), "{row:?}");
        match row.event_type {
            name if name.starts_with("Execution") => assert_eq!(state, None),
            name if name.starts_with("Map") => assert_eq!((state, &*row.iterations), (Some("Unload"), "")),
            name if name.starts_with("Parallel") => assert_eq!(state, Some("Handle"), "{row:?}"),
            name if name.starts_with("Pass") => assert!(matches!(state, Some("Weigh" | "Report")), "{row:?}"),
            _ => assert!(matches!(state, Some("Rest" | "Paint")), "{row:?}"),
        }
        if let Some(within) = row.visit.and_then(|visit| visits[visit].within) {
            assert!(row.iterations.starts_with('#'), "{row:?} in {within:?}");
        }
    }
}

#[test]
fn an_expression_that_fails_inside_is_explained() {
    let input = r#"{"crates": [{"kg": 1}, {"kg": "heavy"}, {"kg": 3}]}"#;
    let (account, arn) = run(&unload(), input, 60);
    assert_eq!(execution::summary(record(&account, &arn)).status, RunStatus::Failed);
    let weigh = mark(&account, &arn, "Weigh");
    assert_eq!((weigh.status, &*weigh.note), (RunStatus::Failed, "×2 · 1 failed"));
    let shown = execution::step_details(record(&account, &arn), "Weigh", None).expect("its details");
    assert_eq!(shown.status, RunStatus::Failed, "the visit that failed is shown first");

    assert_eq!(execution::notable_visit(record(&account, &arn)), Some(shown.visit));

    let why = explain::execution(&account, &arn).expect("an explanation");
    let titles: Vec<&str> = why.causes.iter().map(|cause| cause.title.as_str()).collect();
    assert_eq!(titles[1], "Unload failed and no catcher took it", "from the outside to the inside");
    let cause = |title: &str| {
        why.causes.iter().find(|cause| cause.title == title).unwrap_or_else(|| panic!("no {title} in {titles:?}"))
    };
    let around = cause("Unload failed and no catcher took it");
    assert!(
        around.text.starts_with(
            "Its iteration #1 failed, so the Map failed with the same error and the other iteration that still ran \
             was given up."
        ),
        "{}",
        around.text
    );
    cause("Handle failed in iteration #1 of \"Unload\" with States.QueryEvaluationError");
    cause("Weigh failed in branch 0 of \"Handle\" with States.QueryEvaluationError");
    let expression = cause("Output of Weigh could not be evaluated");
    assert_eq!(expression.text, "The expression is {% $states.input.kg * 2 %}");

    let rows = execution::events(record(&account, &arn));
    let failed = rows.iter().find(|row| row.event_type == "EvaluationFailed").expect("the failure");
    assert_eq!((failed.state.as_deref(), &*failed.iterations), (Some("Weigh"), "#1"));
    assert!(failed.summary.starts_with("Output could not be evaluated: "), "{}", failed.summary);
}

#[test]
fn a_caught_failure_of_a_branch_names_the_state_inside() {
    let definition = json!({
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "Sink", "States": {"Sink": {"Type": "Fail", "Error": "Leak", "Cause": "a hole"}}},
                    {"StartAt": "Swim", "States": {"Swim": {"Type": "Wait", "Seconds": 90, "End": true}}}
                ],
                "Retry": [{"ErrorEquals": ["Leak"], "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"what.$": "$.Error"}, "Next": "Rescue"}],
                "End": true
            },
            "Rescue": {"Type": "Pass", "End": true}
        }
    });
    let (account, arn) = run(&definition, "{}", 30);
    let head = execution::summary(record(&account, &arn));
    assert_eq!(head.label, "Succeeded · 1 caught error");
    let both = execution::step_details(record(&account, &arn), "Both", None).expect("its details");
    assert_eq!(both.assigned, [("what".to_owned(), "\"Leak\"".to_owned())]);
    let ladder = execution::ladder(record(&account, &arn), &record(&account, &arn).execution.visits()[0]);
    let ladder = ladder.expect("a Parallel has a ladder");
    assert_eq!((ladder.attempts.len(), ladder.retriers[0].used, ladder.catchers[0].matched), (2, 1, true));
    // Only the newest attempt counts.
    assert_eq!((mark(&account, &arn, "Swim").count, mark(&account, &arn, "Swim").status), (1, RunStatus::Aborted));
    let why = explain::execution(&account, &arn).expect("an explanation");
    let text: Vec<String> = why.causes.iter().map(|cause| format!("{}: {}", cause.title, cause.text)).collect();
    assert!(
        text.iter().any(|line| line.starts_with("Both: catcher 1 took Leak: Its branch 0 failed")
            && line.contains("the other branch that still ran was given up")),
        "{text:?}"
    );
    assert!(text.iter().any(|line| line.starts_with("Sink failed in branch 0 of \"Both\" with Leak")), "{text:?}");
    let rows = execution::events(record(&account, &arn));
    assert!(rows.iter().filter(|row| row.event_type.starts_with("Parallel")).all(|row| row.visit == Some(0)));
}

#[test]
fn a_wait_for_callbacks_inside_is_told() {
    let definition = json!({
        "StartAt": "Each",
        "States": {"Each": {
            "Type": "Map", "ItemsPath": "$.crates", "End": true,
            "ItemProcessor": {"StartAt": "Ask", "States": {"Ask": {
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
                "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/crates",
                               "MessageBody": {"token.$": "$$.Task.Token"}}
            }}}
        }}
    });
    let (account, arn) = run(&definition, r#"{"crates": [1, 2, 3, 4, 5]}"#, 5);
    let ask = mark(&account, &arn, "Ask");
    assert_eq!((ask.status, &*ask.note), (RunStatus::WaitingForCallback, "×5 · 5 waiting"));
    let execution = &record(&account, &arn).execution;
    assert_eq!(explorer::RunStatus::of(execution), explorer::RunStatus::WaitingForCallback);
    let why = explain::execution(&account, &arn).expect("an explanation");
    assert_eq!(why.question, "Why does it wait?");
    let titles: Vec<&str> = why.causes.iter().map(|cause| cause.title.as_str()).collect();
    assert!(titles.contains(&"Ask in iteration #4 of \"Each\" waits for its task token"), "{titles:?}");
    assert!(titles.contains(&"2 more states run"), "{titles:?}");
    let needs = machine::permissions(&account, account.states().machine(MACHINE_ARN).expect("the machine")).needs;
    assert_eq!((&*needs[0].state, needs[0].allowed), ("Ask", Some(true)), "tasks inside need permissions too");
    let drawn = timeline(&account, record(&account, &arn), account.now(), true);
    let row = drawn.rows.iter().find(|row| row.label == "Ask").expect("its row");
    assert_eq!((row.depth, row.lanes, row.bars.len()), (1, 5, 5));
}

#[test]
fn a_distributed_map_tells_of_its_child_executions() {
    let definition = json!({
        "StartAt": "Fleet",
        "States": {"Fleet": {
            "Type": "Map", "ItemsPath": "$.ships", "End": true, "Label": "Fleet", "ToleratedFailureCount": 1,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Sail", "States": {
                    "Sail": {"Type": "Choice", "Default": "Arrive",
                             "Choices": [{"Variable": "$.leak", "IsPresent": true, "Next": "Sink"}]},
                    "Arrive": {"Type": "Pass", "End": true},
                    "Sink": {"Type": "Fail", "Error": "Leak"}
                }
            }
        }}
    });
    let (account, arn) = run(&definition, r#"{"ships": [{"n": 1}, {"leak": true}, {"n": 3}]}"#, 60);
    assert_eq!(execution::summary(record(&account, &arn)).status, RunStatus::Succeeded);
    let sail = mark(&account, &arn, "Sail");
    assert_eq!((sail.count, sail.status), (3, RunStatus::Succeeded));
    assert_eq!(mark(&account, &arn, "Sink").status, RunStatus::Failed);
    let why = explain::execution(&account, &arn).expect("an explanation");
    let titles: Vec<&str> = why.causes.iter().map(|cause| cause.title.as_str()).collect();
    assert_eq!(titles, ["It still succeeded, though child executions failed", "Child execution #1 failed with Leak"]);
    let map = &record(&account, &arn).execution.visits()[0];
    let run = execution::map_run(&account, map, account.now()).expect("its Map Run");
    assert_eq!(run.label, "3 items: 2 succeeded, 1 failed");
    assert_eq!(run.children[1].error.as_deref(), Some("Leak"));
    let child = run.children[1].execution.as_ref().expect("it was started");
    let layout = layout(&asl::parse(&definition.to_string()).outline);
    let taken = execution::edges_taken(&account, record(&account, &child.arn), &layout);
    assert_eq!(taken.len(), 1, "in the child's own picture only what the child did");
}
