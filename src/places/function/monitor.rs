//! The function's invocations and its log.

use views::functions::{InvocationRow, InvocationState, Metrics};
use virtual_time::Duration;
use yew::prelude::*;

use super::FunctionProps;
use crate::components::button::Button;
use crate::components::copy_button::CopyButton;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Status, StatusChip};
use crate::dock::logs::LogList;
use crate::host::session_context::use_session;
use crate::places::failures::{FailureMenu, FaultTarget};
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
    let metrics = session.read(|s| views::functions::metrics(s.account(), &name));
    html! {
        <div class="place-sections">
            <Numbers {metrics} />
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

#[derive(Clone, Debug, PartialEq, Properties)]
struct NumbersProps {
    metrics: Metrics,
}

/// The metrics of CloudWatch's namespace AWS/Lambda, over what is remembered.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let metrics = &props.metrics;
    let span = |span: Option<Duration>| span.map_or_else(|| "–".to_owned(), |span| span.to_string());
    html! {
        <section class="card" aria-label="Metrics">
            <dl class="key-values">
                <dt>{ "Invocations" }</dt><dd>{ metrics.invocations }</dd>
                <dt>{ "Errors" }</dt><dd>{ metrics.errors }</dd>
                <dt>{ "Throttles" }</dt><dd>{ metrics.throttles }</dd>
                <dt>{ "Concurrent executions now" }</dt><dd>{ metrics.running }</dd>
                <dt>{ "Cold starts" }</dt><dd>{ metrics.cold_starts }</dd>
                <dt>{ "Duration" }</dt><dd>{ format!("{} on average, {} at most", span(metrics.mean), span(metrics.longest)) }</dd>
            </dl>
        </section>
    }
}

/// The messages of an invocation that are still in their queue, each with its failure menu.
#[component]
fn Messages(props: &OutcomeProps) -> Html {
    let session = use_session();
    let Some(url) = &props.invocation.queue_url else { return Html::default() };
    let held: Vec<String> = session.read(|s| {
        let ids =
            props.invocation.message_ids.iter().filter(|id| views::functions::holds_message(s.account(), url, id));
        ids.map(|id| id.to_string()).collect()
    });
    html! {
        if !held.is_empty() {
            <h3>{ "Messages still in the queue" }</h3>
            <ul class="fact-list">
                { for held.into_iter().map(|message_id| html! {
                    <li key={message_id.clone()} class="button-row">
                        <span class="mono-text">{ &message_id }</span>
                        <FailureMenu
                            label={format!("Inject a failure into {}", views::words::short_uuid(&message_id))}
                            target={FaultTarget::Message { queue_url: url.clone(), message_id }}
                        />
                    </li>
                }) }
            </ul>
        }
    }
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
                if let Some(span) = row.duration {
                    <span>{ format!("Duration {span}") }</span>
                } else {
                    <FailureMenu target={FaultTarget::Invocation { request_id: row.request_id.to_string() }} />
                }
            </div>
            if let Some(mock) = &row.mock { <p>{ format!("Answered by a mock rule that {mock}.") }</p> }
            <Messages invocation={row.clone()} />
            if let Some(result) = &row.result { <CodeBlock label="Result" text={views::activity::pretty(result)} /> }
            if let Some(error) = &row.error { <CodeBlock label="Error" text={views::activity::pretty(error)} /> }
            <CodeBlock label="Event" text={views::activity::pretty(&row.event)} />
            if !row.log.is_empty() { <CodeBlock label="Log output" text={row.log.join("\n")} /> }
        </section>
    }
}
