//! Keeps the open workspace: after each change and now and then while time goes on, only what is new, a little at a time.
//!
//! One tab at a time keeps a workspace. A tab that lost it to another one keeps nothing more under that name, and says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use workspace::Project;
use workspace::collection::Summary;
use workspace::kept::{Keeper, Write};
use yew::Callback;
use yew::platform::spawn_local;
use yew::platform::time::sleep;

use crate::bindings::locks::{self, Lock};
use crate::bindings::store::{self, KeptHead, NewHead, StoreError};
use crate::host::crash;
use crate::session::{Action, FlashKind, Session, WorkspaceDeed};

/// So much of the log is written in one go, which takes a millisecond or two.
const AT_ONCE_BYTES: usize = 48 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    Saved,
    Saving,
    /// No storage in this browser, none left, or another tab has the workspace: the work lasts as long as the page.
    Unsaved,
}

/// The workspace that this tab has open, and what is kept of it.
#[derive(Debug)]
pub struct Current {
    pub id: String,
    pub keeper: Keeper,
    /// The head as this tab knows it; if another one is there, another tab has written.
    pub head: KeptHead,
    pub changed: u64,
    /// Held as long as the workspace is open.
    pub lock: Option<Lock>,
    /// Set when another tab took the lock.
    pub lost: Rc<Cell<bool>>,
}

impl Current {
    /// A workspace of which nothing is kept yet.
    #[must_use]
    pub fn new(id: String, keeper: Keeper) -> Current {
        Current { id, keeper, head: KeptHead::of(""), changed: now(), lock: None, lost: Rc::default() }
    }

    /// Takes the workspace's lock; false when another tab has it.
    pub async fn lock(&mut self, steal: bool) -> bool {
        let lost = Rc::new(Cell::new(false));
        let told = Rc::clone(&lost);
        self.lock = locks::take(&lock_name(&self.id), steal, move || told.set(true)).await;
        self.lost = lost;
        self.lock.is_some()
    }
}

/// The lock that stands for a workspace.
#[must_use]
pub fn lock_name(id: &str) -> String {
    format!("stepyard.workspace.{id}")
}

/// Real time, in milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// A name that nothing else has: of a workspace, or of this tab's writing.
#[must_use]
pub fn new_id() -> String {
    let chance = (js_sys::Math::random() * 4_294_967_296.0) as u64;
    format!("{:x}-{chance:08x}", now())
}

/// Keeps the open workspace. Clones share it.
#[derive(Clone)]
pub struct Keeping(Rc<Inner>);

struct Inner {
    session: Rc<RefCell<Session>>,
    current: RefCell<Current>,
    unsaved: Cell<bool>,
    writing: Cell<bool>,
    /// Somebody asked to save while it was being written.
    again: Cell<bool>,
    /// What went wrong was told; once is enough.
    told: Cell<bool>,
    on_state: Box<dyn Fn(SaveState)>,
    /// Lets the page know that the session changed.
    after: Callback<()>,
}

impl std::fmt::Debug for Keeping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeping").finish_non_exhaustive()
    }
}

impl PartialEq for Keeping {
    fn eq(&self, other: &Keeping) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Keeping {
    pub fn new(
        session: Rc<RefCell<Session>>,
        current: Current,
        on_state: impl Fn(SaveState) + 'static,
        after: Callback<()>,
    ) -> Keeping {
        Keeping(Rc::new(Inner {
            session,
            current: RefCell::new(current),
            unsaved: Cell::new(true),
            writing: Cell::new(false),
            again: Cell::new(false),
            told: Cell::new(false),
            on_state: Box::new(on_state),
            after,
        }))
    }

    #[must_use]
    pub fn id(&self) -> String {
        self.0.current.borrow().id.clone()
    }

    /// Something is there to be kept.
    pub fn mark(&self) {
        self.0.unsaved.set(true);
    }

    pub fn show(&self, state: SaveState) {
        (self.0.on_state)(state);
    }

    /// Keeps what is new, if anything is.
    pub fn save(&self) {
        if self.0.writing.replace(true) {
            self.0.again.set(true);
            return;
        }
        let keeping = self.clone();
        spawn_local(async move {
            loop {
                keeping.0.again.set(false);
                if keeping.0.unsaved.replace(false) {
                    let outcome = keeping.write().await;
                    keeping.report(outcome);
                }
                if !keeping.0.again.get() {
                    break;
                }
            }
            keeping.0.writing.set(false);
        });
    }

    /// Waits until everything is kept. Where the browser keeps nothing it goes to the page's memory, so that another
    /// workspace can take this one's place.
    pub async fn settle(&self) {
        self.0.session.borrow_mut().dispatch(Action::Pause);
        while self.0.writing.replace(true) {
            sleep(Duration::from_millis(5)).await;
        }
        if self.0.current.borrow().lost.get() {
            self.become_another("of this tab");
        }
        let mut outcome = self.write().await;
        if outcome == Err(StoreError::Conflict) {
            self.become_another("of this tab");
            outcome = self.write().await;
        }
        if outcome.is_err() {
            self.go_to_memory();
            // Memory refuses nothing.
            let _ = self.write().await;
        }
        self.0.unsaved.set(false);
        self.0.writing.set(false);
    }

    /// Another workspace is open from now on; the session was replaced already.
    pub fn switch(&self, current: Current) {
        *self.0.current.borrow_mut() = current;
        self.0.told.set(false);
        self.mark();
    }

    /// From now on this tab's work is a workspace of its own.
    pub fn become_another(&self, why: &str) {
        let mut session = self.0.session.borrow_mut();
        let session = session.own_mut();
        let name = format!("{} ({why})", session.name());
        session.rename(&name);
        let current = Current::new(new_id(), Keeper::new(&new_id(), &session.project()));
        self.switch(current);
    }

    /// Takes the lock of a workspace that has just come to be.
    pub async fn lock(&self) {
        let mut locked = Current::new(self.id(), Keeper::new("", &Project::empty("")));
        locked.lock(false).await;
        let mut current = self.0.current.borrow_mut();
        if current.id == locked.id {
            current.lock = locked.lock;
            current.lost = locked.lost;
        }
    }

    fn go_to_memory(&self) {
        let mut current = self.0.current.borrow_mut();
        let name = self.0.session.borrow().own().name().to_owned();
        store::move_to_memory(&current.id, &Summary { name, changed: current.changed, ..Summary::default() });
        current.keeper.start_over();
        current.head = KeptHead::of("");
    }

    /// Writes until the head is written. The session may change between two writes.
    async fn write(&self) -> Result<(), StoreError> {
        loop {
            let (id, expected, batch) = {
                let mut current = self.0.current.borrow_mut();
                if current.lost.get() {
                    return Err(StoreError::Conflict);
                }
                let batch = next_batch(&mut current, &mut self.0.session.borrow_mut());
                (current.id.clone(), current.head.clone(), batch)
            };
            let outcome = store::put(&id, &expected, &batch.pieces(), batch.head.as_ref()).await;
            let mut current = self.0.current.borrow_mut();
            if current.id != id {
                // The workspace became another one meanwhile, which is to be written from its start.
                continue;
            }
            for write in &batch.writes {
                match outcome {
                    Ok(()) => current.keeper.done(write),
                    Err(_) => current.keeper.failed(write),
                }
            }
            outcome?;
            if let Some(new) = batch.head {
                current.head = new.head;
                crash::remember_workspace(&id);
                return Ok(());
            }
        }
    }

    fn report(&self, outcome: Result<(), StoreError>) {
        let kept = match outcome {
            Ok(()) if store::lasts_as_the_page(&self.id()) => return self.show(SaveState::Unsaved),
            Ok(()) => {
                self.0.told.set(false);
                if !self.0.unsaved.get() {
                    self.show(SaveState::Saved);
                }
                return;
            }
            Err(error) => error,
        };
        // It is tried again with the next change.
        self.mark();
        self.show(SaveState::Unsaved);
        if self.0.told.replace(true) {
            return;
        }
        let (text, remedy) = why_not(&kept);
        self.0.session.borrow_mut().say(FlashKind::Warning, text, Some(Action::Workspace(remedy)));
        self.0.after.emit(());
    }
}

/// What could not be kept, in words, and what to do.
fn why_not(error: &StoreError) -> (String, WorkspaceDeed) {
    match error {
        StoreError::Conflict => (
            "This workspace is open in another tab, which keeps it from now on. What you do here is not saved, unless it \
             becomes a workspace of its own."
                .to_owned(),
            WorkspaceDeed::KeepCopy,
        ),
        StoreError::Full => (
            "This browser has no room left for your work. You can go on, but what you do now lasts only as long as this \
             page: download it, or delete workspaces that you no longer need."
                .to_owned(),
            WorkspaceDeed::Download,
        ),
        StoreError::Browser { words } => (
            format!(
                "This browser could not save your work ({words}). You can go on, but what you do now lasts only as long \
                 as this page: download it before you close the page."
            ),
            WorkspaceDeed::Download,
        ),
    }
}

/// What is written in one transaction.
struct Batch {
    writes: Vec<Write>,
    head: Option<NewHead>,
}

impl Batch {
    fn pieces(&self) -> Vec<(String, String)> {
        let piece = |write: &Write| match write {
            Write::Piece { name, text } => Some((name.clone(), text.clone())),
            Write::Head { .. } => None,
        };
        self.writes.iter().filter_map(piece).collect()
    }
}

fn next_batch(current: &mut Current, session: &mut Session) -> Batch {
    let (work, unchanged, touched) = session.take_work();
    if touched {
        current.changed = now();
    }
    current.keeper.cut(unchanged);
    let (mut writes, mut bytes) = (Vec::new(), 0);
    loop {
        let write = current.keeper.next(&work);
        let head = match &write {
            Write::Piece { text, .. } => {
                bytes += text.len();
                None
            }
            Write::Head { text, unneeded, bytes } => {
                let bytes = u64::try_from(*bytes).unwrap_or(u64::MAX);
                let (name, changed) = (work.name.to_owned(), current.changed);
                let summary = Summary { name, changed, bytes, ..Summary::default() };
                Some(NewHead { head: KeptHead::of(text), summary, unneeded: unneeded.clone() })
            }
        };
        writes.push(write);
        if head.is_some() || bytes >= AT_ONCE_BYTES {
            return Batch { writes, head };
        }
    }
}
