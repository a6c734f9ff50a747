//! Publish: the checks, the rules of FIFO topics, and the notifications.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Duration;

use super::envelope::Notification;
use super::{Sns, attributes, invalid, no_topic, text};
use crate::hashes::md5_hex;
use crate::services::{Context, Effect};

/// Bytes of a message.
const MOST_BYTES: usize = 262_144;

/// For so long a deduplication id is remembered.
const DEDUPLICATION: Duration = Duration::from_secs(300);

/// Sequence numbers of a FIFO topic start here.
const FIRST_SEQUENCE: u64 = 10_000_000_000_000_000_000;

impl Sns {
    pub(super) fn publish(&mut self, context: &mut Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let message = text(params, "Message")?;
        if message.is_empty() {
            return Err(invalid("Empty message"));
        }
        if message.len() > MOST_BYTES {
            return Err(invalid("Message too long"));
        }
        let topic_arn = target(params)?;
        let attributes = attributes::read(params)?;
        let subject = params.get_str("Subject");
        if subject.is_some_and(|subject| {
            subject.is_empty() || subject.len() >= 100 || !subject.is_ascii() || subject.contains(['\n', '\r'])
        }) {
            return Err(invalid("Subject"));
        }
        let for_queues = for_queues(params, message)?;
        let topic = self.topics.get_mut(topic_arn).ok_or_else(no_topic)?;
        let group = params.get_str("MessageGroupId");
        let given = params.get_str("MessageDeduplicationId");
        let mut deduplication = None;
        if topic.fifo {
            if group.is_none() {
                return Err(invalid("The MessageGroupId parameter is required for FIFO topics"));
            }
            deduplication = given.map(str::to_owned);
            if deduplication.is_none() && topic.content_based_deduplication {
                deduplication = Some(md5_hex(message.as_bytes()));
            }
            if deduplication.is_none() {
                return Err(invalid(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
                     explicitly",
                ));
            }
        } else if given.is_some() {
            return Err(invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for \
                 this topic type",
            ));
        }
        topic.recent.retain(|(at, ..)| context.now.since(*at) < DEDUPLICATION);
        if let Some((.., answer)) = topic.recent.iter().find(|(_, id, _)| Some(id) == deduplication.as_ref()) {
            return Ok(answer.clone());
        }
        let message_id = context.ids.uuid();
        let mut answer = json!({"MessageId": message_id});
        let sequence = topic.fifo.then(|| {
            topic.sequence += 1;
            (FIRST_SEQUENCE + topic.sequence - 1).to_string()
        });
        if let (Some(sequence), Some(id)) = (&sequence, &deduplication) {
            answer = answer.with("SequenceNumber", sequence.as_str().into());
            topic.recent.push((context.now, id.clone(), answer.clone()));
        }
        let notification = Notification {
            topic_arn,
            message_id: &message_id,
            message: &for_queues,
            subject,
            attributes: &attributes,
            sequence: sequence.as_deref(),
            now: context.now,
            region: &context.options.region,
        };
        for subscription in &topic.subscriptions {
            let mut message = notification.for_queue(subscription);
            if subscription.endpoint.ends_with(".fifo") {
                let ids = [("MessageGroupId", group), ("MessageDeduplicationId", deduplication.as_deref())];
                for (key, id) in ids.into_iter().filter_map(|(key, id)| Some((key, id?))) {
                    message = message.with(key, id.into());
                }
            }
            context.effects.push_back(Effect::Notify {
                topic_arn: topic_arn.to_owned(),
                queue_arn: subscription.endpoint.clone(),
                message,
            });
        }
        Ok(answer)
    }
}

/// The topic's ARN. Phones and devices are not simulated.
fn target(params: &Value) -> Result<&str, AwsError> {
    let Some(arn) = params.get_str("TopicArn").or_else(|| params.get_str("TargetArn")) else {
        return Err(match params.get_str("PhoneNumber") {
            Some(_) => crate::params::not_simulated("sns:Publish to a phone"),
            None => invalid("TopicArn or TargetArn Reason: no value for required parameter"),
        });
    };
    let parts = arn.split(':').count();
    if parts < 6 {
        let parameter = if params.get_str("TopicArn").is_some() { "TopicArn" } else { "TargetArn" };
        return Err(invalid(&format!("{parameter} Reason: An ARN must have at least 6 elements, not {parts}")));
    }
    Ok(arn)
}

/// With `MessageStructure: json` every protocol has its own text.
fn for_queues(params: &Value, message: &str) -> Result<String, AwsError> {
    if params.get_str("MessageStructure") != Some("json") {
        return Ok(message.to_owned());
    }
    let texts = Value::parse(message).map_err(|_| invalid("Message Structure - JSON message body failed to parse"))?;
    if texts.get_str("default").is_none() {
        return Err(invalid("Message Structure - No default entry in JSON message body"));
    }
    Ok(texts.get_str("sqs").or_else(|| texts.get_str("default")).unwrap_or_default().to_owned())
}
