//! Who makes a call, and so whom its answer goes to.

use std::rc::Rc;

use sfn_engine::TaskId;

/// The maker of an API call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The person at the page or the command line: the account's root, allowed everything.
    Root,
    /// A Task state of an execution, with the state machine's role.
    Task { execution_arn: Rc<str>, state_name: Rc<str>, task: TaskId, role_arn: Rc<str> },
    /// A function's handler, with the function's role.
    Function { function_name: Rc<str>, request_id: Rc<str>, role_arn: Rc<str> },
    /// An event source mapping, with the function's role.
    Mapping { uuid: Rc<str>, function_name: Rc<str>, role_arn: Rc<str> },
    /// A Task of another account's execution that assumed a role of this one.
    Visitor { session_name: Rc<str>, role_arn: Rc<str> },
    /// A mock rule that answers a task token as a worker would.
    Mock { state_name: Rc<str> },
    /// A principal of another account that calls a queue of this one; both sides have allowed it.
    Foreign { principal_arn: Rc<str>, sender_id: Rc<str> },
    /// A topic that notifies a subscribed queue, as the service itself.
    Topic { topic_arn: Rc<str> },
}

impl Caller {
    /// The role whose policies decide; `None` for the root and for services.
    #[must_use]
    pub fn role_arn(&self) -> Option<&str> {
        match self {
            Caller::Root | Caller::Foreign { .. } | Caller::Topic { .. } | Caller::Mock { .. } => None,
            Caller::Visitor { role_arn, .. }
            | Caller::Task { role_arn, .. }
            | Caller::Function { role_arn, .. }
            | Caller::Mapping { role_arn, .. } => Some(role_arn),
        }
    }

    /// The name of the assumed role's session, as it stands in denial texts.
    #[must_use]
    pub fn session_name(&self) -> &str {
        match self {
            Caller::Root => "root",
            Caller::Task { execution_arn, .. } => execution_arn.rsplit(':').next().unwrap_or_default(),
            Caller::Function { function_name, .. } => function_name,
            Caller::Mapping { .. } => "awslambda_sqs_poller",
            Caller::Visitor { session_name, .. } => session_name,
            Caller::Mock { .. } => "mock",
            Caller::Foreign { principal_arn, .. } => principal_arn.rsplit('/').next().unwrap_or_default(),
            Caller::Topic { .. } => "sns.amazonaws.com",
        }
    }
}
