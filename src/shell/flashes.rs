//! Messages over the content; they push it down and never cover it.

use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::Button;
use crate::host::session_context::use_session;
use crate::session::{Action, FlashKind};

#[component]
pub fn Flashes() -> Html {
    let session = use_session();
    let flashes = session.flashes();
    html! {
        <div class="flashes">
            { for flashes.into_iter().map(|flash| {
                let dismiss = {
                    let session = session.clone();
                    Callback::from(move |()| session.dispatch(Action::Dismiss(flash.id)))
                };
                let remedy = flash.remedy.map(|action| {
                    let session = session.clone();
                    let onclick = Callback::from(move |_| session.dispatch((*action).clone()));
                    html! { <Button label="Bring it back" small=true {onclick} /> }
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
