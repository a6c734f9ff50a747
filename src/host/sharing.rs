//! Makes a link, a file and warnings of what is open.

use share_link::scan::{Finding, scan};
use share_link::setup::{self, Setup};
use share_link::{Lesson, LinkError, Shared, View, encode};
use workspace::Project;

use crate::host::session_context::SessionHandle;
use crate::host::ui::Ui;
use crate::session::{Session, lesson_project};

/// What can be made of what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Project,
    Run,
    Moment,
    /// The open lesson from its start.
    Lesson,
    /// What was done of it.
    LessonWork,
}

impl What {
    pub const ALL: [What; 5] = [What::Project, What::Run, What::Moment, What::Lesson, What::LessonWork];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            What::Project => "project",
            What::Run => "run",
            What::Moment => "moment",
            What::Lesson => "lesson",
            What::LessonWork => "lesson-work",
        }
    }
}

/// What is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub link: Result<String, LinkError>,
    /// What to look at before sharing it.
    pub findings: Vec<Finding>,
    /// The runs had to stay in the project.
    pub with_runs: bool,
    /// The text of a project file, which holds what no link does.
    pub file: String,
}

/// Makes a link of what is open.
#[must_use]
pub fn make(session: &SessionHandle, ui: &Ui, what: What) -> Made {
    let mut with_runs = false;
    let shared = session.read(|session| match what {
        What::Project => {
            let whole = session.project();
            let setup = setup::of(&whole.name, session.account(), whole.drafts);
            with_runs = matches!(setup, Setup::WithRuns(_));
            Shared::Project(setup.project())
        }
        What::Run => Shared::Run(so_far(session)),
        What::Lesson => Shared::Lesson(Lesson { run: own_lesson(session), ..lesson(session, 0) }),
        What::LessonWork => {
            let done = session.course().map_or(0, |course| course.progress().done());
            Shared::Lesson(Lesson { run: Some(so_far(session)), ..lesson(session, done) })
        }
        What::Moment => {
            let place = serde_json::to_value(&ui.place).unwrap_or_default();
            let view = Some(View { place, state: ui.selected_state.clone() });
            Shared::Moment { project: session.project(), view }
        }
    });
    let link = encode(&shared).map(|fragment| format!("{}#{fragment}", address()));
    let project = shared.project();
    Made {
        link,
        findings: project.map(scan).unwrap_or_default(),
        with_runs,
        file: project.map(Project::to_json).unwrap_or_default(),
    }
}

/// What was recorded beyond the place where the clock stands is not in it.
fn so_far(session: &Session) -> Project {
    let mut project = session.project();
    project.log.truncate(project.position.inputs);
    project
}

fn lesson(session: &Session, done: usize) -> Lesson {
    let id = session.course().map(|course| course.mark.id.clone()).unwrap_or_default();
    Lesson { id, progress: done.into(), run: None }
}

/// The start of a lesson that does not come with the page.
fn own_lesson(session: &Session) -> Option<Project> {
    let course = session.course()?;
    let source = course.mark.source.clone()?;
    lesson_project(&course.mark.id, course.lesson()?, Some(source)).ok()
}

/// A frame for somebody else's page, with the link in it (docs/embed.md).
#[must_use]
pub fn frame(link: &str, title: &str) -> String {
    let (page, fragment) = link.split_once('#').unwrap_or((link, ""));
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<iframe sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\" src=\"{page}?embed#{fragment}\" \
         title=\"{title} in Stepyard\" width=\"100%\" height=\"420\" loading=\"lazy\"></iframe>"
    )
}

/// The page's address without what was behind it.
fn address() -> String {
    let href = gloo_utils::window().location().href().unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_names_its_page_and_no_name_breaks_out_of_it() {
        let html = frame("https://a.example/b/#y1.run.9.AB", "\"><script>&");
        assert!(html.contains(" src=\"https://a.example/b/?embed#y1.run.9.AB\" "), "{html}");
        assert!(html.contains(" title=\"&quot;>&lt;script>&amp; in Stepyard\" "), "{html}");
    }
}
