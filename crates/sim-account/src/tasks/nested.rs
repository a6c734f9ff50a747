//! Nested executions: a Task with `.sync` waits for the execution that it started.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use asl::Pattern;
use sfn_engine::{Input, Status, TaskId, TaskRequest};
use shared_json::{Value, json};

use super::{answer, task_caller};
use crate::Account;

/// Which Tasks wait for the end of which execution. Several may wait for one: starting it again is the same start.
#[derive(Debug, Default)]
pub(crate) struct Nested {
    /// By parent and task.
    waiting: BTreeMap<(usize, TaskId), Waiting>,
    /// Who waits, by the child's ARN.
    children: BTreeMap<Rc<str>, BTreeSet<(usize, TaskId)>>,
}

#[derive(Debug)]
struct Waiting {
    child: Rc<str>,
    open: TaskRequest,
}

impl Nested {
    fn remove(&mut self, key: (usize, TaskId)) -> Option<Waiting> {
        let waiting = self.waiting.remove(&key)?;
        if let Some(keys) = self.children.get_mut(&waiting.child) {
            keys.remove(&key);
            if keys.is_empty() {
                self.children.remove(&waiting.child);
            }
        }
        Some(waiting)
    }

    /// The tasks of a parent that wait: one of them, or all.
    fn keys_of(&self, parent: usize, task: Option<TaskId>) -> Vec<(usize, TaskId)> {
        match task {
            Some(task) => vec![(parent, task)],
            None => self.waiting.range((parent, 0)..(parent + 1, 0)).map(|(key, _)| *key).collect(),
        }
    }
}

impl Account {
    pub(super) fn watch_nested(&mut self, child: &str, parent: usize, open: &TaskRequest) {
        let child: Rc<str> = child.into();
        let key = (parent, open.task);
        self.nested.children.entry(Rc::clone(&child)).or_default().insert(key);
        self.nested.waiting.insert(key, Waiting { child, open: open.clone() });
    }

    /// An execution ended: the Tasks that wait for it go on.
    pub(super) fn nested_ended(&mut self, execution: usize) {
        let Some(arn) = self.states.executions().get(execution).map(|record| record.arn.clone()) else { return };
        if self.nested.children.contains_key(&arn) {
            let asked = json!({"executionArn": &*arn});
            let described = self.call_states_at_once("DescribeExecution", &asked).unwrap_or_default();
            self.nested_described(&arn, &described);
        }
    }

    /// The children that somebody waits for.
    pub(crate) fn nested_children(&self) -> Vec<Rc<str>> {
        self.nested.children.keys().cloned().collect()
    }

    /// A child has ended as described.
    pub(crate) fn nested_described(&mut self, arn: &str, described: &Value) {
        let Some(keys) = self.nested.children.get(arn).cloned() else { return };
        for (parent, task) in keys {
            let Some(Waiting { open, .. }) = self.nested.remove((parent, task)) else { continue };
            if self.states.task(parent, task).is_some() {
                self.end_task(parent, task, described, open.resource.pattern);
            }
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
        for key in self.nested.keys_of(parent, task) {
            let Some(waiting) = self.nested.remove(key) else { continue };
            let Some(record) = self.states.executions().get(parent) else { continue };
            if task.is_none() && record.execution.status() == Status::Succeeded {
                continue;
            }
            let caller = task_caller(record, &waiting.open);
            let params = json!({"executionArn": &*waiting.child});
            match &waiting.open.credentials_role_arn {
                // Nobody waits for the answer.
                Some(role_arn) => drop(self.call_as(caller, role_arn, "states:StopExecution", params)),
                None => drop(self.dispatch(caller, "states:StopExecution", params, None)),
            }
        }
    }
}
