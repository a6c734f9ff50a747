//! What a person sets of an event source mapping, checked as `CreateEventSourceMapping` and its change check it.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;

use super::params::{constraint, flag, invalid, lower_first, number, required, text};
use crate::filter::FilterCriteria;
use crate::mapping::EventSourceMapping;
use crate::pollers::ProvisionedPollers;

/// A change replaces what it names and keeps the rest.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub enabled: bool,
    pub batch_size: u32,
    pub window_seconds: u32,
    pub maximum_concurrency: Option<u32>,
    pub pollers: Option<ProvisionedPollers>,
    pub metrics: Vec<Rc<str>>,
    pub kms_key_arn: Option<Rc<str>>,
    pub report_batch_item_failures: bool,
    pub filters: Rc<FilterCriteria>,
}

/// Members for streams, Kafka and the like, which a queue's mapping refuses.
const FOR_OTHER_SOURCES: [&str; 12] = [
    "AmazonManagedKafkaEventSourceConfig",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "LoggingConfig",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "Queues",
    "SourceAccessConfigurations",
    "Topics",
    "TumblingWindowInSeconds",
];

/// What `MetricsConfig` may name for a queue.
const METRICS: [&str; 2] = ["EventCount", "ErrorCount"];

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
            pollers: None,
            metrics: Vec::new(),
            kms_key_arn: None,
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
            pollers: mapping.pollers,
            metrics: mapping.metrics.clone(),
            kms_key_arn: mapping.kms_key_arn.clone(),
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
            pollers: pollers(params, self.pollers)?,
            metrics: metrics(params)?.unwrap_or(self.metrics),
            kms_key_arn: kms_key(params)?.map_or(self.kms_key_arn, |key| Some(key).filter(|key| !key.is_empty())),
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
        if settings.pollers.is_some() && settings.maximum_concurrency.is_some() {
            // Guessed: the guide says that the two exclude each other, the words are not published.
            return Err(invalid("Maximum concurrency cannot be set for an event source mapping in provisioned mode"));
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
        mapping.pollers = self.pollers;
        mapping.metrics.clone_from(&self.metrics);
        mapping.kms_key_arn.clone_from(&self.kms_key_arn);
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
    Ok(())
}

/// An empty `ScalingConfig` takes the bound away.
fn maximum_concurrency(params: &Value, before: Option<u32>) -> Result<Option<u32>, AwsError> {
    match params.get("ScalingConfig").filter(|config| !config.is_null()) {
        None => Ok(before),
        Some(config) => nested_number(config, "scalingConfig", "MaximumConcurrency", 2, 1_000),
    }
}

/// Lambda names a nested member with its path.
fn nested_number(config: &Value, path: &str, member: &str, least: u32, most: u32) -> Result<Option<u32>, AwsError> {
    number(config, member, least, most).map_err(|mut error| {
        let name = lower_first(member);
        error.message = error.message.replace(&format!("'{name}'"), &format!("'{path}.{name}'"));
        error
    })
}

/// An empty `ProvisionedPollerConfig` ends the provisioned mode.
fn pollers(params: &Value, before: Option<ProvisionedPollers>) -> Result<Option<ProvisionedPollers>, AwsError> {
    const PATH: &str = "provisionedPollerConfig";
    let Some(config) = params.get("ProvisionedPollerConfig").filter(|config| !config.is_null()) else {
        return Ok(before);
    };
    let minimum = nested_number(config, PATH, "MinimumPollers", 2, 200)?;
    let maximum = nested_number(config, PATH, "MaximumPollers", 2, 10_000)?;
    if is_given(config, "PollerGroupName") {
        return Err(invalid("Unsupported PollerGroupName parameter for given event source mapping type."));
    }
    if minimum.is_none() && maximum.is_none() {
        return Ok(None);
    }
    let pollers = ProvisionedPollers { minimum: minimum.unwrap_or(2), maximum: maximum.unwrap_or(200) };
    if pollers.minimum > pollers.maximum {
        // Guessed: the words are not published.
        return Err(invalid("MinimumPollers must be less than or equal to MaximumPollers"));
    }
    Ok(Some(pollers))
}

fn metrics(params: &Value) -> Result<Option<Vec<Rc<str>>>, AwsError> {
    let Some(config) = params.get("MetricsConfig").filter(|config| !config.is_null()) else { return Ok(None) };
    let names = config.get("Metrics").and_then(Value::as_array).unwrap_or_default();
    let known = |name: &Value| METRICS.iter().find(|known| name.as_str() == Some(known));
    if names.iter().any(|name| known(name).is_none()) {
        let rule = "Member must satisfy constraint: [Member must satisfy enum value set: [EventCount, ErrorCount]]";
        return Err(constraint(Some(&Value::array(names.to_vec()).to_string()), "metricsConfig.metrics", rule));
    }
    Ok(Some(names.iter().filter_map(known).map(|name| Rc::from(*name)).collect()))
}

/// An empty text takes the key away.
fn kms_key(params: &Value) -> Result<Option<Rc<str>>, AwsError> {
    let Some(key) = text(params, "KMSKeyArn")? else { return Ok(None) };
    let parts: Vec<&str> = key.split(':').collect();
    let is_arn = parts.len() >= 5 && parts[0] == "arn" && parts[1].starts_with("aws") && !parts[2].is_empty();
    if !key.is_empty() && !is_arn {
        let rule = "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()";
        return Err(constraint(Some(key), "kMSKeyArn", rule));
    }
    Ok(Some(key.into()))
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
