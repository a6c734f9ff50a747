//! What lasted how long: states with their attempts, below each its messages and invocations.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lambda_sim::{Invocation, InvocationSource, InvocationStatus};
use sfn_engine::StateVisit;
use sim_account::{Account, CallRecord, Caller, ExecutionRecord, What};
use sqs_sim::{Movement, MovementKind};
use virtual_time::Timestamp;

use super::BarKind;
use crate::execution::{RunStatus, short};

/// More bars than this say no more.
const MOST_VISITS: usize = 400;

pub(super) struct TimeRow {
    pub label: String,
    pub note: String,
    pub child: bool,
    /// How many Parallels and Maps are around the state.
    pub depth: usize,
    pub state: String,
    pub spans: Vec<Span>,
}

pub(super) struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
    pub kind: BarKind,
    pub title: String,
}

/// A task's call that a service took.
struct TaskCall {
    id: u64,
    state: Rc<str>,
    message_id: Option<String>,
}

pub(super) fn rows(account: &Account, record: &ExecutionRecord, now: Timestamp) -> Vec<TimeRow> {
    let calls = task_calls(account, record);
    let mut rows = Vec::new();
    for (name, depth) in states(record.execution.visits()) {
        let of_state: Vec<&TaskCall> = calls.iter().filter(|call| call.state == *name).collect();
        let first = rows.len();
        rows.push(state_row(record, name, now));
        rows.extend(message_row(account, record, name, &of_state, now));
        rows.extend(invocation_rows(account, name, &of_state, now));
        for row in rows.iter_mut().skip(first) {
            row.depth = depth;
        }
    }
    rows
}

/// The states in the order of their first visits, each before those inside it, with their depth.
fn states(visits: &[StateVisit]) -> Vec<(&Rc<str>, usize)> {
    let mut inside: BTreeMap<&str, Vec<&Rc<str>>> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for visit in visits {
        if seen.insert(&visit.state_name) {
            let around = visit.within.and_then(|within| visits.get(within.visit));
            inside.entry(around.map_or("", |around| &around.state_name)).or_default().push(&visit.state_name);
        }
    }
    let mut found = Vec::new();
    let mut waiting: Vec<(&Rc<str>, usize)> = inside.remove("").into_iter().flatten().rev().map(|n| (n, 0)).collect();
    while let Some((name, depth)) = waiting.pop() {
        found.push((name, depth));
        waiting.extend(inside.remove(&**name).into_iter().flatten().rev().map(|inner| (inner, depth + 1)));
    }
    found
}

fn state_row(record: &ExecutionRecord, name: &Rc<str>, now: Timestamp) -> TimeRow {
    let visits: Vec<&StateVisit> = record.execution.visits().iter().filter(|visit| visit.state_name == *name).collect();
    let attempts: usize = visits.iter().map(|visit| visit.detail().retries.len() + 1).sum();
    let note = match (visits.len(), attempts) {
        (1, 1) => String::new(),
        (1, attempts) => format!("{attempts} attempts"),
        (visits, _) if visits.min(MOST_VISITS) < visits => format!("the first {MOST_VISITS} of {visits} visits"),
        (visits, _) => format!("{visits} visits"),
    };
    let end = record.execution.stop_date().unwrap_or(now);
    let spans = visits.iter().take(MOST_VISITS).flat_map(|visit| attempts_of(visit, end)).collect();
    TimeRow { label: name.to_string(), note, child: false, depth: 0, state: name.to_string(), spans }
}

fn attempts_of(visit: &StateVisit, end: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = visit.entered_at;
    for retry in &visit.detail().retries {
        let error = retry.error.error.as_deref().unwrap_or("an error");
        spans.push(span(
            from,
            retry.failed_at.min(end),
            BarKind::Failed,
            &format!("attempt {} failed with {error}", retry.attempt),
        ));
        spans.push(span(
            retry.failed_at.min(end),
            retry.next_at.min(end),
            BarKind::Wait,
            "waiting before the next attempt",
        ));
        from = retry.next_at;
    }
    let to = visit.exited_at.unwrap_or(end);
    if from < to || spans.is_empty() {
        let status = RunStatus::of_visit(&visit.outcome);
        let kind = BarKind::of(status);
        let what = match status {
            RunStatus::InProgress => "in progress",
            RunStatus::WaitingForCallback => "waiting for callback",
            RunStatus::Retrying => "retrying",
            RunStatus::Succeeded => "succeeded",
            RunStatus::Failed => "failed",
            RunStatus::CaughtError => "error caught",
            RunStatus::TimedOut => "timed out",
            RunStatus::Aborted => "aborted",
        };
        spans.push(span(from, to.max(from), kind, what));
    }
    spans
}

fn span(from: Timestamp, to: Timestamp, kind: BarKind, what: &str) -> Span {
    Span { from, to, kind, title: format!("{what}, {}", short(to.since(from))) }
}

/// The kept journal from the execution's start on is looked through once.
fn task_calls(account: &Account, record: &ExecutionRecord) -> Vec<TaskCall> {
    let mut calls: Vec<TaskCall> = since(account, record.started_at)
        .filter_map(|what| if let What::Call(call) = what { task_call(call, &record.arn) } else { None })
        .collect();
    calls.reverse();
    calls
}

fn task_call(call: &CallRecord, execution: &Rc<str>) -> Option<TaskCall> {
    let Caller::Task { execution_arn, state_name, .. } = &call.caller else { return None };
    if execution_arn != execution {
        return None;
    }
    let answer = call.outcome.as_ref().and_then(|outcome| outcome.as_ref().ok());
    let message_id = answer.and_then(|answer| answer.get_str("MessageId")).map(str::to_owned);
    Some(TaskCall { id: call.id, state: state_name.clone(), message_id })
}

/// Newest first.
fn since(account: &Account, start: Timestamp) -> impl Iterator<Item = &What> {
    account.journal().entries().rev().take_while(move |entry| entry.at >= start).map(|entry| &entry.what)
}

fn message_row(
    account: &Account,
    record: &ExecutionRecord,
    state: &str,
    calls: &[&TaskCall],
    now: Timestamp,
) -> Option<TimeRow> {
    let ids: Vec<&str> = calls.iter().filter_map(|call| call.message_id.as_deref()).collect();
    if ids.is_empty() {
        return None;
    }
    let mut movements: Vec<&Movement> = since(account, record.started_at)
        .filter_map(|what| if let What::Moved(movement) = what { Some(movement) } else { None })
        .filter(|movement| ids.contains(&&*movement.message_id))
        .collect();
    movements.reverse();
    let spans = ids.iter().flat_map(|id| stays(&movements, id, now)).collect();
    let note = if ids.len() == 1 { "one message".to_owned() } else { format!("{} messages", ids.len()) };
    Some(TimeRow { label: "in the queue".to_owned(), note, child: true, depth: 0, state: state.to_owned(), spans })
}

/// A message's stays in a place, from its movements.
fn stays(movements: &[&Movement], id: &str, now: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut place: Option<(Timestamp, BarKind, &'static str)> = None;
    for movement in movements.iter().filter(|movement| &*movement.message_id == id) {
        let next = match &movement.kind {
            MovementKind::Sent { delayed_until: Some(_) } => Some((BarKind::Wait, "delayed")),
            MovementKind::Sent { delayed_until: None } | MovementKind::Available => {
                Some((BarKind::Available, "available"))
            }
            MovementKind::Received { .. } => Some((BarKind::InProgress, "in flight")),
            MovementKind::VisibilityChanged { .. } => continue,
            MovementKind::Deleted
            | MovementKind::Expired
            | MovementKind::Purged
            | MovementKind::DeadLettered { .. }
            | MovementKind::Redriven { .. }
            | MovementKind::QueueDeleted => None,
        };
        if let Some((from, kind, what)) = place {
            spans.push(span(from, movement.at, kind, what));
        }
        place = next.map(|(kind, what)| (movement.at, kind, what));
    }
    if let Some((from, kind, what)) = place {
        spans.push(span(from, now.max(from), kind, what));
    }
    spans
}

fn invocation_rows(account: &Account, state: &str, calls: &[&TaskCall], now: Timestamp) -> Vec<TimeRow> {
    let caused = |invocation: &&Invocation| match &invocation.source {
        InvocationSource::Call { call, .. } => calls.iter().any(|own| own.id == *call),
        _ => invocation.message_ids().iter().any(|id| calls.iter().any(|own| own.message_id.as_deref() == Some(&**id))),
    };
    let mut rows: Vec<TimeRow> = Vec::new();
    for invocation in account.functions().invocations().filter(caused) {
        let label = format!("{} ƒ", invocation.function);
        let (kind, what) = match invocation.status {
            InvocationStatus::Starting => (BarKind::InProgress, "starting"),
            InvocationStatus::Running => (BarKind::InProgress, "running"),
            InvocationStatus::Succeeded => (BarKind::Succeeded, "returned"),
            InvocationStatus::Failed => (BarKind::Failed, "failed"),
            InvocationStatus::TimedOut => (BarKind::TimedOut, "timed out"),
        };
        let cold = if invocation.cold { ", cold start" } else { "" };
        let bar = span(
            invocation.accepted_at,
            invocation.ended_at.unwrap_or(now).max(invocation.accepted_at),
            kind,
            &format!("{what}{cold}"),
        );
        match rows.iter_mut().find(|row| row.label == label) {
            Some(row) => {
                row.spans.push(bar);
                row.note = format!("{} invocations", row.spans.len());
            }
            None => rows.push(TimeRow {
                label,
                note: String::new(),
                child: true,
                depth: 0,
                state: state.to_owned(),
                spans: vec![bar],
            }),
        }
    }
    rows
}
