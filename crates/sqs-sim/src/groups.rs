//! Message groups of a FIFO queue: which of them can be received from, and in which order.
//!
//! A group offers its oldest message and nothing behind it: while that one is in flight or delayed, the
//! group is blocked. Groups that can be received from stand in the order in which they became so, which
//! is what the recordings show: a group whose message comes back stands behind those that waited.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    groups: BTreeMap<Rc<str>, Group>,
    /// Groups that can be received from, by when they became so.
    ready: BTreeMap<u64, Rc<str>>,
    next_turn: u64,
}

#[derive(Clone, Debug, Default)]
struct Group {
    /// Sequences of all its messages, wherever they are.
    messages: BTreeSet<u64>,
    /// Its key in `ready`.
    turn: Option<u64>,
}

impl Groups {
    pub(crate) fn insert(&mut self, group: &Rc<str>, sequence: u64) {
        self.groups.entry(group.clone()).or_default().messages.insert(sequence);
    }

    pub(crate) fn remove(&mut self, group: &str, sequence: u64) {
        let Some(members) = self.groups.get_mut(group) else { return };
        members.messages.remove(&sequence);
        if members.messages.is_empty()
            && let Some(gone) = self.groups.remove(group)
            && let Some(turn) = gone.turn
        {
            self.ready.remove(&turn);
        }
    }

    /// The message that a group offers or waits for.
    pub(crate) fn head(&self, group: &str) -> Option<u64> {
        self.groups.get(group)?.messages.first().copied()
    }

    /// The message behind another in its group.
    pub(crate) fn after(&self, group: &str, sequence: u64) -> Option<u64> {
        self.groups.get(group)?.messages.range(sequence + 1..).next().copied()
    }

    /// The group whose turn it is.
    pub(crate) fn first_ready(&self) -> Option<&Rc<str>> {
        self.ready.values().next()
    }

    /// Settles whether a group can be received from, after one of its messages moved.
    pub(crate) fn settle(&mut self, group: &Rc<str>, available: bool) {
        let Some(members) = self.groups.get_mut(group) else { return };
        match (members.turn, available) {
            (None, true) => {
                members.turn = Some(self.next_turn);
                self.ready.insert(self.next_turn, group.clone());
                self.next_turn += 1;
            }
            (Some(turn), false) => {
                members.turn = None;
                self.ready.remove(&turn);
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// Each group's name and length, and whether it is blocked.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = (&Rc<str>, usize, bool)> {
        self.groups.iter().map(|(name, group)| (name, group.messages.len(), group.turn.is_none()))
    }

    /// Sequences of a group's messages, oldest first.
    pub(crate) fn members(&self, group: &str) -> impl Iterator<Item = u64> {
        self.groups.get(group).into_iter().flat_map(|members| members.messages.iter().copied())
    }

    pub(crate) fn is_blocked(&self, group: &str) -> bool {
        self.groups.get(group).is_some_and(|members| members.turn.is_none())
    }

    pub(crate) fn clear(&mut self) {
        self.groups.clear();
        self.ready.clear();
    }
}
