//! Problems of the definition that is shown now.

use views::definition::{Definition, apply};
use views::problems::{TextEdit, facts};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::use_ui;
use crate::places::workflow::{NEW_DRAFT, ProblemList, machine_draft};
use crate::session::{Action, Place};

/// The text that is being written or shown, and where its changes are kept.
fn shown(session: &SessionHandle, place: &Place) -> Option<(String, Option<String>)> {
    session.read(|session| match place {
        Place::NewStateMachine => Some((session.draft(NEW_DRAFT)?.to_owned(), Some(NEW_DRAFT.to_owned()))),
        Place::StateMachine { arn, .. } => {
            let key = machine_draft(arn);
            let text = match session.draft(&key) {
                Some(draft) => draft.to_owned(),
                None => session.account().states().machine(arn)?.definition.to_string(),
            };
            Some((text, Some(key)))
        }
        Place::Execution { arn } => Some((session.account().states().execution(arn)?.definition.to_string(), None)),
        _ => None,
    })
}

#[component]
pub fn Problems() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let found = shown(&session, &ui.place);
    let known = session.read(|session| facts(session.account()));
    let read = use_memo((found.clone(), known), |(found, known)| {
        found.as_ref().map(|(text, _)| Definition::read(text, known).problems)
    });
    let (Some((text, key)), Some(problems)) = (found, (*read).clone()) else {
        return html! {
            <Empty icon={Icon::Check} title="No definition is open">
                <p>{ "Open a state machine to see what is wrong with its definition." }</p>
            </Empty>
        };
    };
    let on_fix = key.map(|key| {
        let session = session.clone();
        Callback::from(move |edits: Vec<TextEdit>| {
            session.dispatch(Action::Write { place: key.clone(), text: Some(apply(&text, &edits)) });
        })
    });
    html! { <div class="pane-padded"><ProblemList {problems} {on_fix} /></div> }
}
