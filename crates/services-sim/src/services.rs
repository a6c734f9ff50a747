//! The machine around all of them: routes a call to its service.

use std::collections::VecDeque;

use aws_protocol::{AwsError, Randomness};
use shared_json::Value;
use virtual_time::Timestamp;

use crate::api_gateway::ApiGateway;
use crate::dynamodb::DynamoDb;
use crate::events;
use crate::params::not_simulated;
use crate::s3::S3;
use crate::secrets::Secrets;
use crate::sns::Sns;

/// What the services do not learn from their inputs.
#[derive(Clone, Debug)]
pub struct ServicesOptions {
    pub account_id: String,
    pub region: String,
    pub seed: u64,
}

/// What has to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A topic sends a notification to a subscribed queue: the parameters of `sqs:SendMessage` but for the queue.
    Notify { topic_arn: String, queue_arn: String, message: Value },
}

/// All of the small services of one account.
#[derive(Debug)]
pub struct Services {
    options: ServicesOptions,
    ids: Randomness,
    s3: S3,
    dynamodb: DynamoDb,
    sns: Sns,
    secrets: Secrets,
    apis: ApiGateway,
    effects: VecDeque<Effect>,
}

/// What a call needs besides its service.
pub(crate) struct Context<'a> {
    pub(crate) now: Timestamp,
    pub(crate) options: &'a ServicesOptions,
    pub(crate) ids: &'a mut Randomness,
    pub(crate) effects: &'a mut VecDeque<Effect>,
}

impl Context<'_> {
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.options.region, self.options.account_id)
    }
}

impl Services {
    #[must_use]
    pub fn new(options: ServicesOptions) -> Self {
        Services {
            ids: Randomness::new(options.seed),
            options,
            s3: S3::default(),
            dynamodb: DynamoDb::default(),
            sns: Sns::default(),
            secrets: Secrets::default(),
            apis: ApiGateway::default(),
            effects: VecDeque::new(),
        }
    }

    /// Whether calls with this prefix belong here.
    #[must_use]
    pub fn offers(service: &str) -> bool {
        matches!(service, "s3" | "dynamodb" | "sns" | "events" | "secretsmanager" | "apigateway" | "execute-api")
    }

    /// Calls an action by its IAM-like name: `s3:PutObject`.
    ///
    /// # Errors
    /// The service's own error, in AWS's words.
    pub fn call(&mut self, now: Timestamp, action: &str, params: &Value) -> Result<Value, AwsError> {
        let (service, operation) = action.split_once(':').unwrap_or(("", action));
        let mut context = Context { now, options: &self.options, ids: &mut self.ids, effects: &mut self.effects };
        match service {
            "s3" => self.s3.call(&context, operation, params),
            "dynamodb" => self.dynamodb.call(&context, operation, params),
            "sns" => self.sns.call(&mut context, operation, params),
            "events" => events::call(&mut context, operation, params),
            "secretsmanager" => self.secrets.call(&mut context, operation, params),
            "apigateway" | "execute-api" => self.apis.call(operation, params),
            _ => Err(not_simulated(action)),
        }
    }

    /// What is to be done outside, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The objects, for readers and writers of whole data sets.
    #[must_use]
    pub fn s3(&self) -> &S3 {
        &self.s3
    }

    /// The ARN that a call's permission is about; `None` when it is about no single resource.
    #[must_use]
    pub fn resource_for(&self, action: &str, params: &Value) -> Option<String> {
        let (service, _) = action.split_once(':')?;
        let ServicesOptions { account_id, region, .. } = &self.options;
        let named = |key: &str| params.get_str(key);
        let local = |resource: String| format!("arn:aws:{service}:{region}:{account_id}:{resource}");
        match service {
            "s3" => {
                let bucket = named("Bucket")?;
                Some(
                    named("Key")
                        .map_or_else(|| format!("arn:aws:s3:::{bucket}"), |key| format!("arn:aws:s3:::{bucket}/{key}")),
                )
            }
            "dynamodb" => named("TableName").map(|name| match name.starts_with("arn:") {
                true => name.to_owned(),
                false => local(format!("table/{name}")),
            }),
            "sns" => named("TopicArn")
                .or_else(|| named("TargetArn"))
                .map(str::to_owned)
                .or_else(|| named("Name").map(|name| local(name.to_owned()))),
            "secretsmanager" => {
                named("SecretId").or_else(|| named("Name")).map(|name| match name.starts_with("arn:") {
                    true => name.to_owned(),
                    false => local(format!("secret:{name}")),
                })
            }
            "events" => {
                let bus =
                    params.get("Entries").and_then(|entries| entries[0].get_str("EventBusName")).unwrap_or("default");
                Some(if bus.starts_with("arn:") { bus.to_owned() } else { local(format!("event-bus/{bus}")) })
            }
            "execute-api" => {
                let api = named("ApiEndpoint")?.split('.').next().unwrap_or_default();
                let (stage, method) = (named("Stage").unwrap_or("*"), named("Method").unwrap_or("*"));
                let path = named("Path").unwrap_or_default().trim_start_matches('/');
                Some(local(format!("{api}/{stage}/{method}/{path}")))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use shared_json::json;

    pub(crate) fn services() -> Services {
        Services::new(ServicesOptions { account_id: "123456789012".into(), region: "us-east-1".into(), seed: 3 })
    }

    #[test]
    fn a_permission_is_about_what_the_call_names() {
        let cases = [
            ("s3:GetObject", json!({"Bucket": "b", "Key": "k/1"}), "arn:aws:s3:::b/k/1"),
            ("s3:ListBucket", json!({"Bucket": "b"}), "arn:aws:s3:::b"),
            ("dynamodb:GetItem", json!({"TableName": "t"}), "arn:aws:dynamodb:us-east-1:123456789012:table/t"),
            ("sns:Publish", json!({"TopicArn": "arn:aws:sns:us-east-1:1:t"}), "arn:aws:sns:us-east-1:1:t"),
            ("events:PutEvents", json!({"Entries": []}), "arn:aws:events:us-east-1:123456789012:event-bus/default"),
            (
                "execute-api:Invoke",
                json!({"ApiEndpoint": "abc.execute-api.us-east-1.amazonaws.com", "Method": "GET", "Stage": "v1", "Path": "/x"}),
                "arn:aws:execute-api:us-east-1:123456789012:abc/v1/GET/x",
            ),
        ];
        for (action, params, arn) in cases {
            assert_eq!(services().resource_for(action, &params).as_deref(), Some(arn));
        }
    }

    #[test]
    fn what_is_not_simulated_says_so() {
        let error = services().call(Timestamp::from_millis(0), "s3:PutBucketAcl", &json!({})).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("UnknownOperationException", "s3:PutBucketAcl is not simulated here.")
        );
    }
}
