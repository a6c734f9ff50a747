//! The context object: `$$` in JSONPath, `$states.context` in JSONata.
//!
//! Few states read it, so it is put together when one does.

use std::cell::OnceCell;
use std::rc::Rc;

use shared_json::{Value, json};
use states_query::ContextObject;
use virtual_time::Timestamp;

use crate::execution::ExecutionStart;

/// The parts that stay the same for the whole execution.
#[must_use]
pub(crate) fn base(start: &ExecutionStart, input: &Value, start_date: Timestamp) -> Value {
    if let Some(context) = &start.context {
        return context.clone();
    }
    let execution = Value::object([
        ("Id", Value::from(start.execution_arn.clone())),
        ("Input", input.clone()),
        ("StartTime", Value::from(start_date.to_rfc3339())),
        ("Name", Value::from(start.name.clone())),
        ("RoleArn", Value::from(start.role_arn.clone())),
        ("RedriveCount", Value::from(0)),
    ]);
    let state_machine = json!({"Id": &*start.state_machine_arn, "Name": &*start.state_machine_name});
    Value::object([("Execution", execution), ("StateMachine", state_machine)])
}

/// After a redrive: how often, and when the newest one was.
pub(crate) fn redriven(base: &Value, count: u64, at: Timestamp) -> Value {
    let Some(execution) = base.get("Execution") else { return base.clone() };
    let execution = execution.with("RedriveCount", Value::from(count)).with("RedriveTime", at.to_rfc3339().into());
    base.with("Execution", execution)
}

/// An item that a Map state hands to an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct MapItem {
    pub index: u64,
    pub value: Value,
}

/// The context object of one state.
#[derive(Debug, Default)]
pub(crate) struct Context {
    made: OnceCell<Value>,
    pub(crate) base: Value,
    pub(crate) state_name: Rc<str>,
    pub(crate) entered_at: Timestamp,
    /// Only Task states, Parallels and Maps have one.
    pub(crate) retry_count: Option<u32>,
    pub(crate) token: Option<Rc<str>>,
    pub(crate) item: Option<Rc<MapItem>>,
    /// The base is complete: it was given from outside (TestState), or is a Map's own.
    pub(crate) fixed: bool,
}

impl Context {
    /// The context of an execution in no state yet.
    pub(crate) fn new(base: Value, fixed: bool) -> Context {
        Context { base, fixed, ..Context::default() }
    }

    pub(crate) fn enter(
        &mut self,
        state_name: Rc<str>,
        entered_at: Timestamp,
        retry_count: Option<u32>,
        item: Option<&Rc<MapItem>>,
    ) {
        self.made.take();
        self.state_name = state_name;
        self.entered_at = entered_at;
        self.retry_count = retry_count;
        self.token = None;
        self.item = item.cloned();
    }

    pub(crate) fn set_token(&mut self, token: Option<Rc<str>>) {
        self.token = token;
        self.made.take();
    }

    pub(crate) fn set_retry_count(&mut self, count: u32) {
        self.retry_count = self.retry_count.map(|_| count);
        self.made.take();
    }

    /// The same state's context with an item of its Map. What the items share is put together once.
    pub(crate) fn with_item(&self, item: Rc<MapItem>) -> Context {
        let base = self.context().clone();
        Context { base, item: Some(item), fixed: true, ..Context::default() }
    }

    fn make(&self) -> Value {
        let mut context = self.base.clone();
        if !self.fixed {
            let entered_time = Value::from(self.entered_at.to_rfc3339());
            let mut state = vec![("Name", Value::from(Rc::clone(&self.state_name))), ("EnteredTime", entered_time)];
            state.extend(self.retry_count.map(|count| ("RetryCount", Value::from(count))));
            context = context.with("State", Value::object(state));
        }
        if let Some(item) = &self.item {
            let shown = [("Index", Value::from(item.index)), ("Value", item.value.clone())];
            context = context.with("Map", Value::object([("Item", Value::object(shown))]));
        }
        if let Some(token) = &self.token
            && !(self.fixed && context.get("Task").is_some())
        {
            context = context.with("Task", json!({"Token": &**token}));
        }
        context
    }
}

impl ContextObject for Context {
    fn context(&self) -> &Value {
        self.made.get_or_init(|| self.make())
    }
}
