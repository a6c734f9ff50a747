//! The chosen or newest execution over virtual time.

use views::timeline::{Bar, BarKind, NEAR_THE_END, Row, Tick, timeline};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::form::Toggle;
use crate::components::icons::Icon;
use crate::host::session_context::{SessionHandle, use_now, use_session};
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::places::workflow::depth_class;
use crate::session::Place;

/// The axis's width in the drawing's own units; the drawing stretches to its room.
const WIDTH: f64 = 1_000.0;
/// A bar of no length can still be seen and pointed at.
const LEAST_BAR: f64 = 3.0;
/// What bars may take of a row, which is 28 high.
const BARS_TOP: f64 = 7.0;
const BARS_HEIGHT: f64 = 14.0;

/// The execution at this place, else the newest of the state machine, else the newest of all.
fn chosen(session: &SessionHandle, place: &Place) -> Option<String> {
    session.read(|session| {
        let mut newest = session.account().states().executions().iter().rev();
        let record = match place {
            Place::Execution { arn } => return Some(arn.clone()),
            Place::StateMachine { arn, .. } => newest.find(|record| *record.state_machine_arn == **arn),
            _ => newest.next(),
        };
        record.map(|record| record.arn.to_string())
    })
}

#[component]
pub fn Timeline() -> Html {
    let (session, ui, now) = (use_session(), use_ui(), use_now());
    let hide_idle = use_state_eq(|| true);
    let arn = chosen(&session, &ui.place);
    let drawn = arn.and_then(|arn| {
        session.read(|session| {
            let account = session.account();
            let record = account.states().execution(&arn)?;
            Some((record.name.to_string(), timeline(account, record, now.max(account.now()), *hide_idle)))
        })
    });
    let Some((name, drawn)) = drawn else {
        return html! {
            <Empty icon={Icon::Clock} title="No execution yet">
                <p>{ "Start an execution to see how long each step, message and invocation takes." }</p>
            </Empty>
        };
    };
    let on_idle = {
        let hide_idle = hide_idle.clone();
        Callback::from(move |on: bool| hide_idle.set(on))
    };
    html! {
        <div class="dock-timeline">
            <div class="timeline-head">
                <strong>{ name }</strong>
                <Toggle label="Hide idle time" checked={*hide_idle} on_change={on_idle} />
            </div>
            <div class="timeline" role="list" aria-label="Timeline">
                <div class="timeline-label" aria-hidden="true"></div>
                <div class="timeline-axis" aria-hidden="true">{ for drawn.ticks.iter().map(axis_label) }</div>
                { for drawn.rows.iter().enumerate().map(|(index, row)| draw(&ui, index, row, &drawn.ticks, drawn.now)) }
            </div>
        </div>
    }
}

fn axis_label(tick: &Tick) -> Html {
    // The last label must not run out of the drawing.
    let class = if tick.at > NEAR_THE_END { "timeline-tick-label is-last" } else { "timeline-tick-label" };
    let text = if tick.after_gap { format!("⋯ {}", tick.label) } else { tick.label.clone() };
    html! { <span {class} style={format!("inset-inline-start: {:.2}%", tick.at * 100.0)}>{ text }</span> }
}

fn draw(ui: &UiHandle, index: usize, row: &Row, ticks: &[Tick], now: Option<f64>) -> Html {
    let selected = ui.selected_state.as_deref() == Some(row.state.as_str());
    let select = {
        let (ui, state) = (ui.clone(), row.state.clone());
        Callback::from(move |_: MouseEvent| {
            let state = state.clone();
            ui.change(move |ui| ui.select_state(state, None));
        })
    };
    let spoken: Vec<&str> = row.bars.iter().map(|bar| bar.title.as_str()).collect();
    let label = if row.child {
        html! { <span>{ &row.label }</span> }
    } else {
        html! {
            <button type="button" class="link-button" aria-pressed={selected.to_string()} onclick={select}>{ &row.label }</button>
        }
    };
    html! {
        <div class="timeline-row" role="listitem" key={index}>
            <div class={classes!("timeline-label", row.child.then_some("is-child"), depth_class(row.depth))}>
                { label }
                if !row.note.is_empty() { <small>{ &row.note }</small> }
                <span class="visually-hidden">{ spoken.join("; ") }</span>
            </div>
            <div class="timeline-track" aria-hidden="true">
                <svg viewBox={format!("0 0 {WIDTH} 28")} preserveAspectRatio="none">
                    { for ticks.iter().map(|tick| line(tick.at, if tick.after_gap { "timeline-break" } else { "timeline-tick" })) }
                    { for row.bars.iter().map(|bar| rect(bar, row.lanes, selected)) }
                    if let Some(now) = now { { line(now, "timeline-now") } }
                </svg>
            </div>
        </div>
    }
}

fn line(at: f64, class: &'static str) -> Html {
    let x = format!("{:.1}", at * WIDTH);
    html! { <line {class} x1={x.clone()} x2={x} y1="0" y2="28" vector-effect="non-scaling-stroke" /> }
}

/// Bars side by side are thinner.
fn rect(bar: &Bar, lanes: usize, selected: bool) -> Html {
    let height = BARS_HEIGHT / lanes.max(1) as f64;
    let y = BARS_TOP + height * bar.lane as f64;
    let gap = if lanes > 1 { 0.5 } else { 0.0 };
    let class = match bar.kind {
        BarKind::InProgress => "bar-in-progress",
        BarKind::Succeeded => "bar-succeeded",
        BarKind::Failed => "bar-failed",
        BarKind::Caught => "bar-caught",
        BarKind::TimedOut => "bar-timed-out",
        BarKind::Aborted => "bar-aborted",
        BarKind::Wait => "bar-wait",
        BarKind::Available => "bar-idle",
    };
    let width = ((bar.to - bar.from) * WIDTH).max(LEAST_BAR);
    let from = (bar.from * WIDTH).min(WIDTH - LEAST_BAR);
    html! {
        <rect
            class={classes!("bar", class, selected.then_some("is-selected"))}
            x={format!("{from:.1}")} y={format!("{y:.1}")} width={format!("{width:.1}")} height={format!("{:.1}", height - gap)} vector-effect="non-scaling-stroke"
        >
            <title>{ &bar.title }</title>
        </rect>
    }
}
