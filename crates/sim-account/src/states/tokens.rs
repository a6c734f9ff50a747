//! Task tokens: who waits behind each, and whether it may still be answered.

use std::collections::BTreeMap;
use std::rc::Rc;

use sfn_engine::TaskId;
use virtual_time::Timestamp;

/// Every token ever issued; a closed one answers `TaskTimedOut`.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    by_text: BTreeMap<Rc<str>, Token>,
    open: BTreeMap<(usize, TaskId), Rc<str>>,
}

#[derive(Debug)]
struct Token {
    execution: usize,
    task: TaskId,
    issued_at: Timestamp,
}

/// A token that somebody still has to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingCallback {
    pub token: Rc<str>,
    /// Index of the execution in `States::executions`.
    pub execution: usize,
    pub task: TaskId,
    pub issued_at: Timestamp,
}

impl Tokens {
    pub fn issue(&mut self, token: Rc<str>, execution: usize, task: TaskId, issued_at: Timestamp) {
        self.open.insert((execution, task), token.clone());
        self.by_text.insert(token, Token { execution, task, issued_at });
    }

    pub fn find(&self, token: &str) -> Option<(usize, TaskId)> {
        self.by_text.get(token).map(|t| (t.execution, t.task))
    }

    /// The token that was issued last for a task, answered or not.
    pub fn of_task(&self, execution: usize, task: TaskId) -> Option<Rc<str>> {
        if let Some(token) = self.open.get(&(execution, task)) {
            return Some(token.clone());
        }
        self.by_text.iter().find(|(_, t)| (t.execution, t.task) == (execution, task)).map(|(text, _)| text.clone())
    }

    pub fn is_open(&self, execution: usize, task: TaskId) -> bool {
        self.open.contains_key(&(execution, task))
    }

    pub fn close_task(&mut self, execution: usize, task: TaskId) {
        self.open.remove(&(execution, task));
    }

    pub fn close_execution(&mut self, execution: usize) {
        let tasks: Vec<_> = self.open.range((execution, 0)..(execution + 1, 0)).map(|(key, _)| *key).collect();
        for key in tasks {
            self.open.remove(&key);
        }
    }

    pub fn pending(&self) -> impl Iterator<Item = PendingCallback> {
        self.open.iter().filter_map(|((execution, task), token)| {
            let issued_at = self.by_text.get(token)?.issued_at;
            Some(PendingCallback { token: token.clone(), execution: *execution, task: *task, issued_at })
        })
    }
}
