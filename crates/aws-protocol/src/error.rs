//! Errors as AWS answers them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An error as an AWS API answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsError {
    /// The error's code as the SDKs name it: `QueueDoesNotExist`, `TaskTimedOut`, `AccessDeniedException`.
    pub code: String,
    pub message: String,
    pub http_status: u16,
    /// The error's member `Reason`, of the few that have one: why Lambda throttled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl AwsError {
    /// A client's mistake: HTTP 400.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        AwsError { code: code.into(), message: message.into(), http_status: 400, reason: None }
    }

    #[must_use]
    pub fn with_status(mut self, http_status: u16) -> Self {
        self.http_status = http_status;
        self
    }

    #[must_use]
    pub fn with_reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for AwsError {}
