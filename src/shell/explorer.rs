//! What there is in the account, as a tree with live counts.

use std::rc::Rc;

use views::explorer::{self, ExplorerView};
use yew::prelude::*;

use crate::components::button::IconButton;
use crate::components::icons::Icon;
use crate::components::status::Status;
use crate::components::tree::{Tree, TreeRow};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::status_of;
use crate::session::{FunctionTab, MachineTab, Place, QueueTab};

/// Executions listed below a state machine; the rest are on its page.
const NEWEST: usize = 5;

#[component]
pub fn Explorer() -> Html {
    let session = use_session();
    let view = use_memo(session.clone(), |session| session.read(|s| explorer::view(s.account(), NEWEST)));
    html! {
        <div class="explorer-body">
            <Group title="State machines" create="Create state machine" place={Place::NewStateMachine} rows={machines(&view)} />
            <Group title="Queues" create="Create queue" place={Place::NewQueue} rows={queues(&view)} />
            <Group title="Functions" create="Create function" place={Place::NewFunction} rows={functions(&view)} />
            <Group title="Roles" create="Create role" place={Place::NewRole} rows={roles(&view)} />
        </div>
    }
}

/// A row and where it leads.
type Row = (TreeRow, Place);

#[derive(PartialEq, Properties)]
struct GroupProps {
    title: AttrValue,
    create: AttrValue,
    /// Where a new one is made.
    place: Place,
    rows: Rc<[Row]>,
}

#[component]
fn Group(props: &GroupProps) -> Html {
    let ui = use_ui();
    let create = {
        let (ui, place) = (ui.clone(), props.place.clone());
        Callback::from(move |_| ui.go(place.clone()))
    };
    let on_select = {
        let (ui, rows) = (ui.clone(), Rc::clone(&props.rows));
        Callback::from(move |id: AttrValue| {
            if let Some((_, place)) = rows.iter().find(|(row, _)| row.id == id) {
                ui.go(place.clone());
            }
        })
    };
    let selected = props.rows.iter().find(|(_, place)| same_thing(place, &ui.place)).map(|(row, _)| row.id.clone());
    let rows: Vec<TreeRow> = props.rows.iter().map(|(row, _)| row.clone()).collect();
    html! {
        <section class="tree-section">
            <div class="tree-heading">
                <h2>{ &props.title }</h2>
                <IconButton label={props.create.clone()} icon={Icon::Plus} small=true onclick={create} />
            </div>
            <Tree label={props.title.clone()} {rows} {selected} {on_select} />
        </section>
    }
}

/// Two tabs of one thing are the same row.
fn same_thing(a: &Place, b: &Place) -> bool {
    match (a, b) {
        (Place::StateMachine { arn: a, .. }, Place::StateMachine { arn: b, .. }) => a == b,
        (Place::Function { name: a, .. }, Place::Function { name: b, .. })
        | (Place::Queue { name: a, .. }, Place::Queue { name: b, .. }) => a == b,
        _ => a == b,
    }
}

fn row(id: &str, level: u8, label: &str, icon: Option<Icon>, note: &str, status: Option<Status>) -> TreeRow {
    let mut row = TreeRow::new(id.to_owned(), level, label.to_owned());
    row.icon = icon;
    row.note = note.to_owned().into();
    row.status = status;
    row
}

fn machines(view: &ExplorerView) -> Rc<[Row]> {
    let mut rows = Vec::new();
    for machine in &view.machines {
        let note = if machine.executions == 0 { String::new() } else { machine.executions.to_string() };
        let place = Place::StateMachine { arn: machine.arn.to_string(), tab: MachineTab::default() };
        rows.push((row(&machine.arn, 1, &machine.name, Some(Icon::StateMachine), &note, None), place));
        for execution in &machine.newest {
            let place = Place::Execution { arn: execution.arn.to_string() };
            let status = Some(status_of(execution.status));
            rows.push((row(&execution.arn, 2, &execution.name, None, &execution.note, status), place));
        }
    }
    rows.into()
}

fn queues(view: &ExplorerView) -> Rc<[Row]> {
    let rows = view.queues.iter().map(|queue| {
        let place = Place::Queue { name: queue.name.clone(), tab: QueueTab::default() };
        (row(&queue.name, 1, &queue.name, Some(Icon::Queue), &queue.note, None), place)
    });
    rows.collect()
}

fn functions(view: &ExplorerView) -> Rc<[Row]> {
    let rows = view.functions.iter().map(|function| {
        let place = Place::Function { name: function.name.to_string(), tab: FunctionTab::default() };
        (row(&function.name, 1, &function.name, Some(Icon::Function), &function.note, None), place)
    });
    rows.collect()
}

fn roles(view: &ExplorerView) -> Rc<[Row]> {
    let rows = view.roles.iter().map(|role| {
        let place = Place::Role { name: role.to_string() };
        (row(role, 1, role, Some(Icon::Key), "", None), place)
    });
    rows.collect()
}
