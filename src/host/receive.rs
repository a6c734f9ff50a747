//! What somebody sent: a link that the page was opened with, that was pasted or followed here, and project files that
//! were dropped or pasted. Each is read, shown beside one's own work, and nothing of it runs.

use gloo_events::{EventListener, EventListenerOptions};
use share_link::{Kind, Shared, is_link, received};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event};
use workspace::Project;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::host::workspaces::Workspaces;
use crate::session::{FlashKind, Place};

/// A larger file is no project of ours.
const MOST_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// Takes in a link, an address with one, or a project file's text.
pub fn receive(session: &SessionHandle, ui: &UiHandle, text: &str) {
    match received::read(text) {
        Ok(shared) => show(session, ui, shared),
        Err(error) => session.say(FlashKind::Error, format!("{}. {error} Your own work is as it was.", error.title())),
    }
}

fn show(session: &SessionHandle, ui: &UiHandle, shared: Shared) {
    let kind = shared.kind();
    match shared {
        Shared::Project(project) => visit(session, ui, project, kind, Some((Place::Welcome, None))),
        Shared::Run(project) => visit(session, ui, project, kind, None),
        Shared::Moment { project, view } => {
            // A place that this version does not know is no reason to show nothing.
            let looked = view.and_then(|view| Some((serde_json::from_value(view.place).ok()?, view.state)));
            visit(session, ui, project, kind, looked);
        }
        Shared::Lesson(lesson) => match lesson.run {
            Some(run) => visit(session, ui, run, kind, None),
            None => {
                let id: String = lesson.id.chars().take(60).collect();
                session.say(FlashKind::Info, format!("This link is about the lesson “{id}”, and holds no work in it."));
            }
        },
    }
}

fn visit(session: &SessionHandle, ui: &UiHandle, project: Project, kind: Kind, at: Option<(Place, Option<String>)>) {
    if let Err(error) = session.change(|session| session.visit(project, kind)) {
        let text = format!(
            "What you received cannot be shown. {error} Ask for its definitions as text. Your own work is as it was."
        );
        return session.say(FlashKind::Error, text);
    }
    let (place, state) = at.unwrap_or_else(|| (session.read(|session| newest(session.account())), None));
    ui.change(move |ui| {
        ui.home_place.get_or_insert_with(|| ui.place.clone());
        ui.go_to(place);
        ui.selected_state = state;
    });
}

/// The execution that was started last.
fn newest(account: &sim_account::Account) -> Place {
    let executions = account.states().executions();
    executions.last().map_or(Place::Welcome, |execution| Place::Execution { arn: execution.arn.to_string() })
}

/// Ends the visit: one's own work again, where one was.
pub fn back_to_mine(session: &SessionHandle, ui: &UiHandle) {
    session.change(crate::session::Session::go_home);
    ui.change(|ui| {
        let place = ui.home_place.take().unwrap_or_default();
        ui.go_to(place);
    });
}

/// What is visited becomes a workspace of the person's own, beside theirs.
pub fn keep(workspaces: &Workspaces, session: &SessionHandle, ui: &UiHandle) {
    let project = session.read(crate::session::Session::project);
    workspaces.open_new(project, "It is your workspace now. Time is paused.", false);
    ui.change(|ui| ui.home_place = None);
}

/// Watches the address, the clipboard and what is dropped, for as long as the page is there.
#[component]
pub fn Receiver() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let dragged = use_state_eq(|| false);
    {
        let dragged = dragged.setter();
        use_effect_with((), move |()| {
            take_fragment(&session, &ui);
            let listeners = listeners(&session, &ui, &dragged);
            move || drop(listeners)
        });
    }
    if *dragged {
        html! { <div class="drop-hint" aria-hidden="true"><p>{ "Drop a project file to look at it" }</p></div> }
    } else {
        Html::default()
    }
}

fn listeners(session: &SessionHandle, ui: &UiHandle, dragged: &UseStateSetter<bool>) -> Vec<EventListener> {
    let page = gloo_utils::document();
    let (session, ui) = (session.clone(), ui.clone());
    // Before the code editor, which would take a dropped file for text.
    let first = EventListenerOptions { phase: gloo_events::EventListenerPhase::Capture, passive: false };
    let on_hash = {
        let (session, ui) = (session.clone(), ui.clone());
        EventListener::new(&gloo_utils::window(), "hashchange", move |_| take_fragment(&session, &ui))
    };
    let on_paste = {
        let (session, ui) = (session.clone(), ui.clone());
        EventListener::new_with_options(&page, "paste", first, move |event| {
            let pasted = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            take_text(&session, &ui, event, pasted);
        })
    };
    let on_over = {
        let dragged = dragged.clone();
        EventListener::new_with_options(&page, "dragover", first, move |event| {
            if is_own_affair(event) {
                dragged.set(false);
            } else if brings_files(event) {
                event.prevent_default();
                dragged.set(true);
            } else if !is_editable(event) {
                // So that a link can be dropped.
                event.prevent_default();
            }
        })
    };
    let on_leave = {
        let dragged = dragged.clone();
        EventListener::new(&page, "dragleave", move |event| {
            // Between two elements of the page there is another one to go to.
            if event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none()) {
                dragged.set(false);
            }
        })
    };
    let dragged = dragged.clone();
    let on_drop = EventListener::new_with_options(&page, "drop", first, move |event| {
        dragged.set(false);
        if is_own_affair(event) {
            return;
        }
        if brings_files(event) {
            event.prevent_default();
            event.stop_propagation();
            take_file(&session, &ui, event);
        } else {
            let dropped = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
            take_text(&session, &ui, event, dropped);
        }
    });
    vec![on_hash, on_paste, on_over, on_leave, on_drop]
}

/// Opens the link in the address and takes it out of there, so that a reload does not open it over later work.
fn take_fragment(session: &SessionHandle, ui: &UiHandle) {
    let window = gloo_utils::window();
    let location = window.location();
    let Some(fragment) = location.hash().ok().filter(|fragment| is_link(fragment)) else { return };
    let bare = [location.pathname(), location.search()].into_iter().flatten().collect::<String>();
    // Where the history may not be written, as in some frames, the link stays in the address.
    let _ = window.history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&bare)));
    receive(session, ui, &fragment);
}

/// Text that is meant for us, unless it goes into a field.
fn take_text(session: &SessionHandle, ui: &UiHandle, event: &Event, data: Option<DataTransfer>) {
    let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
    if !is_editable(event) && received::is_meant(&text) {
        event.prevent_default();
        event.stop_propagation();
        receive(session, ui, &text);
    }
}

fn take_file(session: &SessionHandle, ui: &UiHandle, event: &Event) {
    let files = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer()?.files());
    let Some(file) = files.and_then(|files| files.get(0)) else { return };
    if file.size() > MOST_BYTES {
        let text = "The file is larger than 64 MB, which no project file is. Drop a .stepyard.json file.";
        return session.say(FlashKind::Error, text);
    }
    let (session, ui) = (session.clone(), ui.clone());
    spawn_local(async move {
        match JsFuture::from(file.text()).await {
            Ok(text) => receive(&session, &ui, &text.as_string().unwrap_or_default()),
            Err(_) => session.say(FlashKind::Error, "The browser could not read the file. Try to drop it again."),
        }
    });
}

fn brings_files(event: &Event) -> bool {
    let types = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).map(|data| data.types());
    types.is_some_and(|types| types.iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
}

/// A dialog decides for itself what may be dropped into it.
fn is_own_affair(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("dialog").is_ok_and(|dialog| dialog.is_some()))
}

fn is_editable(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target.closest("input, textarea, select, [contenteditable=true]").is_ok_and(|field| field.is_some())
    })
}
