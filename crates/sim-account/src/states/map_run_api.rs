//! The API that looks at Map Runs and changes their limits.

use aws_protocol::AwsError;
use sfn_engine::Status;
use shared_json::{Value, json};

use super::States;
use super::api::{check_arn, check_prefix};
use super::map_runs::{MapRun, Tally};
use super::validation::{Check, TOKEN_CHARACTERS, listed, required};
use crate::Account;

impl Account {
    /// A higher `maxConcurrency` lets more children start at once.
    pub(super) fn update_map_run(&mut self, params: &Value) -> Result<Value, AwsError> {
        let answer = self.states.update_map_run(params)?;
        self.start_waiting_children(params.get_str("mapRunArn").unwrap_or_default());
        Ok(answer)
    }
}

impl States {
    pub(super) fn describe_map_run(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "mapRunArn")?)?;
        let run = self.map_runs.get(arn).ok_or_else(|| no_map_run(arn))?;
        let answer = json!({
            "mapRunArn": &*run.arn, "executionArn": &*self.executions[run.execution].arn, "status": run.status.name(),
            "startDate": run.started_at.epoch_seconds(), "maxConcurrency": run.max_concurrency,
            "toleratedFailurePercentage": run.tolerated_failure_percentage.unwrap_or_default(),
            "toleratedFailureCount": run.tolerated_failure_count.unwrap_or_default(), "redriveCount": run.redrives.len(),
        });
        let answer = answer
            .with("itemCounts", counts(run, |tally| tally.items))
            .with("executionCounts", counts(run, |tally| tally.children));
        let answer = match run.redrives.last() {
            Some(at) => answer.with("redriveDate", at.epoch_seconds().into()),
            None => answer,
        };
        Ok(stopped(run, answer))
    }

    pub(super) fn list_map_runs(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        let index = self.execution_index(arn).ok_or_else(|| super::execution_api::no_execution(arn))?;
        let runs: Vec<&MapRun> = self.map_runs.values().rev().filter(|run| run.execution == index).collect();
        listed("mapRuns", &runs, params, TOKEN_CHARACTERS, |run| {
            let row = json!({
                "executionArn": arn, "mapRunArn": &*run.arn,
                "stateMachineArn": run.state_machine_arn(), "startDate": run.started_at.epoch_seconds(),
            });
            stopped(run, row)
        })
    }

    /// What is not given stays; a map run that has ended keeps its settings.
    fn update_map_run(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_prefix(required(params, "mapRunArn")?)?;
        let mut check = Check::new(params);
        check.range("maxConcurrency", 0, i64::MAX).range("toleratedFailurePercentage", 0, 100);
        check.range("toleratedFailureCount", 0, i64::MAX).done()?;
        let run = self.map_runs.get_mut(arn).ok_or_else(|| no_map_run(arn))?;
        if run.status != Status::Running {
            return Ok(json!({}));
        }
        let count = |key: &str| params.get(key).and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok());
        run.max_concurrency = count("maxConcurrency").unwrap_or(run.max_concurrency);
        run.tolerated_failure_count = count("toleratedFailureCount").or(run.tolerated_failure_count);
        let percentage = params.get("toleratedFailurePercentage").and_then(Value::as_f64);
        run.tolerated_failure_percentage = percentage.or(run.tolerated_failure_percentage);
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

/// Items or child executions by what became of them.
fn counts(run: &MapRun, of: impl Fn(Tally) -> u64) -> Value {
    let ended = |status: Status| of(run.ended(status));
    let written = if run.status == Status::Running { 0 } else { ended(Status::Succeeded) + ended(Status::Failed) };
    json!({
        "pending": of(run.pending()), "running": of(run.running()),
        "succeeded": ended(Status::Succeeded), "failed": ended(Status::Failed), "timedOut": ended(Status::TimedOut),
        "aborted": ended(Status::Aborted), "total": of(run.total()), "resultsWritten": written,
    })
}
