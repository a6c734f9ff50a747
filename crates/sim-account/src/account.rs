//! The account: the one door through which everything changes, and the clock that drives it.
//!
//! Nothing moves by itself. A host calls [`Account::call`] for the person, [`Account::step`] or
//! [`Account::advance_to`] to let virtual time pass, runs the handlers that [`Account::host_requests`] names
//! and brings their turns back with [`Account::answer_host`]. While a handler is out, time stands still.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::handler::{Command, Turn};
use aws_protocol::{AwsError, Randomness};
use lambda_sim::{CallFacts, Functions, FunctionsOptions, LambdaLatencies, LambdaLimits};
use services_sim::{Services, ServicesOptions};
use shared_json::Value;
use sqs_sim::{Queues, QueuesOptions, SqsLimits};
use virtual_time::Timestamp;

use crate::agenda::{Agenda, Item};
use crate::journal::What;
use crate::linked::{self, Linked};
use crate::log::{LogEntry, LoggedInput, Position};
use crate::mocks::{MockConfig, Mocks};
use crate::states::States;
use crate::tasks::Nested;
use crate::{AccountOptions, CallRecord, Caller, Iam, Journal, LimitProfile, permissions};

/// A whole simulated AWS account in one region.
#[derive(Debug)]
pub struct Account {
    pub(crate) options: AccountOptions,
    pub(crate) now: Timestamp,
    pub(crate) steps: u64,
    pub(crate) random: Randomness,
    pub(crate) agenda: Agenda,
    pub(crate) states: States,
    pub(crate) queues: Queues,
    pub(crate) functions: Functions,
    pub(crate) services: Services,
    pub(crate) mocks: Mocks,
    pub(crate) nested: Nested,
    pub(crate) linked: Linked,
    pub(crate) iam: Iam,
    pub(crate) journal: Journal,
    /// The root's SenderId.
    pub(crate) root_id: Rc<str>,
    log: Vec<LogEntry>,
    next_call: u64,
    open_calls: BTreeMap<u64, OpenCall>,
    answers: BTreeMap<u64, Result<Value, AwsError>>,
    pub(crate) host: BTreeMap<u64, HostRequest>,
    /// Calls of handlers on their way to their service, by lambda-sim's request number.
    pub(crate) function_calls: BTreeMap<u64, (Caller, String, Value)>,
}

#[derive(Debug)]
struct OpenCall {
    caller: Caller,
    journal_entry: usize,
    /// lambda-sim's number, when a function or a mapping asked.
    request: Option<u64>,
}

/// A command that the host must give to an environment's interpreter.
#[derive(Clone, Debug, PartialEq)]
pub struct HostRequest {
    pub environment: u64,
    /// The command's place among all of this environment's commands, from 1.
    pub sequence: u64,
    pub command: Command,
}

/// A call that was made; its answer is there at once unless it waits (a long poll, a synchronous invocation).
#[derive(Clone, Debug)]
pub struct Called {
    pub id: u64,
    pub result: Option<Result<Value, AwsError>>,
}

/// What became of the wish to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// One thing happened, or the wished time was reached.
    Went,
    /// There is nothing left that would happen by itself.
    Idle,
    /// A handler is running on the host; time stands still until its turn is answered.
    AwaitsHost,
    /// So many steps were taken without reaching the wished time; call again.
    OutOfSteps,
}

impl Account {
    #[must_use]
    pub fn new(options: AccountOptions) -> Self {
        let mut random = Randomness::new(options.seed);
        let limits = match options.limits {
            LimitProfile::Aws2023 => SqsLimits::aws_2023(),
            LimitProfile::Aws2026 => SqsLimits::aws_2026(),
        };
        let queues = Queues::new(QueuesOptions {
            account_id: options.account_id.clone(),
            region: options.region.clone(),
            seed: random.next_u64(),
            limits,
            poll_pickup: options.latencies.poll_pickup,
        });
        let functions = Functions::new(FunctionsOptions {
            account_id: options.account_id.clone(),
            region: options.region.clone(),
            seed: random.next_u64(),
            limits: LambdaLimits::default(),
            latencies: LambdaLatencies::default(),
        });
        let iam = Iam::new(&options.account_id, random.next_u64());
        let states = States::new(&options, random.next_u64());
        let services = Services::new(ServicesOptions {
            account_id: options.account_id.clone(),
            region: options.region.clone(),
            // Of its own, so that what other machines draw is what it was before these services came.
            seed: Randomness::new(!options.seed).next_u64(),
        });
        Account {
            now: options.start,
            steps: 0,
            random,
            agenda: Agenda::default(),
            states,
            queues,
            functions,
            services,
            mocks: Mocks::default(),
            nested: Nested::default(),
            linked: Linked::default(),
            iam,
            journal: Journal::default(),
            root_id: options.account_id.as_str().into(),
            log: Vec::new(),
            next_call: 0,
            open_calls: BTreeMap::new(),
            answers: BTreeMap::new(),
            host: BTreeMap::new(),
            function_calls: BTreeMap::new(),
            options,
        }
    }

    /// Calls an AWS action as the account's root: `account.call("sqs:CreateQueue", json!({"QueueName": "Orders"}))`.
    pub fn call(&mut self, action: &str, params: Value) -> Called {
        self.log.push(LogEntry {
            at: self.position(),
            input: LoggedInput::Call { action: action.to_owned(), params: params.clone() },
        });
        if let Some((account_id, action)) = linked::foreign(action).filter(|(id, _)| *id != self.options.account_id) {
            let id = self.next_call;
            self.next_call += 1;
            let result = self.call_linked(id, account_id, action, params);
            self.settle();
            return Called { id, result };
        }
        let id = self.dispatch(Caller::Root, action, params, None);
        self.settle();
        Called { id, result: self.answers.remove(&id) }
    }

    /// The answer of a call that had to wait, once.
    pub fn take_answer(&mut self, call: u64) -> Option<Result<Value, AwsError>> {
        self.answers.remove(&call).or_else(|| self.take_linked_answer(call))
    }

    /// Brings what an environment did in a turn. An answer to anything but the open request is ignored.
    pub fn answer_host(&mut self, environment: u64, sequence: u64, turn: Turn) {
        if self.host.get(&environment).is_none_or(|open| open.sequence != sequence) {
            return;
        }
        self.log.push(LogEntry {
            at: self.position(),
            input: LoggedInput::HostAnswer { environment, sequence, turn: turn.clone() },
        });
        self.host.remove(&environment);
        if environment >= linked::ENVIRONMENTS {
            self.answer_linked_host(environment, sequence, turn);
        } else {
            self.functions.handle(self.now, lambda_sim::Input::HostAnswer { environment, turn });
        }
        self.settle();
    }

    /// Lets the next thing happen, and sets the clock to its time.
    pub fn step(&mut self) -> Progress {
        if !self.host.is_empty() {
            return Progress::AwaitsHost;
        }
        let Some(at) = self.next_event_at() else { return Progress::Idle };
        self.now = self.now.max(at);
        self.steps += 1;
        if self.agenda.next_at() == Some(at) {
            if let Some(item) = self.agenda.take_next() {
                self.perform(item);
            }
        } else if self.states.next_wakeup() == Some(at) {
            self.states.handle_wakeup(self.now);
        } else if self.queues.next_wakeup() == Some(at) {
            self.queues.handle_wakeup(self.now);
        } else if self.functions.next_wakeup() == Some(at) {
            self.functions.handle_wakeup(self.now);
        } else {
            self.step_linked();
        }
        self.settle();
        Progress::Went
    }

    /// Lets everything happen up to `until`, in at most `max_steps` steps.
    pub fn advance_to(&mut self, until: Timestamp, max_steps: u64) -> Progress {
        for _ in 0..max_steps {
            if !self.host.is_empty() {
                return Progress::AwaitsHost;
            }
            if self.next_event_at().is_none_or(|at| at > until) {
                self.now = self.now.max(until);
                return Progress::Went;
            }
            self.step();
        }
        Progress::OutOfSteps
    }

    /// When the next thing will happen by itself.
    #[must_use]
    pub fn next_event_at(&self) -> Option<Timestamp> {
        [
            self.agenda.next_at(),
            self.states.next_wakeup(),
            self.queues.next_wakeup(),
            self.functions.next_wakeup(),
            self.linked.next_event_at(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn perform(&mut self, item: Item) {
        match item {
            Item::StartTask { execution, task } => self.start_task(execution, task),
            Item::PerformTask { execution, task } => self.perform_task(execution, task),
            Item::ReadItems { execution, task } => self.read_items(execution, task),
            Item::PerformFunctionCall { request } => {
                if let Some((caller, action, params)) = self.function_calls.remove(&request) {
                    self.dispatch(caller, &action, params, Some(request));
                }
            }
            Item::AnswerFunctionCall { request, result } => {
                self.functions.handle(self.now, lambda_sim::Input::AwsAnswer { request, result });
            }
        }
    }

    /// Routes a call to its service after IAM has decided. The answer may come later.
    pub(crate) fn dispatch(&mut self, caller: Caller, action: &str, params: Value, request: Option<u64>) -> u64 {
        let id = self.next_call;
        self.next_call += 1;
        let permission = permissions::decide(self, &caller, action, &params);
        let denied = permission.as_ref().and_then(permissions::Permission::refusal);
        let record = CallRecord {
            id,
            caller: caller.clone(),
            action: action.to_owned(),
            params: params.clone(),
            decision: permission.map(|p| p.decision),
            outcome: None,
            answered_at: None,
        };
        let journal_entry = self.journal.add(self.now, self.steps, What::Call(Box::new(record)));
        let caller_is_root = caller == Caller::Root;
        self.open_calls.insert(id, OpenCall { caller, journal_entry, request });
        if let Some(error) = denied {
            self.answer(id, Err(error));
            return id;
        }
        let (service, operation) = action.split_once(':').unwrap_or(("", action));
        match service {
            "states" => {
                if let Some(result) = self.call_states_mocked(id, operation, &params) {
                    self.answer(id, result);
                }
            }
            "iam" => {
                let result = self.iam.call(self.now, operation, &params);
                self.answer(id, result);
            }
            "sqs" => {
                let principal = permissions::sender_id(self, id);
                let input =
                    sqs_sim::Input::Call { call: id, action: operation, params: &params, principal: &principal };
                self.queues.handle(self.now, input);
            }
            "lambda" => {
                let facts = self.call_facts(operation, &params);
                let input = lambda_sim::Input::Call { call: id, action: operation.to_owned(), params, facts };
                self.functions.handle(self.now, input);
            }
            service if Services::offers(service) => {
                let result = self.services.call(self.now, action, &params);
                self.answer(id, result);
            }
            "stepyard" if operation == "SetMockConfig" && caller_is_root => {
                let result = self.mocks.set(&params);
                self.answer(id, result);
            }
            _ => {
                let error = AwsError::new("UnknownOperationException", format!("{action} is not simulated here."));
                self.answer(id, Err(error));
            }
        }
        id
    }

    /// What lambda-sim must know of roles and queues to judge a call.
    fn call_facts(&self, operation: &str, params: &Value) -> CallFacts {
        match operation {
            "CreateFunction" | "UpdateFunctionConfiguration" => CallFacts {
                role_trusts_lambda: params
                    .get_str("Role")
                    .map(|arn| self.iam.role_by_arn(arn).is_some_and(|role| role.trusts("lambda.amazonaws.com"))),
                ..CallFacts::default()
            },
            "CreateEventSourceMapping" | "UpdateEventSourceMapping" => permissions::mapping_facts(self, params),
            _ => CallFacts::default(),
        }
    }

    pub(crate) fn open_caller(&self, call: u64) -> Option<&Caller> {
        self.open_calls.get(&call).map(|open| &open.caller)
    }

    /// Brings a call's answer to whoever made it.
    fn answer(&mut self, id: u64, result: Result<Value, AwsError>) {
        let Some(open) = self.open_calls.remove(&id) else { return };
        self.journal.answer(open.journal_entry, self.now, result.clone());
        match (open.caller, open.request) {
            (Caller::Root | Caller::Visitor { .. }, _) => {
                self.answers.insert(id, result);
            }
            (Caller::Task { execution_arn, task, .. }, _) => self.answer_task(&execution_arn, task, result),
            (Caller::Function { .. }, Some(request)) => {
                let at = self.now + self.options.latencies.sdk_call;
                self.agenda.add(at, Item::AnswerFunctionCall { request, result });
            }
            (Caller::Mapping { .. }, Some(request)) => {
                self.functions.handle(self.now, lambda_sim::Input::AwsAnswer { request, result });
            }
            (Caller::Function { .. } | Caller::Mapping { .. }, None) | (Caller::Topic { .. }, _) => {}
        }
    }

    /// Carries every effect to where it belongs until no machine has one left.
    pub(crate) fn settle(&mut self) {
        loop {
            if let Some((call, result)) = self.states.poll_answer() {
                self.answer(call, result);
            } else if let Some(effect) = self.states.poll_effect() {
                self.carry_execution_effect(effect);
            } else if let Some(effect) = self.queues.poll_effect() {
                match effect {
                    sqs_sim::Effect::Answer { call, result } => self.answer(call, result),
                    sqs_sim::Effect::Moved(movement) => {
                        self.journal.add(self.now, self.steps, What::Moved(movement));
                    }
                }
            } else if let Some(effect) = self.functions.poll_effect() {
                self.carry_function_effect(effect);
            } else if let Some(services_sim::Effect::Notify { topic_arn, queue_arn, message }) =
                self.services.poll_effect()
            {
                self.notify(&topic_arn, &queue_arn, &message);
            } else {
                break;
            }
        }
    }

    /// A topic's notification reaches its queue; one for a queue that is gone is lost.
    fn notify(&mut self, topic_arn: &str, queue_arn: &str, message: &Value) {
        let url = self.queues.queues().find(|queue| queue.arn() == queue_arn).map(|queue| queue.url().to_owned());
        if let Some(url) = url {
            let params = message.with("QueueUrl", url.into());
            self.dispatch(Caller::Topic { topic_arn: topic_arn.into() }, "sqs:SendMessage", params, None);
        }
    }

    /// A `states:` call; starting an execution with `…#CASE` takes the test case's mocked responses.
    fn call_states_mocked(&mut self, call: u64, operation: &str, params: &Value) -> Option<Result<Value, AwsError>> {
        let starts = matches!(operation, "StartExecution" | "StartSyncExecution");
        let named = params.get_str("stateMachineArn").filter(|_| starts);
        let (arn, case) = match named.map_or(Ok(None), |arn| self.mocks.case_of(arn)) {
            Ok(Some(found)) => found,
            Ok(None) => return self.call_states(call, operation, params),
            Err(error) => return Some(Err(error)),
        };
        let before = self.states.executions().len();
        let answer = self.call_states(call, operation, &params.with("stateMachineArn", arn.into()));
        if let Some(started) = self.states.executions().get(before) {
            self.mocks.started(&started.arn, case);
        }
        answer
    }

    fn carry_function_effect(&mut self, effect: lambda_sim::Effect) {
        use lambda_sim::{Effect, Origin};
        match effect {
            Effect::Answer { call, result } => self.answer(call, result),
            Effect::HostCommand { environment, sequence, command } => {
                self.host.insert(environment, HostRequest { environment, sequence, command });
            }
            Effect::AwsRequest { request, role_arn, session_name, action, params, origin } => {
                let function_name = session_name;
                match origin {
                    Origin::Mapping { uuid } => {
                        let caller = Caller::Mapping { uuid, function_name, role_arn };
                        self.dispatch(caller, &action, params, Some(request));
                    }
                    Origin::Invocation { request_id } => {
                        let caller = Caller::Function { function_name, request_id, role_arn };
                        self.function_calls.insert(request, (caller, action, params));
                        let at = self.now + self.options.latencies.sdk_call;
                        self.agenda.add(at, Item::PerformFunctionCall { request });
                    }
                }
            }
            Effect::CancelAwsRequest { request } => {
                self.function_calls.remove(&request);
                let call = self.open_calls.iter().find(|(_, open)| open.request == Some(request)).map(|(id, _)| *id);
                if let Some(call) = call {
                    self.queues.handle(self.now, sqs_sim::Input::Cancel { call });
                    self.states.cancel_call(call);
                    self.open_calls.remove(&call);
                }
            }
            Effect::Trace(trace) => {
                self.journal.add(self.now, self.steps, What::Lambda(trace));
            }
        }
    }

    /// Where the account stands on its timeline.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { steps: self.steps, inputs: self.log.len(), now: self.now }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    #[must_use]
    pub fn options(&self) -> &AccountOptions {
        &self.options
    }

    /// Everything this account has been told, in order.
    #[must_use]
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    #[must_use]
    pub fn queues(&self) -> &Queues {
        &self.queues
    }

    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The mock configuration that was set last.
    #[must_use]
    pub fn mock_config(&self) -> &MockConfig {
        self.mocks.config()
    }

    #[must_use]
    pub fn iam(&self) -> &Iam {
        &self.iam
    }

    #[must_use]
    pub fn states(&self) -> &States {
        &self.states
    }

    /// Handlers that the host must run now; time waits for them.
    pub fn host_requests(&self) -> impl Iterator<Item = &HostRequest> {
        self.host.values()
    }

    /// All commands that an environment has been given, to rebuild one that was lost.
    #[must_use]
    pub fn environment_commands(&self, environment: u64) -> &[Command] {
        if environment >= linked::ENVIRONMENTS {
            return self.linked_commands(environment);
        }
        self.functions.environment_commands(environment)
    }
}
