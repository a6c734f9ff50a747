//! The steps as a table.

use views::execution::{Opened, Step, StepRow, short, steps};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::StatusChip;
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::places::workflow::{depth_class, status_of};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TableViewProps {
    pub execution: AttrValue,
}

#[component]
pub fn TableView(props: &TableViewProps) -> Html {
    let (session, ui, now) = (use_session(), use_ui(), use_now());
    let opened = use_state_eq(Opened::new);
    let rows = session.read(|session| {
        let record = session.account().states().execution(&props.execution);
        record.map(|record| steps(record, now, &opened)).unwrap_or_default()
    });
    if rows.is_empty() {
        return html! { <Empty icon={Icon::Clock} title="No state was entered yet" /> };
    }
    let is_tree = rows.iter().any(|step| step.open.is_some());
    let toggle = {
        let opened = opened.clone();
        Callback::from(move |(row, open): (StepRow, bool)| {
            let mut now_opened = (*opened).clone();
            now_opened.insert(row, open);
            opened.set(now_opened);
        })
    };
    html! {
        <div class="table-scroll pane-padded">
            <table class="table">
                <caption class="visually-hidden">
                    { "Steps in the order in which they were entered, branches and iterations below their state" }
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Name" }</th>
                        <th scope="col">{ "Type" }</th>
                        <th scope="col">{ "Status" }</th>
                        <th scope="col">{ "Resource" }</th>
                        <th scope="col" class="numeric">{ "Started after" }</th>
                        <th scope="col" class="numeric">{ "Duration" }</th>
                        <th scope="col" class="numeric">{ "Retries" }</th>
                    </tr>
                </thead>
                <tbody>{ for rows.iter().map(|step| draw(&ui, step, is_tree, &toggle)) }</tbody>
            </table>
        </div>
    }
}

fn draw(ui: &UiHandle, step: &Step, is_tree: bool, toggle: &Callback<(StepRow, bool)>) -> Html {
    let name = match step.row {
        StepRow::Visit(visit) => {
            let (ui, name) = (ui.clone(), step.name.to_string());
            let select = Callback::from(move |_: MouseEvent| {
                let name = name.clone();
                ui.change(move |ui| ui.select_state(name, Some(visit)));
            });
            html! { <button type="button" class="link-button" onclick={select}>{ &*step.name }</button> }
        }
        StepRow::Part { .. } => html! { <span class="step-part">{ &*step.name }</span> },
    };
    let selected = match step.row {
        StepRow::Visit(visit) => match ui.selected_visit {
            Some(chosen) => chosen == visit,
            None => ui.selected_state.as_deref() == Some(&*step.name),
        },
        StepRow::Part { .. } => false,
    };
    let leaf = (is_tree && step.open.is_none()).then_some("step-leaf");
    let opener = step.open.map(|open| {
        let (toggle, row) = (toggle.clone(), step.row);
        let onclick = Callback::from(move |_: MouseEvent| toggle.emit((row, !open)));
        let label = format!("{} {}", if open { "Close" } else { "Open" }, step.name);
        html! {
            <button
                type="button" class={classes!("row-opener", open.then_some("is-open"))} aria-label={label}
                aria-expanded={open.to_string()} {onclick}
            >{ Icon::Chevron }</button>
        }
    });
    let key = match step.row {
        StepRow::Visit(visit) => format!("{visit}"),
        StepRow::Part { visit, index } => format!("{visit}-{index}"),
    };
    html! {
            <tr {key} aria-current={selected.then_some("true")}>
                <th scope="row">
                    <span class={classes!("step-name", leaf, depth_class(step.depth))}>{ opener }{ name }</span>
                    if step.more > 0 {
                        <small class="step-more">{ format!("{} more iterations: choose one in the step's details", step.more) }</small>
                    }
                </th>
                <td>{ step.row_type }</td>
                <td><StatusChip status={status_of(step.status)} /></td>
                <td>if let Some(resource) = &step.resource { <code>{ resource }</code> } else { { "–" } }</td>
                <td class="numeric">{ short(step.started_after) }</td>
                <td class="numeric">{ short(step.duration) }</td>
                <td class="numeric">{ if step.retries > 0 { step.retries.to_string() } else { "–".to_owned() } }</td>
            </tr>
    }
}
