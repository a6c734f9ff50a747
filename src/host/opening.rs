//! Which workspace a tab opens: the one it had, or the one that was open last, as long as no other tab has it. What
//! cannot be opened stays as it is and is told of.

use std::time::Duration;

use workspace::Project;
use workspace::collection::{self, Summary};
use workspace::kept::{Keeper, Kept};
use yew::platform::time::sleep;

use crate::bindings::locks;
use crate::bindings::store::{self, KeptHead};
use crate::embed::options;
use crate::host::keeping::{Current, lock_name, new_id, now};
use crate::host::prefs;
use crate::session::{Action, FlashKind, Session, WorkspaceDeed};

/// A workspace on its way into the page.
#[derive(Debug)]
pub struct Opened {
    pub session: Session,
    pub current: Current,
    /// It is not the one that this browser showed last: the places remembered are not in it.
    pub elsewhere: bool,
}

/// What a tab shows first.
#[derive(Debug)]
pub enum Start {
    Opened(Box<Opened>),
    /// Another tab has the workspace.
    Taken {
        id: String,
        name: String,
    },
}

/// A deleted workspace can be brought back for so long.
const DELETED_FOR_MILLIS: u64 = 30 * 24 * 3_600 * 1_000;

/// Opens what this tab is to show.
pub async fn start() -> Start {
    if options::of_this_page().is_some() {
        return Start::Opened(Box::new(framed()));
    }
    if let Err(why) = store::open().await {
        let mut opened = first_visit().await;
        let text = "This browser keeps nothing for this page. Your work lasts as long as the page: download it before you \
                    close it.";
        opened.session.say(FlashKind::Warning, text, Some(Action::Workspace(WorkspaceDeed::Download)));
        web_sys::console::info_1(&format!("{why}").into());
        return Start::Opened(Box::new(opened));
    }
    let all = prepared().await;
    let wanted = prefs::tab(prefs::WORKSPACE).or_else(|| prefs::load::<String>(prefs::WORKSPACE));
    let mut ids: Vec<&(String, Summary)> = all.iter().filter(|(_, summary)| summary.deleted.is_none()).collect();
    ids.sort_by_key(|(id, _)| Some(id) != wanted.as_ref());
    let mut damaged = None;
    for (id, summary) in ids {
        match open(id, false).await {
            Ok(mut opened) => {
                tell_of(damaged, &mut opened.session);
                return Start::Opened(opened);
            }
            Err(Refused::Taken) if Some(id) == wanted.as_ref() => {
                return Start::Taken { id: id.clone(), name: summary.name.clone() };
            }
            Err(Refused::Taken) => {}
            Err(Refused::Damaged(why)) => damaged = damaged.or(Some((id.clone(), summary.name.clone(), why))),
        }
    }
    let mut opened = first_visit().await;
    tell_of(damaged, &mut opened.session);
    Start::Opened(Box::new(opened))
}

fn tell_of(damaged: Option<(String, String, String)>, session: &mut Session) {
    let Some((id, name, why)) = damaged else { return };
    let text = format!("The workspace “{name}” could not be opened, and is kept as it is. {why}");
    session.say(FlashKind::Error, text, Some(Action::Workspace(WorkspaceDeed::Salvage(id))));
}

/// The list, with what earlier versions kept entered into it and what was deleted long ago gone from it.
async fn prepared() -> Vec<(String, Summary)> {
    for (id, text) in store::unlisted().await.unwrap_or_default() {
        let name = Project::from_json(&text).map_or_else(|_| "Workspace".to_owned(), |project| project.name);
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        // If it fails the next visit tries again.
        let _ = store::put_summary(&id, &Summary { name, changed: now(), bytes, ..Summary::default() }).await;
    }
    let all = store::list().await.unwrap_or_default();
    let long_ago = now().saturating_sub(DELETED_FOR_MILLIS);
    for (id, summary) in &all {
        if summary.deleted.is_some_and(|deleted| deleted < long_ago) {
            let _ = store::remove(id).await;
        }
    }
    all
}

/// Why a workspace was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Another tab has it.
    Taken,
    /// It cannot be read, for this reason.
    Damaged(String),
}

/// Opens a kept workspace. `steal` takes it from the tab that has it.
///
/// # Errors
/// When another tab has it, or it cannot be read; then it is marked as damaged and otherwise left as it is.
pub async fn open(id: &str, steal: bool) -> Result<Box<Opened>, Refused> {
    let mut current = Current::new(id.to_owned(), Keeper::new(&new_id(), &Project::empty("")));
    if !current.lock(steal).await {
        return Err(Refused::Taken);
    }
    if steal {
        // The tab that had it may be in the middle of a write; its next one finds that it has lost it.
        sleep(Duration::from_millis(200)).await;
    }
    let summary = summary_of(id).await;
    // What brings the page down while it is opened must not do so at each visit.
    let crashed_before = prefs::load::<String>(prefs::OPENING).as_deref() == Some(id);
    let read = if crashed_before {
        prefs::forget(prefs::OPENING);
        Err("The page crashed or was closed while it was being opened.".to_owned())
    } else {
        prefs::save(prefs::OPENING, &id);
        let read = read(id).await;
        prefs::forget(prefs::OPENING);
        read
    };
    let (kept, mut session, keeper) = match read {
        Ok(read) => read,
        Err(why) => {
            let damaged = Summary { damaged: Some(why.clone()), ..summary };
            let _ = store::put_summary(id, &damaged).await;
            return Err(Refused::Damaged(why));
        }
    };
    if !summary.name.is_empty() && summary.name != session.name() {
        session.rename(&summary.name);
    }
    current.keeper = keeper;
    current.head = KeptHead::of(kept.head.as_deref().unwrap_or_default());
    current.changed = summary.changed;
    let elsewhere = prefs::load::<String>(prefs::WORKSPACE).as_deref() != Some(id);
    if prefs::take(prefs::CRASHED) == Some(true) {
        // What brought the page down may lie right ahead.
        let text = "The page crashed before. Time is paused; your work is as you left it.";
        session.say(FlashKind::Warning, text, None);
    } else if !elsewhere && prefs::load(prefs::PLAYING) == Some(true) {
        session.dispatch(Action::Play);
    }
    remember(id);
    Ok(Box::new(Opened { session, current, elsewhere }))
}

async fn read(id: &str) -> Result<(Kept, Session, Keeper), String> {
    let kept = store::read(id).await.map_err(|error| format!("The browser could not read it: {error}."))?;
    let (project, keeper) = kept.read(&new_id()).map_err(|error| error.to_string())?;
    let session = Session::open(project).map_err(|failed| failed.1.to_string())?;
    Ok((kept, session, keeper))
}

/// What the list says of a workspace.
pub async fn summary_of(id: &str) -> Summary {
    let all = store::list().await.unwrap_or_default();
    all.into_iter().find(|(known, _)| known == id).map(|(_, summary)| summary).unwrap_or_default()
}

/// A kept workspace that is not open here, under the name that the list gives it.
///
/// # Errors
/// Why it cannot be read.
pub async fn project_of(id: &str) -> Result<Project, String> {
    let kept = store::read(id).await.map_err(|error| format!("The browser cannot read it: {error}."))?;
    let (project, _) = kept.read("").map_err(|error| error.to_string())?;
    let name = summary_of(id).await.name;
    Ok(if name.is_empty() { project } else { Project { name, ..project } })
}

/// A copy of a kept workspace, as a new one.
///
/// # Errors
/// Why it cannot be read.
pub async fn copy(id: &str) -> Result<Opened, String> {
    let project = project_of(id).await?;
    make(Project { name: format!("{} copy", project.name), ..project }).await
}

/// A new workspace of a project, under a name that no other has. Nothing of it is kept yet.
///
/// # Errors
/// Why the project's log cannot be told again.
pub async fn make(project: Project) -> Result<Opened, String> {
    let taken = store::list().await.unwrap_or_default();
    let taken: Vec<&str> = taken.iter().map(|(_, summary)| summary.name.as_str()).collect();
    let project = Project { name: collection::free_name(&project.name, &taken), ..project };
    let keeper = Keeper::new(&new_id(), &project);
    let session = Session::open(project).map_err(|failed| failed.1.to_string())?;
    let mut current = Current::new(new_id(), keeper);
    // Nobody else knows its name.
    current.lock(false).await;
    remember(&current.id);
    Ok(Opened { session, current, elsewhere: true })
}

/// This tab shows it again after a reload, and the next new tab does.
fn remember(id: &str) {
    prefs::save(prefs::WORKSPACE, &id);
    prefs::save_tab(prefs::WORKSPACE, id);
}

/// Something alive: one click from running, with the clock going.
async fn first_visit() -> Opened {
    let project = workspace::tutorial();
    let mut current = Current::new(new_id(), Keeper::new(&new_id(), &project));
    current.lock(false).await;
    let mut session = Session::open(project).unwrap_or_else(|_| Session::empty("Workspace"));
    session.dispatch(Action::Play);
    remember(&current.id);
    Opened { session, current, elsewhere: true }
}

/// In a frame of somebody else's page: nothing is looked up, and what the store is given stays in the page's memory. A
/// frame without a link shows the tutorial's project.
fn framed() -> Opened {
    let project = workspace::tutorial();
    let current = Current::new(new_id(), Keeper::new(&new_id(), &project));
    let session = Session::open(project).unwrap_or_else(|_| Session::empty("Workspace"));
    Opened { session, current, elsewhere: true }
}

/// The names of the workspaces that some tab has open, this one included.
pub async fn open_in_tabs(ids: impl IntoIterator<Item = String>) -> Vec<String> {
    let taken = locks::taken().await;
    ids.into_iter().filter(|id| taken.contains(&lock_name(id))).collect()
}
