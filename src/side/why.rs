//! The chain of causes of the place in the centre, newest first.

use views::explain::{self, Cause};
use virtual_time::Timestamp;
use yew::prelude::*;

use crate::host::session_context::use_session;
use crate::host::ui::use_ui;
use crate::places::parts::{PlaceLink, moment, status_of_tone};
use crate::session::Place;

#[component]
pub fn Why() -> Html {
    let session = use_session();
    let ui = use_ui();
    let explanation = use_memo((session.clone(), ui.place.clone()), |(session, place)| {
        session.read(|s| match place {
            Place::Execution { arn } => explain::execution(s.account(), arn),
            Place::StateMachine { arn, .. } => {
                let executions = s.account().states().executions();
                let newest = executions.iter().rev().find(|e| *e.state_machine_arn == **arn);
                newest.and_then(|newest| explain::execution(s.account(), &newest.arn))
            }
            Place::Queue { name, .. } => explain::queue(s.account(), name),
            Place::Function { name, .. } => explain::function(s.account(), name),
            Place::Role { name } => explain::role(s.account(), name),
            Place::Welcome
            | Place::NewQueue
            | Place::NewStateMachine
            | Place::NewFunction
            | Place::NewRole
            | Place::Differences
            | Place::Workspaces
            | Place::Examples => None,
        })
    });
    let Some(explanation) = &*explanation else {
        return html! {
            <div class="why">
                <p>{ "Select an execution, a queue, a function or a role to see why it waits, failed or was denied." }</p>
            </div>
        };
    };
    let now = session.read(|s| s.account().now());
    let newest = matches!(ui.place, Place::StateMachine { .. });
    html! {
        <div class="why">
            <h2>{ &explanation.question }</h2>
            <p class="step-text">
                { if newest { "About its newest execution. The chain of causes, newest first." } else { "The chain of causes, newest first." } }
            </p>
            <ol class="steps">
                { for explanation.causes.iter().enumerate().map(|(index, cause)| {
                    let number = index + 1;
                    html! { <CauseItem key={index} cause={cause.clone()} {number} {now} /> }
                }) }
            </ol>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct CauseProps {
    cause: Cause,
    number: usize,
    now: Timestamp,
}

#[component]
fn CauseItem(props: &CauseProps) -> Html {
    let cause = &props.cause;
    let status = status_of_tone(cause.tone);
    html! {
        <li class={classes!(status.map(|status| status.class()))}>
            <span class="step-mark" aria-hidden="true">{ props.number }</span>
            <div>
                <div class="step-title">
                    <PlaceLink target={cause.target.clone()} text={cause.title.clone()} />
                </div>
                <p class="step-text">
                    if let Some(at) = cause.at { <time title={at.to_rfc3339()}>{ format!("{} · ", moment(at, props.now)) }</time> }
                    { &cause.text }
                </p>
                if !cause.details.is_empty() {
                    <details class="details-lines">
                        <summary>{ match cause.details.len().saturating_sub(1) { 1 => "1 statement looked at".to_owned(), n => format!("{n} statements looked at") } }</summary>
                        <ul>{ for cause.details.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                    </details>
                }
            </div>
        </li>
    }
}
