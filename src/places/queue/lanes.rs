//! A queue's messages as cards in lanes. Looking at them counts as nothing.

use views::queue::{Card, LaneKind, QueueView};
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::places::parts::{Ago, CodeBlock, CopyLine, PlaceLink, Until};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LanesProps {
    pub queue: QueueView,
}

#[component]
pub fn Lanes(props: &LanesProps) -> Html {
    let opened = use_state(|| None::<Card>);
    let close = {
        let opened = opened.clone();
        Callback::from(move |()| opened.set(None))
    };
    html! {
        <>
            <div class="lanes" role="group" aria-label={format!("Messages of {}", props.queue.name)} tabindex="0">
                { for props.queue.lanes.iter().map(|lane| {
                    let class = match lane.kind {
                        LaneKind::Delayed => "message-delayed",
                        LaneKind::Available => "message-available",
                        LaneKind::InFlight => "message-in-flight",
                        LaneKind::DeadLetter => "message-dead",
                    };
                    let hidden = match lane.kind {
                        LaneKind::Delayed => "available",
                        _ => "visible again",
                    };
                    html! {
                        <section class="lane" key={lane.title} aria-label={format!("{}: {}", lane.title, lane.count)}>
                            <div class="lane-head"><span>{ lane.title }</span><span class="lane-count">{ lane.count }</span></div>
                            <ul class="lane-body">
                                { for lane.cards.iter().map(|card| {
                                    let open = {
                                        let (opened, card) = (opened.clone(), card.clone());
                                        Callback::from(move |_: MouseEvent| opened.set(Some(card.clone())))
                                    };
                                    html! { <li key={card.message_id.to_string()}><MessageCard card={card.clone()} {class} {hidden} {open} /></li> }
                                }) }
                            </ul>
                            if lane.count > lane.cards.len() {
                                <p class="lane-empty">{ format!("and {} more", lane.count - lane.cards.len()) }</p>
                            }
                        </section>
                    }
                }) }
            </div>
            if let Some(card) = &*opened {
                <Dialog title={format!("Message {}", card.short_id)} open=true on_close={close} wide=true>
                    <div class="place-sections">
                        <CopyLine what="Message ID" text={card.message_id.to_string()} />
                        <p>{ format!("Sent {} · expires {} · received {} times", card.sent_at, card.expires_at, card.receive_count) }</p>
                        <CodeBlock label="Body" text={views::activity::pretty(&card.body)} />
                    </div>
                </Dialog>
            }
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct MessageCardProps {
    card: Card,
    class: AttrValue,
    hidden: AttrValue,
    open: Callback<MouseEvent>,
}

#[component]
fn MessageCard(props: &MessageCardProps) -> Html {
    let card = &props.card;
    html! {
        <div class={classes!("message", props.class.to_string())}>
            <button type="button" class="link-button message-body" onclick={props.open.clone()} title="Show the whole message">
                { &card.short_body }
            </button>
            <div class="message-meta">
                <span>{ format!("#{} · received {}×", card.short_id, card.receive_count) }</span>
                <Ago at={card.sent_at} what="sent" />
            </div>
            if let Some(sender) = &card.sender {
                <div class="message-meta"><span>{ "from " }<PlaceLink target={sender.target.clone()} text={sender.text.clone()} /></span></div>
            }
            if let Some(holder) = &card.holder {
                <div class="message-meta"><span>{ "held by " }<PlaceLink target={holder.target.clone()} text={holder.text.clone()} /></span></div>
            }
            if let Some((at, total)) = card.hidden {
                <div class="message-meta"><Until {at} {total} what={props.hidden.clone()} /></div>
            }
        </div>
    }
}
