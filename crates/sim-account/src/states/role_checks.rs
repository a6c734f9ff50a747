//! What Step Functions checks of a state machine's role before it takes the machine: that it can assume the role, and
//! that the role reaches what the service itself must set up.

use asl::{Pattern, Service, StateKind};
use aws_protocol::AwsError;

use super::StateMachine;
use crate::Account;
use crate::permissions::assume::{NOT_BY_STATES, service_may_assume};

/// The rule by which the service hears of the end of nested executions, as EventBridge names it.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html>
pub(crate) const NESTED_RULE: &str = "StepFunctionsGetEventsForStepFunctionsExecutionRule";

/// What making that rule takes.
pub(crate) const NESTED_RULE_ACTIONS: [&str; 3] = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];

/// What delivering logs takes.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>
pub(crate) const LOG_DELIVERY: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
];

impl Account {
    /// The role must be there, and Step Functions must be allowed to assume it for this machine.
    pub(super) fn check_role(&self, role_arn: &str, machine_arn: &str) -> Result<(), AwsError> {
        if !role_arn.starts_with("arn:aws:iam::") {
            return Err(AwsError::new("InvalidArn", format!("Invalid Arn: 'Invalid ARN prefix: {role_arn}'")));
        }
        if service_may_assume(self, "states.amazonaws.com", role_arn, machine_arn) {
            return Ok(());
        }
        Err(AwsError::new("AccessDeniedException", NOT_BY_STATES))
    }

    /// A machine that waits for nested executions needs a rule in EventBridge, one that logs needs a log delivery: the
    /// service makes both with the machine's role.
    pub(super) fn check_role_reaches(&self, machine: &StateMachine) -> Result<(), AwsError> {
        let role_arn = &*machine.role_arn;
        let may = |action: &str, resource: &str| self.simulate(role_arn, action, resource, &[]).decision.allowed;
        let (region, account_id) = (&self.options.region, &self.options.account_id);
        let rule = format!("arn:aws:events:{region}:{account_id}:rule/{NESTED_RULE}");
        if waits_for_nested(machine) && !NESTED_RULE_ACTIONS.iter().all(|action| may(action, &rule)) {
            let message = format!("'{role_arn}' is not authorized to create managed-rule.");
            return Err(AwsError::new("AccessDeniedException", message));
        }
        if machine.logging.delivers() && !LOG_DELIVERY.iter().all(|action| may(action, "*")) {
            let message = "The state machine IAM Role is not authorized to access the Log Destination";
            return Err(AwsError::new("AccessDeniedException", message));
        }
        Ok(())
    }
}

/// Whether a Task starts an execution in its own account and waits for it; in other accounts the service asks instead of
/// being told.
fn waits_for_nested(machine: &StateMachine) -> bool {
    machine.checked.all_states().iter().any(|state| {
        let StateKind::Task(task) = &state.kind else { return false };
        let nested = matches!(&task.resource.service, Service::Optimized(service) if &**service == "states");
        let waits = matches!(task.resource.pattern, Pattern::Sync | Pattern::Sync2);
        nested && waits && task.credentials.is_none()
    })
}
