//! Looking at a queue. Nothing here changes it, and nothing walks all of its messages to find a few.

use std::collections::BTreeSet;
use std::rc::Rc;

use shared_json::Value;
use virtual_time::Timestamp;

use super::{Held, Queue};
use crate::attributes::{self, QueueAttributes};
use crate::deduplication::DeduplicationWindow;
use crate::message::{GoneMessage, Message};
use crate::metrics::Metrics;

/// Messages that are looked through for the oldest one that was not received often.
const LOOKED_THROUGH: usize = 20;
/// A message received so often no longer counts for the age of the oldest message.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>
const OFTEN_RECEIVED: u64 = 3;

/// One message group of a FIFO queue.
#[derive(Debug)]
pub struct MessageGroup<'a> {
    pub name: &'a Rc<str>,
    /// Whether its oldest message is in flight or delayed, so that none of it can be received.
    pub blocked: bool,
    pub len: usize,
    queue: &'a Queue,
}

impl<'a> MessageGroup<'a> {
    /// In the order in which they will be received.
    pub fn messages(&self) -> impl Iterator<Item = &'a Message> + use<'a> {
        let queue = self.queue;
        queue.groups.members(self.name).filter_map(|sequence| queue.message(sequence))
    }
}

impl Queue {
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.attributes.fifo.is_some()
    }

    #[must_use]
    pub fn settings(&self) -> &QueueAttributes {
        &self.attributes
    }

    /// One attribute as GetQueueAttributes writes it, also those that are read only.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        match name {
            "QueueArn" => Some(self.arn.to_string()),
            "ApproximateNumberOfMessages" => Some(self.available_count().to_string()),
            "ApproximateNumberOfMessagesNotVisible" => Some(self.in_flight_count().to_string()),
            "ApproximateNumberOfMessagesDelayed" => Some(self.delayed_count().to_string()),
            "CreatedTimestamp" => Some((self.created_at.millis() / 1_000).to_string()),
            "LastModifiedTimestamp" => Some((self.modified_at.millis() / 1_000).to_string()),
            setting => self.attributes.get(setting),
        }
    }

    /// All attributes as GetQueueAttributes gives them.
    #[must_use]
    pub fn attributes(&self) -> Value {
        Value::object(attributes::all_names().filter_map(|name| Some((name, self.attribute(name)?.into()))))
    }

    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    #[must_use]
    pub fn modified_at(&self) -> Timestamp {
        self.modified_at
    }

    /// The access policy's text.
    #[must_use]
    pub fn policy(&self) -> Option<&Rc<str>> {
        self.attributes.policy.as_ref()
    }

    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().map(|(key, value)| (&**key, &**value))
    }

    /// All messages in order of arrival.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().map(AsRef::as_ref)
    }

    #[must_use]
    pub fn available_count(&self) -> usize {
        self.available.len()
    }

    #[must_use]
    pub fn in_flight_count(&self) -> usize {
        self.in_flight.len()
    }

    #[must_use]
    pub fn delayed_count(&self) -> usize {
        self.delayed.len()
    }

    /// Whether a FIFO queue holds this group back, because its oldest message is in flight or delayed.
    #[must_use]
    pub fn is_group_blocked(&self, group: &str) -> bool {
        self.is_fifo() && self.groups.is_blocked(group)
    }

    /// Deduplication ids that a FIFO queue remembers at this time, newest first.
    pub fn deduplication_windows(&self, now: Timestamp) -> impl ExactSizeIterator<Item = DeduplicationWindow<'_>> {
        self.deduplication.windows(now)
    }

    /// Calls that wait in a long poll.
    pub fn waiting_calls(&self) -> impl Iterator<Item = u64> {
        self.polls.iter().map(|poll| poll.call)
    }

    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, u64)>| set.first().map(|(at, _)| *at);
        let moves = [first(&self.delayed), first(&self.in_flight), first(&self.expiry), self.pickup_at];
        let poll = self.polls.iter().map(|poll| poll.deadline).min();
        moves.into_iter().flatten().chain(poll).min()
    }

    /// What can be received, in order of arrival.
    pub fn available(&self) -> impl Iterator<Item = &Message> {
        self.available.iter().filter_map(|sequence| self.message(*sequence))
    }

    /// What is in flight, by when it becomes visible again.
    pub fn in_flight(&self) -> impl Iterator<Item = &Message> {
        self.by_time(&self.in_flight)
    }

    /// What is delayed, by when that ends.
    pub fn delayed(&self) -> impl Iterator<Item = &Message> {
        self.by_time(&self.delayed)
    }

    fn by_time<'a>(&'a self, places: &'a BTreeSet<(Timestamp, u64)>) -> impl Iterator<Item = &'a Message> {
        places.iter().filter_map(|(_, sequence)| self.message(*sequence))
    }

    /// Dead letters that a source queue gave up, in order of arrival.
    pub fn dead_letters_of(&self, source_arn: &str) -> impl Iterator<Item = &Message> {
        let letters = self.by_source.get(source_arn).into_iter().flatten();
        letters.filter_map(|sequence| self.message(*sequence))
    }

    #[must_use]
    pub fn dead_letter_count_of(&self, source_arn: &str) -> usize {
        self.by_source.get(source_arn).map_or(0, BTreeSet::len)
    }

    /// The last messages that left, newest first.
    pub fn recently_gone(&self) -> impl Iterator<Item = &GoneMessage> {
        self.gone.iter().rev()
    }

    /// Message groups of a FIFO queue by name.
    pub fn message_groups(&self) -> impl ExactSizeIterator<Item = MessageGroup<'_>> {
        let group = |(name, len, blocked)| MessageGroup { name, blocked, len, queue: self };
        self.groups.all().map(group)
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The message that a receipt handle still stands for; `None` when it was received again or is gone.
    #[must_use]
    pub fn message_held_by(&self, receipt_handle: &str) -> Option<&Message> {
        match self.held(receipt_handle) {
            Held::Latest(sequence) => self.message(sequence),
            Held::Unreadable | Held::Gone | Held::Outdated => None,
        }
    }

    /// When the oldest message came that counts for ApproximateAgeOfOldestMessage.
    pub(super) fn oldest_arrival(&self) -> Option<Timestamp> {
        let mut oldest = self.messages.values().take(LOOKED_THROUGH);
        oldest.find(|message| message.receive_count < OFTEN_RECEIVED).map(|message| message.arrived_at)
    }

    /// The same queue without its messages.
    pub(crate) fn emptied(&self) -> Queue {
        let (name, arn, url) = (self.name.clone(), self.arn.clone(), self.url.clone());
        Queue {
            tags: self.tags.clone(),
            modified_at: self.modified_at,
            purged_at: self.purged_at,
            ..Queue::new(name, arn, url, self.attributes.clone(), self.in_flight_limit, self.created_at)
        }
    }
}
