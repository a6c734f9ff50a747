//! A function as its page shows it: configuration, triggers, invocations, and what AWS would do differently.

use std::rc::Rc;

use lambda_sim::{CallFacts, Functions, FunctionsOptions, InvocationSource, InvocationStatus, LambdaTrace};
use shared_json::{Value, json};
use sim_account::{Account, What};
use virtual_time::{Duration, Timestamp};

use crate::words::{self, name_of};

/// A runtime that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuntimeChoice {
    pub id: &'static str,
    pub label: &'static str,
}

/// Newest first. <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
pub const RUNTIMES: [RuntimeChoice; 5] = [
    RuntimeChoice { id: "nodejs24.x", label: "Node.js 24.x" },
    RuntimeChoice { id: "nodejs22.x", label: "Node.js 22.x" },
    RuntimeChoice { id: "nodejs20.x", label: "Node.js 20.x" },
    RuntimeChoice { id: "nodejs18.x", label: "Node.js 18.x – retired on AWS" },
    RuntimeChoice { id: "nodejs16.x", label: "Node.js 16.x – retired on AWS" },
];

pub const DEFAULT_RUNTIME: &str = "nodejs22.x";

/// What a new function does until code is pasted.
pub const FIRST_CODE: &str = "export const handler = async (event) => {
  console.log(JSON.stringify(event));
  return { statusCode: 200, body: JSON.stringify('Hello from Lambda!') };
};
";

#[derive(Clone, Debug, PartialEq)]
pub struct FunctionView {
    pub name: Rc<str>,
    pub arn: Rc<str>,
    pub description: String,
    pub runtime: String,
    pub runtime_label: String,
    pub retired_runtime: bool,
    pub handler: String,
    pub role_name: String,
    pub role_arn: Rc<str>,
    pub role_exists: bool,
    pub timeout_seconds: u32,
    pub memory_mb: u32,
    pub variables: Vec<(String, String)>,
    pub strict_modules: bool,
    pub file_name: String,
    pub source: Rc<str>,
    pub last_modified: Timestamp,
    pub triggers: Vec<Trigger>,
    pub notices: Vec<Notice>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    pub uuid: Rc<str>,
    pub queue_name: String,
    pub queue_arn: Rc<str>,
    pub queue_exists: bool,
    pub state: &'static str,
    /// A state that lasts: it may be changed now.
    pub settled: bool,
    pub enabled: bool,
    pub batch_size: u32,
    pub window_seconds: u32,
    pub report_batch_item_failures: bool,
    pub last_result: Option<Rc<str>>,
}

impl Trigger {
    /// Its state in a word, `Denied` and `Failing` when it is on but its work fails.
    #[must_use]
    pub fn label(&self) -> &'static str {
        trigger_label(self.state, self.last_result.as_deref())
    }
}

/// What a mapping's last processing result says went wrong.
#[must_use]
pub fn trigger_problem(last_result: Option<&str>) -> Option<&str> {
    last_result.filter(|result| result.starts_with("PROBLEM"))
}

/// A mapping's state, or `Denied` or `Failing` when an enabled one cannot do its work.
#[must_use]
pub fn trigger_label(state: &'static str, last_result: Option<&str>) -> &'static str {
    match trigger_problem(last_result) {
        Some(problem) if state == "Enabled" => {
            let denied = ["not authorized", "AccessDenied", "permission"].iter().any(|word| problem.contains(word));
            if denied { "Denied" } else { "Failing" }
        }
        _ => state,
    }
}

/// Something that AWS treats differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub code: String,
    pub message: String,
}

#[must_use]
pub fn view(account: &Account, name: &str) -> Option<FunctionView> {
    let function = account.functions().function(name)?;
    let c = &function.configuration;
    let runtime = RUNTIMES.iter().find(|runtime| runtime.id == c.runtime);
    let runtime_label = runtime.map_or(c.runtime.clone(), |runtime| runtime.label.to_owned());
    Some(FunctionView {
        name: function.name.clone(),
        arn: function.arn.clone(),
        description: c.description.clone(),
        retired_runtime: runtime_label.contains("retired"),
        runtime: c.runtime.clone(),
        runtime_label,
        handler: c.handler.clone(),
        role_name: name_of(&c.role_arn).to_owned(),
        role_arn: c.role_arn.clone(),
        role_exists: account.iam().role_by_arn(&c.role_arn).is_some(),
        timeout_seconds: c.timeout_seconds,
        memory_mb: c.memory_mb,
        variables: c.environment_variables.clone(),
        strict_modules: c.strict_modules,
        file_name: c.file_name.clone(),
        source: c.source_text.clone(),
        last_modified: function.last_modified,
        triggers: triggers(account, name),
        notices: notices(account, name, function.last_modified),
    })
}

fn triggers(account: &Account, function: &str) -> Vec<Trigger> {
    let mappings = account.functions().mappings().filter(|mapping| &*mapping.function_name == function);
    mappings
        .map(|mapping| Trigger {
            uuid: mapping.uuid.clone(),
            queue_name: name_of(&mapping.event_source_arn).to_owned(),
            queue_exists: account.queues().queue_by_arn(&mapping.event_source_arn).is_some(),
            queue_arn: mapping.event_source_arn.clone(),
            state: mapping.state.as_str(),
            settled: mapping.state.is_settled(),
            enabled: mapping.enabled,
            batch_size: mapping.batch_size,
            window_seconds: mapping.maximum_batching_window_seconds,
            report_batch_item_failures: mapping.report_batch_item_failures,
            last_result: mapping.last_processing_result.clone(),
        })
        .collect()
}

/// Each notice once, since the function was last changed.
fn notices(account: &Account, function: &str, since: Timestamp) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for entry in account.journal().entries().rev().take_while(|entry| entry.at >= since) {
        if let What::Lambda(LambdaTrace::Notice { function: of, code, message, .. }) = &entry.what
            && &**of == function
            && notices.iter().all(|notice| notice.code != *code)
        {
            notices.push(Notice { code: code.clone(), message: message.clone() });
        }
    }
    notices
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvocationState {
    Starting,
    Running,
    Succeeded,
    Failed,
    TimedOut,
}

impl InvocationState {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            InvocationState::Starting => "Starting",
            InvocationState::Running => "Running",
            InvocationState::Succeeded => "Succeeded",
            InvocationState::Failed => "Failed",
            InvocationState::TimedOut => "Timed out",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct InvocationRow {
    pub id: u64,
    pub request_id: Rc<str>,
    pub state: InvocationState,
    pub accepted_at: Timestamp,
    /// The handler's own time, once it has ended.
    pub duration: Option<Duration>,
    pub cold: bool,
    /// `Test or API call`, `asynchronous call`, `trigger, 2 messages`
    pub source: String,
    pub message_ids: Vec<Rc<str>>,
    pub event: Rc<str>,
    pub result: Option<Rc<str>>,
    pub error: Option<Rc<str>>,
    pub log: Vec<Rc<str>>,
}

/// The newest first.
#[must_use]
pub fn invocations(account: &Account, function: &str, most: usize) -> Vec<InvocationRow> {
    let of = account.functions().invocations().rev().filter(|invocation| &*invocation.function == function);
    of.take(most).map(invocation_row).collect()
}

#[must_use]
pub fn invocation(account: &Account, id: u64) -> Option<InvocationRow> {
    account.functions().invocation(id).map(invocation_row)
}

fn invocation_row(invocation: &lambda_sim::Invocation) -> InvocationRow {
    let source = match &invocation.source {
        InvocationSource::Call { .. } => "Test or API call".to_owned(),
        InvocationSource::Event { attempt: 1, .. } => "asynchronous call".to_owned(),
        InvocationSource::Event { attempt, .. } => format!("asynchronous call, attempt {attempt}"),
        InvocationSource::Mapping { message_ids, .. } => match message_ids.len() {
            1 => "trigger, 1 message".to_owned(),
            n => format!("trigger, {n} messages"),
        },
    };
    InvocationRow {
        id: invocation.id,
        request_id: invocation.request_id.clone(),
        state: match invocation.status {
            InvocationStatus::Starting => InvocationState::Starting,
            InvocationStatus::Running => InvocationState::Running,
            InvocationStatus::Succeeded => InvocationState::Succeeded,
            InvocationStatus::Failed => InvocationState::Failed,
            InvocationStatus::TimedOut => InvocationState::TimedOut,
        },
        accepted_at: invocation.accepted_at,
        duration: invocation.started_at.zip(invocation.ended_at).map(|(from, to)| to.since(from)),
        cold: invocation.cold,
        source,
        message_ids: invocation.message_ids().to_vec(),
        event: invocation.event.clone(),
        result: invocation.result.clone(),
        error: invocation.error.clone(),
        log: invocation.log.clone(),
    }
}

/// What Lambda would say of a new function, without making it: a scratch registry is asked. The role is left out.
#[must_use]
pub fn refusal_of_new(account: &Account, name: &str) -> Option<aws_protocol::AwsError> {
    let options = account.options();
    let mut scratch = Functions::new(FunctionsOptions {
        account_id: options.account_id.clone(),
        region: options.region.clone(),
        seed: 0,
        limits: lambda_sim::LambdaLimits::default(),
        latencies: lambda_sim::LambdaLatencies::default(),
    });
    let params = json!({"FunctionName": name, "Runtime": DEFAULT_RUNTIME, "Handler": "index.handler",
        "Role": format!("arn:aws:iam::{}:role/any", options.account_id),
        "Code": {"FileName": "index.mjs", "SourceText": ""}});
    let input =
        lambda_sim::Input::Call { call: 0, action: "CreateFunction".into(), params, facts: CallFacts::default() };
    scratch.handle(account.now(), input);
    while let Some(effect) = scratch.poll_effect() {
        if let lambda_sim::Effect::Answer { result, .. } = effect {
            return result.err();
        }
    }
    None
}

/// An event as a queue's trigger would give it, for tests.
#[must_use]
pub fn sqs_event_template(account: &Account) -> String {
    let arn = account.queues().queues().next().map_or_else(
        || format!("arn:aws:sqs:{}:{}:MyQueue", account.options().region, account.options().account_id),
        |queue| queue.arn().to_owned(),
    );
    let sent = account.now().millis().to_string();
    let body = json!({"MessageTitle": "A test", "TaskToken": "no-real-token"}).to_string();
    json!({"Records": [{
        "messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78",
        "receiptHandle": "MessageReceiptHandle",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": sent,
            "SenderId": account.options().account_id, "ApproximateFirstReceiveTimestamp": sent
        },
        "messageAttributes": {},
        "md5OfBody": "00000000000000000000000000000000",
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": account.options().region
    }]})
    .to_pretty()
}

/// Environment variables from lines of `NAME=value`.
///
/// # Errors
/// The first line that is none.
pub fn read_variables(text: &str) -> Result<Value, String> {
    let mut variables = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once('=').ok_or_else(|| format!("“{line}” is not of the form NAME=value."))?;
        variables.push((name.trim().to_owned(), Value::string(value)));
    }
    Ok(Value::object(variables))
}

/// The same backwards.
#[must_use]
pub fn write_variables(variables: &[(String, String)]) -> String {
    variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}

/// `1a2b3c4d`: a request id in a narrow column.
#[must_use]
pub fn short_request(id: &str) -> &str {
    words::short_uuid(id)
}
