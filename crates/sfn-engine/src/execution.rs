//! The machine itself: its state, its clock hands and its history.

use std::collections::VecDeque;
use std::mem;
use std::rc::Rc;

use asl::{CheckedDefinition, DataPath, ResultPath, State, StateKind, Transition};
use sfn_history::{ErrorOutput, EventDetails, HistoryEvent, StateType};
use shared_json::Value;
use states_query::{PayloadTemplate, QueryError, Randomness, Scope};
use virtual_time::{Duration, Timestamp};

use crate::context;
use crate::failure::Failure;
use crate::input::{Effect, Input, TaskId};
use crate::states::task::RunningTask;
use crate::visit::{DataFlow, StateVisit, VisitOutcome};

/// Steps taken before the caller gets control back; the rest is due at once. So a loop of Pass states with an
/// unlimited history cannot hang the page.
const STEPS_PER_CALL: usize = 50_000;

/// What an execution is started with.
#[derive(Clone, Debug)]
pub struct ExecutionStart {
    pub execution_arn: Rc<str>,
    pub name: Rc<str>,
    pub state_machine_arn: Rc<str>,
    pub state_machine_name: Rc<str>,
    pub role_arn: Rc<str>,
    /// JSON text, checked by the caller.
    pub input_text: Rc<str>,
    pub definition: Rc<CheckedDefinition>,
    pub seed: u64,
    /// Virtual time between two steps; zero runs through at once.
    pub transition: Duration,
    pub limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events of one history; the last one is the failure. AWS: 25,000.
    pub max_events: u64,
    /// Bytes of a state's output or a task's result. AWS: 262,144.
    pub max_payload_bytes: usize,
}

impl Default for Limits {
    /// Source: Step Functions developer guide, "Quotas".
    fn default() -> Limits {
        Limits { max_events: 25_000, max_payload_bytes: 262_144 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

impl Status {
    /// The API's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::TimedOut => "TIMED_OUT",
            Status::Aborted => "ABORTED",
        }
    }
}

/// The execution ended within this step: nothing more may be recorded.
#[derive(Debug)]
pub(crate) struct Halt;
pub(crate) type Step = Result<(), Halt>;

/// What is done next, and when.
#[derive(Debug)]
pub(crate) enum Phase {
    Created,
    /// Enter this state with this input.
    Enter {
        at: Timestamp,
        state: Rc<str>,
        input: Value,
    },
    /// Do the current state's work; for a Task, the next attempt.
    Work {
        at: Timestamp,
    },
    /// A Wait state waits.
    Wait {
        until: Timestamp,
    },
    /// An attempt of a Task waits for its answer.
    Task(RunningTask),
    Ended,
}

/// The state the execution is in.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) name: Rc<str>,
    pub(crate) input: Value,
    pub(crate) entered_at: Timestamp,
    pub(crate) entered_event_id: u64,
    pub(crate) retry_count: u32,
    pub(crate) attempts_by_retrier: Vec<u64>,
    pub(crate) context: Value,
}

/// One Standard execution.
#[derive(Debug)]
pub struct Execution {
    pub(crate) start: ExecutionStart,
    pub(crate) phase: Phase,
    pub(crate) current: Current,
    pub(crate) randomness: Randomness,
    pub(crate) visits: Vec<StateVisit>,
    pub(crate) effects: VecDeque<Effect>,
    pub(crate) tasks: TaskId,
    pub(crate) base_context: Value,
    status: Status,
    history: Vec<HistoryEvent>,
    /// The `previousEventId` of the next event.
    previous: u64,
    /// When the whole execution times out.
    deadline: Option<Timestamp>,
    start_date: Option<Timestamp>,
    stop_date: Option<Timestamp>,
    output: Option<Value>,
    error: ErrorOutput,
}

impl Execution {
    #[must_use]
    pub fn new(start: ExecutionStart) -> Execution {
        let current = Current {
            name: Rc::clone(&start.definition.start_at),
            input: Value::Null,
            entered_at: Timestamp::default(),
            entered_event_id: 0,
            retry_count: 0,
            attempts_by_retrier: Vec::new(),
            context: Value::Null,
        };
        Execution {
            randomness: Randomness::new(start.seed),
            start,
            phase: Phase::Created,
            current,
            visits: Vec::new(),
            effects: VecDeque::new(),
            tasks: 0,
            base_context: Value::Null,
            status: Status::Running,
            history: Vec::new(),
            previous: 0,
            deadline: None,
            start_date: None,
            stop_date: None,
            output: None,
            error: ErrorOutput::default(),
        }
    }

    /// Takes an input. What no longer fits is ignored, as a late answer is.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        if self.status != Status::Running {
            return;
        }
        match input {
            Input::Start => self.begin(now),
            Input::Stop { error, cause } => self.stop(now, ErrorOutput { error, cause }),
            answer => {
                // A Halt says that the execution has ended, which its status tells.
                let _ended = self.answer_task(now, answer);
            }
        }
        self.run(now);
    }

    /// Does what is due. An early wake-up changes nothing.
    pub fn handle_wakeup(&mut self, now: Timestamp) {
        self.run(now);
    }

    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        if self.status != Status::Running {
            return None;
        }
        self.due().into_iter().chain(self.deadline).min()
    }

    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    #[must_use]
    pub fn history(&self) -> &[HistoryEvent] {
        &self.history
    }

    #[must_use]
    pub fn visits(&self) -> &[StateVisit] {
        &self.visits
    }

    #[must_use]
    pub fn output(&self) -> Option<Value> {
        self.output.clone()
    }

    #[must_use]
    pub fn error(&self) -> Option<&Rc<str>> {
        self.error.error.as_ref()
    }

    #[must_use]
    pub fn cause(&self) -> Option<&Rc<str>> {
        self.error.cause.as_ref()
    }

    #[must_use]
    pub fn start_date(&self) -> Option<Timestamp> {
        self.start_date
    }

    #[must_use]
    pub fn stop_date(&self) -> Option<Timestamp> {
        self.stop_date
    }

    #[must_use]
    pub fn started_with(&self) -> &ExecutionStart {
        &self.start
    }

    fn begin(&mut self, now: Timestamp) {
        if !matches!(self.phase, Phase::Created) {
            return;
        }
        self.start_date = Some(now);
        self.deadline = self.start.definition.timeout_seconds.map(|seconds| now + Duration::from_secs(seconds));
        let input = Value::parse(&self.start.input_text).unwrap_or_default();
        self.base_context = context::base(&self.start, &input, now);
        let details = EventDetails::ExecutionStarted {
            input: Rc::clone(&self.start.input_text),
            role_arn: Rc::clone(&self.start.role_arn),
        };
        if self.record(now, details).is_ok() {
            // The first state's Entered event does not point at ExecutionStarted.
            self.previous = 0;
            let state = Rc::clone(&self.start.definition.start_at);
            self.phase = Phase::Enter { at: now + self.start.transition, state, input };
        }
    }

    fn stop(&mut self, now: Timestamp, error: ErrorOutput) {
        // Recorded on AWS: the event points at no other.
        self.previous = 0;
        if self.history.is_empty() {
            self.start_date = Some(now);
        }
        self.settle_visit(now, VisitOutcome::Aborted);
        self.error = error.clone();
        self.end(now, Status::Aborted, EventDetails::ExecutionAborted(error));
    }

    fn due(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Created | Phase::Ended => None,
            Phase::Enter { at, .. } | Phase::Work { at } | Phase::Wait { until: at } => Some(*at),
            Phase::Task(task) => task.deadline(),
        }
    }

    fn run(&mut self, now: Timestamp) {
        for _ in 0..STEPS_PER_CALL {
            if self.status != Status::Running {
                return;
            }
            let due = self.due();
            if self.deadline.is_some_and(|deadline| deadline <= now && due.is_none_or(|due| deadline <= due)) {
                return self.time_out(now);
            }
            if due.is_none_or(|due| due > now) || self.step(now).is_err() {
                return;
            }
        }
    }

    fn step(&mut self, now: Timestamp) -> Step {
        match mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Enter { state, input, .. } => self.enter(now, state, input),
            Phase::Work { .. } => self.work(now),
            Phase::Wait { .. } => self.wait_is_over(now),
            Phase::Task(task) => self.task_timed_out(now, task),
            Phase::Created | Phase::Ended => Err(Halt),
        }
    }

    fn enter(&mut self, now: Timestamp, name: Rc<str>, input: Value) -> Step {
        let definition = Rc::clone(&self.start.definition);
        // Every transition of a checked definition names a state.
        let Some(state) = definition.state(&name) else { return Err(Halt) };
        let state_type = state_type(state);
        let details = EventDetails::StateEntered { state_type, name: Rc::clone(&name), input: input.clone() };
        let entered_event_id = self.record(now, details)?;
        let retry_count = matches!(state.kind, StateKind::Task(_)).then_some(0);
        self.visits.push(StateVisit {
            state_name: Rc::clone(&name),
            entered_at: now,
            exited_at: None,
            entered_event_id,
            outcome: VisitOutcome::InProgress,
            retries: Vec::new(),
            stages: DataFlow { input: Some(input.clone()), ..DataFlow::default() },
            next: None,
            task: None,
            task_token: None,
            last_heartbeat_at: None,
            timeout_at: None,
            heartbeat_timeout_at: None,
        });
        self.current = Current {
            context: context::in_state(&self.base_context, &name, now, retry_count),
            name,
            input,
            entered_at: now,
            entered_event_id,
            retry_count: 0,
            attempts_by_retrier: Vec::new(),
        };
        self.phase = Phase::Work { at: now + self.start.transition };
        Ok(())
    }

    fn work(&mut self, now: Timestamp) -> Step {
        let definition = Rc::clone(&self.start.definition);
        let Some(state) = definition.state(&self.current.name) else { return Err(Halt) };
        let worked = match &state.kind {
            StateKind::Task(task) => self.schedule_task(now, state, task),
            StateKind::Pass(pass) => self.pass(now, state, pass),
            StateKind::Choice(choice) => self.choice(now, state, choice),
            StateKind::Wait(wait) => self.wait(now, state, wait),
            StateKind::Succeed(_) => self.succeed(now, state),
            StateKind::Fail(fail) => self.fail(now, fail),
        };
        match worked {
            Ok(step) => step,
            Err(error) => self.fail_query(now, error),
        }
    }

    /// Applies `OutputPath` to what a state hands on, and leaves it.
    pub(crate) fn finish(
        &mut self,
        now: Timestamp,
        state: &State,
        value: Value,
        next: Option<&Rc<str>>,
    ) -> Result<Step, QueryError> {
        let output = self.data_path(&state.output_path, &value)?;
        if self.too_large(&output) {
            return Ok(self.fail_state(now, Failure::too_large(&state.name)));
        }
        Ok(self.leave(now, output, next, VisitOutcome::Succeeded))
    }

    /// Writes the Exited event and goes on, or ends the execution.
    pub(crate) fn leave(
        &mut self,
        now: Timestamp,
        output: Value,
        next: Option<&Rc<str>>,
        outcome: VisitOutcome,
    ) -> Step {
        let definition = Rc::clone(&self.start.definition);
        let Some(state) = definition.state(&self.current.name) else { return Err(Halt) };
        let name = Rc::clone(&self.current.name);
        let details = EventDetails::StateExited { state_type: state_type(state), name, output: output.clone() };
        self.settle_visit(now, outcome);
        if let Some(visit) = self.visits.last_mut() {
            visit.stages.output = Some(output.clone());
            visit.next = next.cloned();
        }
        self.record(now, details)?;
        match next {
            Some(next) => {
                self.phase = Phase::Enter { at: now + self.start.transition, state: Rc::clone(next), input: output };
                Ok(())
            }
            None => {
                self.output = Some(output.clone());
                self.end(now, Status::Succeeded, EventDetails::ExecutionSucceeded { output });
                Err(Halt)
            }
        }
    }

    pub(crate) fn fail_execution(&mut self, now: Timestamp, error: ErrorOutput) {
        self.error = error.clone();
        self.settle_visit(now, VisitOutcome::Failed);
        self.end(now, Status::Failed, EventDetails::ExecutionFailed(error));
    }

    fn time_out(&mut self, now: Timestamp) {
        self.previous = 0;
        self.settle_visit(now, VisitOutcome::TimedOut);
        self.end(now, Status::TimedOut, EventDetails::ExecutionTimedOut(ErrorOutput::default()));
    }

    /// Writes down how the newest visit ended, unless that is known already.
    fn settle_visit(&mut self, now: Timestamp, outcome: VisitOutcome) {
        if let Some(visit) = self.visits.last_mut().filter(|visit| visit.exited_at.is_none()) {
            visit.exited_at = Some(now);
            let open = matches!(
                visit.outcome,
                VisitOutcome::InProgress | VisitOutcome::WaitingForCallback | VisitOutcome::Retrying { .. }
            );
            if open {
                visit.outcome = outcome;
            }
        }
    }

    fn end(&mut self, now: Timestamp, status: Status, details: EventDetails) {
        if let Phase::Task(task) = mem::replace(&mut self.phase, Phase::Ended) {
            self.effects.push_back(Effect::CancelTask { task: task.id });
        }
        self.push(now, details);
        self.status = status;
        self.stop_date = Some(now);
        self.effects.push_back(Effect::Ended);
    }

    /// Appends an event and gives its id. The event that would fill the history becomes the execution's failure.
    pub(crate) fn record(&mut self, now: Timestamp, details: EventDetails) -> Result<u64, Halt> {
        let most = self.start.limits.max_events;
        if self.history.len() as u64 + 1 >= most {
            let cause = format!("The execution reached the maximum number of history events ({most}).");
            self.fail_execution(now, ErrorOutput::new("States.Runtime", cause));
            return Err(Halt);
        }
        Ok(self.push(now, details))
    }

    fn push(&mut self, now: Timestamp, details: EventDetails) -> u64 {
        let id = self.history.len() as u64 + 1;
        self.history.push(HistoryEvent { timestamp: now, id, previous_event_id: self.previous, details });
        self.previous = id;
        id
    }

    /// `InputPath` or `OutputPath` applied to `value`.
    pub(crate) fn data_path(&self, path: &DataPath, value: &Value) -> Result<Value, QueryError> {
        match path {
            DataPath::Whole => Ok(value.clone()),
            DataPath::Null => Ok(Value::object::<&str>([])),
            DataPath::Path(path) => path.select(&Scope { input: value, context: &self.current.context }),
        }
    }

    /// `InputPath` applied to the state's input.
    pub(crate) fn effective_input(&mut self, state: &State) -> Result<Value, QueryError> {
        let input = self.data_path(&state.input_path, &self.current.input)?;
        self.stage(|stages| stages.after_input_path = Some(input.clone()));
        Ok(input)
    }

    pub(crate) fn evaluate(
        &mut self,
        template: Option<&PayloadTemplate>,
        input: &Value,
    ) -> Result<Option<Value>, QueryError> {
        let scope = Scope { input, context: &self.current.context };
        template.map(|template| template.evaluate(&scope, &mut self.randomness)).transpose()
    }

    /// `ResultPath`: the result put into the state's input.
    pub(crate) fn place_result(&mut self, path: &ResultPath, result: Value) -> Result<Value, QueryError> {
        let combined = match path {
            ResultPath::Whole => result,
            ResultPath::Null => self.current.input.clone(),
            ResultPath::Path(path) => path.write(&self.current.input, result)?,
        };
        self.stage(|stages| stages.after_result_path = Some(combined.clone()));
        Ok(combined)
    }

    pub(crate) fn stage(&mut self, write: impl FnOnce(&mut DataFlow)) {
        if let Some(visit) = self.visits.last_mut() {
            write(&mut visit.stages);
        }
    }
}

/// The state a transition leads to; `None` ends the execution.
pub(crate) fn next_of(transition: &Transition) -> Option<&Rc<str>> {
    match transition {
        Transition::Next(next) => Some(next),
        Transition::End => None,
    }
}

fn state_type(state: &State) -> StateType {
    match state.kind {
        StateKind::Task(_) => StateType::Task,
        StateKind::Pass(_) => StateType::Pass,
        StateKind::Choice(_) => StateType::Choice,
        StateKind::Wait(_) => StateType::Wait,
        StateKind::Succeed(_) => StateType::Succeed,
        StateKind::Fail(_) => StateType::Fail,
    }
}
