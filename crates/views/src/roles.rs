//! A role as its page shows it: who may assume it, what it may do, and which calls it was denied.

use iam_eval::managed;
use iam_eval::{Decision, Effect, PolicyDocument, PolicyKind, Reason};
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
    let may_log = |resource: &str| account.simulate(role.arn(), "logs:PutLogEvents", resource, &[]).decision.allowed;
    let groups: Vec<String> = account
        .functions()
        .functions()
        .filter(|function| &*function.configuration.role_arn == role.arn())
        .map(|function| log_group(account, &function.name))
        .collect();
    let logs = if groups.is_empty() { may_log("*") } else { groups.iter().all(|group| may_log(group)) };
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
        lacks_logs: trusts_lambda && !logs,
    })
}

/// Where a function's log lines go.
fn log_group(account: &Account, function_name: &str) -> String {
    let options = account.options();
    format!("arn:aws:logs:{}:{}:log-group:/aws/lambda/{function_name}:log-stream:*", options.region, options.account_id)
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
        return vec![nothing_said(decision).to_owned()];
    }
    let said = decision.statements.iter().map(|statement| {
        let name = statement.sid.clone().unwrap_or_else(|| format!("statement {}", statement.index + 1));
        match (&statement.why_not, statement.effect) {
            (Some(why_not), _) => format!("{}, {name}: {why_not}", statement.policy),
            (None, Effect::Deny) => format!("{}, {name}: it denies the call.", statement.policy),
            (None, Effect::Allow) => format!("{}, {name}: it allows the call{}.", statement.policy, but(decision)),
        }
    });
    said.collect()
}

/// Why nothing was looked at.
fn nothing_said(decision: &Decision) -> &'static str {
    match decision.reason {
        Reason::NotAllowed(PolicyKind::Resource) => "The resource has no policy, so nothing lets this caller in.",
        Reason::NotAllowed(PolicyKind::Trust) => "The role has no trust policy, or there is no such role.",
        _ => "The role has no policies, so nothing allows the call.",
    }
}

/// Why an allow was not enough.
fn but(decision: &Decision) -> &'static str {
    match decision.reason {
        Reason::ExplicitDeny(_) => ", but a deny is stronger",
        Reason::NotAllowed(PolicyKind::Boundary) => ", but the permissions boundary does not",
        Reason::NotAllowed(PolicyKind::Resource) => ", but the resource's own policy has to allow it too",
        Reason::NotAllowed(PolicyKind::Trust) => ", but the role's trust policy has to allow it too",
        Reason::NotAllowed(PolicyKind::Identity) => ", but the caller's own policies have to allow it too",
        _ => "",
    }
}

/// What IAM would say if the role did this now, and what each statement says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulationView {
    pub allowed: bool,
    /// AWS's sentence when it is denied, ours when it is allowed.
    pub sentence: String,
    pub statements: Vec<String>,
}

/// Asks without calling. `None` when there is no such role.
#[must_use]
pub fn simulate(account: &Account, role_name: &str, action: &str, resource: &str) -> Option<SimulationView> {
    let role = account.iam().role(role_name)?;
    let simulated = account.simulate(role.arn(), action, resource, &[]);
    let allowed = simulated.decision.allowed;
    let sentence = simulated.denial.unwrap_or_else(|| format!("{action} on {resource} is allowed."));
    Some(SimulationView { allowed, sentence, statements: statements(&simulated.decision) })
}

/// What is wrong with a policy that is being written: AWS's words, and the place in ours.
#[must_use]
pub fn problem_of_policy(text: &str, trust: bool) -> Option<String> {
    let check = if trust { PolicyDocument::check_trust } else { PolicyDocument::check_identity_based };
    PolicyDocument::parse_text(text).and_then(|document| check(&document)).err().map(|error| error.to_string())
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
