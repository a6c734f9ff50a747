//! What the views tell of queues: groups that are blocked, dead letters on their way back, polls, metrics, and what SQS
//! would refuse.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions};
use views::queue::dead_letters::{self, Allow};
use views::queue::lanes::{self, LaneKind};
use views::queue::polls::{self, Held, PollState};
use views::queue::{checks, groups, monitor};
use virtual_time::Duration;

const FIFO: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Loaves.fifo";
const PLAIN: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Bread";

fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    account.call(action, params).result.unwrap().unwrap()
}

fn pass(account: &mut Account, seconds: u64) {
    let until = account.now() + Duration::from_secs(seconds);
    account.advance_to(until, 10_000);
}

fn fifo() -> Account {
    let mut account = Account::new(AccountOptions::default());
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "Loaves.fifo"}).with("Attributes", attributes));
    for (body, group) in [("rye", "a"), ("wheat", "a"), ("oat", "b")] {
        let params = json!({"QueueUrl": FIFO, "MessageBody": body, "MessageGroupId": group});
        ok(&mut account, "sqs:SendMessage", params);
    }
    account
}

fn plain() -> Account {
    let mut account = Account::new(AccountOptions::default());
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "Stale"}));
    let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:Stale","maxReceiveCount":1}"#;
    let attributes = json!({"RedrivePolicy": policy});
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "Bread"}).with("Attributes", attributes));
    account
}

#[test]
fn a_group_is_blocked_by_its_oldest_message_and_says_until_when() {
    let mut account = fifo();
    let shown = |account: &Account| {
        let view = groups::view(account, "Loaves.fifo").unwrap();
        let rows = view.groups.iter().map(|group| (group.name.to_string(), group.count, group.blocked.is_some()));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(shown(&account), [("a".to_owned(), 2, false), ("b".to_owned(), 1, false)]);
    ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": FIFO}));
    assert_eq!(shown(&account), [("a".to_owned(), 2, true), ("b".to_owned(), 1, false)]);
    let view = groups::view(&account, "Loaves.fifo").unwrap();
    let blocked = view.groups[0].blocked.clone().unwrap();
    assert_eq!(
        (blocked.why, blocked.until),
        ("its oldest message is in flight", account.now() + Duration::from_secs(30))
    );
    assert_eq!(blocked.holder.unwrap().text, "you");
    let kinds: Vec<LaneKind> = view.groups[0].cards.iter().map(|card| card.kind).collect();
    assert_eq!(kinds, [LaneKind::InFlight, LaneKind::Available]);
    pass(&mut account, 30);
    assert!(shown(&account).iter().all(|(_, _, blocked)| !blocked));
}

#[test]
fn deduplication_windows_close_after_five_minutes() {
    let mut account = fifo();
    let open = |account: &Account| groups::view(account, "Loaves.fifo").unwrap().all_windows;
    assert_eq!(open(&account), 3);
    let again = json!({"QueueUrl": FIFO, "MessageBody": "rye", "MessageGroupId": "a"});
    let answer = ok(&mut account, "sqs:SendMessage", again.clone());
    let id = |answer: &Value| answer.get_str("MessageId").unwrap().to_owned();
    assert!(polls::last_was_duplicate(&account, &id(&answer)));
    pass(&mut account, 300);
    assert_eq!(open(&account), 0);
    let answer = ok(&mut account, "sqs:SendMessage", again);
    assert!(!polls::last_was_duplicate(&account, &id(&answer)));
}

#[test]
fn a_poll_is_followed_until_its_handle_is_outdated() {
    let mut account = plain();
    ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": PLAIN, "MessageBody": "stone"}));
    ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": PLAIN, "MessageSystemAttributeNames": ["All"]}));
    let call = polls::last_poll(&account).unwrap();
    let held = |account: &Account| match polls::view(account, call).unwrap().state {
        PollState::Received(messages) => messages[0].held.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(held(&account), Held::InFlight { .. }));
    pass(&mut account, 30);
    assert_eq!(held(&account), Held::Visible);
    // The next receive gives it up.
    ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": PLAIN}));
    assert_eq!(held(&account), Held::Over);
    let second = polls::last_poll(&account).unwrap();
    assert_eq!(polls::view(&account, second).unwrap().state, PollState::Empty);

    let waiting = account.call("sqs:ReceiveMessage", json!({"QueueUrl": PLAIN, "WaitTimeSeconds": 5}));
    assert!(waiting.result.is_none());
    let third = polls::last_poll(&account).unwrap();
    assert!(matches!(polls::view(&account, third).unwrap().state, PollState::Waiting { .. }));
    pass(&mut account, 6);
    assert_eq!(polls::view(&account, third).unwrap().state, PollState::Empty);
}

#[test]
fn dead_letters_are_counted_at_both_ends_and_come_back() {
    let mut account = plain();
    ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": PLAIN, "MessageBody": "stone"}));
    for _ in 0..2 {
        ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": PLAIN}));
        pass(&mut account, 30);
    }
    let policy = dead_letters::view(&account, "Bread").unwrap().policy.unwrap();
    assert_eq!((&*policy.name, policy.letters, policy.exists), ("Stale", 1, true));
    assert_eq!(
        lanes::lanes(&account, "Bread").last().map(|lane| (lane.kind, lane.count)),
        Some((LaneKind::DeadLetter, 1))
    );
    let there = dead_letters::view(&account, "Stale").unwrap();
    assert_eq!((there.sources, there.allow, there.available), (vec![("Bread".to_owned(), 1)], Allow::All, 1));

    let arn = "arn:aws:sqs:us-east-1:123456789012:Stale";
    ok(&mut account, "sqs:StartMessageMoveTask", json!({"SourceArn": arn}));
    pass(&mut account, 1);
    let task = dead_letters::view(&account, "Stale").unwrap().tasks[0].clone();
    assert_eq!((task.status, task.moved, &*task.destination), ("COMPLETED", 1, "the source queues"));
    assert_eq!(task.handle, None);
    assert_eq!(lanes::lanes(&account, "Bread").last().map(|lane| lane.count), Some(0));
    assert_eq!(lanes::gone(&account, "Stale")[0].short_body, "stone");
}

#[test]
fn metrics_show_what_happened_when() {
    let mut account = plain();
    pass(&mut account, 10);
    for _ in 0..3 {
        ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": PLAIN, "MessageBody": "loaf"}));
    }
    pass(&mut account, 5);
    let answer = ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": PLAIN, "MaxNumberOfMessages": 10}));
    for message in answer["Messages"].as_array().unwrap() {
        let handle = message.get_str("ReceiptHandle").unwrap();
        ok(&mut account, "sqs:DeleteMessage", json!({"QueueUrl": PLAIN, "ReceiptHandle": handle}));
    }
    ok(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": PLAIN}));
    pass(&mut account, 5);
    let view = monitor::view(&account, "Bread", None).unwrap();
    assert_eq!(view.period, Duration::from_secs(1));
    let values = |metric: &str| {
        let chart = view.charts.iter().find(|chart| chart.metric == metric).unwrap();
        let from_end = chart.values.iter().rev().enumerate().filter(|(_, value)| **value > 0);
        from_end.map(|(index, value)| (index, *value)).collect::<Vec<_>>()
    };
    // Sent ten seconds ago, received and deleted five seconds ago.
    assert_eq!(values("NumberOfMessagesSent"), [(10, 3)]);
    assert_eq!(values("NumberOfMessagesReceived"), [(5, 3)]);
    assert_eq!(values("NumberOfMessagesDeleted"), [(5, 3)]);
    assert_eq!(values("NumberOfEmptyReceives"), [(5, 1)]);
    assert_eq!(values("ApproximateNumberOfMessagesNotVisible"), [(5, 3)]);
    let visible = values("ApproximateNumberOfMessagesVisible");
    assert_eq!((visible.first(), visible.last(), visible.len()), (Some(&(5, 3)), Some(&(10, 3)), 6));
    assert_eq!(values("ApproximateAgeOfOldestMessage").first().map(|(index, _)| *index), Some(6));
}

#[test]
fn what_sqs_would_refuse_is_known_before_and_changes_nothing() {
    let account = plain();
    let refused = |action: &str, params: Value| checks::refusal(&account, action, &params).map(|error| error.message);
    let low = json!({"QueueUrl": PLAIN}).with("Attributes", json!({"MaximumMessageSize": "1"}));
    assert_eq!(refused("SetQueueAttributes", low).unwrap(), "Invalid value for the parameter MaximumMessageSize.");
    assert_eq!(refused("SendMessage", json!({"QueueUrl": PLAIN, "MessageBody": "x"})), None);
    let name = refused("CreateQueue", json!({"QueueName": "a b"})).unwrap();
    assert!(name.starts_with("Can only include alphanumeric"), "{name}");
    assert_eq!(lanes::lanes(&account, "Bread")[1].count, 0, "nothing was sent");
}
