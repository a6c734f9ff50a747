//! What a new account is made with. Two accounts with equal options and equal logs are equal.

use lambda_sim::LambdaLimits;
use serde::{Deserialize, Serialize};
use sqs_sim::SqsLimits;
use virtual_time::{Duration, Timestamp};

/// Everything an account does not learn from its inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountOptions {
    /// Twelve digits.
    pub account_id: String,
    pub region: String,
    /// Seed of every id, token and jitter.
    pub seed: u64,
    /// Where the virtual clock starts.
    pub start: Timestamp,
    pub limits: LimitProfile,
    pub latencies: Latencies,
}

/// The limits of AWS at a time, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitProfile {
    /// As in the year of the tutorial: messages of up to 256 KiB.
    #[serde(rename = "aws-2023")]
    Aws2023,
    /// Messages of up to 1 MiB.
    #[serde(rename = "aws-2026")]
    Aws2026,
}

impl LimitProfile {
    pub const ALL: [LimitProfile; 2] = [LimitProfile::Aws2023, LimitProfile::Aws2026];

    /// As it stands in project files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LimitProfile::Aws2023 => "aws-2023",
            LimitProfile::Aws2026 => "aws-2026",
        }
    }

    /// SQS's quotas of that time.
    #[must_use]
    pub fn sqs(self) -> SqsLimits {
        match self {
            LimitProfile::Aws2023 => SqsLimits::aws_2023(),
            LimitProfile::Aws2026 => SqsLimits::aws_2026(),
        }
    }

    /// Lambda's quotas of that time.
    #[must_use]
    pub fn lambda(self) -> LambdaLimits {
        LambdaLimits::default()
    }
}

/// How long things take. On AWS these vary from call to call; here they are fixed, so that a run can be
/// repeated, and of a size that a person can watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Latencies {
    /// Between two steps of an execution.
    pub transition: Duration,
    /// From scheduling a task to starting it.
    pub task_start: Duration,
    /// From starting a task to the called service's answer.
    pub service_call: Duration,
    /// A handler's SDK call, one way.
    pub sdk_call: Duration,
    /// From a message becoming available to a waiting poll receiving it.
    pub poll_pickup: Duration,
}

impl Latencies {
    /// About what AWS takes in one region.
    pub const TYPICAL: Latencies = Latencies {
        transition: Duration::from_millis(20),
        task_start: Duration::from_millis(30),
        service_call: Duration::from_millis(60),
        sdk_call: Duration::from_millis(15),
        poll_pickup: Duration::from_millis(80),
    };

    /// Nothing takes time: for comparisons and benchmarks.
    pub const NONE: Latencies = Latencies {
        transition: Duration::ZERO,
        task_start: Duration::ZERO,
        service_call: Duration::ZERO,
        sdk_call: Duration::ZERO,
        poll_pickup: Duration::ZERO,
    };
}

impl Default for AccountOptions {
    /// The tutorial's account: N. Virginia, the morning of the day it was last updated.
    fn default() -> Self {
        AccountOptions {
            account_id: "123456789012".into(),
            region: "us-east-1".into(),
            seed: 1,
            start: Timestamp::from_millis(1_681_891_200_000),
            limits: LimitProfile::Aws2023,
            latencies: Latencies::TYPICAL,
        }
    }
}
