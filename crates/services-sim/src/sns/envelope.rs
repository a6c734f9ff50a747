//! What a subscribed queue receives: the notification in its envelope, or the bare message.

use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::Subscription;
use super::attributes::Attribute;

pub(super) struct Notification<'a> {
    pub(super) topic_arn: &'a str,
    pub(super) message_id: &'a str,
    pub(super) message: &'a str,
    pub(super) subject: Option<&'a str>,
    pub(super) attributes: &'a [Attribute<'a>],
    pub(super) sequence: Option<&'a str>,
    pub(super) now: Timestamp,
    pub(super) region: &'a str,
}

impl Notification<'_> {
    /// The message for `sqs:SendMessage`, without its queue.
    pub(super) fn for_queue(&self, subscription: &Subscription) -> Value {
        if !subscription.raw {
            return json!({"MessageBody": self.envelope(&subscription.arn).to_string()});
        }
        let message = json!({"MessageBody": self.message});
        if self.attributes.is_empty() {
            return message;
        }
        let attributes = self.attributes.iter().map(|attribute| (attribute.name, attribute.forwarded()));
        message.with("MessageAttributes", Value::object(attributes))
    }

    fn envelope(&self, subscription_arn: &str) -> Value {
        let mut members = vec![("Type", Value::from("Notification")), ("MessageId", self.message_id.into())];
        if let Some(sequence) = self.sequence {
            members.push(("SequenceNumber", sequence.into()));
        }
        members.push(("TopicArn", self.topic_arn.into()));
        if let Some(subject) = self.subject {
            members.push(("Subject", subject.into()));
        }
        let host = format!("https://sns.{}.amazonaws.com", self.region);
        members.push(("Message", self.message.into()));
        members.push(("Timestamp", self.now.to_rfc3339().into()));
        // Nothing is signed here; the members are there so that code which reads the envelope finds its shape.
        if self.sequence.is_none() {
            members.push(("SignatureVersion", "1".into()));
            members.push(("Signature", "c2ltdWxhdGVk".into()));
            members.push(("SigningCertURL", format!("{host}/SimpleNotificationService-simulated.pem").into()));
        }
        let unsubscribe = format!("{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}");
        members.push(("UnsubscribeURL", unsubscribe.into()));
        if !self.attributes.is_empty() {
            let attributes = self.attributes.iter().map(|attribute| (attribute.name, attribute.shown()));
            members.push(("MessageAttributes", Value::object(attributes)));
        }
        Value::object(members)
    }
}
