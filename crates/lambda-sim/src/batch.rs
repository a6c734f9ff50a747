//! A batch of messages at the function: invoked, tried again when throttled, and deleted as far as it was handled.
//!
//! Of one group of a FIFO queue only one batch is at the function at a time; the next one waits for it.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::agenda::Timer;
use crate::invocation::{Invocation, InvocationSource};
use crate::io::Origin;
use crate::machine::{Functions, Requester};
use crate::mapping::Held;
use crate::poll::{MESSAGES, delete_params};
use crate::pollers::Bounds;
use crate::run::backoff;
use crate::sqs_event;

/// Messages at the function, or on their way there.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub uuid: Rc<str>,
    pub function: Rc<str>,
    pub role_arn: Rc<str>,
    pub queue_arn: Rc<str>,
    /// The one group of all its messages, on a FIFO queue.
    pub group: Option<Rc<str>>,
    pub report_batch_item_failures: bool,
    pub messages: Vec<Value>,
    /// After this moment the first of the messages is back in the queue.
    pub held_until: Timestamp,
    pub throttles: u32,
    /// Requests to delete that have no answer yet.
    pub deletes: usize,
}

impl Functions {
    pub(crate) fn new_batch(&mut self, now: Timestamp, uuid: &Rc<str>, messages: Vec<Held>) {
        let id = self.next_id();
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let Some(function) = self.functions.get(&mapping.function_name) else { return };
        let Some(held_until) = messages.iter().map(|held| held.until).min() else { return };
        mapping.batches += 1;
        let group = messages.first().filter(|_| mapping.is_fifo()).and_then(|held| sqs_event::group(&held.message));
        let batch = Batch {
            uuid: uuid.clone(),
            function: function.name.clone(),
            role_arn: function.configuration.role_arn.clone(),
            queue_arn: mapping.event_source_arn.clone(),
            group: group.map(Rc::from),
            report_batch_item_failures: mapping.report_batch_item_failures,
            messages: messages.into_iter().map(|held| held.message).collect(),
            held_until,
            throttles: 0,
            deletes: 0,
        };
        let waits = self.of_group(uuid, &batch.group).is_some();
        self.batches.insert(id, batch);
        if !waits {
            self.invoke_batch(now, id);
        }
    }

    /// The oldest batch of a FIFO queue's group.
    fn of_group(&self, uuid: &Rc<str>, group: &Option<Rc<str>>) -> Option<u64> {
        group.as_ref()?;
        self.batches.iter().find(|(_, batch)| batch.uuid == *uuid && batch.group == *group).map(|(id, _)| *id)
    }

    pub(crate) fn invoke_batch(&mut self, now: Timestamp, id: u64) {
        let Some(batch) = self.batches.get(&id) else { return };
        let event = sqs_event::event(&batch.messages, &batch.queue_arn).into();
        let message_ids = batch.messages.iter().filter_map(|m| m["MessageId"].as_shared_str().cloned()).collect();
        let source = InvocationSource::Mapping { uuid: batch.uuid.clone(), batch: id, message_ids };
        let function = batch.function.clone();
        let request_id = self.seed.uuid().into();
        if self.start_invocation(now, &function, request_id, event, source).is_ok() {
            return;
        }
        let throttle_backoff = self.options.latencies.throttle_backoff;
        let Some(batch) = self.batches.get_mut(&id) else { return };
        let again = now + backoff(throttle_backoff, batch.throttles);
        batch.throttles += 1;
        let uuid = batch.uuid.clone();
        if let Some(mapping) = self.mappings.get_mut(&uuid) {
            mapping.scaling.failed();
        }
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
        let limits = &self.options.limits;
        if let Some(mapping) = self.mappings.get_mut(&uuid) {
            let Bounds { first, .. } = Bounds::of(mapping.pollers, limits);
            match &failed {
                Some(_) => mapping.scaling.succeeded(first),
                None => mapping.scaling.failed(),
            }
        }
        let Some(failed) = failed else {
            self.set_processing_result(&uuid, "PROBLEM: Function call failed");
            self.end_batch(now, id);
            return;
        };
        let handled = batch.messages.iter().filter(|m| m.get_str("MessageId").is_none_or(|id| !failed.contains(id)));
        let handles: Vec<Value> = handled.map(|message| message["ReceiptHandle"].clone()).collect();
        let (queue_arn, role_arn, name) = (batch.queue_arn.clone(), batch.role_arn.clone(), batch.function.clone());
        self.set_processing_result(&uuid, "OK");
        for handles in handles.chunks(MESSAGES) {
            let params = delete_params(&queue_arn, handles.iter());
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
        }
        match self.of_group(&batch.uuid, &batch.group) {
            // Its messages are back in the queue: whoever reads them next has them anew.
            Some(next) if self.batches.get(&next).is_some_and(|batch| batch.held_until <= now) => {
                self.end_batch(now, next);
            }
            Some(next) => self.invoke_batch(now, next),
            None => {}
        }
        self.poll_queue(now, &batch.uuid);
    }
}
