//! The whole account as one JSON value: two accounts with equal snapshots cannot be told apart.

use shared_json::{Value, json};

use crate::Account;
use crate::journal::What;

impl Account {
    /// Everything that a person could see, for comparing two runs byte for byte.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        let executions = self
            .states
            .executions()
            .iter()
            .map(|e| {
                json!({"arn": &*e.arn, "status": e.execution.status().name()}).with(
                    "history",
                    e.execution.history().iter().map(|event| event.to_value()).collect::<Vec<_>>().into(),
                )
            })
            .collect::<Vec<_>>();
        let queues = self
            .queues
            .queues()
            .map(|queue| {
                let messages = queue.messages().map(|m| format!("{m:?}").into()).collect::<Vec<Value>>();
                json!({"arn": queue.arn()}).with("attributes", queue.attributes()).with("messages", messages.into())
            })
            .collect::<Vec<_>>();
        let journal = self
            .journal
            .entries()
            .map(|entry| {
                let text = match &entry.what {
                    What::Call(call) => format!("{call:?}"),
                    What::Moved(movement) => format!("{movement:?}"),
                    What::Lambda(trace) => format!("{trace:?}"),
                };
                json!([entry.at.micros(), entry.step, text])
            })
            .collect::<Vec<_>>();
        json!({"now": self.now.micros(), "steps": self.steps})
            .with("executions", executions.into())
            .with("queues", queues.into())
            .with("roles", self.iam.roles().map(|role| format!("{role:?}").into()).collect::<Vec<Value>>().into())
            .with(
                "policies",
                self.iam.customer_policies().map(|policy| format!("{policy:?}").into()).collect::<Vec<Value>>().into(),
            )
            .with(
                "functions",
                self.functions.functions().map(|f| format!("{f:?}").into()).collect::<Vec<Value>>().into(),
            )
            .with("mappings", self.functions.mappings().map(|m| format!("{m:?}").into()).collect::<Vec<Value>>().into())
            .with("states", self.states.snapshot())
            .with("services", format!("{:?}", self.services).into())
            .with("mocks", format!("{:?}", self.mocks).into())
            .with("nested", format!("{:?}", self.nested).into())
            .with("agenda", format!("{:?}", self.agenda).into())
            .with("linked", self.linked.snapshot())
            .with("journal", journal.into())
    }
}
