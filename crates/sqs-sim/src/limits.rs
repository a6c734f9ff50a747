//! Quotas as data, so that a workspace can have those of the year it imitates.
//!
//! Source: the SQS quotas pages and the API reference; sizes are bytes, times are seconds.

/// What a queue and a call may be at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqsLimits {
    /// Highest MaximumMessageSize of a queue, its default, and the most that one batch may weigh together.
    pub maximum_message_bytes: u64,
    /// Lowest MaximumMessageSize that a queue may ask for.
    pub minimum_message_bytes: u64,
    pub queue_name_characters: usize,
    pub batch_entries: usize,
    pub message_attributes: usize,
    /// Messages of one standard queue that may be in flight at a time.
    pub messages_in_flight: usize,
    pub visibility_timeout_seconds: u64,
    pub delay_seconds: u64,
    pub receive_wait_seconds: u64,
    pub retention_seconds: (u64, u64),
    pub max_receive_count: u64,
    pub policy_bytes: usize,
    pub tags: usize,
    /// How long a deleted queue's name stays taken.
    pub recreate_wait_seconds: u64,
    pub purge_interval_seconds: u64,
    /// Message move tasks of an account that may run at a time.
    pub move_tasks: usize,
    pub move_task_messages_per_second: u64,
}

impl SqsLimits {
    /// Today's: messages up to 1 MiB (since August 2025).
    #[must_use]
    pub const fn aws_2026() -> Self {
        SqsLimits {
            maximum_message_bytes: 1_048_576,
            minimum_message_bytes: 1_024,
            queue_name_characters: 80,
            batch_entries: 10,
            message_attributes: 10,
            messages_in_flight: 120_000,
            visibility_timeout_seconds: 43_200,
            delay_seconds: 900,
            receive_wait_seconds: 20,
            retention_seconds: (60, 1_209_600),
            max_receive_count: 1_000,
            policy_bytes: 8_192,
            tags: 50,
            recreate_wait_seconds: 60,
            purge_interval_seconds: 60,
            move_tasks: 100,
            move_task_messages_per_second: 500,
        }
    }

    /// As in 2023: messages up to 256 KiB.
    #[must_use]
    pub const fn aws_2023() -> Self {
        SqsLimits { maximum_message_bytes: 262_144, ..SqsLimits::aws_2026() }
    }
}
