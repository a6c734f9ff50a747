//! Task: asks for work and waits for its answer.

use std::mem;
use std::rc::Rc;

use asl::{Pattern, Resource, Seconds, Service, State, StateKind, TaskState};
use sfn_history::ErrorOutput;
use shared_json::Value;
use states_query::{QueryError, Scope};
use virtual_time::{Duration, Timestamp};

use super::wait::whole_seconds;
use crate::context;
use crate::execution::{Execution, Halt, Phase, Step, next_of};
use crate::failure::Failure;
use crate::input::{Effect, Input, TaskId, TaskRequest};
use crate::task_events::TaskEvents;
use crate::token::task_token;
use crate::visit::VisitOutcome;

/// An attempt that waits for its answer.
#[derive(Debug)]
pub(crate) struct RunningTask {
    pub(crate) id: TaskId,
    resource: Resource,
    events: TaskEvents,
    timeout: Option<Duration>,
    heartbeat: Option<Duration>,
    timeout_at: Option<Timestamp>,
    heartbeat_at: Option<Timestamp>,
}

impl RunningTask {
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.timeout_at.into_iter().chain(self.heartbeat_at).min()
    }

    /// Both clocks start when the task is scheduled, those of an activity when a worker takes it.
    fn start_clocks(&mut self, now: Timestamp) {
        self.timeout_at = self.timeout.map(|timeout| now + timeout);
        self.heartbeat_at = self.heartbeat.map(|heartbeat| now + heartbeat);
    }
}

impl Execution {
    pub(crate) fn schedule_task(
        &mut self,
        now: Timestamp,
        state: &State,
        task: &TaskState,
    ) -> Result<Step, QueryError> {
        let resource = &task.resource;
        let is_activity = resource.service == Service::Activity;
        let has_token = resource.pattern == Pattern::WaitForTaskToken;
        let token = (has_token || is_activity).then(|| task_token(&mut self.randomness));
        let retry_count = Some(self.current.retry_count);
        let plain = context::in_state(&self.base_context, &state.name, self.current.entered_at, retry_count);
        self.current.context = match &token {
            Some(token) if has_token => context::with_token(&plain, token),
            _ => plain,
        };

        let input = self.effective_input(state)?;
        let parameters = self.evaluate(task.parameters.as_ref(), &input)?;
        self.stage(|stages| stages.after_parameters = parameters.clone());
        let parameters = parameters.unwrap_or_else(|| input.clone());
        let timeout_seconds = self.task_seconds("TimeoutSecondsPath", task.timeout.as_ref(), &input)?;
        let heartbeat_seconds = self.task_seconds("HeartbeatSecondsPath", task.heartbeat.as_ref(), &input)?;
        let credentials = self.evaluate(task.credentials.as_ref(), &input)?;
        if self.too_large(&parameters) {
            return Ok(self.fail_state(now, Failure::too_large(&state.name)));
        }

        self.tasks += 1;
        let request = TaskRequest {
            task: self.tasks,
            state_name: Rc::clone(&state.name),
            attempt: self.current.retry_count.saturating_add(1),
            resource: resource.clone(),
            parameters,
            task_token: token.clone(),
            timeout_seconds,
            heartbeat_seconds,
            credentials_role_arn: credentials
                .and_then(|credentials| credentials.get("RoleArn")?.as_shared_str().cloned()),
        };
        let mut running = RunningTask {
            id: self.tasks,
            resource: resource.clone(),
            events: TaskEvents::of(resource),
            timeout: timeout_seconds.map(Duration::from_secs),
            heartbeat: heartbeat_seconds.map(Duration::from_secs),
            timeout_at: None,
            heartbeat_at: None,
        };
        if !is_activity {
            running.start_clocks(now);
        }
        if let Some(visit) = self.visits.last_mut() {
            visit.outcome = VisitOutcome::InProgress;
            visit.task = Some(running.id);
            visit.task_token = token;
        }
        let region: Rc<str> = self.start.state_machine_arn.split(':').nth(3).unwrap_or_default().into();
        let scheduled = running.events.scheduled(&request, &region);
        if self.record(now, scheduled).is_err() {
            return Ok(Err(Halt));
        }
        self.show_clocks(&running);
        self.phase = Phase::Task(running);
        self.effects.push_back(Effect::ScheduleTask(request));
        Ok(Ok(()))
    }

    fn task_seconds(&self, field: &str, seconds: Option<&Seconds>, input: &Value) -> Result<Option<u64>, QueryError> {
        match seconds {
            None => Ok(None),
            Some(Seconds::Fixed(seconds)) => Ok(Some(*seconds)),
            Some(Seconds::Path(path)) => {
                let value = path.select(&Scope { input, context: &self.current.context })?;
                whole_seconds(field, path, &value).map(Some)
            }
        }
    }

    /// An answer for the task that waits; any other is too late.
    pub(crate) fn answer_task(&mut self, now: Timestamp, answer: Input) -> Step {
        let task = match &answer {
            Input::TaskStarted { task }
            | Input::ActivityStarted { task, .. }
            | Input::TaskStartFailed { task, .. }
            | Input::TaskSubmitted { task, .. }
            | Input::TaskSubmitFailed { task, .. }
            | Input::TaskSucceeded { task, .. }
            | Input::TaskFailed { task, .. }
            | Input::TaskHeartbeat { task } => *task,
            Input::Start | Input::Stop { .. } => return Ok(()),
        };
        let mut running = match mem::replace(&mut self.phase, Phase::Ended) {
            // An answer that comes with or after the deadline is too late, even when the wake-up comes behind it.
            Phase::Task(running) if running.id == task && running.deadline().is_none_or(|at| now < at) => running,
            other => {
                self.phase = other;
                return Ok(());
            }
        };
        match answer {
            Input::TaskStarted { .. } => {
                let event = running.events.started(None);
                self.go_on(now, running, Some(event))
            }
            Input::ActivityStarted { worker_name, .. } => {
                running.start_clocks(now);
                let event = running.events.started(worker_name);
                self.go_on(now, running, Some(event))
            }
            Input::TaskSubmitted { output, .. } => {
                let event = running.events.submitted(output);
                if let Some(visit) = self.visits.last_mut() {
                    visit.outcome = VisitOutcome::WaitingForCallback;
                }
                self.go_on(now, running, event)
            }
            Input::TaskHeartbeat { .. } => {
                running.heartbeat_at = running.heartbeat.map(|heartbeat| now + heartbeat);
                if let Some(visit) = self.visits.last_mut() {
                    visit.last_heartbeat_at = Some(now);
                }
                self.go_on(now, running, None)
            }
            Input::TaskStartFailed { error, .. } => {
                self.record(now, running.events.start_failed(error.clone()))?;
                self.fail_state(now, Failure::new(error))
            }
            Input::TaskSubmitFailed { error, .. } => {
                self.record(now, running.events.submit_failed(error.clone()))?;
                self.fail_state(now, Failure::new(error))
            }
            Input::TaskFailed { error, .. } => self.task_failed(now, &running, error),
            Input::TaskSucceeded { output, .. } => self.task_succeeded(now, &running, output),
            Input::Start | Input::Stop { .. } => Ok(()),
        }
    }

    /// The task stays, after an event.
    fn go_on(&mut self, now: Timestamp, running: RunningTask, event: Option<sfn_history::EventDetails>) -> Step {
        self.show_clocks(&running);
        self.phase = Phase::Task(running);
        if let Some(event) = event {
            self.record(now, event)?;
        }
        Ok(())
    }

    fn task_failed(&mut self, now: Timestamp, running: &RunningTask, error: ErrorOutput) -> Step {
        self.record(now, running.events.failed(error.clone()))?;
        self.fail_state(now, Failure::new(error))
    }

    fn task_succeeded(&mut self, now: Timestamp, running: &RunningTask, result: Value) -> Step {
        if self.too_large(&result) {
            let failure = Failure::too_large(&running.events.limit_name(&running.resource));
            return self.task_failed(now, running, failure.error);
        }
        self.record(now, running.events.succeeded(result.clone()))?;
        let definition = Rc::clone(&self.start.definition);
        let Some(state) = definition.state(&self.current.name) else { return Err(Halt) };
        let StateKind::Task(task) = &state.kind else { return Err(Halt) };
        match self.hand_on(now, state, task, result) {
            Ok(step) => step,
            Err(error) => self.fail_query(now, error),
        }
    }

    fn hand_on(&mut self, now: Timestamp, state: &State, task: &TaskState, result: Value) -> Result<Step, QueryError> {
        self.stage(|stages| {
            stages.result = Some(result.clone());
            stages.error = None;
        });
        let selected = self.evaluate(task.result_selector.as_ref(), &result)?;
        self.stage(|stages| stages.after_result_selector = selected.clone());
        let combined = self.place_result(&task.result_path, selected.unwrap_or(result))?;
        self.finish(now, state, combined, next_of(&task.transition))
    }

    pub(crate) fn task_timed_out(&mut self, now: Timestamp, running: RunningTask) -> Step {
        self.effects.push_back(Effect::CancelTask { task: running.id });
        let missed_heartbeat =
            running.heartbeat_at.is_some_and(|heartbeat| running.timeout_at.is_none_or(|timeout| heartbeat < timeout));
        let failure = Failure::timeout(missed_heartbeat);
        self.record(now, running.events.timed_out(failure.error.clone()))?;
        self.fail_state(now, failure)
    }

    fn show_clocks(&mut self, running: &RunningTask) {
        if let Some(visit) = self.visits.last_mut() {
            visit.timeout_at = running.timeout_at;
            visit.heartbeat_timeout_at = running.heartbeat_at;
        }
    }
}
