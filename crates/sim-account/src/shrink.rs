//! "Shrink to what was used": from the journal's calls of a role to the policy that those calls need.
//!
//! A function of the journal and of what the account holds now; it changes nothing. Beside calls it knows what services
//! need of a role without calling for it here: logs of functions, the checks of a trigger, rules and log deliveries of
//! state machines. Of those it keeps only what the role has now.

use std::collections::BTreeSet;
use std::rc::Rc;

use asl::{MapMode, Pattern, Service, StateKind};
use iam_eval::Named;
use iam_eval::shrink::{self, Unused, Use};
use shared_json::Value;
use virtual_time::Timestamp;

use crate::states::{LOG_DELIVERY, NESTED_RULE, NESTED_RULE_ACTIONS};
use crate::{Account, CallRecord, Caller, StateMachine};

/// Which calls count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// All that the journal still holds.
    Kept,
    /// Those from this moment on.
    Since(Timestamp),
    /// Those of one execution.
    Execution(Rc<str>),
}

/// What a role needs, and what it has for nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    pub uses: Vec<Use>,
    /// The least policy; `None` when nothing was used.
    pub document: Option<Value>,
    /// What of the present policies no use needed.
    pub unused: Vec<Unused>,
    /// Calls that were looked at.
    pub calls: usize,
}

/// Looks at a role's calls. `None` when there is no such role.
#[must_use]
pub fn shrink(account: &Account, role_name: &str, span: &Span) -> Option<Shrunk> {
    let role = account.iam().role(role_name)?;
    let calls: Vec<&CallRecord> = account
        .journal()
        .calls()
        .filter(|(entry, call)| match span {
            Span::Kept => true,
            Span::Since(from) => entry.at >= *from,
            Span::Execution(arn) => matches!(&call.caller, Caller::Task { execution_arn, .. } if execution_arn == arn),
        })
        .map(|(_, call)| call)
        .filter(|call| call.caller.role_arn() == Some(role.arn()))
        .collect();
    let decisions = calls.iter().flat_map(|call| call.decision.iter().chain(&call.also));
    let allowed = decisions.filter(|decision| decision.allowed);
    let mut uses: BTreeSet<Use> =
        allowed.map(|decision| Use { action: decision.action.clone(), resource: decision.resource.clone() }).collect();
    uses.extend(needed_by_services(account, role.arn()));
    let uses: Vec<Use> = uses.into_iter().collect();
    let written = role.inline_policies().map(|(_, document)| document);
    let written = written.chain(role.attached_policies().map(|policy| &policy.document));
    let denies: Vec<Value> = written.flat_map(shrink::denies).collect();
    let present: Vec<Named<'_>> = role.named_policies().collect();
    Some(Shrunk {
        document: shrink::document(&uses, &denies),
        unused: shrink::unused(&present, &uses),
        uses,
        calls: calls.len(),
    })
}

/// What services do with the role by themselves, as far as the role allows it now.
fn needed_by_services(account: &Account, role_arn: &str) -> Vec<Use> {
    let mut needed = Vec::new();
    for machine in account.states().machines().filter(|machine| &*machine.role_arn == role_arn) {
        needed.extend(of_machine(account, machine));
    }
    needed.extend(of_functions(account, role_arn));
    let may = |used: &Use| account.simulate(role_arn, &used.action, &used.resource, &[]).decision.allowed;
    needed.retain(may);
    needed
}

fn uses(actions: &[&str], resource: &str) -> Vec<Use> {
    actions.iter().map(|action| Use { action: (*action).to_owned(), resource: resource.to_owned() }).collect()
}

fn of_machine(account: &Account, machine: &StateMachine) -> Vec<Use> {
    let options = account.options();
    let (region, account_id) = (&options.region, &options.account_id);
    let mut needed = Vec::new();
    for state in machine.checked.all_states() {
        match &state.kind {
            StateKind::Task(task)
                if matches!(&task.resource.service, Service::Optimized(service) if &**service == "states")
                    && matches!(task.resource.pattern, Pattern::Sync | Pattern::Sync2) =>
            {
                let rule = format!("arn:aws:events:{region}:{account_id}:rule/{NESTED_RULE}");
                needed.extend(uses(&NESTED_RULE_ACTIONS, &rule));
                let child = state.source["Parameters"].get_str("StateMachineArn");
                let child = child.or_else(|| state.source["Arguments"].get_str("StateMachineArn"));
                let child = child.filter(|arn| arn.starts_with("arn:"));
                let executions = child.map(|arn| format!("{}:*", arn.replacen(":stateMachine:", ":execution:", 1)));
                let executions = executions.unwrap_or_else(|| "*".to_owned());
                needed.extend(uses(&["states:DescribeExecution", "states:StopExecution"], &executions));
            }
            StateKind::Map(map) if matches!(map.mode, MapMode::Distributed { .. }) => {
                needed.extend(uses(&["states:StartExecution"], &machine.arn));
                let executions = format!("{}:*", machine.arn.replacen(":stateMachine:", ":execution:", 1));
                needed.extend(uses(&["states:DescribeExecution", "states:StopExecution"], &executions));
            }
            _ => {}
        }
    }
    if machine.logging.delivers() {
        needed.extend(uses(&LOG_DELIVERY, "*"));
    }
    if machine.tracing {
        let xray =
            ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"];
        needed.extend(uses(&xray, "*"));
    }
    needed
}

fn of_functions(account: &Account, role_arn: &str) -> Vec<Use> {
    let options = account.options();
    let (region, account_id) = (&options.region, &options.account_id);
    let mut needed = Vec::new();
    let functions = account.functions().functions().filter(|f| &*f.configuration.role_arn == role_arn);
    for function in functions {
        let group = format!("arn:aws:logs:{region}:{account_id}:log-group:/aws/lambda/{}:*", function.name);
        needed.extend(uses(&["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], &group));
        let triggers = account.functions().mappings().filter(|mapping| mapping.function_arn == function.arn);
        for trigger in triggers {
            let checked = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
            needed.extend(uses(&checked, &trigger.event_source_arn));
        }
    }
    needed
}
