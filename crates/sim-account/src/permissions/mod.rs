//! Where IAM decides: every call of every caller comes by here before its service sees it.

pub(crate) mod asked;
pub(crate) mod assume;
mod context;
mod lambda;
pub mod resource_policy;

use std::borrow::Cow;
use std::rc::Rc;

use aws_protocol::AwsError;
use iam_eval::{Context, Decision, Request};
use shared_json::Value;

use crate::iam::session_arn;
use crate::{Account, Caller};
use asked::Asked;

/// What IAM said of a call.
pub(crate) struct Permission {
    /// The decision on the call itself, or on the further one that failed.
    pub decision: Decision,
    /// Further permissions that the call needed and had.
    pub also: Vec<Decision>,
    /// The error with which the service refuses.
    pub refusal: Option<AwsError>,
}

/// IAM's word on a call; `None` for the root, unless a resource's policy denies it.
pub(crate) fn decide(account: &Account, caller: &Caller, action: &str, params: &Value) -> Option<Permission> {
    // An HTTP endpoint asks for a signature only when its caller says so.
    let signs = matches!(params.get_str("AuthType"), Some("IAM_ROLE" | "RESOURCE_POLICY"));
    if action == "execute-api:Invoke" && !signs {
        return None;
    }
    match caller {
        Caller::Root => return decide_root(account, action, params),
        // Its own account has decided for both sides.
        Caller::Foreign { .. } => return None,
        // A rule stands for a worker that may answer.
        Caller::Mock { .. } => return None,
        // Everyone may ask who they are.
        _ if action == "sts:GetCallerIdentity" => return None,
        _ => {}
    }
    if is_queue_that_is_not_there(account, params) {
        return None;
    }
    let first = decide_one(account, caller, &asked::asked(account, action, params), params);
    let further = asked::pass_role(action, params).filter(|_| first.decision.allowed);
    let Some(further) = further else { return Some(first) };
    let second = decide_one(account, caller, &further, params);
    Some(match second.refusal {
        Some(_) => Permission { also: vec![first.decision], ..second },
        None => Permission { also: vec![second.decision], ..first },
    })
}

/// The root user is not bound by identity-based policies, but by an explicit deny of a queue's policy. It can still
/// read and replace the queue's attributes, the policy among them: so AWS lets a locked queue be opened again.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>
fn decide_root(account: &Account, action: &str, params: &Value) -> Option<Permission> {
    const SPARED: [&str; 5] =
        ["sqs:CreateQueue", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues", "sqs:SetQueueAttributes"];
    if !action.starts_with("sqs:") || is_queue_that_is_not_there(account, params) {
        return None;
    }
    if account.account_of_queue(params).is_none() {
        if SPARED.contains(&action) {
            return None;
        }
        account.queues.queue_by_url(params.get_str("QueueUrl")?)?.policy()?;
    }
    let permission = decide_one(account, &Caller::Root, &asked::asked(account, action, params), params);
    permission.refusal.is_some().then_some(permission)
}

fn decide_one(account: &Account, caller: &Caller, asked: &Asked, params: &Value) -> Permission {
    let principal = principal_arn(account, caller);
    let context = context::of_call(account, caller, asked, params);
    let request =
        Request { principal_arn: &principal, action: &asked.action, resource: &asked.resource, context: &context };
    let owner = resource_policy::of(account, &asked.resource).filter(|_| {
        let foreign = account.owner_of(&asked.resource).is_some();
        !(foreign && NOT_ACROSS_ACCOUNTS.contains(&&*asked.action))
    });
    let decision = account.iam.decide(caller.role_arn(), &request, owner.as_ref().map(|policy| (OWNER, policy)));
    let refusal = (!decision.allowed).then(|| match caller {
        Caller::Topic { .. } => refused_to_service(params),
        _ => refused(&asked.action, decision.denial_message(&request)),
    });
    Permission { decision, also: Vec::new(), refusal }
}

/// How reasons call a queue's policy.
const OWNER: &str = "Access policy of the queue";

/// Actions that no queue policy opens to another account. Source: SQS developer guide, "Limitations of the SQS permissions
/// for other AWS accounts".
const NOT_ACROSS_ACCOUNTS: [&str; 12] = [
    "sqs:AddPermission",
    "sqs:CancelMessageMoveTask",
    "sqs:CreateQueue",
    "sqs:DeleteQueue",
    "sqs:ListMessageMoveTasks",
    "sqs:ListQueueTags",
    "sqs:ListQueues",
    "sqs:RemovePermission",
    "sqs:SetQueueAttributes",
    "sqs:StartMessageMoveTask",
    "sqs:TagQueue",
    "sqs:UntagQueue",
];

/// A queue of another account that is not there: SQS itself says so.
fn is_queue_that_is_not_there(account: &Account, params: &Value) -> bool {
    if account.account_of_queue(params).is_none() {
        return false;
    }
    let arn = account.queues.queue_arn_for("", params);
    arn.is_some_and(|arn| account.owner_of(&arn).is_some_and(|owner| owner.queues.queue_by_arn(&arn).is_none()))
}

pub(crate) fn principal_arn<'a>(account: &Account, caller: &'a Caller) -> Cow<'a, str> {
    match (caller, caller.role_arn()) {
        (_, Some(role_arn)) => session_arn(role_arn, caller.session_name()).into(),
        (Caller::Topic { .. }, None) => "sns.amazonaws.com".into(),
        (_, None) => format!("arn:aws:iam::{}:root", account.options.account_id).into(),
    }
}

/// The error of a service whose caller IAM did not allow.
fn refused(action: &str, denial: String) -> AwsError {
    let service = action.split(':').next().unwrap_or_default();
    let code = match service {
        "iam" | "sqs" | "s3" | "sts" => "AccessDenied",
        "sns" => "AuthorizationError",
        _ => "AccessDeniedException",
    };
    let status = match service {
        "states" | "dynamodb" | "events" | "secretsmanager" => 400,
        _ => 403,
    };
    AwsError::new(code, denial).with_status(status)
}

/// What SQS tells a service that delivers for somebody, as it stands in SNS's delivery status logs.
fn refused_to_service(params: &Value) -> AwsError {
    let url = params.get_str("QueueUrl").unwrap_or_default();
    AwsError::new("AccessDenied", format!("Access to the resource {url} is denied.")).with_status(403)
}

/// Asks IAM without calling: what would come of an action on a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    pub decision: Decision,
    /// AWS's sentence, when it is denied.
    pub denial: Option<String>,
}

impl Account {
    /// What IAM would say if a session of the role did this now. `keys` are condition keys that depend on the call
    /// itself; those that the account knows are added.
    #[must_use]
    pub fn simulate(&self, role_arn: &str, action: &str, resource: &str, keys: &[(String, String)]) -> Simulated {
        let session = "simulated";
        let caller = Caller::Visitor { session_name: session.into(), role_arn: role_arn.into() };
        let asked = Asked { action: action.to_owned(), resource: resource.to_owned(), passed_to: None };
        let nothing = Value::Null;
        let known = context::of_call(self, &caller, &asked, &nothing);
        let given = keys.iter().fold(Context::new(), |all, (key, value)| all.with(&**key, &**value));
        // What the person says of the call stands before what the account knows.
        let context = given.and(known);
        let principal = session_arn(role_arn, session);
        let request = Request { principal_arn: &principal, action, resource, context: &context };
        let owner = resource_policy::of(self, resource);
        let decision = self.iam.decide(Some(role_arn), &request, owner.as_ref().map(|policy| (OWNER, policy)));
        let denial = (!decision.allowed).then(|| decision.denial_message(&request));
        Simulated { decision, denial }
    }
}

/// What stands in a message's `SenderId`.
pub(crate) fn sender_id(account: &Account, call: u64) -> Rc<str> {
    match account.open_caller(call) {
        // The id that messages from SNS carry.
        Some(Caller::Topic { .. }) => "AIDAIT2UOQQY3AUEKVGXU".into(),
        Some(Caller::Foreign { sender_id, .. }) => Rc::clone(sender_id),
        Some(caller) if caller.role_arn().is_some() => {
            let role = caller.role_arn().and_then(|arn| account.iam.role_by_arn(arn));
            format!("{}:{}", role.map_or("", |r| r.role_id()), caller.session_name()).into()
        }
        _ => account.root_id.clone(),
    }
}
