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

use crate::embed::options;
use crate::host::catalogue;
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{SideTab, UiActions, UiHandle, use_ui};
use crate::host::workspaces::Workspaces;
use crate::session::{FlashKind, Place};
use crate::side::{LessonOpener, use_lesson_opener};

/// A larger file is no project of ours.
const MOST_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// What taking something in needs of the page.
#[derive(Clone, Debug)]
pub struct Reception {
    session: SessionHandle,
    ui: UiHandle,
    lessons: LessonOpener,
}

#[hook]
pub fn use_reception() -> Reception {
    Reception { session: use_session(), ui: use_ui(), lessons: use_lesson_opener() }
}

impl Reception {
    /// Takes in a link, an address with one, or a project file's text.
    pub fn receive(&self, text: &str) {
        match received::read(text) {
            Ok(shared) => self.show(shared),
            Err(error) => {
                self.say(FlashKind::Error, format!("{}. {error} Your own work is as it was.", error.title()));
            }
        }
    }

    fn say(&self, kind: FlashKind, text: impl Into<String>) {
        self.session.say(kind, text);
    }

    fn show(&self, shared: Shared) {
        let kind = shared.kind();
        match shared {
            Shared::Project(project) => self.visit(project, kind, Some((Place::Welcome, None))),
            Shared::Run(project) => self.visit(project, kind, None),
            Shared::Moment { project, view } => {
                // A place that this version does not know is no reason to show nothing.
                let looked = view.and_then(|view| Some((serde_json::from_value(view.place).ok()?, view.state)));
                self.visit(project, kind, looked);
            }
            Shared::Lesson(lesson) => match lesson.run {
                Some(run) => self.visit(run, kind, None),
                None => self.begin_lesson(lesson.id),
            },
        }
    }

    fn visit(&self, project: Project, kind: Kind, at: Option<(Place, Option<String>)>) {
        let in_lesson = project.lesson.is_some();
        if let Err(error) = self.session.change(|session| session.visit(project, kind)) {
            let text = format!(
                "What you received cannot be shown. {error} Ask for its definitions as text. Your own work is as it was."
            );
            return self.say(FlashKind::Error, text);
        }
        let newest = || (self.session.read(|session| newest(session.account())), None);
        let (place, state) = at.unwrap_or_else(newest);
        self.ui.change(move |ui| {
            ui.home_place.get_or_insert_with(|| ui.place.clone());
            ui.go_to(place);
            ui.selected_state = state;
            // Whose work it is stands above the workbench.
            ui.present = false;
            if in_lesson {
                ui.side_tab = SideTab::Learn;
                ui.side_open = true;
            }
        });
    }

    /// A lesson that comes with the page begins as a workspace of its own. What is foreign in the link is its name.
    fn begin_lesson(&self, id: String) {
        if options::of_this_page().is_some() {
            return self.say(FlashKind::Info, "This is a link to a lesson. Open it in Stepyard to begin.");
        }
        let this = self.clone();
        spawn_local(async move {
            let Some(catalogue) = catalogue::load().await else {
                return this.say(FlashKind::Error, catalogue::NOT_LOADED);
            };
            if let Some(listed) = catalogue.lesson(&id).or_else(|| catalogue.example(&id)) {
                return this.lessons.open_sent(&listed.id, &listed.lesson);
            }
            let id: String = id.chars().take(60).collect();
            let text = format!(
                "This link is about a lesson “{id}”, which this version of the page does not have. Your own work is as it was."
            );
            this.say(FlashKind::Error, text);
        });
    }
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
    let reception = use_reception();
    let dragged = use_state_eq(|| false);
    {
        let dragged = dragged.setter();
        use_effect_with((), move |()| {
            take_fragment(&reception);
            let listeners = listeners(&reception, &dragged);
            move || drop(listeners)
        });
    }
    if *dragged {
        html! { <div class="drop-hint" aria-hidden="true"><p>{ "Drop a project file to look at it" }</p></div> }
    } else {
        Html::default()
    }
}

fn listeners(reception: &Reception, dragged: &UseStateSetter<bool>) -> Vec<EventListener> {
    let page = gloo_utils::document();
    let reception = reception.clone();
    // Before the code editor, which would take a dropped file for text.
    let first = EventListenerOptions { phase: gloo_events::EventListenerPhase::Capture, passive: false };
    let on_hash = {
        let reception = reception.clone();
        EventListener::new(&gloo_utils::window(), "hashchange", move |_| take_fragment(&reception))
    };
    let on_paste = {
        let reception = reception.clone();
        EventListener::new_with_options(&page, "paste", first, move |event| {
            let pasted = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            take_text(&reception, event, pasted);
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
            take_file(&reception, event);
        } else {
            let dropped = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
            take_text(&reception, event, dropped);
        }
    });
    vec![on_hash, on_paste, on_over, on_leave, on_drop]
}

/// The link that the page was opened with.
#[must_use]
pub fn link_in_address() -> Option<String> {
    gloo_utils::window().location().hash().ok().filter(|fragment| is_link(fragment))
}

/// Opens the link in the address and takes it out of there, so that a reload does not open it over later work.
fn take_fragment(reception: &Reception) {
    let Some(fragment) = link_in_address() else { return };
    let window = gloo_utils::window();
    let location = window.location();
    let bare = [location.pathname(), location.search()].into_iter().flatten().collect::<String>();
    // Where the history may not be written, as in some frames, the link stays in the address.
    let _ = window.history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&bare)));
    reception.receive(&fragment);
}

/// Text that is meant for us, unless it goes into a field.
fn take_text(reception: &Reception, event: &Event, data: Option<DataTransfer>) {
    let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
    if !is_editable(event) && received::is_meant(&text) {
        event.prevent_default();
        event.stop_propagation();
        reception.receive(&text);
    }
}

fn take_file(reception: &Reception, event: &Event) {
    let files = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer()?.files());
    let Some(file) = files.and_then(|files| files.get(0)) else { return };
    if file.size() > MOST_BYTES {
        let text = "The file is larger than 64 MB, which no project file is. Drop a .stepyard.json file.";
        return reception.say(FlashKind::Error, text);
    }
    let reception = reception.clone();
    spawn_local(async move {
        match JsFuture::from(file.text()).await {
            Ok(text) => reception.receive(&text.as_string().unwrap_or_default()),
            Err(_) => reception.say(FlashKind::Error, "The browser could not read the file. Try to drop it again."),
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
