//! One queue: its messages, where they are, and when they move next.
//!
//! Every message is in exactly one place (delayed, available, in flight) and has one entry in the index
//! of that place, so each step costs the logarithm of the queue's length. Deciding *whether* a call may
//! do what it asks is the operations' business; this file only moves.

pub mod look;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use crate::attempts::Attempts;
use crate::attributes::QueueAttributes;
use crate::deduplication::Deduplication;
use crate::groups::Groups;
use crate::ids::{Receipt, read_receipt_handle, receipt_handle};
use crate::message::{GoneMessage, Message, MessageState, MovementKind};
use crate::metrics::{Levels, Metrics};
use crate::operations::receive::ReceiveRequest;
use crate::queues::Outbox;

#[derive(Clone, Debug)]
pub struct Queue {
    pub(crate) name: Rc<str>,
    pub(crate) arn: Rc<str>,
    pub(crate) url: Rc<str>,
    pub(crate) attributes: QueueAttributes,
    pub(crate) tags: BTreeMap<Rc<str>, Rc<str>>,
    pub(crate) created_at: Timestamp,
    pub(crate) modified_at: Timestamp,
    pub(crate) purged_at: Option<Timestamp>,
    /// By order of arrival; boxed, as a tree moves what it holds.
    messages: BTreeMap<u64, Box<Message>>,
    next_sequence: u64,
    available: BTreeSet<u64>,
    /// When delays end.
    delayed: BTreeSet<(Timestamp, u64)>,
    /// When visibility timeouts end.
    in_flight: BTreeSet<(Timestamp, u64)>,
    expiry: BTreeSet<(Timestamp, u64)>,
    /// Dead letters by the queue that gave them up.
    by_source: BTreeMap<Rc<str>, BTreeSet<u64>>,
    /// The last messages that left, newest last: for those who look.
    gone: VecDeque<GoneMessage>,
    pub(crate) metrics: Metrics,
    /// Of a FIFO queue, as the next two.
    groups: Groups,
    pub(crate) deduplication: Deduplication,
    attempts: Attempts,
    in_flight_limit: usize,
    /// Long polls in order of arrival.
    pub(crate) polls: VecDeque<Poll>,
    /// When the waiting polls will find what has become available.
    pickup_at: Option<Timestamp>,
}

/// A ReceiveMessage that waits.
#[derive(Clone, Debug)]
pub(crate) struct Poll {
    pub(crate) call: u64,
    pub(crate) deadline: Timestamp,
    pub(crate) request: ReceiveRequest,
}

/// What one reception took out of a queue.
#[derive(Debug, Default)]
pub(crate) struct Reception {
    /// Each as the request wants to see it.
    pub(crate) received: Vec<Value>,
    /// Messages received too often, for the dead-letter queue.
    pub(crate) dead: Vec<Message>,
}

/// What became of a receipt handle.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Not a handle of this queue.
    Unreadable,
    /// Its message is no longer in the queue.
    Gone,
    /// Its message was received again since.
    Outdated,
    Latest(u64),
}

impl Queue {
    pub(crate) fn new(
        name: Rc<str>,
        arn: Rc<str>,
        url: Rc<str>,
        attributes: QueueAttributes,
        in_flight_limit: usize,
        now: Timestamp,
    ) -> Self {
        Queue {
            name,
            arn,
            url,
            attributes,
            tags: BTreeMap::new(),
            created_at: now,
            modified_at: now,
            purged_at: None,
            messages: BTreeMap::new(),
            next_sequence: 0,
            available: BTreeSet::new(),
            delayed: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            expiry: BTreeSet::new(),
            by_source: BTreeMap::new(),
            gone: VecDeque::new(),
            metrics: Metrics::default(),
            groups: Groups::default(),
            deduplication: Deduplication::default(),
            attempts: Attempts::default(),
            in_flight_limit,
            polls: VecDeque::new(),
            pickup_at: None,
        }
    }

    /// Polls that wait while something is available find it a moment after.
    pub(crate) fn expect_pickup(&mut self, now: Timestamp, pickup: Duration) {
        if self.polls.is_empty() || self.next_offer().is_none() {
            self.pickup_at = None;
        } else {
            self.pickup_at.get_or_insert(now + pickup);
        }
    }

    pub(crate) fn has_pickup(&self, now: Timestamp) -> bool {
        !self.polls.is_empty() && self.next_offer().is_some() && self.pickup_at.is_some_and(|at| at <= now)
    }

    /// The message that a reception would get first. Nothing while too many are in flight.
    fn next_offer(&self) -> Option<u64> {
        self.next_offer_after(None)
    }

    /// The message that a reception gets after the one that it got `last`. Of a FIFO queue that is the next of
    /// the same group, and then the oldest of the group whose turn it is.
    fn next_offer_after(&self, last: Option<&(Rc<str>, u64)>) -> Option<u64> {
        if self.in_flight_count() >= self.in_flight_limit {
            return None;
        }
        if !self.is_fifo() {
            return self.available.first().copied();
        }
        let following = last.and_then(|(group, sequence)| self.groups.after(group, *sequence));
        let following = following.filter(|sequence| self.available.contains(sequence));
        following.or_else(|| self.groups.head(self.groups.first_ready()?))
    }

    /// Takes a message in, with its state and counts as they are. Tells how it came as `Sent`; answers with
    /// the sequence number that a FIFO queue gave it.
    pub(crate) fn insert(&mut self, now: Timestamp, mut message: Message, outbox: &mut Outbox) -> Option<Rc<str>> {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        message.expires_at = message.retained_from + Duration::from_secs(self.attributes.message_retention_period);
        let delayed_until = if let MessageState::Delayed { until } = message.state { Some(until) } else { None };
        match delayed_until {
            Some(until) => {
                self.delayed.insert((until, sequence));
            }
            None => {
                message.state = MessageState::Available;
                self.available.insert(sequence);
            }
        }
        message.arrived_at = now;
        if let Some(source) = &message.dead_letter_source_arn {
            self.by_source.entry(source.clone()).or_default().insert(sequence);
        }
        if self.is_fifo() {
            message.sequence_number = Some(sequence_number(sequence));
        }
        self.expiry.insert((message.expires_at, sequence));
        outbox.moved(&self.arn, &message.id, now, MovementKind::Sent { delayed_until });
        if let Some(group) = message.message_group_id.clone().filter(|_| self.is_fifo()) {
            self.groups.insert(&group, sequence);
            self.settle_group(&group);
        }
        let number = message.sequence_number.clone();
        self.messages.insert(sequence, Box::new(message));
        self.measure(now);
        number
    }

    /// Settles whether a message's group can be received from.
    fn settle(&mut self, sequence: u64) {
        if self.is_fifo()
            && let Some(group) = self.messages.get(&sequence).and_then(|message| message.message_group_id.clone())
        {
            self.settle_group(&group);
        }
    }

    fn settle_group(&mut self, group: &Rc<str>) {
        let available = self.groups.head(group).is_some_and(|head| self.available.contains(&head));
        self.groups.settle(group, available);
    }

    /// Hands out what is offered, from the oldest on; messages received too often leave instead.
    pub(crate) fn receive(
        &mut self,
        now: Timestamp,
        call: u64,
        request: &ReceiveRequest,
        dead_letter_queue_exists: bool,
        outbox: &mut Outbox,
    ) -> Reception {
        if let Some(again) = self.received_before(now, request, outbox) {
            return again;
        }
        let mut reception = Reception::default();
        let timeout = request.visibility_timeout.unwrap_or(self.attributes.visibility_timeout);
        let until = now + Duration::from_secs(timeout);
        let redrive = self.attributes.redrive_policy.clone().filter(|_| dead_letter_queue_exists);
        let (mut released, mut receipts, mut last) = (Vec::new(), Vec::new(), None);
        while reception.received.len() < request.max_messages {
            let Some(sequence) = self.next_offer_after(last.as_ref()) else { break };
            let Some(message) = self.messages.get_mut(&sequence) else { break };
            last = message.message_group_id.clone().map(|group| (group, sequence));
            if let Some(redrive) = &redrive
                && message.receptions_here >= redrive.max_receive_count
            {
                let to = redrive.dead_letter_target_arn.clone();
                if let Some(dead) = self.remove(sequence) {
                    reception.dead.push(dead.clone());
                    self.tell_gone(now, dead, MovementKind::DeadLettered { to }, outbox);
                }
                continue;
            }
            message.receive_count += 1;
            message.receptions_here += 1;
            message.first_received_at.get_or_insert(now);
            message.last_received_at = Some(now);
            let receive_count = message.receive_count;
            let handle = receipt_handle(&self.arn, Receipt { sequence, receive_count });
            message.state = MessageState::InFlight { until, receipt_handle: handle.clone(), call };
            let kind = MovementKind::Received { until, receive_count, receipt_handle: handle, call };
            outbox.moved(&self.arn, &message.id, now, kind);
            reception.received.push(request.show(message));
            self.available.remove(&sequence);
            self.settle(sequence);
            receipts.push(Receipt { sequence, receive_count });
            if timeout == 0 {
                released.push(sequence);
            } else {
                self.in_flight.insert((until, sequence));
            }
        }
        self.metrics.received(now, reception.received.len() as u64);
        self.measure(now);
        for sequence in released {
            self.release(now, sequence, outbox);
        }
        if let Some(id) = request.attempt_id.as_ref().filter(|_| !receipts.is_empty()) {
            self.attempts.remember(now, id, receipts);
        }
        reception
    }

    /// The same messages for the same ReceiveRequestAttemptId, hidden anew, while none of them has moved on.
    fn received_before(&mut self, now: Timestamp, request: &ReceiveRequest, outbox: &mut Outbox) -> Option<Reception> {
        let receipts = self.attempts.find(now, request.attempt_id.as_ref()?)?.to_vec();
        let held = |receipt: &Receipt| {
            let message = self.messages.get(&receipt.sequence)?;
            let in_flight = matches!(message.state, MessageState::InFlight { .. });
            (in_flight && message.receive_count == receipt.receive_count).then_some(())
        };
        receipts.iter().try_for_each(held)?;
        let timeout = request.visibility_timeout.unwrap_or(self.attributes.visibility_timeout);
        let mut reception = Reception::default();
        for Receipt { sequence, .. } in receipts {
            self.change_visibility(now, sequence, now + Duration::from_secs(timeout), outbox);
            reception.received.extend(self.message(sequence).map(|message| request.show(message)));
        }
        self.metrics.received(now, reception.received.len() as u64);
        Some(reception)
    }

    /// What a receipt handle stands for now.
    pub(crate) fn held(&self, handle: &str) -> Held {
        let Some(receipt) = read_receipt_handle(&self.arn, handle) else { return Held::Unreadable };
        match self.messages.get(&receipt.sequence) {
            Some(message) if message.receive_count == receipt.receive_count => Held::Latest(receipt.sequence),
            Some(_) => Held::Outdated,
            None => Held::Gone,
        }
    }

    pub(crate) fn is_in_flight(&self, sequence: u64) -> bool {
        self.messages.get(&sequence).is_some_and(|m| matches!(m.state, MessageState::InFlight { .. }))
    }

    pub(crate) fn message(&self, sequence: u64) -> Option<&Message> {
        self.messages.get(&sequence).map(AsRef::as_ref)
    }

    pub(crate) fn delete(&mut self, now: Timestamp, sequence: u64, outbox: &mut Outbox) {
        if let Some(message) = self.remove(sequence) {
            self.tell_gone(now, message, MovementKind::Deleted, outbox);
        }
        self.metrics.deleted(now);
        self.measure(now);
    }

    /// Hides a received message until then, or lets it go when that is now. On a standard queue the latest
    /// handle does so even after its timeout ended.
    pub(crate) fn change_visibility(&mut self, now: Timestamp, sequence: u64, until: Timestamp, outbox: &mut Outbox) {
        let Some(message) = self.messages.get_mut(&sequence) else { return };
        let receipt = Receipt { sequence, receive_count: message.receive_count };
        let (old, call) = match &message.state {
            MessageState::InFlight { until, call, .. } => (Some(*until), *call),
            MessageState::Available | MessageState::Delayed { .. } => (None, 0),
        };
        if until <= now && old.is_none() {
            return;
        }
        message.state = MessageState::InFlight { until, receipt_handle: receipt_handle(&self.arn, receipt), call };
        outbox.moved(&self.arn, &message.id, now, MovementKind::VisibilityChanged { until });
        match old {
            Some(old) => self.in_flight.remove(&(old, sequence)),
            None => self.available.remove(&sequence),
        };
        self.settle(sequence);
        if until <= now {
            self.release(now, sequence, outbox);
        } else {
            self.in_flight.insert((until, sequence));
        }
        self.measure(now);
    }

    /// Takes out the oldest available message, for a message move task.
    pub(crate) fn take_oldest(&mut self, now: Timestamp, to: &Rc<str>, outbox: &mut Outbox) -> Option<Message> {
        let sequence = *self.available.first()?;
        let message = self.remove(sequence)?;
        self.tell_gone(now, message.clone(), MovementKind::Redriven { to: to.clone() }, outbox);
        self.measure(now);
        Some(message)
    }

    pub(crate) fn oldest_available(&self) -> Option<&Message> {
        self.message(*self.available.first()?)
    }

    pub(crate) fn purge(&mut self, now: Timestamp, outbox: &mut Outbox) {
        self.available.clear();
        self.groups.clear();
        self.delayed.clear();
        self.in_flight.clear();
        self.expiry.clear();
        self.by_source.clear();
        for message in std::mem::take(&mut self.messages).into_values() {
            self.tell_gone(now, *message, MovementKind::Purged, outbox);
        }
        self.measure(now);
    }

    /// Recomputes when messages expire, after the retention period changed.
    pub(crate) fn retention_changed(&mut self) {
        let retention = Duration::from_secs(self.attributes.message_retention_period);
        self.expiry.clear();
        for (sequence, message) in &mut self.messages {
            message.expires_at = message.retained_from + retention;
            self.expiry.insert((message.expires_at, *sequence));
        }
    }

    /// Does what is due up to `now`, except for polls, which the registry serves.
    pub(crate) fn advance(&mut self, now: Timestamp, outbox: &mut Outbox) {
        while let Some(&(at, sequence)) = self.expiry.first().filter(|(at, _)| *at <= now) {
            if let Some(message) = self.remove(sequence) {
                self.tell_gone(at, message, MovementKind::Expired, outbox);
                self.measure(at);
            }
        }
        while let Some(due) = self.first_due().filter(|(at, _)| *at <= now) {
            if !self.delayed.remove(&due) {
                self.in_flight.remove(&due);
            }
            self.release(due.0, due.1, outbox);
        }
    }

    /// The delay or visibility timeout that ends first.
    fn first_due(&self) -> Option<(Timestamp, u64)> {
        self.delayed.first().into_iter().chain(self.in_flight.first()).min().copied()
    }

    /// Tells that a message left, and remembers the last few.
    fn tell_gone(&mut self, at: Timestamp, message: Message, kind: MovementKind, outbox: &mut Outbox) {
        outbox.moved(&self.arn, &message.id, at, kind.clone());
        if self.gone.len() == GONE_KEPT {
            self.gone.pop_front();
        }
        self.gone.push_back(GoneMessage { message, at, how: kind });
    }

    /// Notes for the metrics how full the queue is now.
    fn measure(&mut self, now: Timestamp) {
        let levels = Levels {
            visible: self.available.len() as u64,
            not_visible: self.in_flight.len() as u64,
            delayed: self.delayed.len() as u64,
            oldest: self.oldest_arrival(),
        };
        self.metrics.note(now, levels);
    }

    fn release(&mut self, at: Timestamp, sequence: u64, outbox: &mut Outbox) {
        if let Some(message) = self.messages.get_mut(&sequence) {
            message.state = MessageState::Available;
            self.available.insert(sequence);
            outbox.moved(&self.arn, &message.id, at, MovementKind::Available);
        }
        self.settle(sequence);
        self.measure(at);
    }

    /// Takes a message out of its place and every index.
    fn remove(&mut self, sequence: u64) -> Option<Message> {
        let message = self.messages.remove(&sequence)?;
        self.expiry.remove(&(message.expires_at, sequence));
        match message.state {
            MessageState::Available => {
                self.available.remove(&sequence);
            }
            MessageState::Delayed { until } => {
                self.delayed.remove(&(until, sequence));
            }
            MessageState::InFlight { until, .. } => {
                self.in_flight.remove(&(until, sequence));
            }
        }
        if let Some(source) = &message.dead_letter_source_arn
            && let Some(letters) = self.by_source.get_mut(source)
        {
            letters.remove(&sequence);
        }
        if let Some(group) = message.message_group_id.as_ref().filter(|_| self.is_fifo()) {
            self.groups.remove(group, sequence);
            self.settle_group(group);
        }
        Some(*message)
    }
}

/// Messages that left and are still remembered.
const GONE_KEPT: usize = 20;

/// Twenty digits, like AWS's; each is greater than all before it in its queue.
fn sequence_number(sequence: u64) -> Rc<str> {
    (18_850_000_000_000_000_000_u128 + u128::from(sequence) * 256).to_string().into()
}
