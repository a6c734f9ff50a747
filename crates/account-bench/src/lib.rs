//! What an account does in a second, through its API as a program would call it.
//!
//! Each [`Workload`] makes an account, does so many units of work in it and says how many were done. The
//! criterion bench measures that natively; compiled to wasm, `node/measure.mjs` measures it in Node.js.

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, Latencies, Progress};
use wasm_bindgen::prelude::wasm_bindgen;

/// The workloads by name.
pub const NAMES: [&str; 3] = ["messages", "messages in batches", "callbacks"];

const QUEUE_URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Orders";
const ROLE: &str = "arn:aws:iam::123456789012:role/Workflow";
const MESSAGES: u32 = 100_000;
const CALLBACKS: u32 = 5_000;
const BATCH: usize = 10;

/// Work to be measured.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    run: Run,
    units: u32,
}

/// Does the work in a new account; gives it and how many units were done.
type Run = fn() -> Option<(Account, u32)>;

/// An account after the work. To take it down is no part of the work, and so not measured.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Finished {
    _account: Option<Account>,
    right: bool,
}

#[wasm_bindgen]
impl Finished {
    /// Whether everything came out as it should.
    #[wasm_bindgen(js_name = isRight)]
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.right
    }
}

#[wasm_bindgen]
impl Workload {
    /// `None` if there is no such workload.
    #[must_use]
    pub fn named(name: &str) -> Option<Workload> {
        let (run, units): (Run, u32) = match name {
            "messages" => (messages, MESSAGES),
            "messages in batches" => (batches, MESSAGES),
            "callbacks" => (callbacks, CALLBACKS),
            _ => return None,
        };
        Some(Workload { run, units })
    }

    /// All workloads.
    #[must_use]
    pub fn names() -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    /// Messages or round trips of one run.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.units
    }

    /// Does all of it once, in a new account.
    #[must_use]
    pub fn run(&self) -> Finished {
        let (account, done) = (self.run)().map_or((None, 0), |(account, done)| (Some(account), done));
        Finished { _account: account, right: done == self.units }
    }
}

fn account() -> Account {
    Account::new(AccountOptions { latencies: Latencies::NONE, ..AccountOptions::default() })
}

fn call(account: &mut Account, action: &str, params: Value) -> Option<Value> {
    account.call(action, params).result?.ok()
}

/// 100,000 messages, each sent by a call of its own; then all received and deleted one by one.
fn messages() -> Option<(Account, u32)> {
    let mut account = account();
    call(&mut account, "sqs:CreateQueue", json!({"QueueName": "Orders"}))?;
    for number in 0..MESSAGES {
        let body = format!("order {number}");
        call(&mut account, "sqs:SendMessage", json!({"QueueUrl": QUEUE_URL, "MessageBody": body}))?;
    }
    for _ in 0..MESSAGES {
        let received = call(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": QUEUE_URL}))?;
        let handle = received["Messages"][0]["ReceiptHandle"].clone();
        let params = json!({"QueueUrl": QUEUE_URL}).with("ReceiptHandle", handle);
        call(&mut account, "sqs:DeleteMessage", params)?;
    }
    is_empty(&account).then_some((account, MESSAGES))
}

/// 100,000 messages in batches of ten.
fn batches() -> Option<(Account, u32)> {
    let mut account = account();
    call(&mut account, "sqs:CreateQueue", json!({"QueueName": "Orders"}))?;
    for batch in 0..MESSAGES as usize / BATCH {
        let entry = |id: usize| json!({"Id": id.to_string(), "MessageBody": format!("order {}", batch * BATCH + id)});
        let entries = Value::array((0..BATCH).map(entry).collect());
        call(&mut account, "sqs:SendMessageBatch", json!({"QueueUrl": QUEUE_URL}).with("Entries", entries))?;
    }
    let mut deleted = 0;
    loop {
        let params = json!({"QueueUrl": QUEUE_URL, "MaxNumberOfMessages": BATCH});
        let received = call(&mut account, "sqs:ReceiveMessage", params)?;
        let Some(messages) = received["Messages"].as_array() else { break };
        let entry = |(id, message): (usize, &Value)| {
            json!({"Id": id.to_string()}).with("ReceiptHandle", message["ReceiptHandle"].clone())
        };
        let entries = Value::array(messages.iter().enumerate().map(entry).collect());
        let params = json!({"QueueUrl": QUEUE_URL}).with("Entries", entries);
        let answer = call(&mut account, "sqs:DeleteMessageBatch", params)?;
        deleted += answer["Successful"].as_array().map_or(0, <[Value]>::len);
    }
    is_empty(&account).then_some((account, u32::try_from(deleted).ok()?))
}

fn is_empty(account: &Account) -> bool {
    account.queues().queue("Orders").is_some_and(|queue| queue.messages().next().is_none())
}

/// The round trip of a callback: an execution sends its token to a queue, a worker receives the message,
/// answers the token and deletes the message; the execution succeeds.
fn callbacks() -> Option<(Account, u32)> {
    let mut account = account();
    let machine = prepare(&mut account)?;
    let mut succeeded = 0;
    for number in 0..CALLBACKS {
        let input = json!({"order": number}).to_string();
        let params = json!({"stateMachineArn": machine.clone(), "input": input});
        let execution = call(&mut account, "states:StartExecution", params)?["executionArn"].clone();
        drain(&mut account);
        let received = call(&mut account, "sqs:ReceiveMessage", json!({"QueueUrl": QUEUE_URL}))?;
        let message = &received["Messages"][0];
        let body = Value::parse(message.get_str("Body")?).ok()?;
        let answer = json!({"output": "{\"done\":true}"}).with("taskToken", body["token"].clone());
        call(&mut account, "states:SendTaskSuccess", answer)?;
        let handle = json!({"QueueUrl": QUEUE_URL}).with("ReceiptHandle", message["ReceiptHandle"].clone());
        call(&mut account, "sqs:DeleteMessage", handle)?;
        drain(&mut account);
        let described = call(&mut account, "states:DescribeExecution", json!({}).with("executionArn", execution))?;
        succeeded += u32::from(described.get_str("status") == Some("SUCCEEDED"));
    }
    Some((account, succeeded))
}

fn prepare(account: &mut Account) -> Option<Value> {
    call(account, "sqs:CreateQueue", json!({"QueueName": "Orders"}))?;
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    });
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
    });
    let role = json!({"RoleName": "Workflow", "AssumeRolePolicyDocument": trust.to_string()});
    call(account, "iam:CreateRole", role)?;
    let put = json!({"RoleName": "Workflow", "PolicyName": "Send", "PolicyDocument": policy.to_string()});
    call(account, "iam:PutRolePolicy", put)?;
    let definition = json!({
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {
                    "QueueUrl": QUEUE_URL,
                    "MessageBody": {"order.$": "$.order", "token.$": "$$.Task.Token"},
                },
                "End": true,
            },
        },
    });
    let params = json!({"name": "Ask", "definition": definition.to_string(), "roleArn": ROLE});
    Some(call(account, "states:CreateStateMachine", params)?["stateMachineArn"].clone())
}

/// Lets everything happen that happens at this moment.
fn drain(account: &mut Account) {
    let now = account.now();
    while account.next_event_at().is_some_and(|at| at <= now) && account.step() == Progress::Went {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_comes_round() {
        let callbacks = Workload::named("callbacks").expect("a workload");
        assert!(callbacks.run().is_right());
    }
}
