//! The chosen step beside the graph: data flow, error ladder, definition, events.

use views::execution::{self, ChildRow, EventRow, Ladder, MapRunView, StepDetails, short};
use views::target::Target;
use views::words::short_uuid;
use yew::prelude::*;

use super::step_data::DataFlow;
use crate::components::button::IconButton;
use crate::components::empty::Empty;
use crate::components::form::{Choice, Select};
use crate::components::icons::Icon;
use crate::components::status::{Badge, Status, StatusChip};
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::places::parts::{CodeBlock, CopyLine, PlaceLink};
use crate::places::workflow::status_of;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StepPaneProps {
    pub execution: AttrValue,
}

const FLOW: &str = "step-flow";
const LADDER: &str = "step-ladder";
const MAP_RUN: &str = "step-map-run";
const DEFINITION: &str = "step-definition";
const EVENTS: &str = "step-events";

/// All that is shown of one visit.
struct Found {
    details: StepDetails,
    ladder: Option<Ladder>,
    map_run: Option<MapRunView>,
    events: Vec<EventRow>,
}

#[component]
pub fn StepPane(props: &StepPaneProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let tab = use_state_eq(|| AttrValue::Static(FLOW));
    let found = session.read(|session| {
        let account = session.account();
        let record = account.states().execution(&props.execution)?;
        let by_itself = execution::notable_visit(record);
        let (name, visit) = match &ui.selected_state {
            Some(name) => (name.clone(), ui.selected_visit),
            None => (record.execution.visits().get(by_itself?)?.state_name.to_string(), by_itself),
        };
        let Some(details) = execution::step_details(record, &name, visit) else { return Some(Err(name)) };
        let visit = record.execution.visits().get(details.visit);
        Some(Ok(Found {
            ladder: visit.and_then(|visit| execution::ladder(record, visit)),
            map_run: visit.and_then(|visit| execution::map_run(account, visit, account.now())),
            events: execution::step_events(record, details.visit),
            details,
        }))
    });
    let Found { details, ladder, map_run, events } = match found {
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
    if let Some(run) = &map_run {
        tabs.push(Tab::new(MAP_RUN, "Map run").with_count(run.children.len() + run.more));
    }
    tabs.push(Tab::new(DEFINITION, "Definition"));
    tabs.push(Tab::new(EVENTS, "Events").with_count(events.len()));
    let selected = if tabs.iter().any(|known| known.id == *tab) { (*tab).clone() } else { AttrValue::Static(FLOW) };
    let body = match (selected.as_str(), &ladder, &map_run) {
        (LADDER, Some(ladder), _) => draw_ladder(ladder),
        (MAP_RUN, _, Some(run)) => draw_map_run(run),
        (DEFINITION, ..) => html! {
            <CodeBlock label={format!("Definition of {}", details.name)} text={details.definition.clone()} />
        },
        (EVENTS, ..) => draw_events(&events),
        _ => html! { <DataFlow details={details.clone()} /> },
    };
    html! {
        <section class="step-pane" aria-label="Step details">
            { head(&ui, &details) }
            <Tabs label="Step details" {tabs} selected={selected.clone()} on_select={select} />
            <TabPanel id={selected} class="pane-padded">{ body }</TabPanel>
        </section>
    }
}

fn head(ui: &UiHandle, details: &StepDetails) -> Html {
    html! {
        <div class="step-head">
            <h2>{ &*details.name }</h2>
            <StatusChip status={status_of(details.status)} />
            if !details.attempt.is_empty() { <span class="head-note">{ &details.attempt }</span> }
            if details.uses_jsonata { <Badge label="JSONata" /> }
            if details.others.all > 1 { { chooser(ui, details) } }
            if !details.within.is_empty() {
                <p class="step-within">{ format!("In {}", details.within.join(", in ")) }</p>
            }
        </div>
    }
}

/// The visits of a state that was entered several times: by a loop, or once for each iteration.
fn chooser(ui: &UiHandle, details: &StepDetails) -> Html {
    let choose = {
        let (ui, name) = (ui.clone(), details.name.to_string());
        Callback::from(move |visit: usize| {
            let name = name.clone();
            ui.change(move |ui| ui.select_state(name, Some(visit)));
        })
    };
    let step = |label: &'static str, icon: Icon, to: Option<usize>| {
        let onclick = choose.reform(move |_: MouseEvent| to.unwrap_or_default());
        html! { <IconButton {label} {icon} small=true disabled={to.is_none()} {onclick} /> }
    };
    let others = &details.others;
    let choices = others
        .choices
        .iter()
        .map(|choice| {
            Choice::new(choice.visit.to_string(), format!("{} · {}", choice.label, status_of(choice.status).word()))
        })
        .collect::<Vec<_>>();
    let on_select = {
        let choose = choose.clone();
        Callback::from(move |value: AttrValue| {
            if let Ok(visit) = value.parse() {
                choose.emit(visit);
            }
        })
    };
    html! {
        <div class="visit-chooser" role="group" aria-label="Visits of this state">
            { step("Visit before", Icon::ChevronLeft, others.before) }
            <Select label="Visit" compact=true {choices} selected={details.visit.to_string()} {on_select} />
            { step("Visit after", Icon::Chevron, others.after) }
            <span class="head-note">{ format!("of {}", others.all) }</span>
        </div>
    }
}

fn draw_map_run(run: &MapRunView) -> Html {
    html! {
        <div class="stack">
            <p class="map-run-head"><StatusChip status={status_of(run.status)} /><span>{ &run.label }</span></p>
            <div class="task-token"><CopyLine what="Map Run ARN" text={run.arn.to_string()} /></div>
            <div class="table-scroll">
                <table class="table">
                    <caption class="visually-hidden">{ "Child executions" }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ "Child execution" }</th>
                            <th scope="col">{ "Status" }</th>
                            <th scope="col" class="numeric">{ "Items" }</th>
                            <th scope="col" class="numeric">{ "Duration" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { for run.children.iter().map(|child| html! {
                            <tr key={child.number}>
                                <th scope="row">{ child_name(child) }</th>
                                <td>
                                    if let Some(started) = &child.execution {
                                        <StatusChip status={status_of(started.status)} />
                                    } else {
                                        <StatusChip status={Status::NotStarted} />
                                    }
                                    if let Some(error) = &child.error { <div class="field-help">{ &**error }</div> }
                                </td>
                                <td class="numeric">{ child.items }</td>
                                <td class="numeric">
                                    { child.execution.as_ref().map_or_else(|| "–".to_owned(), |started| short(started.duration)) }
                                </td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </div>
            if run.more > 0 {
                <p class="field-help">{ format!("{} more that ended well are not shown.", run.more) }</p>
            }
        </div>
    }
}

fn child_name(child: &ChildRow) -> Html {
    let name = child.execution.as_ref().map_or("", |started| short_uuid(&started.name));
    let target = child.execution.as_ref().map(|started| Target::execution(&started.arn));
    html! { <PlaceLink {target} text={format!("#{} {name}", child.number).trim().to_owned()} /> }
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
