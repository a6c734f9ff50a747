//! Creating, changing, reading and deleting event source mappings of SQS queues.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use super::params::{constraint, flag, invalid, not_found, number, required, text};
use crate::io::CallFacts;
use crate::machine::Functions;
use crate::mapping::{EventSourceMapping, MappingState};

/// The settings that a change may touch, as far as the caller gave them.
struct Settings {
    enabled: bool,
    batch_size: u32,
    window_seconds: u32,
    maximum_concurrency: Option<u32>,
    report_batch_item_failures: bool,
}

impl Settings {
    fn read(params: &Value, before: Settings, fifo: bool) -> Result<Settings, AwsError> {
        for member in ["FilterCriteria", "ProvisionedPollerConfig"] {
            if params.get(member).and_then(Value::as_object).is_some_and(|members| !members.is_empty()) {
                return Err(invalid(format!("{member} is not simulated.")));
            }
        }
        let maximum_concurrency = match params.get("ScalingConfig") {
            None => before.maximum_concurrency,
            Some(config) => number(config, "MaximumConcurrency", 2, 1_000).map_err(in_scaling_config)?,
        };
        let report_batch_item_failures = match params.get("FunctionResponseTypes").and_then(Value::as_array) {
            None => before.report_batch_item_failures,
            Some(types) => {
                if types.iter().any(|name| name.as_str() != Some("ReportBatchItemFailures")) {
                    let given = Value::array(types.to_vec()).to_string();
                    let rule = "Member must satisfy constraint: [Member must satisfy enum value set: \
                                [ReportBatchItemFailures]]";
                    return Err(constraint(Some(&given), "functionResponseTypes", rule));
                }
                !types.is_empty()
            }
        };
        let settings = Settings {
            enabled: flag(params, "Enabled")?.unwrap_or(before.enabled),
            batch_size: number(params, "BatchSize", 1, 10_000)?.unwrap_or(before.batch_size),
            window_seconds: number(params, "MaximumBatchingWindowInSeconds", 0, 300)?.unwrap_or(before.window_seconds),
            maximum_concurrency,
            report_batch_item_failures,
        };
        if fifo && settings.window_seconds > 0 {
            return Err(invalid("Batching window is not supported for FIFO queues"));
        }
        if settings.batch_size > 10 && fifo {
            return Err(invalid("Batch size must be less than or equal to 10 for FIFO queues"));
        }
        if settings.batch_size > 10 && settings.window_seconds == 0 {
            return Err(invalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
            ));
        }
        Ok(settings)
    }

    fn apply(&self, mapping: &mut EventSourceMapping) {
        mapping.enabled = self.enabled;
        mapping.batch_size = self.batch_size;
        mapping.maximum_batching_window_seconds = self.window_seconds;
        mapping.maximum_concurrency = self.maximum_concurrency;
        mapping.report_batch_item_failures = self.report_batch_item_failures;
    }
}

/// Lambda names a nested member with its path.
fn in_scaling_config(mut error: AwsError) -> AwsError {
    error.message = error.message.replace("'maximumConcurrency'", "'scalingConfig.maximumConcurrency'");
    error
}

/// What the queue and the role must allow.
fn check_facts(facts: &CallFacts, timeout_seconds: u32) -> Result<(), AwsError> {
    if let Some(action) = &facts.missing_permission {
        return Err(invalid(format!("The function execution role does not have permissions to call {action} on SQS")));
    }
    if facts.queue_exists == Some(false) {
        return Err(invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. \
             SQS Error Message: The specified queue does not exist.",
        ));
    }
    match facts.queue_visibility_seconds {
        Some(visibility) if visibility < u64::from(timeout_seconds) => Err(invalid(format!(
            "Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout_seconds} seconds"
        ))),
        _ => Ok(()),
    }
}

fn in_use(verb: &str) -> AwsError {
    let message = format!("Cannot {verb} the event source mapping because it is in use.");
    AwsError::new("ResourceInUseException", message)
}

impl Functions {
    fn named_mapping(&self, params: &Value) -> Result<&EventSourceMapping, AwsError> {
        let uuid = required(params, "UUID")?;
        self.mappings.get(uuid).ok_or_else(|| not_found("The resource you requested does not exist."))
    }

    pub(super) fn create_event_source_mapping(
        &mut self,
        now: Timestamp,
        params: &Value,
        facts: &CallFacts,
    ) -> Result<Value, AwsError> {
        let Some(queue_arn) = text(params, "EventSourceArn")? else {
            return Err(invalid("Unrecognized event source."));
        };
        let parts: Vec<&str> = queue_arn.split(':').collect();
        if !matches!(parts[..], ["arn", "aws", "sqs", _, _, name] if !name.is_empty()) {
            return Err(invalid(
                "Unrecognized event source, must be kinesis, dynamodb stream or sqs. Unsupported source arn.",
            ));
        }
        let function = self.named_function(params)?;
        let (function_name, function_arn) = (function.name.clone(), function.arn.clone());
        let timeout_seconds = function.configuration.timeout_seconds;
        let defaults = Settings {
            enabled: true,
            batch_size: 10,
            window_seconds: 0,
            maximum_concurrency: None,
            report_batch_item_failures: false,
        };
        let settings = Settings::read(params, defaults, queue_arn.ends_with(".fifo"))?;
        check_facts(facts, timeout_seconds)?;
        self.check_duplicate(queue_arn, &function_name, None)?;
        let uuid: Rc<str> = self.seed.uuid().into();
        let arn =
            format!("arn:aws:lambda:{}:{}:event-source-mapping:{uuid}", self.options.region, self.options.account_id);
        let mut mapping = EventSourceMapping {
            uuid: uuid.clone(),
            arn: arn.into(),
            event_source_arn: queue_arn.into(),
            function_name,
            function_arn,
            enabled: true,
            batch_size: 10,
            maximum_batching_window_seconds: 0,
            maximum_concurrency: None,
            report_batch_item_failures: false,
            state: MappingState::Creating,
            last_modified: now,
            last_processing_result: None,
            queue_visibility_seconds: facts.queue_visibility_seconds.unwrap_or(30),
            poll: None,
            rest: None,
            backoff: Duration::ZERO,
            batches: 0,
            gathered: Vec::new(),
            window: None,
        };
        settings.apply(&mut mapping);
        let answer = mapping.to_value();
        self.mappings.insert(uuid.clone(), mapping);
        self.begin_transition(now, &uuid, MappingState::Creating);
        Ok(answer)
    }

    fn check_duplicate(&self, queue_arn: &str, function: &str, except: Option<&str>) -> Result<(), AwsError> {
        let same = self.mappings.values().find(|mapping| {
            &*mapping.event_source_arn == queue_arn
                && &*mapping.function_name == function
                && except != Some(&*mapping.uuid)
        });
        same.map_or(Ok(()), |mapping| {
            // The blanks inside the parentheses are AWS's own.
            let message = format!(
                "An event source mapping with SQS arn (\" {queue_arn} \") and function (\" {function} \") already \
                 exists. Please update or delete the existing mapping with UUID {}",
                mapping.uuid
            );
            Err(AwsError::new("ResourceConflictException", message).with_status(409))
        })
    }

    pub(super) fn update_event_source_mapping(
        &mut self,
        now: Timestamp,
        params: &Value,
        facts: &CallFacts,
    ) -> Result<Value, AwsError> {
        let mapping = self.named_mapping(params)?;
        if !mapping.state.is_settled() {
            return Err(in_use("update"));
        }
        let (uuid, queue_arn) = (mapping.uuid.clone(), mapping.event_source_arn.clone());
        let was_enabled = mapping.enabled;
        let before = Settings {
            enabled: mapping.enabled,
            batch_size: mapping.batch_size,
            window_seconds: mapping.maximum_batching_window_seconds,
            maximum_concurrency: mapping.maximum_concurrency,
            report_batch_item_failures: mapping.report_batch_item_failures,
        };
        let settings = Settings::read(params, before, queue_arn.ends_with(".fifo"))?;
        let (function_name, function_arn) = match params.get("FunctionName") {
            Some(_) => {
                let function = self.named_function(params)?;
                (function.name.clone(), function.arn.clone())
            }
            None => (mapping.function_name.clone(), mapping.function_arn.clone()),
        };
        if let Some(function) = self.functions.get(&function_name) {
            check_facts(facts, function.configuration.timeout_seconds)?;
        }
        self.check_duplicate(&queue_arn, &function_name, Some(&uuid))?;
        let Some(mapping) = self.mappings.get_mut(&uuid) else { return Err(in_use("update")) };
        settings.apply(mapping);
        mapping.function_name = function_name;
        mapping.function_arn = function_arn;
        if let Some(seconds) = facts.queue_visibility_seconds {
            mapping.queue_visibility_seconds = seconds;
        }
        let state = match (was_enabled, mapping.enabled) {
            (false, true) => MappingState::Enabling,
            (true, false) => MappingState::Disabling,
            (true, true) | (false, false) => MappingState::Updating,
        };
        self.begin_transition(now, &uuid, state);
        Ok(self.named_mapping(params)?.to_value())
    }

    pub(super) fn get_event_source_mapping(&self, params: &Value) -> Result<Value, AwsError> {
        Ok(self.named_mapping(params)?.to_value())
    }

    /// A function's mappings are listed even when it is gone.
    pub(super) fn list_event_source_mappings(&self, params: &Value) -> Result<Value, AwsError> {
        let queue_arn = text(params, "EventSourceArn")?;
        let function = text(params, "FunctionName")?;
        let wanted = |mapping: &&EventSourceMapping| {
            queue_arn.is_none_or(|arn| arn == &*mapping.event_source_arn)
                && function.is_none_or(|name| name == &*mapping.function_name || name == &*mapping.function_arn)
        };
        let found = self.mappings.values().filter(wanted).map(EventSourceMapping::to_value).collect();
        Ok(json!({"EventSourceMappings": &Value::array(found)}))
    }

    pub(super) fn delete_event_source_mapping(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let mapping = self.named_mapping(params)?;
        if !mapping.state.is_settled() {
            return Err(in_use("delete"));
        }
        let uuid = mapping.uuid.clone();
        self.begin_transition(now, &uuid, MappingState::Deleting);
        Ok(self.named_mapping(params)?.to_value())
    }
}
