//! A role as its page shows it: who may assume it, what it may do, and which calls it was denied.

use iam_eval::managed;
use iam_eval::{Decision, Effect};
use shared_json::{Value, json};
use sim_account::iam::ManagedPolicy;
use sim_account::{Account, CallRecord, Iam, execution_role};
use virtual_time::Timestamp;

use crate::target::Target;
use crate::words::{self, name_of};

/// Denied calls that are shown.
const DENIED: usize = 10;

#[derive(Clone, Debug, PartialEq)]
pub struct RoleView {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub created_at: Timestamp,
    pub trust: String,
    pub trusts_lambda: bool,
    pub trusts_states: bool,
    pub attached: Vec<PolicyRow>,
    pub inline: Vec<PolicyRow>,
    pub denied: Vec<DeniedCall>,
    /// State machines and functions that run with it.
    pub users: Vec<(String, Target)>,
    /// A function's role that may not write logs: on AWS its lines would never be seen.
    pub lacks_logs: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    pub name: String,
    /// Empty for an inline policy.
    pub arn: String,
    pub description: String,
    pub document: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DeniedCall {
    pub at: Timestamp,
    pub action: String,
    pub who: String,
    pub target: Option<Target>,
    /// AWS's sentence.
    pub message: String,
    /// Each statement that was looked at and why it did not allow.
    pub statements: Vec<String>,
    /// A statement that would allow it.
    pub remedy: String,
}

#[must_use]
pub fn view(account: &Account, name: &str) -> Option<RoleView> {
    let role = account.iam().role(name)?;
    let trusts_lambda = role.trusts("lambda.amazonaws.com");
    let (logs, _) = account.iam().authorize(role.arn(), "logs", "logs:PutLogEvents", "*");
    let inline = role.inline_policies().map(|(name, document)| PolicyRow {
        name: name.to_owned(),
        arn: String::new(),
        description: "Inline policy of this role".to_owned(),
        document: document.to_pretty(),
    });
    Some(RoleView {
        name: role.name().to_owned(),
        arn: role.arn().to_owned(),
        description: role.description().map(str::to_owned),
        created_at: role.created_at(),
        trust: role.trust_document().to_pretty(),
        trusts_lambda,
        trusts_states: role.trusts("states.amazonaws.com"),
        attached: role.attached_policies().map(policy_row).collect(),
        inline: inline.collect(),
        denied: denied(account, role.arn()),
        users: users(account, role.arn()),
        lacks_logs: trusts_lambda && !logs.allowed,
    })
}

fn policy_row(policy: &ManagedPolicy) -> PolicyRow {
    PolicyRow {
        name: policy.name.to_string(),
        arn: policy.arn.to_string(),
        description: policy.description.to_string(),
        document: policy.document.to_pretty(),
    }
}

fn users(account: &Account, role_arn: &str) -> Vec<(String, Target)> {
    let machines = account.states().machines().filter(|machine| &*machine.role_arn == role_arn).map(|machine| {
        (format!("State machine {}", machine.name), Target::StateMachine { arn: machine.arn.to_string() })
    });
    let functions = account.functions().functions().filter(|f| &*f.configuration.role_arn == role_arn);
    let functions = functions.map(|f| (format!("Function {}", f.name), Target::function(&f.name)));
    machines.chain(functions).collect()
}

/// The newest first.
fn denied(account: &Account, role_arn: &str) -> Vec<DeniedCall> {
    let calls = account.journal().calls().rev().filter(|(_, call)| call.caller.role_arn() == Some(role_arn));
    calls.filter_map(|(entry, call)| denial(account, entry.at, call)).take(DENIED).collect()
}

/// What is to be said of a call when IAM refused it.
#[must_use]
pub fn denial(account: &Account, at: Timestamp, call: &CallRecord) -> Option<DeniedCall> {
    let decision = call.decision.as_ref().filter(|decision| !decision.allowed)?;
    let Some(Err(error)) = &call.outcome else { return None };
    let (who, target) = words::caller(account, &call.caller);
    let resource = error.message.split(" on resource: ").nth(1).and_then(|rest| rest.split(' ').next());
    let remedy = json!({"Effect": "Allow", "Action": &*call.action, "Resource": resource.unwrap_or("*")});
    Some(DeniedCall {
        at,
        action: call.action.clone(),
        who,
        target,
        message: error.message.clone(),
        statements: statements(decision),
        remedy: remedy.to_pretty(),
    })
}

fn statements(decision: &Decision) -> Vec<String> {
    if decision.statements.is_empty() {
        return vec!["The role has no policies, so nothing allows the call.".to_owned()];
    }
    let said = decision.statements.iter().map(|statement| {
        let name = statement.sid.clone().unwrap_or_else(|| format!("statement {}", statement.index + 1));
        match (&statement.why_not, statement.effect) {
            (Some(why_not), _) => format!("{}, {name}: {why_not}", statement.policy),
            (None, Effect::Deny) => format!("{}, {name}: it denies the call.", statement.policy),
            (None, Effect::Allow) => {
                format!("{}, {name}: it allows the call, but a deny is stronger.", statement.policy)
            }
        }
    });
    said.collect()
}

/// Roles that a service may assume: name and ARN.
#[must_use]
pub fn trusting(account: &Account, service_principal: &str) -> Vec<(String, String)> {
    let roles = account.iam().roles().filter(|role| role.trusts(service_principal));
    roles.map(|role| (role.name().to_owned(), role.arn().to_owned())).collect()
}

/// Managed policies whose name or description holds every word of the search.
#[must_use]
pub fn search_policies(search: &str) -> Vec<PolicyRow> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let fits = |policy: &ManagedPolicy| {
        let text = format!("{} {}", policy.name, policy.description).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let all = managed::all().iter().filter_map(|policy| ManagedPolicy::of_aws(policy.arn));
    all.filter(fits).map(|policy| policy_row(&policy)).collect()
}

/// The trust policy for a service, as text to read.
#[must_use]
pub fn trust_policy(service_principal: &str) -> Value {
    execution_role::trust_policy(service_principal)
}

/// What IAM would say of a new role's name, without making it.
#[must_use]
pub fn refusal_of_new(account: &Account, name: &str) -> Option<aws_protocol::AwsError> {
    if account.iam().role(name).is_some() {
        return Some(aws_protocol::AwsError::new(
            "EntityAlreadyExists",
            format!("Role with name {name} already exists."),
        ));
    }
    let mut scratch = Iam::new(&account.options().account_id, 0);
    let params =
        json!({"RoleName": name, "AssumeRolePolicyDocument": trust_policy("lambda.amazonaws.com").to_string()});
    scratch.call(account.now(), "CreateRole", &params).err()
}

/// The services whose name stands in a trust policy, for people.
#[must_use]
pub fn trusted(view: &RoleView) -> String {
    let named = [(view.trusts_lambda, "Lambda"), (view.trusts_states, "Step Functions")];
    let names: Vec<&str> = named.iter().filter(|(trusts, _)| *trusts).map(|(_, name)| *name).collect();
    if names.is_empty() { "no simulated service".to_owned() } else { names.join(" and ") }
}

/// A role's name in its ARN.
#[must_use]
pub fn name_in(arn: &str) -> &str {
    name_of(arn)
}
