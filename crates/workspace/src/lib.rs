//! A project as a file: the account's options, its input log, where its clock stands, and what is still being
//! written in the editors. The account itself is not in it; it is the fold of the log.
//!
//! The format is versioned. Every older version stays readable: a reader goes through [`migrate`], one step a
//! version. It must not know: where the file is kept.

pub mod collection;
pub mod kept;
mod migrate;
mod tutorial;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sim_account::{Account, AccountOptions, LimitProfile, LogEntry, Position, ReplayError};

pub use tutorial::tutorial;

/// The version that this code writes.
pub const VERSION: u32 = 2;

/// A project: everything that a reload must bring back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    pub name: String,
    pub options: AccountOptions,
    /// Where the clock stands; it may lie before the log's last entry when somebody stepped back.
    pub position: Position,
    pub log: Vec<LogEntry>,
    /// Text that was written and not yet sent, by the place where it was written: `state-machine:new`.
    #[serde(default)]
    pub drafts: BTreeMap<String, String>,
    /// The lesson that is being done in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonMark>,
}

/// A lesson in a project. Which of its steps are done follows from the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LessonMark {
    /// Of a lesson or example that comes with the page.
    pub id: String,
    /// The whole file, when somebody brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where in the log it begins.
    pub from: Position,
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    project: &'a Project,
}

/// Why a file is no project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectError {
    NotJson {
        detail: String,
    },
    /// JSON, but no project of ours.
    NotAProject,
    /// Written by a later version than this one.
    Newer {
        version: u64,
    },
    Damaged {
        detail: String,
    },
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProjectError::NotJson { detail } => write!(f, "This file is not JSON: {detail}."),
            ProjectError::NotAProject => {
                f.write_str("This JSON file is not a Stepyard project: it lacks \"format\": \"stepyard-project\".")
            }
            ProjectError::Newer { version } => write!(
                f,
                "This project was written by a later Stepyard (format {version}; this one reads up to {VERSION}). Reload the page to get the latest."
            ),
            ProjectError::Damaged { detail } => write!(f, "This project file is damaged: {detail}."),
        }
    }
}

impl std::error::Error for ProjectError {}

impl Project {
    /// A project with an empty account and today's limits.
    #[must_use]
    pub fn empty(name: &str) -> Project {
        Project::empty_with(name, LimitProfile::Aws2026)
    }

    /// The same, with AWS's limits of another time.
    #[must_use]
    pub fn empty_with(name: &str, limits: LimitProfile) -> Project {
        let options = AccountOptions { limits, ..AccountOptions::default() };
        let position = Position { steps: 0, inputs: 0, now: options.start };
        Project { name: name.to_owned(), options, position, log: Vec::new(), drafts: BTreeMap::new(), lesson: None }
    }

    /// The project of an account as it stands.
    #[must_use]
    pub fn of(name: &str, account: &Account, drafts: BTreeMap<String, String>) -> Project {
        Project {
            name: name.to_owned(),
            options: account.options().clone(),
            position: account.position(),
            log: account.log().to_vec(),
            drafts,
            lesson: None,
        }
    }

    /// The account that the project describes.
    ///
    /// # Errors
    /// When the log was recorded by a simulation that behaved differently.
    pub fn open(&self) -> Result<Account, ReplayError> {
        Account::replay(self.options.clone(), &self.log, self.position)
    }

    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written { format: migrate::FORMAT, version: VERSION, project: self };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// The file's content, before it is text.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        let written = Written { format: migrate::FORMAT, version: VERSION, project: self };
        serde_json::to_value(&written).unwrap_or_default()
    }

    /// Reads a file of this or any earlier version.
    ///
    /// # Errors
    /// A [`ProjectError`] that says what is wrong with the file.
    pub fn from_json(text: &str) -> Result<Project, ProjectError> {
        Project::from_value(serde_json::from_str(text).map_err(|e| ProjectError::NotJson { detail: e.to_string() })?)
    }

    /// The same, from what is JSON already.
    ///
    /// # Errors
    /// A [`ProjectError`] that says what is wrong with it.
    pub fn from_value(file: serde_json::Value) -> Result<Project, ProjectError> {
        let file = migrate::to_current(file)?;
        serde_json::from_value(file).map_err(|e| ProjectError::Damaged { detail: e.to_string() })
    }
}

#[cfg(test)]
mod tests;
