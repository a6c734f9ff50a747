//! The command line without a page.

use shared_json::json;
use virtual_time::Duration;

use super::*;

fn with_queue() -> Session {
    let mut session = Session::empty("Test");
    session.call("sqs:CreateQueue", json!({"QueueName": "Orders"})).unwrap();
    session
}

fn last(session: &Session) -> aws_cli::Said {
    session.command_entries().last().and_then(|entry| entry.said.clone()).expect("something was said")
}

const POLL: &str = "aws sqs receive-message --queue-url https://sqs.us-east-1.amazonaws.com/123456789012/Orders \
                    --wait-time-seconds 10 --query 'Messages[].Body' --output text";

#[test]
fn a_line_is_the_persons_own_call() {
    let mut session = with_queue();
    session.run_line("aws sqs list-queues --output text");
    assert_eq!(last(&session).out, "QUEUEURLS\thttps://sqs.us-east-1.amazonaws.com/123456789012/Orders\n");
    assert_eq!(session.account().log().len(), 2);
    assert_eq!(session.command_history(), ["aws sqs list-queues --output text"]);
    assert!(Session::open(session.project()).is_ok());
}

#[test]
fn a_long_poll_waits_for_virtual_time() {
    let mut session = with_queue();
    session.run_line(POLL);
    assert!(session.waits_for_command());
    session.run_line("aws sqs list-queues");
    assert_eq!(session.command_entries().len(), 1, "one line at a time");
    session.dispatch(Action::JumpBy(Duration::from_secs(4)));
    assert!(session.waits_for_command());
    let send = json!({"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/Orders", "MessageBody": "hello"});
    session.call("sqs:SendMessage", send).unwrap();
    session.dispatch(Action::JumpBy(Duration::from_secs(1)));
    assert!(!session.waits_for_command());
    assert_eq!(last(&session).out, "hello\n");
}

#[test]
fn waiting_can_be_stopped_and_ends_when_time_goes_back() {
    let mut session = with_queue();
    session.run_line(POLL);
    session.stop_waiting("why");
    assert_eq!((last(&session).code, last(&session).hint.as_deref()), (130, Some("why")));
    session.run_line(POLL);
    session.dispatch(Action::BackToStart);
    assert!(!session.waits_for_command());
}

#[test]
fn documents_are_kept_with_the_project() {
    let mut session = with_queue();
    session.keep_document("q.json", Some("{\"QueueName\": \"FromFile\"}".to_owned()));
    session.run_line("aws sqs create-queue --cli-input-json file://q.json --query QueueUrl --output text");
    assert_eq!(last(&session).out, "https://sqs.us-east-1.amazonaws.com/123456789012/FromFile\n");
    let opened = Session::open(session.project()).unwrap();
    assert_eq!(opened.documents(), [("q.json".to_owned(), true)]);
    let completed = opened.complete_line("cat q", 5);
    assert_eq!(completed.candidates[0].text, "q.json");
}
