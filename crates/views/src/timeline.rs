//! An execution over time: a bar for each attempt of a state, for each stay of a message, for each invocation.
//!
//! Lengths are shares of the whole, from 0 to 1, so that a drawing of any width can show them. With idle time hidden,
//! stretches in which nothing begins or ends shrink, and the axis says where.

mod rows;
mod scale;

use sim_account::{Account, ExecutionRecord};
use virtual_time::Timestamp;

use crate::execution::RunStatus;
use scale::Scale;

pub use scale::{NEAR_THE_END, Tick};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    pub rows: Vec<Row>,
    pub ticks: Vec<Tick>,
    /// Where the present is, while the execution runs.
    pub now: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub label: String,
    /// `3 attempts`; may be empty.
    pub note: String,
    /// Belongs to the row above.
    pub child: bool,
    /// How many Parallels and Maps are around the state.
    pub depth: usize,
    /// Bars that overlap lie in lanes below each other; so many there are.
    pub lanes: usize,
    /// The state that the row belongs to.
    pub state: String,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    pub kind: BarKind,
    /// From 0.
    pub lane: usize,
    /// The bar in words.
    pub title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarKind {
    InProgress,
    Succeeded,
    Failed,
    Caught,
    TimedOut,
    Aborted,
    /// Between two attempts, or a delayed message.
    Wait,
    /// A message that nobody has received yet.
    Available,
}

impl BarKind {
    fn of(status: RunStatus) -> BarKind {
        match status {
            RunStatus::InProgress | RunStatus::WaitingForCallback => BarKind::InProgress,
            RunStatus::Retrying => BarKind::Wait,
            RunStatus::Succeeded => BarKind::Succeeded,
            RunStatus::Failed => BarKind::Failed,
            RunStatus::CaughtError => BarKind::Caught,
            RunStatus::TimedOut => BarKind::TimedOut,
            RunStatus::Aborted => BarKind::Aborted,
        }
    }
}

/// The timeline up to `now`, or to the execution's end. A message's life may go on after it, and is shown.
#[must_use]
pub fn timeline(account: &Account, record: &ExecutionRecord, now: Timestamp, hide_idle: bool) -> Timeline {
    let rows = rows::rows(account, record, now);
    let running = record.execution.stop_date().is_none();
    let end = record.execution.stop_date().unwrap_or(now);
    let moments = rows.iter().flat_map(|row| row.spans.iter().flat_map(|span| [span.from, span.to]));
    let scale = Scale::new(record.started_at, end, moments, hide_idle);
    let rows = rows.into_iter().map(|row| place(row, &scale)).collect();
    Timeline { rows, ticks: scale.ticks(), now: running.then(|| scale.place(end)) }
}

/// More lanes would be too thin to see.
const MOST_LANES: usize = 6;

fn place(row: rows::TimeRow, scale: &Scale) -> Row {
    // Until when each lane is taken.
    let mut lanes: Vec<Timestamp> = Vec::new();
    let mut bars = Vec::with_capacity(row.spans.len());
    for span in row.spans {
        let free = lanes.iter().position(|until| *until <= span.from);
        let lane = match free {
            Some(lane) => lane,
            None if lanes.len() < MOST_LANES => {
                lanes.push(span.to);
                lanes.len() - 1
            }
            // What does not fit any more lies over the lane that is free first.
            None => lanes.iter().enumerate().min_by_key(|(_, until)| **until).map_or(0, |(lane, _)| lane),
        };
        if let Some(until) = lanes.get_mut(lane) {
            *until = (*until).max(span.to);
        }
        bars.push(Bar {
            from: scale.place(span.from),
            to: scale.place(span.to),
            kind: span.kind,
            lane,
            title: span.title,
        });
    }
    Row {
        label: row.label,
        note: row.note,
        child: row.child,
        depth: row.depth,
        lanes: lanes.len().max(1),
        state: row.state,
        bars,
    }
}
