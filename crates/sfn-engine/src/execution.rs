//! The machine itself: its clock hands, its history and the loop that lets its frames act.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::rc::Rc;

use asl::CheckedDefinition;
use sfn_history::{ErrorOutput, EventDetails, HistoryEvent};
use shared_json::Value;
use states_query::{QueryError, Randomness};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Agenda;
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::frame::{Frame, FrameId, Phase};
use crate::input::{Effect, Input, TaskId};
use crate::test_state::{self, TestPlan};
use crate::variables::VariableScope;
use crate::visit::{DataFlow, StateVisit, VisitOutcome};

/// Steps taken before the caller gets control back; the rest is due at once. So a loop of Pass states with an
/// unlimited history cannot hang the page.
const STEPS_PER_CALL: usize = 50_000;

/// Room is made at the start for this many visits at most.
const MOST_STATES_FORESEEN: usize = 1_000;

/// What an execution is started with.
#[derive(Clone, Debug)]
pub struct ExecutionStart {
    pub execution_arn: Rc<str>,
    pub name: Rc<str>,
    pub state_machine_arn: Rc<str>,
    pub state_machine_name: Rc<str>,
    pub role_arn: Rc<str>,
    /// What the history shows, with the white space it was given with.
    pub input_text: Rc<str>,
    /// The same, parsed.
    pub input: Value,
    pub definition: Rc<CheckedDefinition>,
    pub seed: u64,
    /// Virtual time between two steps; zero runs through at once.
    pub transition: Duration,
    pub limits: Limits,
    /// Stands for the context object: TestState's `context`.
    pub context: Option<Value>,
    /// An object of variables that are there from the start: TestState's `variables`.
    pub variables: Option<Value>,
    /// The item of a distributed Map that this child execution works on.
    pub item: Option<Rc<context::MapItem>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events of one history; the last one is the failure. AWS: 25,000.
    pub max_events: u64,
    /// Bytes of a state's output or a task's result. AWS: 262,144.
    pub max_payload_bytes: usize,
    /// Bytes of all variables of an execution. AWS: 10 MiB.
    pub max_variable_bytes: usize,
    /// Iterations of one inline Map that run at a time. AWS: 40.
    pub max_inline_concurrency: usize,
    /// How long an execution may take: five minutes for Express workflows. The year of Standard ones is not counted, or
    /// whoever looks for the next thing to happen would land there.
    pub max_seconds: Option<u64>,
}

impl Default for Limits {
    /// Source: Step Functions developer guide, "Quotas".
    fn default() -> Limits {
        Limits {
            max_events: 25_000,
            max_payload_bytes: 262_144,
            max_variable_bytes: 10 * 1_024 * 1_024,
            max_inline_concurrency: 40,
            max_seconds: None,
        }
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

/// What became of a frame in a step.
#[derive(Debug)]
pub(crate) enum Flow {
    /// It waits, or its next turn is on the agenda already.
    Goes,
    /// Its next turn is one transition away.
    Soon,
    /// It reached its end with this output.
    Ended(Value),
    /// Its state failed, and nothing inside the frame handles that.
    Failed(Failure),
}

/// Why a step was left early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The execution has ended: nothing more may be recorded.
    Halt,
    Query(QueryError),
}

impl From<QueryError> for Stop {
    fn from(error: QueryError) -> Stop {
        Stop::Query(error)
    }
}

pub(crate) type Step = Result<Flow, Stop>;

/// One execution.
#[derive(Debug)]
pub struct Execution {
    pub(crate) start: ExecutionStart,
    pub(crate) agenda: Agenda,
    pub(crate) randomness: Randomness,
    pub(crate) visits: Vec<StateVisit>,
    pub(crate) effects: VecDeque<Effect>,
    pub(crate) tasks: TaskId,
    /// The open tasks, and who waits for each.
    pub(crate) by_task: BTreeMap<TaskId, FrameId>,
    pub(crate) base_context: Value,
    pub(crate) region: Rc<str>,
    frames: Vec<Option<Box<Frame>>>,
    free: Vec<FrameId>,
    pub(crate) status: Status,
    history: Vec<HistoryEvent>,
    /// When the whole execution times out.
    pub(crate) deadline: Option<Timestamp>,
    start_date: Option<Timestamp>,
    pub(crate) stop_date: Option<Timestamp>,
    output: Option<Value>,
    pub(crate) error: ErrorOutput,
    /// There when this is a test of one state.
    pub(crate) test: Option<Box<TestPlan>>,
    /// The machine's own frame as the failure left it: RedriveExecution goes on there.
    pub(crate) last_frame: Option<Box<Frame>>,
    pub(crate) redrives: Vec<Timestamp>,
}

/// The machine's own frame is the first one.
pub(crate) const MACHINE: FrameId = 0;

impl Execution {
    #[must_use]
    pub fn new(start: ExecutionStart) -> Execution {
        Execution {
            randomness: Randomness::new(start.seed),
            region: start.state_machine_arn.split(':').nth(3).unwrap_or_default().into(),
            start,
            agenda: Agenda::default(),
            visits: Vec::new(),
            effects: VecDeque::new(),
            tasks: 0,
            by_task: BTreeMap::new(),
            base_context: Value::Null,
            frames: Vec::new(),
            free: Vec::new(),
            status: Status::Running,
            history: Vec::new(),
            deadline: None,
            start_date: None,
            stop_date: None,
            output: None,
            error: ErrorOutput::default(),
            last_frame: None,
            redrives: Vec::new(),
            test: None,
        }
    }

    /// Takes an input. What no longer fits is ignored, as a late answer is.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        if let Input::Redrive = input {
            self.redrive(now);
            return self.run(now);
        }
        if self.status != Status::Running {
            return;
        }
        match input {
            Input::Start => self.begin(now),
            Input::Stop { error, cause } => self.stop(now, ErrorOutput { error, cause }),
            answer => self.answer(now, answer),
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
        self.agenda.next().into_iter().chain(self.deadline).min()
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

    pub(crate) fn deadline_from(&self, now: Timestamp) -> Option<Timestamp> {
        let limits = [self.start.limits.max_seconds, self.start.definition.timeout_seconds];
        limits.into_iter().flatten().min().map(|seconds| now + Duration::from_secs(seconds))
    }

    fn begin(&mut self, now: Timestamp) {
        if !self.history.is_empty() {
            return;
        }
        self.start_date = Some(now);
        self.deadline = self.deadline_from(now);
        // Most executions enter most states once.
        let states = self.start.definition.root.states.len().min(MOST_STATES_FORESEEN);
        self.visits.reserve(states);
        self.history.reserve(2 * states + 2);
        let input = self.start.input.clone();
        self.base_context = context::base(&self.start, &input, now);
        if self.test.is_some() && self.start.context.is_none() {
            self.base_context = test_state::context(&self.base_context);
        }
        let details = EventDetails::ExecutionStarted {
            input: Rc::clone(&self.start.input_text),
            role_arn: Rc::clone(&self.start.role_arn),
        };
        self.push(now, details, 0);
        let mut frame = self.new_frame(Rc::clone(&self.start.definition.root), input);
        frame.item.clone_from(&self.start.item);
        if let Some(variables) = &self.start.variables {
            frame.variables = VariableScope::with(variables);
        }
        self.schedule(now, &mut frame, now + self.start.transition);
        self.put(frame);
    }

    fn stop(&mut self, now: Timestamp, error: ErrorOutput) {
        if self.history.is_empty() {
            self.start_date = Some(now);
        }
        self.settle_open_visits(now, VisitOutcome::Aborted);
        self.error = error.clone();
        self.withdraw_machine(now);
        // Recorded on AWS: the event points at no other.
        self.end(now, Status::Aborted, EventDetails::ExecutionAborted(error), 0);
    }

    fn time_out(&mut self, now: Timestamp) {
        self.settle_open_visits(now, VisitOutcome::TimedOut);
        self.withdraw_machine(now);
        self.end(now, Status::TimedOut, EventDetails::ExecutionTimedOut(ErrorOutput::default()), 0);
    }

    fn run(&mut self, now: Timestamp) {
        let mut steps = 0;
        while steps < STEPS_PER_CALL && self.status == Status::Running {
            steps += 1;
            if let Some(deadline) = self.deadline
                && deadline <= now
                && self.agenda.next().is_none_or(|due| deadline <= due)
            {
                return self.time_out(now);
            }
            let Some((id, ticket)) = self.agenda.take_due(now) else { return };
            let Some(mut frame) = self.take_if(id, |frame| frame.ticket.is_some_and(|own| own.is(ticket))) else {
                continue;
            };
            frame.ticket = None;
            let mut step = self.act(now, &mut frame);
            // A frame whose turn would be next need not be put back and fetched.
            while let Ok(Flow::Soon) = step
                && self.may_stay(now, steps)
            {
                steps += 1;
                step = self.act(now, &mut frame);
            }
            self.settle(now, frame, step);
        }
    }

    /// Whether a frame that goes on soon would be the next to act. With a deadline every step asks whether it has come.
    fn may_stay(&self, now: Timestamp, steps: usize) -> bool {
        steps < STEPS_PER_CALL
            && self.start.transition == Duration::ZERO
            && self.deadline.is_none()
            && self.agenda.nothing_is_due(now)
    }

    fn act(&mut self, now: Timestamp, frame: &mut Frame) -> Step {
        match mem::replace(&mut frame.phase, Phase::Ended) {
            Phase::Enter { state, input } => self.enter(now, frame, state, input).map(|()| Flow::Soon),
            Phase::Work => self.work(now, frame),
            Phase::Wait => {
                let waited = self.wait_is_over(now, frame);
                self.fail_queries(now, frame, waited)
            }
            Phase::Task(task) => self.task_timed_out(now, frame, *task),
            Phase::Branches(input) => self.start_branches(now, frame, &input),
            phase @ (Phase::Parallel(_) | Phase::Map(_) | Phase::MapRun(_) | Phase::Halted(_) | Phase::Ended) => {
                frame.phase = phase;
                Ok(Flow::Goes)
            }
        }
    }

    /// Follows a frame's step: puts the frame back, or tells its parent how it ended, and so on up to the machine.
    pub(crate) fn settle(&mut self, now: Timestamp, mut frame: Box<Frame>, mut step: Step) {
        loop {
            let flow = match step {
                Ok(flow) => flow,
                Err(Stop::Query(error)) => {
                    step = self.fail_query(now, &mut frame, error);
                    continue;
                }
                Err(Stop::Halt) => return,
            };
            match flow {
                Flow::Goes => return self.put(frame),
                Flow::Soon => {
                    self.schedule(now, &mut frame, now + self.start.transition);
                    return self.put(frame);
                }
                Flow::Ended(_) | Flow::Failed(_) => {}
            }
            let Some(mut parent) = frame.parent.and_then(|parent| self.take(parent)) else {
                return self.end_with(now, frame, flow);
            };
            self.free.push(frame.id);
            step = match flow {
                Flow::Goes | Flow::Soon => Ok(flow),
                Flow::Ended(output) => self.child_ended(now, &mut parent, &frame, output),
                Flow::Failed(failure) => self.child_failed(now, &mut parent, frame, failure),
            };
            frame = parent;
        }
    }

    /// The machine's own frame is through.
    fn end_with(&mut self, now: Timestamp, frame: Box<Frame>, flow: Flow) {
        let previous = frame.previous;
        if let Flow::Failed(_) = flow {
            self.last_frame = Some(frame);
        }
        match flow {
            Flow::Goes | Flow::Soon => {}
            Flow::Ended(output) => {
                self.output = Some(output.clone());
                self.end(now, Status::Succeeded, EventDetails::ExecutionSucceeded { output }, previous);
            }
            Flow::Failed(failure) => self.fail_execution(now, failure.error, previous),
        }
    }

    fn fail_execution(&mut self, now: Timestamp, error: ErrorOutput, previous: u64) {
        self.error = error.clone();
        self.settle_open_visits(now, VisitOutcome::Failed);
        self.end(now, Status::Failed, EventDetails::ExecutionFailed(error), previous);
    }

    fn end(&mut self, now: Timestamp, status: Status, details: EventDetails, previous: u64) {
        for task in mem::take(&mut self.by_task).into_keys() {
            self.effects.push_back(Effect::CancelTask { task });
        }
        self.agenda.clear();
        self.frames.clear();
        self.free.clear();
        self.push(now, details, previous);
        self.status = status;
        self.stop_date = Some(now);
        self.effects.push_back(Effect::Ended);
    }

    /// Appends an event of a frame and gives its id. The event that would fill the history becomes the execution's
    /// failure.
    #[inline]
    pub(crate) fn record(&mut self, now: Timestamp, frame: &mut Frame, details: EventDetails) -> Result<u64, Stop> {
        let id = self.record_beside(now, frame.previous, details)?;
        frame.previous = id;
        Ok(id)
    }

    /// Appends an event to which no later one points by itself.
    #[inline]
    pub(crate) fn record_beside(&mut self, now: Timestamp, previous: u64, details: EventDetails) -> Result<u64, Stop> {
        if self.history.len() as u64 + 1 >= self.start.limits.max_events {
            return Err(self.history_is_full(now, previous));
        }
        Ok(self.push(now, details, previous))
    }

    #[cold]
    fn history_is_full(&mut self, now: Timestamp, previous: u64) -> Stop {
        let most = self.start.limits.max_events;
        let cause = format!("The execution reached the maximum number of history events ({most}).");
        self.fail_execution(now, ErrorOutput::new("States.Runtime", cause), previous);
        Stop::Halt
    }

    #[inline]
    pub(crate) fn push(&mut self, now: Timestamp, details: EventDetails, previous_event_id: u64) -> u64 {
        let id = self.history.len() as u64 + 1;
        self.history.push(HistoryEvent { timestamp: now, id, previous_event_id, details });
        id
    }

    /// A frame that is not yet on the agenda.
    pub(crate) fn new_frame(&mut self, level: Rc<asl::Level>, input: Value) -> Box<Frame> {
        let id = self.place();
        let context = Context::new(self.base_context.clone(), self.start.context.is_some());
        Box::new(Frame::new(id, level, input, context))
    }

    /// A place for a frame.
    pub(crate) fn place(&mut self) -> FrameId {
        self.free.pop().unwrap_or_else(|| {
            self.frames.push(None);
            self.frames.len() - 1
        })
    }

    pub(crate) fn put(&mut self, frame: Box<Frame>) {
        let id = frame.id;
        if let Some(place) = self.frames.get_mut(id) {
            *place = Some(frame);
        }
    }

    pub(crate) fn take(&mut self, id: FrameId) -> Option<Box<Frame>> {
        self.frames.get_mut(id)?.take()
    }

    fn take_if(&mut self, id: FrameId, wanted: impl FnOnce(&Frame) -> bool) -> Option<Box<Frame>> {
        self.frames.get_mut(id)?.take_if(|frame| wanted(frame))
    }

    pub(crate) fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id)?.as_deref()
    }

    /// Gives back the place of a frame that is gone.
    pub(crate) fn release(&mut self, id: FrameId) {
        self.free.push(id);
    }

    pub(crate) fn schedule(&mut self, now: Timestamp, frame: &mut Frame, at: Timestamp) {
        if let Some(ticket) = frame.ticket {
            self.agenda.remove(frame.id, ticket);
        }
        frame.ticket = Some(self.agenda.add(now, frame.id, at));
    }

    pub(crate) fn unschedule(&mut self, frame: &mut Frame) {
        if let Some(ticket) = frame.ticket.take() {
            self.agenda.remove(frame.id, ticket);
        }
    }

    pub(crate) fn stage(&mut self, frame: &Frame, write: impl FnOnce(&mut DataFlow)) {
        if let Some(visit) = self.visits.get_mut(frame.current.visit) {
            write(&mut visit.detail_mut().stages);
        }
    }

    pub(crate) fn visit(&mut self, frame: &Frame) -> Option<&mut StateVisit> {
        self.visits.get_mut(frame.current.visit)
    }

    pub(crate) fn settle_visit(&mut self, now: Timestamp, visit: usize, outcome: VisitOutcome) {
        if let Some(visit) = self.visits.get_mut(visit) {
            visit.settle(now, outcome);
        }
    }

    /// All visits that are still open: those of every frame's current state.
    fn settle_open_visits(&mut self, now: Timestamp, outcome: VisitOutcome) {
        let open: Vec<usize> = (0..self.visits.len()).filter(|visit| self.visits[*visit].exited_at.is_none()).collect();
        for visit in open {
            self.settle_visit(now, visit, outcome.clone());
        }
    }
}
