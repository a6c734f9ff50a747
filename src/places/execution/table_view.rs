//! The steps as a table.

use views::execution::{Step, short, steps};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::StatusChip;
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::places::workflow::status_of;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TableViewProps {
    pub execution: AttrValue,
}

#[component]
pub fn TableView(props: &TableViewProps) -> Html {
    let (session, ui, now) = (use_session(), use_ui(), use_now());
    let rows = session.read(|session| {
        let record = session.account().states().execution(&props.execution);
        record.map(|record| steps(record, now)).unwrap_or_default()
    });
    if rows.is_empty() {
        return html! { <Empty icon={Icon::Clock} title="No state was entered yet" /> };
    }
    html! {
        <div class="table-scroll pane-padded">
            <table class="table">
                <caption class="visually-hidden">{ "Steps in the order in which they were entered" }</caption>
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
                <tbody>{ for rows.iter().map(|step| draw(&ui, step)) }</tbody>
            </table>
        </div>
    }
}

fn draw(ui: &UiHandle, step: &Step) -> Html {
    let selected = ui.selected_state.as_deref() == Some(&*step.name);
    let select = {
        let (ui, name) = (ui.clone(), step.name.to_string());
        Callback::from(move |_: MouseEvent| {
            let name = name.clone();
            ui.change(move |ui| ui.selected_state = Some(name));
        })
    };
    html! {
        <tr key={step.visit} aria-current={selected.then_some("true")}>
            <th scope="row"><button type="button" class="link-button" onclick={select}>{ &*step.name }</button></th>
            <td>{ step.state_type }</td>
            <td><StatusChip status={status_of(step.status)} /></td>
            <td>if let Some(resource) = &step.resource { <code>{ resource }</code> } else { { "–" } }</td>
            <td class="numeric">{ short(step.started_after) }</td>
            <td class="numeric">{ short(step.duration) }</td>
            <td class="numeric">{ step.retries }</td>
        </tr>
    }
}
