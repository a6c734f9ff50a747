//! Looks through what is about to be shared for what its writer may not want to show: account ids and secrets.
//!
//! It errs on the side of silence where a warning would be noise: placeholders, references to a setting, and the ids
//! and keys of AWS's own examples are no finding.

mod secrets;
mod text;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;
use sim_account::LoggedInput;
use workspace::Project;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    AccountId,
    AccessKey,
    PrivateKey,
    Token,
    /// A value under a name such as `password`.
    Secret,
}

impl What {
    /// As a sentence names it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            What::AccountId => "An account id",
            What::AccessKey => "An AWS access key",
            What::PrivateKey => "A private key",
            What::Token => "An access token",
            What::Secret => "What looks like a secret",
        }
    }
}

/// Something to look at before sharing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub what: What,
    /// Account ids in full; of secrets only as much as is needed to find them.
    pub sample: String,
    /// Where it is: `lambda:CreateFunction, input 9`.
    pub place: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, in {}", self.what.words(), self.sample, self.place)
    }
}

/// More would not be read.
const MOST: usize = 50;

/// What is found in a project, each thing once, at its first place.
#[must_use]
pub fn scan(project: &Project) -> Vec<Finding> {
    let mut found = Found::default();
    if text::is_foreign_account(&project.options.account_id) {
        found.add(What::AccountId, project.options.account_id.clone(), "the account's settings");
    }
    found.text(&project.name, "the workspace's name");
    for (number, entry) in project.log.iter().enumerate() {
        match &entry.input {
            LoggedInput::Call { action, params } => {
                let place = format!("{action}, input {}", number + 1);
                found.text(action, &place);
                found.value(&serde_json::to_value(params).unwrap_or_default(), &place);
            }
            LoggedInput::HostAnswer { turn, .. } => {
                let place = format!("what a handler did, input {}", number + 1);
                found.value(&serde_json::to_value(turn).unwrap_or_default(), &place);
            }
        }
    }
    for (place, draft) in &project.drafts {
        found.text(draft, &format!("the draft {place}"));
    }
    found.findings
}

#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    known: BTreeSet<(What, String)>,
}

impl Found {
    fn add(&mut self, what: What, sample: String, place: &str) {
        if self.findings.len() < MOST && self.known.insert((what, sample.clone())) {
            self.findings.push(Finding { what, sample, place: place.to_owned() });
        }
    }

    fn text(&mut self, text: &str, place: &str) {
        for (what, sample) in text::findings(text) {
            self.add(what, sample, place);
        }
    }

    fn value(&mut self, value: &Value, place: &str) {
        match value {
            Value::String(text) => self.text(text, place),
            Value::Array(items) => items.iter().for_each(|item| self.value(item, place)),
            Value::Object(members) => {
                for (name, member) in members {
                    if let Value::String(text) = member
                        && secrets::is_secret_name(name)
                        && secrets::is_secret_value(text)
                    {
                        self.add(What::Secret, format!("{name} = {}", secrets::masked(text)), place);
                    }
                    self.value(member, place);
                }
            }
            _ => {}
        }
    }
}
