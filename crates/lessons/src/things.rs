//! The things that conditions are about, and what can be asked of each. Members are made when they are asked for: a
//! condition is looked at after every step of the account.

use std::collections::BTreeMap;

use lambda_sim::{EventSourceMapping, Function, Invocation, InvocationSource, InvocationStatus};
use sfn_engine::Status;
use sfn_history::HistoryEvent;
use shared_json::Value;
use sim_account::iam::Role;
use sim_account::{Account, Activity, CallRecord, Caller, ExecutionRecord, StateMachine, What};
use sqs_sim::{Message, MessageState, Movement, MovementKind, Queue};

use crate::lesson::Mistake;
use crate::progress::Mark;
use crate::words::quoted_or_word;

/// A kind of thing, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    Queue(String),
    Machine(String),
    Function(String),
    Role(String),
    Activity(String),
    Trigger {
        queue: String,
        function: String,
    },
    /// Of a state machine.
    Execution(String),
    /// Of a function.
    Invocation(String),
    /// In a queue, now.
    Message(String),
    /// Of a message of a queue.
    Move(String),
    /// Of an AWS action.
    Call(String),
}

const KNOWN: &str = "queue, machine, function, role, activity, trigger QUEUE -> FUNCTION, execution MACHINE, invocation FUNCTION, message QUEUE, move QUEUE and call SERVICE:Action";

impl Thing {
    pub(crate) fn read(line: usize, text: &str) -> Result<Thing, Mistake> {
        let unknown = || Mistake::new(line, format!("“{text}” is no thing. Things are {KNOWN}."));
        let (kind, rest) = text.split_once(' ').ok_or_else(unknown)?;
        let (name, after) = quoted_or_word(rest).ok_or_else(unknown)?;
        if kind == "trigger" {
            let function = after.trim().strip_prefix("->").and_then(quoted_or_word);
            let (function, after) = function.ok_or_else(unknown)?;
            return if after.trim().is_empty() { Ok(Thing::Trigger { queue: name, function }) } else { Err(unknown()) };
        }
        if !after.trim().is_empty() {
            return Err(Mistake::new(
                line,
                format!("“{}” is too much here. Tests of a thing stand indented on their own lines.", after.trim()),
            ));
        }
        Ok(match kind {
            "queue" => Thing::Queue(name),
            "machine" => Thing::Machine(name),
            "function" => Thing::Function(name),
            "role" => Thing::Role(name),
            "activity" => Thing::Activity(name),
            "execution" => Thing::Execution(name),
            "invocation" => Thing::Invocation(name),
            "message" => Thing::Message(name),
            "move" => Thing::Move(name),
            "call" => Thing::Call(name),
            _ => return Err(unknown()),
        })
    }

    /// Whether such a thing knows when it came.
    pub(crate) fn can_be_new(&self) -> bool {
        matches!(self, Thing::Execution(_) | Thing::Invocation(_) | Thing::Message(_) | Thing::Move(_) | Thing::Call(_))
    }

    /// Shows every such thing until `go_on` has seen enough.
    pub(crate) fn each(&self, account: &Account, since: Option<&Mark>, go_on: &mut dyn FnMut(&Fact<'_>) -> bool) {
        match self {
            Thing::Queue(name) => all(account.queues().queue(name).into_iter().map(Fact::Queue), go_on),
            Thing::Machine(name) => {
                let machines = account.states().machines().filter(|machine| *machine.name == **name);
                all(machines.map(Fact::Machine), go_on);
            }
            Thing::Function(name) => all(account.functions().function(name).into_iter().map(Fact::Function), go_on),
            Thing::Role(name) => all(account.iam().role(name).into_iter().map(Fact::Role), go_on),
            Thing::Activity(name) => {
                let activities = account.states().activities().filter(|activity| *activity.name == **name);
                all(activities.map(Fact::Activity), go_on);
            }
            Thing::Trigger { queue, function } => {
                let fits = |mapping: &&EventSourceMapping| {
                    last_part(&mapping.event_source_arn) == queue && *mapping.function_name == **function
                };
                all(account.functions().mappings().filter(fits).map(Fact::Trigger), go_on);
            }
            Thing::Execution(machine) => {
                let from = since.map_or(0, |since| since.executions);
                let executions = account.states().executions().get(from..).unwrap_or_default().iter();
                let fits = |record: &&ExecutionRecord| *record.state_machine_name == **machine;
                all(executions.filter(fits).map(Fact::Execution), go_on);
            }
            Thing::Invocation(function) => {
                let from = since.map_or(0, |since| since.invocations);
                let fits = |invocation: &&Invocation| invocation.id >= from;
                all(account.functions().invocations_of(function).filter(fits).map(Fact::Invocation), go_on);
            }
            Thing::Message(queue) => {
                let from = since.map_or(0, |since| since.calls);
                let messages = account.queues().queue(queue).into_iter().flat_map(Queue::messages);
                all(messages.filter(|message| message.sent_by >= from).map(Fact::Message), go_on);
            }
            Thing::Move(queue) => all(moves(account, queue, since).map(Fact::Move), go_on),
            Thing::Call(action) => {
                let from = since.map_or(0, |since| since.calls);
                // Newest first: an old journal is long.
                let calls = account.journal().calls().rev().map(|(_, call)| call).take_while(|call| call.id >= from);
                all(calls.filter(|call| call.action == *action).map(Fact::Call), go_on);
            }
        }
    }
}

fn all<'a>(facts: impl Iterator<Item = Fact<'a>>, go_on: &mut dyn FnMut(&Fact<'_>) -> bool) {
    for fact in facts {
        if !go_on(&fact) {
            return;
        }
    }
}

fn moves<'a>(account: &'a Account, queue: &'a str, since: Option<&Mark>) -> impl Iterator<Item = &'a Movement> {
    let from = since.map_or(0, |since| since.entries);
    let entries = account.journal().entries().skip(from);
    entries.filter_map(move |entry| match &entry.what {
        What::Moved(movement) if last_part(&movement.queue_arn) == queue => Some(movement),
        _ => None,
    })
}

fn last_part(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default()
}

/// One thing that is there.
#[derive(Debug)]
pub(crate) enum Fact<'a> {
    Queue(&'a Queue),
    Machine(&'a StateMachine),
    Function(&'a Function),
    Role(&'a Role),
    Activity(&'a Activity),
    Trigger(&'a EventSourceMapping),
    Execution(&'a ExecutionRecord),
    Invocation(&'a Invocation),
    Message(&'a Message),
    Move(&'a Movement),
    Call(&'a CallRecord),
}

impl Fact<'_> {
    /// A member by its name; `docs/lessons.md` has the table.
    pub fn member(&self, account: &Account, name: &str) -> Option<Value> {
        match self {
            Fact::Queue(queue) => queue_member(queue, name),
            Fact::Machine(machine) => machine_member(machine, name),
            Fact::Function(function) => match name {
                "code" => Some((*function.configuration.source_text).into()),
                "concurrency" => function.reserved_concurrent_executions.map(Value::from),
                _ => function.to_value().get(name).cloned(),
            },
            Fact::Role(role) => role_member(role, name),
            Fact::Activity(activity) => (name == "waiting").then(|| activity.waiting().into()),
            Fact::Trigger(mapping) => match name {
                "enabled" => Some(mapping.enabled.into()),
                "filters" => Some(texts(mapping.filters.patterns().map(|pattern| &**pattern))),
                _ => mapping.to_value().get(name).cloned(),
            },
            Fact::Execution(record) => execution_member(account, record, name),
            Fact::Invocation(invocation) => invocation_member(invocation, name),
            Fact::Message(message) => message_member(message, name),
            Fact::Move(movement) => (name == "kind").then(|| kind_of(&movement.kind).into()),
            Fact::Call(call) => call_member(call, name),
        }
    }
}

fn queue_member(queue: &Queue, name: &str) -> Option<Value> {
    match name {
        "available" => return Some(queue.available_count().into()),
        "inFlight" => return Some(queue.in_flight_count().into()),
        "delayed" => return Some(queue.delayed_count().into()),
        "messages" => return Some(queue.messages().count().into()),
        _ => {}
    }
    let text = queue.attribute(name)?;
    // Attributes are texts; numbers, truths and policies in them can be tested as what they are.
    Some(Value::parse(&text).unwrap_or_else(|_| text.as_str().into()))
}

fn machine_member(machine: &StateMachine, name: &str) -> Option<Value> {
    match name {
        "definition" => Value::parse(&machine.definition).ok(),
        "type" => Some(machine.machine_type.name().into()),
        "roleArn" => Some((*machine.role_arn).into()),
        "deleting" => Some(machine.deleting.into()),
        _ => None,
    }
}

fn role_member(role: &Role, name: &str) -> Option<Value> {
    match name {
        "policies" => Some(texts(role.named_policies().map(|(name, _)| name))),
        "attached" => Some(texts(role.attached_policies().map(|policy| &*policy.name))),
        "inline" => {
            Some(Value::object(role.inline_policies().map(|(name, document)| (name.to_owned(), document.clone()))))
        }
        "trust" => Some(role.trust_document().clone()),
        _ => None,
    }
}

fn execution_member(account: &Account, record: &ExecutionRecord, name: &str) -> Option<Value> {
    let execution = &record.execution;
    match name {
        "status" => Some(execution.status().name().into()),
        "name" => Some((*record.name).into()),
        "input" => Value::parse(&record.input).ok(),
        "output" => execution.output(),
        "error" => execution.error().map(|error| (**error).into()),
        "cause" => execution.cause().map(|cause| (**cause).into()),
        "redrives" => Some(execution.redrives().len().into()),
        "events" => Some(counted(execution.history().iter().map(HistoryEvent::event_type))),
        "states" => Some(counted(execution.visits().iter().map(|visit| &*visit.state_name))),
        "waiting" => {
            let index = account.states().executions().iter().position(|other| other.arn == record.arn);
            let waits = execution.status() == Status::Running
                && account.states().pending_callbacks().any(|callback| Some(callback.execution) == index);
            Some(waits.into())
        }
        _ => None,
    }
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    Value::array(texts.map(Value::string).collect())
}

/// Names with how often each came.
fn counted<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    let mut counts = BTreeMap::<&str, usize>::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    Value::object(counts.into_iter().map(|(name, count)| (name, Value::from(count))))
}

fn invocation_member(invocation: &Invocation, name: &str) -> Option<Value> {
    match name {
        "status" => Some(Value::string(match invocation.status {
            InvocationStatus::Starting | InvocationStatus::Running => "RUNNING",
            InvocationStatus::Succeeded => "SUCCEEDED",
            InvocationStatus::Failed => "FAILED",
            InvocationStatus::TimedOut => "TIMED_OUT",
        })),
        "attempt" => match &invocation.source {
            InvocationSource::Event { attempt, .. } => Some((*attempt).into()),
            InvocationSource::Call { .. } | InvocationSource::Mapping { .. } => None,
        },
        "messages" => Some(invocation.message_ids().len().into()),
        "event" => Value::parse(&invocation.event).ok(),
        "result" => Value::parse(invocation.result.as_ref()?).ok(),
        "error" => Value::parse(invocation.error.as_ref()?).ok(),
        "log" => Some(invocation.log.iter().map(|line| &**line).collect::<Vec<_>>().join("\n").into()),
        _ => None,
    }
}

fn message_member(message: &Message, name: &str) -> Option<Value> {
    match name {
        "body" => Some(Value::parse(&message.body).unwrap_or_else(|_| (*message.body).into())),
        "text" => Some((*message.body).into()),
        "receptions" => Some(message.receive_count.into()),
        "group" => message.message_group_id.as_ref().map(|group| (**group).into()),
        "state" => Some(Value::string(match message.state {
            MessageState::Available => "available",
            MessageState::Delayed { .. } => "delayed",
            MessageState::InFlight { .. } => "in flight",
        })),
        _ => None,
    }
}

fn kind_of(kind: &MovementKind) -> &'static str {
    match kind {
        MovementKind::Sent { .. } => "Sent",
        MovementKind::Available => "Available",
        MovementKind::Received { .. } => "Received",
        MovementKind::VisibilityChanged { .. } => "VisibilityChanged",
        MovementKind::Deleted => "Deleted",
        MovementKind::Expired => "Expired",
        MovementKind::Purged => "Purged",
        MovementKind::DeadLettered { .. } => "DeadLettered",
        MovementKind::Redriven { .. } => "Redriven",
        MovementKind::Faulted { .. } => "Faulted",
        MovementKind::QueueDeleted => "QueueDeleted",
    }
}

fn call_member(call: &CallRecord, name: &str) -> Option<Value> {
    let answer = |answered: bool| Some(Value::from(answered));
    match name {
        "by" => Some(match &call.caller {
            Caller::Root => "you".into(),
            Caller::Task { state_name, .. } => format!("state {state_name}").into(),
            Caller::Function { function_name, .. } => format!("function {function_name}").into(),
            Caller::Mapping { function_name, .. } => format!("trigger of {function_name}").into(),
            other => other.session_name().into(),
        }),
        "params" => Some(call.params.clone()),
        "result" => call.outcome.as_ref()?.as_ref().ok().cloned(),
        "ok" => answer(matches!(call.outcome, Some(Ok(_)))),
        "error" => Some(call.outcome.as_ref()?.as_ref().err()?.code.as_str().into()),
        "denied" => answer(
            call.outcome
                .as_ref()
                .is_some_and(|outcome| outcome.as_ref().is_err_and(|error| error.code.contains("AccessDenied"))),
        ),
        _ => None,
    }
}
