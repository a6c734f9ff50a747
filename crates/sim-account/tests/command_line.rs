//! The command line beside the account: it names no action that the account does not have.

use aws_cli::{Reading, Step, Surroundings, known_actions, read};
use shared_json::json;
use sim_account::{Account, AccountOptions};

struct Nowhere;
impl Surroundings for Nowhere {}

fn say(account: &mut Account, line: &str) -> aws_cli::Said {
    match read(line, &Nowhere) {
        Reading::Call(mut run) => loop {
            let call = run.call().clone();
            let called = account.call(&call.action, call.params);
            let result = called.result.unwrap_or_else(|| {
                let mut answer = None;
                while answer.is_none() {
                    account.step();
                    answer = account.take_answer(called.id);
                }
                answer.unwrap()
            });
            if let Step::Done(said) = run.answered(result) {
                return said;
            }
        },
        Reading::Said(said) => said,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_queue_is_made_filled_and_read_by_lines() {
    let mut account = Account::new(AccountOptions::default());
    let made = say(&mut account, "aws sqs create-queue --queue-name Orders --query QueueUrl --output text");
    let url = made.out.trim().to_owned();
    assert_eq!(url, "https://sqs.us-east-1.amazonaws.com/123456789012/Orders");
    let sent = say(&mut account, &format!("aws sqs send-message --queue-url {url} --message-body 'hello there'"));
    assert!(sent.out.starts_with("{\n    \"MD5OfMessageBody\": \""), "{}", sent.out);
    let line = format!(
        "aws sqs receive-message --queue-url {url} --wait-time-seconds 5 --query 'Messages[].Body' --output text"
    );
    assert_eq!(say(&mut account, &line).out, "hello there\n");
    // Nothing is there any more: the long poll waits for its five seconds.
    let before = account.now();
    assert_eq!(say(&mut account, &line).out, "None\n");
    assert_eq!(account.now().since(before).secs(), 5);
    let gone = say(&mut account, "aws sqs get-queue-url --queue-name Nope");
    assert!(
        gone.err
            .starts_with("\nAn error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl")
    );
    assert_eq!(gone.code, 254);
    let who = say(&mut account, "aws sts get-caller-identity --query Arn --output text");
    assert_eq!(who.out, "arn:aws:iam::123456789012:root\n");
}

#[test]
fn a_role_and_its_policies_are_printed_with_their_documents() {
    let mut account = Account::new(AccountOptions::default());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let made = say(&mut account, &format!("aws iam create-role --role-name r --assume-role-policy-document '{trust}'"));
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    let shown = say(
        &mut account,
        "aws iam get-role --role-name r --query 'Role.AssumeRolePolicyDocument.Statement[0].Principal.Service' --output text",
    );
    assert_eq!(shown.out, "lambda.amazonaws.com\n");
    let none = say(&mut account, "aws iam get-role --role-name nobody");
    assert!(none.err.contains("(NoSuchEntity) when calling the GetRole operation"), "{}", none.err);
}

#[test]
fn every_simulated_action_has_its_command() {
    let unknown = |action: &str| {
        let result = Account::new(AccountOptions::default()).call(action, json!({})).result;
        let error = result.and_then(Result::err);
        error.is_some_and(|error| ["UnknownOperationException", "InvalidAction"].contains(&error.code.as_str()))
    };
    let known = known_actions();
    let simulated: Vec<String> = known
        .iter()
        .map(|(service, action, described)| (format!("{service}:{action}"), *described))
        .filter(|(action, described)| !described && !unknown(action))
        .map(|(action, _)| action)
        .collect();
    assert_eq!(simulated, [""; 0], "generate.py of aws-cli must describe these");
    for action in
        ["sqs:SendMessage", "states:StartExecution", "lambda:Invoke", "iam:CreateRole", "sts:GetCallerIdentity"]
    {
        assert!(!unknown(action), "{action}");
    }
}
