//! All lessons, with how far the open one is and which were done in this browser.

use std::rc::Rc;

use lessons::{Catalogue, Listed};
use yew::prelude::*;

use super::author::Author;
use super::use_lesson_opener;
use crate::components::button::Button;
use crate::components::icons::Icon;
use crate::host::prefs;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::Place;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ListProps {
    pub catalogue: Rc<Catalogue>,
    /// Back to the lesson that is open.
    pub to_lesson: Callback<()>,
}

#[component]
pub fn LessonList(props: &ListProps) -> Html {
    let ui = use_ui();
    let session = use_session();
    let open = session.read(|s| {
        let course = s.course()?;
        let lesson = course.lesson()?;
        Some((course.mark.id.clone(), lesson.title.clone(), course.progress().done(), lesson.steps.len()))
    });
    let finished: Vec<String> = prefs::load(prefs::LESSONS_DONE).unwrap_or_default();
    let examples = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::Examples))
    };
    html! {
        <>
            <h2>{ "Lessons" }</h2>
            <p>{ "Each opens as a workspace of its own. Steps tick themselves off, whichever way you do them." }</p>
            if let Some((_, title, done, all)) = &open {
                <div class="button-row">
                    <Button label={format!("Back to “{title}”")} small=true onclick={props.to_lesson.reform(|_| ())} />
                    <span>{ format!("{done} of {all} done") }</span>
                </div>
            }
            <ol class="lesson-list">
                { for props.catalogue.lessons.iter().map(|listed| {
                    let now = open.as_ref().filter(|(id, ..)| *id == listed.id).map(|(_, _, done, all)| (*done, *all));
                    let finished = finished.contains(&listed.id);
                    html! { <Entry key={listed.id.clone()} listed={listed.clone()} {now} {finished} /> }
                }) }
            </ol>
            <h2>{ "Examples" }</h2>
            <p>{ "Ready workspaces to run, read and take apart." }</p>
            <div class="button-row"><Button label="Show the examples" small=true onclick={examples} /></div>
            <Author />
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct EntryProps {
    listed: Listed,
    /// Steps done and steps at all, of the lesson that is open.
    now: Option<(usize, usize)>,
    finished: bool,
}

#[component]
fn Entry(props: &EntryProps) -> Html {
    let opener = use_lesson_opener();
    let lesson = &props.listed.lesson;
    let start = {
        let listed = props.listed.clone();
        Callback::from(move |_: MouseEvent| opener.open(&listed.id, &listed.lesson))
    };
    let minutes = lesson.minutes.map(|minutes| format!("{minutes} min"));
    let word = match props.now {
        Some((done, all)) => Some(format!("open, {done} of {all} done")),
        None if props.finished => Some("done".to_owned()),
        None => None,
    };
    html! {
        <li>
            <button type="button" class="link-button lesson-title" onclick={start}>{ &lesson.title }</button>
            <p>{ &lesson.sentence }</p>
            <p class="lesson-facts">
                { minutes }
                if let Some(word) = word { <span class="lesson-done">{ Icon::Check }{ word }</span> }
            </p>
        </li>
    }
}
