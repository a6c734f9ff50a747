//! A later version of the page is ready: told, and taken when the person says so.

use gloo_events::EventListener;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::Button;
use crate::host::workspaces::use_workspaces;

/// `www/js/offline.js` says so.
fn is_ready() -> bool {
    let root = gloo_utils::document().document_element();
    root.is_some_and(|root| root.has_attribute("data-update"))
}

#[component]
pub fn UpdateNotice() -> Html {
    let workspaces = use_workspaces();
    let shown = use_state_eq(is_ready);
    {
        let shown = shown.setter();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&gloo_utils::window(), "stepyard-update", move |_| shown.set(true));
            move || drop(listener)
        });
    }
    if !*shown {
        return Html::default();
    }
    let reload = Callback::from(move |_: MouseEvent| {
        let workspaces = workspaces.clone();
        spawn_local(async move {
            workspaces.settle().await;
            if let Ok(event) = web_sys::Event::new("stepyard-reload") {
                // Nobody prevents it.
                let _ = gloo_utils::window().dispatch_event(&event);
            }
        });
    });
    let later = {
        let shown = shown.setter();
        Callback::from(move |()| shown.set(false))
    };
    html! {
        <Banner
            kind={BannerKind::Info} on_dismiss={later}
            actions={html! { <Button label="Reload now" small=true onclick={reload} /> }}
        >
            { "A new version of Stepyard is ready. Reload when it suits you; your work stays." }
        </Banner>
    }
}
