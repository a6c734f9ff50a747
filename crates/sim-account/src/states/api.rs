//! What all actions of the Step Functions API share: reading parameters, checking names, naming errors.

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::Account;

impl Account {
    /// Routes a `states:` action. `None`: the answer of this call comes later.
    pub(crate) fn call_states(
        &mut self,
        call: u64,
        operation: &str,
        params: &Value,
    ) -> Option<Result<Value, AwsError>> {
        let now = self.now;
        let states = &mut self.states;
        let later = match operation {
            "GetActivityTask" => states.get_activity_task(call, now, params),
            "TestState" => return self.test_state(call, params),
            "StartSyncExecution" => self.start_sync_execution(call, params),
            _ => return Some(self.call_states_at_once(operation, params)),
        };
        later.err().map(Err)
    }

    pub(crate) fn call_states_at_once(&mut self, operation: &str, params: &Value) -> Result<Value, AwsError> {
        let now = self.now;
        match operation {
            "CreateStateMachine" => self.create_state_machine(params),
            "UpdateStateMachine" => self.update_state_machine(params),
            "DescribeStateMachine" => self.states.describe_state_machine(params),
            "ListStateMachines" => self.states.list_state_machines(params),
            "DeleteStateMachine" => self.states.delete_state_machine(params),
            "ValidateStateMachineDefinition" => super::definition_api::validate(params),
            "PublishStateMachineVersion" => self.states.publish_version(now, params),
            "ListStateMachineVersions" => self.states.list_versions(params),
            "DeleteStateMachineVersion" => self.states.delete_version(params),
            "CreateStateMachineAlias" => self.states.create_alias(now, params),
            "UpdateStateMachineAlias" => self.states.update_alias(now, params),
            "DescribeStateMachineAlias" => self.states.describe_alias(params),
            "ListStateMachineAliases" => self.states.list_aliases(params),
            "DeleteStateMachineAlias" => self.states.delete_alias(params),
            "StartExecution" => self.start_execution(params),
            "DescribeExecution" => self.states.describe_execution(now, params),
            "DescribeStateMachineForExecution" => self.states.describe_for_execution(params),
            "ListExecutions" => self.states.list_executions(params),
            "GetExecutionHistory" => self.states.get_execution_history(params),
            "StopExecution" => self.stop_execution(params),
            "SendTaskSuccess" => self.send_task_success(params),
            "SendTaskFailure" => self.send_task_failure(params),
            "SendTaskHeartbeat" => self.send_task_heartbeat(params),
            "CreateActivity" => self.states.create_activity(now, params),
            "DescribeActivity" => self.states.describe_activity(params),
            "DeleteActivity" => self.states.delete_activity(params),
            "ListActivities" => self.states.list_activities(params),
            "RedriveExecution" => self.states.redrive_execution(now, params),
            "DescribeMapRun" => self.states.describe_map_run(params),
            "ListMapRuns" => self.states.list_map_runs(params),
            "UpdateMapRun" => self.update_map_run(params),
            "TagResource" => self.states.tag_resource(params),
            "UntagResource" => self.states.untag_resource(params),
            "ListTagsForResource" => self.states.list_tags(params),
            _ => Err(AwsError::new("UnknownOperationException", format!("states:{operation} is not simulated yet."))),
        }
    }
}

/// A date as the JSON protocol writes it.
pub(super) fn date(at: Timestamp) -> Value {
    at.epoch_seconds().into()
}

/// Names of state machines and executions: 1 to 80 characters without white space, brackets, wildcards, and
/// the special characters that the Step Functions quotas page lists.
pub(super) fn check_name(name: &str) -> Result<(), AwsError> {
    let illegal = |c: char| c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c);
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(illegal) {
        return Err(AwsError::new("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(())
}

/// An ARN of the right kind: `stateMachine`, `execution` or `activity`.
pub(super) fn check_arn<'a>(arn: &'a str, kind: &str) -> Result<&'a str, AwsError> {
    let invalid = |why: String| AwsError::new("InvalidArn", format!("Invalid Arn: '{why}'"));
    check_prefix(arn)?;
    match arn.split(':').nth(5) {
        Some(found) if found == kind => Ok(arn),
        Some(found) => Err(invalid(format!("Resource type not valid in this context: {found}"))),
        None => Err(invalid(format!("Invalid ARN: {arn}"))),
    }
}

/// An ARN of any kind.
pub(super) fn check_prefix(arn: &str) -> Result<&str, AwsError> {
    if arn.starts_with("arn:") {
        return Ok(arn);
    }
    Err(AwsError::new("InvalidArn", format!("Invalid Arn: 'Invalid ARN prefix: {arn}'")))
}

/// JSON text that a caller sent; the error reads like the JSON library that AWS uses.
pub(super) fn parse_json(text: &str) -> Result<Value, String> {
    Value::parse(text).map_err(|error| json_error(text, &error.to_string()))
}

fn json_error(text: &str, detail: &str) -> String {
    let trimmed = text.trim_start();
    let word: String = trimmed.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '$').collect();
    if trimmed.is_empty() {
        return "No content to map due to end-of-input".to_owned();
    }
    if !word.is_empty() && word.starts_with(|c: char| c.is_alphabetic()) && !["true", "false", "null"].contains(&&*word)
    {
        return format!(
            "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        );
    }
    if detail.starts_with("EOF") {
        return format!("Unexpected end-of-input: {detail}");
    }
    format!("Unexpected character: {detail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_quotas_page() {
        for good in ["InventoryStateMachine", "a", "é-_.!@'()=+", &"x".repeat(80)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "has space", "a/b", "a:b", "a<b>", "a*", &"x".repeat(81), "a\u{7}"] {
            assert_eq!(check_name(bad).unwrap_err().code, "InvalidName", "{bad}");
        }
    }

    #[test]
    fn broken_json_is_told_as_aws_tells_it() {
        assert_eq!(
            parse_json("not some json").unwrap_err(),
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        );
        assert!(parse_json("{").unwrap_err().starts_with("Unexpected end-of-input"));
    }

    #[test]
    fn arns_are_checked_for_prefix_and_kind() {
        assert_eq!(
            check_arn("nonsense", "execution").unwrap_err().message,
            "Invalid Arn: 'Invalid ARN prefix: nonsense'"
        );
        assert_eq!(
            check_arn("arn:aws:states:us-east-1:1:express:m:e", "execution").unwrap_err().message,
            "Invalid Arn: 'Resource type not valid in this context: express'"
        );
    }
}
