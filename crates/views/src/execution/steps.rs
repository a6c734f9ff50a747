//! The rows of the table view: a tree of visits, and below each Parallel and Map its branches and iterations.

use std::collections::BTreeMap;
use std::rc::Rc;

use asl::{CheckedDefinition, StateKind};
use sfn_engine::{StateVisit, VisitOutcome};
use sim_account::ExecutionRecord;
use virtual_time::{Duration, Timestamp};

use super::RunStatus;
use super::nesting::{self, Parts};

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub row: StepRow,
    /// 0 at the top; a branch or iteration is one deeper than its state.
    pub depth: usize,
    /// The state's name, `Branch 0` or `#3`.
    pub name: Rc<str>,
    /// As ASL writes it: `Task`; `Branch` and `Iteration` for what is not a state.
    pub row_type: &'static str,
    pub status: RunStatus,
    /// `sqs:sendMessage.waitForTaskToken`; only Tasks have one.
    pub resource: Option<String>,
    /// Since the execution's start.
    pub started_after: Duration,
    /// Up to now while it runs.
    pub duration: Duration,
    pub retries: usize,
    /// Whether the rows inside follow; `None` when there are none.
    pub open: Option<bool>,
    /// Branches or iterations below this row that are left out, because they are too many.
    pub more: usize,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepRow {
    /// The visit's place among all visits, from 0.
    Visit(usize),
    /// A branch or iteration of that visit.
    Part { visit: usize, index: usize },
}

/// The rows that somebody opened or closed; the others are as it suits them.
pub type Opened = BTreeMap<StepRow, bool>;

/// A Map with more iterations starts closed.
const OPEN_MAP: usize = 30;
/// Iterations of a Map with more of them start closed, unless they failed or run.
const OPEN_ITERATIONS: usize = 4;
const MOST_PARTS: usize = 200;

#[must_use]
pub fn steps(record: &ExecutionRecord, now: Timestamp, opened: &Opened) -> Vec<Step> {
    let visits = record.execution.visits();
    let table = Table {
        record,
        visits,
        definition: &record.execution.started_with().definition,
        parts: nesting::parts(visits),
        end: record.execution.stop_date().unwrap_or(now),
        opened,
    };
    let mut rows = Vec::new();
    for (index, visit) in visits.iter().enumerate() {
        if visit.within.is_none() {
            table.visit(index, visit, 0, &mut rows);
        }
    }
    rows
}

struct Table<'a> {
    record: &'a ExecutionRecord,
    visits: &'a [StateVisit],
    definition: &'a CheckedDefinition,
    parts: BTreeMap<usize, Parts>,
    end: Timestamp,
    opened: &'a Opened,
}

impl Table<'_> {
    fn visit(&self, index: usize, visit: &StateVisit, depth: usize, rows: &mut Vec<Step>) {
        let state = self.definition.state(&visit.state_name);
        let row = StepRow::Visit(index);
        let parts = self.parts.get(&index);
        let open = parts.map(|parts| self.is_open(row, parts.len() <= OPEN_MAP));
        rows.push(Step {
            row,
            depth,
            name: Rc::clone(&visit.state_name),
            row_type: state.map_or("", |state| state.state_type()),
            status: RunStatus::of_visit(&visit.outcome),
            resource: resource(self.definition, &visit.state_name),
            started_after: visit.entered_at.since(self.record.started_at),
            duration: visit.exited_at.unwrap_or(self.end).since(visit.entered_at),
            retries: visit.detail().retries.len(),
            open,
            more: if open == Some(true) { parts.map_or(0, |parts| parts.len().saturating_sub(MOST_PARTS)) } else { 0 },
        });
        for (part, inner) in parts.filter(|_| open == Some(true)).into_iter().flatten().take(MOST_PARTS) {
            self.part(index, *part, inner, depth + 1, rows);
        }
    }

    fn part(&self, container: usize, index: usize, inner: &[usize], depth: usize, rows: &mut Vec<Step>) {
        let Some(around) = self.visits.get(container) else { return };
        let state = self.definition.state(&around.state_name);
        let is_map = matches!(state.map(|state| &state.kind), Some(StateKind::Map(_)));
        let few = !is_map || self.parts.get(&container).is_none_or(|parts| parts.len() <= OPEN_ITERATIONS);
        let row = StepRow::Part { visit: container, index };
        let visits = || inner.iter().filter_map(|index| Some((*index, self.visits.get(*index)?)));
        let (Some((_, first)), Some((_, last))) = (visits().next(), visits().next_back()) else { return };
        let status = part_status(around, last);
        let open = self.is_open(row, few || status != RunStatus::Succeeded);
        let ended = visits().filter_map(|(_, visit)| visit.exited_at).max().filter(|_| !status.is_open());
        rows.push(Step {
            row,
            depth,
            name: if is_map { format!("#{index}").into() } else { format!("Branch {index}").into() },
            row_type: if is_map { "Iteration" } else { "Branch" },
            status,
            resource: None,
            started_after: first.entered_at.since(self.record.started_at),
            duration: ended.unwrap_or(self.end).since(first.entered_at),
            retries: 0,
            open: Some(open),
            more: 0,
        });
        if open {
            for (index, visit) in visits() {
                self.visit(index, visit, depth + 1, rows);
            }
        }
    }

    fn is_open(&self, row: StepRow, by_itself: bool) -> bool {
        self.opened.get(&row).copied().unwrap_or(by_itself)
    }
}

/// What became of a branch or iteration, by the last state that it reached.
fn part_status(around: &StateVisit, last: &StateVisit) -> RunStatus {
    match RunStatus::of_visit(&last.outcome) {
        RunStatus::Succeeded | RunStatus::CaughtError if last.next.is_none() => RunStatus::Succeeded,
        // Between two states.
        RunStatus::Succeeded | RunStatus::CaughtError => match around.outcome {
            VisitOutcome::InProgress => RunStatus::InProgress,
            _ => RunStatus::Aborted,
        },
        RunStatus::Retrying | RunStatus::WaitingForCallback => RunStatus::InProgress,
        status => status,
    }
}

fn resource(definition: &CheckedDefinition, state: &str) -> Option<String> {
    let StateKind::Task(task) = &definition.state(state)?.kind else { return None };
    Some(format!("{}:{}", task.resource.resource_type(), task.resource.resource()))
}
