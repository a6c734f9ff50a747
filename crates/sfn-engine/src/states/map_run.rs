//! Distributed Map: the children are executions of their own, kept by the account as a Map Run.
//!
//! The state tells the account what to read ([`Effect::StartMapRun`]); when it has the items it selects and batches them
//! into the children's inputs ([`Effect::StartChildren`]), and waits for the run's one answer.

use std::rc::Rc;

use asl::{Computed, ExecutionType, ItemBatcher, MapState, State, StateKind};
use sfn_history::{ErrorOutput, EventDetails};
use shared_json::{Array, Value};
use states_query::QueryError;
use virtual_time::Timestamp;

use crate::context::MapItem;
use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::frame::{Frame, Phase};
use crate::input::{ChildInput, Effect, Input, MapRunRequest, ReadRequest, WriteRequest};
use crate::redrive::Halted;
use crate::typed;

/// `MaxItems` beyond this counts as this. Source: the developer guide's page on `ItemReader`.
const MOST_ITEMS: i64 = 100_000_000;
/// A batch's input holds at most so many bytes.
const MOST_BATCH_BYTES: u64 = 262_144;

/// What a distributed Map keeps until its items are there.
#[derive(Debug)]
pub(crate) struct MapRunProgress {
    pub(crate) task: u64,
    pub(crate) map_run_arn: Rc<str>,
    /// The children are made.
    started: bool,
    /// What `ItemSelector` sees behind `$`.
    input: Value,
    max_items: Option<usize>,
}

impl MapRunProgress {
    /// What a redrive does: it goes on with the children, or begins anew when there are none yet.
    pub(crate) fn halted(self) -> Phase {
        if self.started { Phase::Halted(Box::new(Halted::MapRun(self))) } else { Phase::Work }
    }
}

impl Execution {
    #[expect(clippy::too_many_arguments, reason = "what the Map state has read so far")]
    pub(crate) fn distributed_map(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        state: &State,
        map: &MapState,
        input: Value,
        max_concurrency: u64,
        execution_type: ExecutionType,
    ) -> Step {
        let items = match &map.item_reader {
            Some(_) => None,
            None => Some(self.items(now, frame, state, map, &input)?),
        };
        self.stage_concurrency(frame, map, max_concurrency);
        let length = items.as_ref().map_or(0, |items| items.len() as u64);
        self.record(now, frame, EventDetails::MapStateStarted { length })?;
        let tolerated_failure_count = self.tolerated_count(now, frame, map, &input)?;
        let tolerated_failure_percentage = self.tolerated_percentage(now, frame, map, &input)?;
        let max_items = self.max_items(now, frame, map, &input)?;
        let reader = self.read_request(now, frame, map, &input)?;
        let writer = self.write_request(now, frame, map, &input)?;

        if self.test.is_some() {
            return self.test_map_run(now, frame, map, items, &input, max_items);
        }

        let map_run_arn = self.map_run_arn(map);
        self.record(now, frame, EventDetails::MapRunStarted { map_run_arn: Rc::clone(&map_run_arn) })?;
        if let Some(visit) = self.visit(frame) {
            visit.detail_mut().map_run_arn = Some(Rc::clone(&map_run_arn));
        }
        self.tasks += 1;
        let task = self.tasks;
        self.by_task.insert(task, frame.id);
        frame.phase = Phase::MapRun(MapRunProgress {
            task,
            map_run_arn: Rc::clone(&map_run_arn),
            started: false,
            input,
            max_items: max_items.filter(|n| *n > 0).map(|n| n as usize),
        });
        self.effects.push_back(Effect::StartMapRun(Box::new(MapRunRequest {
            task,
            map_run_arn,
            state_name: Rc::clone(&state.name),
            label: map.label.clone(),
            execution_type,
            processor: Rc::clone(&map.processor),
            max_concurrency,
            tolerated_failure_count,
            tolerated_failure_percentage,
            reader,
            writer,
        })));
        if max_items.is_some_and(|items| items < 0) {
            let error = ErrorOutput::new("States.ItemReaderFailed", "field MaxItems must be positive");
            return self.map_run_failed(now, frame, task, error, true);
        }
        match items {
            Some(items) => self.start_children(now, frame, &items),
            None => Ok(Flow::Goes),
        }
    }

    fn tolerated_count(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<Option<u64>, QueryError> {
        let Some(computed) = &map.tolerated_failure_count else { return Ok(None) };
        let count = self.whole_number(now, frame, "ToleratedFailureCount", computed, input)?;
        self.stage(frame, |stages| stages.tolerated_failure_count = Some(count));
        Ok(Some(count))
    }

    fn tolerated_percentage(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<Option<f64>, QueryError> {
        const FIELD: &str = "ToleratedFailurePercentage";
        let Some(computed) = &map.tolerated_failure_percentage else { return Ok(None) };
        let percentage = match computed {
            Computed::Fixed(percentage) => *percentage,
            Computed::Path(path) => {
                let value = path.select(&frame.scope(input))?;
                typed::float(&value).ok_or_else(|| {
                    let shown = typed::bare(&value);
                    Failure::runtime(format!(
                        "The {FIELD}Path field refers to value \"{shown}\" which is not a valid float: {path}"
                    ))
                })?
            }
            Computed::Jsonata(template) => {
                let value = template.evaluate_number(FIELD, &frame.jsonata(now, None), &mut self.randomness)?;
                value.as_f64().unwrap_or_default()
            }
        };
        if !(0.0..=100.0).contains(&percentage) {
            return Err(wrong(computed, FIELD, format!("{FIELD} must be between 0 and 100.")));
        }
        self.stage(frame, |stages| stages.tolerated_failure_percentage = Some(percentage));
        Ok(Some(percentage))
    }

    fn max_items(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<Option<i64>, QueryError> {
        const FIELD: &str = "ReaderConfig/MaxItems";
        let Some(computed) = map.item_reader.as_ref().and_then(|reader| reader.config.max_items.as_ref()) else {
            return Ok(None);
        };
        let items = match computed {
            Computed::Fixed(items) => *items,
            Computed::Path(path) => {
                let value = path.select(&frame.scope(input))?;
                typed::whole(&value).ok_or_else(|| {
                    let shown = typed::bare(&value);
                    Failure::runtime(format!(
                        "The MaxItemsPath field refers to value \"{shown}\" which is not a valid integer: {path}"
                    ))
                })?
            }
            Computed::Jsonata(template) => {
                let value = template.evaluate_number(FIELD, &frame.jsonata(now, None), &mut self.randomness)?;
                Value::Number(value).as_i64().unwrap_or_default()
            }
        };
        Ok(Some(items.min(MOST_ITEMS)))
    }

    fn read_request(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<Option<ReadRequest>, QueryError> {
        let Some(reader) = &map.item_reader else { return Ok(None) };
        let arguments = self.template(now, frame, "ItemReader/Arguments", reader.arguments.as_ref(), input)?;
        Ok(Some(ReadRequest {
            resource: Rc::clone(&reader.resource),
            arguments: arguments.unwrap_or_default(),
            config: reader.config.clone(),
        }))
    }

    fn write_request(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<Option<WriteRequest>, QueryError> {
        let Some(writer) = &map.result_writer else { return Ok(None) };
        let arguments = self.template(now, frame, "ResultWriter/Arguments", writer.arguments.as_ref(), input)?;
        Ok(Some(WriteRequest {
            resource: writer.resource.clone(),
            arguments: arguments.unwrap_or_default(),
            output_type: writer.output_type,
            transformation: writer.transformation,
        }))
    }

    /// `arn:aws:states:REGION:ACCOUNT:mapRun:MACHINE/LABEL:UUID`; without a label that part is a UUID too.
    fn map_run_arn(&mut self, map: &MapState) -> Rc<str> {
        let label = map.label.clone().unwrap_or_else(|| self.randomness.uuid().into());
        let run = self.randomness.uuid();
        // A child's machine already has the label of its own Map behind a slash.
        let machine = self.start.state_machine_arn.replacen(":stateMachine:", ":mapRun:", 1);
        let machine = machine.split('/').next().unwrap_or_default();
        format!("{machine}/{label}:{run}").into()
    }

    /// An answer for a Map Run.
    pub(crate) fn answer_map_run(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        progress: MapRunProgress,
        answer: Input,
    ) -> Step {
        let task = progress.task;
        match answer {
            Input::ItemsRead { items, .. } => {
                frame.phase = Phase::MapRun(progress);
                let step = self.start_children(now, frame, &items);
                self.fail_queries(now, frame, step)
            }
            Input::TaskSucceeded { output, .. } => {
                self.by_task.remove(&task);
                let run = frame.previous;
                let succeeded = self.record_beside(now, run, EventDetails::MapRunSucceeded)?;
                self.record_beside(now, succeeded, EventDetails::MapStateSucceeded)?;
                // Recorded on AWS: the Exited event stands behind MapRunStarted.
                let step = self.hand_on_result(now, frame, output);
                self.fail_queries(now, frame, step)
            }
            Input::TaskFailed { error, .. } => {
                let step = self.map_run_failed(now, frame, task, error, false);
                if let Ok(Flow::Failed(_)) = &step {
                    frame.phase = progress.halted();
                }
                step
            }
            _ => {
                frame.phase = Phase::MapRun(progress);
                Ok(Flow::Goes)
            }
        }
    }

    fn map_run_failed(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        task: u64,
        error: ErrorOutput,
        cancel: bool,
    ) -> Step {
        self.by_task.remove(&task);
        if cancel {
            self.effects.push_back(Effect::CancelTask { task });
        }
        self.record(now, frame, EventDetails::MapRunFailed(error.clone()))?;
        self.fail_state(now, frame, Failure::new(error))
    }

    /// Makes the children's inputs of the items. When that fails, nobody waits for the run any more.
    fn start_children(&mut self, now: Timestamp, frame: &mut Frame, items: &Rc<Array>) -> Step {
        let level = Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        let (StateKind::Map(map), Phase::MapRun(progress)) = (&state.kind, &frame.phase) else {
            return Ok(Flow::Goes);
        };
        let (task, input) = (progress.task, progress.input.clone());
        let taken = progress.max_items.map_or(items.len(), |most| most.min(items.len()));
        let children = match self.children(now, frame, map, &input, items.get(..taken).unwrap_or_default()) {
            Ok(children) => children,
            Err(stop) => {
                if self.by_task.remove(&task).is_some() {
                    self.effects.push_back(Effect::CancelTask { task });
                }
                return Err(stop);
            }
        };
        if let Some(visit) = self.visit(frame) {
            visit.detail_mut().iterations = Some(children.len());
        }
        if let Phase::MapRun(progress) = &mut frame.phase {
            progress.started = true;
        }
        self.effects.push_back(Effect::StartChildren { task, children });
        Ok(Flow::Goes)
    }

    /// One child an item, or one a batch of them.
    fn children(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        map: &MapState,
        input: &Value,
        items: &[Value],
    ) -> Result<Vec<ChildInput>, Stop> {
        let mut children = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            let item = Rc::new(MapItem { index: index as u64, value: value.clone() });
            let selected = self.select_item(now, frame, map.item_selector.as_ref(), input, &item)?;
            let input = selected.unwrap_or_else(|| value.clone());
            children.push(ChildInput { input, items: 1, item: Some(item) });
        }
        match &map.item_batcher {
            Some(batcher) => self.batches(now, frame, batcher, input, children),
            None => Ok(children),
        }
    }

    /// `ItemBatcher`: several items go to one child, as `{"BatchInput": …, "Items": […]}`.
    pub(crate) fn batches(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        batcher: &ItemBatcher,
        input: &Value,
        children: Vec<ChildInput>,
    ) -> Result<Vec<ChildInput>, Stop> {
        let limit = |execution: &mut Execution, field: &str, computed: Option<&Computed<u64>>| {
            computed.map(|computed| execution.whole_number(now, frame, field, computed, input)).transpose()
        };
        let most_items = limit(self, "ItemBatcher/MaxItemsPerBatch", batcher.max_items_per_batch.as_ref())?;
        let most_bytes = limit(self, "ItemBatcher/MaxInputBytesPerBatch", batcher.max_input_bytes_per_batch.as_ref())?;
        let most_bytes = most_bytes.filter(|bytes| *bytes > 0).unwrap_or(MOST_BATCH_BYTES).min(MOST_BATCH_BYTES);
        let batch_input = self.template(now, frame, "ItemBatcher/BatchInput", batcher.batch_input.as_ref(), input)?;
        let batch = |items: Vec<Value>| {
            let count = items.len();
            let mut members = Vec::with_capacity(2);
            members.extend(batch_input.clone().map(|batch_input| ("BatchInput", batch_input)));
            members.push(("Items", Value::array(items)));
            ChildInput { input: Value::object(members), items: count, item: None }
        };
        let frame_bytes = batch(Vec::new()).input.json_len() as u64;
        let mut batches = Vec::new();
        let (mut items, mut bytes) = (Vec::new(), frame_bytes);
        for child in children {
            let size = child.input.json_len() as u64 + 1;
            let full =
                most_items.is_some_and(|most| most > 0 && items.len() as u64 >= most) || bytes + size > most_bytes;
            if full && !items.is_empty() {
                batches.push(batch(std::mem::take(&mut items)));
                bytes = frame_bytes;
            }
            bytes += size;
            items.push(child.input);
        }
        if !items.is_empty() {
            batches.push(batch(items));
        }
        if let Some(first) = batches.first() {
            let first = first.input.clone();
            self.stage(frame, |stages| stages.after_item_batcher = Some(first));
        }
        Ok(batches)
    }
}

/// The error of a field whose value is of the right type and still wrong.
fn wrong<T>(computed: &Computed<T>, field: &str, cause: String) -> QueryError {
    match computed {
        Computed::Jsonata(_) => {
            QueryError { error: "States.QueryEvaluationError", cause, location: Some(field.to_owned()) }
        }
        Computed::Fixed(_) | Computed::Path(_) => Failure::runtime(cause),
    }
}
