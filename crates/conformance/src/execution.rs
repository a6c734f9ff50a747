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
        let mut params = Value::object(asked.filter_map(|key| Some((key, machine.get(key)?.clone()))));
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
    let executions: Vec<Value> = started.into_iter().map(|answer| told(&mut world, answer)).collect();
    Value::object([("executions", executions.into()), ("createError", Value::Null)])
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
    let asked = Value::object([("executionArn", arn.clone())]);
    world.wait(|world| {
        let described = world.call("states:DescribeExecution", asked.clone());
        described.map_or(true, |described| described.get_str("status") != Some("RUNNING"))
    });
}

fn told(world: &mut World, started: Answer) -> Value {
    let started = match started {
        Ok(started) => started,
        Err(error) => return json!({"status": "NOT_STARTED", "error": error.code, "cause": error.message}),
    };
    let arn = &started["executionArn"];
    finish(world, arn);
    let asked = Value::object([("executionArn", arn.clone())]);
    match world.call("states:DescribeExecution", asked) {
        Ok(described) => {
            let shown = ["status", "output", "error", "cause"].into_iter();
            let shown = shown.filter_map(|key| Some((key, described.get(key)?.clone())));
            Value::object(shown).with("history", history(world, arn).into())
        }
        Err(error) => json!({"status": "NOT_DESCRIBED", "error": error.code, "cause": error.message}),
    }
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
