//! What the simulation covers, asked of itself: no list here can grow old.

use std::collections::BTreeMap;

use shared_json::Value;
use sim_account::{Account, AccountOptions, LimitProfile};

/// The actions of one API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub name: &'static str,
    pub simulated: Vec<&'static str>,
    pub missing: Vec<&'static str>,
}

/// Every action of AWS's models, sorted by whether an account knows it.
#[must_use]
pub fn coverage() -> Vec<Coverage> {
    let mut account = Account::new(AccountOptions::default());
    let mut services: BTreeMap<&str, Coverage> = BTreeMap::new();
    for (service, action, _) in aws_cli::known_actions() {
        let entry = services.entry(service).or_insert_with(|| Coverage { name: title(service), ..Coverage::default() });
        if is_simulated(&mut account, &format!("{service}:{action}")) {
            entry.simulated.push(action);
        } else {
            entry.missing.push(action);
        }
    }
    let mut services: Vec<Coverage> = services.into_values().collect();
    for service in &mut services {
        service.simulated.sort_unstable();
        service.missing.sort_unstable();
    }
    services
}

/// An empty call is refused for what it lacks, or because nobody knows its action.
fn is_simulated(account: &mut Account, action: &str) -> bool {
    let answer = account.call(action, Value::object::<&str>([])).result;
    let unknown = ["UnknownOperationException", "InvalidAction"];
    !matches!(answer, Some(Err(error)) if unknown.contains(&error.code.as_str()))
}

fn title(service: &'static str) -> &'static str {
    match service {
        "states" => "Step Functions",
        "sqs" => "SQS",
        "lambda" => "Lambda",
        "iam" => "IAM",
        "s3" => "S3",
        "sns" => "SNS",
        "sts" => "STS",
        "dynamodb" => "DynamoDB",
        "events" => "EventBridge",
        "secretsmanager" => "Secrets Manager",
        other => other,
    }
}

/// Limits with their values in each profile.
#[must_use]
pub fn limits() -> Vec<(&'static str, [String; 2])> {
    let sqs = LimitProfile::ALL.map(LimitProfile::sqs);
    let lambda = LimitProfile::ALL.map(LimitProfile::lambda);
    let bytes = |count: u64| format!("{} KiB", count / 1024);
    let size = |count: usize| bytes(u64::try_from(count).unwrap_or(u64::MAX));
    vec![
        ("SQS: a message, and a queue's MaximumMessageSize", sqs.each_ref().map(|l| bytes(l.maximum_message_bytes))),
        ("SQS: messages in flight", sqs.each_ref().map(|l| l.messages_in_flight.to_string())),
        ("SQS: a queue's policy", sqs.each_ref().map(|l| size(l.policy_bytes))),
        ("Lambda: a synchronous request", lambda.each_ref().map(|l| size(l.request_bytes))),
        ("Lambda: an asynchronous request", lambda.each_ref().map(|l| size(l.event_bytes))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_actions_is_what_the_account_does() {
        let services = coverage();
        let find = |name: &str| services.iter().find(|service| service.name == name).expect("a service");
        for (name, action) in
            [("SQS", "ReceiveMessage"), ("Lambda", "Invoke"), ("IAM", "PutRolePolicy"), ("Step Functions", "TestState")]
        {
            assert!(find(name).simulated.contains(&action), "{name}: {action}");
        }
        assert!(find("IAM").missing.contains(&"CreateUser"));
        assert!(find("Lambda").missing.contains(&"PublishLayerVersion"));
        let actions: usize = services.iter().map(|s| s.simulated.len() + s.missing.len()).sum();
        assert_eq!(actions, aws_cli::known_actions().len());
    }

    #[test]
    fn the_profiles_differ_in_the_size_of_a_message() {
        let different: Vec<&str> = limits().iter().filter(|(_, v)| v[0] != v[1]).map(|(name, _)| *name).collect();
        assert!(different.contains(&"SQS: a message, and a queue's MaximumMessageSize"), "{different:?}");
    }
}
