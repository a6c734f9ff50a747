//! The tutorial's run, natively: the account with the interpreter beside it.

#![allow(dead_code, reason = "each test file uses another part")]

use std::collections::BTreeMap;

use js_runtime::{Environment, RuntimeLimits};
use shared_json::json;
use sim_account::Account;
use virtual_time::Duration;
use workspace::Project;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:InventoryStateMachine";
/// What the page suggests as the first input.
const FIRST_INPUT: &str = "{\n  \"Comment\": \"Insert your JSON here\"\n}";

/// The first visit's workspace after one click on "Start execution" and a few seconds.
pub fn tutorial_run() -> Project {
    let project = workspace::tutorial();
    let mut account = project.open().unwrap();
    account.call("states:StartExecution", json!({"stateMachineArn": MACHINE, "input": FIRST_INPUT}));
    play(&mut account, 3);
    Project::of(&project.name, &account, BTreeMap::new())
}

/// Lets the account go on for some seconds, running handlers as the page's worker does.
pub fn play(account: &mut Account, seconds: u64) {
    let until = account.now() + Duration::from_secs(seconds);
    let mut environments: BTreeMap<u64, Environment> = BTreeMap::new();
    loop {
        account.advance_to(until, 100_000);
        let Some(request) = account.host_requests().next().cloned() else { return };
        let environment =
            environments.entry(request.environment).or_insert_with(|| Environment::new(RuntimeLimits::default()));
        let turn = environment.run(&request.command);
        account.answer_host(request.environment, request.sequence, turn);
    }
}
