//! Map: one processor over many items.
//!
//! Inline, iterations are frames of this execution; a distributed Map runs its children as executions of their own.

use std::rc::Rc;

use asl::{Computed, Items, MapMode, MapState, State};
use sfn_history::EventDetails;
use shared_json::{Array, Value};
use states_query::{QueryError, Template};
use virtual_time::Timestamp;

use crate::context::MapItem;
use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::flow::is_jsonata;
use crate::frame::{Frame, FrameId, Phase};
use crate::typed;
use crate::visit::Within;

/// The iterations that run, those still to come and what the others gave.
#[derive(Debug)]
pub(crate) struct MapProgress {
    items: Rc<Array>,
    /// What `ItemSelector` sees behind `$`.
    input: Value,
    outputs: Vec<Value>,
    next: usize,
    ended: usize,
    /// Frame and iteration of those that run.
    pub(crate) running: Vec<(FrameId, usize)>,
}

impl Execution {
    pub(crate) fn map(&mut self, now: Timestamp, frame: &mut Frame, state: &State, map: &MapState) -> Step {
        let input = self.effective_input(frame, state)?;
        let concurrency = self.max_concurrency(now, frame, map, &input)?;
        if let MapMode::Distributed(execution_type) = map.mode {
            return self.distributed_map(now, frame, state, map, input, concurrency, execution_type);
        }
        let items = self.items(now, frame, state, map, &input)?;
        self.stage_concurrency(frame, map, concurrency);
        if self.test.is_some() {
            return self.test_map(now, frame, map, &items, &input);
        }
        self.record(now, frame, EventDetails::MapStateStarted { length: items.len() as u64 })?;
        if let Some(visit) = self.visit(frame) {
            visit.detail_mut().iterations = Some(items.len());
        }
        let ceiling = self.start.limits.max_inline_concurrency;
        let limit = usize::try_from(concurrency).ok().filter(|limit| *limit > 0).map_or(ceiling, |l| l.min(ceiling));
        let started_after = frame.previous;
        let outputs = vec![Value::Null; items.len()];
        let mut progress = Box::new(MapProgress { items, input, outputs, next: 0, ended: 0, running: Vec::new() });
        for _ in 0..limit.min(progress.items.len()) {
            if let Some(step) = self.start_iteration(now, frame, &mut progress, started_after)? {
                return Ok(step);
            }
        }
        self.map_goes_on(now, frame, progress)
    }

    pub(crate) fn stage_concurrency(&mut self, frame: &Frame, map: &MapState, concurrency: u64) {
        if map.max_concurrency.is_some() {
            self.stage(frame, |stages| stages.max_concurrency = Some(concurrency));
        }
    }

    /// `MaxConcurrency` in its forms; 0 when there is no limit.
    fn max_concurrency(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        map: &MapState,
        input: &Value,
    ) -> Result<u64, QueryError> {
        let Some(computed) = &map.max_concurrency else { return Ok(0) };
        let concurrency = self.whole_number(now, frame, "MaxConcurrency", computed, input)?;
        Ok(concurrency)
    }

    /// A whole number that is fixed, read by a path, or computed.
    pub(crate) fn whole_number(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        field: &str,
        computed: &Computed<u64>,
        input: &Value,
    ) -> Result<u64, QueryError> {
        match computed {
            Computed::Fixed(number) => Ok(*number),
            Computed::Path(path) => {
                let value = path.select(&frame.scope(input))?;
                let number = typed::whole(&value).ok_or_else(|| {
                    Failure::runtime(format!(
                        "The {field}Path field refers to value \"{}\" which is not a valid integer: {path}",
                        typed::bare(&value)
                    ))
                })?;
                u64::try_from(number).map_err(|_| Failure::runtime(format!("{field} cannot be negative.")))
            }
            Computed::Jsonata(template) => {
                let value = template.evaluate_number(field, &frame.jsonata(now, None), &mut self.randomness)?;
                Value::Number(value.clone()).as_i64().and_then(|number| u64::try_from(number).ok()).ok_or_else(|| {
                    QueryError {
                        error: "States.QueryEvaluationError",
                        cause: format!("The {field} field must be a non-negative integer: {value}"),
                        location: Some(field.to_owned()),
                    }
                })
            }
        }
    }

    /// The array that the iterations share out.
    pub(crate) fn items(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        state: &State,
        map: &MapState,
        input: &Value,
    ) -> Result<Rc<Array>, QueryError> {
        let value = match &map.items {
            Items::Input => input.clone(),
            Items::Path(path) => path.select(&frame.scope(input))?,
            Items::Jsonata(template) => {
                Value::Array(template.evaluate_array("Items", &frame.jsonata(now, None), &mut self.randomness)?)
            }
        };
        match value {
            Value::Array(items) => {
                let shown = Value::Array(Rc::clone(&items));
                if let Items::Input = map.items {
                    self.test_stage(frame, |stages| stages.after_items_path = Some(shown));
                } else {
                    self.stage(frame, |stages| stages.after_items_path = Some(shown));
                }
                Ok(items)
            }
            other if is_jsonata(state) => Err(QueryError::new(
                "States.QueryEvaluationError",
                format!("Map state input must be an array but was: {other}"),
            )),
            _ => {
                let path = if let Items::Path(path) = &map.items { path.text() } else { "$" };
                // Recorded on AWS: a path into the context object is told with one `$`.
                let path = if path.starts_with("$$") { path.get(1..).unwrap_or_default() } else { path };
                Err(Failure::runtime(format!("Reference path \"{path}\" must point to array.")))
            }
        }
    }

    /// Starts the next iteration; a flow when that fails.
    fn start_iteration(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        progress: &mut MapProgress,
        previous: u64,
    ) -> Result<Option<Flow>, Stop> {
        let level = Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        let asl::StateKind::Map(map) = &state.kind else { return Ok(None) };
        let index = progress.next;
        let Some(value) = progress.items.get(index).cloned() else { return Ok(None) };
        progress.next += 1;
        let item = Rc::new(MapItem { index: index as u64, value: value.clone() });
        let details = EventDetails::MapIterationStarted { name: Rc::clone(&state.name), index: index as u64 };
        let started = self.record_beside(now, previous, details)?;
        let selected = self.select_item(now, frame, map.item_selector.as_ref(), &progress.input, &item);
        let input = match selected {
            Ok(selected) => selected.unwrap_or(value),
            Err(error) => {
                self.cancel_iterations(now, progress);
                frame.previous = started;
                return self.fail_query(now, frame, error).map(Some);
            }
        };
        if index == 0 && map.item_selector.is_some() {
            self.stage(frame, |stages| stages.after_item_selector = Some(input.clone()));
        }
        let mut child = self.new_frame(Rc::clone(&map.processor), input);
        child.parent = Some(frame.id);
        child.index = index;
        child.previous = started;
        child.variables = frame.variables.inner();
        child.item = Some(item);
        child.within = Some(Within { visit: frame.current.visit, index });
        self.schedule(now, &mut child, now + self.start.transition);
        progress.running.push((child.id, index));
        self.put(child);
        Ok(None)
    }

    /// `ItemSelector` for one item, which it sees in the context object.
    pub(crate) fn select_item(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        selector: Option<&Template>,
        input: &Value,
        item: &Rc<MapItem>,
    ) -> Result<Option<Value>, QueryError> {
        let Some(selector) = selector else { return Ok(None) };
        let with_item = frame.current.context.with_item(Rc::clone(item));
        let own = std::mem::replace(&mut frame.current.context, with_item);
        let selected = self.template(now, frame, "ItemSelector", Some(selector), input);
        frame.current.context = own;
        selected
    }

    /// The Map waits for its iterations, or hands on what they gave.
    fn map_goes_on(&mut self, now: Timestamp, frame: &mut Frame, progress: Box<MapProgress>) -> Step {
        if progress.ended < progress.items.len() {
            frame.phase = Phase::Map(progress);
            return Ok(Flow::Goes);
        }
        // Recorded on AWS: the Exited event stands beside this one, not behind it.
        self.record_beside(now, frame.previous, EventDetails::MapStateSucceeded)?;
        let step = self.hand_on_result(now, frame, Value::array(progress.outputs));
        self.fail_queries(now, frame, step)
    }

    pub(crate) fn iteration_ended(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        mut progress: Box<MapProgress>,
        child: &Frame,
        output: Value,
    ) -> Step {
        let name = Rc::clone(&frame.state().name);
        let details = EventDetails::MapIterationSucceeded { name, index: child.index as u64 };
        frame.previous = self.record_beside(now, child.previous, details)?;
        if let Some(place) = progress.outputs.get_mut(child.index) {
            *place = output;
        }
        progress.ended += 1;
        progress.running.retain(|(id, _)| *id != child.id);
        // Recorded on AWS: the next iteration follows this one's last state.
        if let Some(flow) = self.start_iteration(now, frame, &mut progress, child.previous)? {
            return Ok(flow);
        }
        self.map_goes_on(now, frame, progress)
    }

    /// Ends all iterations that still run, because their Map failed.
    pub(crate) fn cancel_iterations(&mut self, now: Timestamp, progress: &mut MapProgress) {
        for (id, _) in std::mem::take(&mut progress.running) {
            self.withdraw(now, id);
        }
    }
}
