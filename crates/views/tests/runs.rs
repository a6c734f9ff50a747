//! Executions in a small account, as the views tell them.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, ExecutionRecord, execution_role};
use views::execution::{self, RunStatus};
use views::graph::{EdgeKind, layout};
use views::timeline::{BarKind, timeline};
use views::{machine, problems};
use virtual_time::Duration;

const QUEUE_URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/crates";
const MACHINE_ARN: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Lift";

fn definition() -> String {
    json!({
        "StartAt": "Ask the crane",
        "States": {
            "Ask the crane": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "InputPath": "$.order",
                "Parameters": {"QueueUrl": QUEUE_URL, "MessageBody": {"crate.$": "$.crate", "token.$": "$$.Task.Token"}},
                "HeartbeatSeconds": 10,
                "TimeoutSeconds": 60,
                "Retry": [
                    {"ErrorEquals": ["Jammed"], "MaxAttempts": 5},
                    {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 2, "MaxAttempts": 1}
                ],
                "Catch": [
                    {"ErrorEquals": ["Jammed"], "Next": "Done"},
                    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Call a human"}
                ],
                "Next": "Done"
            },
            "Done": {"Type": "Pass", "End": true},
            "Call a human": {"Type": "Pass", "End": true}
        }
    })
    .to_string()
}

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    account.call(action, params).result.expect("an answer").unwrap_or_else(|error| panic!("{action}: {error}"))
}

fn yard() -> Account {
    let mut account = Account::new(AccountOptions::default());
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "crates"}));
    let text = definition();
    let plan = execution_role::plan("Lift", &asl::parse(&text), &account);
    let role_arn = plan.create(&mut account).expect("a role");
    ok(&mut account, "states:CreateStateMachine", json!({"name": "Lift", "definition": text, "roleArn": role_arn}));
    account
}

fn start(account: &mut Account) -> String {
    let input = r#"{"order": {"crate": 7}}"#;
    let params = json!({"stateMachineArn": MACHINE_ARN, "name": "one", "input": input});
    ok(account, "states:StartExecution", params)["executionArn"].as_str().expect("an ARN").to_owned()
}

fn pass(account: &mut Account, seconds: u64) {
    account.advance_to(account.now() + Duration::from_secs(seconds), 100_000);
}

fn record<'a>(account: &'a Account, arn: &str) -> &'a ExecutionRecord {
    account.states().execution(arn).expect("the execution")
}

fn taken(account: &Account, arn: &str) -> Vec<(EdgeKind, bool)> {
    let layout = layout(&asl::parse(&definition()).outline);
    let taken = execution::edges_taken(account, record(account, arn), &layout);
    taken.into_iter().map(|taken| (layout.edges[taken.edge].kind, taken.active)).collect()
}

#[test]
fn while_it_waits_for_a_callback() {
    let mut account = yard();
    let arn = start(&mut account);
    pass(&mut account, 3);
    let record = record(&account, &arn);
    let marks = execution::marks(&account, record, account.now());
    assert_eq!(marks.len(), 1);
    assert_eq!((&*marks[0].name, marks[0].status), ("Ask the crane", RunStatus::WaitingForCallback));
    assert!(marks[0].note.starts_with("waiting 2.9 s · token "), "{}", marks[0].note);
    let steps = execution::steps(record, account.now(), &execution::Opened::new());
    assert_eq!(steps[0].resource.as_deref(), Some("sqs:sendMessage.waitForTaskToken"));
    assert_eq!(taken(&account, &arn), [(EdgeKind::Start, true)]);
    let rows = execution::events(record);
    let submitted = rows.iter().find(|row| row.event_type == "TaskSubmitted").expect("a TaskSubmitted");
    assert!(submitted.message_id.is_some() && submitted.request_id.is_some());
    assert_eq!(submitted.state.as_deref(), Some("Ask the crane"));
    let json = execution::event_json(record, submitted.id).expect("its JSON");
    assert!(json.contains("taskSubmittedEventDetails"));
    assert_eq!(execution::event_json(record, 0), None);
    assert_eq!(execution::event_json(record, 999), None);
    assert_eq!(execution::summary(record).label, "Running");
}

#[test]
fn success_shows_its_data_by_stage() {
    let mut account = yard();
    let arn = start(&mut account);
    pass(&mut account, 3);
    let token = account.states().pending_callbacks().next().expect("a token").token;
    ok(&mut account, "states:SendTaskSuccess", json!({"taskToken": &*token, "output": r#"{"lifted": true}"#}));
    pass(&mut account, 3);
    let record = record(&account, &arn);
    assert_eq!(execution::summary(record).status, RunStatus::Succeeded);
    assert_eq!(execution::summary(record).caught_sentence(), None);
    let details = execution::step_details(record, "Ask the crane", None).expect("its details");
    let names: Vec<&str> = details.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(names.first(), Some(&"input"));
    assert!(names.contains(&"afterParameters") && names.contains(&"output"), "{names:?}");
    assert_eq!(details.stages[0].bytes, r#"{"order":{"crate":7}}"#.len());
    let input_path = details.stages.iter().find(|stage| stage.name == "afterInputPath").expect("afterInputPath");
    assert_eq!(input_path.field.as_deref(), Some("InputPath \"$.order\""));
    let output = details.stages.iter().find(|stage| stage.name == "output").expect("output");
    assert!(output.same_as.is_some() && output.text.is_empty(), "{output:?}");
    assert_eq!(taken(&account, &arn), [(EdgeKind::Start, false), (EdgeKind::Next, false), (EdgeKind::End, false)]);
    assert!(execution::step_details(record, "Call a human", None).is_none());
}

#[test]
fn a_caught_timeout_tells_its_ladder() {
    let mut account = yard();
    let arn = start(&mut account);
    pass(&mut account, 11);
    {
        let record = record(&account, &arn);
        let marks = execution::marks(&account, record, account.now());
        assert_eq!(marks[0].status, RunStatus::Retrying);
        assert!(marks[0].note.starts_with("retry 1 of 1 in "), "{}", marks[0].note);
    }
    pass(&mut account, 60);
    let record = record(&account, &arn);
    let head = execution::summary(record);
    assert_eq!(head.label, "Succeeded · 1 caught error");
    assert!(head.caught_sentence().expect("a sentence").contains("still SUCCEEDED"));
    let visit = &record.execution.visits()[0];
    let ladder = execution::ladder(record, visit).expect("a ladder");
    assert_eq!(ladder.attempts.len(), 2);
    assert_eq!(ladder.attempts[0].retried, Some((1, Duration::from_secs(2))));
    assert_eq!(ladder.attempts[1].retried, None);
    assert_eq!(ladder.retriers[0].why, "its ErrorEquals do not name States.Timeout");
    assert_eq!(ladder.retriers[1].why, "gave up after 1 of 1 retries");
    assert!(!ladder.catchers[0].matched);
    assert_eq!((ladder.catchers[1].matched, &*ladder.catchers[1].why), (true, "matched States.ALL"));
    assert_eq!(ladder.outcome, "Catch #1 took States.Timeout and the execution went on with \"Call a human\".");
    assert!(taken(&account, &arn).contains(&(EdgeKind::Catch(1), false)));
    let pass = &record.execution.visits()[1];
    assert!(execution::ladder(record, pass).is_none());
}

#[test]
fn the_timeline_shows_attempts_and_messages() {
    let mut account = yard();
    let arn = start(&mut account);
    pass(&mut account, 60);
    let record = record(&account, &arn);
    for hide_idle in [false, true] {
        let drawn = timeline(&account, record, account.now(), hide_idle);
        assert_eq!((&*drawn.rows[0].label, &*drawn.rows[0].note), ("Ask the crane", "2 attempts"));
        let kinds: Vec<BarKind> = drawn.rows[0].bars.iter().map(|bar| bar.kind).collect();
        assert_eq!(kinds, [BarKind::Failed, BarKind::Wait, BarKind::Caught]);
        assert_eq!((&*drawn.rows[1].note, drawn.rows[1].child), ("2 messages", true));
        assert!(drawn.rows[1].bars.iter().all(|bar| bar.kind == BarKind::Available));
        let bars = drawn.rows.iter().flat_map(|row| &row.bars);
        assert!(bars.clone().all(|bar| 0.0 <= bar.from && bar.from <= bar.to && bar.to <= 1.0));
        assert!(drawn.ticks.len() >= 2);
        assert_eq!(drawn.now, None);
    }
}

#[test]
fn a_machine_lists_its_executions_and_what_it_needs() {
    let mut account = yard();
    start(&mut account);
    pass(&mut account, 1);
    let rows = machine::executions(&account, MACHINE_ARN);
    assert_eq!((rows.len(), rows[0].status), (1, RunStatus::InProgress));
    let lift = account.states().machine(MACHINE_ARN).expect("the machine").clone();
    let permissions = machine::permissions(&account, &lift);
    let role = permissions.role.clone().expect("its role");
    assert!(role.trusts_step_functions);
    assert!(role.policies.iter().any(|policy| policy.document.contains("sqs:SendMessage")));
    assert_eq!(permissions.needs.len(), 1);
    assert_eq!((&*permissions.needs[0].action, permissions.needs[0].allowed), ("sqs:SendMessage", Some(true)));

    for policy in &role.policies {
        ok(&mut account, "iam:DeleteRolePolicy", json!({"RoleName": role.name, "PolicyName": policy.name}));
    }
    let need = &machine::permissions(&account, &lift).needs[0];
    assert_eq!(need.allowed, Some(false));
    assert!(need.denial.as_deref().is_some_and(|denial| denial.contains("is not authorized to perform")));
    assert_eq!(machine::roles_for_step_functions(&account).len(), 1);
    assert_eq!(problems::facts(&account).queues, [("crates".to_owned(), QUEUE_URL.to_owned())]);
}

#[test]
fn a_class_is_told_what_happened_last() {
    let mut account = yard();
    let nothing = views::present::caption(&Account::new(AccountOptions::default()), None);
    assert_eq!(nothing.main.because.as_deref(), Some("Press Space for the first step."));
    let arn = start(&mut account);
    pass(&mut account, 3);
    let waits = views::present::caption(&account, Some(&arn));
    let told = format!("{} {:?}", waits.main.text, waits.beside);
    assert!(told.contains("waits for its task token") || told.contains("A consumer takes the message"), "{told}");
    assert_eq!(views::present::execution_to_show(&account).as_deref(), Some(&*arn));
    let token = account.states().pending_callbacks().next().expect("a token").token;
    ok(&mut account, "states:SendTaskFailure", json!({"taskToken": &*token, "error": "Stuck"}));
    pass(&mut account, 60);
    let told = views::present::caption(&account, Some(&arn));
    assert!(told.main.text.starts_with("The execution"), "{told:?}");
}
