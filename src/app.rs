//! The root: opens the kept workspace, or the tutorial's on a first visit, and lays out the page.

use yew::platform::spawn_local;
use yew::prelude::*;

use crate::host::crash;
use crate::host::driver::{OpenedCell, SessionProvider};
use crate::host::opening::{self, Start};
use crate::host::ui::UiProvider;
use crate::shell::panes::Panes;
use crate::shell::taken::Taken;

/// Mounts the app into the page's `#app`.
pub fn start() {
    crash::install();
    let place = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(place) = place {
        yew::Renderer::<App>::with_root(place).render();
    }
}

#[derive(Clone, PartialEq)]
enum Shown {
    Opening,
    /// Another tab has the workspace.
    Taken {
        id: AttrValue,
        name: AttrValue,
    },
    Open(OpenedCell),
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let shown = use_state(|| Shown::Opening);
    {
        let shown = shown.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                shown.set(match opening::start().await {
                    Start::Opened(opened) => Shown::Open(OpenedCell::new(*opened)),
                    Start::Taken { id, name } => Shown::Taken { id: id.into(), name: name.into() },
                });
            });
        });
    }
    let on_opened = {
        let shown = shown.setter();
        Callback::from(move |opened: OpenedCell| shown.set(Shown::Open(opened)))
    };
    match &*shown {
        Shown::Opening => html! { <p class="opening" role="status">{ "Opening your workspace…" }</p> },
        Shown::Taken { id, name } => html! { <UiProvider key="taken"><Taken {id} {name} {on_opened} /></UiProvider> },
        Shown::Open(opened) => html! {
            <UiProvider key="open">
                <SessionProvider opened={opened.clone()}>
                    <Panes />
                </SessionProvider>
            </UiProvider>
        },
    }
}
