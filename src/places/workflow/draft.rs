//! Text that is being written: at once on the screen, soon after in the session, so that a reload brings it back.

use std::time::Duration;

use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

use crate::host::session_context::{SessionHandle, use_session};
use crate::session::Action;

/// Typing pauses this long before the draft is kept: each keeping draws the whole page again.
const PAUSE: Duration = Duration::from_millis(350);

/// A text that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub text: AttrValue,
    /// Whether it differs from what it began with.
    pub changed: bool,
    /// The person wrote this.
    pub write: Callback<AttrValue>,
    /// It was sent or given up: back to what it began with.
    pub forget: Callback<()>,
}

/// Keeps a draft at `key`; without one the text is `original`.
#[hook]
pub fn use_draft(key: String, original: AttrValue) -> Draft {
    let session = use_session();
    let kept = session.read(|session| session.draft(&key).map(str::to_owned));
    let written = use_state_eq(|| kept.clone().map(AttrValue::from));
    // What this hook knows of: `None` for no draft; and whether the last writing waits to be kept.
    let known = use_mut_ref(|| kept.clone());
    let waiting = use_mut_ref(|| None::<String>);
    {
        // Somebody else wrote: a quick fix in the dock, or a step back in time.
        let (written, known, waiting) = (written.clone(), known.clone(), waiting.clone());
        use_effect_with(kept, move |kept| {
            if *known.borrow() != *kept && waiting.borrow().is_none() {
                known.replace(kept.clone());
                written.set(kept.clone().map(AttrValue::from));
            }
        });
    }
    {
        let (session, known, waiting, key) = (session.clone(), known.clone(), waiting.clone(), key.clone());
        use_effect_with((), move |()| move || keep(&session, &key, &known, &waiting));
    }
    let write = {
        let (session, written, known, waiting, key) =
            (session.clone(), written.clone(), known.clone(), waiting.clone(), key.clone());
        Callback::from(move |text: AttrValue| {
            let begins = waiting.replace(Some(text.to_string())).is_none();
            written.set(Some(text));
            if begins {
                let (session, known, waiting, key) = (session.clone(), known.clone(), waiting.clone(), key.clone());
                spawn_local(async move {
                    let mut last = None;
                    while *waiting.borrow() != last {
                        last = waiting.borrow().clone();
                        sleep(PAUSE).await;
                    }
                    keep(&session, &key, &known, &waiting);
                });
            }
        })
    };
    let forget = {
        let (session, written) = (session.clone(), written.clone());
        Callback::from(move |()| {
            waiting.replace(None);
            known.replace(None);
            written.set(None);
            session.dispatch(Action::Write { place: key.clone(), text: None });
        })
    };
    let text = (*written).clone().unwrap_or_else(|| original.clone());
    Draft { changed: text != original, text, write, forget }
}

type Shared = std::rc::Rc<std::cell::RefCell<Option<String>>>;

fn keep(session: &SessionHandle, key: &str, known: &Shared, waiting: &Shared) {
    if let Some(text) = waiting.take() {
        known.replace(Some(text.clone()));
        session.dispatch(Action::Write { place: key.to_owned(), text: Some(text) });
    }
}
