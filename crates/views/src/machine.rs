//! A state machine's executions and permissions as rows.

use std::rc::Rc;

use asl::{CheckedDefinition, Service, StateKind};
use sim_account::{Account, StateMachine};
use virtual_time::{Duration, Timestamp};

use crate::execution::{RunStatus, summary};
use crate::task;

#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRow {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub status: RunStatus,
    /// `Succeeded · 1 caught error`.
    pub label: String,
    pub started_at: Timestamp,
    /// `None` while it runs.
    pub stopped_at: Option<Timestamp>,
    /// Whether an error was caught on the way.
    pub caught: bool,
}

impl ExecutionRow {
    /// How long it ran, or has run until now.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Duration {
        self.stopped_at.unwrap_or(now).since(self.started_at)
    }
}

/// Newest first.
#[must_use]
pub fn executions(account: &Account, machine_arn: &str) -> Vec<ExecutionRow> {
    let of_machine =
        account.states().executions().iter().rev().filter(|record| &*record.state_machine_arn == machine_arn);
    of_machine
        .map(|record| {
            let head = summary(record);
            ExecutionRow {
                arn: record.arn.clone(),
                name: head.name,
                status: head.status,
                label: head.label,
                started_at: head.started_at,
                stopped_at: head.stopped_at,
                caught: !head.caught.is_empty(),
            }
        })
        .collect()
}

/// What a state machine may do, and what it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Permissions {
    pub role_arn: Rc<str>,
    /// `None` when the role is gone.
    pub role: Option<RoleView>,
    pub needs: Vec<Need>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RoleView {
    pub name: String,
    pub trusts_step_functions: bool,
    pub policies: Vec<PolicyView>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PolicyView {
    pub name: String,
    /// An AWS managed policy, not an inline one.
    pub managed: bool,
    /// Indented JSON.
    pub document: String,
}

/// What one Task needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    pub state: Rc<str>,
    /// `sqs:SendMessage`
    pub action: String,
    /// `None`: known only when it runs.
    pub resource: Option<String>,
    /// `None` when the resource is not known in advance.
    pub allowed: Option<bool>,
    /// AWS's words for a refusal.
    pub denial: Option<String>,
}

#[must_use]
pub fn permissions(account: &Account, machine: &StateMachine) -> Permissions {
    let role = account.iam().role_by_arn(&machine.role_arn).map(|role| RoleView {
        name: role.name().to_owned(),
        trusts_step_functions: role.trusts("states.amazonaws.com"),
        policies: policies(role),
    });
    Permissions { role_arn: machine.role_arn.clone(), role, needs: needs(account, &machine.checked, &machine.role_arn) }
}

fn policies(role: &sim_account::iam::Role) -> Vec<PolicyView> {
    let inline = role.inline_policies().map(|(name, document)| PolicyView {
        name: name.to_owned(),
        managed: false,
        document: document.to_pretty(),
    });
    let managed = role.attached_policies().map(|policy| PolicyView {
        name: policy.name.to_string(),
        managed: true,
        document: policy.document.to_pretty(),
    });
    inline.chain(managed).collect()
}

/// Asks IAM about every call that the definition's Tasks will make with this role.
#[must_use]
pub fn needs(account: &Account, definition: &CheckedDefinition, role_arn: &str) -> Vec<Need> {
    let mut needs = Vec::new();
    for state in definition.all_states() {
        let StateKind::Task(called) = &state.kind else { continue };
        let arguments = task::arguments(state);
        let given = |field: &str| task::written(arguments, field);
        let function = |name: &str| account.functions().function_arn(name);
        let (action, resource) = match &called.resource.service {
            Service::LambdaFunction => ("lambda:InvokeFunction".to_owned(), Some(called.resource.text.to_string())),
            Service::Optimized(service) => match &**service {
                "sqs" => {
                    let queue = given("QueueUrl");
                    let arn = queue.and_then(|_| account.queues().queue_arn_for("SendMessage", arguments));
                    ("sqs:SendMessage".to_owned(), arn)
                }
                "lambda" => ("lambda:InvokeFunction".to_owned(), given("FunctionName").map(function)),
                "states" => ("states:StartExecution".to_owned(), given("StateMachineArn").map(str::to_owned)),
                other => (format!("{other}:{}", capitalized(&called.resource.action)), None),
            },
            Service::AwsSdk(service) => (format!("{service}:{}", capitalized(&called.resource.action)), None),
            Service::Activity | Service::Placeholder => continue,
        };
        let decided = resource.as_deref().map(|arn| account.iam().authorize(role_arn, "execution", &action, arn));
        needs.push(Need {
            state: state.name.clone(),
            action,
            allowed: decided.as_ref().map(|(decision, _)| decision.allowed),
            denial: decided.filter(|(decision, _)| !decision.allowed).map(|(_, denial)| denial),
            resource,
        });
    }
    needs
}

/// Roles that Step Functions may assume: name and ARN.
#[must_use]
pub fn roles_for_step_functions(account: &Account) -> Vec<(String, String)> {
    let trusted = account.iam().roles().filter(|role| role.trusts("states.amazonaws.com"));
    trusted.map(|role| (role.name().to_owned(), role.arn().to_owned())).collect()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
