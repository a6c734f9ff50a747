//! Which events a Task writes: `Task…`, `LambdaFunction…` or `Activity…`, by its resource.

use std::rc::Rc;

use asl::{Resource, Service};
use sfn_history::{ErrorOutput, EventDetails as E, TaskResource, TaskScheduled};
use shared_json::Value;

use crate::input::TaskRequest;

#[derive(Clone, Debug)]
pub(crate) enum TaskEvents {
    LambdaFunction,
    Activity,
    Task(TaskResource),
}

impl TaskEvents {
    pub(crate) fn of(resource: &Resource) -> TaskEvents {
        match resource.service {
            Service::LambdaFunction => TaskEvents::LambdaFunction,
            Service::Activity => TaskEvents::Activity,
            Service::AwsSdk(_) | Service::Optimized(_) | Service::Placeholder => TaskEvents::Task(TaskResource {
                resource_type: resource.resource_type().into(),
                resource: resource.resource().into(),
            }),
        }
    }

    pub(crate) fn scheduled(&self, request: &TaskRequest, region: &Rc<str>) -> E {
        let (input, timeout_in_seconds) = (request.parameters.clone(), request.timeout_seconds);
        let (resource, heartbeat_in_seconds) = (request.resource.text.clone(), request.heartbeat_seconds);
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionScheduled { resource, input, timeout_in_seconds },
            TaskEvents::Activity => E::ActivityScheduled { resource, input, timeout_in_seconds, heartbeat_in_seconds },
            TaskEvents::Task(task) => E::TaskScheduled(Box::new(TaskScheduled {
                task: task.clone(),
                region: Rc::clone(region),
                parameters: input,
                timeout_in_seconds,
                heartbeat_in_seconds,
                credentials_role_arn: request.credentials_role_arn.clone(),
            })),
        }
    }

    pub(crate) fn started(&self, worker_name: Option<Rc<str>>) -> E {
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionStarted,
            TaskEvents::Activity => E::ActivityStarted { worker_name },
            TaskEvents::Task(task) => E::TaskStarted(task.clone()),
        }
    }

    pub(crate) fn start_failed(&self, error: ErrorOutput) -> E {
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionStartFailed(error),
            TaskEvents::Activity => E::ActivityScheduleFailed(error),
            TaskEvents::Task(task) => E::TaskStartFailed(task.clone(), error),
        }
    }

    /// Only services take requests and go on waiting.
    pub(crate) fn submitted(&self, output: Value) -> Option<E> {
        match self {
            TaskEvents::LambdaFunction | TaskEvents::Activity => None,
            TaskEvents::Task(task) => Some(E::TaskSubmitted(task.clone(), output)),
        }
    }

    pub(crate) fn submit_failed(&self, error: ErrorOutput) -> E {
        match self {
            TaskEvents::LambdaFunction | TaskEvents::Activity => self.failed(error),
            TaskEvents::Task(task) => E::TaskSubmitFailed(task.clone(), error),
        }
    }

    pub(crate) fn succeeded(&self, output: Value) -> E {
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionSucceeded { output },
            TaskEvents::Activity => E::ActivitySucceeded { output },
            TaskEvents::Task(task) => E::TaskSucceeded(task.clone(), output),
        }
    }

    pub(crate) fn failed(&self, error: ErrorOutput) -> E {
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionFailed(error),
            TaskEvents::Activity => E::ActivityFailed(error),
            TaskEvents::Task(task) => E::TaskFailed(task.clone(), error),
        }
    }

    pub(crate) fn timed_out(&self, error: ErrorOutput) -> E {
        match self {
            TaskEvents::LambdaFunction => E::LambdaFunctionTimedOut(error),
            TaskEvents::Activity => E::ActivityTimedOut(error),
            TaskEvents::Task(task) => E::TaskTimedOut(task.clone(), error),
        }
    }

    /// The name in `The state/task '…' returned a result with a size exceeding …`.
    pub(crate) fn limit_name(&self, resource: &Resource) -> Rc<str> {
        match self {
            TaskEvents::LambdaFunction | TaskEvents::Activity => Rc::clone(&resource.text),
            TaskEvents::Task(task) => Rc::clone(&task.resource_type),
        }
    }
}
