//! What an execution is told and what it asks for.

use std::rc::Rc;

use asl::{ExecutionType, Level, ReaderConfig, Resource, Transformation, WriterOutputType};
use sfn_history::ErrorOutput;
use shared_json::{Array, Value};

use crate::context::MapItem;

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
    /// The items of a distributed Map's `ItemReader` are there.
    ItemsRead {
        task: TaskId,
        items: Rc<Array>,
    },
    /// RedriveExecution: an execution that failed, timed out or was stopped goes on.
    Redrive,
    /// StopExecution.
    Stop {
        error: Option<Rc<str>>,
        cause: Option<Rc<str>>,
    },
}

impl Input {
    /// The task that an answer is for.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Input::Start | Input::Redrive | Input::Stop { .. } => None,
            Input::TaskStarted { task }
            | Input::ActivityStarted { task, .. }
            | Input::TaskStartFailed { task, .. }
            | Input::TaskSubmitted { task, .. }
            | Input::TaskSubmitFailed { task, .. }
            | Input::TaskSucceeded { task, .. }
            | Input::TaskFailed { task, .. }
            | Input::TaskHeartbeat { task }
            | Input::ItemsRead { task, .. } => Some(*task),
        }
    }
}

/// What the account has to do.
#[derive(Clone, Debug)]
pub enum Effect {
    ScheduleTask(TaskRequest),
    /// Make a Map Run, and read its items if there is a reader.
    StartMapRun(Box<MapRunRequest>),
    /// Run a Map Run's children.
    StartChildren {
        task: TaskId,
        children: Vec<ChildInput>,
    },
    /// Run those of a Map Run's children again that did not succeed, and those that never began.
    RedriveMapRun {
        task: TaskId,
    },
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

/// A distributed Map's run: its children, and where their items come from and results go.
#[derive(Clone, Debug)]
pub struct MapRunRequest {
    /// Answered by [`Input::TaskSucceeded`] or [`Input::TaskFailed`].
    pub task: TaskId,
    pub map_run_arn: Rc<str>,
    pub state_name: Rc<str>,
    pub label: Option<Rc<str>>,
    pub execution_type: ExecutionType,
    /// What every child runs.
    pub processor: Rc<Level>,
    /// 0: no limit but AWS's own.
    pub max_concurrency: u64,
    pub tolerated_failure_count: Option<u64>,
    pub tolerated_failure_percentage: Option<f64>,
    pub reader: Option<ReadRequest>,
    pub writer: Option<WriteRequest>,
}

/// `ItemReader`, answered by [`Input::ItemsRead`] or [`Input::TaskFailed`].
#[derive(Clone, Debug)]
pub struct ReadRequest {
    pub resource: Rc<str>,
    pub arguments: Value,
    pub config: ReaderConfig,
}

/// `ResultWriter`
#[derive(Clone, Debug)]
pub struct WriteRequest {
    pub resource: Option<Rc<str>>,
    pub arguments: Value,
    pub output_type: WriterOutputType,
    pub transformation: Transformation,
}

/// One child of a Map Run.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildInput {
    pub input: Value,
    /// How many items it works on.
    pub items: usize,
    /// The item, when it works on just one.
    pub item: Option<Rc<MapItem>>,
}
