//! Messages over the content; they push it down and never cover it.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::Button;
use crate::host::session_context::use_session;
use crate::session::{Action, FlashKind, WorkspaceDeed};
use crate::shell::update::UpdateNotice;

/// Long enough to be read; it was said to screen readers at once.
const PASSING_MILLIS: u32 = 8_000;

#[component]
pub fn Flashes() -> Html {
    let session = use_session();
    let flashes = session.flashes();
    // Good news leaves by itself; what asks for something stays.
    let passing = flashes.iter().filter(|flash| flash.is_passing()).map(|flash| flash.id).max();
    {
        let session = session.clone();
        use_effect_with(passing, move |passing| {
            let timer = passing
                .map(|id| Timeout::new(PASSING_MILLIS, move || session.change(|current| current.dismiss_passing(id))));
            move || drop(timer)
        });
    }
    html! {
        <div class="flashes">
            <UpdateNotice />
            { for flashes.into_iter().map(|flash| {
                let dismiss = {
                    let session = session.clone();
                    Callback::from(move |()| session.dispatch(Action::Dismiss(flash.id)))
                };
                let remedy = flash.remedy.map(|action| {
                    let session = session.clone();
                    let label = label(&action);
                    let onclick = Callback::from(move |_| session.dispatch((*action).clone()));
                    html! { <Button {label} small=true {onclick} /> }
                });
                let kind = match flash.kind {
                    FlashKind::Success => BannerKind::Success,
                    FlashKind::Info => BannerKind::Info,
                    FlashKind::Warning => BannerKind::Warning,
                    FlashKind::Error => BannerKind::Error,
                };
                html! {
                    <Banner key={flash.id} {kind} on_dismiss={dismiss} actions={remedy.unwrap_or_default()}>
                        { flash.text }
                    </Banner>
                }
            }) }
        </div>
    }
}

/// What a message's button says.
fn label(remedy: &Action) -> &'static str {
    match remedy {
        Action::Undo { .. } | Action::Workspace(WorkspaceDeed::Restore(_)) => "Undo",
        Action::Redo => "Redo",
        Action::Workspace(WorkspaceDeed::Open(_)) => "Back to the former workspace",
        Action::Workspace(WorkspaceDeed::TakeOver(_)) => "Take it over",
        Action::Workspace(WorkspaceDeed::OpenCopy(_)) => "Open a copy",
        Action::Workspace(WorkspaceDeed::KeepCopy) => "Keep it as a copy",
        Action::Workspace(WorkspaceDeed::Download | WorkspaceDeed::Salvage(_)) => "Download it",
        _ => "Bring it back",
    }
}
