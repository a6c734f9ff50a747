//! Between an execution's tasks and the services: what a Task's `Resource` calls, with which parameters, and
//! how the service's answer or refusal reads in the execution's history.

mod answer;
mod mocked;
mod nested;
mod refusal;
mod request;

use sfn_engine::{ErrorOutput, Input, TaskId, TaskRequest};
use shared_json::Value;

use crate::agenda::Item;
use crate::permissions::assume;
use crate::states::States;
use crate::{Account, Caller};
use aws_protocol::AwsError;
pub(crate) use mocked::MockStep;
pub(crate) use nested::Nested;

impl Account {
    pub(crate) fn carry_execution_effect(&mut self, (execution, effect): (usize, sfn_engine::Effect)) {
        use sfn_engine::Effect;
        match effect {
            Effect::ScheduleTask(request) => {
                let at = self.now + self.options.latencies.task_start;
                self.agenda.add(at, Item::StartTask { execution, task: request.task });
            }
            Effect::StartMapRun(request) => self.start_map_run(execution, *request),
            Effect::RedriveMapRun { task } => self.redrive_map_run(execution, task),
            Effect::StartChildren { task, children } => self.start_children(execution, task, children),
            Effect::CancelTask { task } => {
                self.stop_nested_of(execution, Some(task));
                self.abort_map_run(execution, task);
            }
            Effect::Ended => {
                self.nested_ended(execution);
                self.stop_nested_of(execution, None);
                self.child_of_map_run_ended(execution);
            }
        }
    }

    pub(crate) fn start_task(&mut self, execution: usize, task: TaskId) {
        if self.states.task(execution, task).is_some() {
            self.states.handle(execution, self.now, Input::TaskStarted { task });
            let at = self.now + self.options.latencies.service_call;
            self.agenda.add(at, Item::PerformTask { execution, task });
        }
    }

    pub(crate) fn perform_task(&mut self, execution: usize, task: TaskId) {
        let Some(open) = self.states.task(execution, task).cloned() else { return };
        let Some(record) = self.states.executions().get(execution) else { return };
        let caller = task_caller(record, &open);
        let withdrawn = self.role_withdrawn(record);
        if self.perform_mocked(execution, &open) {
            return;
        }
        if let Some(error) = withdrawn {
            return self.states.fail_task(execution, task, self.now, error);
        }
        match request::build(&open) {
            Ok((action, params)) => match &open.credentials_role_arn {
                Some(role_arn) => {
                    if let Err(error) = self.call_as(caller, role_arn, &action, params) {
                        self.states.fail_task(execution, task, self.now, error);
                    }
                }
                None => {
                    self.dispatch(caller, &action, params, None);
                }
            },
            Err(error) => self.states.fail_task(execution, task, self.now, error),
        }
    }

    /// The error of a Task whose execution's role no longer lets Step Functions assume it. The words are those of
    /// CreateStateMachine; how AWS's history words it is guessed.
    fn role_withdrawn(&self, record: &crate::ExecutionRecord) -> Option<ErrorOutput> {
        let machine_arn = &record.state_machine_arn;
        let may = assume::service_may_assume(self, "states.amazonaws.com", &record.role_arn, machine_arn);
        (!may).then(|| ErrorOutput::new("States.TaskFailed", assume::NOT_BY_STATES))
    }

    /// The service answered the call of a task.
    pub(crate) fn answer_task(&mut self, execution_arn: &str, task: TaskId, result: Result<Value, AwsError>) {
        let Some(execution) = self.states.execution_index(execution_arn) else { return };
        if let Some(arn) = self.states.map_run_of_task(execution, task) {
            return self.answer_map_run(&arn, result);
        }
        let Some(open) = self.states.task(execution, task).cloned() else { return };
        let request_id = self.random.uuid();
        let waits = !matches!(open.resource.pattern, asl::Pattern::RequestResponse);
        let child = result.as_ref().ok().and_then(|answer| answer.get_str("executionArn")).map(str::to_owned);
        let reading = answer::Reading {
            resource: &open.resource,
            state_name: &open.state_name,
            request_id: &request_id,
            now: self.now,
        };
        match answer::read(&reading, result) {
            Ok(output) if waits => {
                self.states.handle(execution, self.now, Input::TaskSubmitted { task, output });
                if let (asl::Pattern::Sync | asl::Pattern::Sync2, Some(child)) = (open.resource.pattern, child) {
                    self.watch_nested(&child, execution, &open);
                }
            }
            Ok(output) => {
                self.states.close_task(execution, task);
                self.states.handle(execution, self.now, Input::TaskSucceeded { task, output });
            }
            Err(error) => self.states.fail_task(execution, task, self.now, error),
        }
    }
}

/// A Task calls as its execution's role.
fn task_caller(record: &crate::ExecutionRecord, open: &TaskRequest) -> Caller {
    Caller::Task {
        execution_arn: record.arn.clone(),
        state_name: open.state_name.clone(),
        task: open.task,
        role_arn: record.role_arn.clone(),
    }
}

impl States {
    fn fail_task(&mut self, execution: usize, task: TaskId, now: virtual_time::Timestamp, error: ErrorOutput) {
        self.close_task(execution, task);
        self.handle(execution, now, Input::TaskFailed { task, error });
    }
}
