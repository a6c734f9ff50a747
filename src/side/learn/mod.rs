//! The tab "Learn": the lessons, or the one that is being done.

mod author;
mod lesson;
mod list;
mod pointing;
mod report;
mod text;

use lessons::Lesson;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::host::catalogue::{Loading, NOT_LOADED};
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{Pane, SideTab, Ui, UiActions, UiHandle};
use crate::host::workspaces::Workspaces;
use crate::session::{FlashKind, Place, lesson_project};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LearnProps {
    pub loading: Loading,
}

#[component]
pub fn Learn(props: &LearnProps) -> Html {
    let session = use_session();
    // The list is shown over a lesson that stays open.
    let listing = use_state(|| false);
    let has_course = session.read(|s| s.course().is_some());
    {
        let listing = listing.clone();
        let id = session.read(|s| s.course().map(|course| (course.mark.id.clone(), course.mark.from)));
        use_effect_with(id, move |_| listing.set(false));
    }
    let to_list = {
        let listing = listing.clone();
        Callback::from(move |()| listing.set(true))
    };
    let to_lesson = {
        let listing = listing.clone();
        Callback::from(move |()| listing.set(false))
    };
    html! {
        <div class="learn">
            { match &props.loading {
                Loading::Failed => html! { <Banner kind={BannerKind::Error}>{ NOT_LOADED }</Banner> },
                Loading::Loading if !has_course => html! { <p role="status">{ "Loading the lessons…" }</p> },
                _ if has_course && !*listing => html! { <lesson::LessonView {to_list} loading={props.loading.clone()} /> },
                Loading::Loading => html! { <p role="status">{ "Loading the lesson…" }</p> },
                Loading::Loaded(catalogue) => html! { <list::LessonList catalogue={catalogue.clone()} {to_lesson} /> },
            } }
        </div>
    }
}

/// Opens a lesson or an example as a workspace of its own; `source` is the file of one that somebody brought.
pub fn open_lesson(
    session: &SessionHandle,
    workspaces: &Workspaces,
    ui: &UiHandle,
    id: &str,
    lesson: &Lesson,
    source: Option<String>,
) {
    open_lesson_at(session, workspaces, ui, id, lesson, source, true);
}

/// The same for who was sent a link to it: time is paused, and a lesson that is open already stays as it is.
pub fn open_sent_lesson(session: &SessionHandle, workspaces: &Workspaces, ui: &UiHandle, id: &str, lesson: &Lesson) {
    session.change(crate::session::Session::go_home);
    if session.read(|s| s.course().is_some_and(|course| course.mark.id == id)) {
        session.say(FlashKind::Info, format!("The lesson “{}” is open here already.", lesson.title));
        return ui.change(|ui| show_lesson(ui, Pane::Side));
    }
    open_lesson_at(session, workspaces, ui, id, lesson, None, false);
}

fn show_lesson(ui: &mut Ui, pane: Pane) {
    ui.side_tab = SideTab::Learn;
    ui.side_open = true;
    ui.pane = pane;
    ui.present = false;
}

fn open_lesson_at(
    session: &SessionHandle,
    workspaces: &Workspaces,
    ui: &UiHandle,
    id: &str,
    lesson: &Lesson,
    source: Option<String>,
    playing: bool,
) {
    let is_example = lesson.category.is_some();
    let project = match lesson_project(id, lesson, source) {
        Ok(project) => project,
        Err(why) => return session.say(FlashKind::Error, format!("This lesson cannot be opened. {why}")),
    };
    let what = if is_example { "The example" } else { "The lesson" };
    let said = format!("{what} “{}” is open.", lesson.title);
    let (session, ui, lesson) = (session.clone(), ui.clone(), lesson.clone());
    workspaces.open_new_then(project, &said, playing, move || {
        session.change(|session| session.know_lesson(&lesson));
        ui.go(if is_example { first_machine(&session) } else { Place::Welcome });
        ui.change(move |ui| show_lesson(ui, if is_example { Pane::Centre } else { Pane::Side }));
    });
}

/// An example is there to be looked at: its first state machine fills the centre.
fn first_machine(session: &SessionHandle) -> Place {
    let arn = session.read(|s| s.account().states().machines().next().map(|machine| machine.arn.to_string()));
    let tab = crate::session::MachineTab::Definition;
    arn.map_or(Place::Welcome, |arn| Place::StateMachine { arn, tab })
}
