//! What the journal and the page hear of. Nothing reads these back.

use std::rc::Rc;

use serde::Serialize;

use crate::invocation::InvocationStatus;
use crate::mapping::MappingState;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "trace", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LambdaTrace {
    EnvironmentStarted {
        environment: u64,
        function: Rc<str>,
    },
    /// The host may forget the environment.
    EnvironmentEnded {
        environment: u64,
        function: Rc<str>,
        reason: &'static str,
    },
    /// An invocation was given to an environment.
    InvocationStarted {
        /// Names it in [`Functions::invocation`](crate::Functions::invocation).
        invocation: u64,
        request_id: Rc<str>,
        function: Rc<str>,
        environment: u64,
        cold: bool,
        /// The API call that waits for it.
        call: Option<u64>,
        mapping: Option<Rc<str>>,
        message_ids: Vec<Rc<str>>,
    },
    InvocationFinished {
        invocation: u64,
        request_id: Rc<str>,
        function: Rc<str>,
        status: InvocationStatus,
    },
    /// One line of the function's log.
    Log {
        function: Rc<str>,
        /// `None` while code is being loaded.
        request_id: Option<Rc<str>>,
        line: Rc<str>,
    },
    MappingState {
        uuid: Rc<str>,
        /// `None`: the mapping is deleted.
        state: Option<MappingState>,
    },
    /// A mapping's `LastProcessingResult` changed.
    MappingResult {
        uuid: Rc<str>,
        result: Rc<str>,
    },
    /// A mapping's filters held messages back; they are deleted.
    Filtered {
        uuid: Rc<str>,
        message_ids: Vec<Rc<str>>,
    },
    /// An asynchronous invocation was given up, or its record could not be delivered.
    EventEnded {
        function: Rc<str>,
        request_id: Rc<str>,
        /// `RetriesExhausted`, `EventAgeExceeded`, `ZeroReservedConcurrency`, or the problem with a destination.
        condition: Rc<str>,
    },
    /// A person broke something: `crash` or `throttle`.
    Fault {
        function: Rc<str>,
        fault: &'static str,
    },
    /// Concurrency was used up; the request was refused or will be tried again.
    Throttled {
        function: Rc<str>,
    },
    /// A handler did something that AWS treats differently.
    Notice {
        function: Rc<str>,
        request_id: Option<Rc<str>>,
        code: String,
        message: String,
    },
}
