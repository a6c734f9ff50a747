//! The rows of the table view: one for each visit of a state.

use std::rc::Rc;

use asl::{CheckedDefinition, StateKind};
use sim_account::ExecutionRecord;
use virtual_time::{Duration, Timestamp};

use super::RunStatus;

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The visit's place among all visits, from 0.
    pub visit: usize,
    pub name: Rc<str>,
    /// As ASL writes it: `Task`.
    pub state_type: &'static str,
    pub status: RunStatus,
    /// `sqs:sendMessage.waitForTaskToken`; only Tasks have one.
    pub resource: Option<String>,
    /// Since the execution's start.
    pub started_after: Duration,
    /// Up to now while it runs.
    pub duration: Duration,
    pub retries: usize,
}

#[must_use]
pub fn steps(record: &ExecutionRecord, now: Timestamp) -> Vec<Step> {
    let definition = &record.execution.started_with().definition;
    let stopped = record.execution.stop_date();
    let step = |(visit, it): (usize, &sfn_engine::StateVisit)| Step {
        visit,
        name: it.state_name.clone(),
        state_type: definition.state(&it.state_name).map_or("", |state| state.state_type()),
        status: RunStatus::of_visit(&it.outcome),
        resource: resource(definition, &it.state_name),
        started_after: it.entered_at.since(record.started_at),
        duration: it.exited_at.or(stopped).unwrap_or(now).since(it.entered_at),
        retries: it.detail().retries.len(),
    };
    record.execution.visits().iter().enumerate().map(step).collect()
}

fn resource(definition: &CheckedDefinition, state: &str) -> Option<String> {
    let StateKind::Task(task) = &definition.state(state)?.kind else { return None };
    Some(format!("{}:{}", task.resource.resource_type(), task.resource.resource()))
}
