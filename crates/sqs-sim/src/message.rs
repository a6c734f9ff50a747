//! A message, where it is, and how it moves.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared_json::Value;
use virtual_time::Timestamp;

use crate::message_attributes::MessageAttribute;

/// One message of one queue.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: Rc<str>,
    pub body: Rc<str>,
    /// MD5 of the body, as MD5OfBody gives it.
    pub md5: Rc<str>,
    pub sender_id: Rc<str>,
    /// The call that sent it.
    pub sent_by: u64,
    pub sent_at: Timestamp,
    pub state: MessageState,
    /// Receptions in its whole life, also those before it became a dead letter.
    pub receive_count: u64,
    pub first_received_at: Option<Timestamp>,
    /// When its latest reception was: visibility may be stretched to 12 hours from here.
    pub last_received_at: Option<Timestamp>,
    /// From when its retention is counted: the sending, also for a dead letter of a standard queue.
    pub(crate) retained_from: Timestamp,
    pub expires_at: Timestamp,
    /// The sender's attributes, each as SendMessage took it.
    pub attributes: BTreeMap<Rc<str>, MessageAttribute>,
    /// Whose order is kept on a FIFO queue; a tenant's id on a standard queue.
    pub message_group_id: Option<Rc<str>>,
    /// On a FIFO queue: the sender's, or the digest of the body.
    pub deduplication_id: Option<Rc<str>>,
    /// On a FIFO queue: its place in the order of sending.
    pub sequence_number: Option<Rc<str>>,
    pub trace_header: Option<Rc<str>>,
    /// The queue that gave this message up.
    pub dead_letter_source_arn: Option<Rc<str>>,
    /// Receptions in this queue: what maxReceiveCount counts.
    pub(crate) receptions_here: u64,
    /// When it came into this queue, by whatever way.
    pub arrived_at: Timestamp,
}

/// A message that left its queue.
#[derive(Clone, Debug)]
pub struct GoneMessage {
    pub message: Message,
    pub at: Timestamp,
    pub how: MovementKind,
}

impl Message {
    /// The sender's attributes in the shape of the API.
    #[must_use]
    pub fn attributes_value(&self) -> Value {
        Value::object(self.attributes.iter().map(|(name, attribute)| (name, attribute.to_value())))
    }
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    Delayed {
        until: Timestamp,
    },
    Available,
    InFlight {
        until: Timestamp,
        receipt_handle: Rc<str>,
        /// The call that received it.
        call: u64,
    },
}

/// Something that happened to a message, or to a queue (then `message_id` is empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    pub queue_arn: Rc<str>,
    pub message_id: Rc<str>,
    pub at: Timestamp,
    pub kind: MovementKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovementKind {
    Sent {
        delayed_until: Option<Timestamp>,
    },
    /// The delay or the visibility timeout ended, or a receiver let go.
    Available,
    Received {
        until: Timestamp,
        receive_count: u64,
        receipt_handle: Rc<str>,
        call: u64,
    },
    VisibilityChanged {
        until: Timestamp,
    },
    Deleted,
    /// The retention period ended.
    Expired,
    Purged,
    /// Given up by this queue; `Sent` to its dead-letter queue follows as that queue's movement.
    DeadLettered {
        to: Rc<str>,
    },
    /// Taken from this dead-letter queue by a message move task; `Sent` follows as the other queue's movement.
    Redriven {
        to: Rc<str>,
    },
    /// A person injected a failure: `dropped`, `duplicated`, `delayed`, `poisoned`.
    Faulted {
        deed: &'static str,
    },
    QueueDeleted,
}
