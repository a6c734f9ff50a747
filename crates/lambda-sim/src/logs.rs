//! The words of a function's log, as CloudWatch shows them for Node.js.

use std::rc::Rc;

use aws_protocol::handler::HandlerError;
use sha2::{Digest, Sha256};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

/// One line of a function's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    pub at: Timestamp,
    /// The log stream is named after the environment: `2023/04/19/[$LATEST]…`.
    pub stream: Rc<str>,
    pub request_id: Option<Rc<str>>,
    pub line: Rc<str>,
}

/// `12.34`: milliseconds with two decimals.
fn millis(span: Duration) -> String {
    format!("{:.2}", span.micros() as f64 / 1_000.0)
}

pub(crate) fn init_start(region: &str, runtime: &str) -> String {
    let digest = Sha256::digest(runtime.as_bytes());
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let version = runtime.trim_start_matches("nodejs").trim_end_matches(".x");
    format!(
        "INIT_START Runtime Version: nodejs:{version}.v1\tRuntime Version ARN: arn:aws:lambda:{region}::runtime:{hash}"
    )
}

/// Written only when the loading of code did not succeed.
pub(crate) fn init_report(span: Duration, status: &str, error_type: Option<&str>) -> String {
    let error = error_type.map(|name| format!("\tError Type: {name}")).unwrap_or_default();
    format!("INIT_REPORT Init Duration: {} ms\tPhase: init\tStatus: {status}{error}", millis(span))
}

pub(crate) fn start(request_id: &str) -> String {
    format!("START RequestId: {request_id} Version: $LATEST")
}

pub(crate) fn end(request_id: &str) -> String {
    format!("END RequestId: {request_id}")
}

/// What the `REPORT` line tells.
pub(crate) struct Report<'a> {
    pub request_id: &'a str,
    pub duration: Duration,
    pub memory_mb: u32,
    pub init: Option<Duration>,
    pub status: Option<&'a str>,
    pub error_type: Option<&'a str>,
}

/// Memory that the Node.js runtime itself takes; the simulation counts no handler's bytes.
const MEMORY_USED_MB: u32 = 64;

pub(crate) fn report(report: &Report<'_>) -> String {
    let Report { request_id, duration, memory_mb, init, status, error_type } = *report;
    let mut line = format!(
        "REPORT RequestId: {request_id}\tDuration: {} ms\tBilled Duration: {} ms\tMemory Size: {memory_mb} MB\t\
         Max Memory Used: {} MB",
        millis(duration),
        duration.micros().div_ceil(1_000),
        memory_mb.min(MEMORY_USED_MB)
    );
    if let Some(init) = init {
        line.push_str(&format!("\tInit Duration: {} ms", millis(init)));
    }
    if let Some(status) = status {
        line.push_str(&format!("\tStatus: {status}"));
    }
    if let Some(error_type) = error_type {
        line.push_str(&format!("\tError Type: {error_type}"));
    }
    line
}

/// What a handler's `console` writes; outside of invocations Node.js has no request id to name.
pub(crate) fn console(at: Timestamp, request_id: Option<&str>, level: &str, text: &str) -> String {
    format!("{at}\t{}\t{level}\t{text}", request_id.unwrap_or("undefined"))
}

/// A failed handler: `Invoke Error`, or `Uncaught Exception` when the process is gone with it.
pub(crate) fn error(at: Timestamp, request_id: Option<&str>, title: &str, error: &HandlerError) -> String {
    let stack = Value::from(error.trace.iter().map(Value::string).collect::<Vec<_>>());
    let json = json!({"errorType": &error.error_type, "errorMessage": &error.error_message, "stack": &stack});
    console(at, request_id, "ERROR", &format!("{title} \t{json}"))
}

/// `Task timed out after 3.00 seconds`.
pub(crate) fn timed_out(timeout_seconds: u32) -> String {
    format!("Task timed out after {timeout_seconds}.00 seconds")
}
