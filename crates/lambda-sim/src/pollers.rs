//! Provisioned mode: event pollers of one's own, which make a mapping begin wider and grow faster.
//!
//! A poller has up to ten invocations at a time, and such a mapping gets up to 1,000 more of them a minute, up to
//! 20,000. Source: Lambda developer guide, "Using provisioned mode with an Amazon SQS event source mapping", and
//! <https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedPollerConfig.html>.

use serde::{Deserialize, Serialize};
use shared_json::{Value, json};

use crate::options::LambdaLimits;

const BATCHES_OF_A_POLLER: u32 = 10;
const MORE_PER_MINUTE: u32 = 1_000;
const MOST_BATCHES: u32 = 20_000;

/// `ProvisionedPollerConfig` of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedPollers {
    pub minimum: u32,
    pub maximum: u32,
}

impl ProvisionedPollers {
    pub(crate) fn to_value(self) -> Value {
        json!({"MinimumPollers": self.minimum, "MaximumPollers": self.maximum})
    }
}

/// Between which numbers of batches at the function a mapping moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub first: u32,
    pub more_per_minute: u32,
    pub most: u32,
}

impl Bounds {
    pub(crate) fn of(pollers: Option<ProvisionedPollers>, limits: &LambdaLimits) -> Bounds {
        match pollers {
            None => Bounds {
                first: limits.mapping_batches,
                more_per_minute: limits.mapping_batches_per_minute,
                most: limits.mapping_batches_most,
            },
            Some(pollers) => Bounds {
                first: pollers.minimum * BATCHES_OF_A_POLLER,
                more_per_minute: MORE_PER_MINUTE,
                most: (pollers.maximum * BATCHES_OF_A_POLLER).min(MOST_BATCHES),
            },
        }
    }
}
