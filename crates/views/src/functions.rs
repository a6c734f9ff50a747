//! A function as its page shows it: configuration, triggers, invocations, and what AWS would do differently.

pub mod checks;
pub mod test_events;

use std::rc::Rc;

use lambda_sim::{InvocationSource, InvocationStatus, LambdaTrace, ProvisionedPollers};
use shared_json::Value;
use sim_account::{Account, What};
use virtual_time::{Duration, Timestamp};

use crate::words::{self, name_of};
pub use checks::refusal_of_new;

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
    pub reserved_concurrency: Option<u32>,
    /// What all functions without a reservation share.
    pub unreserved_concurrency: u32,
    pub dead_letter_arn: Option<Rc<str>>,
    pub asynchronous: AsynchronousView,
    /// Injected faults that wait for the next invocations.
    pub faults: lambda_sim::PendingFaults,
    /// Rules that answer instead of the code.
    pub mock_rules: usize,
}

/// How the function treats asynchronous invocations; Lambda's defaults where nothing is set.
#[derive(Clone, Debug, PartialEq)]
pub struct AsynchronousView {
    pub configured: bool,
    pub retries: u32,
    pub age_seconds: u32,
    pub on_success: Option<Rc<str>>,
    pub on_failure: Option<Rc<str>>,
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
    pub maximum_concurrency: Option<u32>,
    pub pollers: Option<ProvisionedPollers>,
    pub fifo: bool,
    pub patterns: Vec<Rc<str>>,
    /// Batches that may be at the function at once now, and those that are.
    pub concurrency: u32,
    pub batches: u32,
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
        reserved_concurrency: function.reserved_concurrent_executions,
        unreserved_concurrency: account.functions().unreserved_concurrency(),
        dead_letter_arn: c.dead_letter_arn.clone(),
        asynchronous: asynchronous(function),
        faults: account.functions().faults(name),
        mock_rules: crate::mocks::of_function(account, name).len(),
    })
}

fn asynchronous(function: &lambda_sim::Function) -> AsynchronousView {
    let config = function.event_invoke.as_ref();
    AsynchronousView {
        configured: config.is_some(),
        retries: config.and_then(|config| config.maximum_retry_attempts).unwrap_or(2),
        age_seconds: config.and_then(|config| config.maximum_event_age_seconds).unwrap_or(21_600),
        on_success: config.and_then(|config| config.on_success.clone()),
        on_failure: config.and_then(|config| config.on_failure.clone()),
    }
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
            maximum_concurrency: mapping.maximum_concurrency,
            pollers: mapping.pollers,
            fifo: mapping.is_fifo(),
            patterns: mapping.filters.patterns().cloned().collect(),
            concurrency: mapping.concurrency(),
            batches: mapping.batches_in_flight(),
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
    /// The queue that its messages came from.
    pub queue_url: Option<String>,
    /// What the mock rule that answered it does.
    pub mock: Option<String>,
    pub event: Rc<str>,
    pub result: Option<Rc<str>>,
    pub error: Option<Rc<str>>,
    pub log: Vec<Rc<str>>,
}

/// The newest first.
#[must_use]
pub fn invocations(account: &Account, function: &str, most: usize) -> Vec<InvocationRow> {
    let of = account.functions().invocations().rev().filter(|invocation| &*invocation.function == function);
    of.take(most).map(|invocation| invocation_row(account, invocation)).collect()
}

#[must_use]
pub fn invocation(account: &Account, id: u64) -> Option<InvocationRow> {
    account.functions().invocation(id).map(|invocation| invocation_row(account, invocation))
}

fn invocation_row(account: &Account, invocation: &lambda_sim::Invocation) -> InvocationRow {
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
        queue_url: queue_url(account, invocation),
        mock: invocation.mock.as_ref().map(|rule| rule.summary()),
        event: invocation.event.clone(),
        result: invocation.result.clone(),
        error: invocation.error.clone(),
        log: invocation.log.clone(),
    }
}

fn queue_url(account: &Account, invocation: &lambda_sim::Invocation) -> Option<String> {
    let uuid = invocation.mapping()?;
    let mapping = account.functions().mappings().find(|mapping| mapping.uuid == *uuid)?;
    Some(account.queues().queue_by_arn(&mapping.event_source_arn)?.url().to_owned())
}

/// Whether a message is in its queue still.
#[must_use]
pub fn holds_message(account: &Account, queue_url: &str, message_id: &str) -> bool {
    let queue = account.queues().queue_by_url(queue_url);
    queue.is_some_and(|queue| queue.messages().any(|message| &*message.id == message_id))
}

/// A function in numbers, over what is remembered of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Metrics {
    pub invocations: usize,
    pub running: usize,
    pub errors: usize,
    pub throttles: u64,
    pub cold_starts: usize,
    pub mean: Option<Duration>,
    pub longest: Option<Duration>,
}

#[must_use]
pub fn metrics(account: &Account, function: &str) -> Metrics {
    let mut metrics = Metrics { throttles: account.functions().throttles(function), ..Metrics::default() };
    let mut total = 0_u64;
    let mut ended = 0_u64;
    for invocation in account.functions().invocations_of(function) {
        metrics.invocations += 1;
        metrics.cold_starts += usize::from(invocation.cold);
        metrics.errors += usize::from(invocation.error.is_some());
        match invocation.started_at.zip(invocation.ended_at) {
            Some((from, to)) => {
                let span = to.since(from);
                total = total.saturating_add(span.micros());
                ended += 1;
                metrics.longest = metrics.longest.max(Some(span));
            }
            None => metrics.running += 1,
        }
    }
    metrics.mean = total.checked_div(ended).map(Duration::from_micros);
    metrics
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
