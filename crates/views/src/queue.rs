//! A queue as lanes of cards: where each message is, since when, who sent it and who holds it. It only looks:
//! nothing here counts as a receive.

use std::collections::BTreeMap;
use std::rc::Rc;

use shared_json::Value;
use sim_account::{Account, CallRecord, Caller, LimitProfile, What};
use sqs_sim::{Message, MessageState, MovementKind, Queue, Queues, QueuesOptions, SqsLimits};
use virtual_time::{Duration, Timestamp};

use crate::target::Target;
use crate::words::{self, shortened};

/// Cards that one lane shows; more are only counted.
const CARDS: usize = 100;
/// Messages that are gone and still shown.
const GONE: usize = 20;
const BODY_CHARACTERS: usize = 120;

#[derive(Clone, Debug, PartialEq)]
pub struct QueueView {
    pub name: String,
    pub url: String,
    pub arn: String,
    pub created_at: Timestamp,
    /// `visibility 30 s · retention 4 d · no dead-letter queue`
    pub summary: String,
    pub lanes: Vec<Lane>,
    pub gone: Vec<GoneMessage>,
    pub triggers: Vec<QueueTrigger>,
    pub settings: QueueSettings,
    pub dead_letter_queue: Option<(String, u64)>,
}

/// The settings that the form edits, in seconds and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    pub visibility_timeout: u64,
    pub message_retention_period: u64,
    pub delay_seconds: u64,
    pub maximum_message_size: u64,
    pub receive_message_wait_time_seconds: u64,
}

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
    pub count: usize,
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub message_id: Rc<str>,
    pub short_id: String,
    pub body: Rc<str>,
    pub short_body: String,
    pub receive_count: u64,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    /// Which state of which execution sent it.
    pub sender: Option<Link>,
    /// Who received it.
    pub holder: Option<Link>,
    /// When it becomes visible, and how long it is hidden in all.
    pub hidden: Option<(Timestamp, Duration)>,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub text: String,
    pub target: Option<Target>,
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

#[derive(Clone, Debug, PartialEq)]
pub struct QueueTrigger {
    pub uuid: Rc<str>,
    pub function_name: String,
    pub state: &'static str,
    pub enabled: bool,
    pub batch_size: u32,
}

/// What the page shows of a queue; `None` when there is none of that name.
#[must_use]
pub fn view(account: &Account, name: &str) -> Option<QueueView> {
    let queue = account.queues().queue(name)?;
    let settings = queue.settings();
    let traces = Traces::of(account, queue);
    let mut lanes = vec![
        lane(account, queue, &traces, LaneKind::Delayed),
        lane(account, queue, &traces, LaneKind::Available),
        lane(account, queue, &traces, LaneKind::InFlight),
    ];
    let redrive = settings.redrive_policy.as_ref();
    if let Some(dead) = redrive.and_then(|policy| account.queues().queue_by_arn(&policy.dead_letter_target_arn)) {
        lanes.push(dead_letters(account, queue, dead));
    }
    let dead_letter_queue =
        redrive.map(|policy| (words::name_of(&policy.dead_letter_target_arn).to_owned(), policy.max_receive_count));
    let dead = dead_letter_queue
        .as_ref()
        .map_or("no dead-letter queue".to_owned(), |(name, count)| format!("to {name} after {count} receives"));
    let summary = format!(
        "visibility {} · retention {} · {dead}",
        Duration::from_secs(settings.visibility_timeout),
        Duration::from_secs(settings.message_retention_period)
    );
    Some(QueueView {
        name: queue.name().to_owned(),
        url: queue.url().to_owned(),
        arn: queue.arn().to_owned(),
        created_at: queue.created_at(),
        summary,
        lanes,
        gone: traces.gone(account),
        triggers: triggers(account, queue.arn()),
        settings: QueueSettings {
            visibility_timeout: settings.visibility_timeout,
            message_retention_period: settings.message_retention_period,
            delay_seconds: settings.delay_seconds,
            maximum_message_size: settings.maximum_message_size,
            receive_message_wait_time_seconds: settings.receive_message_wait_time_seconds,
        },
        dead_letter_queue,
    })
}

fn triggers(account: &Account, queue_arn: &str) -> Vec<QueueTrigger> {
    let mappings = account.functions().mappings().filter(|mapping| &*mapping.event_source_arn == queue_arn);
    mappings
        .map(|mapping| QueueTrigger {
            uuid: mapping.uuid.clone(),
            function_name: mapping.function_name.to_string(),
            state: crate::functions::trigger_label(mapping.state.as_str(), mapping.last_processing_result.as_deref()),
            enabled: mapping.enabled,
            batch_size: mapping.batch_size,
        })
        .collect()
}

fn lane(account: &Account, queue: &Queue, traces: &Traces<'_>, kind: LaneKind) -> Lane {
    let (title, count) = match kind {
        LaneKind::Delayed => ("Delayed", queue.delayed_count()),
        LaneKind::Available => ("Available", queue.available_count()),
        LaneKind::InFlight => ("In flight", queue.in_flight_count()),
        LaneKind::DeadLetter => ("Dead-letter", 0),
    };
    let here = queue.messages().filter(|message| {
        matches!(
            (&message.state, kind),
            (MessageState::Delayed { .. }, LaneKind::Delayed)
                | (MessageState::Available, LaneKind::Available)
                | (MessageState::InFlight { .. }, LaneKind::InFlight)
        )
    });
    Lane { kind, title, count, cards: here.take(CARDS).map(|message| card(account, traces, message)).collect() }
}

/// The messages of the dead-letter queue that came from here.
fn dead_letters(account: &Account, queue: &Queue, dead: &Queue) -> Lane {
    let traces = Traces::of(account, dead);
    let from_here = || dead.messages().filter(|m| m.dead_letter_source_arn.as_deref() == Some(queue.arn()));
    Lane {
        kind: LaneKind::DeadLetter,
        title: "Dead-letter",
        count: from_here().count(),
        cards: from_here().take(CARDS).map(|message| card(account, &traces, message)).collect(),
    }
}

fn card(account: &Account, traces: &Traces<'_>, message: &Message) -> Card {
    let (hidden, holder) = match &message.state {
        MessageState::Delayed { until } => (Some((*until, until.since(message.sent_at))), None),
        MessageState::Available => (None, None),
        MessageState::InFlight { until, call, .. } => {
            let since = message.last_received_at.unwrap_or(message.sent_at);
            (Some((*until, until.since(since))), Some(holder(account, traces.calls.get(call).copied(), &message.id)))
        }
    };
    Card {
        message_id: message.id.clone(),
        short_id: words::short_uuid(&message.id).to_owned(),
        body: message.body.clone(),
        short_body: shortened(&message.body, BODY_CHARACTERS),
        receive_count: message.receive_count,
        sent_at: message.sent_at,
        expires_at: message.expires_at,
        sender: traces.sender(account, &message.id),
        holder,
        hidden,
    }
}

/// Who received a message: you, a handler, or the function whose trigger read it.
fn holder(account: &Account, call: Option<&CallRecord>, message_id: &str) -> Link {
    let Some(call) = call else { return Link { text: "a receiver".into(), target: None } };
    match &call.caller {
        Caller::Root => Link { text: "you".into(), target: None },
        Caller::Mapping { function_name, .. } => {
            let invocations = account.functions().invocations().rev();
            let invocation = invocations
                .take(1_000)
                .find(|i| i.function == *function_name && i.message_ids().iter().any(|id| &**id == message_id));
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
            let (text, target) = words::caller(account, other);
            Link { text, target }
        }
    }
}

/// What the journal knows of a queue's messages.
struct Traces<'a> {
    /// The calls that sent messages, by message id.
    sends: BTreeMap<&'a str, &'a CallRecord>,
    /// Calls that received, by id.
    calls: BTreeMap<u64, &'a CallRecord>,
    gone: Vec<(&'a Rc<str>, Timestamp, &'static str)>,
}

/// Journal entries that are looked through for what is gone.
const LOOKED_THROUGH: usize = 5_000;

impl<'a> Traces<'a> {
    fn of(account: &'a Account, queue: &Queue) -> Self {
        let oldest = queue.messages().map(|message| message.sent_at).min();
        let mut traces = Traces { sends: BTreeMap::new(), calls: BTreeMap::new(), gone: Vec::new() };
        for (index, entry) in account.journal().entries().rev().enumerate() {
            if index >= LOOKED_THROUGH && oldest.is_none_or(|oldest| entry.at < oldest) {
                break;
            }
            match &entry.what {
                What::Call(call) => traces.note(call),
                What::Moved(movement) if &*movement.queue_arn == queue.arn() => {
                    if let Some(how) = gone_by(&movement.kind).filter(|_| traces.gone.len() < GONE) {
                        traces.gone.push((&movement.message_id, movement.at, how));
                    }
                }
                What::Moved(_) | What::Lambda(_) => {}
            }
        }
        traces
    }

    fn note(&mut self, call: &'a CallRecord) {
        match &*call.action {
            "sqs:SendMessage" => {
                if let Some(Ok(answer)) = &call.outcome
                    && let Some(id) = answer.get_str("MessageId")
                {
                    self.sends.insert(id, call);
                }
            }
            "sqs:SendMessageBatch" => {
                if let Some(Ok(answer)) = &call.outcome {
                    for sent in answer["Successful"].as_array().unwrap_or_default() {
                        if let Some(id) = sent.get_str("MessageId") {
                            self.sends.insert(id, call);
                        }
                    }
                }
            }
            "sqs:ReceiveMessage" => {
                self.calls.insert(call.id, call);
            }
            _ => {}
        }
    }

    fn sender(&self, account: &Account, message_id: &str) -> Option<Link> {
        let (text, target) = words::caller(account, &self.sends.get(message_id)?.caller);
        Some(Link { text, target })
    }

    fn gone(&self, account: &Account) -> Vec<GoneMessage> {
        let body = |id: &str| {
            let body = self.sends.get(id).and_then(|call| call.params.get_str("MessageBody"));
            body.map_or_else(String::new, |body| shortened(body, BODY_CHARACTERS))
        };
        let shown = |(id, at, how): &(&Rc<str>, Timestamp, &'static str)| GoneMessage {
            message_id: (*id).clone(),
            at: *at,
            how,
            short_body: body(id),
            sender: self.sender(account, id),
        };
        self.gone.iter().map(shown).collect()
    }
}

fn gone_by(kind: &MovementKind) -> Option<&'static str> {
    match kind {
        MovementKind::Deleted => Some("Deleted"),
        MovementKind::Expired => Some("Expired: the retention period was over"),
        MovementKind::Purged => Some("Purged"),
        MovementKind::DeadLettered { .. } => Some("Moved to the dead-letter queue"),
        MovementKind::Redriven { .. } => Some("Redriven: moved out of the dead-letter queue"),
        MovementKind::Sent { .. }
        | MovementKind::Available
        | MovementKind::Received { .. }
        | MovementKind::VisibilityChanged { .. }
        | MovementKind::QueueDeleted => None,
    }
}

/// What SQS would say of a new queue, without making it: a scratch registry of the same limits is asked.
#[must_use]
pub fn refusal_of_new(account: &Account, params: &Value) -> Option<aws_protocol::AwsError> {
    let options = account.options();
    let mut scratch = Queues::new(QueuesOptions {
        account_id: options.account_id.clone(),
        region: options.region.clone(),
        seed: 0,
        limits: limits(account),
        poll_pickup: virtual_time::Duration::ZERO,
    });
    let input = sqs_sim::Input::Call { call: 0, action: "CreateQueue", params, principal: &"".into() };
    scratch.handle(account.now(), input);
    match scratch.poll_effect()? {
        sqs_sim::Effect::Answer { result, .. } => result.err(),
        sqs_sim::Effect::Moved(_) => None,
    }
}

/// SQS's quotas in this account's year.
#[must_use]
pub fn limits(account: &Account) -> SqsLimits {
    match account.options().limits {
        LimitProfile::Aws2023 => SqsLimits::aws_2023(),
        LimitProfile::Aws2026 => SqsLimits::aws_2026(),
    }
}

/// What a new queue is born with, in this account's year.
#[must_use]
pub fn defaults(account: &Account) -> QueueSettings {
    QueueSettings {
        visibility_timeout: 30,
        message_retention_period: 345_600,
        delay_seconds: 0,
        maximum_message_size: limits(account).maximum_message_bytes,
        receive_message_wait_time_seconds: 0,
    }
}
