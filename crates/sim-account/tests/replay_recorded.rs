//! The recorded run gives the recorded bytes. `STEPYARD_RERECORD=1 cargo test -p sim-account --test replay_recorded`
//! plays it anew and writes `tests/replay/recorded.json`.

#![cfg(not(target_arch = "wasm32"))]

mod replay;
mod support;

use replay::Recording;
use shared_json::json;
use sim_account::Account;
use support::{Handler, add_trigger, ok, run, start, status, workshop};
use virtual_time::Duration;

/// Parcels that arrive, one that the depot drops, one that is stopped, a poisoned message, a trigger switched off.
fn played() -> Account {
    let mut account = workshop();
    let uuid = add_trigger(&mut account);
    let first = start(&mut account, "first");
    run(&mut account, Duration::from_secs(40), Handler::Succeeds);
    assert_eq!(status(&account, &first), "SUCCEEDED");
    start(&mut account, "dropped");
    run(&mut account, Duration::from_millis(2_500), Handler::ReportsFailure);
    let forgotten = start(&mut account, "forgotten");
    run(&mut account, Duration::from_secs(40), Handler::Throws);
    ok(&mut account, "states:StopExecution", json!({"executionArn": forgotten, "error": "Lost", "cause": "no answer"}));
    ok(&mut account, "lambda:UpdateEventSourceMapping", json!({"UUID": uuid, "Enabled": false}));
    ok(
        &mut account,
        "sqs:SendMessage",
        json!({"QueueUrl": support::QUEUE_URL, "MessageBody": "é ✓", "DelaySeconds": 3}),
    );
    run(&mut account, Duration::from_secs(75), Handler::Succeeds);
    account
}

#[test]
#[expect(clippy::disallowed_methods, reason = "recording anew is asked for by the environment, and writes a file")]
fn a_recorded_run_gives_the_recorded_bytes() {
    if std::env::var_os("STEPYARD_RERECORD").is_some() {
        let account = played();
        let recording = Recording {
            options: account.options().clone(),
            end: account.position(),
            snapshot_sha256: replay::digest(&account),
            log: account.log().to_vec(),
        };
        let text = serde_json::to_string_pretty(&recording).expect("plain data") + "\n";
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/replay/recorded.json"), text).expect("writable");
    } else {
        replay::check();
    }
}
