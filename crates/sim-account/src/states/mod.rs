//! Step Functions: state machines, their executions and the task tokens between them and the world.
//!
//! One execution is a machine of its own (`sfn-engine`); this is the registry around them and the API.

mod activities;
mod aliases;
mod api;
mod definition_api;
mod encryption;
mod execution_api;
mod express;
mod logging;
mod machine_api;
mod map_run_api;
mod map_runs;
mod reading;
mod redrive;
mod role_checks;
pub(crate) use role_checks::{LOG_DELIVERY, NESTED_RULE, NESTED_RULE_ACTIONS};
mod snapshot;
mod tags;
mod test_state;
mod tokens;
mod validation;
mod versions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use asl::{CheckedDefinition, Service};
use aws_protocol::{AwsError, Randomness};
use indexmap::IndexMap;
use sfn_engine::{Effect, Execution, ExecutionStart, Input, MapItem, Status, TaskId, TaskRequest};
use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use crate::AccountOptions;
use activities::Activities;
pub use activities::Activity;
pub use aliases::{Alias, Route};
pub use express::MachineType;
pub use logging::{LogLevel, Logging};
pub use map_runs::{Child, MapRun, Outcome};
pub(crate) use reading::Reading;
use tags::Tags;
pub use tokens::PendingCallback;
pub(crate) use tokens::Tokens;
pub use versions::{Revision, Version};

/// Executions that an account keeps, so that Maps in Maps cannot use up a page's memory.
const MOST_EXECUTIONS: usize = 100_000;

/// A state machine as CreateStateMachine made it.
#[derive(Clone, Debug)]
pub struct StateMachine {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    /// The definition's text, exactly as it was sent.
    pub definition: Rc<str>,
    pub checked: Rc<CheckedDefinition>,
    pub role_arn: Rc<str>,
    pub machine_type: MachineType,
    pub logging: Logging,
    pub tracing: bool,
    encryption: Option<Value>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub revision_id: Option<String>,
    /// True once DeleteStateMachine was called while executions still run.
    pub deleting: bool,
    tags: Tags,
    /// `publish` and `versionDescription` of CreateStateMachine, which count when it is called again.
    created_with: (bool, Option<String>),
    versions: Vec<Version>,
    last_version: u64,
    aliases: Vec<Alias>,
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
    pub machine_type: MachineType,
    pub logging: Logging,
    revision: Revision,
    /// The version that runs, when it was started by a version's or an alias's name.
    pub version_arn: Option<Rc<str>>,
    pub alias_arn: Option<Rc<str>>,
    trace_header: Option<Rc<str>>,
    redrive_token: Option<Rc<str>>,
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
    pub machine_type: MachineType,
    pub revision: Revision,
    /// What it runs: the revision's definition, or for a child its Map's processor.
    pub checked: Rc<CheckedDefinition>,
    pub version_arn: Option<Rc<str>>,
    pub alias_arn: Option<Rc<str>>,
    pub trace_header: Option<Rc<str>>,
    pub input: Rc<str>,
    /// The same, parsed.
    pub input_value: Value,
    pub item: Option<Rc<MapItem>>,
    pub child_of: Option<ChildOf>,
}

impl ExecutionRecord {
    /// The Map Run whose child it is.
    #[must_use]
    pub fn map_run_arn(&self) -> Option<&Rc<str>> {
        self.child_of.as_ref().map(|child| &child.map_run_arn)
    }

    pub(crate) fn revision(&self) -> &Revision {
        &self.revision
    }
}

/// The registry.
#[derive(Debug)]
pub struct States {
    account_id: String,
    region: String,
    transition: Duration,
    random: Randomness,
    machines: IndexMap<Rc<str>, StateMachine, rustc_hash::FxBuildHasher>,
    executions: Vec<ExecutionRecord>,
    by_arn: BTreeMap<Rc<str>, usize>,
    wakeups: BTreeSet<(Timestamp, usize)>,
    pub(crate) tokens: Tokens,
    effects: VecDeque<(usize, Effect)>,
    /// The tests that still run, by the index of their execution.
    tests: BTreeMap<usize, test_state::OpenTest>,
    activities: Activities,
    pub(crate) map_runs: IndexMap<Rc<str>, MapRun, rustc_hash::FxBuildHasher>,
    /// The Map Runs that still run, by the state's execution and task.
    pub(crate) map_run_tasks: BTreeMap<(usize, TaskId), Rc<str>>,
    most_executions: usize,
    /// Calls of StartSyncExecution that wait, by execution.
    sync_calls: BTreeMap<usize, u64>,
    /// Answers of calls that had to wait.
    answers: VecDeque<(u64, Result<Value, AwsError>)>,
}

impl States {
    pub(crate) fn new(options: &AccountOptions, seed: u64) -> Self {
        States {
            account_id: options.account_id.clone(),
            region: options.region.clone(),
            transition: options.latencies.transition,
            random: Randomness::new(seed),
            machines: IndexMap::default(),
            executions: Vec::new(),
            by_arn: BTreeMap::new(),
            wakeups: BTreeSet::new(),
            tokens: Tokens::default(),
            effects: VecDeque::new(),
            tests: BTreeMap::new(),
            activities: Activities::default(),
            map_runs: IndexMap::default(),
            map_run_tasks: BTreeMap::new(),
            most_executions: MOST_EXECUTIONS,
            sync_calls: BTreeMap::new(),
            answers: VecDeque::new(),
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

    /// Whether the account keeps as many executions as it can.
    pub(crate) fn executions_are_many(&self) -> bool {
        self.executions.len() >= self.most_executions
    }

    #[cfg(test)]
    pub(crate) fn set_most_executions(&mut self, most: usize) {
        self.most_executions = most;
    }

    /// Makes an execution and starts it; gives its index.
    pub(crate) fn add_execution(&mut self, new: NewExecution, now: Timestamp) -> usize {
        let execution = Execution::new(ExecutionStart {
            execution_arn: Rc::clone(&new.arn),
            name: Rc::clone(&new.name),
            state_machine_arn: Rc::clone(&new.state_machine_arn),
            state_machine_name: Rc::clone(&new.state_machine_name),
            role_arn: Rc::clone(&new.revision.role_arn),
            input_text: Rc::clone(&new.input),
            input: new.input_value.clone(),
            definition: Rc::clone(&new.checked),
            seed: self.random.next_u64(),
            transition: self.transition,
            limits: new.machine_type.limits(),
            context: None,
            variables: None,
            item: new.item.clone(),
        });
        self.keep_execution(new, execution, now)
    }

    fn keep_execution(&mut self, new: NewExecution, execution: Execution, now: Timestamp) -> usize {
        let index = self.executions.len();
        self.by_arn.insert(Rc::clone(&new.arn), index);
        self.executions.push(ExecutionRecord {
            arn: new.arn,
            name: new.name,
            state_machine_arn: new.state_machine_arn,
            state_machine_name: new.state_machine_name,
            machine_type: new.machine_type,
            definition: Rc::clone(&new.revision.definition),
            role_arn: Rc::clone(&new.revision.role_arn),
            logging: new.revision.logging.clone(),
            revision: new.revision,
            version_arn: new.version_arn,
            alias_arn: new.alias_arn,
            trace_header: new.trace_header,
            redrive_token: None,
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
        self.wakeups.first().map(|(at, _)| *at).into_iter().chain(self.activities.next_wakeup()).min()
    }

    /// Wakes the one execution whose turn it is, or the workers who have waited long enough.
    pub(crate) fn handle_wakeup(&mut self, now: Timestamp) {
        let polls = self.activities.next_wakeup();
        if polls.is_some_and(|poll| self.wakeups.first().is_none_or(|(at, _)| poll < *at)) {
            return self.end_polls(now);
        }
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
        let mut activity_tasks = Vec::new();
        while let Some(effect) = record.execution.poll_effect() {
            match &effect {
                Effect::ScheduleTask(request) => {
                    if let Some(token) = &request.task_token {
                        self.tokens.issue(token.clone(), index, request.task, now);
                    }
                    record.tasks.insert(request.task, request.clone());
                    if request.resource.service == Service::Activity {
                        activity_tasks.push((request.resource.text.clone(), request.task));
                        continue;
                    }
                }
                Effect::CancelTask { task } => {
                    record.tasks.remove(task);
                    self.tokens.close_task(index, *task);
                }
                // The account makes the run and its children.
                Effect::StartMapRun(_) | Effect::StartChildren { .. } | Effect::RedriveMapRun { .. } => {}
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
            self.answer_sync(index);
            self.answer_test(index);
        }
        for (activity, task) in activity_tasks {
            self.offer_activity_task(&activity, index, task, now);
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

    /// The answer of a call that had to wait.
    pub(crate) fn poll_answer(&mut self) -> Option<(u64, Result<Value, AwsError>)> {
        self.answers.pop_front()
    }

    /// The open task's request, until it is answered or cancelled.
    pub(crate) fn task(&self, index: usize, task: TaskId) -> Option<&TaskRequest> {
        self.executions.get(index)?.tasks.get(&task)
    }

    pub(crate) fn token_of(&self, index: usize, task: TaskId) -> Option<Rc<str>> {
        self.tokens.of_task(index, task)
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
        const NAMES: [&str; 7] = [
            "stateMachineArn",
            "executionArn",
            "activityArn",
            "stateMachineVersionArn",
            "stateMachineAliasArn",
            "mapRunArn",
            "resourceArn",
        ];
        if let Some(arn) = NAMES.into_iter().find_map(|key| params.get_str(key)) {
            // Behind `#` stands a mocked test case, of which policies know nothing.
            return Some(arn.split('#').next().unwrap_or_default().to_owned());
        }
        match operation {
            "CreateActivity" => Some(self.activity_arn(params.get_str("name")?)),
            "CreateStateMachineAlias" => {
                let first = params.get("routingConfiguration")?.as_array()?.first()?;
                Some(versions::split_qualifier(first.get_str("stateMachineVersionArn")?).0.to_owned())
            }
            "CreateStateMachine" => Some(self.machine_arn(params.get_str("name")?)),
            _ => None,
        }
    }
}
