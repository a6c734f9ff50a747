//! The root: opens the kept project, or the tutorial's on a first visit, and lays out the page.

use std::cell::RefCell;
use std::rc::Rc;

use workspace::Project;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::host::driver::{SessionCell, SessionProvider};
use crate::host::ui::UiProvider;
use crate::host::{crash, prefs, store};
use crate::session::{Action, FlashKind, Session};
use crate::shell::panes::Panes;

/// Mounts the app into the page's `#app`.
pub fn start() {
    crash::install();
    let place = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(place) = place {
        yew::Renderer::<App>::with_root(place).render();
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let session = use_state(|| None);
    {
        let session = session.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                let opened = open().await;
                session.set(Some(SessionCell(Rc::new(RefCell::new(opened)))));
            });
        });
    }
    let Some(session) = (*session).clone() else {
        return html! { <p class="opening" role="status">{ "Opening your workspace…" }</p> };
    };
    html! {
        <UiProvider>
            <SessionProvider {session}>
                <Panes />
            </SessionProvider>
        </UiProvider>
    }
}

async fn open() -> Session {
    let kept = match store::load().await {
        Ok(None) => return first_visit(),
        Ok(Some(text)) => Project::from_json(&text),
        Err(_) => {
            let mut session = first_visit();
            let text = "This browser keeps nothing for this page. Download the project before you close it.";
            session.say(FlashKind::Warning, text, None);
            return session;
        }
    };
    let opened = kept
        .map_err(|error| error.to_string())
        .and_then(|project| Session::open(project).map_err(|failed| failed.1.to_string()));
    let crashed = prefs::take(prefs::CRASHED) == Some(true);
    let going_on = |mut session: Session| {
        if crashed {
            // What brought the page down may lie right ahead.
            let text = "The page crashed before. Time is paused; your work is as you left it.";
            session.say(FlashKind::Warning, text, None);
        } else if prefs::load(prefs::PLAYING) == Some(true) {
            session.dispatch(Action::Play);
        }
        session
    };
    opened.map(going_on).unwrap_or_else(|why| {
        let mut session = first_visit();
        session.say(FlashKind::Error, format!("The workspace kept in this browser could not be opened. {why}"), None);
        session
    })
}

/// Something alive: one click from running, with the clock going.
fn first_visit() -> Session {
    let mut session = Session::open(workspace::tutorial()).unwrap_or_else(|_| Session::empty("Workspace"));
    session.dispatch(crate::session::Action::Play);
    session
}
