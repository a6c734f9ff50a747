//! A queue's page as data: its settings and counts, and by its modules the messages in their lanes or groups,
//! dead letters, metrics, and what SQS would refuse. It only looks: nothing here counts as a receive, and
//! nothing walks all of a queue's messages.

pub mod checks;
pub mod dead_letters;
pub mod groups;
pub mod lanes;
pub mod monitor;
pub mod policy;
pub mod polls;

use std::rc::Rc;

use sim_account::Account;
use sqs_sim::{DeduplicationScope, FifoThroughputLimit, Queue};
use virtual_time::{Duration, Timestamp};

use crate::target::Target;
use crate::words;

#[derive(Clone, Debug, PartialEq)]
pub struct QueueView {
    pub name: String,
    pub url: String,
    pub arn: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// `visibility 30 s · retention 4 d · no dead-letter queue`
    pub summary: String,
    pub counts: Counts,
    pub triggers: Vec<QueueTrigger>,
    pub settings: QueueSettings,
    pub fifo: Option<FifoSettings>,
    pub encryption: Encryption,
    /// Its name and after how many receives.
    pub dead_letter_queue: Option<(String, u64)>,
    /// How many queues give their dead letters to this one.
    pub sources: usize,
    pub policy: Option<Rc<str>>,
    pub tags: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub delayed: usize,
    pub available: usize,
    pub in_flight: usize,
}

impl Counts {
    #[must_use]
    pub fn of(queue: &Queue) -> Counts {
        Counts {
            delayed: queue.delayed_count(),
            available: queue.available_count(),
            in_flight: queue.in_flight_count(),
        }
    }

    #[must_use]
    pub fn all(&self) -> usize {
        self.delayed + self.available + self.in_flight
    }
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

/// The settings of a FIFO queue only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FifoSettings {
    pub content_based_deduplication: bool,
    /// DeduplicationScope is `messageGroup`.
    pub scope_is_group: bool,
    /// FifoThroughputLimit is `perMessageGroupId`.
    pub limit_is_per_group: bool,
}

/// How a queue's messages would be encrypted at rest. Kept and shown only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    Off,
    #[default]
    Sqs,
    Kms {
        key: String,
        reuse_seconds: u64,
    },
}

/// A name that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub text: String,
    pub target: Option<Target>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QueueTrigger {
    pub uuid: Rc<str>,
    pub function_name: String,
    pub state: &'static str,
    pub enabled: bool,
    pub batch_size: u32,
    /// `10 messages, waits up to 5 s for more, at most 2 at a time`
    pub batches: String,
    pub reports_failures: bool,
    /// What its last poll or invocation came to.
    pub last_result: Option<Rc<str>>,
}

/// What the page shows of a queue; `None` when there is none of that name.
#[must_use]
pub fn view(account: &Account, name: &str) -> Option<QueueView> {
    let queue = account.queues().queue(name)?;
    let settings = queue.settings();
    let redrive = settings.redrive_policy.as_ref();
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
        modified_at: queue.modified_at(),
        summary,
        counts: Counts::of(queue),
        triggers: triggers(account, queue.arn()),
        settings: QueueSettings {
            visibility_timeout: settings.visibility_timeout,
            message_retention_period: settings.message_retention_period,
            delay_seconds: settings.delay_seconds,
            maximum_message_size: settings.maximum_message_size,
            receive_message_wait_time_seconds: settings.receive_message_wait_time_seconds,
        },
        fifo: settings.fifo.as_ref().map(|fifo| FifoSettings {
            content_based_deduplication: fifo.content_based_deduplication,
            scope_is_group: fifo.deduplication_scope == DeduplicationScope::MessageGroup,
            limit_is_per_group: fifo.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId,
        }),
        encryption: match &settings.kms_master_key_id {
            Some(key) => {
                Encryption::Kms { key: key.to_string(), reuse_seconds: settings.kms_data_key_reuse_period_seconds }
            }
            None if settings.sqs_managed_sse_enabled => Encryption::Sqs,
            None => Encryption::Off,
        },
        dead_letter_queue,
        sources: dead_letters::sources(account, queue.arn()).count(),
        policy: queue.policy().cloned(),
        tags: queue.tags().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
    })
}

fn triggers(account: &Account, queue_arn: &str) -> Vec<QueueTrigger> {
    let mappings = account.functions().mappings().filter(|mapping| &*mapping.event_source_arn == queue_arn);
    mappings
        .map(|mapping| {
            let mut batches = vec![format!("up to {} messages", mapping.batch_size)];
            match mapping.maximum_batching_window_seconds {
                0 => {}
                seconds => batches.push(format!("waits {seconds} s for more")),
            }
            if let Some(most) = mapping.maximum_concurrency {
                batches.push(format!("at most {most} at a time"));
            }
            QueueTrigger {
                uuid: mapping.uuid.clone(),
                function_name: mapping.function_name.to_string(),
                state: crate::functions::trigger_label(
                    mapping.state.as_str(),
                    mapping.last_processing_result.as_deref(),
                ),
                enabled: mapping.enabled,
                batch_size: mapping.batch_size,
                batches: batches.join(", "),
                reports_failures: mapping.report_batch_item_failures,
                last_result: mapping.last_processing_result.clone(),
            }
        })
        .collect()
}

/// What a new queue is born with, in this account's year.
#[must_use]
pub fn defaults(account: &Account) -> QueueSettings {
    QueueSettings {
        visibility_timeout: 30,
        message_retention_period: 345_600,
        delay_seconds: 0,
        maximum_message_size: checks::limits(account).maximum_message_bytes,
        receive_message_wait_time_seconds: 0,
    }
}
