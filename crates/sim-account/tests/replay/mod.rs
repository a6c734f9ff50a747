//! A recorded run, `recorded.json`: an account's options, its input log, where it ended, and the digest of what it was
//! there. Whoever replays the log must get the same bytes.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sim_account::{Account, AccountOptions, LogEntry, Position};

#[derive(Serialize, Deserialize)]
pub struct Recording {
    pub options: AccountOptions,
    pub end: Position,
    /// SHA-256 of the snapshot's text, in hexadecimal digits.
    pub snapshot_sha256: String,
    pub log: Vec<LogEntry>,
}

pub fn recording() -> Recording {
    serde_json::from_str(include_str!("recorded.json")).expect("the recording is JSON")
}

pub fn digest(account: &Account) -> String {
    let hash = Sha256::digest(account.snapshot().to_string());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replays the recorded run; its digest must be the recorded one.
pub fn check() {
    let Recording { options, end, snapshot_sha256, log } = recording();
    let account = Account::replay(options, &log, end).expect("the log fits");
    assert_eq!(digest(&account), snapshot_sha256, "STEPYARD_RERECORD=1 records anew what was meant to change");
}
