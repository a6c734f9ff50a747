//! The loop of a mapping: wait at the queue, drop what its filters hold back, gather batches.
//!
//! One long poll waits while there is nothing to do, so that an idle mapping costs one event in twenty seconds.
//! What becomes of a batch is told in `batch`. Knows of SQS only what its API says.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Timer;
use crate::io::Origin;
use crate::machine::{Functions, Requester};
use crate::mapping::{EventSourceMapping, Held, MappingState};
use crate::sqs_event;
use crate::trace::LambdaTrace;

/// SQS's longest wait, and its most messages in one answer.
const WAIT_SECONDS: u64 = 20;
pub(crate) const MESSAGES: usize = 10;

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/Orders` for the queue's ARN.
pub(crate) fn queue_url(queue_arn: &str) -> String {
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
    pub(crate) fn set_processing_result(&mut self, uuid: &Rc<str>, result: &str) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        if mapping.last_processing_result.as_deref() != Some(result) {
            let result: Rc<str> = result.into();
            mapping.last_processing_result = Some(result.clone());
            self.trace(LambdaTrace::MappingResult { uuid: uuid.clone(), result });
        }
    }

    /// Goes to wait at the queue, unless it waits there, rests, or has enough to do.
    pub(crate) fn poll_queue(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        if !mapping.polls() || mapping.poll.is_some() || mapping.rest.is_some() {
            return;
        }
        if mapping.batches >= mapping.concurrency() {
            self.watch_backlog(now, uuid);
            return;
        }
        let Some(function) = self.functions.get(&mapping.function_name) else {
            self.rest(now, uuid, "PROBLEM: Function not found");
            return;
        };
        // At the very end of a window a poll that does not wait would be answered, and asked again, for ever.
        let wait = mapping
            .window
            .map_or(WAIT_SECONDS, |(end, _)| end.since(now).micros().div_ceil(1_000_000).clamp(1, WAIT_SECONDS));
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
        let until = self.held_until(now, uuid);
        let messages = self.filtered(uuid, messages);
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        mapping.gathered.extend(messages.into_iter().map(|message| Held { message, until }));
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
        let gathered = std::mem::take(&mut mapping.gathered);
        let groups = if mapping.is_fifo() { by_group(gathered) } else { vec![gathered] };
        let batches: Vec<Vec<Held>> = groups.into_iter().flat_map(|group| in_pieces(group, limit)).collect();
        for batch in batches {
            self.new_batch(now, uuid, batch);
        }
    }

    /// When messages that are read now will be back in the queue.
    fn held_until(&self, now: Timestamp, uuid: &Rc<str>) -> Timestamp {
        let Some(mapping) = self.mappings.get(uuid) else { return now };
        let timeout = self.functions.get(&mapping.function_name).map_or(0, |f| f.configuration.timeout_seconds);
        let seconds = mapping.visibility_override(timeout).unwrap_or(mapping.queue_visibility_seconds);
        now + Duration::from_secs(seconds)
    }

    /// The messages that pass the filters; the others are deleted.
    fn filtered(&mut self, uuid: &Rc<str>, messages: &[Value]) -> Vec<Value> {
        let Some(mapping) = self.mappings.get(uuid) else { return Vec::new() };
        if mapping.filters.is_empty() {
            return messages.to_vec();
        }
        let (filters, queue_arn) = (mapping.filters.clone(), mapping.event_source_arn.clone());
        let passes = |message: &&Value| filters.passes(&sqs_event::record(message, &queue_arn));
        let (passed, dropped): (Vec<&Value>, Vec<&Value>) = messages.iter().partition(passes);
        if let Some(function) = self.functions.get(&mapping.function_name).filter(|_| !dropped.is_empty()) {
            let (role_arn, name) = (function.configuration.role_arn.clone(), function.name.clone());
            let message_ids = dropped.iter().filter_map(|m| m["MessageId"].as_shared_str().cloned()).collect();
            self.trace(LambdaTrace::Filtered { uuid: uuid.clone(), message_ids });
            let params = delete_params(&queue_arn, dropped.iter().map(|message| &message["ReceiptHandle"]));
            let origin = Origin::Mapping { uuid: uuid.clone() };
            let requester = Requester::Drop { uuid: uuid.clone() };
            self.request(requester, role_arn, name, "sqs:DeleteMessageBatch".to_owned(), params, origin);
        }
        passed.into_iter().cloned().collect()
    }

    pub(crate) fn dropped(&mut self, uuid: &Rc<str>, result: Result<Value, AwsError>) {
        if let Err(error) = result {
            self.set_processing_result(uuid, &format!("PROBLEM: {}", error.message));
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

/// One list for each message group, in the order in which the groups appear; a group's messages stay in order.
fn by_group(messages: Vec<Held>) -> Vec<Vec<Held>> {
    let mut groups: Vec<Vec<Held>> = Vec::new();
    for held in messages {
        let group = sqs_event::group(&held.message);
        let same = groups.iter_mut().find(|each| each.first().is_some_and(|h| sqs_event::group(&h.message) == group));
        match same {
            Some(same) => same.push(held),
            None => groups.push(vec![held]),
        }
    }
    groups
}

/// Batches whose events stay below the size of a request.
fn in_pieces(messages: Vec<Held>, limit: usize) -> Vec<Vec<Held>> {
    let mut pieces: Vec<Vec<Held>> = Vec::new();
    let mut bytes = 0_usize;
    for held in messages {
        // Room for the record's own members, and for a body that is escaped once more.
        let size = held.message.json_len().saturating_mul(2).saturating_add(512);
        match pieces.last_mut().filter(|_| bytes.saturating_add(size) <= limit) {
            Some(piece) => piece.push(held),
            None => {
                pieces.push(vec![held]);
                bytes = 0;
            }
        }
        bytes = bytes.saturating_add(size);
    }
    pieces
}

/// `DeleteMessageBatch` of messages by their receipt handles.
pub(crate) fn delete_params<'a>(queue_arn: &str, handles: impl Iterator<Item = &'a Value>) -> Value {
    let entries = handles.enumerate().map(|(n, handle)| json!({"Id": n.to_string(), "ReceiptHandle": handle}));
    json!({"QueueUrl": queue_url(queue_arn), "Entries": &Value::array(entries.collect())})
}
