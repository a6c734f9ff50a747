//! The event history as a table; each row opens to the event's JSON.

use std::collections::BTreeSet;

use views::execution::{EventRow, event_json, events, short};
use yew::prelude::*;

use crate::components::button::{Button, IconButton};
use crate::components::form::{Choice, Select, TextField};
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::places::parts::{CodeBlock, time_of_day};

/// Longer histories show this many until asked for all.
const MOST_ROWS: usize = 500;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct EventViewProps {
    pub execution: AttrValue,
}

#[component]
pub fn EventView(props: &EventViewProps) -> Html {
    let session = use_session();
    let filter = use_state_eq(AttrValue::default);
    let newest_first = use_state_eq(|| false);
    let all = use_state_eq(|| false);
    let open = use_state_eq(BTreeSet::<u64>::new);
    let mut rows =
        session.read(|session| session.account().states().execution(&props.execution).map(events).unwrap_or_default());
    let wanted = filter.trim().to_lowercase();
    rows.retain(|row| matches(row, &wanted));
    let shown = if *all { rows.len() } else { rows.len().min(MOST_ROWS) };
    let hidden = rows.len() - shown;
    let mut rows = rows.split_off(hidden);
    if *newest_first {
        rows.reverse();
    }
    let on_filter = {
        let filter = filter.clone();
        Callback::from(move |text: AttrValue| filter.set(text))
    };
    let on_order = {
        let newest_first = newest_first.clone();
        Callback::from(move |choice: AttrValue| newest_first.set(choice == "newest"))
    };
    let show_all = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    let row = |row: &EventRow| {
        let opened = open.contains(&row.id);
        let toggle = {
            let (open, id) = (open.clone(), row.id);
            Callback::from(move |_: MouseEvent| {
                let mut now_open = (*open).clone();
                if !now_open.remove(&id) {
                    now_open.insert(id);
                }
                open.set(now_open);
            })
        };
        let json = opened.then(|| {
            session.read(|session| {
                session.account().states().execution(&props.execution).and_then(|record| event_json(record, row.id))
            })
        });
        html! {
            <>
                <tr key={row.id} class="event-row">
                    <td>
                        <IconButton
                            label={if opened { format!("Hide event {}", row.id) } else { format!("Show event {}", row.id) }}
                            icon={if opened { Icon::Minus } else { Icon::Plus }} small=true onclick={toggle}
                        />
                    </td>
                    <td class="event-id">{ row.id }</td>
                    <th scope="row" class={row.is_failure.then_some("is-failure")}>
                        if row.is_failure { { Icon::Cross } }{ row.event_type }
                    </th>
                    <td>
                        { row.state.as_deref().unwrap_or("–").to_owned() }
                        if !row.iterations.is_empty() { <small class="iteration">{ &row.iterations }</small> }
                    </td>
                    <td class="break-anywhere">
                        { &row.summary }
                        if let Some(id) = &row.message_id { <div class="field-help">{ "message " }<code>{ id }</code></div> }
                        if let Some(id) = &row.request_id { <div class="field-help">{ "request " }<code>{ id }</code></div> }
                    </td>
                    <td class="event-time numeric">{ short(row.elapsed) }</td>
                    <td class="event-time">{ time_of_day(row.at) }</td>
                </tr>
                if let Some(json) = json.flatten() {
                    <tr key={format!("json-{}", row.id)}>
                        <td colspan="7"><CodeBlock label={format!("Event {} as JSON", row.id)} text={json} /></td>
                    </tr>
                }
            </>
        }
    };
    html! {
        <div class="pane-padded">
            <div class="event-tools">
                <TextField label="Filter by type, state or text" value={(*filter).clone()} on_input={on_filter} input_type="search" />
                <Select
                    label="Order"
                    choices={vec![Choice::new("oldest", "Oldest first"), Choice::new("newest", "Newest first")]}
                    selected={if *newest_first { "newest" } else { "oldest" }}
                    on_select={on_order}
                />
            </div>
            if hidden > 0 {
                <p>{ format!("The latest {shown} events are shown. ") }<Button label={format!("Show all, {hidden} more")} small=true onclick={show_all} /></p>
            }
            <div class="table-scroll">
                <table class="table">
                    <caption class="visually-hidden">{ "Event history" }</caption>
                    <thead>
                        <tr>
                            <th scope="col"><span class="visually-hidden">{ "JSON" }</span></th>
                            <th scope="col">{ "ID" }</th>
                            <th scope="col">{ "Type" }</th>
                            <th scope="col">{ "State" }</th>
                            <th scope="col">{ "What happened" }</th>
                            <th scope="col" class="numeric">{ "Elapsed" }</th>
                            <th scope="col">{ "Time (UTC)" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows.iter().map(row) }</tbody>
                </table>
            </div>
            if rows.is_empty() { <p>{ "No event matches the filter." }</p> }
        </div>
    }
}

fn matches(row: &EventRow, wanted: &str) -> bool {
    let contains = |text: &str| text.to_lowercase().contains(wanted);
    wanted.is_empty()
        || contains(row.event_type)
        || row.state.as_deref().is_some_and(contains)
        || contains(&row.summary)
        || contains(&row.iterations)
        || row.message_id.as_deref().is_some_and(contains)
}
