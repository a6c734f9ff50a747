//! What the account itself has promised to do later. Machines keep their own timers.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use sfn_engine::TaskId;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::tasks::MockStep;

/// Things to do, in the order of time and then of arrival.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    items: BTreeMap<(Timestamp, u64), Item>,
    arrivals: u64,
}

#[derive(Debug)]
pub(crate) enum Item {
    /// Tells an execution that its task has started.
    StartTask { execution: usize, task: TaskId },
    /// Makes the call that the task asks for.
    PerformTask { execution: usize, task: TaskId },
    /// A mock rule goes on.
    PerformMock { execution: usize, task: TaskId, state_name: Rc<str>, step: MockStep },
    /// Reads the items of a Map Run.
    ReadItems { execution: usize, task: TaskId },
    /// A handler's SDK call reaches its service.
    PerformFunctionCall { request: u64 },
    /// The answer reaches the handler.
    AnswerFunctionCall { request: u64, result: Result<Value, AwsError> },
}

impl Agenda {
    pub fn add(&mut self, at: Timestamp, item: Item) {
        self.items.insert((at, self.arrivals), item);
        self.arrivals += 1;
    }

    pub fn next_at(&self) -> Option<Timestamp> {
        self.items.first_key_value().map(|((at, _), _)| *at)
    }

    pub fn take_next(&mut self) -> Option<Item> {
        self.items.pop_first().map(|(_, item)| item)
    }
}
