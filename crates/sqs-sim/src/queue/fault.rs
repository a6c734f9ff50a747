//! Failures that a person injects into a queue: what AWS promises not to do, or seldom does.

use std::rc::Rc;

use virtual_time::{Duration, Timestamp};

use super::Queue;
use crate::ids::md5_hex;
use crate::message::{Message, MessageState, MovementKind};
use crate::queues::Outbox;

/// What to do to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFault {
    /// It is lost.
    Drop,
    /// A second copy appears, with the same id: standard queues deliver at least once.
    Duplicate,
    /// Nobody sees it for this time from now.
    Delay(Duration),
    /// Its body is cut in the middle, so that no handler can read it.
    Poison,
}

impl MessageFault {
    /// What was done, in a word.
    #[must_use]
    pub fn deed(self) -> &'static str {
        match self {
            MessageFault::Drop => "dropped",
            MessageFault::Duplicate => "duplicated",
            MessageFault::Delay(_) => "delayed",
            MessageFault::Poison => "poisoned",
        }
    }
}

impl Queue {
    /// Whether there was such a message.
    pub(crate) fn inject(
        &mut self,
        now: Timestamp,
        message_id: &str,
        fault: MessageFault,
        outbox: &mut Outbox,
    ) -> bool {
        let found = self.messages.iter().find(|(_, message)| &*message.id == message_id);
        let Some((&sequence, message)) = found else { return false };
        let kind = MovementKind::Faulted { deed: fault.deed() };
        outbox.moved(&self.arn, &message.id, now, kind.clone());
        match fault {
            MessageFault::Drop => {
                if let Some(lost) = self.remove(sequence) {
                    self.remember_gone(now, lost, kind);
                }
            }
            MessageFault::Duplicate => {
                let mut copy = Message::clone(message);
                copy.state = MessageState::Available;
                self.insert(now, copy, outbox);
            }
            MessageFault::Delay(span) => self.delay(now + span, sequence),
            MessageFault::Poison => {
                let Some(message) = self.messages.get_mut(&sequence) else { return false };
                let body = poisoned(&message.body);
                message.md5 = md5_hex(body.as_bytes()).into();
                message.body = body;
            }
        }
        self.measure(now);
        true
    }

    /// A received message stays with its receiver, and hidden, until then.
    fn delay(&mut self, until: Timestamp, sequence: u64) {
        let Some(message) = self.messages.get_mut(&sequence) else { return };
        match &mut message.state {
            MessageState::InFlight { until: end, .. } => {
                self.in_flight.remove(&(*end, sequence));
                *end = until;
                self.in_flight.insert((until, sequence));
            }
            MessageState::Delayed { until: end } => {
                self.delayed.remove(&(*end, sequence));
                *end = until;
                self.delayed.insert((until, sequence));
            }
            MessageState::Available => {
                self.available.remove(&sequence);
                message.state = MessageState::Delayed { until };
                self.delayed.insert((until, sequence));
            }
        }
        self.settle(sequence);
    }
}

/// The first half of a body; of a single character nothing is left but a mark, for SQS knows no empty body.
fn poisoned(body: &str) -> Rc<str> {
    let half = body.chars().count() / 2;
    let cut: String = body.chars().take(half).collect();
    if cut.is_empty() { "\u{fffd}".into() } else { cut.into() }
}
