//! Map Runs: the child executions of distributed Maps, which of them run, and when the run as a whole is over.

use std::rc::Rc;

use sfn_engine::{ChildInput, ErrorOutput, MapRunRequest, Status, TaskId};
use shared_json::Value;
use virtual_time::Timestamp;

use super::States;
use super::reading::Reading;

/// Children of one run that run at a time, whatever `MaxConcurrency` says. AWS allows 10,000; a page has less memory.
const MOST_CHILDREN: u64 = 1_000;

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
    /// Children that a redrive starts again, the next one last.
    again: Vec<usize>,
    next: usize,
    /// When it was redriven, oldest first.
    pub redrives: Vec<Timestamp>,
    pub(crate) reading: Reading,
    total: Tally,
    started: Tally,
    ended: [(Status, Tally); 4],
    /// Objects that `ResultWriter` still has to write, and the output that follows.
    pub(crate) writing: Vec<(String, String)>,
    pub(crate) output: Option<Value>,
}

/// A number of children, and of the items they work on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) children: u64,
    pub(crate) items: u64,
}

impl Tally {
    fn add(&mut self, items: usize) {
        self.children += 1;
        self.items += items as u64;
    }

    fn take(&mut self, items: usize) {
        *self = self.less(Tally { children: 1, items: items as u64 });
    }

    fn less(self, other: Tally) -> Tally {
        Tally { children: self.children.saturating_sub(other.children), items: self.items.saturating_sub(other.items) }
    }
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
            again: Vec::new(),
            next: 0,
            redrives: Vec::new(),
            reading: Reading::default(),
            total: Tally::default(),
            started: Tally::default(),
            ended: [Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted]
                .map(|status| (status, Tally::default())),
            writing: Vec::new(),
            output: None,
            request: Rc::new(request),
        }
    }

    pub(crate) fn set_children(&mut self, children: Vec<ChildInput>) {
        for child in &children {
            self.total.add(child.items);
        }
        self.children = children.into_iter().map(|input| Child { input, execution: None, outcome: None }).collect();
    }

    /// The number of the child that starts next; it counts as started.
    pub(crate) fn take_next(&mut self) -> Option<usize> {
        let again = self.again.pop();
        let number = again.unwrap_or(self.next);
        self.started.add(self.children.get(number)?.input.items);
        if again.is_none() {
            self.next += 1;
        }
        Some(number)
    }

    /// Goes on: the children that did not succeed are to start again.
    pub(crate) fn redrive(&mut self, now: Timestamp) {
        self.status = Status::Running;
        self.stopped_at = None;
        self.redrives.push(now);
        self.writing.clear();
        self.output = None;
        for (number, child) in self.children.iter_mut().enumerate().rev() {
            let Some(outcome) = child.outcome.take_if(|outcome| outcome.status != Status::Succeeded) else { continue };
            self.again.push(number);
            self.started.take(child.input.items);
            if let Some((_, tally)) = self.ended.iter_mut().find(|(status, _)| *status == outcome.status) {
                tally.take(child.input.items);
            }
        }
    }

    pub(crate) fn end_child(&mut self, number: usize, outcome: Outcome) {
        let Some(child) = self.children.get_mut(number).filter(|child| child.outcome.is_none()) else { return };
        if let Some((_, tally)) = self.ended.iter_mut().find(|(status, _)| *status == outcome.status) {
            tally.add(child.input.items);
        }
        child.outcome = Some(outcome);
    }

    pub(crate) fn total(&self) -> Tally {
        self.total
    }

    pub(crate) fn pending(&self) -> Tally {
        self.total.less(self.started)
    }

    pub(crate) fn running(&self) -> Tally {
        self.ended.iter().fold(self.started, |running, (_, tally)| running.less(*tally))
    }

    pub(crate) fn ended(&self, status: Status) -> Tally {
        self.ended.iter().find(|(ended, _)| *ended == status).map(|(_, tally)| *tally).unwrap_or_default()
    }

    fn has_waiting(&self) -> bool {
        self.next < self.children.len() || !self.again.is_empty()
    }

    /// Whether another child may start now.
    pub(crate) fn may_start(&self) -> bool {
        let most = if self.max_concurrency == 0 { MOST_CHILDREN } else { self.max_concurrency.min(MOST_CHILDREN) };
        self.status == Status::Running && self.has_waiting() && self.running().children < most
    }

    /// So many items with an outcome of this status.
    #[must_use]
    pub fn items_with(&self, status: Status) -> u64 {
        self.ended(status).items
    }

    #[must_use]
    pub fn items(&self) -> u64 {
        self.total.items
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
        !self.has_waiting() && self.running().children == 0
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

    /// The Map Run that a state waits for.
    pub(crate) fn map_run_of_task(&self, execution: usize, task: TaskId) -> Option<Rc<str>> {
        self.map_run_tasks.get(&(execution, task)).cloned()
    }

    /// A state waits for its Map Run again.
    pub(crate) fn redrive_map_run(&mut self, execution: usize, task: TaskId, now: Timestamp) -> Option<Rc<str>> {
        let run = self.map_runs.values_mut().find(|run| (run.execution, run.task) == (execution, task))?;
        run.redrive(now);
        self.map_run_tasks.insert((execution, task), Rc::clone(&run.arn));
        Some(Rc::clone(&run.arn))
    }

    pub(crate) fn add_map_run(&mut self, run: MapRun) {
        self.map_run_tasks.insert((run.execution, run.task), Rc::clone(&run.arn));
        self.map_runs.insert(Rc::clone(&run.arn), run);
    }
}
