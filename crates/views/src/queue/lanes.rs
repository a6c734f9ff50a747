//! Messages as cards in lanes: where each is, since when, who sent it and who holds it. A lane shows its first
//! cards and counts the rest.

use std::collections::BTreeMap;
use std::rc::Rc;

use lambda_sim::Invocation;
use sim_account::{Account, Caller};
use sqs_sim::{Message, MessageState, MovementKind, Queue};
use virtual_time::{Duration, Timestamp};

use super::Link;
use crate::target::Target;
use crate::words::{self, shortened};

/// Cards that one lane shows; more are only counted.
pub const CARDS: usize = 30;
const BODY_CHARACTERS: usize = 120;
/// The latest invocations, among which the holders of messages are looked for.
const INVOCATIONS: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    Delayed,
    Available,
    InFlight,
    DeadLetter,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub kind: LaneKind,
    pub title: &'static str,
    /// What a message in it waits for.
    pub what: &'static str,
    pub count: usize,
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub kind: LaneKind,
    pub message_id: Rc<str>,
    pub short_id: String,
    pub body: Rc<str>,
    pub short_body: String,
    /// Name, type and value, for reading.
    pub attributes: Vec<(String, String, String)>,
    pub receive_count: u64,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    pub group: Option<Rc<str>>,
    pub deduplication_id: Option<Rc<str>>,
    pub sequence_number: Option<Rc<str>>,
    /// Which state of which execution sent it.
    pub sender: Option<Link>,
    /// Who received it.
    pub holder: Option<Link>,
    /// When it becomes visible, and how long it is hidden in all.
    pub hidden: Option<(Timestamp, Duration)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GoneMessage {
    pub message_id: Rc<str>,
    pub at: Timestamp,
    /// `Deleted`, `Expired`, …
    pub how: &'static str,
    pub short_body: String,
    pub sender: Option<Link>,
}

/// The lanes of a queue; none when there is no such queue.
#[must_use]
pub fn lanes(account: &Account, name: &str) -> Vec<Lane> {
    let Some(queue) = account.queues().queue(name) else { return Vec::new() };
    let cards = Cards::new(account);
    let mut lanes = vec![
        Lane {
            kind: LaneKind::Delayed,
            title: "Delayed",
            what: "Sent with a delay: nobody can receive it yet.",
            count: queue.delayed_count(),
            cards: cards.of(queue.delayed(), LaneKind::Delayed, CARDS),
        },
        Lane {
            kind: LaneKind::Available,
            title: "Available",
            what: "The next receive gets it.",
            count: queue.available_count(),
            cards: cards.of(queue.available(), LaneKind::Available, CARDS),
        },
        Lane {
            kind: LaneKind::InFlight,
            title: "In flight",
            what: "Received and not deleted: hidden until its visibility timeout ends.",
            count: queue.in_flight_count(),
            cards: cards.of(queue.in_flight(), LaneKind::InFlight, CARDS),
        },
    ];
    lanes.extend(dead_letter_lane(account, queue, &cards));
    lanes
}

/// The messages of the dead-letter queue that came from here.
pub(super) fn dead_letter_lane(account: &Account, queue: &Queue, cards: &Cards<'_>) -> Option<Lane> {
    let policy = queue.settings().redrive_policy.as_ref()?;
    let dead = account.queues().queue_by_arn(&policy.dead_letter_target_arn)?;
    Some(Lane {
        kind: LaneKind::DeadLetter,
        title: "Dead-letter",
        what: "Received too often here, and moved to the dead-letter queue.",
        count: dead.dead_letter_count_of(queue.arn()),
        cards: cards.of(dead.dead_letters_of(queue.arn()), LaneKind::DeadLetter, CARDS),
    })
}

/// The last messages that left, newest first.
#[must_use]
pub fn gone(account: &Account, name: &str) -> Vec<GoneMessage> {
    let Some(queue) = account.queues().queue(name) else { return Vec::new() };
    let shown = |gone: &sqs_sim::GoneMessage| {
        Some(GoneMessage {
            message_id: gone.message.id.clone(),
            at: gone.at,
            how: gone_by(&gone.how)?,
            short_body: shortened(&gone.message.body, BODY_CHARACTERS),
            sender: sender(account, &gone.message),
        })
    };
    queue.recently_gone().filter_map(shown).collect()
}

/// Who holds the message that becomes visible again first.
#[must_use]
pub fn first_holder(account: &Account, name: &str) -> Option<Link> {
    let message = account.queues().queue(name)?.in_flight().next()?;
    Cards::new(account).card(message, LaneKind::InFlight).holder
}

/// Makes cards of messages.
pub(super) struct Cards<'a> {
    account: &'a Account,
    /// The newest invocation of each message that a trigger read.
    invocations: BTreeMap<&'a str, &'a Invocation>,
}

impl<'a> Cards<'a> {
    pub(super) fn new(account: &'a Account) -> Cards<'a> {
        let mut invocations = BTreeMap::new();
        for invocation in account.functions().invocations().rev().take(INVOCATIONS) {
            for id in invocation.message_ids() {
                invocations.entry(&**id).or_insert(invocation);
            }
        }
        Cards { account, invocations }
    }

    pub(super) fn of<'m>(&self, messages: impl Iterator<Item = &'m Message>, kind: LaneKind, most: usize) -> Vec<Card> {
        messages.take(most).map(|message| self.card(message, kind)).collect()
    }

    pub(super) fn card(&self, message: &Message, kind: LaneKind) -> Card {
        let (hidden, holder) = match &message.state {
            MessageState::Delayed { until } => (Some((*until, until.since(message.sent_at))), None),
            MessageState::Available => (None, None),
            MessageState::InFlight { until, call, .. } => {
                let since = message.last_received_at.unwrap_or(message.sent_at);
                (Some((*until, until.since(since))), Some(self.holder(*call, &message.id)))
            }
        };
        Card {
            kind,
            message_id: message.id.clone(),
            short_id: words::short_uuid(&message.id).to_owned(),
            body: message.body.clone(),
            short_body: shortened(&message.body, BODY_CHARACTERS),
            attributes: super::polls::attributes(&message.attributes_value()),
            receive_count: message.receive_count,
            sent_at: message.sent_at,
            expires_at: message.expires_at,
            group: message.message_group_id.clone(),
            deduplication_id: message.deduplication_id.clone(),
            sequence_number: message.sequence_number.clone(),
            sender: sender(self.account, message),
            holder,
            hidden,
        }
    }

    /// Who received a message: you, a handler, or the function whose trigger read it.
    pub(super) fn holder(&self, call: u64, message_id: &str) -> Link {
        let Some(call) = self.account.journal().call(call) else {
            return Link { text: "a receiver".into(), target: None };
        };
        match &call.caller {
            Caller::Root => Link { text: "you".into(), target: None },
            Caller::Mapping { function_name, .. } => {
                let invocation = self.invocations.get(message_id).filter(|i| i.function == *function_name);
                let text = match invocation {
                    Some(i) if i.is_finished() => {
                        format!("{function_name}, request {} (ended)", words::short_uuid(&i.request_id))
                    }
                    Some(i) => format!("{function_name}, request {}", words::short_uuid(&i.request_id)),
                    None => format!("the trigger of {function_name}"),
                };
                Link { text, target: Some(Target::function(function_name)) }
            }
            other => {
                let (text, target) = words::caller(self.account, other);
                Link { text, target }
            }
        }
    }
}

fn sender(account: &Account, message: &Message) -> Option<Link> {
    let (text, target) = words::caller(account, &account.journal().call(message.sent_by)?.caller);
    Some(Link { text, target })
}

fn gone_by(kind: &MovementKind) -> Option<&'static str> {
    match kind {
        MovementKind::Deleted => Some("Deleted"),
        MovementKind::Expired => Some("Expired: the retention period was over"),
        MovementKind::Purged => Some("Purged"),
        MovementKind::DeadLettered { .. } => Some("Moved to the dead-letter queue"),
        MovementKind::Redriven { .. } => Some("Redriven: moved out of the dead-letter queue"),
        MovementKind::Faulted { deed: "dropped" } => Some("Lost by an injected fault"),
        MovementKind::Faulted { .. }
        | MovementKind::Sent { .. }
        | MovementKind::Available
        | MovementKind::Received { .. }
        | MovementKind::VisibilityChanged { .. }
        | MovementKind::QueueDeleted => None,
    }
}
