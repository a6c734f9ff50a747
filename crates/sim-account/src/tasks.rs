//! Between an execution's tasks and the services: what a Task's `Resource` calls, with which parameters, and
//! how the service's answer or refusal reads in the execution's history.

mod answer;
mod request;

use sfn_engine::{ErrorOutput, Input, TaskId};
use shared_json::Value;

use crate::agenda::Item;
use crate::states::States;
use crate::{Account, Caller};
use aws_protocol::AwsError;

impl Account {
    pub(crate) fn carry_execution_effect(&mut self, (execution, effect): (usize, sfn_engine::Effect)) {
        use sfn_engine::Effect;
        match effect {
            Effect::ScheduleTask(request) => {
                let at = self.now + self.options.latencies.task_start;
                self.agenda.add(at, Item::StartTask { execution, task: request.task });
            }
            Effect::StartMapRun(request) => self.start_map_run(execution, *request),
            Effect::StartChildren { task, children } => self.start_children(execution, task, children),
            Effect::CancelTask { task } => self.abort_map_run(execution, task),
            Effect::Ended => {
                self.test_ended(execution);
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
        let Some(open) = self.states.task(execution, task) else { return };
        let open = open.clone();
        let record = &self.states.executions()[execution];
        let caller = Caller::Task {
            execution_arn: record.arn.clone(),
            state_name: open.state_name.clone(),
            task,
            role_arn: record.role_arn.clone(),
        };
        match request::build(&open) {
            Ok((action, params)) => {
                self.dispatch(caller, &action, params, None);
            }
            Err(error) => self.states.fail_task(execution, task, self.now, error),
        }
    }

    /// The service answered the call of a task.
    pub(crate) fn answer_task(&mut self, execution_arn: &str, task: TaskId, result: Result<Value, AwsError>) {
        let Some(execution) = self.states.execution_index(execution_arn) else { return };
        if let Some(arn) = self.states.map_run_of_task(execution, task) {
            return self.answer_map_run(&arn, result);
        }
        let Some(open) = self.states.task(execution, task).cloned() else { return };
        let request_id = self.random.uuid();
        match answer::read(&open.resource, result, &request_id, self.now) {
            Ok(output) if open.task_token.is_some() => {
                self.states.handle(execution, self.now, Input::TaskSubmitted { task, output });
            }
            Ok(output) => {
                self.states.close_task(execution, task);
                self.states.handle(execution, self.now, Input::TaskSucceeded { task, output });
            }
            Err(error) => self.states.fail_task(execution, task, self.now, error),
        }
    }
}

impl States {
    fn fail_task(&mut self, execution: usize, task: TaskId, now: virtual_time::Timestamp, error: ErrorOutput) {
        self.close_task(execution, task);
        self.handle(execution, now, Input::TaskFailed { task, error });
    }
}
