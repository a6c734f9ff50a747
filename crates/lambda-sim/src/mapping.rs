//! An event source mapping's settings and state. The loop that reads the queue is in `poll`.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::TimerKey;
use crate::filter::FilterCriteria;
use crate::pollers::ProvisionedPollers;
use crate::scaling::Scaling;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MappingState {
    Creating,
    Enabling,
    Enabled,
    Disabling,
    Disabled,
    Updating,
    Deleting,
}

impl MappingState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MappingState::Creating => "Creating",
            MappingState::Enabling => "Enabling",
            MappingState::Enabled => "Enabled",
            MappingState::Disabling => "Disabling",
            MappingState::Disabled => "Disabled",
            MappingState::Updating => "Updating",
            MappingState::Deleting => "Deleting",
        }
    }

    /// A state that lasts; all others pass by themselves and allow no change meanwhile.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, MappingState::Enabled | MappingState::Disabled)
    }
}

#[derive(Clone, Debug)]
pub struct EventSourceMapping {
    pub uuid: Rc<str>,
    pub arn: Rc<str>,
    pub event_source_arn: Rc<str>,
    pub function_name: Rc<str>,
    pub function_arn: Rc<str>,
    /// What the person wants; `state` follows.
    pub enabled: bool,
    pub batch_size: u32,
    pub maximum_batching_window_seconds: u32,
    pub maximum_concurrency: Option<u32>,
    pub pollers: Option<ProvisionedPollers>,
    /// `MetricsConfig`: kept and told, published nowhere.
    pub metrics: Vec<Rc<str>>,
    /// `KMSKeyArn`: kept and told, nothing is encrypted.
    pub kms_key_arn: Option<Rc<str>>,
    pub report_batch_item_failures: bool,
    pub filters: Rc<FilterCriteria>,
    pub state: MappingState,
    pub last_modified: Timestamp,
    pub last_processing_result: Option<Rc<str>>,
    pub(crate) queue_visibility_seconds: u64,
    /// The one poll that waits at the queue.
    pub(crate) poll: Option<u64>,
    /// Polling rests until then.
    pub(crate) rest: Option<TimerKey>,
    /// The last pause after a failed poll; zero after a good one.
    pub(crate) backoff: Duration,
    /// Batches at the function, or waiting to be tried again.
    pub(crate) batches: u32,
    pub(crate) scaling: Scaling,
    /// Messages of an open batch window, and its end.
    pub(crate) gathered: Vec<Held>,
    pub(crate) window: Option<TimerKey>,
}

/// A message that was read, and when it will be back in its queue.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub message: Value,
    pub until: Timestamp,
}

impl EventSourceMapping {
    /// Messages of one group must stay in order.
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.event_source_arn.ends_with(".fifo")
    }

    /// Batches that Lambda sends to the function at once now; errors lower it, and a backlog raises it.
    #[must_use]
    pub fn concurrency(&self) -> u32 {
        self.scaling.allowed.min(self.maximum_concurrency.unwrap_or(u32::MAX))
    }

    /// Batches that are at the function now.
    #[must_use]
    pub fn batches_in_flight(&self) -> u32 {
        self.batches
    }

    /// Whether a long poll waits at the queue now.
    #[must_use]
    pub fn is_polling(&self) -> bool {
        self.poll.is_some()
    }

    /// `EventSourceMappingConfiguration` as the API answers it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let response_types: &[&str] = if self.report_batch_item_failures { &["ReportBatchItemFailures"] } else { &[] };
        let mut value = json!({
            "UUID": &*self.uuid,
            "BatchSize": self.batch_size,
            "MaximumBatchingWindowInSeconds": self.maximum_batching_window_seconds,
            "EventSourceArn": &*self.event_source_arn,
            "FunctionArn": &*self.function_arn,
            "LastModified": self.last_modified.epoch_seconds(),
            "State": self.state.as_str(),
            "StateTransitionReason": "USER_INITIATED",
            "FunctionResponseTypes": response_types,
            "EventSourceMappingArn": &*self.arn,
        });
        if let Some(result) = &self.last_processing_result {
            value = value.with("LastProcessingResult", Value::from(result.clone()));
        }
        if let Some(concurrency) = self.maximum_concurrency {
            value = value.with("ScalingConfig", json!({"MaximumConcurrency": concurrency}));
        }
        if let Some(pollers) = self.pollers {
            value = value.with("ProvisionedPollerConfig", pollers.to_value());
        }
        if !self.metrics.is_empty() {
            let metrics = self.metrics.iter().map(|name| Value::from(name.clone())).collect();
            value = value.with("MetricsConfig", Value::object([("Metrics", Value::array(metrics))]));
        }
        if let Some(key) = &self.kms_key_arn {
            value = value.with("KMSKeyArn", Value::from(key.clone()));
        }
        if !self.filters.is_empty() {
            value = value.with("FilterCriteria", self.filters.to_value());
        }
        value
    }
}
