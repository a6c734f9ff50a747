//! A small workshop for these tests: an account with a queue, a workflow that waits for a callback, a function
//! with a trigger, and a host that plays the handler without an interpreter.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use aws_protocol::AwsError;
use aws_protocol::handler::{AwsCall, Command, HandlerError, LogLine, Turn, TurnState};
use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, HostRequest, Progress, execution_role};
use virtual_time::{Duration, Timestamp};

pub const QUEUE_URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/parcels";
pub const QUEUE_ARN: &str = "arn:aws:sqs:us-east-1:123456789012:parcels";
pub const MACHINE_ARN: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Dispatch";

pub fn definition(queue_url: &str) -> String {
    json!({
        "StartAt": "Ask the depot",
        "States": {
            "Ask the depot": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": queue_url, "MessageBody": {"parcel.$": "$.parcel", "token.$": "$$.Task.Token"}},
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Keep it"}],
                "Next": "Ship it"
            },
            "Ship it": {"Type": "Pass", "Result": "shipped", "End": true},
            "Keep it": {"Type": "Pass", "End": true}
        }
    })
    .to_string()
}

/// How the played handler behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Handler {
    Succeeds,
    ReportsFailure,
    Throws,
    /// Returns without calling back.
    Forgets,
    NeverEnds,
}

pub fn ok(account: &mut Account, action: &str, params: Value) -> Value {
    let result = account.call(action, params).result;
    result.unwrap_or_else(|| panic!("{action} waits")).unwrap_or_else(|error| panic!("{action}: {error}"))
}

pub fn refused(account: &mut Account, action: &str, params: Value) -> AwsError {
    let result = account.call(action, params).result;
    result.unwrap_or_else(|| panic!("{action} waits")).expect_err(action)
}

/// Everything but the trigger.
pub fn workshop() -> Account {
    let mut account = Account::new(AccountOptions::default());
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels"}));
    let definition = definition(QUEUE_URL);
    let plan = execution_role::plan("Dispatch", &asl::parse(&definition), &account);
    let role_arn = plan.create(&mut account).unwrap();
    ok(
        &mut account,
        "states:CreateStateMachine",
        json!({"name": "Dispatch", "definition": definition, "roleArn": role_arn}),
    );
    ok(
        &mut account,
        "iam:CreateRole",
        json!({"RoleName": "depot-role",
            "AssumeRolePolicyDocument": execution_role::trust_policy("lambda.amazonaws.com").to_string()}),
    );
    for policy in ["AmazonSQSFullAccess", "AWSStepFunctionsFullAccess"] {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        ok(&mut account, "iam:AttachRolePolicy", json!({"RoleName": "depot-role", "PolicyArn": arn}));
    }
    ok(
        &mut account,
        "lambda:CreateFunction",
        json!({"FunctionName": "Depot", "Runtime": "nodejs16.x", "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/depot-role",
            "Code": {"FileName": "index.mjs", "SourceText": "exports.handler = async () => {}"}}),
    );
    account
}

pub fn add_trigger(account: &mut Account) -> String {
    let made = ok(
        account,
        "lambda:CreateEventSourceMapping",
        json!({"FunctionName": "Depot", "EventSourceArn": QUEUE_ARN, "Enabled": true, "BatchSize": 10}),
    );
    made["UUID"].as_str().unwrap().to_owned()
}

pub fn start(account: &mut Account, name: &str) -> String {
    let params = json!({"stateMachineArn": MACHINE_ARN, "name": name, "input": "{\"parcel\": 7}"});
    ok(account, "states:StartExecution", params)["executionArn"].as_str().unwrap().to_owned()
}

/// Lets `span` pass, with the handler played as told.
pub fn run(account: &mut Account, span: Duration, handler: Handler) {
    let until: Timestamp = account.now() + span;
    for _ in 0..100_000 {
        match account.advance_to(until, 100_000) {
            Progress::Went | Progress::Idle => return,
            Progress::OutOfSteps => panic!("the account does not come to rest"),
            Progress::AwaitsHost => {
                let requests: Vec<HostRequest> = account.host_requests().cloned().collect();
                for request in requests {
                    account.answer_host(request.environment, request.sequence, turn(&request.command, handler));
                }
            }
        }
    }
    panic!("the handlers do not come to rest");
}

fn turn(command: &Command, handler: Handler) -> Turn {
    let turn = |state| Turn { micros: 1_000, logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state };
    match command {
        Command::Init { .. } => turn(TurnState::Idle),
        Command::Resume { answers, .. } => match answers.iter().find_map(|answer| answer.outcome.as_ref().err()) {
            Some(error) => turn(TurnState::Failed {
                error: HandlerError {
                    error_type: error.code.clone(),
                    error_message: error.message.clone(),
                    trace: Vec::new(),
                },
                exited: false,
            }),
            None => turn(TurnState::Done { result: "null".into() }),
        },
        Command::Invoke { event, .. } => match handler {
            Handler::Throws => turn(TurnState::Failed {
                error: HandlerError { error_type: "Error".into(), error_message: "no depot".into(), trace: Vec::new() },
                exited: false,
            }),
            Handler::Forgets => turn(TurnState::Done { result: "null".into() }),
            Handler::NeverEnds => Turn { micros: 3_000_000, ..turn(TurnState::TimedOut) },
            Handler::Succeeds | Handler::ReportsFailure => Turn {
                logs: vec![LogLine { at: 10, level: "INFO".into(), text: "looking".into() }],
                calls: calls(event, handler),
                ..turn(TurnState::Waiting { next_timer: None })
            },
        },
    }
}

fn calls(event: &str, handler: Handler) -> Vec<AwsCall> {
    let event = Value::parse(event).unwrap();
    let records = event["Records"].as_array().unwrap().iter().zip(1..);
    records
        .map(|(record, call)| {
            let token = Value::parse(record["body"].as_str().unwrap()).unwrap()["token"].clone();
            let (action, params) = match handler {
                Handler::ReportsFailure => ("states:SendTaskFailure", json!({"error": "Lost", "cause": "fell off"})),
                _ => ("states:SendTaskSuccess", json!({"output": "{\"at\":\"depot\"}"})),
            };
            AwsCall { call, at: 500, action: action.into(), params: params.with("taskToken", token).to_string() }
        })
        .collect()
}

pub fn history(account: &Account, arn: &str) -> Vec<Value> {
    account.states().execution(arn).unwrap().execution.history().iter().map(|event| event.to_value()).collect()
}

pub fn event_types(account: &Account, arn: &str) -> Vec<String> {
    history(account, arn).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

pub fn status(account: &Account, arn: &str) -> &'static str {
    account.states().execution(arn).unwrap().execution.status().name()
}
