//! An invocation's life: finding an environment, starting it, ending it, and telling whoever asked.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use aws_protocol::handler::Command;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Timer;
use crate::environment::{Environment, Phase};
use crate::invocation::{Invocation, InvocationSource, InvocationStatus};
use crate::io::Effect;
use crate::logs::{self, LogEvent};
use crate::machine::Functions;
use crate::mock::MockMemory;
use crate::trace::LambdaTrace;

/// Why an invocation could not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    FunctionGone,
    /// The function's own concurrency is used up.
    Reserved,
    /// The account's concurrency is used up.
    Account,
}

impl Refused {
    /// The error that a call which waits gets.
    pub(crate) fn told(self) -> AwsError {
        let reason = match self {
            Refused::Reserved => "ReservedFunctionConcurrentInvocationLimitExceeded",
            Refused::Account | Refused::FunctionGone => "ConcurrentInvocationLimitExceeded",
        };
        AwsError::new("TooManyRequestsException", "Rate Exceeded.").with_status(429).with_reason(reason)
    }
}

/// How an invocation ended.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    Returned(Rc<str>),
    Failed { error: Value, report_status: Option<&'static str> },
    TimedOut { error: Value },
}

/// `{"errorType", "errorMessage"}`: a failure outside of the handler.
pub(crate) fn sandbox_error(error_type: &str, message: &str) -> Value {
    json!({"errorType": error_type, "errorMessage": message})
}

/// Doubles from `first` up to `longest`.
pub(crate) fn backoff((first, longest): (Duration, Duration), tries: u32) -> Duration {
    let factor = 1_u64.checked_shl(tries.min(32)).unwrap_or(u64::MAX);
    Duration::from_micros(first.micros().saturating_mul(factor)).min(longest)
}

impl Functions {
    /// Whether one more invocation of this function may run now.
    fn has_concurrency(&self, function: &str) -> Result<(), Refused> {
        let mut busy: BTreeMap<&str, u32> = BTreeMap::new();
        for environment in self.environments.values().filter(|environment| !environment.is_idle()) {
            *busy.entry(&environment.function).or_default() += 1;
        }
        let used = |name: &str| busy.get(name).copied().unwrap_or(0);
        let reserved = |name: &str| self.functions.get(name).and_then(|f| f.reserved_concurrent_executions);
        if let Some(limit) = reserved(function) {
            return if used(function) < limit { Ok(()) } else { Err(Refused::Reserved) };
        }
        let set_aside: u32 = self.functions.values().filter_map(|f| f.reserved_concurrent_executions).sum();
        let shared: u32 = busy.iter().filter(|(name, _)| reserved(name).is_none()).map(|(_, count)| count).sum();
        let free = shared < self.options.limits.concurrent_executions.saturating_sub(set_aside);
        if free { Ok(()) } else { Err(Refused::Account) }
    }

    fn throttled(&mut self, function: &Rc<str>) {
        *self.throttles.entry(function.clone()).or_default() += 1;
        self.trace(LambdaTrace::Throttled { function: function.clone() });
    }

    /// Gives an invocation to an environment, unless concurrency is used up or the function is gone.
    pub(crate) fn start_invocation(
        &mut self,
        now: Timestamp,
        function: &Rc<str>,
        request_id: Rc<str>,
        event: Rc<str>,
        source: InvocationSource,
    ) -> Result<u64, Refused> {
        let revision = self.functions.get(function).ok_or(Refused::FunctionGone)?.revision;
        if self.takes_throttle(function) {
            self.trace(LambdaTrace::Fault { function: function.clone(), fault: "throttle" });
            self.throttled(function);
            return Err(Refused::Account);
        }
        if let Err(refused) = self.has_concurrency(function) {
            self.throttled(function);
            return Err(refused);
        }
        self.drop_idle_environments(now, function, revision);
        let mock = self.mock_for(function, &event);
        let fits = |e: &&Environment| e.function == *function && e.is_idle() && e.mocked == mock.is_some();
        let warm = self.environments.values().find(fits).map(|e| e.id);
        let cold = warm.is_none();
        let environment = match warm {
            Some(environment) => environment,
            None => self.new_environment(now, function, mock.is_some()).ok_or(Refused::FunctionGone)?,
        };
        let id = self.next_id();
        self.trace(LambdaTrace::InvocationStarted {
            invocation: id,
            request_id: request_id.clone(),
            function: function.clone(),
            environment,
            cold,
            call: if let InvocationSource::Call { call, .. } = source { Some(call) } else { None },
            mapping: if let InvocationSource::Mapping { uuid, .. } = &source { Some(uuid.clone()) } else { None },
            message_ids: match &source {
                InvocationSource::Mapping { message_ids, .. } => message_ids.clone(),
                InvocationSource::Call { .. } | InvocationSource::Event { .. } => Vec::new(),
            },
        });
        let invocation = Invocation {
            id,
            request_id,
            function: function.clone(),
            source,
            event,
            environment,
            cold,
            status: InvocationStatus::Starting,
            accepted_at: now,
            started_at: None,
            ended_at: None,
            mock,
            result: None,
            error: None,
            log: Vec::new(),
        };
        self.remember(invocation);
        if let Some(environment) = self.environments.get_mut(&environment) {
            environment.invocation = Some(id);
        }
        if cold {
            self.initialise(now, environment);
        } else {
            self.make_ready(now, environment);
        }
        Ok(id)
    }

    /// Keeps the invocation, and forgets the oldest finished one when there are too many.
    fn remember(&mut self, invocation: Invocation) {
        let ids = self.history.entry(invocation.function.clone()).or_default();
        ids.push_back(invocation.id);
        self.invocations.insert(invocation.id, invocation);
        if ids.len() > self.options.limits.kept_invocations {
            let finished = |id: &u64| self.invocations.get(id).is_none_or(Invocation::is_finished);
            if let Some(forgotten) = ids.iter().position(finished).and_then(|index| ids.remove(index)) {
                self.invocations.remove(&forgotten);
            }
        }
    }

    /// Idle environments of an older revision, or idle for too long, are gone when somebody looks for one.
    fn drop_idle_environments(&mut self, now: Timestamp, function: &Rc<str>, revision: u64) {
        let idle_time = self.options.latencies.environment_idle;
        let gone = |e: &Environment| match e.phase {
            Phase::Idle { since } => e.revision != revision || since + idle_time <= now,
            Phase::Initialising | Phase::Ready | Phase::Invoking => false,
        };
        let ids: Vec<u64> =
            self.environments.values().filter(|e| e.function == *function && gone(e)).map(|e| e.id).collect();
        for id in ids {
            self.drop_environment(id, "idle");
        }
    }

    /// Ends an environment, with all that it still waits for.
    pub(crate) fn drop_environment(&mut self, id: u64, reason: &'static str) {
        let Some(environment) = self.environments.remove(&id) else { return };
        let timers = environment.turn_timers.iter().chain(&environment.resume_timer).chain(&environment.deadline);
        for key in timers {
            self.agenda.cancel(*key);
        }
        for request in environment.calls.values().flatten() {
            self.cancel_request(*request);
        }
        self.trace(LambdaTrace::EnvironmentEnded { environment: id, function: environment.function, reason });
    }

    fn new_environment(&mut self, now: Timestamp, function: &Rc<str>, mocked: bool) -> Option<u64> {
        let id = self.next_id();
        let stream_id = self.seed.uuid().replace('-', "");
        let day = now.to_rfc3339().get(..10).unwrap_or_default().replace('-', "/");
        let function = self.functions.get(function)?;
        let environment = Environment {
            id,
            function: function.name.clone(),
            revision: function.revision,
            configuration: function.configuration.clone(),
            stream: format!("{day}/[$LATEST]{stream_id}").into(),
            phase: Phase::Initialising,
            started_at: now,
            init_duration: None,
            invocation: None,
            commands: Vec::new(),
            awaits_host: false,
            turn_start: now,
            turn_state: None,
            waiting: false,
            calls: BTreeMap::new(),
            answers: Vec::new(),
            mocked,
            mock: MockMemory::default(),
            turn_timers: Vec::new(),
            resume_timer: None,
            deadline: None,
        };
        self.trace(LambdaTrace::EnvironmentStarted { environment: id, function: environment.function.clone() });
        self.environments.insert(id, environment);
        Some(id)
    }

    fn initialise(&mut self, now: Timestamp, id: u64) {
        let seed = self.seed.next_u64();
        let init_timeout = self.options.latencies.init_timeout;
        let Some(environment) = self.environments.get_mut(&id) else { return };
        let Some(function) = self.functions.get(&environment.function) else { return };
        let line = logs::init_start(&self.options.region, &environment.configuration.runtime);
        let spec = function.environment_spec(&self.options.region, seed);
        let timeout = Duration::from_secs(environment.configuration.timeout_seconds.into());
        environment.deadline =
            Some(self.agenda.schedule(now + init_timeout + timeout, Timer::Deadline { environment: id }));
        self.write_log(now, id, line);
        self.send(now, id, Command::Init { environment: Box::new(spec), now });
    }

    /// Asks the host. Its answer comes before virtual time goes on.
    pub(crate) fn send(&mut self, now: Timestamp, id: u64, command: Command) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.commands.push(command.clone());
        environment.awaits_host = true;
        environment.turn_start = now;
        environment.waiting = false;
        if environment.mocked {
            let turn = self.mocked_turn(id, &command);
            self.host_answered(id, turn);
            return;
        }
        let sequence = environment.commands.len() as u64;
        self.effects.push_back(Effect::HostCommand { environment: id, sequence, command });
    }

    /// The environment has started.
    pub(crate) fn initialised(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.init_duration = Some(now.since(environment.started_at));
        if let Some(key) = environment.deadline.take() {
            self.agenda.cancel(key);
        }
        self.make_ready(now, id);
    }

    fn make_ready(&mut self, now: Timestamp, id: u64) {
        let overhead = self.options.latencies.invoke_overhead;
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.phase = Phase::Ready;
        let key = self.agenda.schedule(now + overhead, Timer::Invoke { environment: id });
        environment.turn_timers = vec![key];
    }

    pub(crate) fn invoke_handler(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        let Some(invocation) = environment.invocation.and_then(|id| self.invocations.get_mut(&id)) else { return };
        let deadline = now + Duration::from_secs(environment.configuration.timeout_seconds.into());
        environment.phase = Phase::Invoking;
        environment.deadline = Some(self.agenda.schedule(deadline, Timer::Deadline { environment: id }));
        invocation.status = InvocationStatus::Running;
        invocation.started_at = Some(now);
        let request_id = invocation.request_id.to_string();
        let event = invocation.event.to_string();
        let function = environment.function.clone();
        self.write_log(now, id, logs::start(&request_id));
        if self.takes_crash(&function) {
            self.crash_now(now, id);
            return;
        }
        self.send(now, id, Command::Invoke { request_id, event, now, deadline });
    }

    /// Adds a line to the log of the environment's function and of its invocation.
    pub(crate) fn write_log(&mut self, at: Timestamp, id: u64, line: String) {
        let Some(environment) = self.environments.get(&id) else { return };
        let (function, stream) = (environment.function.clone(), environment.stream.clone());
        let line: Rc<str> = line.into();
        let kept = self.options.limits.kept_log_lines;
        let mut request_id = None;
        if let Some(invocation) = environment.invocation.and_then(|id| self.invocations.get_mut(&id)) {
            if environment.phase != Phase::Initialising {
                request_id = Some(invocation.request_id.clone());
            }
            if invocation.log.len() < kept {
                invocation.log.push(line.clone());
            }
        }
        let log = self.logs.entry(function.clone()).or_default();
        log.push_back(LogEvent { at, stream, request_id: request_id.clone(), line: line.clone() });
        if log.len() > kept {
            log.pop_front();
        }
        self.trace(LambdaTrace::Log { function, request_id, line });
    }

    /// Ends the environment's invocation, and the environment too when `gone` says why.
    pub(crate) fn finish(&mut self, now: Timestamp, id: u64, ending: Ending, gone: Option<&'static str>) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        let Some(invocation_id) = environment.invocation else { return };
        environment.waiting = false;
        for key in environment.resume_timer.take().into_iter().chain(environment.deadline.take()) {
            self.agenda.cancel(key);
        }
        let init = environment.init_duration.take();
        let memory_mb = environment.configuration.memory_mb;
        let Some(invocation) = self.invocations.get_mut(&invocation_id) else { return };
        let request_id = invocation.request_id.clone();
        let duration = now.since(invocation.started_at.unwrap_or(now));
        let ending = self.check_response_size(ending);

        let error = match &ending {
            Ending::Returned(_) => None,
            Ending::Failed { error, .. } | Ending::TimedOut { error } => Some(error),
        };
        let status = match &ending {
            Ending::Returned(_) => None,
            Ending::Failed { report_status, .. } => *report_status,
            Ending::TimedOut { .. } => Some("timeout"),
        };
        let error_type =
            if status == Some("error") { error.and_then(|error| error.get_str("errorType")) } else { None };
        let report =
            logs::report(&logs::Report { request_id: &request_id, duration, memory_mb, init, status, error_type });
        self.write_log(now, id, logs::end(&request_id));
        self.write_log(now, id, report);

        let Some(invocation) = self.invocations.get_mut(&invocation_id) else { return };
        invocation.ended_at = Some(now);
        match ending {
            Ending::Returned(result) => {
                invocation.status = InvocationStatus::Succeeded;
                invocation.result = Some(result);
            }
            Ending::Failed { error, .. } => {
                invocation.status = InvocationStatus::Failed;
                invocation.error = Some(error.to_string().into());
            }
            Ending::TimedOut { error } => {
                invocation.status = InvocationStatus::TimedOut;
                invocation.error = Some(error.to_string().into());
            }
        }
        let finished = invocation.clone();
        self.trace(LambdaTrace::InvocationFinished {
            invocation: invocation_id,
            request_id,
            function: finished.function.clone(),
            status: finished.status,
        });
        self.release(now, id, gone);
        self.report(now, &finished);
    }

    fn check_response_size(&self, ending: Ending) -> Ending {
        let limit = self.options.limits.response_bytes;
        match ending {
            Ending::Returned(result) if result.len() > limit => Ending::Failed {
                error: sandbox_error(
                    "Function.ResponseSizeTooLarge",
                    &format!(
                        "Response payload size ({} bytes) exceeded maximum allowed payload size ({limit} bytes).",
                        result.len()
                    ),
                ),
                report_status: None,
            },
            ending => ending,
        }
    }

    /// After its invocation an environment is idle, or gone.
    fn release(&mut self, now: Timestamp, id: u64, gone: Option<&'static str>) {
        let Some(environment) = self.environments.get_mut(&id) else { return };
        environment.invocation = None;
        environment.phase = Phase::Idle { since: now };
        let current = self.functions.get(&environment.function).map(|function| function.revision);
        let reason = gone.or(match current {
            None => Some("function deleted"),
            Some(revision) if revision != environment.revision => Some("function updated"),
            Some(_) if environment.commands.len() >= self.options.limits.environment_commands => Some("replaced"),
            Some(_) => None,
        });
        if let Some(reason) = reason {
            self.drop_environment(id, reason);
        }
    }

    /// Tells the one who asked.
    fn report(&mut self, now: Timestamp, invocation: &Invocation) {
        match &invocation.source {
            InvocationSource::Call { call, log_tail } => {
                let answer = invoke_answer(invocation, *log_tail);
                self.answer(*call, Ok(answer));
            }
            InvocationSource::Event { event, .. } => self.event_attempted(now, *event, invocation),
            InvocationSource::Mapping { batch, .. } => self.batch_finished(now, *batch, invocation),
        }
    }
}

/// What `Invoke` answers for a finished invocation.
fn invoke_answer(invocation: &Invocation, log_tail: bool) -> Value {
    const LOG_TAIL_BYTES: usize = 4_096;
    let payload = invocation.error.as_ref().or(invocation.result.as_ref());
    let mut answer = json!({"StatusCode": 200, "ExecutedVersion": "$LATEST"});
    if invocation.error.is_some() {
        answer = answer.with("FunctionError", Value::string("Unhandled"));
    }
    if log_tail {
        let log = invocation.log.iter().map(|line| format!("{line}\n")).collect::<String>();
        let tail = log.as_bytes().get(log.len().saturating_sub(LOG_TAIL_BYTES)..).unwrap_or_default();
        answer = answer.with("LogResult", Value::from(STANDARD.encode(tail)));
    }
    answer.with("Payload", payload.map_or(Value::string("null"), |text| Value::from(text.clone())))
}
