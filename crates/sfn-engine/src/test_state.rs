//! TestState: one state runs by itself, with the same code as ever, and tells what it did with its data.
//!
//! A mock stands for the work of a Task, Parallel or Map. The run ends when the state is left, caught, or would be tried
//! again. Which stages of the data are told for which type of state was recorded on AWS.

use std::rc::Rc;

use asl::{CheckedDefinition, Level, MapState, QueryLanguage, State, StateKind, Target};
use sfn_history::ErrorOutput;
use shared_json::{Array, Value};
use virtual_time::Timestamp;

use crate::context::MapItem;
use crate::execution::{Execution, ExecutionStart, Flow, Status, Step, Stop};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::input::ChildInput;
use crate::item_reader;
use crate::visit::{DataFlow, VisitOutcome};

/// What a test gives beside the state and its input.
#[derive(Clone, Debug, Default)]
pub struct TestPlan {
    pub mock: Option<Mock>,
    /// How often the Retrier that matches has tried already.
    pub retrier_retry_count: u64,
    pub map_iteration_failure_count: Option<u64>,
    /// What a Map's `ItemReader` finds in its object.
    pub item_reader_data: Option<Rc<str>>,
}

/// Stands for the work of a state.
#[derive(Clone, Debug)]
pub enum Mock {
    Result(Value),
    Error(ErrorOutput),
}

/// What became of the state.
#[derive(Clone, Debug)]
pub struct Tested {
    pub status: TestStatus,
    pub output: Option<Value>,
    pub error: Option<ErrorOutput>,
    pub next_state: Option<Rc<str>>,
    /// `inspectionData`, without what belongs to HTTP Tasks.
    pub inspection: Vec<(&'static str, Value)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    Succeeded,
    Failed,
    Retriable,
    CaughtError,
}

impl TestStatus {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TestStatus::Succeeded => "SUCCEEDED",
            TestStatus::Failed => "FAILED",
            TestStatus::Retriable => "RETRIABLE",
            TestStatus::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// The machine that begins with a state of any level; `None` when there is no such state.
#[must_use]
pub fn starting_at(definition: &CheckedDefinition, state: &str) -> Option<CheckedDefinition> {
    fn level_of(level: &Rc<Level>, state: &str) -> Option<Rc<Level>> {
        if level.states.contains_key(state) {
            return Some(Rc::clone(level));
        }
        level.states.values().flat_map(State::levels).find_map(|inner| level_of(inner, state))
    }
    let level = level_of(&definition.root, state)?;
    let (index, name, _) = level.states.get_full(state)?;
    let start_at = Target { name: Rc::clone(name), index };
    Some(CheckedDefinition::of_level(Rc::new(Level { start_at, ..(*level).clone() })))
}

impl Execution {
    /// A test of the state that the definition starts with.
    #[must_use]
    pub fn test(start: ExecutionStart, plan: TestPlan) -> Execution {
        let mut execution = Execution::new(start);
        execution.test = Some(Box::new(plan));
        execution
    }

    /// What became of the tested state, once this has ended.
    #[must_use]
    pub fn tested(&self) -> Option<Tested> {
        self.test.as_ref()?;
        let visit = self.visits().first().filter(|_| self.status() != Status::Running)?;
        let level = &self.start.definition.root;
        let state = level.at(level.start_at.index);
        let retry = visit.detail().retries.last();
        let error = match self.status() {
            Status::TimedOut => ErrorOutput::named("States.Timeout"),
            _ => ErrorOutput { error: self.error().cloned(), cause: self.cause().cloned() },
        };
        let error = visit.stages().error.clone().or_else(|| (self.status() != Status::Succeeded).then_some(error));
        let mut details = Vec::new();
        let status = match (&visit.outcome, retry) {
            (_, Some(retry)) => {
                let seconds = retry.next_at.since(retry.failed_at).as_secs_f64();
                details.push(("retryBackoffIntervalSeconds", Value::from(seconds as u64)));
                details.push(("retryIndex", Value::from(retry.retrier as u64)));
                TestStatus::Retriable
            }
            (VisitOutcome::CaughtError { catcher }, _) => {
                details.push(("catchIndex", Value::from(*catcher as u64)));
                TestStatus::CaughtError
            }
            _ if self.status() == Status::Succeeded => TestStatus::Succeeded,
            _ => TestStatus::Failed,
        };
        let left = matches!(status, TestStatus::Succeeded | TestStatus::CaughtError);
        let mut inspection = inspection(state, &visit.input, visit.stages());
        if !details.is_empty() {
            inspection.push(("errorDetails", Value::object(details)));
        }
        Some(Tested {
            status,
            output: visit.output.clone().filter(|_| left),
            error: error.filter(|_| status != TestStatus::Succeeded),
            next_state: visit.next.clone().filter(|_| left),
            inspection,
        })
    }

    /// Stages that only a test tells of: data that passed unchanged.
    pub(crate) fn test_stage(&mut self, frame: &Frame, write: impl FnOnce(&mut DataFlow)) {
        if self.test.is_some() {
            self.stage(frame, write);
        }
    }

    /// What the mock makes of the state, if there is one.
    pub(crate) fn mocked(&mut self, now: Timestamp, frame: &mut Frame) -> Result<Option<Step>, Stop> {
        let Some(mock) = self.test.as_ref().and_then(|test| test.mock.clone()) else { return Ok(None) };
        let step = match mock {
            Mock::Result(result) => {
                let step = self.hand_on_result(now, frame, result);
                self.fail_queries(now, frame, step)
            }
            Mock::Error(error) => self.fail_state(now, frame, Failure::new(error)),
        };
        Ok(Some(step))
    }

    /// An inline Map whose iterations would begin now.
    pub(crate) fn test_map(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        map: &MapState,
        items: &[Value],
        input: &Value,
    ) -> Step {
        self.test_selector(now, frame, map, items, input)?;
        self.test_iterations(now, frame, items.len())
    }

    /// A distributed Map whose Map Run would begin now.
    pub(crate) fn test_map_run(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        map: &MapState,
        items: Option<Rc<Array>>,
        input: &Value,
        max_items: Option<i64>,
    ) -> Step {
        let items = match items {
            Some(items) => items,
            None => match self.test_reader(frame, map) {
                Ok(items) => items,
                Err(error) => return self.fail_state(now, frame, Failure::new(error)),
            },
        };
        let most = max_items.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        let taken = items.get(..most.unwrap_or(usize::MAX).min(items.len())).unwrap_or_default();
        let selected = self.test_selector(now, frame, map, taken, input)?;
        if let Some(batcher) = &map.item_batcher {
            let children = selected.into_iter().map(|input| ChildInput { input, items: 1, item: None }).collect();
            let batches = self.batches(now, frame, batcher, input, children)?;
            let batches = batches.into_iter().map(|batch| batch.input).collect();
            self.stage(frame, |stages| stages.after_item_batcher = Some(Value::array(batches)));
        }
        self.test_iterations(now, frame, taken.len())
    }

    /// The items in the data that the test gives for an `ItemReader`.
    fn test_reader(&mut self, frame: &Frame, map: &MapState) -> Result<Rc<Array>, ErrorOutput> {
        let data = self.test.as_ref().and_then(|test| test.item_reader_data.clone());
        let (Some(reader), Some(data)) = (&map.item_reader, data) else { return Ok(Rc::default()) };
        let items = Rc::new(Array::from(item_reader::read_items(&reader.config, &data)?));
        self.stage(frame, |stages| {
            let pointed = reader.config.items_pointer.is_some();
            let stage = if pointed { &mut stages.after_items_pointer } else { &mut stages.after_items_path };
            *stage = Some(Value::Array(Rc::clone(&items)));
        });
        Ok(items)
    }

    /// What `ItemSelector` makes of every item.
    fn test_selector(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        map: &MapState,
        items: &[Value],
        input: &Value,
    ) -> Result<Vec<Value>, Stop> {
        let Some(selector) = &map.item_selector else { return Ok(items.to_vec()) };
        let mut selected = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            let item = Rc::new(MapItem { index: index as u64, value: value.clone() });
            let chosen = self.select_item(now, frame, Some(selector), input, &item)?;
            selected.push(chosen.unwrap_or_else(|| value.clone()));
        }
        self.stage(frame, |stages| stages.after_item_selector = Some(Value::array(selected.clone())));
        Ok(selected)
    }

    fn test_iterations(&mut self, now: Timestamp, frame: &mut Frame, iterations: usize) -> Step {
        self.stage(frame, |stages| {
            stages.max_concurrency.get_or_insert(0);
        });
        let stages = self.visit(frame).map(|visit| visit.stages().clone()).unwrap_or_default();
        let failed = self.test.as_ref().filter(|test| !matches!(test.mock, Some(Mock::Error(_))));
        let failed = failed.and_then(|test| test.map_iteration_failure_count);
        if failed.is_some_and(|failed| too_many(failed, iterations, &stages)) {
            let error = ErrorOutput::new(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded",
            );
            return self.fail_state(now, frame, Failure::new(error));
        }
        // A Map is not tested without a mock.
        self.mocked(now, frame)?.unwrap_or(Ok(Flow::Goes))
    }
}

/// Recorded on AWS: without either field, a test tolerates any number of failures.
fn too_many(failed: u64, iterations: usize, stages: &DataFlow) -> bool {
    let share = if iterations == 0 { 0.0 } else { failed as f64 * 100.0 / iterations as f64 };
    stages.tolerated_failure_count.is_some_and(|tolerated| failed > tolerated)
        || stages.tolerated_failure_percentage.is_some_and(|tolerated| share > tolerated)
}

/// The context object as a test shows it.
pub(crate) fn context(base: &Value) -> Value {
    let Some(execution) = base.get("Execution").and_then(Value::as_object) else { return base.clone() };
    let shown = execution.iter().filter(|(key, _)| &***key != "RedriveCount").map(|(key, value)| {
        let unset = &**key == "RoleArn" && value.as_str() == Some("");
        (Rc::clone(key), if unset { Value::Null } else { value.clone() })
    });
    base.with("Execution", Value::object(shown))
}

fn inspection(state: &State, input: &Value, stages: &DataFlow) -> Vec<(&'static str, Value)> {
    let jsonpath = state.query_language == QueryLanguage::JsonPath;
    let (is_task, is_map) = (matches!(state.kind, StateKind::Task(_)), matches!(state.kind, StateKind::Map(_)));
    let is_parallel = matches!(state.kind, StateKind::Parallel(_));
    // A fixed result makes the way of the input pointless: nothing of it is told.
    let fixed = matches!(&state.kind, StateKind::Pass(pass) if pass.result.is_some());
    let reads_input = jsonpath && !fixed && !is_parallel;
    let has_result =
        jsonpath && !matches!(state.kind, StateKind::Succeed(_) | StateKind::Wait(_) | StateKind::Choice(_));
    let number = |number: Option<u64>| number.map(Value::from);
    let told = [
        ("input", true, Some(input.clone())),
        ("afterInputPath", reads_input, stages.after_input_path.clone()),
        ("afterParameters", reads_input && !is_map, stages.after_parameters.clone()),
        ("afterArguments", is_task, stages.after_arguments.clone()),
        ("afterItemsPath", jsonpath, stages.after_items_path.clone()),
        ("afterItemsPointer", is_map, stages.after_items_pointer.clone()),
        ("afterItemSelector", is_map, stages.after_item_selector.clone()),
        ("afterItemBatcher", is_map, stages.after_item_batcher.clone()),
        ("maxConcurrency", is_map, number(stages.max_concurrency)),
        ("toleratedFailureCount", is_map, number(stages.tolerated_failure_count)),
        ("toleratedFailurePercentage", is_map, stages.tolerated_failure_percentage.map(Value::from)),
        ("result", is_task || fixed, stages.result.clone()),
        ("afterResultSelector", has_result, stages.after_result_selector.clone()),
        ("afterResultPath", has_result, stages.after_result_path.clone()),
        ("variables", true, stages.variables.clone()),
    ];
    told.into_iter().filter(|(_, told, _)| *told).filter_map(|(key, _, value)| Some((key, value?))).collect()
}
