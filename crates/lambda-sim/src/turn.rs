//! A host's turn laid out on the virtual clock: its lines, its calls, and where it leaves the handler.
//!
//! Nothing of a turn takes effect at or after the deadline of its environment: then it is a timeout.

use aws_protocol::AwsError;
use aws_protocol::handler::{AwsCall, CallAnswer, Command, HandlerError, KillReason, LogLine, Turn, TurnState};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Timer;
use crate::environment::Phase;
use crate::io::Origin;
use crate::logs;
use crate::machine::{Functions, Requester};
use crate::run::{Ending, sandbox_error};
use crate::trace::LambdaTrace;

impl Functions {
    pub(crate) fn host_answered(&mut self, id: u64, turn: Turn) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        if !environment.awaits_host {
            return;
        }
        environment.awaits_host = false;
        let start = environment.turn_start;
        // Even an empty turn takes a moment, so that no handler can stop the clock.
        let end = start + Duration::from_micros(turn.micros.max(1));
        let deadline = environment.deadline_at();
        let mut timers = Vec::new();
        for line in turn.logs {
            let at = (start + Duration::from_micros(line.at)).min(end);
            if at < deadline {
                timers.push(self.agenda.schedule(at, Timer::Log { environment: id, line }));
            }
        }
        for call in turn.calls {
            let at = (start + Duration::from_micros(call.at)).min(end);
            if at < deadline {
                environment.calls.insert(call.call, None);
                timers.push(self.agenda.schedule(at, Timer::Call { environment: id, call }));
            }
        }
        // The rest happens at the deadline, as a timeout.
        let silent = matches!(turn.state, TurnState::TimedOut | TurnState::Killed { reason: KillReason::Unresponsive });
        if !silent && end < deadline {
            environment.turn_state = Some(turn.state);
            timers.push(self.agenda.schedule(end, Timer::TurnEnd { environment: id }));
        }
        environment.turn_timers = timers;
        let function = environment.function.clone();
        let request_id = self.request_id(id);
        for notice in turn.notices {
            self.trace(LambdaTrace::Notice {
                function: function.clone(),
                request_id: request_id.clone(),
                code: notice.code,
                message: notice.message,
            });
        }
    }

    /// The request that the environment serves, once its handler runs.
    fn request_id(&self, id: u64) -> Option<std::rc::Rc<str>> {
        let environment = self.environments.get(&id)?;
        if environment.phase != Phase::Invoking {
            return None;
        }
        Some(self.invocations.get(&environment.invocation?)?.request_id.clone())
    }

    pub(crate) fn handler_logged(&mut self, now: Timestamp, id: u64, line: &LogLine) {
        let request_id = self.request_id(id);
        self.write_log(now, id, logs::console(now, request_id.as_deref(), &line.level, &line.text));
    }

    pub(crate) fn handler_called(&mut self, id: u64, call: AwsCall) {
        let Some(environment) = self.environments.get(&id) else { return };
        let Some(invocation) = environment.invocation.and_then(|id| self.invocations.get(&id)) else { return };
        let origin = Origin::Invocation { request_id: invocation.request_id.clone() };
        let role_arn = environment.configuration.role_arn.clone();
        let session_name = environment.function.clone();
        let params = Value::parse(&call.params).unwrap_or_default();
        let requester = Requester::Handler { environment: id, call: call.call };
        let request = self.request(requester, role_arn, session_name, call.action, params, origin);
        if let Some(environment) = self.environments.get_mut(&id) {
            environment.calls.insert(call.call, Some(request));
        }
    }

    /// An answer that comes between invocations waits for the next one, as in a frozen environment on AWS.
    pub(crate) fn call_answered(&mut self, now: Timestamp, id: u64, call: u64, result: Result<Value, AwsError>) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.calls.remove(&call);
        environment.answers.push(CallAnswer { call, outcome: result.map(|value| value.to_string()) });
        if environment.waiting {
            self.resume(now, id);
        }
    }

    pub(crate) fn resume(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        if let Some(key) = environment.resume_timer.take() {
            self.agenda.cancel(key);
        }
        let answers = std::mem::take(&mut environment.answers);
        self.send(now, id, Command::Resume { now, answers });
    }

    pub(crate) fn turn_ended(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.turn_timers.clear();
        let Some(state) = environment.turn_state.take() else { return };
        let initialising = environment.phase == Phase::Initialising;
        match state {
            TurnState::Waiting { next_timer } => self.wait(now, id, next_timer),
            TurnState::Idle | TurnState::Done { .. } if initialising => self.loaded(now, id),
            TurnState::Idle => self.finish(now, id, Ending::Returned("null".into()), None),
            TurnState::Done { result } => self.finish(now, id, Ending::Returned(result.into()), None),
            TurnState::Failed { error, .. } if initialising => self.loading_failed(now, id, &error),
            TurnState::Failed { error, exited } => self.handler_failed(now, id, error, exited),
            TurnState::Raised { payload } => self.handler_raised(now, id, &payload),
            TurnState::Killed { reason } => self.process_ended(now, id, reason),
            // Stays silent until the deadline.
            TurnState::TimedOut => {}
        }
    }

    fn wait(&mut self, now: Timestamp, id: u64, next_timer: Option<Timestamp>) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        if !environment.answers.is_empty() {
            self.resume(now, id);
            return;
        }
        environment.waiting = true;
        if let Some(at) = next_timer {
            let at = at.max(now);
            if at < environment.deadline_at() {
                environment.resume_timer = Some(self.agenda.schedule(at, Timer::Resume { environment: id }));
            }
        } else if environment.calls.is_empty() && environment.phase == Phase::Invoking {
            // An empty event loop ends the invocation without a result.
            self.finish(now, id, Ending::Returned("null".into()), None);
        }
    }

    /// The code is loaded; starting the environment itself takes its time as well.
    fn loaded(&mut self, now: Timestamp, id: u64) {
        let ready = now + self.options.latencies.cold_start;
        let Some(environment) = self.environments.get_mut(&id) else { return };
        if ready < environment.deadline_at() {
            environment.turn_timers = vec![self.agenda.schedule(ready, Timer::InitDone { environment: id })];
        }
    }

    /// Enters the invocation that waited for a start that failed.
    fn enter_failed_start(&mut self, now: Timestamp, id: u64, status: &str, error_type: Option<&str>) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        let took = now.since(environment.started_at);
        self.write_log(now, id, logs::init_report(took, status, error_type));
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.phase = Phase::Invoking;
        let Some(invocation) = environment.invocation.and_then(|id| self.invocations.get_mut(&id)) else { return };
        invocation.started_at = Some(now);
        let line = logs::start(&invocation.request_id);
        self.write_log(now, id, line);
    }

    fn loading_failed(&mut self, now: Timestamp, id: u64, error: &HandlerError) {
        self.write_log(now, id, logs::error(now, None, "Uncaught Exception", error));
        self.enter_failed_start(now, id, "error", Some(&error.error_type));
        let ending = Ending::Failed { error: handler_error(error), report_status: Some("error") };
        self.finish(now, id, ending, Some("failed to start"));
    }

    fn handler_failed(&mut self, now: Timestamp, id: u64, mut error: HandlerError, exited: bool) {
        let request_id = self.request_id(id).unwrap_or_default();
        if exited && error.error_type == "Runtime.ExitError" {
            if !error.error_message.starts_with("RequestId: ") {
                error.error_message = format!("RequestId: {request_id} Error: {}", error.error_message);
            }
            self.write_log(now, id, format!("{}\nRuntime.ExitError", error.error_message));
        } else {
            let title = if exited { "Uncaught Exception" } else { "Invoke Error" };
            self.write_log(now, id, logs::error(now, Some(&request_id), title, &error));
        }
        let report_status = exited.then_some("error");
        let ending = Ending::Failed { error: handler_error(&error), report_status };
        self.finish(now, id, ending, exited.then_some("exited"));
    }

    /// The payload is answered as the other runtime wrote it.
    fn handler_raised(&mut self, now: Timestamp, id: u64, payload: &str) {
        let request_id = self.request_id(id);
        self.write_log(now, id, logs::console(now, request_id.as_deref(), "ERROR", payload));
        let error = Value::parse(payload).unwrap_or_else(|_| payload.into());
        self.finish(now, id, Ending::Failed { error, report_status: None }, None);
    }

    pub(crate) fn process_ended(&mut self, now: Timestamp, id: u64, reason: KillReason) {
        let how = match reason {
            KillReason::OutOfMemory => "signal: killed",
            KillReason::Crashed | KillReason::Unresponsive => "exit status 1",
        };
        if self.environments.get(&id).is_some_and(|environment| environment.phase == Phase::Initialising) {
            self.enter_failed_start(now, id, "error", Some("Runtime.ExitError"));
        }
        let request_id = self.request_id(id).unwrap_or_default();
        let message = format!("RequestId: {request_id} Error: Runtime exited with error: {how}");
        self.write_log(now, id, format!("{message}\nRuntime.ExitError"));
        let error = sandbox_error("Runtime.ExitError", &message);
        self.finish(now, id, Ending::Failed { error, report_status: Some("error") }, Some("killed"));
    }

    pub(crate) fn time_out(&mut self, now: Timestamp, id: u64) {
        if self.environments.get(&id).is_some_and(|environment| environment.phase == Phase::Initialising) {
            self.enter_failed_start(now, id, "timeout", None);
        }
        let Some(environment) = self.environments.get(&id) else { return };
        let words = logs::timed_out(environment.configuration.timeout_seconds);
        let request_id = self.request_id(id).unwrap_or_default();
        self.write_log(now, id, format!("{now} {request_id} {words}"));
        let error = sandbox_error("Sandbox.Timedout", &format!("RequestId: {request_id} Error: {words}"));
        self.finish(now, id, Ending::TimedOut { error }, Some("timed out"));
    }
}

/// What a failed handler answers.
fn handler_error(error: &HandlerError) -> Value {
    let trace = Value::from(error.trace.iter().map(Value::string).collect::<Vec<_>>());
    json!({"errorType": &error.error_type, "errorMessage": &error.error_message, "trace": &trace})
}
