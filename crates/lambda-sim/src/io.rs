//! What goes into the machine and what comes out. No behaviour.

use std::rc::Rc;

use aws_protocol::AwsError;
use aws_protocol::handler::{Command, Turn};
use serde::{Deserialize, Serialize};
use shared_json::Value;

use crate::trace::LambdaTrace;

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// An API action of Lambda, already authorized.
    ///
    /// `Invoke` takes its `Payload` as JSON text when it is a string, as the API does; any other value is the
    /// payload itself.
    Call { call: u64, action: String, params: Value, facts: CallFacts },
    /// The host ran an environment's last command.
    HostAnswer { environment: u64, turn: Turn },
    /// The answer to [`Effect::AwsRequest`].
    AwsAnswer { request: u64, result: Result<Value, AwsError> },
}

/// What the account knows of other services and an action here must respect. `None` is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CallFacts {
    /// The role exists and its trust policy names `lambda.amazonaws.com`.
    pub role_trusts_lambda: Option<bool>,
    /// The first of `ReceiveMessage`, `DeleteMessage`, `GetQueueAttributes` that the function's role may not call.
    pub missing_permission: Option<String>,
    pub queue_exists: Option<bool>,
    pub queue_visibility_seconds: Option<u64>,
    /// The first destination or dead-letter queue that is not there.
    pub lost_target: Option<String>,
    /// The first destination or dead-letter queue that the function's role may not send to.
    pub denied_target: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Answer {
        call: u64,
        result: Result<Value, AwsError>,
    },
    /// To be run by the host; the machine waits for [`Input::HostAnswer`] with virtual time standing still.
    HostCommand {
        environment: u64,
        /// Counts up in one environment, from 1.
        sequence: u64,
        command: Command,
    },
    /// An AWS action called as the function's role.
    AwsRequest {
        request: u64,
        role_arn: Rc<str>,
        /// The role's session name: the function's name.
        session_name: Rc<str>,
        /// With its service: `sqs:ReceiveMessage`.
        action: String,
        params: Value,
        origin: Origin,
    },
    /// Nobody waits for this answer any more, for example a long poll of a disabled mapping.
    CancelAwsRequest {
        request: u64,
    },
    Trace(LambdaTrace),
}

/// On whose behalf an AWS action is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    Mapping { uuid: Rc<str> },
    Invocation { request_id: Rc<str> },
}
