//! Where the person is: one thing fills the centre of the page.

use serde::{Deserialize, Serialize};

/// Names and ARNs rather than indexes, so that a place survives a reload and a step back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum Place {
    /// What there is and what to do first.
    #[default]
    Welcome,
    NewQueue,
    Queue {
        name: String,
        #[serde(default)]
        tab: QueueTab,
    },
    NewStateMachine,
    StateMachine {
        arn: String,
        tab: MachineTab,
    },
    Execution {
        arn: String,
    },
    NewFunction,
    Function {
        name: String,
        tab: FunctionTab,
    },
    NewRole,
    Role {
        name: String,
    },
    /// What is simulated, and what differs from AWS.
    Differences,
    /// All that this browser keeps.
    Workspaces,
    /// The gallery of ready workspaces.
    Examples,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineTab {
    #[default]
    Definition,
    Executions,
    Permissions,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueTab {
    #[default]
    Messages,
    SendReceive,
    Triggers,
    DeadLetters,
    Monitoring,
    AccessPolicy,
    Details,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionTab {
    #[default]
    Code,
    Test,
    Monitor,
    Configuration,
    Mock,
}
