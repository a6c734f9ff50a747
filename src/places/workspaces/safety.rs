//! How safe the kept work is in this browser, and what would make it safer.

use yew::platform::spawn_local;
use yew::prelude::*;

use super::row::size;
use crate::bindings::locks;
use crate::bindings::store::{self, Room};
use crate::components::button::Button;

#[component]
pub fn Safety() -> Html {
    let room = use_state(|| None::<Room>);
    let refused = use_state(|| false);
    {
        let room = room.setter();
        use_effect_with((), move |()| spawn_local(async move { room.set(store::room().await) }));
    }
    let ask = {
        let (room, refused) = (room.setter(), refused.setter());
        Callback::from(move |_: MouseEvent| {
            let (room, refused) = (room.clone(), refused.clone());
            spawn_local(async move {
                refused.set(!store::persist().await);
                room.set(store::room().await);
            });
        })
    };
    let bytes = |figure: f64| size(figure.max(0.0) as u64);
    html! {
        <section aria-label="How safe they are">
            <h2>{ "How safe they are" }</h2>
            if let Some(room) = &*room {
                <p>{ format!("This page uses {} of the {} that the browser gives it.", bytes(room.used), bytes(room.quota)) }</p>
                if room.lasting {
                    <p>{ "The browser keeps them until you delete them, or the page's data." }</p>
                } else {
                    <p>{ "The browser may clear them away when it runs out of room, or when the page was not visited for long." }</p>
                    <Button label="Ask the browser to keep them" onclick={ask} />
                    if *refused {
                        <p role="status">
                            { "The browser does not promise it. Pages that are installed or visited often are kept; \
                               “Download all” is safe in any case." }
                        </p>
                    }
                }
            } else {
                <p>{ "This browser does not say how long it keeps them. “Download all” is safe in any case." }</p>
            }
            if !locks::are_there() {
                <p>
                    { "This browser cannot tell which tab has a workspace (it lacks Web Locks). When two tabs change the same \
                       one, the second is told when it saves, and can go on as a copy." }
                </p>
            }
        </section>
    }
}
