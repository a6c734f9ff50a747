//! Everything that happened, in sentences, newest last.

use views::activity::{ActivityKind, ActivityRow};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::form::Toggle;
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::places::parts::{PlaceLink, status_of_tone, time_of_day};

/// Rows that are kept in the page.
const SHOWN: usize = 300;

#[component]
pub fn Activity() -> Html {
    let session = use_session();
    let idle = use_state(|| false);
    let end = use_node_ref();
    let rows = use_memo((session.clone(), *idle), |(session, idle)| {
        session.read(|s| views::activity::rows(s.account(), SHOWN, *idle))
    });
    {
        let end = end.clone();
        use_effect_with(rows.clone(), move |_| scroll_to_end(&end));
    }
    let on_change = {
        let idle = idle.clone();
        Callback::from(move |shown| idle.set(shown))
    };
    if rows.is_empty() && !*idle {
        return html! {
            <Empty icon={Icon::Log} title="Nothing has happened yet">
                <p>{ "Calls, messages, states, functions and log lines will be told here in the order in which they happen." }</p>
            </Empty>
        };
    }
    html! {
        <div class="dock-body" ref={end} tabindex="0" role="group" aria-label="Activity, newest last">
            <div class="dock-queue-head"><Toggle label="Show idle polls" checked={*idle} {on_change} /></div>
            { for rows.iter().enumerate().map(|(index, row)| html! { <Row key={index} row={row.clone()} /> }) }
        </div>
    }
}

/// Follows what is newest.
pub fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<web_sys::Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct RowProps {
    row: ActivityRow,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let row = &props.row;
    let kind = match row.kind {
        ActivityKind::Call => "Call",
        ActivityKind::Message => "Message",
        ActivityKind::State => "State",
        ActivityKind::Function => "Function",
        ActivityKind::Log => "Log",
    };
    let status = status_of_tone(row.tone);
    html! {
        <div class={classes!("activity-row", status.map(|status| status.class()))}>
            <time title={row.at.to_rfc3339()}>{ time_of_day(row.at) }</time>
            <span class="activity-kind">{ kind }</span>
            <span class="activity-text">
                if let Some(status) = status { { status.icon() }{ " " } }
                <PlaceLink target={row.target.clone()} text={row.text.clone()} />
            </span>
        </div>
    }
}
