//! The machine's state and its four methods. What each input does is told in `api`, `run`, `turn` and `poll`.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use aws_protocol::handler::Command;
use aws_protocol::{AwsError, Randomness};
use mock_rules::{Counts, Rules};
use shared_json::Value;
use virtual_time::Timestamp;

use crate::agenda::{Agenda, Timer};
use crate::batch::Batch;
use crate::environment::Environment;
use crate::event::AsyncEvent;
use crate::fault::PendingFaults;
use crate::function::Function;
use crate::invocation::Invocation;
use crate::io::{Effect, Input, Origin};
use crate::logs::LogEvent;
use crate::mapping::EventSourceMapping;
use crate::options::FunctionsOptions;
use crate::trace::LambdaTrace;

/// Who waits for the answer to an [`Effect::AwsRequest`].
#[derive(Clone, Debug)]
pub(crate) enum Requester {
    Poll {
        uuid: Rc<str>,
    },
    Delete {
        batch: u64,
    },
    /// Deletes what the filters dropped.
    Drop {
        uuid: Rc<str>,
    },
    /// A record of an asynchronous invocation on its way to a queue.
    Deliver {
        function: Rc<str>,
        request_id: Rc<str>,
    },
    Handler {
        environment: u64,
        call: u64,
    },
}

/// All functions of one account and region.
#[derive(Clone, Debug)]
pub struct Functions {
    pub(crate) options: FunctionsOptions,
    pub(crate) seed: Randomness,
    pub(crate) functions: BTreeMap<Rc<str>, Function>,
    pub(crate) environments: BTreeMap<u64, Environment>,
    pub(crate) invocations: BTreeMap<u64, Invocation>,
    /// Each function's invocations, oldest first; they outlive the function, as its log does.
    pub(crate) history: BTreeMap<Rc<str>, VecDeque<u64>>,
    pub(crate) logs: BTreeMap<Rc<str>, VecDeque<LogEvent>>,
    pub(crate) mappings: BTreeMap<Rc<str>, EventSourceMapping>,
    pub(crate) batches: BTreeMap<u64, Batch>,
    pub(crate) events: BTreeMap<u64, AsyncEvent>,
    pub(crate) requests: BTreeMap<u64, Requester>,
    pub(crate) mock_rules: Rc<Rules>,
    pub(crate) mock_counts: Counts,
    pub(crate) faults: BTreeMap<Rc<str>, PendingFaults>,
    pub(crate) throttles: BTreeMap<Rc<str>, u64>,
    pub(crate) agenda: Agenda,
    pub(crate) effects: VecDeque<Effect>,
    last_id: u64,
}

impl Functions {
    #[must_use]
    pub fn new(options: FunctionsOptions) -> Self {
        Functions {
            seed: Randomness::new(options.seed),
            options,
            functions: BTreeMap::new(),
            environments: BTreeMap::new(),
            invocations: BTreeMap::new(),
            history: BTreeMap::new(),
            logs: BTreeMap::new(),
            mappings: BTreeMap::new(),
            batches: BTreeMap::new(),
            events: BTreeMap::new(),
            requests: BTreeMap::new(),
            mock_rules: Rc::default(),
            mock_counts: Counts::default(),
            faults: BTreeMap::new(),
            throttles: BTreeMap::new(),
            agenda: Agenda::default(),
            effects: VecDeque::new(),
            last_id: 0,
        }
    }

    /// Takes one input. An answer that nobody waits for is ignored.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        match input {
            Input::Call { call, action, params, facts } => self.call(now, call, &action, &params, &facts),
            Input::HostAnswer { environment, turn } => self.host_answered(environment, turn),
            Input::AwsAnswer { request, result } => match self.requests.remove(&request) {
                Some(Requester::Poll { uuid }) => self.polled(now, &uuid, result),
                Some(Requester::Delete { batch }) => self.deleted(now, batch, result),
                Some(Requester::Drop { uuid }) => self.dropped(&uuid, result),
                Some(Requester::Deliver { function, request_id }) => self.delivered(function, request_id, result),
                Some(Requester::Handler { environment, call }) => self.call_answered(now, environment, call, result),
                None => {}
            },
        }
    }

    /// Does all that is due.
    pub fn handle_wakeup(&mut self, now: Timestamp) {
        while let Some((at, timer)) = self.agenda.pop_due(now) {
            match timer {
                Timer::Log { environment, line } => self.handler_logged(at, environment, &line),
                Timer::Call { environment, call } => self.handler_called(environment, call),
                Timer::TurnEnd { environment } => self.turn_ended(at, environment),
                Timer::InitDone { environment } => self.initialised(at, environment),
                Timer::Invoke { environment } => self.invoke_handler(at, environment),
                Timer::Resume { environment } => self.resume(at, environment),
                Timer::Deadline { environment } => self.time_out(at, environment),
                Timer::Attempt { event } => self.attempt_event(at, event),
                Timer::MappingTransition { uuid } => self.mapping_settled(at, &uuid),
                Timer::PollAgain { uuid } => self.poll_again(at, &uuid),
                Timer::WindowEnd { uuid } => self.window_ended(at, &uuid),
                Timer::ScaleUp { uuid } => self.scale_up(at, &uuid),
                Timer::BatchAgain { batch } => self.invoke_batch(at, batch),
            }
        }
    }

    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// All that the environment was asked for, in order; empty when it is gone. Sent again to a fresh
    /// interpreter, the commands bring back the same environment.
    #[must_use]
    pub fn environment_commands(&self, environment: u64) -> &[Command] {
        self.environments.get(&environment).map_or(&[], |environment| &environment.commands)
    }

    /// By name.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// In the order of their requests, over all functions.
    pub fn invocations(&self) -> impl DoubleEndedIterator<Item = &Invocation> {
        self.invocations.values()
    }

    /// Of one function, oldest first, as far as they are remembered.
    pub fn invocations_of(&self, function: &str) -> impl DoubleEndedIterator<Item = &Invocation> {
        let ids = self.history.get(function).into_iter().flatten();
        ids.filter_map(|id| self.invocations.get(id))
    }

    /// How often an invocation of the function was refused for want of concurrency.
    #[must_use]
    pub fn throttles(&self, function: &str) -> u64 {
        self.throttles.get(function).copied().unwrap_or(0)
    }

    /// What is left for functions that reserve nothing.
    #[must_use]
    pub fn unreserved_concurrency(&self) -> u32 {
        let reserved: u32 = self.functions.values().filter_map(|f| f.reserved_concurrent_executions).sum();
        self.options.limits.concurrent_executions.saturating_sub(reserved)
    }

    #[must_use]
    pub fn invocation(&self, id: u64) -> Option<&Invocation> {
        self.invocations.get(&id)
    }

    /// By UUID.
    pub fn mappings(&self) -> impl Iterator<Item = &EventSourceMapping> {
        self.mappings.values()
    }

    /// The visibility timeout of the queue that a mapping reads.
    pub fn set_queue_visibility(&mut self, uuid: &str, seconds: u64) {
        if let Some(mapping) = self.mappings.get_mut(uuid) {
            mapping.queue_visibility_seconds = seconds;
        }
    }

    /// The function's log, oldest line first; it outlives the function.
    pub fn logs(&self, function: &str) -> impl DoubleEndedIterator<Item = &LogEvent> {
        self.logs.get(function).into_iter().flatten()
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn trace(&mut self, trace: LambdaTrace) {
        self.effects.push_back(Effect::Trace(trace));
    }

    pub(crate) fn answer(&mut self, call: u64, result: Result<Value, AwsError>) {
        self.effects.push_back(Effect::Answer { call, result });
    }

    /// Calls an AWS action as a function's role.
    pub(crate) fn request(
        &mut self,
        requester: Requester,
        role_arn: Rc<str>,
        session_name: Rc<str>,
        action: String,
        params: Value,
        origin: Origin,
    ) -> u64 {
        let request = self.next_id();
        self.requests.insert(request, requester);
        self.effects.push_back(Effect::AwsRequest { request, role_arn, session_name, action, params, origin });
        request
    }

    pub(crate) fn cancel_request(&mut self, request: u64) {
        if self.requests.remove(&request).is_some() {
            self.effects.push_back(Effect::CancelAwsRequest { request });
        }
    }
}
