//! What the views tell of a small account: a workflow that asks over a queue, and a function that answers.

#[path = "../../sim-account/tests/support/mod.rs"]
mod support;

use shared_json::json;
use support::{Handler, add_trigger, ok, run, start, workshop};
use views::explain;
use views::explorer::{self, RunStatus};
use views::functions::InvocationState;
use views::queue::lanes::LaneKind;
use views::queue::{self, lanes};
use views::target::Tone;
use views::{activity, callbacks, functions, logs, roles, system};
use virtual_time::Duration;

fn counts(account: &sim_account::Account) -> Vec<(LaneKind, usize)> {
    lanes::lanes(account, "parcels").iter().map(|lane| (lane.kind, lane.count)).collect()
}

#[test]
fn a_message_is_in_one_lane_and_tells_who_sent_it() {
    let mut account = workshop();
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(5), Handler::Succeeds);
    assert_eq!(counts(&account), [(LaneKind::Delayed, 0), (LaneKind::Available, 1), (LaneKind::InFlight, 0)]);
    let shown = lanes::lanes(&account, "parcels");
    let sender = shown[1].cards[0].sender.clone().unwrap();
    assert_eq!(sender.text, "Ask the depot of first");
    assert_eq!(sender.target, Some(views::target::Target::execution(&arn)));

    ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": support::QUEUE_URL}));
    let shown = lanes::lanes(&account, "parcels");
    let card = &shown[2].cards[0];
    assert_eq!(card.holder.as_ref().unwrap().text, "you");
    assert_eq!(card.hidden.unwrap().1, Duration::from_secs(30));

    run(&mut account, Duration::from_secs(4 * 86_400), Handler::Succeeds);
    let gone = lanes::gone(&account, "parcels");
    assert!(gone[0].how.starts_with("Expired"));
    assert!(gone[0].short_body.contains("parcel"), "{gone:?}");
}

#[test]
fn dead_letters_have_a_lane_of_their_own() {
    let mut account = workshop();
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels-dlq"}));
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:parcels-dlq","maxReceiveCount":1}"#;
    let params =
        json!({"QueueUrl": support::QUEUE_URL, "Attributes": {"RedrivePolicy": policy, "VisibilityTimeout": "1"}});
    ok(&mut account, "sqs:SetQueueAttributes", params);
    ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": support::QUEUE_URL, "MessageBody": "bad"}));
    for _ in 0..2 {
        ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": support::QUEUE_URL}));
        run(&mut account, Duration::from_secs(2), Handler::Succeeds);
    }
    assert_eq!(counts(&account).last(), Some(&(LaneKind::DeadLetter, 1)));
}

#[test]
fn a_wait_is_explained_down_to_the_missing_trigger() {
    let mut account = workshop();
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(5), Handler::Succeeds);
    let why = explain::execution(&account, &arn).unwrap();
    assert_eq!(why.question, "Why does it wait?");
    let titles: Vec<&str> = why.causes.iter().map(|cause| &*cause.title).collect();
    assert!(titles[0].contains("of parcels"), "{titles:?}");
    assert_eq!(titles[1], "No trigger reads this queue");
    assert!(titles[2].contains("waits for its task token"), "{titles:?}");
    assert!(why.causes[2].text.contains("no TimeoutSeconds"), "{}", why.causes[2].text);

    let row = callbacks::rows(&account).remove(0);
    assert_eq!((&*row.state_name, &*row.execution_name, row.timeout), ("Ask the depot", "first", None));

    run(&mut account, Duration::from_secs(4 * 86_400), Handler::Succeeds);
    let why = explain::execution(&account, &arn).unwrap();
    assert!(why.causes.iter().any(|cause| cause.text.starts_with("It expired")), "{why:?}");
}

#[test]
fn a_forgotten_token_names_the_function_that_had_it() {
    let mut account = workshop();
    add_trigger(&mut account);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(60), Handler::Forgets);
    let why = explain::execution(&account, &arn).unwrap();
    assert!(why.causes.iter().any(|cause| cause.title.starts_with("Depot had it")), "{why:?}");
}

#[test]
fn a_denied_call_shows_its_statements_and_what_would_allow_it() {
    let mut account = workshop();
    add_trigger(&mut account);
    let policy = "arn:aws:iam::aws:policy/AWSStepFunctionsFullAccess";
    ok(&mut account, "iam:DetachRolePolicy", json!({"RoleName": "depot-role", "PolicyArn": policy}));
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(20), Handler::Succeeds);
    let role = roles::view(&account, "depot-role").unwrap();
    let denied = &role.denied[0];
    assert_eq!(denied.action, "states:SendTaskSuccess");
    assert!(denied.statements[0].contains("AmazonSQSFullAccess"), "{denied:?}");
    assert!(denied.remedy.contains(support::MACHINE_ARN), "{}", denied.remedy);
    assert!(role.lacks_logs);
    let why = explain::execution(&account, &arn).unwrap();
    assert!(why.causes.iter().any(|cause| cause.tone == Tone::Bad && !cause.details.is_empty()), "{why:?}");
    assert_eq!(explain::role(&account, "depot-role").unwrap().question, "Why was a call denied?");
    assert_eq!(explain::function(&account, "Depot").unwrap().question, "Why did it fail?");
}

#[test]
fn a_whole_run_is_told_in_order_without_idle_polls() {
    let mut account = workshop();
    add_trigger(&mut account);
    run(&mut account, Duration::from_secs(60), Handler::Succeeds);
    start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    let rows = activity::rows(&account, 1_000, false);
    assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let place = |part: &str| {
        let found = rows.iter().position(|row| row.text.contains(part));
        found.unwrap_or_else(|| panic!("{part} is missing in {:#?}", rows.iter().map(|r| &r.text).collect::<Vec<_>>()))
    };
    let order = [
        "Execution first of Dispatch started",
        "Ask the depot of first called sqs:SendMessage on parcels",
        "was received from parcels",
        "Depot was invoked with 1 message",
        "Depot logged: ",
        "Depot called states:SendTaskSuccess",
        "Execution first succeeded",
    ];
    let places = order.map(place);
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    assert!(activity::rows(&account, 1_000, true).len() > rows.len(), "idle polls show when asked for");
    assert_eq!(activity::rows(&account, 5, false).len(), 5);

    let kinds: Vec<_> = logs::lines(&account, Some("Depot"), 100).iter().map(|line| line.kind).collect();
    use logs::LogKind::{Console, End, Init, Report, Start};
    assert_eq!(kinds, [Init, Start, Console, End, Report]);

    let view = explorer::view(&account, 5);
    assert_eq!(view.machines[0].newest[0].status, RunStatus::Succeeded);
    assert_eq!(view.functions[0].note, "trigger on");
    let invocations = functions::invocations(&account, "Depot", 10);
    assert_eq!((invocations[0].state, &*invocations[0].source), (InvocationState::Succeeded, "trigger, 1 message"));
    let chain = &system::chains(&account)[0];
    assert_eq!((&chain.queues[..], &chain.functions[..]), (&["parcels".to_owned()][..], &["Depot".to_owned()][..]));
}

#[test]
fn a_caught_error_is_explained_although_the_execution_succeeded() {
    let mut account = workshop();
    add_trigger(&mut account);
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(60), Handler::ReportsFailure);
    let why = explain::execution(&account, &arn).unwrap();
    assert_eq!(why.causes[0].title, "It still succeeded");
    assert!(why.causes[1].title.contains("took Lost"), "{why:?}");
    assert_eq!(explorer::view(&account, 1).machines[0].newest[0].status, RunStatus::CaughtError);
}

#[test]
fn new_things_are_judged_by_the_services_themselves() {
    let account = workshop();
    let queue =
        |name: &str| queue::checks::refusal(&account, "CreateQueue", &json!({"QueueName": name})).map(|e| e.message);
    let cases = [("Orders", true), ("no spaces", false), ("", false), (&*"x".repeat(81), false), ("a-b_C9", true)];
    for (name, fine) in cases {
        assert_eq!(queue(name).is_none(), fine, "{name}");
    }
    assert!(functions::refusal_of_new(&account, "Fine-1").is_none());
    assert!(functions::refusal_of_new(&account, "not fine").is_some());
    assert!(roles::refusal_of_new(&account, "fine@role").is_none());
    assert_eq!(roles::refusal_of_new(&account, "depot-role").unwrap().code, "EntityAlreadyExists");
    assert_eq!(roles::trusting(&account, "lambda.amazonaws.com").len(), 1);
    assert!(roles::search_policies("sqs full").iter().any(|policy| policy.name == "AmazonSQSFullAccess"));
}
