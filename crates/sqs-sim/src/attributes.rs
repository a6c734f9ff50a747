//! Queue attributes: names, ranges, defaults, and the texts in which AWS refuses them.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::errors::{invalid_attribute_value, invalid_value, unknown_attribute};
use crate::fifo_attributes::{self, FifoAttributes};
use crate::limits::SqsLimits;

/// What GetQueueAttributes knows besides the settings.
const READ_ONLY: [&str; 6] = [
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
];

/// Settings in the order in which GetQueueAttributes lists them.
const SETTINGS: [&str; 11] = [
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "ReceiveMessageWaitTimeSeconds",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
];

/// The settings of a queue. Times are seconds, sizes bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueAttributes {
    pub visibility_timeout: u64,
    pub maximum_message_size: u64,
    pub message_retention_period: u64,
    pub delay_seconds: u64,
    pub receive_message_wait_time_seconds: u64,
    /// The access policy, as written.
    pub policy: Option<Rc<str>>,
    pub redrive_policy: Option<RedrivePolicy>,
    pub redrive_allow_policy: Option<Rc<str>>,
    pub kms_master_key_id: Option<Rc<str>>,
    pub kms_data_key_reuse_period_seconds: u64,
    pub sqs_managed_sse_enabled: bool,
    /// Of a FIFO queue; a standard queue has none.
    pub fifo: Option<FifoAttributes>,
}

/// What is to be said of a queue that a redrive policy names as its dead-letter queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeadLetterTarget {
    Missing,
    /// Its redrive-allow policy does not admit the source.
    Refuses,
    Accepts,
}

/// Where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedrivePolicy {
    pub dead_letter_target_arn: Rc<str>,
    pub max_receive_count: u64,
}

impl RedrivePolicy {
    fn text(&self) -> String {
        let target = &*self.dead_letter_target_arn;
        json!({"deadLetterTargetArn": target, "maxReceiveCount": self.max_receive_count}).to_string()
    }
}

impl QueueAttributes {
    pub(crate) fn defaults(limits: &SqsLimits, fifo: bool) -> Self {
        QueueAttributes {
            visibility_timeout: 30,
            maximum_message_size: limits.maximum_message_bytes,
            message_retention_period: 345_600,
            delay_seconds: 0,
            receive_message_wait_time_seconds: 0,
            policy: None,
            redrive_policy: None,
            redrive_allow_policy: None,
            kms_master_key_id: None,
            kms_data_key_reuse_period_seconds: 300,
            sqs_managed_sse_enabled: true,
            fifo: fifo.then(FifoAttributes::default),
        }
    }

    /// Sets one attribute by its API name. `target` tells what a dead-letter queue of that ARN would do.
    pub(crate) fn set(
        &mut self,
        name: &str,
        value: &str,
        limits: &SqsLimits,
        target: &dyn Fn(&str) -> DeadLetterTarget,
    ) -> Result<(), AwsError> {
        let number = |lowest: u64, highest: u64| {
            let number = value.parse::<u64>().ok().filter(|n| (lowest..=highest).contains(n));
            number.ok_or_else(|| invalid_attribute_value(name))
        };
        let (shortest, longest) = limits.retention_seconds;
        match name {
            "VisibilityTimeout" => self.visibility_timeout = number(0, limits.visibility_timeout_seconds)?,
            "MaximumMessageSize" => {
                self.maximum_message_size = number(limits.minimum_message_bytes, limits.maximum_message_bytes)?;
            }
            "MessageRetentionPeriod" => self.message_retention_period = number(shortest, longest)?,
            "DelaySeconds" => self.delay_seconds = number(0, limits.delay_seconds)?,
            "ReceiveMessageWaitTimeSeconds" => {
                self.receive_message_wait_time_seconds = number(0, limits.receive_wait_seconds)?;
            }
            "Policy" => {
                let fits = value.len() <= limits.policy_bytes && is_json_object(value);
                self.policy = match value {
                    "" => None,
                    text if fits => Some(text.into()),
                    _ => return Err(invalid_attribute_value(name)),
                };
            }
            "RedrivePolicy" => self.redrive_policy = read_redrive_policy(value, self.fifo.is_some(), limits, target)?,
            "RedriveAllowPolicy" => {
                self.redrive_allow_policy = match value {
                    "" => None,
                    text if allows_redrive_somehow(text) => Some(text.into()),
                    _ => return Err(invalid_attribute_value(name)),
                };
            }
            "KmsMasterKeyId" => {
                self.kms_master_key_id = (!value.is_empty()).then(|| value.into());
                self.sqs_managed_sse_enabled = false;
            }
            "KmsDataKeyReusePeriodSeconds" => self.kms_data_key_reuse_period_seconds = number(60, 86_400)?,
            "SqsManagedSseEnabled" => {
                self.sqs_managed_sse_enabled = match value.to_ascii_lowercase().as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(invalid_attribute_value(name)),
                };
                if self.sqs_managed_sse_enabled {
                    self.kms_master_key_id = None;
                }
            }
            _ if fifo_attributes::NAMES.contains(&name) => match &mut self.fifo {
                Some(fifo) => fifo.set(name, value)?,
                None => return Err(only_for_fifo(name)),
            },
            _ => return Err(unknown_attribute(name)),
        }
        Ok(())
    }

    /// A setting as GetQueueAttributes writes it; `None` when it is not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "VisibilityTimeout" => Some(self.visibility_timeout.to_string()),
            "MaximumMessageSize" => Some(self.maximum_message_size.to_string()),
            "MessageRetentionPeriod" => Some(self.message_retention_period.to_string()),
            "DelaySeconds" => Some(self.delay_seconds.to_string()),
            "ReceiveMessageWaitTimeSeconds" => Some(self.receive_message_wait_time_seconds.to_string()),
            "Policy" => self.policy.as_deref().map(str::to_owned),
            "RedrivePolicy" => self.redrive_policy.as_ref().map(RedrivePolicy::text),
            "RedriveAllowPolicy" => self.redrive_allow_policy.as_deref().map(str::to_owned),
            "KmsMasterKeyId" => self.kms_master_key_id.as_deref().map(str::to_owned),
            "KmsDataKeyReusePeriodSeconds" => {
                self.kms_master_key_id.as_ref().map(|_| self.kms_data_key_reuse_period_seconds.to_string())
            }
            "SqsManagedSseEnabled" => Some(self.sqs_managed_sse_enabled.to_string()),
            _ => self.fifo.as_ref()?.get(name),
        }
    }
}

/// Every attribute that can be asked for, in the order of answers.
pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
    READ_ONLY.into_iter().chain(SETTINGS).chain(fifo_attributes::NAMES)
}

/// Whether GetQueueAttributes may be asked for this.
pub(crate) fn is_known(name: &str) -> bool {
    all_names().any(|known| known == name)
}

/// Attributes of a call as name and text; SDKs send text, a number or a boolean is taken as its text.
pub(crate) fn given(params: &Value) -> Vec<(Rc<str>, String)> {
    let Some(members) = params.get("Attributes").and_then(Value::as_object) else { return Vec::new() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    members.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn only_for_fifo(name: &str) -> AwsError {
    if !fifo_attributes::HIGH_THROUGHPUT_NAMES.contains(&name) {
        return unknown_attribute(name);
    }
    AwsError::new("InvalidAttributeName", format!("You can specify the {name} only when FifoQueue is set to true."))
}

fn is_json_object(text: &str) -> bool {
    Value::parse(text).is_ok_and(|value| value.as_object().is_some())
}

fn allows_redrive_somehow(text: &str) -> bool {
    let Ok(policy) = Value::parse(text) else { return false };
    let sources = policy.get("sourceQueueArns").and_then(Value::as_array).map_or(0, <[Value]>::len);
    match policy.get_str("redrivePermission") {
        Some("allowAll" | "denyAll") => sources == 0,
        Some("byQueue") => (1..=10).contains(&sources),
        _ => false,
    }
}

impl QueueAttributes {
    /// Whether the redrive-allow policy admits this queue as a source; without one, all are admitted.
    pub(crate) fn admits_source(&self, source_arn: &str) -> bool {
        let Some(policy) = self.redrive_allow_policy.as_deref().and_then(|text| Value::parse(text).ok()) else {
            return true;
        };
        let sources = policy.get("sourceQueueArns").and_then(Value::as_array).unwrap_or_default();
        match policy.get_str("redrivePermission") {
            Some("denyAll") => false,
            Some("byQueue") => sources.iter().any(|arn| arn.as_str() == Some(source_arn)),
            _ => true,
        }
    }
}

fn read_redrive_policy(
    text: &str,
    fifo: bool,
    limits: &SqsLimits,
    target: &dyn Fn(&str) -> DeadLetterTarget,
) -> Result<Option<RedrivePolicy>, AwsError> {
    if text.is_empty() {
        return Ok(None);
    }
    let refuse = |reason: String| Err(invalid_value("RedrivePolicy", text, &reason));
    let policy = match Value::parse(text) {
        Ok(policy) if policy.as_object().is_some() => policy,
        _ => return refuse("Redrive policy is not a valid JSON map.".into()),
    };
    for member in ["deadLetterTargetArn", "maxReceiveCount"] {
        if policy.get(member).is_none() {
            return refuse(format!("Redrive policy does not contain mandatory attribute: {member}."));
        }
    }
    let count = &policy["maxReceiveCount"];
    let number = count.as_i64().or_else(|| count.as_str()?.parse().ok());
    let number = number.and_then(|n| u64::try_from(n).ok()).filter(|n| (1..=limits.max_receive_count).contains(n));
    let Some(max_receive_count) = number else {
        let written = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
        let most = limits.max_receive_count;
        return refuse(format!(
            "Invalid value for maxReceiveCount: {written}, valid values are from 1 to {most} both inclusive."
        ));
    };
    match policy.get("deadLetterTargetArn").and_then(Value::as_shared_str) {
        Some(arn) if arn.ends_with(".fifo") != fifo => {
            refuse("Dead-letter queue must be same type of queue as the source.".into())
        }
        Some(arn) => match target(arn) {
            DeadLetterTarget::Accepts => {
                Ok(Some(RedrivePolicy { dead_letter_target_arn: arn.clone(), max_receive_count }))
            }
            // The text is guessed.
            DeadLetterTarget::Refuses => {
                refuse("The dead-letter queue's RedriveAllowPolicy does not allow this source queue.".into())
            }
            DeadLetterTarget::Missing => refuse("Dead letter target does not exist.".into()),
        },
        None => refuse("Dead letter target does not exist.".into()),
    }
}
