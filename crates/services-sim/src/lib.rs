//! The services that workflows call besides queues and functions, each as small as its callers need: S3, DynamoDB,
//! SNS, EventBridge, API Gateway endpoints and Secrets Manager.
//!
//! [`Services`] is a sans-IO machine: calls go in by action name with the JSON that the AWS SDKs speak, answers come
//! back at once, and what must go on to queues comes out as an [`Effect`]. Nothing here reads a clock, knows who may
//! do what (callers ask [`Services::resource_for`] and decide), or knows that workflows exist.
//!
//! ```
//! use services_sim::{Services, ServicesOptions};
//! use shared_json::json;
//! use virtual_time::Timestamp;
//!
//! let mut services = Services::new(ServicesOptions {
//!     account_id: "123456789012".into(),
//!     region: "us-east-1".into(),
//!     seed: 1,
//! });
//! let now = Timestamp::from_millis(0);
//! services.call(now, "s3:CreateBucket", &json!({"Bucket": "parcels"})).unwrap();
//! services.call(now, "s3:PutObject", &json!({"Bucket": "parcels", "Key": "a.txt", "Body": "hi"})).unwrap();
//! let got = services.call(now, "s3:GetObject", &json!({"Bucket": "parcels", "Key": "a.txt"})).unwrap();
//! assert_eq!(got.get_str("Body"), Some("hi"));
//! ```

mod api_gateway;
mod dynamodb;
mod events;
mod hashes;
mod params;
mod s3;
mod secrets;
mod services;
mod sns;

pub use s3::{Bucket, Object, S3};
pub use services::{Effect, Services, ServicesOptions};
