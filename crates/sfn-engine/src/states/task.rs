//! Task: asks for work and waits for its answer.

use std::rc::Rc;

use asl::{Computed, Pattern, Resource, Seconds, Service, State, StateKind, TaskState};
use sfn_history::EventDetails;
use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use super::wait::{jsonata_seconds, whole_seconds};
use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::flow::{is_jsonata, next_of, take_phase};
use crate::frame::{Frame, Phase};
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
    pub(crate) fn schedule_task(&mut self, now: Timestamp, frame: &mut Frame, state: &State, task: &TaskState) -> Step {
        let resource = &task.resource;
        let is_activity = resource.service == Service::Activity;
        // A Task that waits for a job has a token too: whoever gets it may end the wait early.
        let has_token = resource.pattern != Pattern::RequestResponse;
        let token = (has_token || is_activity).then(|| task_token(&mut self.randomness));
        if has_token {
            frame.current.context.set_token(token.clone());
        }
        let input = self.effective_input(frame, state)?;
        let arguments = self.template(now, frame, "Arguments", task.arguments.as_ref(), &input)?;
        if let Some(arguments) = &arguments {
            let jsonata = is_jsonata(state);
            self.stage(frame, |stages| {
                let stage = if jsonata { &mut stages.after_arguments } else { &mut stages.after_parameters };
                *stage = Some(arguments.clone());
            });
        }
        let given = arguments.is_some() || is_jsonata(state);
        let parameters = arguments.unwrap_or_else(|| input.clone());
        if !given {
            self.test_stage(frame, |stages| stages.after_parameters = Some(parameters.clone()));
        }
        let timeout_seconds = self.task_seconds(now, frame, "TimeoutSeconds", task.timeout.as_ref(), &input)?;
        let heartbeat_seconds = self.task_seconds(now, frame, "HeartbeatSeconds", task.heartbeat.as_ref(), &input)?;
        let credentials = self.template(now, frame, "Credentials", task.credentials.as_ref(), &input)?;
        if self.too_large(&parameters) {
            return self.fail_state(now, frame, Failure::too_large(&state.name));
        }
        if let Some(step) = self.mocked(now, frame)? {
            return step;
        }

        self.tasks += 1;
        let request = TaskRequest {
            task: self.tasks,
            state_name: Rc::clone(&state.name),
            attempt: frame.current.retry_count.saturating_add(1),
            resource: resource.clone(),
            parameters,
            task_token: token.clone(),
            timeout_seconds,
            heartbeat_seconds,
            credentials_role_arn: credentials
                .and_then(|credentials| credentials.get("RoleArn")?.as_shared_str().cloned()),
        };
        let mut running = Box::new(RunningTask {
            id: self.tasks,
            resource: resource.clone(),
            events: TaskEvents::of(resource),
            timeout: timeout_seconds.map(Duration::from_secs),
            heartbeat: heartbeat_seconds.map(Duration::from_secs),
            timeout_at: None,
            heartbeat_at: None,
        });
        if !is_activity {
            running.start_clocks(now);
        }
        if let Some(visit) = self.visit(frame) {
            visit.outcome = VisitOutcome::InProgress;
            let detail = visit.detail_mut();
            detail.task = Some(running.id);
            detail.task_token = token;
        }
        let scheduled = running.events.scheduled(&request, &self.region);
        self.record(now, frame, scheduled)?;
        self.by_task.insert(running.id, frame.id);
        self.effects.push_back(Effect::ScheduleTask(request));
        self.await_answer(now, frame, running);
        Ok(Flow::Goes)
    }

    fn task_seconds(
        &mut self,
        now: Timestamp,
        frame: &Frame,
        field: &str,
        seconds: Option<&Seconds>,
        input: &Value,
    ) -> Result<Option<u64>, Stop> {
        Ok(match seconds {
            None => None,
            Some(Computed::Fixed(seconds)) => Some(*seconds),
            Some(Computed::Path(path)) => {
                let value = path.select(&frame.scope(input))?;
                Some(whole_seconds(&format!("{field}Path"), path, &value)?)
            }
            Some(Computed::Jsonata(template)) => {
                let value = template.evaluate_number(field, &frame.jsonata(now, None), &mut self.randomness)?;
                Some(jsonata_seconds(field, &Value::Number(value))?)
            }
        })
    }

    /// The frame waits for its task's answer, at most until the task's clocks run out.
    fn await_answer(&mut self, now: Timestamp, frame: &mut Frame, running: Box<RunningTask>) {
        if let Some(visit) = self.visit(frame)
            && (running.deadline().is_some() || visit.detail().timeout_at.is_some())
        {
            let detail = visit.detail_mut();
            detail.timeout_at = running.timeout_at;
            detail.heartbeat_timeout_at = running.heartbeat_at;
        }
        match running.deadline() {
            Some(deadline) => self.schedule(now, frame, deadline),
            None => self.unschedule(frame),
        }
        frame.phase = Phase::Task(running);
    }

    /// An answer for a task; a late one is ignored.
    pub(crate) fn answer(&mut self, now: Timestamp, answer: Input) {
        let Some(mut frame) =
            answer.task().and_then(|task| self.by_task.get(&task).copied()).and_then(|id| self.take(id))
        else {
            return;
        };
        let step = match take_phase(&mut frame) {
            Phase::Task(running) if answer.task() == Some(running.id) => {
                self.answer_task(now, &mut frame, running, answer)
            }
            Phase::MapRun(progress) => self.answer_map_run(now, &mut frame, progress, answer),
            other => {
                frame.phase = other;
                Ok(Flow::Goes)
            }
        };
        self.settle(now, frame, step);
    }

    fn answer_task(&mut self, now: Timestamp, frame: &mut Frame, mut running: Box<RunningTask>, answer: Input) -> Step {
        match answer {
            Input::TaskStarted { .. } => {
                let event = running.events.started(None);
                self.go_on(now, frame, running, Some(event))
            }
            Input::ActivityStarted { worker_name, .. } => {
                running.start_clocks(now);
                let event = running.events.started(worker_name);
                self.go_on(now, frame, running, Some(event))
            }
            Input::TaskSubmitted { output, .. } => {
                let event = running.events.submitted(output);
                if let Some(visit) = self.visit(frame) {
                    visit.outcome = VisitOutcome::WaitingForCallback;
                }
                self.go_on(now, frame, running, event)
            }
            Input::TaskHeartbeat { .. } => {
                running.heartbeat_at = running.heartbeat.map(|heartbeat| now + heartbeat);
                if let Some(visit) = self.visit(frame) {
                    visit.detail_mut().last_heartbeat_at = Some(now);
                }
                self.go_on(now, frame, running, None)
            }
            Input::TaskStartFailed { error, .. } => {
                let event = running.events.start_failed(error.clone());
                self.task_is_over(now, frame, &running, event, Failure::new(error))
            }
            Input::TaskSubmitFailed { error, .. } => {
                let event = running.events.submit_failed(error.clone());
                self.task_is_over(now, frame, &running, event, Failure::new(error))
            }
            Input::TaskFailed { error, .. } => {
                let event = running.events.failed(error.clone());
                self.task_is_over(now, frame, &running, event, Failure::new(error))
            }
            Input::TaskSucceeded { output, .. } => {
                let step = self.task_succeeded(now, frame, &running, output);
                self.fail_queries(now, frame, step)
            }
            Input::Start | Input::Redrive | Input::Stop { .. } | Input::ItemsRead { .. } => {
                self.go_on(now, frame, running, None)
            }
        }
    }

    /// The task stays, after an event.
    fn go_on(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        running: Box<RunningTask>,
        event: Option<EventDetails>,
    ) -> Step {
        if let Some(event) = event {
            self.record(now, frame, event)?;
        }
        self.await_answer(now, frame, running);
        Ok(Flow::Goes)
    }

    /// The attempt failed, as the event says.
    fn task_is_over(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        running: &RunningTask,
        event: EventDetails,
        failure: Failure,
    ) -> Step {
        self.by_task.remove(&running.id);
        self.unschedule(frame);
        self.record(now, frame, event)?;
        self.fail_state(now, frame, failure)
    }

    fn task_succeeded(&mut self, now: Timestamp, frame: &mut Frame, running: &RunningTask, result: Value) -> Step {
        if self.too_large(&result) {
            let failure = Failure::too_large(&running.events.limit_name(&running.resource));
            let event = running.events.failed(failure.error.clone());
            return self.task_is_over(now, frame, running, event, failure);
        }
        self.by_task.remove(&running.id);
        self.unschedule(frame);
        self.record(now, frame, running.events.succeeded(result.clone()))?;
        self.hand_on_result(now, frame, result)
    }

    /// What a Task, Parallel or Map does with its result.
    pub(crate) fn hand_on_result(&mut self, now: Timestamp, frame: &mut Frame, result: Value) -> Step {
        let level = Rc::clone(&frame.level);
        let state = level.at(frame.current.state);
        let (selector, path, transition) = match &state.kind {
            StateKind::Task(task) => (&task.result_selector, &task.result_path, &task.transition),
            StateKind::Parallel(parallel) => (&parallel.result_selector, &parallel.result_path, &parallel.transition),
            StateKind::Map(map) => (&map.result_selector, &map.result_path, &map.transition),
            _ => return Ok(Flow::Goes),
        };
        self.stage(frame, |stages| {
            stages.result = Some(result.clone());
            stages.error = None;
        });
        let next = next_of(transition);
        if is_jsonata(state) {
            return self.finish_jsonata(now, frame, state, &result, Some(&result), next);
        }
        let selected = self.payload(frame, selector.as_ref(), &result)?;
        if let Some(selected) = &selected {
            self.stage(frame, |stages| stages.after_result_selector = Some(selected.clone()));
        }
        let selected = selected.unwrap_or(result);
        self.test_stage(frame, |stages| stages.after_result_selector = Some(selected.clone()));
        self.finish_jsonpath(now, frame, state, selected, path, next)
    }

    pub(crate) fn task_timed_out(&mut self, now: Timestamp, frame: &mut Frame, running: RunningTask) -> Step {
        self.effects.push_back(Effect::CancelTask { task: running.id });
        let missed_heartbeat =
            running.heartbeat_at.is_some_and(|heartbeat| running.timeout_at.is_none_or(|timeout| heartbeat < timeout));
        let failure = Failure::timeout(missed_heartbeat);
        let event = running.events.timed_out(failure.error.clone());
        self.task_is_over(now, frame, &running, event, failure)
    }
}
