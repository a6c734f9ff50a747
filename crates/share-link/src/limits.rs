//! How large what is shared may be. Without limits a short text could keep the reader's computer busy for hours.

use workspace::Project;

use crate::LinkError;

/// Of a link. Firefox opens no longer address.
pub const MOST_CHARACTERS: usize = 1_000_000;
/// Of what a link unpacks to.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Of the log of a project in a link.
pub const MOST_ENTRIES: usize = 20_000;
/// To replay from a link: more than the longest jump of the clock takes, and some seconds of work.
pub const MOST_STEPS: u64 = 500_000;
/// The same of a file, which people take more trouble to send and to open.
const MOST_ENTRIES_OF_A_FILE: usize = 500_000;
const MOST_STEPS_OF_A_FILE: u64 = 3_000_000;
const MOST_NAME: usize = 200;
const MOST_DRAFTS: usize = 500;

/// Refuses what would take too long to open from a link, before it is opened.
pub(crate) fn check(project: &Project) -> Result<(), LinkError> {
    let limits = (MOST_ENTRIES, MOST_STEPS);
    exceeded(project, limits).map_or(Ok(()), |(what, most)| Err(LinkError::TooLarge { what, most }))
}

/// The same of a file.
pub(crate) fn check_file(project: &Project) -> Result<(), LinkError> {
    let limits = (MOST_ENTRIES_OF_A_FILE, MOST_STEPS_OF_A_FILE);
    exceeded(project, limits).map_or(Ok(()), |(what, most)| Err(LinkError::FileTooLarge { what, most }))
}

/// The limit that a project exceeds, if it does.
fn exceeded(project: &Project, (entries, most_steps): (usize, u64)) -> Option<(&'static str, u64)> {
    if project.name.chars().count() > MOST_NAME {
        return Some(("The number of characters of the workspace's name", MOST_NAME as u64));
    }
    if project.log.len() > entries {
        return Some(("The number of recorded inputs", entries as u64));
    }
    if project.drafts.len() > MOST_DRAFTS {
        return Some(("The number of drafts", MOST_DRAFTS as u64));
    }
    let steps = project.log.iter().map(|entry| entry.at.steps).chain([project.position.steps]).max().unwrap_or(0);
    (steps > most_steps).then_some(("The number of simulated events", most_steps))
}
