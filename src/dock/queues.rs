//! The lanes of every queue, one below the other.

use views::target::Target;
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::places::parts::PlaceLink;
use crate::places::queue::lanes::Lanes;

#[component]
pub fn Queues() -> Html {
    let session = use_session();
    let queues = use_memo(session.clone(), |session| {
        session.read(|s| {
            let queues = s.account().queues().queues();
            queues.filter_map(|queue| views::queue::view(s.account(), queue.name())).collect::<Vec<_>>()
        })
    });
    if queues.is_empty() {
        return html! { <Empty icon={Icon::Queue} title="No queues"><p>{ "A queue's messages show here as they move." }</p></Empty> };
    }
    html! {
        { for queues.iter().map(|queue| html! {
            <section key={queue.name.clone()} class="dock-queue" aria-label={format!("Queue {}", queue.name)}>
                <div class="dock-queue-head">
                    <strong><PlaceLink target={Some(Target::queue(&queue.name))} text={queue.name.clone()} /></strong>
                    <span>{ &queue.summary }</span>
                </div>
                <Lanes name={queue.name.clone()} />
            </section>
        }) }
    }
}
