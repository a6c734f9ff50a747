//! The executions of a state machine, newest first.

use views::execution::short;
use views::machine::{ExecutionRow, executions};
use yew::prelude::*;

use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::StatusChip;
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, UiHandle, use_ui};
use crate::places::parts::{Ago, time_of_day};
use crate::places::workflow::chip_status;
use crate::session::Place;

/// More than anybody scrolls through.
const MOST_ROWS: usize = 500;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ExecutionsTabProps {
    pub arn: String,
}

#[component]
pub fn ExecutionsTab(props: &ExecutionsTabProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let rows = session.read(|session| executions(session.account(), &props.arn));
    if rows.is_empty() {
        return html! {
            <Empty icon={Icon::Play} title="No executions yet">
                <p>{ "Start one with the button above, and watch it go through the graph." }</p>
            </Empty>
        };
    }
    html! {
        <div class="table-scroll pane-padded">
            <table class="table">
                <caption class="visually-hidden">{ "Executions, newest first" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Name" }</th>
                        <th scope="col">{ "Status" }</th>
                        <th scope="col">{ "Started" }</th>
                        <th scope="col" class="numeric">{ "Duration" }</th>
                    </tr>
                </thead>
                <tbody>{ for rows.iter().take(MOST_ROWS).map(|row| draw(&ui, row)) }</tbody>
            </table>
            if rows.len() > MOST_ROWS {
                <p class="field-help">{ format!("The newest {MOST_ROWS} of {} are shown.", rows.len()) }</p>
            }
        </div>
    }
}

fn draw(ui: &UiHandle, row: &ExecutionRow) -> Html {
    let open = {
        let (ui, arn) = (ui.clone(), row.arn.to_string());
        Callback::from(move |_: MouseEvent| ui.go(Place::Execution { arn: arn.clone() }))
    };
    html! {
        <tr key={&*row.arn}>
            <th scope="row"><button type="button" class="link-button" onclick={open}>{ &*row.name }</button></th>
            <td><StatusChip status={chip_status(row.status, row.caught)} label={Some(AttrValue::from(row.label.clone()))} /></td>
            <td>{ time_of_day(row.started_at) }{ " · " }<Ago at={row.started_at} /></td>
            <td class="numeric"><RowDuration row={row.clone()} /></td>
        </tr>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct RowDurationProps {
    row: ExecutionRow,
}

#[component]
fn RowDuration(props: &RowDurationProps) -> Html {
    let now = use_now();
    html! { { short(props.row.duration(now)) } }
}
