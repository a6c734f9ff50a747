//! Vectors that start executions: machines are made in order, executions run, and what Step Functions tells of each
//! of them is the answer.

use shared_json::{Value, json};

use crate::select::text;
use crate::world::{ACCOUNT_ID, Answer, World, action_in, items};

pub fn run(vector: &Value) -> Value {
    let mut world = World::new(vector);
    let mut arns: Vec<(String, Value)> = Vec::new();
    for machine in items(vector, "machines") {
        let asked = ["name", "type", "definition", "roleArn"].into_iter();
        let params = asked.filter_map(|key| Some((key, machine.get(key)?.clone())));
        let mut params = with_logging(Value::object(params), machine.get("logging"));
        let account = machine.get_str("account");
        if let Some(account) = account {
            // Recordings name a role of the first account everywhere; a machine needs one of its own.
            params = params.with("roleArn", world.role_in(account).into());
        }
        let action = action_in(account.unwrap_or(ACCOUNT_ID), "states:CreateStateMachine");
        match world.call(&action, params) {
            Ok(made) => arns.push((text(&machine["name"]), made["stateMachineArn"].clone())),
            Err(error) => return json!({"executions": [], "createError": error_object(&error)}),
        }
    }
    // With outside workers, executions may run beside each other; otherwise one after the other.
    let together = vector.get("script").is_some();
    let mut started = Vec::new();
    for execution in items(vector, "executions") {
        let machine = execution.get_str("machine").unwrap_or_default();
        let machine_arn = arns.iter().find(|(name, _)| name == machine).map(|(_, arn)| arn.clone());
        let answer = start(&mut world, machine_arn.unwrap_or_default(), execution);
        if let (Ok(answer), false) = (&answer, together) {
            finish(&mut world, &answer["executionArn"]);
        }
        started.push(answer);
    }
    let calls_out = !items(vector, "functions").is_empty();
    let executions: Vec<Value> = started.into_iter().map(|answer| told(&mut world, answer, calls_out)).collect();
    Value::object([("executions", executions.into()), ("createError", Value::Null)])
}

/// The log's destination is not said and does not matter.
fn with_logging(params: Value, logging: Option<&Value>) -> Value {
    let Some(logging) = logging else { return params };
    let group = "arn:aws:logs:us-east-1:111111111111:log-group:/aws/vendedlogs/states/conformance:*";
    let destination = json!([{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]);
    params.with("loggingConfiguration", logging.with("destinations", destination))
}

fn start(world: &mut World, machine_arn: Value, execution: &Value) -> Answer {
    let action = match execution.get_str("mode") {
        Some("sync") => "states:StartSyncExecution",
        _ => "states:StartExecution",
    };
    let given = ["name", "input"].into_iter().filter_map(|key| Some((key, execution.get(key)?.clone())));
    world.call(action, Value::object(given.chain([("stateMachineArn", machine_arn)])))
}

/// Lets time pass until the execution has ended, or until it will not end any more.
fn finish(world: &mut World, arn: &Value) {
    let arn = text(arn);
    world.wait(|world| world.has_ended(&arn));
}

fn told(world: &mut World, started: Answer, calls_out: bool) -> Value {
    let started = match started {
        Ok(started) => started,
        Err(error) => return json!({"status": "NOT_STARTED", "error": error.code, "cause": error.message}),
    };
    let arn = &started["executionArn"];
    if started.get("billingDetails").is_some() {
        return told_sync(&started, calls_out);
    }
    finish(world, arn);
    let log = world.execution_log(&text(arn));
    if text(arn).split(':').nth(5) == Some("express") {
        return told_by_log(&log);
    }
    let asked = Value::object([("executionArn", arn.clone())]);
    match world.call("states:DescribeExecution", asked) {
        Ok(described) => {
            let shown = ["status", "output", "error", "cause"].into_iter();
            let shown = shown.filter_map(|key| Some((key, described.get(key)?.clone())));
            let shown = Value::object(shown).with("history", history(world, arn).into());
            if log.is_empty() { shown } else { shown.with("logs", log.into()) }
        }
        Err(error) => json!({"status": "NOT_DESCRIBED", "error": error.code, "cause": error.message}),
    }
}

/// A synchronous execution tells all in its answer. How long it was billed for depends on the network of that day, so
/// the answer as a whole is shown only when nothing outside was called.
fn told_sync(response: &Value, calls_out: bool) -> Value {
    let shown = ["status", "output", "error", "cause"].into_iter();
    let shown = Value::object(shown.filter_map(|key| Some((key, response.get(key)?.clone()))));
    if calls_out { shown } else { shown.with("response", response.clone()) }
}

/// Of an asynchronous Express execution only the log tells.
fn told_by_log(log: &[Value]) -> Value {
    let Some(end) = log.last() else { return json!({"status": "NOT_LOGGED"}) };
    let status = match end.get_str("type") {
        Some("ExecutionSucceeded") => "SUCCEEDED",
        Some("ExecutionFailed") => "FAILED",
        Some("ExecutionTimedOut") => "TIMED_OUT",
        Some("ExecutionAborted") => "ABORTED",
        _ => "RUNNING",
    };
    let shown = ["output", "error", "cause"].into_iter();
    let shown = shown.filter_map(|key| Some((key, end["details"].get(key)?.clone())));
    Value::object(shown).with("status", status.into()).with("endLogEvent", end.clone())
}

/// All pages of GetExecutionHistory.
fn history(world: &mut World, arn: &Value) -> Vec<Value> {
    let mut asked = json!({"maxResults": 1000}).with("executionArn", arn.clone());
    let mut events = Vec::new();
    while let Ok(page) = world.call("states:GetExecutionHistory", asked.clone()) {
        events.extend_from_slice(items(&page, "events"));
        match page.get("nextToken") {
            Some(token) => asked = asked.with("nextToken", token.clone()),
            None => break,
        }
    }
    events
}

pub fn error_object(error: &aws_protocol::AwsError) -> Value {
    json!({"code": error.code, "message": error.message})
}
