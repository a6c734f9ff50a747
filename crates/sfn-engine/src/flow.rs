//! Entering a state, leaving it, and what happens to data on the way out.

use std::mem;
use std::rc::Rc;

use asl::{DataPath, QueryLanguage, ResultPath, State, StateKind, Target, Transition};
use sfn_history::{EventDetails, StateType};
use shared_json::{Object, Value};
use states_query::{JsonataScope, JsonataTemplate, PayloadTemplate, QueryError, Template};
use virtual_time::Timestamp;

use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::frame::{Frame, Phase};
use crate::variables::VariableScope;
use crate::visit::{StateVisit, VisitOutcome};

/// So many levels of arrays and objects can be read back from text.
const MAX_DEPTH: u32 = 127;

impl Execution {
    /// Enters a state, whose work is one transition away.
    pub(crate) fn enter(&mut self, now: Timestamp, frame: &mut Frame, state: usize, input: Value) -> Result<(), Stop> {
        let level = Rc::clone(&frame.level);
        let state_of = level.at(state);
        let name = &state_of.name;
        let entered_after = frame.previous;
        let details = EventDetails::StateEntered {
            state_type: state_type(state_of),
            name: Rc::clone(name),
            input: input.clone(),
        };
        let entered_event_id = self.record(now, frame, details)?;
        let visit = self.visits.len();
        self.visits.push(StateVisit::new(Rc::clone(name), now, entered_event_id, input.clone(), frame.within));
        let retries = matches!(state_of.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_));
        let tried = self.test.as_ref().map_or(0, |test| test.retrier_retry_count);
        let tried = u32::try_from(tried).unwrap_or(u32::MAX);
        let current = &mut frame.current;
        current.state = state;
        current.input = input;
        current.entered_event_id = entered_event_id;
        current.entered_after = entered_after;
        current.retry_count = 0;
        current.attempts_by_retrier.clear();
        current.visit = visit;
        let retry_count = retries.then_some(tried);
        current.context.enter(Rc::clone(name), now, retry_count, frame.item.as_ref());
        frame.phase = Phase::Work;
        Ok(())
    }

    pub(crate) fn work(&mut self, now: Timestamp, frame: &mut Frame) -> Step {
        let level = Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        let worked = match &state.kind {
            StateKind::Task(task) => self.schedule_task(now, frame, state, task),
            StateKind::Pass(pass) => self.pass(now, frame, state, pass),
            StateKind::Choice(choice) => self.choice(now, frame, state, choice),
            StateKind::Wait(wait) => self.wait(now, frame, state, wait),
            StateKind::Succeed(_) => self.succeed(now, frame, state),
            StateKind::Fail(fail) => self.fail(now, frame, state, fail),
            StateKind::Parallel(parallel) => self.parallel(now, frame, state, parallel),
            StateKind::Map(map) => self.map(now, frame, state, map),
        };
        self.fail_queries(now, frame, worked)
    }

    /// Leaves a state whose JSONata `Output` makes the output, or else the given value.
    pub(crate) fn finish_jsonata(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        state: &State,
        default: &Value,
        result: Option<&Value>,
        next: Option<&Target>,
    ) -> Step {
        let scope = frame.jsonata(now, result);
        let assigned = assign(state.assign.as_ref(), &scope, &mut self.randomness)?;
        let output = match &state.output {
            Some(output) => output.evaluate("Output", &scope, &mut self.randomness)?,
            None => default.clone(),
        };
        self.hand_on(now, frame, output, next, assigned)
    }

    /// Leaves a JSONPath state: `ResultPath` and `OutputPath` make the output, `Assign` reads the result.
    pub(crate) fn finish_jsonpath(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        state: &State,
        result: Value,
        path: &ResultPath,
        next: Option<&Target>,
    ) -> Step {
        let assigned = self.assign_jsonpath(frame, state.assign.as_ref(), &result)?;
        let combined = self.place_result(frame, path, result)?;
        let output = frame_path(frame, &state.output_path, &combined)?;
        self.hand_on(now, frame, output, next, assigned)
    }

    pub(crate) fn assign_jsonpath(
        &mut self,
        frame: &Frame,
        template: Option<&Template>,
        input: &Value,
    ) -> Result<Option<Rc<Object>>, QueryError> {
        let Some(Template::Payload(template)) = template else { return Ok(None) };
        Ok(object(template.evaluate(&frame.scope(input), &mut self.randomness)?))
    }

    pub(crate) fn hand_on(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        output: Value,
        next: Option<&Target>,
        assigned: Option<Rc<Object>>,
    ) -> Step {
        if self.too_large(&output) {
            let failure = Failure::too_large(&frame.state().name);
            return self.fail_state(now, frame, failure);
        }
        self.leave(now, frame, output, next, VisitOutcome::Succeeded, assigned)
    }

    /// Writes the Exited event and goes on, or ends the frame.
    pub(crate) fn leave(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        output: Value,
        next: Option<&Target>,
        outcome: VisitOutcome,
        assigned: Option<Rc<Object>>,
    ) -> Step {
        let name = Rc::clone(&frame.state().name);
        let state_type = state_type(frame.state());
        if too_deep(&output) || assigned.iter().any(|assigned| assigned.values().any(too_deep)) {
            return self.fail_state(now, frame, Failure::too_deep(&name, MAX_DEPTH));
        }
        if let Some(assigned) = &assigned {
            if self.assigns_too_much(&frame.variables, assigned) {
                return self.fail_state(now, frame, Failure::too_large(&name));
            }
            frame.variables.assign(assigned);
        }
        let variables = frame.variables.own();
        // A test tells of all variables, also of those that were given to it.
        if assigned.is_some() || (self.test.is_some() && !variables.is_empty()) {
            let variables = Value::Object(Rc::clone(variables));
            self.stage(frame, |stages| stages.variables = Some(variables));
        }
        if let Some(visit) = self.visit(frame) {
            visit.leave(now, outcome, output.clone(), next.map(|next| Rc::clone(&next.name)));
        }
        let details =
            EventDetails::StateExited { state_type, name, output: output.clone(), assigned_variables: assigned };
        self.record(now, frame, details)?;
        match next.filter(|_| self.test.is_none()) {
            Some(next) => {
                frame.phase = Phase::Enter { state: next.index, input: output };
                Ok(Flow::Soon)
            }
            None => {
                frame.phase = Phase::Ended;
                Ok(Flow::Ended(output))
            }
        }
    }

    /// Source: developer guide, "Passing data between states with variables": 256 KiB in one `Assign`, 10 MiB in all.
    fn assigns_too_much(&self, scope: &VariableScope, assigned: &Object) -> bool {
        assigned.json_len() > self.start.limits.max_payload_bytes
            || scope.json_len().saturating_add(assigned.json_len()) > self.start.limits.max_variable_bytes
    }

    /// `InputPath` applied to the state's input; JSONata states take it as it is.
    pub(crate) fn effective_input(&mut self, frame: &Frame, state: &State) -> Result<Value, QueryError> {
        if let DataPath::Whole = state.input_path {
            let input = frame.current.input.clone();
            self.test_stage(frame, |stages| stages.after_input_path = Some(input.clone()));
            return Ok(input);
        }
        let input = frame_path(frame, &state.input_path, &frame.current.input)?;
        self.stage(frame, |stages| stages.after_input_path = Some(input.clone()));
        Ok(input)
    }

    /// A payload template of a JSONPath state.
    pub(crate) fn payload(
        &mut self,
        frame: &Frame,
        template: Option<&PayloadTemplate>,
        input: &Value,
    ) -> Result<Option<Value>, QueryError> {
        template.map(|template| template.evaluate(&frame.scope(input), &mut self.randomness)).transpose()
    }

    /// A field that is a payload template or JSONata, by the state's language.
    pub(crate) fn template(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        field: &str,
        template: Option<&Template>,
        input: &Value,
    ) -> Result<Option<Value>, QueryError> {
        match template {
            None => Ok(None),
            Some(Template::Payload(template)) => self.payload(frame, Some(template), input),
            Some(Template::Jsonata(template)) => self.jsonata(now, frame, field, template, None).map(Some),
        }
    }

    pub(crate) fn jsonata(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        field: &str,
        template: &JsonataTemplate,
        result: Option<&Value>,
    ) -> Result<Value, QueryError> {
        template.evaluate(field, &frame.jsonata(now, result), &mut self.randomness)
    }

    /// `ResultPath`: the result put into the state's input.
    fn place_result(&mut self, frame: &Frame, path: &ResultPath, result: Value) -> Result<Value, QueryError> {
        let combined = match path {
            ResultPath::Whole => {
                self.test_stage(frame, |stages| stages.after_result_path = Some(result.clone()));
                return Ok(result);
            }
            ResultPath::Null => frame.current.input.clone(),
            ResultPath::Path(path) => path.write(&frame.current.input, result)?,
        };
        self.stage(frame, |stages| stages.after_result_path = Some(combined.clone()));
        Ok(combined)
    }
}

/// A loop may put data into ever more brackets; what no reader of JSON would take is not handed on.
fn too_deep(value: &Value) -> bool {
    value.depth() > MAX_DEPTH
}

/// `InputPath` or `OutputPath` applied to `value`.
pub(crate) fn frame_path(frame: &Frame, path: &DataPath, value: &Value) -> Result<Value, QueryError> {
    match path {
        DataPath::Whole => Ok(value.clone()),
        DataPath::Null => Ok(Value::object::<&str>([])),
        DataPath::Path(path) => path.select(&frame.scope(value)),
    }
}

/// The variables that a JSONata `Assign` sets.
pub(crate) fn assign(
    template: Option<&Template>,
    scope: &JsonataScope,
    randomness: &mut states_query::Randomness,
) -> Result<Option<Rc<Object>>, QueryError> {
    let Some(Template::Jsonata(template)) = template else { return Ok(None) };
    Ok(object(template.evaluate("Assign", scope, randomness)?))
}

/// Variables are an object's members.
pub(crate) fn object(value: Value) -> Option<Rc<Object>> {
    // An empty `Assign` is as good as none.
    if let Value::Object(members) = value { Some(members).filter(|members| !members.is_empty()) } else { None }
}

/// The state a transition leads to; `None` ends the frame.
pub(crate) fn next_of(transition: &Transition) -> Option<&Target> {
    match transition {
        Transition::Next(next) => Some(next),
        Transition::End => None,
    }
}

pub(crate) fn is_jsonata(state: &State) -> bool {
    state.query_language == QueryLanguage::Jsonata
}

pub(crate) fn state_type(state: &State) -> StateType {
    match state.kind {
        StateKind::Task(_) => StateType::Task,
        StateKind::Pass(_) => StateType::Pass,
        StateKind::Choice(_) => StateType::Choice,
        StateKind::Wait(_) => StateType::Wait,
        StateKind::Succeed(_) => StateType::Succeed,
        StateKind::Fail(_) => StateType::Fail,
        StateKind::Parallel(_) => StateType::Parallel,
        StateKind::Map(_) => StateType::Map,
    }
}

/// Takes the current phase out of a frame.
pub(crate) fn take_phase(frame: &mut Frame) -> Phase {
    mem::replace(&mut frame.phase, Phase::Ended)
}
