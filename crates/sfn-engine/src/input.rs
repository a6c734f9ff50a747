//! What an execution is told and what it asks for.

use std::rc::Rc;

use asl::Resource;
use sfn_history::ErrorOutput;
use shared_json::Value;

/// Unique in one execution. Every attempt of a Task has its own.
pub type TaskId = u64;

/// What happened. An answer for a task that is no longer waiting is ignored.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Start,
    /// The service was called.
    TaskStarted {
        task: TaskId,
    },
    /// A worker took the task of an activity.
    ActivityStarted {
        task: TaskId,
        worker_name: Option<Rc<str>>,
    },
    /// The service could not be called.
    TaskStartFailed {
        task: TaskId,
        error: ErrorOutput,
    },
    /// The service took the request; the Task goes on waiting (`.sync`, `.waitForTaskToken`).
    TaskSubmitted {
        task: TaskId,
        output: Value,
    },
    /// The service refused the request.
    TaskSubmitFailed {
        task: TaskId,
        error: ErrorOutput,
    },
    TaskSucceeded {
        task: TaskId,
        output: Value,
    },
    TaskFailed {
        task: TaskId,
        error: ErrorOutput,
    },
    TaskHeartbeat {
        task: TaskId,
    },
    /// StopExecution.
    Stop {
        error: Option<Rc<str>>,
        cause: Option<Rc<str>>,
    },
}

/// What the account has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    ScheduleTask(TaskRequest),
    /// Nobody waits for this task any more: it timed out, or the execution ended.
    CancelTask {
        task: TaskId,
    },
    /// The execution ended; nothing follows.
    Ended,
}

/// A Task's work.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRequest {
    pub task: TaskId,
    pub state_name: Rc<str>,
    /// 1 for the first attempt.
    pub attempt: u32,
    pub resource: Resource,
    pub parameters: Value,
    /// For `.waitForTaskToken` and activities.
    pub task_token: Option<Rc<str>>,
    pub timeout_seconds: Option<u64>,
    pub heartbeat_seconds: Option<u64>,
    /// The role that `Credentials` names.
    pub credentials_role_arn: Option<Rc<str>>,
}
