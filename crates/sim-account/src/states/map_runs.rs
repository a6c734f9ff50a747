//! Map Runs: the child executions of distributed Maps, which of them run, and when the run as a whole is over.

use std::rc::Rc;

use sfn_engine::{ChildInput, ErrorOutput, MapRunRequest, Status, TaskId};
use shared_json::Value;
use virtual_time::Timestamp;

use super::States;

/// Children that run at a time when `MaxConcurrency` sets no limit. AWS allows 10,000.
const MOST_CHILDREN: u64 = 10_000;

/// One run of a distributed Map.
#[derive(Debug)]
pub struct MapRun {
    pub arn: Rc<str>,
    /// Index of the parent in `States::executions`.
    pub execution: usize,
    pub task: TaskId,
    pub request: Rc<MapRunRequest>,
    pub status: Status,
    pub started_at: Timestamp,
    pub stopped_at: Option<Timestamp>,
    pub max_concurrency: u64,
    pub tolerated_failure_count: Option<u64>,
    pub tolerated_failure_percentage: Option<f64>,
    /// One by one, in the order of the items.
    pub children: Vec<Child>,
    pub(crate) next: usize,
    pub(crate) running: u64,
    /// Objects that `ResultWriter` still has to write, and the output that follows.
    pub(crate) writing: Vec<(String, String)>,
    pub(crate) output: Option<Value>,
}

#[derive(Debug)]
pub struct Child {
    pub input: ChildInput,
    /// Index in `States::executions`, once it is started.
    pub execution: Option<usize>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub status: Status,
    pub result: Result<Value, ErrorOutput>,
}

impl MapRun {
    pub(crate) fn new(execution: usize, request: MapRunRequest, now: Timestamp) -> MapRun {
        MapRun {
            arn: Rc::clone(&request.map_run_arn),
            execution,
            task: request.task,
            status: Status::Running,
            started_at: now,
            stopped_at: None,
            max_concurrency: request.max_concurrency,
            tolerated_failure_count: request.tolerated_failure_count,
            tolerated_failure_percentage: request.tolerated_failure_percentage,
            children: Vec::new(),
            next: 0,
            running: 0,
            writing: Vec::new(),
            output: None,
            request: Rc::new(request),
        }
    }

    /// Whether another child may start now.
    pub(crate) fn may_start(&self) -> bool {
        let most = if self.max_concurrency == 0 { MOST_CHILDREN } else { self.max_concurrency.min(MOST_CHILDREN) };
        self.status == Status::Running && self.next < self.children.len() && self.running < most
    }

    /// So many items with an outcome of this status.
    #[must_use]
    pub fn items_with(&self, status: Status) -> u64 {
        let ended = self.children.iter().filter(|child| child.outcome.as_ref().is_some_and(|o| o.status == status));
        ended.map(|child| child.input.items as u64).sum()
    }

    #[must_use]
    pub fn items(&self) -> u64 {
        self.children.iter().map(|child| child.input.items as u64).sum()
    }

    /// Whether more items failed than the Map tolerates: none, unless a count or a percentage says otherwise.
    pub(crate) fn failed_too_often(&self) -> bool {
        let failed = self.items_with(Status::Failed) + self.items_with(Status::TimedOut);
        let percentage = failed as f64 * 100.0 / (self.items().max(1) as f64);
        match (self.tolerated_failure_count, self.tolerated_failure_percentage) {
            (None, None) => failed > 0,
            (count, most) => count.is_some_and(|count| failed > count) || most.is_some_and(|most| percentage > most),
        }
    }

    /// `…:stateMachine:NAME/LABEL`, under which the children run.
    #[must_use]
    pub fn state_machine_arn(&self) -> String {
        let run = self.arn.rsplit_once(':').map_or(&*self.arn, |(run, _)| run);
        run.replacen(":mapRun:", ":stateMachine:", 1)
    }

    /// Every child has ended.
    pub(crate) fn is_through(&self) -> bool {
        self.next >= self.children.len() && self.running == 0
    }

    /// What the children gave, in the order of the items.
    pub(crate) fn results(&self) -> Value {
        let ended = self.children.iter().filter_map(|child| child.outcome.as_ref());
        Value::array(ended.filter_map(|outcome| outcome.result.as_ref().ok().cloned()).collect())
    }
}

impl States {
    /// All Map Runs, oldest first.
    pub fn map_runs(&self) -> impl ExactSizeIterator<Item = &MapRun> {
        self.map_runs.values()
    }

    #[must_use]
    pub fn map_run(&self, arn: &str) -> Option<&MapRun> {
        self.map_runs.get(arn)
    }

    pub(crate) fn map_run_of_task(&self, execution: usize, task: TaskId) -> Option<Rc<str>> {
        let run = self.map_runs.values().rev().find(|run| run.execution == execution && run.task == task)?;
        (run.status == Status::Running).then(|| Rc::clone(&run.arn))
    }
}
