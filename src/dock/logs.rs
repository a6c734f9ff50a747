//! The log lines of all functions in one list.

use views::logs::{LogKind, LogRow};
use yew::prelude::*;

use super::activity::scroll_to_end;
use crate::components::empty::Empty;
use crate::components::form::{Choice, Select, TextField};
use crate::components::icons::Icon;
use crate::components::status::Status;
use crate::host::session_context::use_session;
use crate::places::parts::time_of_day;

/// Lines that are kept in the page.
const SHOWN: usize = 500;

#[component]
pub fn Logs() -> Html {
    let session = use_session();
    let function = use_state(AttrValue::default);
    let filter = use_state(AttrValue::default);
    let end = use_node_ref();
    let lines = session.read(|s| {
        let function = (!function.is_empty()).then_some(function.as_str());
        views::logs::lines(s.account(), function, SHOWN)
    });
    let wanted = filter.to_lowercase();
    let lines: Vec<LogRow> = lines.into_iter().filter(|line| line.text.to_lowercase().contains(&wanted)).collect();
    {
        let end = end.clone();
        use_effect_with(lines.len(), move |_| scroll_to_end(&end));
    }
    let names: Vec<String> =
        session.read(|s| s.account().functions().functions().map(|function| function.name.to_string()).collect());
    let mut choices = vec![Choice::new("", "All functions")];
    choices.extend(names.into_iter().map(|name| Choice::new(name.clone(), name)));
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    html! {
        <div class="dock-body" ref={end} tabindex="0" role="group" aria-label="Logs, newest last">
            <div class="dock-queue-head">
                <Select label="Function" {choices} selected={(*function).clone()} on_select={set(&function)} compact=true />
                <TextField label="Filter lines" input_type="search" value={(*filter).clone()} on_input={set(&filter)} />
            </div>
            if lines.is_empty() {
                <Empty icon={Icon::Log} title="No log lines"><p>{ "What a handler writes with console.log shows here." }</p></Empty>
            } else {
                <LogList {lines} />
            }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LogListProps {
    pub lines: Vec<LogRow>,
}

/// Log lines with their time, function and request.
#[component]
pub fn LogList(props: &LogListProps) -> Html {
    html! {
        <div class="log">
            { for props.lines.iter().enumerate().map(|(index, line)| {
                let platform = !matches!(line.kind, LogKind::Console | LogKind::Runtime);
                let error = line.is_error();
                let request = line.request_id.as_deref().map_or("–", views::words::short_uuid);
                html! {
                    <div key={index} class={classes!("log-line", platform.then_some("is-platform"), error.then_some(Status::Failed.class()))}>
                        <span class="log-time" title={line.at.to_rfc3339()}>
                            { format!("{} {} {request}", time_of_day(line.at), line.function) }
                        </span>
                        <span class="log-text">
                            if let Some(level) = &line.level { { format!("{level} ") } }
                            { &line.text }
                        </span>
                    </div>
                }
            }) }
        </div>
    }
}
