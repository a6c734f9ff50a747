//! What a person sets of an event source mapping, checked as `CreateEventSourceMapping` and its change check it.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;

use super::params::{constraint, flag, invalid, number, required};
use crate::filter::FilterCriteria;
use crate::mapping::EventSourceMapping;

/// A change replaces what it names and keeps the rest.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub enabled: bool,
    pub batch_size: u32,
    pub window_seconds: u32,
    pub maximum_concurrency: Option<u32>,
    pub report_batch_item_failures: bool,
    pub filters: Rc<FilterCriteria>,
}

/// Members for streams, Kafka and the like, which a queue's mapping refuses.
const FOR_OTHER_SOURCES: [&str; 11] = [
    "AmazonManagedKafkaEventSourceConfig",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "Queues",
    "SourceAccessConfigurations",
    "Topics",
    "TumblingWindowInSeconds",
];

/// Members that AWS takes for queues and Stepyard does not simulate.
const NOT_SIMULATED: [&str; 4] = ["ProvisionedPollerConfig", "MetricsConfig", "KMSKeyArn", "LoggingConfig"];

/// Lambda's quota; AWS raises it to 10 on request.
const MOST_FILTERS: usize = 5;
const PATTERN_LENGTH: usize = 4_096;

impl Settings {
    /// What a new mapping has of what nobody set.
    pub(super) fn new() -> Settings {
        Settings {
            enabled: true,
            batch_size: 10,
            window_seconds: 0,
            maximum_concurrency: None,
            report_batch_item_failures: false,
            filters: Rc::default(),
        }
    }

    pub(super) fn of(mapping: &EventSourceMapping) -> Settings {
        Settings {
            enabled: mapping.enabled,
            batch_size: mapping.batch_size,
            window_seconds: mapping.maximum_batching_window_seconds,
            maximum_concurrency: mapping.maximum_concurrency,
            report_batch_item_failures: mapping.report_batch_item_failures,
            filters: mapping.filters.clone(),
        }
    }

    pub(super) fn changed(self, params: &Value, fifo: bool) -> Result<Settings, AwsError> {
        refuse_foreign(params)?;
        let settings = Settings {
            enabled: flag(params, "Enabled")?.unwrap_or(self.enabled),
            batch_size: number(params, "BatchSize", 1, 10_000)?.unwrap_or(self.batch_size),
            window_seconds: number(params, "MaximumBatchingWindowInSeconds", 0, 300)?.unwrap_or(self.window_seconds),
            maximum_concurrency: maximum_concurrency(params, self.maximum_concurrency)?,
            report_batch_item_failures: response_types(params)?.unwrap_or(self.report_batch_item_failures),
            filters: filters(params)?.map_or(self.filters, Rc::new),
        };
        if fifo && settings.window_seconds > 0 {
            return Err(invalid("Batching window is not supported for FIFO queues"));
        }
        if settings.batch_size > 10 && fifo {
            // Guessed: the words for a FIFO queue's batch size are not published.
            return Err(invalid("Batch size must be less than or equal to 10 for FIFO queues"));
        }
        if settings.batch_size > 10 && settings.window_seconds == 0 {
            return Err(invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
            ));
        }
        Ok(settings)
    }

    pub(super) fn apply(&self, mapping: &mut EventSourceMapping) {
        mapping.enabled = self.enabled;
        mapping.batch_size = self.batch_size;
        mapping.maximum_batching_window_seconds = self.window_seconds;
        mapping.maximum_concurrency = self.maximum_concurrency;
        mapping.report_batch_item_failures = self.report_batch_item_failures;
        mapping.filters = self.filters.clone();
    }
}

fn is_given(params: &Value, member: &str) -> bool {
    params.get(member).is_some_and(|value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    })
}

fn refuse_foreign(params: &Value) -> Result<(), AwsError> {
    if is_given(params, "StartingPosition") || is_given(params, "StartingPositionTimestamp") {
        return Err(invalid("StartingPosition is not valid for SQS event sources."));
    }
    if let Some(member) = FOR_OTHER_SOURCES.iter().find(|member| is_given(params, member)) {
        return Err(invalid(format!("Unsupported {member} parameter for given event source mapping type.")));
    }
    match NOT_SIMULATED.iter().find(|member| is_given(params, member)) {
        Some(member) => Err(invalid(format!("{member} is not simulated."))),
        None => Ok(()),
    }
}

/// An empty `ScalingConfig` takes the bound away.
fn maximum_concurrency(params: &Value, before: Option<u32>) -> Result<Option<u32>, AwsError> {
    match params.get("ScalingConfig").filter(|config| !config.is_null()) {
        None => Ok(before),
        Some(config) => number(config, "MaximumConcurrency", 2, 1_000).map_err(|mut error| {
            // Lambda names a nested member with its path.
            error.message = error.message.replace("'maximumConcurrency'", "'scalingConfig.maximumConcurrency'");
            error
        }),
    }
}

fn response_types(params: &Value) -> Result<Option<bool>, AwsError> {
    let Some(types) = params.get("FunctionResponseTypes").and_then(Value::as_array) else { return Ok(None) };
    let given = || Value::array(types.to_vec()).to_string();
    if types.iter().any(|name| name.as_str() != Some("ReportBatchItemFailures")) {
        let rule = "Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]";
        return Err(constraint(Some(&given()), "functionResponseTypes", rule));
    }
    if types.len() > 1 {
        let rule = "Member must have length less than or equal to 1";
        return Err(constraint(Some(&given()), "functionResponseTypes", rule));
    }
    Ok(Some(!types.is_empty()))
}

/// Empty criteria take all filters away.
fn filters(params: &Value) -> Result<Option<FilterCriteria>, AwsError> {
    let Some(criteria) = params.get("FilterCriteria").filter(|criteria| !criteria.is_null()) else { return Ok(None) };
    let filters = criteria.get("Filters").and_then(Value::as_array).unwrap_or_default();
    if filters.len() > MOST_FILTERS {
        // Guessed: the quota is published, its words are not.
        return Err(invalid(format!("Filter count exceeds the limit of {MOST_FILTERS} filters.")));
    }
    let mut patterns = Vec::new();
    for (number, filter) in (1..).zip(filters) {
        let pattern = required(filter, "Pattern").map_err(|_| invalid("Invalid filter pattern definition."))?;
        if pattern.chars().count() > PATTERN_LENGTH {
            let rule = format!("Member must have length less than or equal to {PATTERN_LENGTH}");
            return Err(constraint(Some(pattern), &format!("filterCriteria.filters.{number}.member.pattern"), &rule));
        }
        patterns.push(pattern);
    }
    FilterCriteria::read(patterns.into_iter()).map(Some).map_err(|_| invalid("Invalid filter pattern definition."))
}
