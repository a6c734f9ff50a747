//! A state machine: its definition, executions and permissions, and the button that starts it.

mod definition_tab;
mod executions_tab;
mod permissions_tab;
mod start_panel;

use aws_protocol::AwsError;
use sfn_engine::Status;
use shared_json::json;
use sim_account::MachineType;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::copy_button::CopyButton;
use crate::components::dialog::ConfirmDialog;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Badge, Tone};
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::Refusal;
use crate::places::workflow::{machine_draft, use_definition, use_draft};
use crate::session::{FlashKind, MachineTab, Place};
use definition_tab::DefinitionTab;
use executions_tab::ExecutionsTab;
use permissions_tab::PermissionsTab;
pub use start_panel::StartPanel;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StateMachinePageProps {
    pub arn: String,
    pub tab: MachineTab,
}

const TABS: [(&str, &str, MachineTab); 3] = [
    ("machine-definition", "Definition", MachineTab::Definition),
    ("machine-executions", "Executions", MachineTab::Executions),
    ("machine-permissions", "Permissions", MachineTab::Permissions),
];

#[component]
pub fn StateMachinePage(props: &StateMachinePageProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let found = session.read(|session| {
        let states = session.account().states();
        let machine = states.machine(&props.arn)?;
        let executions = states.executions().iter().filter(|e| e.state_machine_arn == machine.arn).count();
        let definition = AttrValue::from(machine.definition.to_string());
        Some((machine.name.to_string(), definition, machine.machine_type, machine.deleting, executions))
    });
    let saved = found.as_ref().map(|(_, definition, ..)| definition.clone()).unwrap_or_default();
    let draft = use_draft(machine_draft(&props.arn), saved);
    let definition = use_definition(&draft.text);
    let starting = use_state_eq(|| false);
    let deleting = use_state_eq(|| false);
    let error = use_state(|| None::<AwsError>);

    let Some((name, _, machine_type, is_deleting, executions)) = found else {
        return html! {
            <Empty icon={Icon::StateMachine} title="This state machine is not there">
                <p>{ "It was deleted, or the run was stepped back to before it was created." }</p>
            </Empty>
        };
    };
    let (tab_id, _, tab) = TABS.iter().find(|(_, _, tab)| *tab == props.tab).copied().unwrap_or(TABS[0]);
    let select = {
        let (ui, arn, starting) = (ui.clone(), props.arn.clone(), starting.clone());
        Callback::from(move |id: AttrValue| {
            starting.set(false);
            if let Some((_, _, tab)) = TABS.iter().find(|(known, ..)| id == *known) {
                ui.go(Place::StateMachine { arn: arn.clone(), tab: *tab });
            }
        })
    };
    let toggle_start = {
        let starting = starting.clone();
        Callback::from(move |_: MouseEvent| starting.set(!*starting))
    };
    let close_start = {
        let starting = starting.clone();
        Callback::from(move |()| starting.set(false))
    };
    let ask_delete = {
        let deleting = deleting.clone();
        Callback::from(move |_: MouseEvent| deleting.set(true))
    };
    let close_delete = {
        let deleting = deleting.clone();
        Callback::from(move |()| deleting.set(false))
    };
    let delete = {
        let (session, ui, deleting, error) = (session.clone(), ui.clone(), deleting.clone(), error.clone());
        let (arn, name, draft) = (props.arn.clone(), name.clone(), draft.clone());
        Callback::from(move |()| {
            deleting.set(false);
            match session.call("states:DeleteStateMachine", json!({"stateMachineArn": arn})) {
                Ok(_) => {
                    draft.forget.emit(());
                    let gone = session.read(|session| session.account().states().machine(&arn).is_none());
                    if gone {
                        ui.go(Place::Welcome);
                    } else {
                        session.say(
                            FlashKind::Info,
                            format!(
                                "State machine {name} is being deleted; it goes when its running executions have ended."
                            ),
                        );
                    }
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let on_error = {
        let error = error.clone();
        Callback::from(move |refused: AwsError| error.set(Some(refused)))
    };
    let tabs: Vec<Tab> = TABS
        .iter()
        .map(|(id, label, tab)| {
            let row = Tab::new(*id, *label);
            if *tab == MachineTab::Executions { row.with_count(executions) } else { row }
        })
        .collect();
    let problems = &definition.problems;
    let badge = match (problems.errors, problems.warnings) {
        (0, 0) => None,
        (0, 1) => Some((Tone::Warning, Icon::Warning, "1 warning".to_owned())),
        (0, n) => Some((Tone::Warning, Icon::Warning, format!("{n} warnings"))),
        (1, _) => Some((Tone::Error, Icon::Cross, "1 error".to_owned())),
        (n, _) => Some((Tone::Error, Icon::Cross, format!("{n} errors"))),
    };
    html! {
        <div class="place">
            <div class="centre-head">
                <h1>{ &name }</h1>
                <CopyButton text={props.arn.clone()} what="ARN" />
                <Badge label={type_word(machine_type)} tone={Tone::Info} />
                if let Some((tone, icon, label)) = badge { <Badge {label} {tone} icon={Some(icon)} /> }
                if draft.changed { <Badge label="Unsaved changes" tone={Tone::Accent} /> }
                if is_deleting { <Badge label="Deleting" tone={Tone::Warning} icon={Some(Icon::Trash)} /> }
                <div class="actions">
                    <Button label="Delete" icon={Some(Icon::Trash)} disabled={is_deleting} onclick={ask_delete} />
                    <Button
                        label="Start execution" kind={ButtonKind::Primary} icon={Some(Icon::Play)}
                        pressed={starting.then_some(true)} disabled={is_deleting} onclick={toggle_start}
                    />
                </div>
            </div>
            <Tabs label="State machine" {tabs} selected={tab_id} on_select={select} />
            <div class="workflow-body">
                <div class="workflow-above">
                    <Refusal error={(*error).clone()} />
                    if is_deleting { <Deleting arn={props.arn.clone()} on_error={on_error} /> }
                    if *starting && !is_deleting {
                        <StartPanel machine_arn={props.arn.clone()} unsaved={draft.changed} on_close={close_start} />
                    }
                </div>
                <TabPanel id={tab_id} class="workflow-panel">
                    {
                        match tab {
                            MachineTab::Definition => html! {
                                <DefinitionTab arn={props.arn.clone()} name={name.clone()} {definition} {draft} deleting={is_deleting} />
                            },
                            MachineTab::Executions => html! { <ExecutionsTab arn={props.arn.clone()} /> },
                            MachineTab::Permissions => html! { <PermissionsTab arn={props.arn.clone()} /> },
                        }
                    }
                </TabPanel>
            </div>
            <ConfirmDialog
                title="Delete state machine" open={*deleting} typed_word="delete" action="Delete"
                on_confirm={delete} on_close={close_delete}
            >
                <p>{ format!("{name} will be deleted permanently. Running executions go on until they end.") }</p>
            </ConfirmDialog>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct DeletingProps {
    arn: String,
    on_error: Callback<AwsError>,
}

/// Why it is still there, and what ends the wait.
#[component]
fn Deleting(props: &DeletingProps) -> Html {
    let session = use_session();
    let running: Vec<String> = session.read(|s| {
        let executions = s.account().states().executions().iter();
        let of_machine = executions.filter(|e| *e.state_machine_arn == *props.arn);
        of_machine.filter(|e| e.execution.status() == Status::Running).map(|e| e.arn.to_string()).collect()
    });
    let text = match running.len() {
        1 => "It is being deleted and starts nothing any more. 1 execution still runs; it goes when that has ended."
            .to_owned(),
        n => format!(
            "It is being deleted and starts nothing any more. {n} executions still run; it goes when they have ended."
        ),
    };
    let stop = {
        let on_error = props.on_error.clone();
        Callback::from(move |_: MouseEvent| {
            for arn in &running {
                if let Err(refused) = session.call("states:StopExecution", json!({"executionArn": arn})) {
                    return on_error.emit(refused);
                }
            }
        })
    };
    html! {
        <div class="button-row"><p>{ text }</p><Button label="Stop them" small=true onclick={stop} /></div>
    }
}

/// The console's word.
fn type_word(machine_type: MachineType) -> &'static str {
    match machine_type {
        MachineType::Standard => "Standard",
        MachineType::Express => "Express",
    }
}
