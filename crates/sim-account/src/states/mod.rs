//! Step Functions: state machines, their executions and the task tokens between them and the world.
//!
//! One execution is a machine of its own (`sfn-engine`); this is the registry around them and the API.

mod api;
mod execution_api;
mod machine_api;
mod map_runs;
mod test_state;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use asl::CheckedDefinition;
use indexmap::IndexMap;
use sfn_engine::{Effect, Execution, ExecutionStart, Input, Limits, MapItem, Status, TaskId, TaskRequest};
use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use crate::AccountOptions;
use crate::random::Random;
pub use map_runs::{Child, MapRun, Outcome};
pub use tokens::PendingCallback;
pub(crate) use tokens::Tokens;

/// A state machine as CreateStateMachine made it.
#[derive(Clone, Debug)]
pub struct StateMachine {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    /// The definition's text, exactly as it was sent.
    pub definition: Rc<str>,
    pub checked: Rc<CheckedDefinition>,
    pub role_arn: Rc<str>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub revision_id: Option<String>,
    /// True once DeleteStateMachine was called while executions still run.
    pub deleting: bool,
}

/// An execution with what it was started from.
#[derive(Debug)]
pub struct ExecutionRecord {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub state_machine_arn: Rc<str>,
    pub state_machine_name: Rc<str>,
    /// The definition that this execution runs, whatever the state machine became since.
    pub definition: Rc<str>,
    pub role_arn: Rc<str>,
    /// The input's text, exactly as it was sent.
    pub input: Rc<str>,
    pub started_at: Timestamp,
    pub execution: Execution,
    /// The Map Run that this is a child of.
    pub child_of: Option<ChildOf>,
    wakeup: Option<Timestamp>,
    tasks: BTreeMap<TaskId, TaskRequest>,
}

/// A child's place in its Map Run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildOf {
    pub map_run_arn: Rc<str>,
    pub number: usize,
}

/// What an execution is made of.
#[derive(Debug)]
pub(crate) struct NewExecution {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub state_machine_arn: Rc<str>,
    pub state_machine_name: Rc<str>,
    pub definition: Rc<str>,
    pub checked: Rc<CheckedDefinition>,
    pub role_arn: Rc<str>,
    pub input: Rc<str>,
    pub item: Option<Rc<MapItem>>,
    pub child_of: Option<ChildOf>,
}

/// The registry.
#[derive(Debug)]
pub struct States {
    account_id: String,
    region: String,
    transition: Duration,
    random: Random,
    machines: IndexMap<Rc<str>, StateMachine, rustc_hash::FxBuildHasher>,
    executions: Vec<ExecutionRecord>,
    by_arn: BTreeMap<Rc<str>, usize>,
    wakeups: BTreeSet<(Timestamp, usize)>,
    pub(crate) tokens: Tokens,
    effects: VecDeque<(usize, Effect)>,
    /// The tests that still run, by the index of their execution.
    tests: BTreeMap<usize, test_state::OpenTest>,
    pub(crate) map_runs: IndexMap<Rc<str>, MapRun, rustc_hash::FxBuildHasher>,
}

impl States {
    pub(crate) fn new(options: &AccountOptions, seed: u64) -> Self {
        States {
            account_id: options.account_id.clone(),
            region: options.region.clone(),
            transition: options.latencies.transition,
            random: Random::new(seed),
            machines: IndexMap::default(),
            executions: Vec::new(),
            by_arn: BTreeMap::new(),
            wakeups: BTreeSet::new(),
            tokens: Tokens::default(),
            effects: VecDeque::new(),
            tests: BTreeMap::new(),
            map_runs: IndexMap::default(),
        }
    }

    /// All state machines in the order of their making.
    pub fn machines(&self) -> impl ExactSizeIterator<Item = &StateMachine> {
        self.machines.values()
    }

    #[must_use]
    pub fn machine(&self, arn: &str) -> Option<&StateMachine> {
        self.machines.get(arn)
    }

    /// All executions, oldest first.
    #[must_use]
    pub fn executions(&self) -> &[ExecutionRecord] {
        &self.executions
    }

    #[must_use]
    pub fn execution(&self, arn: &str) -> Option<&ExecutionRecord> {
        self.by_arn.get(arn).map(|index| &self.executions[*index])
    }

    pub(crate) fn execution_index(&self, arn: &str) -> Option<usize> {
        self.by_arn.get(arn).copied()
    }

    /// Makes an execution and starts it; gives its index.
    pub(crate) fn add_execution(&mut self, new: NewExecution, now: Timestamp) -> usize {
        let execution = Execution::new(ExecutionStart {
            execution_arn: Rc::clone(&new.arn),
            name: Rc::clone(&new.name),
            state_machine_arn: Rc::clone(&new.state_machine_arn),
            state_machine_name: Rc::clone(&new.state_machine_name),
            role_arn: Rc::clone(&new.role_arn),
            input_text: Rc::clone(&new.input),
            definition: new.checked,
            seed: self.random.next(),
            transition: self.transition,
            limits: Limits::default(),
            context: None,
            variables: None,
            item: new.item,
        });
        let index = self.executions.len();
        self.by_arn.insert(Rc::clone(&new.arn), index);
        self.executions.push(ExecutionRecord {
            arn: new.arn,
            name: new.name,
            state_machine_arn: new.state_machine_arn,
            state_machine_name: new.state_machine_name,
            definition: new.definition,
            role_arn: new.role_arn,
            input: new.input,
            started_at: now,
            execution,
            child_of: new.child_of,
            wakeup: None,
            tasks: BTreeMap::new(),
        });
        self.handle(index, now, Input::Start);
        index
    }

    pub(crate) fn random_uuid(&mut self) -> String {
        self.random.uuid()
    }

    pub(crate) fn next_wakeup(&self) -> Option<Timestamp> {
        self.wakeups.first().map(|(at, _)| *at)
    }

    /// Wakes the one execution whose turn it is.
    pub(crate) fn handle_wakeup(&mut self, now: Timestamp) {
        if let Some((_, index)) = self.wakeups.pop_first() {
            self.executions[index].wakeup = None;
            self.executions[index].execution.handle_wakeup(now);
            self.after(index, now);
        }
    }

    /// Gives an execution an input.
    pub(crate) fn handle(&mut self, index: usize, now: Timestamp, input: Input) {
        self.executions[index].execution.handle(now, input);
        self.after(index, now);
    }

    fn after(&mut self, index: usize, now: Timestamp) {
        let record = &mut self.executions[index];
        while let Some(effect) = record.execution.poll_effect() {
            match &effect {
                Effect::ScheduleTask(request) => {
                    if let Some(token) = &request.task_token {
                        self.tokens.issue(token.clone(), index, request.task, now);
                    }
                    record.tasks.insert(request.task, request.clone());
                }
                Effect::CancelTask { task } => {
                    record.tasks.remove(task);
                    self.tokens.close_task(index, *task);
                }
                // The account makes the run and its children.
                Effect::StartMapRun(_) | Effect::StartChildren { .. } => {}
                Effect::Ended => {
                    record.tasks.clear();
                    self.tokens.close_execution(index);
                }
            }
            self.effects.push_back((index, effect));
        }
        let wakeup = record.execution.next_wakeup();
        if wakeup != record.wakeup {
            if let Some(old) = record.wakeup {
                self.wakeups.remove(&(old, index));
            }
            record.wakeup = wakeup;
            if let Some(at) = wakeup {
                self.wakeups.insert((at, index));
            }
        }
        if record.execution.status() != Status::Running {
            let machine_arn = record.state_machine_arn.clone();
            self.forget_deleted(&machine_arn);
        }
    }

    /// A machine that was deleted goes when its last execution has ended.
    fn forget_deleted(&mut self, machine_arn: &str) {
        if self.machines.get(machine_arn).is_some_and(|machine| machine.deleting)
            && !self
                .executions
                .iter()
                .any(|e| &*e.state_machine_arn == machine_arn && e.execution.status() == Status::Running)
        {
            self.machines.shift_remove(machine_arn);
        }
    }

    pub(crate) fn poll_effect(&mut self) -> Option<(usize, Effect)> {
        self.effects.pop_front()
    }

    /// The open task's request, until it is answered or cancelled.
    pub(crate) fn task(&self, index: usize, task: TaskId) -> Option<&TaskRequest> {
        self.executions.get(index)?.tasks.get(&task)
    }

    pub(crate) fn close_task(&mut self, index: usize, task: TaskId) {
        self.executions[index].tasks.remove(&task);
        self.tokens.close_task(index, task);
    }

    fn machine_arn(&self, name: &str) -> String {
        format!("arn:aws:states:{}:{}:stateMachine:{name}", self.region, self.account_id)
    }

    /// The resource that a call's permission is about.
    pub(crate) fn resource_for(&self, operation: &str, params: &Value) -> Option<String> {
        if operation.starts_with("SendTask") {
            let (index, _) = self.tokens.find(params.get_str("taskToken")?)?;
            return Some(self.executions[index].state_machine_arn.to_string());
        }
        ["stateMachineArn", "executionArn", "activityArn"]
            .into_iter()
            .find_map(|key| params.get_str(key))
            .map(str::to_owned)
            .or_else(|| Some(self.machine_arn(params.get_str("name")?)))
    }
}
