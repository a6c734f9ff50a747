//! Nested executions: a Task with `.sync` waits for the execution that it started.

use std::collections::BTreeMap;

use asl::Pattern;
use sfn_engine::{Input, Status, TaskId, TaskRequest};
use shared_json::{Value, json};

use super::{answer, task_caller};
use crate::Account;

/// Which executions have a Task waiting for their end.
#[derive(Debug, Default)]
pub(crate) struct Nested {
    /// By the child's ARN.
    waiting: BTreeMap<String, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    parent: usize,
    open: TaskRequest,
}

impl Account {
    pub(super) fn watch_nested(&mut self, child: &str, parent: usize, open: &TaskRequest) {
        self.nested.waiting.insert(child.to_owned(), Waiting { parent, open: open.clone() });
    }

    /// An execution ended: the Task that waits for it goes on.
    pub(super) fn nested_ended(&mut self, execution: usize) {
        let Some(arn) = self.states.executions().get(execution).map(|record| record.arn.clone()) else { return };
        if self.nested.waiting.contains_key(&*arn) {
            let asked = json!({"executionArn": &*arn});
            let described = self.call_states_at_once("DescribeExecution", &asked).unwrap_or_default();
            self.nested_described(&arn, &described);
        }
    }

    /// The children that somebody waits for.
    pub(crate) fn nested_children(&self) -> Vec<String> {
        self.nested.waiting.keys().cloned().collect()
    }

    /// A child has ended as described.
    pub(crate) fn nested_described(&mut self, arn: &str, described: &Value) {
        let Some(Waiting { parent, open }) = self.nested.waiting.remove(arn) else { return };
        if self.states.task(parent, open.task).is_some() {
            self.end_task(parent, open.task, described, open.resource.pattern);
        }
    }

    fn end_task(&mut self, parent: usize, task: TaskId, described: &Value, pattern: Pattern) {
        match answer::nested(described, pattern) {
            Ok(output) => {
                self.states.close_task(parent, task);
                self.states.handle(parent, self.now, Input::TaskSucceeded { task, output });
            }
            Err(error) => self.states.fail_task(parent, task, self.now, error),
        }
    }

    /// Whoever waits no more stops what it started: a Task that timed out or was cancelled, an execution that did not
    /// succeed. A Task whose token was answered leaves its child alone.
    pub(super) fn stop_nested_of(&mut self, parent: usize, task: Option<TaskId>) {
        let of_parent =
            |waiting: &Waiting| waiting.parent == parent && task.is_none_or(|task| waiting.open.task == task);
        let children: Vec<String> =
            self.nested.waiting.iter().filter(|(_, waiting)| of_parent(waiting)).map(|(arn, _)| arn.clone()).collect();
        for arn in children {
            let Some(waiting) = self.nested.waiting.remove(&arn) else { continue };
            let Some(record) = self.states.executions().get(parent) else { continue };
            if task.is_none() && record.execution.status() == Status::Succeeded {
                continue;
            }
            let caller = task_caller(record, &waiting.open);
            let params = json!({"executionArn": arn});
            match &waiting.open.credentials_role_arn {
                // Nobody waits for the answer.
                Some(role_arn) => drop(self.call_as(caller, role_arn, "states:StopExecution", params)),
                None => drop(self.dispatch(caller, "states:StopExecution", params, None)),
            }
        }
    }
}
