//! RedriveExecution: an execution that did not succeed goes on where it failed.

use std::rc::Rc;

use aws_protocol::AwsError;
use sfn_engine::{Input, Status};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use super::api::check_arn;
use super::execution_api::no_execution;
use super::validation::{Check, required};
use super::{ExecutionRecord, States};

impl States {
    pub(super) fn redrive_execution(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "executionArn")?, "execution")?;
        Check::new(params).length("clientToken", 1, 64).done()?;
        let index = self.execution_index(arn).ok_or_else(|| no_execution(arn))?;
        let record = &self.executions[index];
        let machine_is_there = self.machine(&record.state_machine_arn).is_some();
        // The same token again is the same request again.
        let token = params.get_str("clientToken");
        let newest = record.execution.redrives().last().copied();
        if let (Some(token), Some(redriven)) = (token, newest)
            && record.redrive_token.as_deref() == Some(token)
        {
            return Ok(json!({"redriveDate": redriven.epoch_seconds()}));
        }
        if let Some(reason) = record.not_redrivable(machine_is_there, now) {
            return Err(AwsError::new("ExecutionNotRedrivable", reason));
        }
        self.executions[index].redrive_token = token.map(Rc::from);
        self.handle(index, now, Input::Redrive);
        Ok(json!({"redriveDate": now.epoch_seconds()}))
    }
}

impl ExecutionRecord {
    /// Why it cannot be redriven; `None` when it can. Source: developer guide, "Redriving executions".
    #[must_use]
    pub fn not_redrivable(&self, machine_is_there: bool, now: Timestamp) -> Option<&'static str> {
        const FORTNIGHT: Duration = Duration::from_secs(14 * 24 * 3600);
        Some(match self.execution.status() {
            Status::Running => "Execution is RUNNING and cannot be redriven",
            Status::Succeeded => "Execution is SUCCEEDED and cannot be redriven",
            Status::Failed | Status::TimedOut | Status::Aborted => {
                let stopped = self.execution.stop_date().unwrap_or(now);
                if self.child_of.is_some() {
                    "Execution was started by a Map Run and can only be redriven by redriving its parent"
                } else if now.since(stopped) > FORTNIGHT {
                    "Execution redrivable period exceeded"
                } else if !self.execution.can_be_redriven() {
                    "Execution history event limit exceeded"
                } else if !machine_is_there {
                    "State machine is deleted"
                } else {
                    return None;
                }
            }
        })
    }
}
