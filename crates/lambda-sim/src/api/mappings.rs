//! Creating, changing, reading and deleting event source mappings of SQS queues.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use super::mapping_settings::Settings;
use super::params::{invalid, not_found, number, required, text};
use crate::io::CallFacts;
use crate::machine::Functions;
use crate::mapping::{EventSourceMapping, MappingState};
use crate::pollers::Bounds;
use crate::scaling::Scaling;

/// Mappings in one answer.
const PAGE: u32 = 100;

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
        let settings = Settings::new().changed(params, queue_arn.ends_with(".fifo"))?;
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
            pollers: None,
            metrics: Vec::new(),
            kms_key_arn: None,
            report_batch_item_failures: false,
            filters: Rc::default(),
            state: MappingState::Creating,
            last_modified: now,
            last_processing_result: None,
            queue_visibility_seconds: facts.queue_visibility_seconds.unwrap_or(30),
            poll: None,
            rest: None,
            backoff: Duration::ZERO,
            batches: 0,
            scaling: Scaling::new(Bounds::of(settings.pollers, &self.options.limits).first),
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
        let settings = Settings::of(mapping).changed(params, queue_arn.ends_with(".fifo"))?;
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

    /// A function's mappings are listed even when it is gone. `Marker` is the UUID that the last page ended with.
    pub(super) fn list_event_source_mappings(&self, params: &Value) -> Result<Value, AwsError> {
        let queue_arn = text(params, "EventSourceArn")?;
        let function = text(params, "FunctionName")?.map(|name| self.function_arn(name));
        let most = number(params, "MaxItems", 1, 10_000)?.unwrap_or(PAGE).min(PAGE) as usize;
        let marker = text(params, "Marker")?.filter(|marker| !marker.is_empty());
        if marker.is_some_and(|marker| !self.mappings.contains_key(marker)) {
            // Guessed: AWS's markers are opaque.
            return Err(invalid("Invalid marker"));
        }
        let wanted = |mapping: &&EventSourceMapping| {
            queue_arn.is_none_or(|arn| arn == &*mapping.event_source_arn)
                && function.as_ref().is_none_or(|arn| **arn == *mapping.function_arn)
                && marker.is_none_or(|marker| &*mapping.uuid > marker)
        };
        let mut found: Vec<&EventSourceMapping> = self.mappings.values().filter(wanted).take(most + 1).collect();
        let more = found.len() > most;
        found.truncate(most);
        let listed = found.iter().map(|mapping| mapping.to_value()).collect();
        let answer = Value::object([("EventSourceMappings", Value::array(listed))]);
        let last = found.last().filter(|_| more);
        Ok(last.map_or(answer.clone(), |last| answer.with("NextMarker", Value::from(last.uuid.clone()))))
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
