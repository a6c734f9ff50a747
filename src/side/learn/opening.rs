//! Opens a lesson or an example, each as a workspace of its own.

use lessons::Lesson;
use yew::prelude::*;

use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{Pane, SideTab, Ui, UiActions, UiHandle, use_ui};
use crate::host::workspaces::{Workspaces, use_workspaces};
use crate::session::{FlashKind, Place, Session, lesson_project};

/// The id of a lesson that did not come with the page.
const OWN: &str = "own";

#[derive(Clone, Debug)]
pub struct LessonOpener {
    session: SessionHandle,
    workspaces: Workspaces,
    ui: UiHandle,
}

#[hook]
pub fn use_lesson_opener() -> LessonOpener {
    LessonOpener { session: use_session(), workspaces: use_workspaces(), ui: use_ui() }
}

impl LessonOpener {
    /// Of the page itself.
    pub fn open(&self, id: &str, lesson: &Lesson) {
        self.begin(id, lesson, None, true);
    }

    /// That somebody brought; `source` is its file.
    pub fn open_own(&self, lesson: &Lesson, source: String) {
        self.begin(OWN, lesson, Some(source), true);
    }

    /// For who was sent a link to it: time is paused, and a lesson that is open already stays as it is.
    pub fn open_sent(&self, id: &str, lesson: &Lesson) {
        self.session.change(Session::go_home);
        if self.session.read(|s| s.course().is_some_and(|course| course.mark.id == id)) {
            self.session.say(FlashKind::Info, format!("The lesson “{}” is open here already.", lesson.title));
            return self.ui.change(|ui| show_lesson(ui, Pane::Side));
        }
        self.begin(id, lesson, None, false);
    }

    fn begin(&self, id: &str, lesson: &Lesson, source: Option<String>, playing: bool) {
        let is_example = lesson.category.is_some();
        let project = match lesson_project(id, lesson, source) {
            Ok(project) => project,
            Err(why) => return self.session.say(FlashKind::Error, format!("This lesson cannot be opened. {why}")),
        };
        let what = if is_example { "The example" } else { "The lesson" };
        let said = format!("{what} “{}” is open.", lesson.title);
        let (session, ui, lesson) = (self.session.clone(), self.ui.clone(), lesson.clone());
        self.workspaces.open_new_then(project, &said, playing, move || {
            session.change(|session| session.know_lesson(&lesson));
            ui.go(if is_example { first_machine(&session) } else { Place::Welcome });
            ui.change(move |ui| show_lesson(ui, if is_example { Pane::Centre } else { Pane::Side }));
        });
    }
}

fn show_lesson(ui: &mut Ui, pane: Pane) {
    ui.side_tab = SideTab::Learn;
    ui.side_open = true;
    ui.pane = pane;
    ui.present = false;
}

/// An example is there to be looked at: its first state machine fills the centre.
fn first_machine(session: &SessionHandle) -> Place {
    let arn = session.read(|s| s.account().states().machines().next().map(|machine| machine.arn.to_string()));
    let tab = crate::session::MachineTab::Definition;
    arn.map_or(Place::Welcome, |arn| Place::StateMachine { arn, tab })
}
