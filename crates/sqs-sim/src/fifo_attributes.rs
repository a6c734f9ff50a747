//! The settings that only FIFO queues have.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html>

use aws_protocol::AwsError;
use virtual_time::{Duration, Timestamp};

use crate::errors::{invalid_attribute_value, invalid_parameter};

pub(crate) const NAMES: [&str; 4] =
    ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

/// What AWS says of these two on a standard queue differs from what it says of the rest.
pub(crate) const HIGH_THROUGHPUT_NAMES: [&str; 2] = ["DeduplicationScope", "FifoThroughputLimit"];

/// A changed attribute reaches all of SQS within 60 seconds (API reference, SetQueueAttributes). The
/// recordings show that the old scope is in force for some time after the change; here for all of it.
const PROPAGATION: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FifoAttributes {
    pub content_based_deduplication: bool,
    pub deduplication_scope: DeduplicationScope,
    pub fifo_throughput_limit: FifoThroughputLimit,
    /// The scope before the last change, and until when it is still in force.
    former_scope: Option<(DeduplicationScope, Timestamp)>,
}

/// Among which messages a deduplication id is one of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeduplicationScope {
    Queue,
    MessageGroup,
}

/// What the throughput quota counts. Stored and shown: calls are never throttled here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FifoThroughputLimit {
    PerQueue,
    PerMessageGroupId,
}

impl Default for FifoAttributes {
    fn default() -> Self {
        FifoAttributes {
            content_based_deduplication: false,
            deduplication_scope: DeduplicationScope::Queue,
            fifo_throughput_limit: FifoThroughputLimit::PerQueue,
            former_scope: None,
        }
    }
}

impl FifoAttributes {
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), AwsError> {
        match (name, value) {
            ("FifoQueue", value) if value.eq_ignore_ascii_case("true") => {}
            ("FifoQueue", _) => {
                let reason =
                    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.";
                return Err(AwsError::new("InvalidAttributeValue", reason));
            }
            ("ContentBasedDeduplication", value) => {
                let value = value.to_ascii_lowercase().parse();
                self.content_based_deduplication = value.map_err(|_| invalid_attribute_value(name))?;
            }
            ("DeduplicationScope", "queue") => self.deduplication_scope = DeduplicationScope::Queue,
            ("DeduplicationScope", "messageGroup") => self.deduplication_scope = DeduplicationScope::MessageGroup,
            ("FifoThroughputLimit", "perQueue") => self.fifo_throughput_limit = FifoThroughputLimit::PerQueue,
            ("FifoThroughputLimit", "perMessageGroupId") => {
                self.fifo_throughput_limit = FifoThroughputLimit::PerMessageGroupId;
            }
            _ => return Err(invalid_attribute_value(name)),
        }
        Ok(())
    }

    /// What no single attribute can check. The API reference gives the rule; the text is guessed.
    pub(crate) fn check_together(&self) -> Result<(), AwsError> {
        let per_group = self.fifo_throughput_limit == FifoThroughputLimit::PerMessageGroupId;
        if per_group && self.deduplication_scope != DeduplicationScope::MessageGroup {
            return Err(invalid_parameter(
                "The perMessageGroupId value for FifoThroughputLimit is allowed only when the value for DeduplicationScope is messageGroup.",
            ));
        }
        Ok(())
    }

    /// Lets the scope before this change stay in force until the change has reached everywhere.
    pub(crate) fn follow(&mut self, former: &FifoAttributes, now: Timestamp) {
        if former.deduplication_scope != self.deduplication_scope {
            self.former_scope = Some((former.scope_at(now), now + PROPAGATION));
        }
    }

    pub(crate) fn scope_at(&self, now: Timestamp) -> DeduplicationScope {
        match self.former_scope {
            Some((scope, until)) if now < until => scope,
            _ => self.deduplication_scope,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let text = match name {
            "FifoQueue" => "true",
            "ContentBasedDeduplication" => return Some(self.content_based_deduplication.to_string()),
            "DeduplicationScope" => match self.deduplication_scope {
                DeduplicationScope::Queue => "queue",
                DeduplicationScope::MessageGroup => "messageGroup",
            },
            "FifoThroughputLimit" => match self.fifo_throughput_limit {
                FifoThroughputLimit::PerQueue => "perQueue",
                FifoThroughputLimit::PerMessageGroupId => "perMessageGroupId",
            },
            _ => return None,
        };
        Some(text.to_owned())
    }
}
