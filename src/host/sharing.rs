//! Makes a link, a file and warnings of what is open.

use share_link::scan::{Finding, scan};
use share_link::setup::{self, Setup};
use share_link::{Kind, LinkError, Shared, View, encode};

use crate::host::session_context::SessionHandle;
use crate::host::ui::Ui;

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
pub fn make(session: &SessionHandle, ui: &Ui, kind: Kind) -> Made {
    let mut with_runs = false;
    let shared = session.read(|session| match kind {
        Kind::Project => {
            let whole = session.project();
            let setup = setup::of(&whole.name, session.account(), whole.drafts);
            with_runs = matches!(setup, Setup::WithRuns(_));
            Shared::Project(setup.project())
        }
        // What was recorded beyond the place where the clock stands is not in it.
        Kind::Run => {
            let mut project = session.project();
            project.log.truncate(project.position.inputs);
            Shared::Run(project)
        }
        Kind::Moment | Kind::Lesson => {
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
        file: project.map(workspace::Project::to_json).unwrap_or_default(),
    }
}

/// The page's address without what was behind it.
fn address() -> String {
    let href = gloo_utils::window().location().href().unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}
