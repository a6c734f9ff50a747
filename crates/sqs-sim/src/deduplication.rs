//! What a FIFO queue remembers of deduplication ids, for five minutes, whatever became of the messages.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use sha2::{Digest, Sha256};
use virtual_time::{Duration, Timestamp};

use crate::ids::hex;

pub(crate) const INTERVAL: Duration = Duration::from_secs(300);

/// The id, within a group when the scope is one.
type Key = (Option<Rc<str>>, Rc<str>);

/// A deduplication id that is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeduplicationWindow<'a> {
    /// When the scope is a message group.
    pub group: Option<&'a str>,
    pub id: &'a str,
    /// The message that was accepted under it.
    pub message_id: &'a str,
    /// Until when another message with this id is taken for the same.
    pub until: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Deduplication {
    sent: BTreeMap<Key, Sent>,
    by_time: VecDeque<(Timestamp, Key)>,
}

/// The message that was accepted under an id.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) message_id: Rc<str>,
    pub(crate) sequence_number: Rc<str>,
    at: Timestamp,
}

impl Deduplication {
    /// The message that was sent under this id in the last five minutes.
    pub(crate) fn find(&mut self, now: Timestamp, group: Option<&Rc<str>>, id: &Rc<str>) -> Option<&Sent> {
        while let Some((at, key)) = self.by_time.front().filter(|(at, _)| *at + INTERVAL <= now) {
            if self.sent.get(key).is_some_and(|sent| sent.at == *at) {
                self.sent.remove(key);
            }
            self.by_time.pop_front();
        }
        self.sent.get(&(group.cloned(), id.clone()))
    }

    pub(crate) fn remember(
        &mut self,
        at: Timestamp,
        group: Option<&Rc<str>>,
        id: &Rc<str>,
        message_id: Rc<str>,
        sequence_number: Rc<str>,
    ) {
        let key = (group.cloned(), id.clone());
        self.by_time.push_back((at, key.clone()));
        self.sent.insert(key, Sent { message_id, sequence_number, at });
    }

    /// What is remembered at this time, newest first.
    pub(crate) fn windows(&self, now: Timestamp) -> impl ExactSizeIterator<Item = DeduplicationWindow<'_>> {
        // An id is taken anew only after its window closed, so every open one has its entry here once.
        let open = self.by_time.partition_point(|(at, _)| *at + INTERVAL <= now);
        self.by_time.range(open..).rev().map(|(at, key)| DeduplicationWindow {
            group: key.0.as_deref(),
            id: &key.1,
            message_id: self.sent.get(key).map_or("", |sent| &*sent.message_id),
            until: *at + INTERVAL,
        })
    }
}

/// The id that ContentBasedDeduplication gives a body; attributes do not count.
pub(crate) fn content_based_id(body: &str) -> Rc<str> {
    hex(&Sha256::digest(body.as_bytes())).into()
}
