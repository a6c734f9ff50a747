//! The context object, `$$`.

use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::execution::ExecutionStart;

/// The parts that stay the same for the whole execution.
pub(crate) fn base(start: &ExecutionStart, input: &Value, start_date: Timestamp) -> Value {
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

/// With the state's part; only Task states have a retry count.
pub(crate) fn in_state(base: &Value, name: &str, entered_at: Timestamp, retry_count: Option<u32>) -> Value {
    let mut state = json!({"Name": name, "EnteredTime": entered_at.to_rfc3339()});
    if let Some(count) = retry_count {
        state = state.with("RetryCount", Value::from(count));
    }
    base.with("State", state)
}

pub(crate) fn with_token(context: &Value, token: &str) -> Value {
    context.with("Task", json!({"Token": token}))
}
