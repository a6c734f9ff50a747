//! Map runs: the registry of what Distributed Map states do, and the API that looks at it.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::States;
use super::api::{check_arn, check_prefix};
use super::validation::{Check, TOKEN_CHARACTERS, listed, required};

/// A map run as the API tells it. Whoever runs it keeps it up to date.
#[derive(Clone, Debug, Default)]
pub struct MapRun {
    pub arn: Rc<str>,
    /// The execution whose Map state it is.
    pub execution_arn: Rc<str>,
    /// `…:stateMachine:NAME/LABEL`, under which the child executions run.
    pub state_machine_arn: Rc<str>,
    pub status: MapRunStatus,
    pub started_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub max_concurrency: u64,
    pub tolerated_failure_percentage: f64,
    pub tolerated_failure_count: u64,
    pub items: MapRunCounts,
    pub executions: MapRunCounts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapRunStatus {
    #[default]
    Running,
    Succeeded,
    Failed,
    Aborted,
}

/// How many items, or child executions, are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MapRunCounts {
    pub pending: u64,
    pub running: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub timed_out: u64,
    pub aborted: u64,
    pub total: u64,
    pub results_written: u64,
}

impl MapRunStatus {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MapRunStatus::Running => "RUNNING",
            MapRunStatus::Succeeded => "SUCCEEDED",
            MapRunStatus::Failed => "FAILED",
            MapRunStatus::Aborted => "ABORTED",
        }
    }
}

impl MapRunCounts {
    fn to_value(self) -> Value {
        json!({
            "pending": self.pending, "running": self.running, "succeeded": self.succeeded, "failed": self.failed,
            "timedOut": self.timed_out, "aborted": self.aborted, "total": self.total,
            "resultsWritten": self.results_written,
        })
    }
}

impl States {
    /// All map runs in the order of their start.
    pub fn map_runs(&self) -> impl ExactSizeIterator<Item = &MapRun> {
        self.map_runs.values()
    }

    /// Registers a map run that starts.
    pub fn add_map_run(&mut self, map_run: MapRun) {
        self.map_runs.insert(map_run.arn.clone(), map_run);
    }

    /// The map run, for whoever runs it.
    pub fn map_run_mut(&mut self, arn: &str) -> Option<&mut MapRun> {
        self.map_runs.get_mut(arn)
    }

    pub(super) fn describe_map_run(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "mapRunArn")?)?;
        let run = self.map_runs.get(arn).ok_or_else(|| no_map_run(arn))?;
        let answer = json!({
            "mapRunArn": &*run.arn, "executionArn": &*run.execution_arn, "status": run.status.name(),
            "startDate": run.started_at.epoch_seconds(), "maxConcurrency": run.max_concurrency,
            "toleratedFailurePercentage": run.tolerated_failure_percentage,
            "toleratedFailureCount": run.tolerated_failure_count, "redriveCount": 0,
        });
        let answer = answer.with("itemCounts", run.items.to_value()).with("executionCounts", run.executions.to_value());
        Ok(stopped(run, answer))
    }

    pub(super) fn list_map_runs(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        if self.execution(arn).is_none() {
            return Err(super::execution_api::no_execution(arn));
        }
        let runs: Vec<&MapRun> = self.map_runs.values().rev().filter(|run| &*run.execution_arn == arn).collect();
        listed("mapRuns", &runs, params, TOKEN_CHARACTERS, |run| {
            let row = json!({
                "executionArn": &*run.execution_arn, "mapRunArn": &*run.arn,
                "stateMachineArn": &*run.state_machine_arn, "startDate": run.started_at.epoch_seconds(),
            });
            stopped(run, row)
        })
    }

    /// What is not given stays; a map run that has ended keeps its settings.
    pub(super) fn update_map_run(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "mapRunArn")?)?;
        let mut check = Check::new(params);
        check.range("maxConcurrency", 0, i64::MAX).range("toleratedFailurePercentage", 0, 100);
        check.range("toleratedFailureCount", 0, i64::MAX).done()?;
        let run = self.map_runs.get_mut(arn).ok_or_else(|| no_map_run(arn))?;
        if run.status != MapRunStatus::Running {
            return Ok(json!({}));
        }
        let count = |key: &str| params.get(key).and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok());
        run.max_concurrency = count("maxConcurrency").unwrap_or(run.max_concurrency);
        run.tolerated_failure_count = count("toleratedFailureCount").unwrap_or(run.tolerated_failure_count);
        if let Some(percentage) = params.get("toleratedFailurePercentage").and_then(Value::as_f64) {
            run.tolerated_failure_percentage = percentage;
        }
        Ok(json!({}))
    }
}

fn stopped(run: &MapRun, answer: Value) -> Value {
    match run.stopped_at {
        Some(at) => answer.with("stopDate", at.epoch_seconds().into()),
        None => answer,
    }
}

fn no_map_run(arn: &str) -> AwsError {
    AwsError::new("ResourceNotFound", format!("Resource not found: '{arn}'"))
}
