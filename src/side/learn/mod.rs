//! The tab "Learn": the lessons, or the one that is being done.

mod author;
mod lesson;
mod list;
mod opening;
mod pointing;
mod report;
mod text;

use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::host::catalogue::{Loading, NOT_LOADED};
use crate::host::session_context::use_session;
pub use opening::{LessonOpener, use_lesson_opener};

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
