//! An asynchronous invocation: its attempts, and where its record goes when it has ended.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::agenda::Timer;
use crate::function::Function;
use crate::invocation::{Invocation, InvocationSource};
use crate::io::Origin;
use crate::machine::{Functions, Requester};
use crate::run::backoff;
use crate::trace::LambdaTrace;

/// An asynchronous invocation between its attempts.
#[derive(Clone, Debug)]
pub(crate) struct AsyncEvent {
    pub function: Rc<str>,
    pub request_id: Rc<str>,
    pub payload: Rc<str>,
    pub accepted_at: Timestamp,
    /// Attempts that reached the function.
    pub attempts: u32,
    /// Attempts in a row that found no free concurrency.
    pub throttles: u32,
    /// What the last attempt answered.
    pub error: Option<Rc<str>>,
}

/// How a function treats its asynchronous invocations: `FunctionEventInvokeConfig`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventInvokeConfig {
    pub last_modified: Timestamp,
    /// 0 to 2; Lambda's default is 2.
    pub maximum_retry_attempts: Option<u32>,
    /// 60 to 21,600; Lambda's default is six hours.
    pub maximum_event_age_seconds: Option<u32>,
    pub on_success: Option<Rc<str>>,
    pub on_failure: Option<Rc<str>>,
}

/// An asynchronous invocation is given up after this time when nothing else is set.
const EVENT_AGE_SECONDS: u32 = 21_600;
/// Attempts against a throttle that fit into that age; a second bound, for clocks at their end.
const EVENT_THROTTLES: u32 = 100;

/// Bytes of the error's message in a dead letter's attribute.
const ERROR_MESSAGE_BYTES: usize = 1_024;

impl Function {
    fn event_age(&self) -> Duration {
        let age = self.event_invoke.as_ref().and_then(|config| config.maximum_event_age_seconds);
        Duration::from_secs(age.unwrap_or(EVENT_AGE_SECONDS).into())
    }

    /// Somebody gets a record of what failed.
    fn keeps_failures(&self) -> bool {
        let destination = self.event_invoke.as_ref().and_then(|config| config.on_failure.as_ref());
        destination.or(self.configuration.dead_letter_arn.as_ref()).is_some()
    }
}

impl Functions {
    /// Takes an asynchronous invocation and starts its first attempt.
    pub(crate) fn accept_event(&mut self, now: Timestamp, function: Rc<str>, payload: Rc<str>) {
        let id = self.next_id();
        let request_id = self.seed.uuid().into();
        let event =
            AsyncEvent { function, request_id, payload, accepted_at: now, attempts: 0, throttles: 0, error: None };
        self.events.insert(id, event);
        self.attempt_event(now, id);
    }

    pub(crate) fn attempt_event(&mut self, now: Timestamp, id: u64) {
        let Some(event) = self.events.get(&id) else { return };
        let AsyncEvent { function, request_id, payload, accepted_at, attempts, throttles, .. } = event.clone();
        let Some(settings) = self.functions.get(&function) else {
            self.events.remove(&id);
            return;
        };
        if settings.reserved_concurrent_executions == Some(0) && settings.keeps_failures() {
            return self.give_up(now, id, "ZeroReservedConcurrency");
        }
        if now.since(accepted_at) >= settings.event_age() || throttles >= EVENT_THROTTLES {
            return self.give_up(now, id, "EventAgeExceeded");
        }
        let source = InvocationSource::Event { event: id, attempt: attempts + 1 };
        let started = self.start_invocation(now, &function, request_id, payload, source).is_ok();
        let Some(event) = self.events.get_mut(&id) else { return };
        if started {
            event.attempts += 1;
            event.throttles = 0;
        } else {
            event.throttles += 1;
            let pause = backoff(self.options.latencies.throttle_backoff, throttles);
            self.agenda.schedule(now + pause, Timer::Attempt { event: id });
        }
    }

    pub(crate) fn event_attempted(&mut self, now: Timestamp, id: u64, invocation: &Invocation) {
        let Some(event) = self.events.get_mut(&id) else { return };
        event.error.clone_from(&invocation.error);
        if invocation.error.is_none() {
            let Some(event) = self.events.remove(&id) else { return };
            return self.succeeded(now, &event, invocation);
        }
        let config = self.functions.get(&event.function).and_then(|function| function.event_invoke.as_ref());
        let most = config.and_then(|config| config.maximum_retry_attempts).unwrap_or(u32::MAX);
        let retry = (event.attempts as usize).checked_sub(1).filter(|_| event.attempts <= most);
        match retry.and_then(|n| self.options.latencies.event_retries.get(n)) {
            Some(pause) => {
                self.agenda.schedule(now + *pause, Timer::Attempt { event: id });
            }
            None => self.give_up(now, id, "RetriesExhausted"),
        }
    }

    fn succeeded(&mut self, now: Timestamp, event: &AsyncEvent, invocation: &Invocation) {
        let Some(function) = self.functions.get(&event.function) else { return };
        let Some(arn) = function.event_invoke.as_ref().and_then(|config| config.on_success.clone()) else { return };
        let record = record(function, event, now, "Success", invocation.result.as_ref());
        self.deliver(&event.function.clone(), &event.request_id, &arn, &record.to_string(), None);
    }

    /// Ends an event that failed; its record goes to the destination, and the event itself to the dead-letter queue.
    fn give_up(&mut self, now: Timestamp, id: u64, condition: &str) {
        let Some(event) = self.events.remove(&id) else { return };
        self.trace(LambdaTrace::EventEnded {
            function: event.function.clone(),
            request_id: event.request_id.clone(),
            condition: condition.into(),
        });
        let Some(function) = self.functions.get(&event.function) else { return };
        let destination = function.event_invoke.as_ref().and_then(|config| config.on_failure.clone());
        let dead_letters = function.configuration.dead_letter_arn.clone();
        let record = record(function, &event, now, condition, event.error.as_ref());
        let name = function.name.clone();
        if let Some(arn) = destination {
            self.deliver(&name, &event.request_id, &arn, &record.to_string(), None);
        }
        if let Some(arn) = dead_letters {
            self.deliver(&name, &event.request_id, &arn, &event.payload, Some(attributes(&event)));
        }
    }

    /// Sends to a queue or publishes to a topic, as the function's role.
    fn deliver(
        &mut self,
        function: &Rc<str>,
        request_id: &Rc<str>,
        arn: &str,
        text: &str,
        message_attributes: Option<Value>,
    ) {
        let Some(configuration) = self.functions.get(function).map(|function| function.configuration.clone()) else {
            return;
        };
        let (action, params) = match arn.split(':').nth(2) {
            Some("sns") => ("sns:Publish", json!({"TopicArn": arn, "Message": text})),
            _ => ("sqs:SendMessage", json!({"QueueUrl": crate::poll::queue_url(arn), "MessageBody": text})),
        };
        let params =
            message_attributes.map_or(params.clone(), |attributes| params.with("MessageAttributes", attributes));
        let origin = Origin::Invocation { request_id: request_id.clone() };
        let requester = Requester::Deliver { function: function.clone(), request_id: request_id.clone() };
        self.request(requester, configuration.role_arn.clone(), function.clone(), action.to_owned(), params, origin);
    }

    /// A record that cannot be delivered is lost, as on AWS; the journal tells why.
    pub(crate) fn delivered(&mut self, function: Rc<str>, request_id: Rc<str>, result: Result<Value, AwsError>) {
        if let Err(error) = result {
            let condition = format!("PROBLEM: {}", error.message).into();
            self.trace(LambdaTrace::EventEnded { function, request_id, condition });
        }
    }
}

/// The invocation record that a destination gets.
fn record(
    function: &Function,
    event: &AsyncEvent,
    now: Timestamp,
    condition: &str,
    response: Option<&Rc<str>>,
) -> Value {
    let parsed = |text: &Rc<str>| Value::parse(text).unwrap_or_else(|_| Value::from(text.clone()));
    let mut record = json!({
        "version": "1.0",
        "timestamp": now.to_rfc3339(),
        "requestContext": {
            "requestId": &*event.request_id,
            "functionArn": format!("{}:$LATEST", function.arn),
            "condition": condition,
            "approximateInvokeCount": event.attempts,
        },
    })
    .with("requestPayload", parsed(&event.payload));
    if let Some(response) = response {
        let mut context = json!({"statusCode": 200, "executedVersion": "$LATEST"});
        if event.error.is_some() {
            context = context.with("functionError", "Unhandled".into());
        }
        record = record.with("responseContext", context).with("responsePayload", parsed(response));
    }
    record
}

/// What stands beside a dead letter.
fn attributes(event: &AsyncEvent) -> Value {
    let message = event.error.as_ref().and_then(|error| Value::parse(error).ok());
    let message = message.as_ref().and_then(|error| error.get_str("errorMessage")).unwrap_or("Rate Exceeded.");
    let end = (0..=message.len().min(ERROR_MESSAGE_BYTES)).rev().find(|end| message.is_char_boundary(*end));
    let text = |text: &str| json!({"DataType": "String", "StringValue": text});
    let code = if event.error.is_some() { "200" } else { "429" };
    Value::object([
        ("RequestID", text(&event.request_id)),
        ("ErrorCode", json!({"DataType": "Number", "StringValue": code})),
        // SQS takes no empty value.
        ("ErrorMessage", text(message.get(..end.unwrap_or(0)).filter(|text| !text.is_empty()).unwrap_or("null"))),
    ])
}
