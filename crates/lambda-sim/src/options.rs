//! Limits and latencies as data. No behaviour.

use virtual_time::Duration;

/// All that a new [`Functions`](crate::Functions) needs.
#[derive(Clone, Debug)]
pub struct FunctionsOptions {
    /// Twelve digits.
    pub account_id: String,
    pub region: String,
    /// Seed of ids, and of each environment's own seed.
    pub seed: u64,
    pub limits: LambdaLimits,
    pub latencies: LambdaLatencies,
}

/// Lambda's quotas, and the sizes of what the simulation remembers.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LambdaLimits {
    /// Invocations running at once in the account.
    pub concurrent_executions: u32,
    /// Concurrency that reservations must leave to all other functions.
    pub unreserved_concurrency: u32,
    /// Bytes of a synchronous invocation's request.
    pub request_bytes: usize,
    /// Bytes of a synchronous invocation's response.
    pub response_bytes: usize,
    /// Bytes of an asynchronous invocation's request.
    pub event_bytes: usize,
    /// Bytes of the environment variables as compact JSON.
    pub environment_bytes: usize,
    /// Bytes of a function's source text.
    pub code_bytes: usize,
    /// Batches that one mapping has at the function at once when it begins.
    pub mapping_batches: u32,
    /// How many more a mapping that lags behind may have after each minute.
    pub mapping_batches_per_minute: u32,
    /// The most that it comes to.
    pub mapping_batches_most: u32,
    /// Invocations remembered for each function; the oldest finished ones are forgotten first.
    pub kept_invocations: usize,
    /// Log lines remembered for each function, and for each invocation.
    pub kept_log_lines: usize,
    /// An environment that has received this many commands is replaced after its invocation,
    /// so that rebuilding one stays quick.
    pub environment_commands: usize,
}

impl Default for LambdaLimits {
    fn default() -> Self {
        LambdaLimits {
            concurrent_executions: 1_000,
            unreserved_concurrency: 100,
            request_bytes: 6_291_456,
            response_bytes: 6_291_556,
            event_bytes: 1_048_576,
            environment_bytes: 4_096,
            code_bytes: 50 * 1_048_576,
            mapping_batches: 5,
            mapping_batches_per_minute: 300,
            mapping_batches_most: 1_250,
            kept_invocations: 10_000,
            kept_log_lines: 10_000,
            environment_commands: 1_000,
        }
    }
}

/// How long things take in virtual time; typical figures, never measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LambdaLatencies {
    /// Added to the steps of loading a function's code.
    pub cold_start: Duration,
    /// From the request to the handler's first step in a ready environment.
    pub invoke_overhead: Duration,
    /// What the loading of code may take before it counts against the function's own timeout.
    pub init_timeout: Duration,
    /// After this time without an invocation an environment is gone.
    pub environment_idle: Duration,
    /// Each passing state of a mapping: Creating, Enabling, Disabling, Updating, Deleting.
    pub mapping_transition: Duration,
    /// Waits after a failed asynchronous invocation; its length is the number of retries.
    pub event_retries: Vec<Duration>,
    /// How often a mapping that lags behind gets more concurrency.
    pub scale_up: Duration,
    /// First and longest pause of a mapping that cannot poll.
    pub poll_backoff: (Duration, Duration),
    /// First and longest pause before a throttled invocation is tried again.
    pub throttle_backoff: (Duration, Duration),
}

impl Default for LambdaLatencies {
    fn default() -> Self {
        LambdaLatencies {
            cold_start: Duration::from_millis(180),
            invoke_overhead: Duration::from_millis(2),
            init_timeout: Duration::from_secs(10),
            environment_idle: Duration::from_secs(600),
            mapping_transition: Duration::from_secs(5),
            event_retries: vec![Duration::from_secs(60), Duration::from_secs(120)],
            scale_up: Duration::from_secs(60),
            poll_backoff: (Duration::from_secs(10), Duration::from_secs(60)),
            throttle_backoff: (Duration::from_secs(1), Duration::from_secs(300)),
        }
    }
}
