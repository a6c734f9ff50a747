//! During a visit: whose work this is, that nothing has run, and the ways on.

use share_link::Kind;
use yew::prelude::*;

use crate::components::banner::Banner;
use crate::components::button::{Button, ButtonKind};
use crate::host::receive::{back_to_mine, keep};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::host::workspaces::use_workspaces;
use crate::session::{FunctionTab, Place};

#[component]
pub fn ReceivedBar() -> Html {
    let (session, ui, workspaces) = (use_session(), use_ui(), use_workspaces());
    let visit = session.read(|session| {
        let visit = session.visiting()?;
        let function = session.account().functions().functions().next().map(|function| function.name.to_string());
        Some((visit.kind(), visit.let_run(), function))
    });
    {
        // A visit also ends when another workspace is opened.
        let ui = ui.clone();
        use_effect_with(visit.is_some(), move |visiting| {
            if !visiting && ui.home_place.is_some() {
                ui.change(|ui| ui.home_place = None);
            }
        });
    }
    let Some((kind, let_run, function)) = visit else { return Html::default() };
    let what = match kind {
        Kind::Project => "a project",
        Kind::Run => "a recorded run",
        Kind::Moment => "a moment of a recorded run",
        Kind::Lesson => "the work in a lesson",
    };
    let (title, text) = if let_run {
        ("Made by someone else. You let it run.", format!("This is {what}. It is not kept, and your own work waits."))
    } else {
        (
            "Made by someone else. Nothing has run.",
            format!(
                "This is {what}. Its code runs only when you let time go. It is not kept, and your own work waits."
            ),
        )
    };
    let read = function.map(|name| {
        let ui = ui.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            ui.go(Place::Function { name: name.clone(), tab: FunctionTab::Code });
        });
        html! { <Button label="Read the code" small=true {onclick} /> }
    });
    let on_keep = {
        let (session, ui) = (session.clone(), ui.clone());
        Callback::from(move |_: MouseEvent| keep(&workspaces, &session, &ui))
    };
    let on_back = Callback::from(move |_: MouseEvent| back_to_mine(&session, &ui));
    let actions = html! {
        <>
            <Button label="Back to mine" small=true onclick={on_back} />
            { read.unwrap_or_default() }
            <Button label="Keep as my workspace" kind={ButtonKind::Primary} small=true onclick={on_keep} />
        </>
    };
    html! {
        <section class="received" aria-label="Received work">
            <Banner {title} {actions}>{ text }</Banner>
        </section>
    }
}
