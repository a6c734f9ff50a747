//! What all actions of the Step Functions API share: reading parameters, checking names, naming errors.

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::Account;

impl Account {
    /// Routes a `states:` action.
    pub(crate) fn call_states(&mut self, operation: &str, params: &Value) -> Result<Value, AwsError> {
        match operation {
            "CreateStateMachine" => self.create_state_machine(params),
            "UpdateStateMachine" => self.update_state_machine(params),
            "DescribeStateMachine" => self.states.describe_state_machine(params),
            "ListStateMachines" => self.states.list_state_machines(params),
            "DeleteStateMachine" => self.states.delete_state_machine(params),
            "ValidateStateMachineDefinition" => Ok(super::machine_api::validate(params)),
            "StartExecution" => self.start_execution(params),
            "DescribeExecution" => self.states.describe_execution(params),
            "DescribeStateMachineForExecution" => self.states.describe_for_execution(params),
            "ListExecutions" => self.states.list_executions(params),
            "GetExecutionHistory" => self.states.get_execution_history(params),
            "StopExecution" => self.stop_execution(params),
            "SendTaskSuccess" => self.send_task_success(params),
            "SendTaskFailure" => self.send_task_failure(params),
            "SendTaskHeartbeat" => self.send_task_heartbeat(params),
            _ => Err(AwsError::new("UnknownOperationException", format!("states:{operation} is not simulated yet."))),
        }
    }
}

/// A date as the JSON protocol writes it.
pub(super) fn date(at: Timestamp) -> Value {
    at.epoch_seconds().into()
}

/// A required text parameter.
pub(super) fn required<'a>(params: &'a Value, key: &str) -> Result<&'a str, AwsError> {
    params.get_str(key).ok_or_else(|| {
        AwsError::new(
            "ValidationException",
            format!(
                "1 validation error detected: Value at '{key}' failed to satisfy constraint: Member must not be null"
            ),
        )
    })
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

/// An ARN of the right kind: `stateMachine` or `execution`.
pub(super) fn check_arn<'a>(arn: &'a str, kind: &str) -> Result<&'a str, AwsError> {
    let invalid = |why: String| AwsError::new("InvalidArn", format!("Invalid Arn: '{why}'"));
    if !arn.starts_with("arn:") {
        return Err(invalid(format!("Invalid ARN prefix: {arn}")));
    }
    match arn.split(':').nth(5) {
        Some(found) if found == kind => Ok(arn),
        Some(found) => Err(invalid(format!("Resource type not valid in this context: {found}"))),
        None => Err(invalid(format!("Invalid ARN: {arn}"))),
    }
}

/// ListExecutions takes page tokens of up to so many characters.
const TOKEN_CHARACTERS: usize = 3_096;

/// One page of a list and the token of the next.
pub(super) fn page<T>(items: &[T], params: &Value, most: usize) -> Result<(usize, usize, Option<String>), AwsError> {
    let max_results = params.get("maxResults").and_then(Value::as_i64).unwrap_or(0);
    if max_results > 1_000 {
        return Err(AwsError::new(
            "ValidationException",
            format!(
                "1 validation error detected: Value '{max_results}' at 'maxResults' failed to satisfy constraint: \
                 Member must have value less than or equal to 1000"
            ),
        ));
    }
    let start = match params.get_str("nextToken") {
        None => 0,
        Some(token) if token.len() > TOKEN_CHARACTERS => {
            return Err(AwsError::new(
                "ValidationException",
                format!(
                    "1 validation error detected: Value '{token}' at 'nextToken' failed to satisfy constraint: \
                     Member must have length less than or equal to {TOKEN_CHARACTERS}"
                ),
            ));
        }
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|n| n.parse::<usize>().ok())
            .filter(|n| *n <= items.len())
            .ok_or_else(|| AwsError::new("InvalidToken", "Invalid Token: 'Invalid token'"))?,
    };
    let size = usize::try_from(max_results).ok().filter(|n| *n > 0).unwrap_or(most);
    let end = (start + size).min(items.len());
    let next = (end < items.len()).then(|| format!("page-{end}"));
    Ok((start, end, next))
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

    #[test]
    fn page_tokens_are_checked_for_length_before_they_are_read() {
        let refused = |token: String| page(&[0_u8; 3], &shared_json::json!({"nextToken": token}), 2).unwrap_err().code;
        assert_eq!(refused("x".repeat(TOKEN_CHARACTERS + 1)), "ValidationException");
        assert_eq!(refused("x".repeat(TOKEN_CHARACTERS)), "InvalidToken");
    }
}
