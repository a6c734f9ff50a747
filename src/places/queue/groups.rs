//! A FIFO queue: a row for each message group, in its order, with what blocks it; and the deduplication ids that the
//! queue still remembers.

use std::rc::Rc;

use views::queue::groups::{FifoView, GroupView, Window};
use virtual_time::Timestamp;
use yew::prelude::*;

use super::lanes::{LaneColumn, MessageCard, OpenProps};
use crate::components::progress::countdown;
use crate::components::status::{Badge, Tone};
use crate::host::session_context::{use_now, use_session};
use crate::places::parts::{PlaceLink, Until};

#[component]
pub fn Groups(props: &OpenProps) -> Html {
    let session = use_session();
    let view = use_memo((session, props.name.clone()), |(session, name)| {
        session.read(|s| views::queue::groups::view(s.account(), name))
    });
    let Some(view) = &*view else { return Html::default() };
    html! {
        <div class="groups" role="group" aria-label={format!("Messages of {}", props.name)} tabindex="0">
            <section class="lane" aria-label={format!("Message groups: {}", view.all_groups)}>
                <div class="lane-head"><span>{ "Message groups" }</span><span class="lane-count">{ counts(view) }</span></div>
                <p class="lane-empty">
                    { "Each group is received in the order in which it was sent. While a group's oldest message is in flight, \
                       nobody can receive what stands behind it; other groups go on." }
                </p>
                if view.groups.is_empty() { <p class="lane-empty">{ "No messages: a group exists as long as it has one." }</p> }
                { for view.groups.iter().map(|group| html! { <Group key={group.name.to_string()} group={group.clone()} open={props.open.clone()} /> }) }
                if view.all_groups > view.groups.len() {
                    <p class="lane-empty">{ format!("and {} more groups", view.all_groups - view.groups.len()) }</p>
                }
            </section>
            if let Some(lane) = &view.dead_letters { <LaneColumn lane={Rc::new(lane.clone())} open={props.open.clone()} /> }
            <Windows view={Rc::new(view.clone())} />
        </div>
    }
}

fn counts(view: &FifoView) -> String {
    let counts = view.counts;
    format!("{} available · {} in flight · {} delayed", counts.available, counts.in_flight, counts.delayed)
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct GroupProps {
    group: GroupView,
    open: Callback<views::queue::lanes::Card>,
}

#[component]
fn Group(props: &GroupProps) -> Html {
    let group = &props.group;
    let label = if group.blocked.is_some() { "Blocked" } else { "Next to be received" };
    let tone = if group.blocked.is_some() { Tone::Warning } else { Tone::Success };
    html! {
        <section class="lane-group" aria-label={format!("Message group {}: {}", group.name, label)}>
            <div class="lane-group-head">
                <span class="lane-group-name">{ group.name.to_string() }</span>
                <span class="lane-count">{ group.count }</span>
                <Badge {label} {tone} />
                if let Some(blocked) = &group.blocked {
                    <span class="lane-group-why">
                        { format!("{} until {}", blocked.why, crate::places::parts::time_of_day(blocked.until)) }
                        if let Some(holder) = &blocked.holder { { ", held by " }<PlaceLink target={holder.target.clone()} text={holder.text.clone()} /> }
                        { ": " }<Until at={blocked.until} total={blocked.total} what="free" />
                    </span>
                }
            </div>
            <ol class="lane-group-messages">
                { for group.cards.iter().map(|card| html! {
                    <li key={card.message_id.to_string()}><MessageCard card={Rc::new(card.clone())} open={props.open.clone()} /></li>
                }) }
                if group.count > group.cards.len() {
                    <li class="lane-empty">{ format!("and {} more behind them", group.count - group.cards.len()) }</li>
                }
            </ol>
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct WindowsProps {
    view: Rc<FifoView>,
}

#[component]
fn Windows(props: &WindowsProps) -> Html {
    let view = &props.view;
    let scope = if view.scope_is_group { "of the same message group" } else { "of this queue" };
    html! {
        <section class="lane" aria-label={format!("Deduplication windows: {}", view.all_windows)}>
            <div class="lane-head"><span>{ "Deduplication windows" }</span><span class="lane-count">{ view.all_windows }</span></div>
            <p class="lane-empty">
                { format!("For five minutes SQS remembers each deduplication ID {scope}. Another message with it is accepted, \
                           answered with the first one's ID, and not put into the queue.") }
            </p>
            if !view.windows.is_empty() {
                <div class="table-scroll" tabindex="0" role="group" aria-label="Open deduplication windows">
                    <table class="table">
                        <caption class="visually-hidden">{ "Open deduplication windows, newest first" }</caption>
                        <thead><tr>
                            <th scope="col">{ "Deduplication ID" }</th>
                            if view.scope_is_group { <th scope="col">{ "Group" }</th> }
                            <th scope="col">{ "Message" }</th><th scope="col">{ "Closes" }</th>
                        </tr></thead>
                        <tbody>{ for view.windows.iter().map(|window| html! {
                            <tr key={format!("{}|{}", window.group.as_deref().unwrap_or_default(), window.id)}>
                                <th scope="row" class="mono-text" title={window.id.clone()}>{ &window.short_id }</th>
                                if view.scope_is_group { <td>{ window.group.clone() }</td> }
                                <td class="mono-text">{ format!("#{}", window.message) }</td>
                                <td><Closes window={window.clone()} /></td>
                            </tr>
                        }) }</tbody>
                    </table>
                </div>
                if view.all_windows > view.windows.len() {
                    <p class="lane-empty">{ format!("and {} more, opened earlier", view.all_windows - view.windows.len()) }</p>
                }
            }
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ClosesProps {
    window: Window,
}

/// The time left, also when only the clock went on and the window has closed since.
#[component]
fn Closes(props: &ClosesProps) -> Html {
    let now: Timestamp = use_now();
    let left = props.window.until.since(now);
    if now >= props.window.until {
        return html! { <span>{ "closed" }</span> };
    }
    let text = format!("in {left}");
    html! {
        <>
            <span title={props.window.until.to_rfc3339()}>{ text.clone() }</span>
            { countdown(left.as_secs_f64(), props.window.total.as_secs_f64()) }
        </>
    }
}
