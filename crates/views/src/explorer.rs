//! All that there is in the account, with counts: state machines and their executions, queues, functions, roles.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::functions::trigger_label;
use lambda_sim::MappingState;
use sfn_engine::{Execution, StateVisit, Status, VisitOutcome};
use sim_account::{Account, ExecutionRecord};
use virtual_time::Duration;

/// What an execution looks like from afar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    Running,
    WaitingForCallback,
    Retrying,
    Succeeded,
    /// Succeeded after a catcher took an error.
    CaughtError,
    Failed,
    TimedOut,
    Aborted,
}

impl RunStatus {
    #[must_use]
    pub fn of(execution: &Execution) -> RunStatus {
        let visits = execution.visits();
        match execution.status() {
            Status::Running => running(visits),
            Status::Succeeded => {
                let caught = visits.iter().any(|visit| matches!(visit.outcome, VisitOutcome::CaughtError { .. }));
                if caught { RunStatus::CaughtError } else { RunStatus::Succeeded }
            }
            Status::Failed => RunStatus::Failed,
            Status::TimedOut => RunStatus::TimedOut,
            Status::Aborted => RunStatus::Aborted,
        }
    }

    /// AWS's words; ours where AWS has none.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            RunStatus::Running => "Running",
            RunStatus::WaitingForCallback => "Waiting for callback",
            RunStatus::Retrying => "Retrying",
            RunStatus::Succeeded => "Succeeded",
            RunStatus::CaughtError => "Succeeded · caught error",
            RunStatus::Failed => "Failed",
            RunStatus::TimedOut => "Timed out",
            RunStatus::Aborted => "Aborted",
        }
    }
}

/// It waits only when nothing goes on in any branch or iteration.
fn running(visits: &[StateVisit]) -> RunStatus {
    let mut status = None;
    // Parallels and Maps run as long as what is inside them.
    let mut around = BTreeSet::new();
    for (index, visit) in visits.iter().enumerate().rev() {
        around.extend(visit.within.map(|within| within.visit));
        status = match visit.outcome {
            VisitOutcome::InProgress if !around.contains(&index) => return RunStatus::Running,
            VisitOutcome::Retrying { .. } => Some(RunStatus::Retrying),
            VisitOutcome::WaitingForCallback => status.or(Some(RunStatus::WaitingForCallback)),
            _ => status,
        };
    }
    status.unwrap_or(RunStatus::Running)
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExplorerView {
    pub machines: Vec<MachineNode>,
    pub queues: Vec<QueueNode>,
    pub functions: Vec<FunctionNode>,
    pub roles: Vec<Rc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MachineNode {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    /// All of them; `newest` holds the last few, newest first.
    pub executions: usize,
    pub running: usize,
    /// It starts nothing any more.
    pub deleting: bool,
    pub newest: Vec<ExecutionNode>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionNode {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub status: RunStatus,
    /// `running`, or how long it took.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QueueNode {
    pub name: String,
    pub available: usize,
    pub in_flight: usize,
    pub delayed: usize,
    /// `3`, `3 · 1 in flight`, or nothing.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FunctionNode {
    pub name: Rc<str>,
    /// `trigger on`, `trigger off`, `trigger creating`, or nothing.
    pub note: String,
    pub running: usize,
}

/// The tree; each machine with its newest `executions`.
#[must_use]
pub fn view(account: &Account, executions: usize) -> ExplorerView {
    let machines = account.states().machines().map(|machine| {
        let of_machine = || account.states().executions().iter().filter(|e| e.state_machine_arn == machine.arn);
        MachineNode {
            arn: machine.arn.clone(),
            name: machine.name.clone(),
            executions: of_machine().count(),
            running: of_machine().filter(|e| e.execution.status() == Status::Running).count(),
            deleting: machine.deleting,
            newest: of_machine().rev().take(executions).map(execution_node).collect(),
        }
    });
    let queues = account.queues().queues().map(|queue| {
        let (available, in_flight, delayed) = (queue.available_count(), queue.in_flight_count(), queue.delayed_count());
        let parts = [(available, ""), (in_flight, " in flight"), (delayed, " delayed")];
        let parts: Vec<String> = parts.iter().filter(|p| p.0 > 0).map(|(n, word)| format!("{n}{word}")).collect();
        QueueNode { name: queue.name().to_owned(), available, in_flight, delayed, note: parts.join(" · ") }
    });
    let functions = account.functions().functions().map(|function| {
        let running = account.functions().invocations().rev().take(500);
        FunctionNode {
            name: function.name.clone(),
            note: trigger_note(account, &function.name),
            running: running.filter(|i| i.function == function.name && !i.is_finished()).count(),
        }
    });
    ExplorerView {
        machines: machines.collect(),
        queues: queues.collect(),
        functions: functions.collect(),
        roles: account.iam().roles().map(|role| Rc::from(role.name())).collect(),
    }
}

fn execution_node(record: &ExecutionRecord) -> ExecutionNode {
    let status = RunStatus::of(&record.execution);
    let note = match record.execution.stop_date() {
        Some(stopped) => stopped.since(record.started_at).to_string(),
        None if status == RunStatus::WaitingForCallback => "waiting".to_owned(),
        None => "running".to_owned(),
    };
    ExecutionNode { arn: record.arn.clone(), name: record.name.clone(), status, note }
}

fn trigger_note(account: &Account, function: &str) -> String {
    let mut mappings = account.functions().mappings().filter(|mapping| &*mapping.function_name == function);
    let Some(first) = mappings.next() else { return String::new() };
    let state = match first.state {
        MappingState::Enabled => "on".to_owned(),
        MappingState::Disabled => "off".to_owned(),
        other => other.as_str().to_lowercase(),
    };
    let state = match trigger_label(first.state.as_str(), first.last_processing_result.as_deref()) {
        label @ ("Denied" | "Failing") => label.to_lowercase(),
        _ => state,
    };
    match mappings.count() {
        0 => format!("trigger {state}"),
        more => format!("{} triggers", more + 1),
    }
}

/// How long ago, for lists: `0 ms ago` reads as `now`.
#[must_use]
pub fn ago(span: Duration) -> String {
    if span < Duration::from_millis(100) { "now".to_owned() } else { format!("{span} ago") }
}
