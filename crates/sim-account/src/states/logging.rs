//! Logging configurations, and the log events that an execution leaves in CloudWatch Logs.

use aws_protocol::AwsError;
use sfn_history::HistoryEvent;
use shared_json::{Value, json};

use super::validation::Check;
use super::{ExecutionRecord, States};

/// What of an execution goes to the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    All,
    Error,
    Fatal,
    #[default]
    Off,
}

/// A state machine's logging configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logging {
    pub level: LogLevel,
    pub include_execution_data: bool,
    /// As they were given; absent when they were not.
    destinations: Option<Value>,
}

impl LogLevel {
    const NAMES: [(&'static str, LogLevel); 4] =
        [("ALL", LogLevel::All), ("ERROR", LogLevel::Error), ("FATAL", LogLevel::Fatal), ("OFF", LogLevel::Off)];

    fn name(self) -> &'static str {
        match self {
            LogLevel::All => "ALL",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
            LogLevel::Off => "OFF",
        }
    }

    /// Whether events of this type are logged. Source: developer guide, "Log levels for execution events".
    fn takes(self, event_type: &str) -> bool {
        let ends = ["Failed", "TimedOut", "Aborted"].iter().any(|end| event_type.ends_with(end));
        match self {
            LogLevel::All => true,
            LogLevel::Error => ends || event_type == "FailStateEntered",
            LogLevel::Fatal => ends && event_type.starts_with("Execution"),
            LogLevel::Off => false,
        }
    }
}

impl Logging {
    /// Reads `loggingConfiguration`, whose form [`check_form`] has seen.
    pub(super) fn read(configuration: &Value) -> Result<Logging, AwsError> {
        let level = configuration.get_str("level").unwrap_or("OFF");
        let level = LogLevel::NAMES.iter().find(|(name, _)| *name == level).map_or(LogLevel::Off, |(_, level)| *level);
        let destinations = configuration.get("destinations").filter(|given| !given.is_null()).cloned();
        let given = destinations.as_ref().and_then(Value::as_array).unwrap_or_default();
        if given.len() > 1 || (level != LogLevel::Off && given.is_empty()) {
            return Err(invalid_logging("Must specify exactly one Log Destination."));
        }
        for destination in given {
            let arn = destination.get("cloudWatchLogsLogGroup").and_then(|group| group.get_str("logGroupArn"));
            if !arn.is_some_and(is_log_group) {
                return Err(invalid_logging("Log Destination must be a valid CloudWatch Log Group ARN."));
            }
        }
        let include_execution_data =
            configuration.get("includeExecutionData").and_then(Value::as_bool).unwrap_or(false);
        Ok(Logging { level, include_execution_data, destinations })
    }

    /// Whether log events go to a log group.
    pub(crate) fn delivers(&self) -> bool {
        self.level != LogLevel::Off
    }

    pub(super) fn to_value(&self) -> Value {
        let shown = json!({"level": self.level.name(), "includeExecutionData": self.include_execution_data});
        match &self.destinations {
            Some(destinations) => shown.with("destinations", destinations.clone()),
            None => shown,
        }
    }
}

pub(super) fn check_form(check: &mut Check<'_>, params: &Value) {
    if let Some(level) = params.get("loggingConfiguration").and_then(|logging| logging.get_str("level")) {
        check.member_of(level, "loggingConfiguration.level", &LogLevel::NAMES.map(|(name, _)| name));
    }
}

fn invalid_logging(why: &str) -> AwsError {
    AwsError::new("InvalidLoggingConfiguration", format!("Invalid Logging Configuration: {why}"))
}

/// `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`
fn is_log_group(arn: &str) -> bool {
    let mut parts = arn.splitn(7, ':');
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next()) == ("arn", "aws", "logs")
        && !next().is_empty()
        && next().len() == 12
        && next() == "log-group"
        && next().strip_suffix(":*").is_some_and(|name| !name.is_empty())
}

impl States {
    /// The log events of an execution, oldest first: what its state machine's logging configuration let through.
    #[must_use]
    pub fn execution_log(&self, execution_arn: &str) -> Vec<Value> {
        let Some(record) = self.execution(execution_arn) else { return Vec::new() };
        let logged = |event: &&HistoryEvent| record.logging.level.takes(event.event_type());
        record.execution.history().iter().filter(logged).map(|event| log_event(record, event)).collect()
    }
}

/// An event of the history in the words of the log.
fn log_event(record: &ExecutionRecord, event: &HistoryEvent) -> Value {
    let told = event.to_value();
    let details = told.as_object().into_iter().flatten().find(|(key, _)| key.ends_with("EventDetails"));
    let details = details.map_or_else(|| json!({}), |(_, details)| details.clone());
    let details = if record.logging.include_execution_data { details } else { without_data(&details) };
    let timestamp = event.timestamp.micros() / 1_000;
    json!({
        "id": event.id.to_string(),
        "type": event.event_type(),
        "details": {},
        "previous_event_id": event.previous_event_id.to_string(),
        "event_timestamp": timestamp.to_string(),
        "execution_arn": &*record.arn,
        "redrive_count": "0",
    })
    .with("details", details)
}

/// Details without what the execution carries; errors and causes stay.
pub(super) fn without_data(details: &Value) -> Value {
    const DATA: [&str; 7] = [
        "input",
        "inputDetails",
        "output",
        "outputDetails",
        "parameters",
        "assignedVariables",
        "assignedVariablesDetails",
    ];
    let kept = details.as_object().into_iter().flatten().filter(|(key, _)| !DATA.contains(&&***key));
    Value::object(kept.map(|(key, value)| (key.clone(), value.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_let_more_and_more_through() {
        let cases = [
            ("ExecutionStarted", [true, false, false, false]),
            ("FailStateEntered", [true, true, false, false]),
            ("TaskTimedOut", [true, true, false, false]),
            ("LambdaFunctionScheduleFailed", [true, true, false, false]),
            ("ExecutionSucceeded", [true, false, false, false]),
            ("ExecutionAborted", [true, true, true, false]),
        ];
        for (event, expected) in cases {
            assert_eq!(LogLevel::NAMES.map(|(_, level)| level.takes(event)), expected, "{event}");
        }
    }

    #[test]
    fn log_groups_are_named_with_all_their_streams() {
        assert!(is_log_group("arn:aws:logs:us-east-1:123456789012:log-group:/depot/runs:*"));
        for bad in ["", "arn:aws:logs:us-east-1:123456789012:log-group:/depot/runs", "arn:aws:sqs:us-east-1:1:x"] {
            assert!(!is_log_group(bad), "{bad}");
        }
    }
}
