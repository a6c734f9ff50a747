//! At the right: why the thing in the centre is as it is, and what to learn.

mod learn;
mod why;

use yew::prelude::*;

use crate::components::button::IconButton;
use crate::components::icons::Icon;
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::catalogue::{Loading, use_catalogue};
use crate::host::session_context::use_session;
use crate::host::ui::{SideTab, UiActions, use_ui};

pub use learn::{LessonOpener, use_lesson_opener};

#[component]
pub fn Side() -> Html {
    let ui = use_ui();
    let session = use_session();
    let collapse = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.change(|ui| ui.side_open = false))
    };
    let lacks_lesson = session.read(|s| s.course().is_some_and(|course| course.lesson().is_none()));
    let learning = ui.side_tab == SideTab::Learn;
    let loading = use_catalogue(learning || lacks_lesson);
    {
        let (session, loading) = (session.clone(), loading.clone());
        use_effect_with((loading, lacks_lesson), move |(loading, lacks_lesson)| {
            if let (Loading::Loaded(catalogue), true) = (loading, lacks_lesson) {
                session.change(|s| s.find_lesson(catalogue));
            }
        });
    }
    let tabs = vec![Tab::new("side-why", "Why?"), Tab::new("side-learn", "Learn")];
    let selected = if learning { "side-learn" } else { "side-why" };
    let on_select = {
        let ui = ui.clone();
        Callback::from(move |id: AttrValue| {
            let tab = if id == "side-learn" { SideTab::Learn } else { SideTab::Why };
            ui.change(move |ui| ui.side_tab = tab);
        })
    };
    let tools = html! { <IconButton label="Collapse the details" icon={Icon::Close} small=true onclick={collapse} /> };
    html! {
        <>
            <Tabs label="Details" {tabs} {selected} {on_select} {tools} />
            <TabPanel key={selected} id={selected}>
                if learning { <learn::Learn {loading} /> } else { <why::Why /> }
            </TabPanel>
        </>
    }
}
