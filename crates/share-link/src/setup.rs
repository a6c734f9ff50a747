//! A project without what was run in it: the calls that made its resources, told again to an empty account.

use std::collections::BTreeMap;

use sim_account::{Account, Caller, LoggedInput, Progress, What};
use virtual_time::Duration;
use workspace::Project;

/// Longer waits between two calls teach a reader nothing and cost steps.
const LONGEST_GAP: Duration = Duration::from_secs(60);
const MOST_STEPS: u64 = 10_000;

/// What came of leaving the runs out.
#[derive(Clone, Debug, PartialEq)]
pub enum Setup {
    /// Resources only.
    Clean(Project),
    /// They would not be the same without the runs, so the runs are in.
    WithRuns(Project),
}

impl Setup {
    #[must_use]
    pub fn project(self) -> Project {
        match self {
            Setup::Clean(project) | Setup::WithRuns(project) => project,
        }
    }
}

/// The project of what is set up in an account as it stands.
#[must_use]
pub fn of(name: &str, account: &Account, drafts: BTreeMap<String, String>) -> Setup {
    let mut fresh = Account::new(account.options().clone());
    let mut before = account.options().start;
    let mut undisturbed = true;
    for entry in account.log() {
        let LoggedInput::Call { action, params } = &entry.input else { continue };
        if !sets_up(action) {
            continue;
        }
        let gap = entry.at.now.since(before).min(LONGEST_GAP);
        before = entry.at.now;
        undisturbed &= fresh.advance_to(fresh.now() + gap, MOST_STEPS) == Progress::Went;
        fresh.call(action, params.clone());
    }
    // Triggers take a moment to be enabled.
    undisturbed &= fresh.advance_to(fresh.now() + LONGEST_GAP, MOST_STEPS) == Progress::Went;
    if undisturbed && answers(&fresh) == answers(account) {
        Setup::Clean(Project::of(name, &fresh, drafts))
    } else {
        Setup::WithRuns(Project::of(name, account, drafts))
    }
}

/// The person's calls that set something up, and whether each was taken.
fn answers(account: &Account) -> Vec<(&str, bool)> {
    let calls = account.journal().entries().filter_map(|entry| match &entry.what {
        What::Call(call) if call.caller == Caller::Root && sets_up(&call.action) => Some(call),
        _ => None,
    });
    calls.map(|call| (call.action.as_str(), matches!(call.outcome, Some(Ok(_))))).collect()
}

/// Whether a call makes, changes or deletes what stays; messages, executions and questions do not.
fn sets_up(action: &str) -> bool {
    const RUNS: [&str; 3] = ["events:PutEvents", "sqs:DeleteMessage", "sqs:DeleteMessageBatch"];
    const VERBS: [&str; 21] = [
        "Add",
        "Associate",
        "Attach",
        "Create",
        "Delete",
        "Detach",
        "Disable",
        "Enable",
        "Put",
        "Register",
        "Remove",
        "Restore",
        "Rotate",
        "Set",
        "Subscribe",
        "Tag",
        "Unsubscribe",
        "Untag",
        "Update",
        "Upload",
        "Publish",
    ];
    let action = action.rsplit('/').next().unwrap_or(action);
    let (service, verb) = action.split_once(':').unwrap_or(("", action));
    if service == "stepyard" {
        return true;
    }
    // Versions are published too, but a message to a topic is gone once it is delivered.
    let is_message = RUNS.contains(&action) || (service == "sns" && verb.starts_with("Publish"));
    !is_message && VERBS.iter().any(|known| verb.starts_with(known))
}
