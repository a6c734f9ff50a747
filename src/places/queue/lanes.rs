//! A queue's messages as cards in lanes. Looking at them counts as nothing.

use std::rc::Rc;

use views::queue::lanes::{Card, Lane, LaneKind};
use yew::prelude::*;

use super::groups::Groups;
use crate::components::dialog::Dialog;
use crate::components::later::use_later;
use crate::host::session_context::use_session;
use crate::places::failures::{FailureMenu, FaultTarget};
use crate::places::parts::{CodeBlock, CopyLine, PlaceLink, Until, time_of_day};

/// A poll moves ten messages. They move when its answer is drawn, so that no frame draws both.
const LATER_MILLIS: u32 = 100;

/// Each lane is drawn in a frame of its own.
const FRAME_MILLIS: usize = 20;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LanesProps {
    /// The queue's.
    pub name: AttrValue,
}

/// Lanes of a standard queue, message groups of a FIFO queue.
#[component]
pub fn Lanes(props: &LanesProps) -> Html {
    let session = use_session();
    let opened = use_state(|| None::<Card>);
    let open = {
        let opened = opened.setter();
        use_callback((), move |card: Card, ()| opened.set(Some(card)))
    };
    let close = {
        let opened = opened.setter();
        use_callback((), move |(), ()| opened.set(None))
    };
    let fifo = session.read(|s| s.account().queues().queue(&props.name).is_some_and(|queue| queue.is_fifo()));
    html! {
        <>
            if fifo {
                <Groups name={props.name.clone()} {open} />
            } else {
                <StandardLanes name={props.name.clone()} {open} />
            }
            if let Some(card) = &*opened {
                <Dialog title={format!("Message {}", card.short_id)} open=true on_close={close} wide=true>
                    <CardDetails queue={props.name.clone()} card={card.clone()} />
                </Dialog>
            }
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OpenProps {
    pub name: AttrValue,
    pub open: Callback<Card>,
}

#[component]
fn StandardLanes(props: &OpenProps) -> Html {
    let session = use_session();
    let session = use_later(session, LATER_MILLIS);
    let lanes = use_memo((session, props.name.clone()), |(session, name)| {
        session.read(|s| views::queue::lanes::lanes(s.account(), name)).into_iter().map(Rc::new).collect::<Vec<_>>()
    });
    html! {
        <div class="lanes" role="group" aria-label={format!("Messages of {}", props.name)} tabindex="0">
            { for (0..).step_by(FRAME_MILLIS).zip(lanes.iter()).map(|(later, lane)| html! {
                <LaterLane key={lane.title} {lane} {later} open={props.open.clone()} />
            }) }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct LaterLaneProps {
    lane: Rc<Lane>,
    /// How long after its change it is drawn, in milliseconds.
    later: u32,
    open: Callback<Card>,
}

#[component]
fn LaterLane(props: &LaterLaneProps) -> Html {
    let lane = use_later(Rc::clone(&props.lane), props.later);
    html! { <LaneColumn {lane} open={props.open.clone()} /> }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LaneProps {
    pub lane: Rc<Lane>,
    pub open: Callback<Card>,
}

#[component]
pub fn LaneColumn(props: &LaneProps) -> Html {
    let lane = &props.lane;
    html! {
        <section class="lane" aria-label={format!("{}: {}", lane.title, lane.count)}>
            <div class="lane-head" title={lane.what}><span>{ lane.title }</span><span class="lane-count">{ lane.count }</span></div>
            if lane.count == 0 { <p class="lane-empty">{ lane.what }</p> }
            <ul class="lane-body">
                { for lane.cards.iter().map(|card| html! {
                    <li key={card.message_id.to_string()}><MessageCard card={Rc::new(card.clone())} open={props.open.clone()} /></li>
                }) }
            </ul>
            if lane.count > lane.cards.len() {
                <p class="lane-empty">{ format!("The first {} are shown; {} more wait behind them.", lane.cards.len(), lane.count - lane.cards.len()) }</p>
            }
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MessageCardProps {
    pub card: Rc<Card>,
    pub open: Callback<Card>,
}

#[component]
pub fn MessageCard(props: &MessageCardProps) -> Html {
    let card = &props.card;
    let (class, hidden) = match card.kind {
        LaneKind::Delayed => ("message-delayed", "available"),
        LaneKind::Available => ("message-available", ""),
        LaneKind::InFlight => ("message-in-flight", "visible again"),
        LaneKind::DeadLetter => ("message-dead", "visible again"),
    };
    let onclick = {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| props.open.emit((*props.card).clone()))
    };
    html! {
        <div class={classes!("message", class)}>
            <button type="button" class="link-button message-body" {onclick} title="Show the whole message">
                { &card.short_body }
            </button>
            <div class="message-meta">
                <span>{ format!("#{} · received {}×", card.short_id, card.receive_count) }</span>
                <time title={card.sent_at.to_rfc3339()}>{ format!("sent {}", time_of_day(card.sent_at)) }</time>
            </div>
            if let Some(number) = &card.sequence_number {
                <div class="message-meta"><span title="SequenceNumber: its place in the order of sending">{ format!("sequence …{}", views::words::tail(number, 8)) }</span></div>
            }
            if let Some(sender) = &card.sender {
                <div class="message-meta"><span>{ "from " }<PlaceLink target={sender.target.clone()} text={sender.text.clone()} /></span></div>
            }
            if let Some(holder) = &card.holder {
                <div class="message-meta"><span>{ "held by " }<PlaceLink target={holder.target.clone()} text={holder.text.clone()} /></span></div>
            }
            if let Some((at, total)) = card.hidden {
                <div class="message-meta"><Until {at} {total} what={hidden} /></div>
            }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct DetailsProps {
    /// Whose page it is; a dead letter lies in another queue.
    queue: AttrValue,
    card: Card,
}

#[component]
fn CardDetails(props: &DetailsProps) -> Html {
    let session = use_session();
    let card = &props.card;
    let queue_url = session.read(|s| {
        let queues = s.account().queues();
        let queue = queues.queue(&props.queue)?;
        let redrive = queue.settings().redrive_policy.as_ref().filter(|_| card.kind == LaneKind::DeadLetter);
        let queue = redrive.map_or(Some(queue), |policy| queues.queue_by_arn(&policy.dead_letter_target_arn))?;
        Some(queue.url().to_owned())
    });
    let ids = [
        ("Message group ID", &card.group),
        ("Deduplication ID", &card.deduplication_id),
        ("Sequence number", &card.sequence_number),
    ];
    html! {
        <div class="place-sections">
            <CopyLine what="Message ID" text={card.message_id.to_string()} />
            { for ids.iter().filter_map(|(what, id)| id.as_ref().map(|id| html! { <CopyLine what={*what} text={id.to_string()} /> })) }
            <p>{ format!("Sent {} · expires {} · received {} times", card.sent_at, card.expires_at, card.receive_count) }</p>
            <AttributeTable rows={card.attributes.clone()} />
            <CodeBlock label="Body" text={views::activity::pretty(&card.body)} />
            if let Some(queue_url) = queue_url {
                <div class="button-row"><FailureMenu target={FaultTarget::Message { queue_url, message_id: card.message_id.to_string() }} /></div>
            }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AttributeTableProps {
    /// Name, type and value.
    pub rows: Vec<(String, String, String)>,
}

/// Message attributes; nothing when there are none.
#[component]
pub fn AttributeTable(props: &AttributeTableProps) -> Html {
    if props.rows.is_empty() {
        return Html::default();
    }
    html! {
        <div class="table-scroll">
            <table class="table">
                <caption>{ "Message attributes" }</caption>
                <thead><tr><th scope="col">{ "Name" }</th><th scope="col">{ "Type" }</th><th scope="col">{ "Value" }</th></tr></thead>
                <tbody>
                    { for props.rows.iter().map(|(name, kind, value)| html! {
                        <tr key={name.clone()}><th scope="row">{ name }</th><td>{ kind }</td><td class="mono-text">{ value }</td></tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
