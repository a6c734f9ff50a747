//! How large what is shared may be. Without limits a short text could keep the reader's computer busy for hours.

use workspace::Project;

use crate::LinkError;

/// Of a link. Firefox opens no longer address.
pub const MOST_CHARACTERS: usize = 1_000_000;
/// Of what a link unpacks to.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Of the project's log.
pub const MOST_ENTRIES: usize = 20_000;
/// To replay: a queue that is polled for a year takes more than a million, and some seconds.
pub const MOST_STEPS: u64 = 2_000_000;
const MOST_NAME: usize = 200;
const MOST_DRAFTS: usize = 500;

/// Refuses what would take too long to open, before it is opened.
pub(crate) fn check(project: &Project) -> Result<(), LinkError> {
    let too_large = |what, most| Err(LinkError::TooLarge { what, most });
    if project.name.chars().count() > MOST_NAME {
        return too_large("The number of characters of the workspace's name", MOST_NAME as u64);
    }
    if project.log.len() > MOST_ENTRIES {
        return too_large("The number of recorded inputs", MOST_ENTRIES as u64);
    }
    if project.drafts.len() > MOST_DRAFTS {
        return too_large("The number of drafts", MOST_DRAFTS as u64);
    }
    let steps = project.log.iter().map(|entry| entry.at.steps).chain([project.position.steps]).max().unwrap_or(0);
    if steps > MOST_STEPS {
        return too_large("The number of simulated events", MOST_STEPS);
    }
    Ok(())
}
