//! One invocation, from its request to its end, as the page shows it.

use std::rc::Rc;

use mock_rules::Rule;
use serde::{Deserialize, Serialize};
use virtual_time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvocationStatus {
    /// Its environment is starting.
    Starting,
    Running,
    Succeeded,
    /// The handler failed or its process ended.
    Failed,
    TimedOut,
}

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvocationSource {
    /// A synchronous call, which waits for the result.
    Call {
        call: u64,
        log_tail: bool,
    },
    /// An asynchronous call; `attempt` counts from 1.
    Event {
        event: u64,
        attempt: u32,
    },
    Mapping {
        uuid: Rc<str>,
        batch: u64,
        message_ids: Vec<Rc<str>>,
    },
}

#[derive(Clone, Debug)]
pub struct Invocation {
    /// Counts up over all functions. Attempts of one asynchronous invocation share their request id, not this.
    pub id: u64,
    pub request_id: Rc<str>,
    pub function: Rc<str>,
    pub source: InvocationSource,
    /// JSON text.
    pub event: Rc<str>,
    pub environment: u64,
    pub cold: bool,
    pub status: InvocationStatus,
    pub accepted_at: Timestamp,
    /// The handler's first step.
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// The rule that answers it instead of the code.
    pub mock: Option<Rc<Rule>>,
    /// What the handler returned, as JSON text.
    pub result: Option<Rc<str>>,
    /// `{"errorType", "errorMessage", "trace"}` as JSON text, when it failed.
    pub error: Option<Rc<str>>,
    /// Its log lines with `START`, `END` and `REPORT`.
    pub log: Vec<Rc<str>>,
}

impl Invocation {
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.ended_at.is_some()
    }

    /// The mapping that read its messages.
    #[must_use]
    pub fn mapping(&self) -> Option<&Rc<str>> {
        if let InvocationSource::Mapping { uuid, .. } = &self.source { Some(uuid) } else { None }
    }

    /// The messages in its event.
    #[must_use]
    pub fn message_ids(&self) -> &[Rc<str>] {
        if let InvocationSource::Mapping { message_ids, .. } = &self.source { message_ids } else { &[] }
    }
}
