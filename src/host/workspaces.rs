//! What a person can do with workspaces: open, make, copy, rename, delete and bring back, take in and give out.
//!
//! Opening anything never takes the place of what the person made: it becomes a workspace of its own.

use std::cell::RefCell;
use std::rc::Rc;

use workspace::Project;
use workspace::collection::{self, Summary};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::bindings::store;
use crate::host::files::download;
use crate::host::keeping::{Keeping, new_id, now};
use crate::host::opening::{self, Opened, Refused, project_of};
use crate::session::{Action, FlashKind, Session, WorkspaceDeed};

/// A workspace in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: String,
    pub summary: Summary,
    /// This tab has it open.
    pub here: bool,
    /// Another tab has it open.
    pub elsewhere: bool,
    /// It is only in this page's memory.
    pub in_memory: bool,
}

/// The workspaces, for views. Clones share everything.
#[derive(Clone)]
pub struct Workspaces(Rc<Inner>);

struct Inner {
    session: Rc<RefCell<Session>>,
    keeping: Keeping,
    after: Callback<()>,
    go_home: Callback<()>,
}

impl std::fmt::Debug for Workspaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspaces").finish_non_exhaustive()
    }
}

impl PartialEq for Workspaces {
    fn eq(&self, other: &Workspaces) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Workspaces {
    pub(super) fn new(
        session: Rc<RefCell<Session>>,
        keeping: Keeping,
        after: Callback<()>,
        go_home: Callback<()>,
    ) -> Workspaces {
        Workspaces(Rc::new(Inner { session, keeping, after, go_home }))
    }

    /// Opens a project as a new workspace beside the person's own, and says so. `playing` lets its clock go: for what
    /// comes from elsewhere it must be false, so that nothing runs before its reader says so.
    pub fn open_new(&self, project: Project, said: &str, playing: bool) {
        self.open_new_then(project, said, playing, || {});
    }

    /// The same; `then` is called when it is open.
    pub fn open_new_then(&self, project: Project, said: &str, playing: bool, then: impl FnOnce() + 'static) {
        let (this, said) = (self.clone(), said.to_owned());
        spawn_local(async move {
            this.0.keeping.settle().await;
            match opening::make(project).await {
                Ok(opened) => {
                    this.put_in_place(opened, &said, playing);
                    then();
                }
                Err(why) => this.say(FlashKind::Error, &why, None),
            }
        });
    }

    /// Waits until all is kept, with time paused: before the page is left.
    pub async fn settle(&self) {
        self.0.keeping.settle().await;
        self.0.after.emit(());
    }

    /// What a message's button asks for.
    pub fn perform(&self, deed: WorkspaceDeed) {
        let this = self.clone();
        spawn_local(async move {
            match deed {
                WorkspaceDeed::Open(id) => this.open(&id, false).await,
                WorkspaceDeed::TakeOver(id) => this.open(&id, true).await,
                WorkspaceDeed::OpenCopy(id) => this.open_copy(&id).await,
                WorkspaceDeed::Restore(id) => this.restore(&id).await,
                WorkspaceDeed::KeepCopy => this.keep_copy().await,
                WorkspaceDeed::Download => this.download(&this.0.keeping.id()).await,
                WorkspaceDeed::Salvage(id) => this.download(&id).await,
            }
        });
    }

    /// All workspaces, the one that was changed last first.
    pub async fn list(&self) -> Vec<Listed> {
        let all = match store::list().await {
            Ok(all) => all,
            Err(error) => {
                self.say(FlashKind::Error, &format!("The list of workspaces cannot be read: {error}."), None);
                Vec::new()
            }
        };
        let open = opening::open_in_tabs(all.iter().map(|(id, _)| id.clone())).await;
        let here = self.0.keeping.id();
        let listed = |(id, summary): (String, Summary)| Listed {
            here: id == here,
            elsewhere: id != here && open.contains(&id),
            in_memory: store::lasts_as_the_page(&id),
            id,
            summary,
        };
        all.into_iter().map(listed).collect()
    }

    /// Opens a kept workspace in place of the one that is open.
    pub async fn open(&self, id: &str, steal: bool) {
        if id == self.0.keeping.id() {
            return;
        }
        self.0.keeping.settle().await;
        match opening::open(id, steal).await {
            Ok(opened) => {
                let said = format!("“{}” is open. Time is paused.", opened.session.name());
                self.put_in_place(*opened, &said, false);
            }
            Err(Refused::Taken) => {
                let text = "This workspace is open in another tab.";
                self.say(FlashKind::Warning, text, Some(WorkspaceDeed::TakeOver(id.to_owned())));
            }
            Err(Refused::Damaged(why)) => {
                let text = format!("This workspace could not be opened, and is kept as it is. {why}");
                self.say(FlashKind::Error, &text, Some(WorkspaceDeed::Salvage(id.to_owned())));
            }
        }
    }

    /// Opens a copy of a kept workspace, the one that is open included.
    pub async fn open_copy(&self, id: &str) {
        if id == self.0.keeping.id() {
            self.0.keeping.settle().await;
        }
        match opening::copy(id).await {
            Ok(opened) => self.put_in_place(opened, "A copy is open. Time is paused.", false),
            Err(why) => self.say(FlashKind::Error, &format!("It cannot be copied. {why}"), None),
        }
    }

    /// This tab's work becomes a workspace of its own.
    async fn keep_copy(&self) {
        self.0.keeping.become_another("copy");
        self.0.keeping.lock().await;
        self.0.keeping.save();
        self.say(FlashKind::Success, "This tab has a workspace of its own now.", None);
    }

    /// Gives a workspace another name.
    ///
    /// # Errors
    /// Why the name cannot be taken.
    pub async fn rename(&self, id: &str, name: &str) -> Result<(), String> {
        let name = name.trim();
        if name.is_empty() {
            return Err("A workspace needs a name.".to_owned());
        }
        if name.chars().count() > 80 {
            return Err("A name has at most 80 characters.".to_owned());
        }
        if id == self.0.keeping.id() {
            self.0.session.borrow_mut().own_mut().rename(name);
            self.0.after.emit(());
            return Ok(());
        }
        self.refuse_elsewhere(id).await?;
        // The list's name is the one that counts when it is opened.
        let summary = Summary { name: name.to_owned(), ..opening::summary_of(id).await };
        store::put_summary(id, &summary).await.map_err(|error| format!("It could not be renamed: {error}."))
    }

    async fn refuse_elsewhere(&self, id: &str) -> Result<(), String> {
        if self.0.keeping.id() != id && !opening::open_in_tabs([id.to_owned()]).await.is_empty() {
            return Err("This workspace is open in another tab: do it there, or close that tab first.".to_owned());
        }
        Ok(())
    }

    /// Deletes a workspace. It can be brought back for thirty days.
    pub async fn delete(&self, id: &str) {
        if let Err(why) = self.refuse_elsewhere(id).await {
            return self.say(FlashKind::Warning, &why, None);
        }
        let summary = opening::summary_of(id).await;
        let name = summary.name.clone();
        if id == self.0.keeping.id() {
            self.0.keeping.settle().await;
            // Something must be open: the next one, or an empty one.
            let next = self.list().await.into_iter().find(|listed| {
                !listed.here
                    && !listed.elsewhere
                    && listed.summary.deleted.is_none()
                    && listed.summary.damaged.is_none()
            });
            match next {
                Some(next) => self.open(&next.id, false).await,
                None => match opening::make(Project::empty("My workspace")).await {
                    Ok(opened) => self.put_in_place(opened, "An empty workspace is open.", true),
                    Err(why) => return self.say(FlashKind::Error, &why, None),
                },
            }
        }
        let deleted = Summary { deleted: Some(now()), ..opening::summary_of(id).await };
        match store::put_summary(id, &deleted).await {
            Ok(()) => self.say(
                FlashKind::Success,
                &format!("Deleted the workspace “{name}”."),
                Some(WorkspaceDeed::Restore(id.to_owned())),
            ),
            Err(error) => self.say(FlashKind::Error, &format!("It could not be deleted: {error}."), None),
        }
    }

    /// Brings a deleted workspace back.
    pub async fn restore(&self, id: &str) {
        let summary = Summary { deleted: None, ..opening::summary_of(id).await };
        let text = format!("The workspace “{}” is back.", summary.name);
        match store::put_summary(id, &summary).await {
            Ok(()) => self.say(FlashKind::Success, &text, None),
            Err(error) => self.say(FlashKind::Error, &format!("It could not be brought back: {error}."), None),
        }
    }

    /// Deletes a workspace for good, which was deleted before.
    pub async fn erase(&self, id: &str) {
        if let Err(error) = store::remove(id).await {
            self.say(FlashKind::Error, &format!("It could not be deleted: {error}."), None);
        }
    }

    /// The open workspace goes back to how it began.
    pub async fn reset(&self) {
        self.0.keeping.settle().await;
        let kept = store::read(&self.0.keeping.id()).await.map_err(|error| error.to_string());
        match kept.and_then(|kept| kept.beginning().map_err(|error| error.to_string())) {
            Ok(beginning) => {
                let mut session = self.0.session.borrow_mut();
                session.go_home();
                session.reset(&beginning);
                drop(session);
                self.0.after.emit(());
            }
            Err(why) => self.say(FlashKind::Error, &format!("The workspace cannot be reset. {why}"), None),
        }
    }

    /// Offers a workspace as a project's file; one that cannot be read as it lies there.
    pub async fn download(&self, id: &str) {
        if id == self.0.keeping.id() {
            let text = self.0.session.borrow().project().to_json();
            return download("project.stepyard.json", "application/json", &text);
        }
        match project_of(id).await {
            Ok(project) => download("project.stepyard.json", "application/json", &project.to_json()),
            Err(_) => match store::read(id).await {
                Ok(kept) => download("damaged-workspace.json", "application/json", &kept.salvage()),
                Err(error) => self.say(FlashKind::Error, &format!("It cannot be read: {error}."), None),
            },
        }
    }

    /// Offers one file with every workspace that can be read, and says which cannot.
    pub async fn download_all(&self) {
        let (mut projects, mut unreadable) = (Vec::new(), Vec::new());
        for listed in self.list().await.into_iter().filter(|listed| listed.summary.deleted.is_none()) {
            if listed.here {
                projects.push(self.0.session.borrow().own().project());
                continue;
            }
            match project_of(&listed.id).await {
                Ok(project) => projects.push(project),
                Err(_) => unreadable.push(format!("“{}”", listed.summary.name)),
            }
        }
        download("workspaces.stepyard.json", "application/json", &collection::all_to_json(&projects));
        if !unreadable.is_empty() {
            let names = unreadable.join(", ");
            let text = format!("The file does not hold {names}, which cannot be read: download each by itself.");
            self.say(FlashKind::Warning, &text, None);
        }
    }

    /// Takes in a file: a project is opened as a new workspace, several become entries of the list.
    pub async fn take_in(&self, text: &str) {
        let mut projects = match collection::all_from_json(text) {
            Ok(projects) => projects,
            Err(error) => return self.say(FlashKind::Error, &error.to_string(), None),
        };
        if projects.len() == 1 {
            match projects.remove(0) {
                // A project from elsewhere runs nothing until its reader says so.
                Ok(project) => self.open_new(project, "The project is open as a new workspace. Time is paused.", false),
                Err(error) => self.say(FlashKind::Error, &error.to_string(), None),
            }
            return;
        }
        let all = projects.len();
        let mut taken: Vec<String> = self.list().await.into_iter().map(|listed| listed.summary.name).collect();
        let (mut kept, mut problems) = (0, Vec::new());
        for (number, project) in projects.into_iter().enumerate() {
            let outcome = match project {
                Ok(project) => self.keep_new(project, &mut taken).await,
                Err(error) => Err(error.to_string()),
            };
            match outcome {
                Ok(()) => kept += 1,
                Err(why) => problems.push(format!("Workspace {}: {why}", number + 1)),
            }
        }
        if problems.is_empty() {
            self.say(FlashKind::Success, &format!("Took in {kept} workspaces."), None);
        } else {
            let problems = problems.join(" ");
            self.say(FlashKind::Warning, &format!("Took in {kept} of {all} workspaces. {problems}"), None);
        }
    }

    /// A project becomes an entry of the list, without being opened.
    async fn keep_new(&self, project: Project, taken: &mut Vec<String>) -> Result<(), String> {
        let names: Vec<&str> = taken.iter().map(String::as_str).collect();
        let name = collection::free_name(&project.name, &names);
        let text = Project { name: name.clone(), ..project }.to_json();
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let summary = Summary { name: name.clone(), changed: now(), bytes, ..Summary::default() };
        store::put_whole(&new_id(), &text, &summary).await.map_err(|error| format!("{error}."))?;
        taken.push(name);
        Ok(())
    }

    /// Keeps a copy of a workspace beside it.
    pub async fn duplicate(&self, id: &str) {
        let project =
            if id == self.0.keeping.id() { Ok(self.0.session.borrow().project()) } else { project_of(id).await };
        let mut taken: Vec<String> = self.list().await.into_iter().map(|listed| listed.summary.name).collect();
        let outcome = match project {
            Ok(project) => {
                let name = format!("{} copy", project.name);
                self.keep_new(Project { name, ..project }, &mut taken).await
            }
            Err(why) => Err(why),
        };
        match outcome {
            Ok(()) => {
                let name = taken.pop().unwrap_or_default();
                self.say(FlashKind::Success, &format!("“{name}” was made."), None);
            }
            Err(why) => self.say(FlashKind::Error, &format!("It cannot be duplicated. {why}"), None),
        }
    }

    fn put_in_place(&self, opened: Opened, said: &str, playing: bool) {
        let former = self.0.keeping.id();
        let remedy = Action::Workspace(WorkspaceDeed::Open(former));
        {
            let mut session = self.0.session.borrow_mut();
            session.replace_with(opened.session, said, Some(remedy));
            if playing {
                session.dispatch(Action::Play);
            }
        }
        self.0.keeping.switch(opened.current);
        self.0.go_home.emit(());
        self.0.after.emit(());
    }

    fn say(&self, kind: FlashKind, text: &str, remedy: Option<WorkspaceDeed>) {
        self.0.session.borrow_mut().say(kind, text, remedy.map(Action::Workspace));
        self.0.after.emit(());
    }
}

/// The workspaces. Inside the session's provider only.
#[hook]
pub fn use_workspaces() -> Workspaces {
    use_context::<Workspaces>().expect("every view stands inside SessionProvider")
}
