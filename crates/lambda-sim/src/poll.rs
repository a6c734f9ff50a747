//! The loop of a mapping: wait at the queue, gather a batch, invoke, delete what was handled.
//!
//! One long poll waits while there is nothing to do, so that an idle mapping costs one event in twenty seconds.
//! Up to five batches are at the function at once. Knows of SQS only what its API says.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Timer;
use crate::invocation::{Invocation, InvocationSource};
use crate::io::Origin;
use crate::machine::{Functions, Requester};
use crate::mapping::{EventSourceMapping, MappingState};
use crate::run::backoff;
use crate::sqs_event;
use crate::trace::LambdaTrace;

/// Messages at the function, or on their way there.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub uuid: Rc<str>,
    pub function: Rc<str>,
    pub role_arn: Rc<str>,
    pub queue_arn: Rc<str>,
    pub report_batch_item_failures: bool,
    pub messages: Vec<Value>,
    /// After this moment the messages are back in the queue.
    pub held_until: Timestamp,
    pub throttles: u32,
    /// Requests to delete that have no answer yet.
    pub deletes: usize,
}

/// SQS's longest wait, and its most messages in one answer.
const WAIT_SECONDS: u64 = 20;
const MESSAGES: usize = 10;

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/Orders` for the queue's ARN.
fn queue_url(queue_arn: &str) -> String {
    let parts: Vec<&str> = queue_arn.splitn(6, ':').collect();
    match parts[..] {
        [_, _, _, region, account, name] => format!("https://sqs.{region}.amazonaws.com/{account}/{name}"),
        _ => String::new(),
    }
}

impl EventSourceMapping {
    /// Reads the queue in this state; what it has read already is handled in any state.
    fn polls(&self) -> bool {
        self.enabled && matches!(self.state, MappingState::Enabled | MappingState::Updating)
    }

    /// With a batch window the messages must stay away from others for as long as the batch may take.
    fn visibility_override(&self, timeout_seconds: u32) -> Option<u64> {
        let window = u64::from(self.maximum_batching_window_seconds);
        let needed = window + u64::from(timeout_seconds);
        (window > 0 && needed > self.queue_visibility_seconds).then_some(needed + 30)
    }
}

impl Functions {
    fn set_processing_result(&mut self, uuid: &Rc<str>, result: &str) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        if mapping.last_processing_result.as_deref() != Some(result) {
            let result: Rc<str> = result.into();
            mapping.last_processing_result = Some(result.clone());
            self.trace(LambdaTrace::MappingResult { uuid: uuid.clone(), result });
        }
    }

    /// Goes to wait at the queue, unless it waits there, rests, or has enough to do.
    pub(crate) fn poll_queue(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let most_batches = self.options.limits.mapping_batches;
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let busy = mapping.batches >= mapping.maximum_concurrency.unwrap_or(most_batches).min(most_batches);
        if !mapping.polls() || mapping.poll.is_some() || mapping.rest.is_some() || busy {
            return;
        }
        let Some(function) = self.functions.get(&mapping.function_name) else {
            self.rest(now, uuid, "PROBLEM: Function not found");
            return;
        };
        let wait = mapping
            .window
            .map_or(WAIT_SECONDS, |(end, _)| end.since(now).micros().div_ceil(1_000_000).min(WAIT_SECONDS));
        let wanted = (mapping.batch_size as usize).saturating_sub(mapping.gathered.len()).clamp(1, MESSAGES);
        let mut params = json!({
            "QueueUrl": queue_url(&mapping.event_source_arn),
            "MaxNumberOfMessages": wanted,
            "WaitTimeSeconds": wait,
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        if let Some(seconds) = mapping.visibility_override(function.configuration.timeout_seconds) {
            params = params.with("VisibilityTimeout", Value::from(seconds));
        }
        let (role_arn, name) = (function.configuration.role_arn.clone(), function.name.clone());
        let origin = Origin::Mapping { uuid: uuid.clone() };
        let requester = Requester::Poll { uuid: uuid.clone() };
        let request = self.request(requester, role_arn, name, "sqs:ReceiveMessage".to_owned(), params, origin);
        if let Some(mapping) = self.mappings.get_mut(uuid) {
            mapping.poll = Some(request);
        }
    }

    /// Records a problem and pauses, longer each time.
    fn rest(&mut self, now: Timestamp, uuid: &Rc<str>, problem: &str) {
        self.set_processing_result(uuid, problem);
        let (first, longest) = self.options.latencies.poll_backoff;
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let pause = Duration::from_micros(mapping.backoff.micros().saturating_mul(2)).max(first).min(longest);
        mapping.backoff = pause;
        mapping.rest = Some(self.agenda.schedule(now + pause, Timer::PollAgain { uuid: uuid.clone() }));
    }

    pub(crate) fn poll_again(&mut self, now: Timestamp, uuid: &Rc<str>) {
        if let Some(mapping) = self.mappings.get_mut(uuid) {
            mapping.rest = None;
            self.poll_queue(now, uuid);
        }
    }

    /// Leaves the queue, for a mapping that is being disabled or deleted.
    pub(crate) fn stop_polling(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        mapping.backoff = Duration::ZERO;
        if let Some(key) = mapping.rest.take() {
            self.agenda.cancel(key);
        }
        if let Some(request) = mapping.poll.take() {
            self.cancel_request(request);
        }
        self.flush(now, uuid);
    }

    pub(crate) fn polled(&mut self, now: Timestamp, uuid: &Rc<str>, result: Result<Value, AwsError>) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        mapping.poll = None;
        let answer = match result {
            Ok(answer) => answer,
            Err(error) => {
                self.flush(now, uuid);
                self.rest(now, uuid, &format!("PROBLEM: {}", error.message));
                return;
            }
        };
        mapping.backoff = Duration::ZERO;
        let messages = answer["Messages"].as_array().unwrap_or_default();
        if messages.is_empty() && mapping.last_processing_result.as_deref().is_none_or(|r| !tells_of_function(r)) {
            self.set_processing_result(uuid, "No records processed");
        }
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        mapping.gathered.extend(messages.iter().cloned());
        let full = mapping.gathered.len() >= mapping.batch_size as usize;
        if full || mapping.maximum_batching_window_seconds == 0 {
            self.flush(now, uuid);
        } else if !mapping.gathered.is_empty() && mapping.window.is_none() {
            let end = now + Duration::from_secs(mapping.maximum_batching_window_seconds.into());
            mapping.window = Some(self.agenda.schedule(end, Timer::WindowEnd { uuid: uuid.clone() }));
        }
        self.poll_queue(now, uuid);
    }

    /// The poll may go on: what it brings opens a new window.
    pub(crate) fn window_ended(&mut self, now: Timestamp, uuid: &Rc<str>) {
        self.flush(now, uuid);
        self.poll_queue(now, uuid);
    }

    /// Sends what was gathered to the function, in as many batches as its request size asks for.
    fn flush(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let limit = self.options.limits.request_bytes;
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        if let Some(key) = mapping.window.take() {
            self.agenda.cancel(key);
        }
        let mut batch = Vec::new();
        let mut bytes = 0_usize;
        for message in std::mem::take(&mut mapping.gathered) {
            // Room for the record's own members, and for a body that is escaped once more.
            let size = message.json_len().saturating_mul(2).saturating_add(512);
            if !batch.is_empty() && bytes.saturating_add(size) > limit {
                self.new_batch(now, uuid, std::mem::take(&mut batch));
                bytes = 0;
            }
            bytes = bytes.saturating_add(size);
            batch.push(message);
        }
        if !batch.is_empty() {
            self.new_batch(now, uuid, batch);
        }
    }

    fn new_batch(&mut self, now: Timestamp, uuid: &Rc<str>, messages: Vec<Value>) {
        let id = self.next_id();
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let Some(function) = self.functions.get(&mapping.function_name) else { return };
        mapping.batches += 1;
        let batch = Batch {
            uuid: uuid.clone(),
            function: function.name.clone(),
            role_arn: function.configuration.role_arn.clone(),
            queue_arn: mapping.event_source_arn.clone(),
            report_batch_item_failures: mapping.report_batch_item_failures,
            messages,
            held_until: now + Duration::from_secs(mapping.queue_visibility_seconds),
            throttles: 0,
            deletes: 0,
        };
        self.batches.insert(id, batch);
        self.invoke_batch(now, id);
    }

    pub(crate) fn invoke_batch(&mut self, now: Timestamp, id: u64) {
        let Some(batch) = self.batches.get(&id) else { return };
        let event = sqs_event::event(&batch.messages, &batch.queue_arn).into();
        let message_ids = batch.messages.iter().filter_map(|m| m["MessageId"].as_shared_str().cloned()).collect();
        let source = InvocationSource::Mapping { uuid: batch.uuid.clone(), batch: id, message_ids };
        let function = batch.function.clone();
        let request_id = self.seed.uuid().into();
        if self.start_invocation(now, &function, request_id, event, source).is_some() {
            return;
        }
        let throttle_backoff = self.options.latencies.throttle_backoff;
        let Some(batch) = self.batches.get_mut(&id) else { return };
        let again = now + backoff(throttle_backoff, batch.throttles);
        batch.throttles += 1;
        let uuid = batch.uuid.clone();
        if again < batch.held_until && self.functions.contains_key(&function) {
            self.agenda.schedule(again, Timer::BatchAgain { batch: id });
        } else {
            self.end_batch(now, id);
        }
        self.set_processing_result(&uuid, "PROBLEM: Function call throttled");
    }

    /// The function has answered: deletes what it handled.
    pub(crate) fn batch_finished(&mut self, now: Timestamp, id: u64, invocation: &Invocation) {
        let Some(batch) = self.batches.get(&id) else { return };
        let uuid = batch.uuid.clone();
        let ids: Vec<&str> = batch.messages.iter().filter_map(|message| message.get_str("MessageId")).collect();
        let failed = match (&invocation.result, batch.report_batch_item_failures) {
            (Some(response), true) => sqs_event::batch_item_failures(response, &ids),
            (Some(_), false) => Some(Default::default()),
            (None, _) => None,
        };
        let Some(failed) = failed else {
            self.set_processing_result(&uuid, "PROBLEM: Function call failed");
            self.end_batch(now, id);
            return;
        };
        let handled = batch.messages.iter().filter(|m| m.get_str("MessageId").is_none_or(|id| !failed.contains(id)));
        let handles: Vec<Value> = handled.map(|message| message["ReceiptHandle"].clone()).collect();
        let url = queue_url(&batch.queue_arn);
        let (role_arn, name) = (batch.role_arn.clone(), batch.function.clone());
        self.set_processing_result(&uuid, "OK");
        for handles in handles.chunks(MESSAGES) {
            let entries = handles.iter().enumerate();
            let entries: Vec<Value> =
                entries.map(|(n, handle)| json!({"Id": n.to_string(), "ReceiptHandle": handle})).collect();
            let params = json!({"QueueUrl": &url, "Entries": &Value::from(entries)});
            let origin = Origin::Mapping { uuid: uuid.clone() };
            let requester = Requester::Delete { batch: id };
            let action = "sqs:DeleteMessageBatch".to_owned();
            self.request(requester, role_arn.clone(), name.clone(), action, params, origin);
            if let Some(batch) = self.batches.get_mut(&id) {
                batch.deletes += 1;
            }
        }
        if handles.is_empty() {
            self.end_batch(now, id);
        }
    }

    pub(crate) fn deleted(&mut self, now: Timestamp, id: u64, result: Result<Value, AwsError>) {
        let Some(batch) = self.batches.get_mut(&id) else { return };
        batch.deletes = batch.deletes.saturating_sub(1);
        let (uuid, done) = (batch.uuid.clone(), batch.deletes == 0);
        if let Err(error) = result {
            self.set_processing_result(&uuid, &format!("PROBLEM: {}", error.message));
        }
        if done {
            self.end_batch(now, id);
        }
    }

    fn end_batch(&mut self, now: Timestamp, id: u64) {
        let Some(batch) = self.batches.remove(&id) else { return };
        if let Some(mapping) = self.mappings.get_mut(&batch.uuid) {
            mapping.batches = mapping.batches.saturating_sub(1);
            self.poll_queue(now, &batch.uuid);
        }
    }

    /// Moves a mapping into a passing state, which ends by itself.
    pub(crate) fn begin_transition(&mut self, now: Timestamp, uuid: &Rc<str>, state: MappingState) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        mapping.state = state;
        mapping.last_modified = now;
        let at = now + self.options.latencies.mapping_transition;
        self.agenda.schedule(at, Timer::MappingTransition { uuid: uuid.clone() });
        self.trace(LambdaTrace::MappingState { uuid: uuid.clone(), state: Some(state) });
        if matches!(state, MappingState::Disabling | MappingState::Deleting) {
            self.stop_polling(now, uuid);
        }
    }

    pub(crate) fn mapping_settled(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        if mapping.state == MappingState::Deleting {
            self.mappings.remove(uuid);
            self.trace(LambdaTrace::MappingState { uuid: uuid.clone(), state: None });
            return;
        }
        mapping.state = if mapping.enabled { MappingState::Enabled } else { MappingState::Disabled };
        mapping.last_modified = now;
        let state = mapping.state;
        self.trace(LambdaTrace::MappingState { uuid: uuid.clone(), state: Some(state) });
        self.poll_queue(now, uuid);
    }
}

/// What the function did stays visible while the queue is empty; a problem of polling ends with a good poll.
fn tells_of_function(result: &str) -> bool {
    result == "OK" || result.starts_with("PROBLEM: Function call")
}
