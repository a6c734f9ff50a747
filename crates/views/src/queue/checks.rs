//! What SQS would refuse, before it is asked.

use aws_protocol::AwsError;
use shared_json::Value;
use sim_account::{Account, LimitProfile};
use sqs_sim::{Effect, Input, SqsLimits};

/// What SQS would say of a call, such as `CreateQueue`, without anything happening: a copy of the registry
/// without messages is asked.
#[must_use]
pub fn refusal(account: &Account, action: &str, params: &Value) -> Option<AwsError> {
    let mut scratch = account.queues().rehearsal();
    let input = Input::Call { call: 0, action, params, principal: &"".into() };
    scratch.handle(account.now(), input);
    while let Some(effect) = scratch.poll_effect() {
        if let Effect::Answer { call: 0, result } = effect {
            return result.err();
        }
    }
    None
}

/// SQS's quotas in this account's year.
#[must_use]
pub fn limits(account: &Account) -> SqsLimits {
    match account.options().limits {
        LimitProfile::Aws2023 => SqsLimits::aws_2023(),
        LimitProfile::Aws2026 => SqsLimits::aws_2026(),
    }
}
