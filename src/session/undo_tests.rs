//! Deletions that are undone.

use shared_json::json;
use virtual_time::Duration;

use super::*;

const URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Orders";

fn undo(session: &mut Session) {
    let offered = session.flashes().iter().rev().find_map(|flash| flash.remedy.as_deref().cloned());
    session.dispatch(offered.expect("undo is offered"));
}

fn bodies(session: &Session, queue: &str) -> Vec<String> {
    let queue = session.account().queues().queue(queue).expect("the queue is there");
    queue.messages().map(|message| message.body.to_string()).collect()
}

#[test]
fn a_deleted_queue_comes_back_with_its_messages_and_what_was_done_since_stays() {
    let mut session = Session::empty("Test");
    session.call("sqs:CreateQueue", json!({"QueueName": "Orders"})).unwrap();
    session.call("sqs:SendMessage", json!({"QueueUrl": URL, "MessageBody": "a"})).unwrap();
    session.call("sqs:DeleteQueue", json!({"QueueUrl": URL})).unwrap();
    assert_eq!(session.flashes().last().unwrap().text, "Deleted Orders.");
    session.dispatch(Action::JumpBy(Duration::from_secs(5)));
    session.call("sqs:CreateQueue", json!({"QueueName": "Later"})).unwrap();
    session.dispatch(Action::JumpBy(Duration::from_secs(5)));
    let now = session.account().now();
    undo(&mut session);
    assert_eq!(bodies(&session, "Orders"), ["a"]);
    assert!(session.account().queues().queue("Later").is_some());
    assert_eq!(session.account().now(), now);
    assert_eq!(session.flashes().last().unwrap().text, "Orders is back.");
    assert!(Session::open(session.project()).is_ok(), "the log without the deletion replays");
    undo(&mut session);
    assert!(session.account().queues().queue("Orders").is_none(), "the deletion can be brought back");
}

#[test]
fn a_role_is_emptied_and_deleted_in_one_deed() {
    let mut session = Session::empty("Test");
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    session.call("iam:CreateRole", json!({"RoleName": "r", "AssumeRolePolicyDocument": trust})).unwrap();
    let policy = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    session.call("iam:AttachRolePolicy", json!({"RoleName": "r", "PolicyArn": policy})).unwrap();
    session.call("iam:DetachRolePolicy", json!({"RoleName": "r", "PolicyArn": policy})).unwrap();
    session.call("iam:DeleteRole", json!({"RoleName": "r"})).unwrap();
    undo(&mut session);
    let role = session.account().iam().role("r").expect("the role is back");
    assert_eq!(role.attached_policies().count(), 1);
}

#[test]
fn a_run_that_would_go_another_way_is_told_honestly() {
    let mut session = Session::open(workspace::tutorial()).unwrap();
    let function = session.account().functions().functions().next().unwrap().name.to_string();
    session.call("lambda:DeleteFunction", json!({"FunctionName": function})).unwrap();
    let machine = session.account().states().machines().next().unwrap().arn.to_string();
    session.call("states:StartExecution", json!({"stateMachineArn": machine})).unwrap();
    session.dispatch(Action::JumpBy(Duration::from_secs(30)));
    session.call("sqs:CreateQueue", json!({"QueueName": "Late"})).unwrap();
    undo(&mut session);
    assert!(session.account().functions().function(&function).is_some());
    // The function is there again and gets the message: its handler must run before the clock goes on.
    assert_eq!(
        session.flashes().last().unwrap().text,
        format!(
            "{function} is back. One later action of yours could not be kept. The clock is back at the moment from which \
             things go another way."
        )
    );
    assert!(session.account().host_requests().next().is_some());
}
