//! Assuming roles: services that run with a role, and Tasks whose `Credentials` name one.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use iam_eval::{Context, Decision, Named, Policies, PolicyDocument, Request, evaluate};

use super::context;
use crate::iam::{Role, session_arn};
use crate::{Account, Caller};

/// What Step Functions says when it cannot assume the role of a state machine.
pub(crate) const NOT_BY_STATES: &str = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.";

/// Whether a service may assume a role for something of this account: `source_arn` is the state machine or the function
/// that is to run with it.
pub(crate) fn service_may_assume(account: &Account, service: &str, role_arn: &str, source_arn: &str) -> bool {
    let Some(role) = account.iam.role_by_arn(role_arn) else { return false };
    let context = Context::new()
        .with("aws:RequestedRegion", &*account.options.region)
        .with("aws:SourceAccount", &*account.options.account_id)
        .with("aws:SourceArn", source_arn)
        .with("aws:PrincipalIsAWSService", "true")
        .with("aws:PrincipalServiceName", service)
        .with("aws:SecureTransport", "true")
        .with("aws:CurrentTime", account.now.to_rfc3339());
    role.trust().trust_in_service(service, role_arn, &context).allowed
}

/// A Task's wish to assume the role that its `Credentials` name. The caller's account gives its side, the role's
/// account (`trust`) the other. Step Functions sends the state machine's ARN as the external id.
pub(crate) struct Wish<'a> {
    pub caller: &'a Caller,
    pub role_arn: &'a Rc<str>,
    pub machine_arn: &'a str,
    /// `None` when there is no such role.
    pub trust: Option<PolicyDocument>,
}

/// The decision, and the refusal in STS's words.
pub(crate) fn task_may_assume(account: &Account, wish: &Wish<'_>) -> (Decision, Option<AwsError>) {
    let own_arn = wish.caller.role_arn().unwrap_or_default();
    let principal = session_arn(own_arn, wish.caller.session_name());
    let context = context::of_caller(account, wish.caller).with("sts:ExternalId", wish.machine_arn);
    let request =
        Request { principal_arn: &principal, action: "sts:AssumeRole", resource: wish.role_arn, context: &context };
    let own = account.iam.role_by_arn(own_arn);
    let identity: Vec<Named<'_>> = own.map(|role| role.named_policies().collect()).unwrap_or_default();
    let boundary = own.and_then(Role::boundary).map(|policy| (&*policy.name, policy.parsed()));
    let nobody = PolicyDocument::empty();
    let trust = Some(("Trust policy", wish.trust.as_ref().unwrap_or(&nobody)));
    let decision = evaluate(&request, &Policies { identity: &identity, boundary, resource: None, trust });
    let refusal =
        (!decision.allowed).then(|| AwsError::new("AccessDenied", decision.denial_message(&request)).with_status(403));
    (decision, refusal)
}
