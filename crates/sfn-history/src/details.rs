//! What each type of event holds.

use std::rc::Rc;

use shared_json::{Object, Value, json};

/// The error name and cause that Retry and Catch read. Either may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorOutput {
    pub error: Option<Rc<str>>,
    pub cause: Option<Rc<str>>,
}

impl ErrorOutput {
    #[must_use]
    pub fn new(error: impl AsRef<str>, cause: impl AsRef<str>) -> ErrorOutput {
        ErrorOutput { error: Some(Rc::from(error.as_ref())), cause: Some(Rc::from(cause.as_ref())) }
    }

    /// A name without a cause, as timeouts have.
    #[must_use]
    pub fn named(error: impl AsRef<str>) -> ErrorOutput {
        ErrorOutput { error: Some(Rc::from(error.as_ref())), cause: None }
    }

    /// What a Catcher hands on: `{"Error": …, "Cause": …}`, null for what is absent.
    #[must_use]
    pub fn to_value(&self) -> Value {
        json!({"Error": Value::from(self.error.clone()), "Cause": Value::from(self.cause.clone())})
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateType {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

/// What a Task calls, as events name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskResource {
    /// `sqs`, `lambda`, `aws-sdk:s3`
    pub resource_type: Rc<str>,
    /// `sendMessage.waitForTaskToken`
    pub resource: Rc<str>,
}

/// A Task's request as its event tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskScheduled {
    pub task: TaskResource,
    pub region: Rc<str>,
    pub parameters: Value,
    pub timeout_in_seconds: Option<u64>,
    pub heartbeat_in_seconds: Option<u64>,
    /// The role the Task assumes.
    pub credentials_role_arn: Option<Rc<str>>,
}

/// The type of an event with everything it holds.
#[derive(Clone, Debug, PartialEq)]
pub enum EventDetails {
    /// `input` with the white space it was given with.
    ExecutionStarted {
        input: Rc<str>,
        role_arn: Rc<str>,
    },
    ExecutionSucceeded {
        output: Value,
    },
    ExecutionFailed(ErrorOutput),
    ExecutionAborted(ErrorOutput),
    ExecutionTimedOut(ErrorOutput),
    StateEntered {
        state_type: StateType,
        name: Rc<str>,
        input: Value,
    },
    /// A Fail state has no such event.
    StateExited {
        state_type: StateType,
        name: Rc<str>,
        output: Value,
        /// The variables that the state assigned; an object behind a pointer, for most states assign none.
        assigned_variables: Option<Rc<Object>>,
    },
    TaskScheduled(Box<TaskScheduled>),
    TaskStarted(TaskResource),
    TaskStartFailed(TaskResource, ErrorOutput),
    TaskSubmitted(TaskResource, Value),
    TaskSubmitFailed(TaskResource, ErrorOutput),
    TaskSucceeded(TaskResource, Value),
    TaskFailed(TaskResource, ErrorOutput),
    TaskTimedOut(TaskResource, ErrorOutput),
    LambdaFunctionScheduled {
        resource: Rc<str>,
        input: Value,
        timeout_in_seconds: Option<u64>,
    },
    LambdaFunctionScheduleFailed(ErrorOutput),
    LambdaFunctionStarted,
    LambdaFunctionStartFailed(ErrorOutput),
    LambdaFunctionSucceeded {
        output: Value,
    },
    LambdaFunctionFailed(ErrorOutput),
    LambdaFunctionTimedOut(ErrorOutput),
    ActivityScheduled {
        resource: Rc<str>,
        input: Value,
        timeout_in_seconds: Option<u64>,
        heartbeat_in_seconds: Option<u64>,
    },
    ActivityScheduleFailed(ErrorOutput),
    ActivityStarted {
        worker_name: Option<Rc<str>>,
    },
    ActivitySucceeded {
        output: Value,
    },
    ActivityFailed(ErrorOutput),
    ActivityTimedOut(ErrorOutput),
    TaskStateAborted,
    WaitStateAborted,
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    ParallelStateAborted,
    MapStateStarted {
        length: u64,
    },
    MapStateSucceeded,
    MapStateFailed,
    MapStateAborted,
    /// `name` is the Map state's, `index` counts from 0.
    MapIterationStarted {
        name: Rc<str>,
        index: u64,
    },
    MapIterationSucceeded {
        name: Rc<str>,
        index: u64,
    },
    MapIterationFailed {
        name: Rc<str>,
        index: u64,
    },
    MapIterationAborted {
        name: Rc<str>,
        index: u64,
    },
    MapRunStarted {
        map_run_arn: Rc<str>,
    },
    MapRunSucceeded,
    MapRunFailed(ErrorOutput),
    MapRunAborted,
    MapRunRedriven {
        map_run_arn: Rc<str>,
        redrive_count: u64,
    },
    ExecutionRedriven {
        redrive_count: u64,
    },
    EvaluationFailed {
        error: ErrorOutput,
        /// The field: `Arguments/FunctionName`.
        location: Option<Rc<str>>,
        state: Rc<str>,
    },
}

impl EventDetails {
    /// AWS's name of the type.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        use EventDetails as E;
        match self {
            E::ExecutionStarted { .. } => "ExecutionStarted",
            E::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            E::ExecutionFailed(_) => "ExecutionFailed",
            E::ExecutionAborted(_) => "ExecutionAborted",
            E::ExecutionTimedOut(_) => "ExecutionTimedOut",
            E::StateEntered { state_type, .. } => state_type.entered(),
            E::StateExited { state_type, .. } => state_type.exited(),
            E::TaskScheduled(_) => "TaskScheduled",
            E::TaskStarted(_) => "TaskStarted",
            E::TaskStartFailed(..) => "TaskStartFailed",
            E::TaskSubmitted(..) => "TaskSubmitted",
            E::TaskSubmitFailed(..) => "TaskSubmitFailed",
            E::TaskSucceeded(..) => "TaskSucceeded",
            E::TaskFailed(..) => "TaskFailed",
            E::TaskTimedOut(..) => "TaskTimedOut",
            E::LambdaFunctionScheduled { .. } => "LambdaFunctionScheduled",
            E::LambdaFunctionScheduleFailed(_) => "LambdaFunctionScheduleFailed",
            E::LambdaFunctionStarted => "LambdaFunctionStarted",
            E::LambdaFunctionStartFailed(_) => "LambdaFunctionStartFailed",
            E::LambdaFunctionSucceeded { .. } => "LambdaFunctionSucceeded",
            E::LambdaFunctionFailed(_) => "LambdaFunctionFailed",
            E::LambdaFunctionTimedOut(_) => "LambdaFunctionTimedOut",
            E::ActivityScheduled { .. } => "ActivityScheduled",
            E::ActivityScheduleFailed(_) => "ActivityScheduleFailed",
            E::ActivityStarted { .. } => "ActivityStarted",
            E::ActivitySucceeded { .. } => "ActivitySucceeded",
            E::ActivityFailed(_) => "ActivityFailed",
            E::ActivityTimedOut(_) => "ActivityTimedOut",
            E::TaskStateAborted => "TaskStateAborted",
            E::WaitStateAborted => "WaitStateAborted",
            E::ParallelStateStarted => "ParallelStateStarted",
            E::ParallelStateSucceeded => "ParallelStateSucceeded",
            E::ParallelStateFailed => "ParallelStateFailed",
            E::ParallelStateAborted => "ParallelStateAborted",
            E::MapStateStarted { .. } => "MapStateStarted",
            E::MapStateSucceeded => "MapStateSucceeded",
            E::MapStateFailed => "MapStateFailed",
            E::MapStateAborted => "MapStateAborted",
            E::MapIterationStarted { .. } => "MapIterationStarted",
            E::MapIterationSucceeded { .. } => "MapIterationSucceeded",
            E::MapIterationFailed { .. } => "MapIterationFailed",
            E::MapIterationAborted { .. } => "MapIterationAborted",
            E::MapRunStarted { .. } => "MapRunStarted",
            E::MapRunSucceeded => "MapRunSucceeded",
            E::MapRunFailed(_) => "MapRunFailed",
            E::MapRunAborted => "MapRunAborted",
            E::MapRunRedriven { .. } => "MapRunRedriven",
            E::ExecutionRedriven { .. } => "ExecutionRedriven",
            E::EvaluationFailed { .. } => "EvaluationFailed",
        }
    }
}

impl StateType {
    pub(crate) const ALL: [StateType; 8] = [
        StateType::Task,
        StateType::Pass,
        StateType::Choice,
        StateType::Wait,
        StateType::Succeed,
        StateType::Fail,
        StateType::Parallel,
        StateType::Map,
    ];

    pub(crate) fn entered(self) -> &'static str {
        match self {
            StateType::Task => "TaskStateEntered",
            StateType::Pass => "PassStateEntered",
            StateType::Choice => "ChoiceStateEntered",
            StateType::Wait => "WaitStateEntered",
            StateType::Succeed => "SucceedStateEntered",
            StateType::Fail => "FailStateEntered",
            StateType::Parallel => "ParallelStateEntered",
            StateType::Map => "MapStateEntered",
        }
    }

    pub(crate) fn exited(self) -> &'static str {
        match self {
            StateType::Task => "TaskStateExited",
            StateType::Pass => "PassStateExited",
            StateType::Choice => "ChoiceStateExited",
            StateType::Wait => "WaitStateExited",
            StateType::Succeed => "SucceedStateExited",
            StateType::Fail => "FailStateExited",
            StateType::Parallel => "ParallelStateExited",
            StateType::Map => "MapStateExited",
        }
    }
}
