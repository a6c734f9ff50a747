//! The function's invocations and its log.

use views::functions::{InvocationRow, InvocationState};
use yew::prelude::*;

use super::FunctionProps;
use crate::components::button::Button;
use crate::components::copy_button::CopyButton;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Status, StatusChip};
use crate::dock::logs::LogList;
use crate::host::session_context::use_session;
use crate::places::parts::{CodeBlock, time_of_day};

/// Invocations that the table shows.
const SHOWN: usize = 100;
const LOG_LINES: usize = 300;

fn status(state: InvocationState) -> Status {
    match state {
        InvocationState::Starting | InvocationState::Running => Status::InProgress,
        InvocationState::Succeeded => Status::Succeeded,
        InvocationState::Failed => Status::Failed,
        InvocationState::TimedOut => Status::TimedOut,
    }
}

#[component]
pub fn Monitor(props: &FunctionProps) -> Html {
    let session = use_session();
    let opened = use_state(|| None::<u64>);
    let name = props.function.name.clone();
    let rows = session.read(|s| views::functions::invocations(s.account(), &name, SHOWN));
    if rows.is_empty() {
        return html! {
            <Empty icon={Icon::Function} title="No invocations yet">
                <p>{ "Invoke it in the Test tab, or add a trigger and send a message." }</p>
            </Empty>
        };
    }
    let chosen = (*opened).and_then(|id| rows.iter().find(|row| row.id == id).cloned());
    let lines = session.read(|s| views::logs::lines(s.account(), Some(&name), LOG_LINES));
    html! {
        <div class="place-sections">
            <div class="table-scroll">
                <table class="table">
                    <caption>{ "Invocations, newest first" }</caption>
                    <thead><tr>
                        <th scope="col">{ "Time" }</th><th scope="col">{ "Status" }</th><th scope="col">{ "Duration" }</th>
                        <th scope="col">{ "Source" }</th><th scope="col">{ "Request ID" }</th><th scope="col">{ "Messages" }</th><th scope="col">{ "Details" }</th>
                    </tr></thead>
                    <tbody>
                        { for rows.iter().map(|row| {
                            let open = {
                                let (opened, id) = (opened.clone(), row.id);
                                Callback::from(move |_: MouseEvent| opened.set((*opened != Some(id)).then_some(id)))
                            };
                            html! {
                                <tr key={row.id} aria-selected={(*opened == Some(row.id)).then_some("true")}>
                                    <td><time title={row.accepted_at.to_rfc3339()}>{ time_of_day(row.accepted_at) }</time></td>
                                    <td><StatusChip status={status(row.state)} label={row.state.word()} /></td>
                                    <td class="numeric">{ row.duration.map_or_else(|| "–".to_owned(), |span| span.to_string()) }{ if row.cold { " · cold" } else { "" } }</td>
                                    <td>{ &row.source }</td>
                                    <td class="mono-text">{ views::functions::short_request(&row.request_id).to_owned() }<CopyButton text={row.request_id.to_string()} what="request ID" /></td>
                                    <td class="mono-text">{ row.message_ids.iter().take(3).map(|id| views::words::short_uuid(id)).collect::<Vec<_>>().join(", ") }</td>
                                    <td><Button label={if *opened == Some(row.id) { "Hide" } else { "Show" }} small=true onclick={open} /></td>
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
            </div>
            if let Some(row) = chosen { <Outcome invocation={row} /> }
            <h2>{ "Log" }</h2>
            <LogList {lines} />
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OutcomeProps {
    pub invocation: InvocationRow,
}

/// One invocation with its result and its log lines.
#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let row = &props.invocation;
    html! {
        <section class="card place-sections" aria-label="Invocation" aria-live="polite">
            <div class="button-row">
                <StatusChip status={status(row.state)} label={format!("Executing function: {}", row.state.word().to_lowercase())} />
                <span class="mono-text">{ row.request_id.to_string() }</span>
                if let Some(span) = row.duration { <span>{ format!("Duration {span}") }</span> }
            </div>
            if let Some(result) = &row.result { <CodeBlock label="Result" text={views::activity::pretty(result)} /> }
            if let Some(error) = &row.error { <CodeBlock label="Error" text={views::activity::pretty(error)} /> }
            <CodeBlock label="Event" text={views::activity::pretty(&row.event)} />
            if !row.log.is_empty() { <CodeBlock label="Log output" text={row.log.join("\n")} /> }
        </section>
    }
}
