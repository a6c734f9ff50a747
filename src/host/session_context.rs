//! How views reach the session: a handle that compares by revision, so that a view is drawn again exactly when
//! something changed; and the virtual clock apart from it, as it changes with every frame.

use std::cell::RefCell;
use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::Timestamp;
use yew::prelude::*;

use crate::embed::options;
use crate::host::crash;
use crate::session::{Action, Flash, FlashKind, Session};

/// The one session, shared by all views.
#[derive(Clone)]
pub struct SessionHandle {
    session: Rc<RefCell<Session>>,
    revision: u64,
    after: Callback<()>,
}

impl std::fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionHandle").field("revision", &self.revision).finish_non_exhaustive()
    }
}

impl PartialEq for SessionHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session) && self.revision == other.revision
    }
}

impl SessionHandle {
    pub(super) fn new(session: Rc<RefCell<Session>>, after: Callback<()>) -> Self {
        let revision = session.borrow().revision();
        SessionHandle { session, revision, after }
    }

    /// Looks at the session.
    pub fn read<R>(&self, look: impl FnOnce(&Session) -> R) -> R {
        look(&self.session.borrow())
    }

    /// Number of the state that was drawn; a dependency for `use_memo`.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn dispatch(&self, action: Action) {
        self.change(|session| session.dispatch(action));
    }

    /// Calls an AWS action as the account's root.
    ///
    /// # Errors
    /// AWS's own error.
    pub fn call(&self, action: &str, params: Value) -> Result<Value, AwsError> {
        if options::of_this_page().is_some_and(|options| options.read_only) {
            let text = "This frame only shows what was recorded. Open it in Stepyard to change something.";
            return Err(AwsError::new("ReadOnly", text));
        }
        crash::remember_attempt(action, &params);
        self.change(|session| session.call(action, params))
    }

    /// Shows a message over the page and says it to screen readers.
    pub fn say(&self, kind: FlashKind, text: impl Into<String>) {
        self.change(|session| session.say(kind, text, None));
    }

    /// Changes the session, and lets the driver do what it asks for.
    pub fn change<R>(&self, change: impl FnOnce(&mut Session) -> R) -> R {
        let result = change(&mut self.session.borrow_mut());
        self.after.emit(());
        result
    }

    #[must_use]
    pub fn flashes(&self) -> Vec<Flash> {
        self.read(|session| session.flashes().to_vec())
    }
}

/// The virtual clock as views see it: updated a few times a second while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub now: Timestamp,
}

/// The session. Inside the driver's provider only.
#[hook]
pub fn use_session() -> SessionHandle {
    use_context::<SessionHandle>().expect("every view stands inside SessionProvider")
}

/// The virtual time, for countdowns.
#[hook]
pub fn use_now() -> Timestamp {
    use_context::<Clock>().expect("every view stands inside SessionProvider").now
}
