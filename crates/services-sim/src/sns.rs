//! SNS: topics, subscriptions of queues, and what is published to them.

mod attributes;
mod envelope;
mod publish;

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::params::not_simulated;
use crate::services::Context;

/// All topics by ARN.
#[derive(Debug, Default)]
pub(crate) struct Sns {
    topics: BTreeMap<String, Topic>,
}

#[derive(Debug, Default)]
struct Topic {
    fifo: bool,
    content_based_deduplication: bool,
    subscriptions: Vec<Subscription>,
    /// What was lately published with a deduplication id, and its answer.
    recent: Vec<(Timestamp, String, Value)>,
    sequence: u64,
}

#[derive(Clone, Debug)]
struct Subscription {
    arn: String,
    protocol: String,
    endpoint: String,
    raw: bool,
}

impl Sns {
    pub(crate) fn call(
        &mut self,
        context: &mut Context<'_>,
        operation: &str,
        params: &Value,
    ) -> Result<Value, AwsError> {
        match operation {
            "CreateTopic" => self.create_topic(context, params),
            "DeleteTopic" => {
                self.topics.remove(text(params, "TopicArn")?);
                Ok(json!({}))
            }
            "ListTopics" => {
                let topics = self.topics.keys().map(|arn| json!({"TopicArn": arn})).collect();
                Ok(Value::object([("Topics", Value::array(topics))]))
            }
            "GetTopicAttributes" => self.topic_attributes(params),
            "Subscribe" => self.subscribe(context, params),
            "Unsubscribe" => self.unsubscribe(params),
            "SetSubscriptionAttributes" => self.set_subscription(params),
            "ListSubscriptions" => Ok(self.list_subscriptions(context, None)),
            "ListSubscriptionsByTopic" => {
                let arn = text(params, "TopicArn")?;
                self.topic(arn)?;
                Ok(self.list_subscriptions(context, Some(arn)))
            }
            "Publish" => self.publish(context, params),
            _ => Err(not_simulated(&format!("sns:{operation}"))),
        }
    }

    fn create_topic(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = text(params, "Name")?;
        let attribute = |key: &str| params["Attributes"].get_str(key) == Some("true");
        let fifo = attribute("FifoTopic");
        let base = name.strip_suffix(".fifo").unwrap_or(name);
        if name.is_empty() || name.len() > 256 || !base.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            return Err(invalid("Topic Name"));
        }
        if fifo != name.ends_with(".fifo") {
            let rule = if fifo {
                "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long."
            } else {
                "Topic Name"
            };
            return Err(invalid(rule));
        }
        let arn = context.arn("sns", name);
        self.topics.entry(arn.clone()).or_insert_with(|| Topic {
            fifo,
            content_based_deduplication: attribute("ContentBasedDeduplication"),
            ..Topic::default()
        });
        Ok(json!({"TopicArn": arn}))
    }

    fn topic_attributes(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = text(params, "TopicArn")?;
        let topic = self.topic(arn)?;
        let mut attributes = json!({"TopicArn": arn, "SubscriptionsConfirmed": topic.subscriptions.len().to_string()});
        if topic.fifo {
            attributes = attributes
                .with("FifoTopic", "true".into())
                .with("ContentBasedDeduplication", topic.content_based_deduplication.to_string().into());
        }
        Ok(Value::object([("Attributes", attributes)]))
    }

    fn subscribe(&mut self, context: &mut Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let (topic_arn, protocol) = (text(params, "TopicArn")?, text(params, "Protocol")?);
        let endpoint = params.get_str("Endpoint").unwrap_or_default();
        if params["Attributes"].get("FilterPolicy").is_some() {
            return Err(not_simulated("sns:Subscribe with a FilterPolicy"));
        }
        if protocol != "sqs" {
            return Err(not_simulated(&format!("sns:Subscribe with the protocol {protocol}")));
        }
        if !endpoint.starts_with("arn:") {
            return Err(invalid("SQS endpoint ARN"));
        }
        let id = context.ids.uuid();
        let topic = self.topics.get_mut(topic_arn).ok_or_else(no_topic)?;
        if let Some(known) = topic.subscriptions.iter().find(|known| known.endpoint == endpoint) {
            return Ok(json!({"SubscriptionArn": known.arn}));
        }
        let raw = params["Attributes"].get_str("RawMessageDelivery") == Some("true");
        let arn = format!("{topic_arn}:{id}");
        let subscription =
            Subscription { arn: arn.clone(), protocol: protocol.to_owned(), endpoint: endpoint.to_owned(), raw };
        topic.subscriptions.push(subscription);
        Ok(json!({"SubscriptionArn": arn}))
    }

    fn unsubscribe(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = text(params, "SubscriptionArn")?;
        for topic in self.topics.values_mut() {
            topic.subscriptions.retain(|subscription| subscription.arn != arn);
        }
        Ok(json!({}))
    }

    fn set_subscription(&mut self, params: &Value) -> Result<Value, AwsError> {
        let (arn, name) = (text(params, "SubscriptionArn")?, text(params, "AttributeName")?);
        let value = params.get_str("AttributeValue").unwrap_or_default();
        let all = self.topics.values_mut().flat_map(|topic| &mut topic.subscriptions);
        let subscription = all
            .into_iter()
            .find(|subscription| subscription.arn == arn)
            .ok_or_else(|| AwsError::new("NotFound", "Subscription does not exist").with_status(404))?;
        if name != "RawMessageDelivery" {
            return Err(not_simulated(&format!("sns:SetSubscriptionAttributes of {name}")));
        }
        subscription.raw = value == "true";
        Ok(json!({}))
    }

    fn list_subscriptions(&self, context: &Context<'_>, of: Option<&str>) -> Value {
        let topics = self.topics.iter().filter(|(arn, _)| of.is_none_or(|of| of == arn.as_str()));
        let rows = topics.flat_map(|(topic_arn, topic)| {
            topic.subscriptions.iter().map(move |subscription| {
                json!({
                    "SubscriptionArn": subscription.arn, "Owner": context.options.account_id,
                    "Protocol": subscription.protocol, "Endpoint": subscription.endpoint, "TopicArn": topic_arn,
                })
            })
        });
        Value::object([("Subscriptions", Value::array(rows.collect()))])
    }

    fn topic(&self, arn: &str) -> Result<&Topic, AwsError> {
        self.topics.get(arn).ok_or_else(no_topic)
    }
}

fn text<'a>(params: &'a Value, key: &str) -> Result<&'a str, AwsError> {
    params.get_str(key).ok_or_else(|| {
        let mut chars = key.chars();
        let name: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
        let rule = "failed to satisfy constraint: Member must not be null";
        AwsError::new("ValidationError", format!("1 validation error detected: Value null at '{name}' {rule}"))
    })
}

fn no_topic() -> AwsError {
    AwsError::new("NotFound", "Topic does not exist").with_status(404)
}

fn invalid(what: &str) -> AwsError {
    AwsError::new("InvalidParameter", format!("Invalid parameter: {what}"))
}

#[cfg(test)]
mod tests {
    use shared_json::{Value, json};
    use virtual_time::Timestamp;

    use crate::services::tests::services;
    use crate::{Effect, Services};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn with_topic(name: &str, attributes: Value) -> (Services, Value) {
        let mut services = services();
        let params = json!({"Name": name}).with("Attributes", attributes);
        let topic = services.call(at(0), "sns:CreateTopic", &params).unwrap();
        (services, topic)
    }

    #[test]
    fn subscribed_queues_get_the_envelope_or_the_bare_message() {
        let (mut services, topic) = with_topic("news", json!({}));
        for (queue, raw) in [("a", "false"), ("b", "true")] {
            let endpoint = format!("arn:aws:sqs:us-east-1:123456789012:{queue}");
            let params = json!({"Protocol": "sqs", "Endpoint": endpoint, "Attributes": {"RawMessageDelivery": raw}});
            services.call(at(0), "sns:Subscribe", &params.with("TopicArn", topic["TopicArn"].clone())).unwrap();
        }
        let colour = json!({"colour": {"DataType": "String", "StringValue": "red"}});
        let params = topic.with("Message", "hi".into()).with("Subject", "s".into()).with("MessageAttributes", colour);
        let answer = services.call(at(0), "sns:Publish", &params).unwrap();
        let Some(Effect::Notify { queue_arn, message, .. }) = services.poll_effect() else { panic!("a notification") };
        assert!(queue_arn.ends_with(":a"));
        let envelope = Value::parse(message.get_str("MessageBody").unwrap()).unwrap();
        assert_eq!(envelope["MessageId"], answer["MessageId"]);
        assert_eq!((envelope.get_str("Message"), envelope.get_str("Subject")), (Some("hi"), Some("s")));
        assert_eq!(envelope["MessageAttributes"], json!({"colour": {"Type": "String", "Value": "red"}}));
        let Some(Effect::Notify { message, .. }) = services.poll_effect() else { panic!("a second one") };
        assert_eq!(
            message,
            json!({"MessageBody": "hi", "MessageAttributes": {"colour": {"DataType": "String", "StringValue": "red"}}})
        );
    }

    #[test]
    fn a_fifo_topic_wants_a_group_and_tells_doubles_apart() {
        let (mut services, topic) = with_topic("news.fifo", json!({"FifoTopic": "true"}));
        let mut publish = |seconds, extra: Value| {
            let params = topic.with("Message", "hi".into());
            let params = extra.as_object().unwrap().iter().fold(params, |params, (k, v)| params.with(k, v.clone()));
            services.call(at(seconds), "sns:Publish", &params)
        };
        let message = publish(0, json!({})).unwrap_err().message;
        assert_eq!(message, "Invalid parameter: The MessageGroupId parameter is required for FIFO topics");
        let message = publish(0, json!({"MessageGroupId": "g"})).unwrap_err().message;
        assert!(message.contains("ContentBasedDeduplication enabled or MessageDeduplicationId"), "{message}");
        let ids = json!({"MessageGroupId": "g", "MessageDeduplicationId": "1"});
        let first = publish(0, ids.clone()).unwrap();
        assert_eq!(first.get_str("SequenceNumber"), Some("10000000000000000000"));
        assert_eq!(publish(299, ids.clone()).unwrap(), first);
        assert_eq!(publish(301, ids).unwrap().get_str("SequenceNumber"), Some("10000000000000000001"));
    }

    #[test]
    fn what_cannot_be_published_is_refused_in_the_services_words() {
        let (mut services, topic) = with_topic("news", json!({}));
        let good = topic.with("Message", "hi".into());
        let cases = [
            (good.with("Message", "".into()), "InvalidParameter", "Invalid parameter: Empty message"),
            (
                good.with("TopicArn", "arn:aws:sns:us-east-1:123456789012:old".into()),
                "NotFound",
                "Topic does not exist",
            ),
            (
                good.with("TopicArn", "news".into()),
                "InvalidParameter",
                "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
            ),
            (
                json!({"Message": "hi"}),
                "InvalidParameter",
                "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
            ),
            (
                good.with("MessageAttributes", json!({"n": {"DataType": "Number", "StringValue": "x"}})),
                "ParameterValueInvalid",
                "Could not cast message attribute 'n' value to number.",
            ),
        ];
        for (params, code, message) in cases {
            let error = services.call(at(0), "sns:Publish", &params).unwrap_err();
            assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
        }
    }
}
