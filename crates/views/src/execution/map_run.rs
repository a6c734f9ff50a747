//! The child executions of a distributed Map.

use std::rc::Rc;

use sfn_engine::{StateVisit, Status};
use sim_account::{Account, ExecutionRecord};
use virtual_time::{Duration, Timestamp};

use super::RunStatus;

#[derive(Clone, Debug, PartialEq)]
pub struct MapRunView {
    pub arn: Rc<str>,
    pub status: RunStatus,
    /// `10 items: 7 succeeded, 2 failed, 1 running`
    pub label: String,
    pub children: Vec<ChildRow>,
    /// Children left out.
    pub more: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChildRow {
    /// From 0.
    pub number: usize,
    pub items: usize,
    /// `None` before it starts.
    pub execution: Option<ChildExecution>,
    pub error: Option<Rc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChildExecution {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub status: RunStatus,
    pub duration: Duration,
}

/// More than anybody reads; those that failed come first then.
const MOST_CHILDREN: usize = 200;

/// The Map Run that a visit started.
#[must_use]
pub fn map_run(account: &Account, visit: &StateVisit, now: Timestamp) -> Option<MapRunView> {
    let run = account.states().map_run(visit.detail().map_run_arn.as_deref()?)?;
    let record = |child: &sim_account::Child| account.states().executions().get(child.execution?);
    let mut children: Vec<ChildRow> = run
        .children
        .iter()
        .enumerate()
        .map(|(number, child)| {
            let record = record(child);
            let execution = record.map(|record| ChildExecution {
                arn: Rc::clone(&record.arn),
                name: Rc::clone(&record.name),
                status: RunStatus::of(record.execution.status()),
                duration: record.execution.stop_date().unwrap_or(now).since(record.started_at),
            });
            let error = record.and_then(|record| record.execution.error().cloned());
            ChildRow { number, items: child.input.items, execution, error }
        })
        .collect();
    let more = children.len().saturating_sub(MOST_CHILDREN);
    if more > 0 {
        let well = |row: &ChildRow| row.execution.as_ref().is_none_or(|child| child.status == RunStatus::Succeeded);
        children.sort_by_key(|row| (well(row), row.number));
        children.truncate(MOST_CHILDREN);
    }
    Some(MapRunView { arn: Rc::clone(&run.arn), status: RunStatus::of(run.status), label: label(run), children, more })
}

fn label(run: &sim_account::MapRun) -> String {
    let words = [
        (Status::Succeeded, "succeeded"),
        (Status::Failed, "failed"),
        (Status::TimedOut, "timed out"),
        (Status::Aborted, "aborted"),
    ];
    let mut told = 0;
    let mut parts = Vec::new();
    for (status, word) in words {
        let count = run.items_with(status);
        told += count;
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let (all, left) = (run.items(), run.items().saturating_sub(told));
    if left > 0 {
        parts.push(format!("{left} {}", if run.status == Status::Running { "to go" } else { "given up" }));
    }
    let noun = if all == 1 { "item" } else { "items" };
    if parts.is_empty() { format!("{all} {noun}") } else { format!("{all} {noun}: {}", parts.join(", ")) }
}

/// The child executions that a visit started, by their number.
pub(crate) fn children<'a>(account: &'a Account, visit: &StateVisit) -> impl Iterator<Item = &'a ExecutionRecord> {
    let run = visit.detail().map_run_arn.as_deref().and_then(|arn| account.states().map_run(arn));
    let executions = account.states().executions();
    run.into_iter().flat_map(|run| &run.children).filter_map(|child| executions.get(child.execution?))
}
