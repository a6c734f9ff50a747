//! A FIFO queue as message groups, each in its order: which of them are blocked, by what and until when; and
//! the deduplication ids that the queue still remembers.

use std::rc::Rc;

use sim_account::Account;
use sqs_sim::{Message, MessageState};
use virtual_time::{Duration, Timestamp};

use super::lanes::{Card, Cards, Lane, LaneKind, dead_letter_lane};
use super::{Counts, Link};
use crate::words;

/// Groups that are shown; more are only counted.
const GROUPS: usize = 30;
/// Messages that one group shows.
const CARDS: usize = 10;
const WINDOWS: usize = 50;
/// How long an id is remembered.
const INTERVAL: Duration = Duration::from_secs(300);

#[derive(Clone, Debug, PartialEq)]
pub struct FifoView {
    pub counts: Counts,
    /// Blocked ones first, then by name.
    pub groups: Vec<GroupView>,
    pub all_groups: usize,
    pub windows: Vec<Window>,
    pub all_windows: usize,
    /// Ids are told apart within a group, not in the whole queue.
    pub scope_is_group: bool,
    pub dead_letters: Option<Lane>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    pub name: Rc<str>,
    pub count: usize,
    /// Why nobody can receive from it.
    pub blocked: Option<Blocked>,
    /// In the order in which they will be received.
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// `its oldest message is in flight`, `its oldest message is delayed`
    pub why: &'static str,
    pub until: Timestamp,
    pub total: Duration,
    pub holder: Option<Link>,
}

/// An id that SQS remembers: another message with it is accepted and not delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub id: String,
    pub short_id: String,
    pub group: Option<String>,
    pub message: String,
    pub until: Timestamp,
    pub total: Duration,
}

/// `None` when there is no FIFO queue of this name.
#[must_use]
pub fn view(account: &Account, name: &str) -> Option<FifoView> {
    let queue = account.queues().queue(name).filter(|queue| queue.is_fifo())?;
    let cards = Cards::new(account);
    let group = |group: sqs_sim::MessageGroup<'_>| {
        let shown: Vec<Card> =
            group.messages().take(CARDS).map(|message| cards.card(message, lane_of(message))).collect();
        let head = group.messages().next().filter(|_| group.blocked);
        GroupView {
            name: group.name.clone(),
            count: group.len,
            blocked: head.and_then(|head| blocked_by(head, &cards)),
            cards: shown,
        }
    };
    let mut groups: Vec<GroupView> = queue.message_groups().take(GROUPS).map(group).collect();
    groups.sort_by_key(|group| group.blocked.is_none());
    let windows = queue.deduplication_windows(account.now());
    let all_windows = windows.len();
    let window = |window: sqs_sim::DeduplicationWindow<'_>| Window {
        id: window.id.to_owned(),
        short_id: words::short_id(window.id),
        group: window.group.map(str::to_owned),
        message: words::short_uuid(window.message_id).to_owned(),
        until: window.until,
        total: INTERVAL,
    };
    Some(FifoView {
        counts: Counts::of(queue),
        groups,
        all_groups: queue.message_groups().len(),
        windows: windows.take(WINDOWS).map(window).collect(),
        all_windows,
        scope_is_group: queue
            .settings()
            .fifo
            .as_ref()
            .is_some_and(|fifo| fifo.deduplication_scope == sqs_sim::DeduplicationScope::MessageGroup),
        dead_letters: dead_letter_lane(account, queue, &cards),
    })
}

fn lane_of(message: &Message) -> LaneKind {
    match message.state {
        MessageState::Delayed { .. } => LaneKind::Delayed,
        MessageState::Available => LaneKind::Available,
        MessageState::InFlight { .. } => LaneKind::InFlight,
    }
}

fn blocked_by(head: &Message, cards: &Cards<'_>) -> Option<Blocked> {
    match &head.state {
        MessageState::Available => None,
        MessageState::Delayed { until } => Some(Blocked {
            why: "its oldest message is delayed",
            until: *until,
            total: until.since(head.sent_at),
            holder: None,
        }),
        MessageState::InFlight { until, call, .. } => Some(Blocked {
            why: "its oldest message is in flight",
            until: *until,
            total: until.since(head.last_received_at.unwrap_or(head.sent_at)),
            holder: Some(cards.holder(*call, &head.id)),
        }),
    }
}
