//! Which frame acts next, and when.
//!
//! Frames act in the order of their times, and those of one time in the order in which they were entered here: so
//! concurrent branches take turns, and every run takes the same ones.

use std::collections::{BTreeSet, VecDeque};

use virtual_time::Timestamp;

use crate::frame::FrameId;

/// A frame's place on the agenda; an entry whose ticket is not the frame's own any more is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// `None`: due at once.
    at: Option<Timestamp>,
    number: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Agenda {
    /// Due at once; most steps are, and a queue is quicker than a tree.
    ready: VecDeque<(FrameId, u64)>,
    ready_since: Timestamp,
    timers: BTreeSet<(Timestamp, u64, FrameId)>,
    tickets: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, now: Timestamp, frame: FrameId, at: Timestamp) -> Ticket {
        self.tickets += 1;
        let number = self.tickets;
        if at <= now {
            self.ready.push_back((frame, number));
            self.ready_since = now;
            return Ticket { at: None, number };
        }
        self.timers.insert((at, number, frame));
        Ticket { at: Some(at), number }
    }

    pub(crate) fn remove(&mut self, frame: FrameId, ticket: Ticket) {
        // What is due at once stays in the queue and is found void there.
        if let Some(at) = ticket.at {
            self.timers.remove(&(at, ticket.number, frame));
        }
    }

    /// The next frame that is due, with its ticket's number.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(FrameId, u64)> {
        if let Some((at, number, frame)) = self.timers.first().copied()
            && at <= now
        {
            self.timers.pop_first();
            return Some((frame, number));
        }
        self.ready.pop_front()
    }

    /// Whether a frame that were due at once would be the next to act.
    pub(crate) fn nothing_is_due(&self, now: Timestamp) -> bool {
        self.ready.is_empty() && self.timers.first().is_none_or(|(at, ..)| *at > now)
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        let timer = self.timers.first().map(|(at, ..)| *at);
        if self.ready.is_empty() { timer } else { Some(timer.map_or(self.ready_since, |at| at.min(self.ready_since))) }
    }

    pub(crate) fn clear(&mut self) {
        self.ready.clear();
        self.timers.clear();
    }
}

impl Ticket {
    pub(crate) fn is(self, number: u64) -> bool {
        self.number == number
    }
}
