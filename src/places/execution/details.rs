//! The chosen step beside the graph: data flow, error ladder, definition, events.

use views::execution::{self, EventRow, Ladder, StepDetails, short};
use yew::prelude::*;

use super::step_data::DataFlow;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Status, StatusChip};
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::use_ui;
use crate::places::parts::CodeBlock;
use crate::places::workflow::status_of;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StepPaneProps {
    pub execution: AttrValue,
}

const FLOW: &str = "step-flow";
const LADDER: &str = "step-ladder";
const DEFINITION: &str = "step-definition";
const EVENTS: &str = "step-events";

#[component]
pub fn StepPane(props: &StepPaneProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let tab = use_state_eq(|| AttrValue::Static(FLOW));
    let found = session.read(|session| {
        let record = session.account().states().execution(&props.execution)?;
        // Without a choice the newest step is shown.
        let newest = || record.execution.visits().last().map(|visit| visit.state_name.to_string());
        let name = ui.selected_state.clone().or_else(newest)?;
        let Some(details) = execution::step_details(record, &name, None) else { return Some(Err(name)) };
        let ladder = record.execution.visits().get(details.visit).and_then(|visit| execution::ladder(record, visit));
        let (first, last) = details.events;
        let events: Vec<EventRow> =
            execution::events(record).into_iter().filter(|row| (first..=last).contains(&row.id)).collect();
        Some(Ok((details, ladder, events)))
    });
    let (details, ladder, events) = match found {
        None => return html! { <Empty icon={Icon::Clock} title="No state was entered yet" /> },
        Some(Err(name)) => {
            return html! {
                <Empty icon={Icon::Circle} title={format!("{name} was not reached")}>
                    <p>{ "Choose a state that was entered to see its data." }</p>
                </Empty>
            };
        }
        Some(Ok(found)) => found,
    };
    let select = {
        let tab = tab.clone();
        Callback::from(move |id: AttrValue| tab.set(id))
    };
    let mut tabs = vec![Tab::new(FLOW, "Data flow")];
    if ladder.is_some() {
        tabs.push(Tab::new(LADDER, "Error ladder"));
    }
    tabs.push(Tab::new(DEFINITION, "Definition"));
    tabs.push(Tab::new(EVENTS, "Events").with_count(events.len()));
    let selected = if *tab == LADDER && ladder.is_none() { AttrValue::Static(FLOW) } else { (*tab).clone() };
    let body = match (selected.as_str(), &ladder) {
        (LADDER, Some(ladder)) => draw_ladder(ladder),
        (DEFINITION, _) => html! {
            <CodeBlock label={format!("Definition of {}", details.name)} text={details.definition.clone()} />
        },
        (EVENTS, _) => draw_events(&events),
        _ => html! { <DataFlow details={details.clone()} /> },
    };
    html! {
        <section class="step-pane" aria-label="Step details">
            { head(&details) }
            <Tabs label="Step details" {tabs} selected={selected.clone()} on_select={select} />
            <TabPanel id={selected} class="pane-padded">{ body }</TabPanel>
        </section>
    }
}

fn head(details: &StepDetails) -> Html {
    let mut note = details.attempt.clone();
    if details.visits > 1 {
        let dot = if note.is_empty() { "" } else { " · " };
        note = format!("{note}{dot}visited {} times, latest shown", details.visits);
    }
    html! {
        <div class="step-head">
            <h2>{ &*details.name }</h2>
            <StatusChip status={status_of(details.status)} />
            <span class="head-note">{ note }</span>
        </div>
    }
}

fn draw_ladder(ladder: &Ladder) -> Html {
    let untroubled = ladder.attempts.is_empty();
    html! {
        <div class="stack">
            if !ladder.outcome.is_empty() { <p><strong>{ &ladder.outcome }</strong></p> }
            if untroubled { <p>{ "Nothing failed in this step." }</p> }
            <ol class="steps">
                { for ladder.attempts.iter().map(|attempt| html! {
                    <li class={Status::Failed.class()}>
                        <span class="step-mark" aria-hidden="true">{ attempt.number }</span>
                        <div>
                            <div class="step-title">{ format!("Attempt {} failed with {}", attempt.number, attempt.error) }</div>
                            <div class="step-text">
                                if let Some(after) = attempt.failed_after { { format!("{} after the state was entered. ", short(after)) } }
                                if let Some((retrier, wait)) = attempt.retried {
                                    { format!("Retrier #{retrier} waited {} and tried again.", short(wait)) }
                                }
                                if let Some(cause) = &attempt.cause { <div class="break-anywhere">{ &**cause }</div> }
                            </div>
                        </div>
                    </li>
                }) }
                { for ladder.retriers.iter().map(|retrier| html! {
                    <li class={if retrier.used > 0 { Status::Retrying.class() } else { Status::NotStarted.class() }}>
                        <span class="step-mark" aria-hidden="true">{ "↺" }</span>
                        <div>
                            <div class="step-title">{ format!("Retrier #{}: {}", retrier.index, retrier.why) }</div>
                            <div class="step-text">{ format!("For {}; {}.", retrier.error_equals, retrier.rule) }</div>
                        </div>
                    </li>
                }) }
                { for ladder.catchers.iter().map(|catcher| html! {
                    <li class={if catcher.matched { Status::CaughtError.class() } else { Status::NotStarted.class() }}>
                        <span class="step-mark" aria-hidden="true">{ "↷" }</span>
                        <div>
                            <div class="step-title">{ format!("Catch #{}: {}", catcher.index, catcher.why) }</div>
                            <div class="step-text">{ format!("For {}; goes to {}.", catcher.error_equals, catcher.next) }</div>
                        </div>
                    </li>
                }) }
            </ol>
            if ladder.retriers.is_empty() && ladder.catchers.is_empty() {
                <p class="field-help">{ "The state has neither Retry nor Catch: an error fails the execution." }</p>
            }
        </div>
    }
}

fn draw_events(events: &[EventRow]) -> Html {
    html! {
        <ol class="step-events">
            { for events.iter().map(|event| html! {
                <li key={event.id}>
                    <span class="event-id">{ format!("#{}", event.id) }</span>
                    <div>
                        <strong>{ event.event_type }</strong>
                        <div class="break-anywhere">{ &event.summary }</div>
                    </div>
                    <span class="event-time">{ short(event.elapsed) }</span>
                </li>
            }) }
        </ol>
    }
}
