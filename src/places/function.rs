//! A function: its code, tests, invocations, configuration and triggers.

mod asynchronous;
mod code;
mod concurrency;
mod configuration;
mod mapping_form;
mod mock;
mod monitor;
mod rule_form;
mod test;
mod triggers;

use aws_protocol::AwsError;
use shared_json::json;
use views::functions::FunctionView;
use views::target::Target;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Badge, Tone};
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{CopyLine, PlaceLink, Refusal, place_of, trigger_tone};
use crate::session::{Action, FunctionTab, Place};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FunctionPageProps {
    pub name: String,
    pub tab: FunctionTab,
}

/// What every part of the page is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FunctionProps {
    pub function: FunctionView,
}

const TABS: [(FunctionTab, &str, &str); 5] = [
    (FunctionTab::Code, "function-code", "Code"),
    (FunctionTab::Test, "function-test", "Test"),
    (FunctionTab::Monitor, "function-monitor", "Monitor"),
    (FunctionTab::Configuration, "function-configuration", "Configuration"),
    (FunctionTab::Mock, "function-mock", "Mock"),
];

#[component]
pub fn FunctionPage(props: &FunctionPageProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let view = use_memo((session.clone(), props.name.clone()), |(session, name)| {
        session.read(|s| views::functions::view(s.account(), name))
    });
    let Some(view) = (*view).clone() else {
        return html! {
            <div class="place">
                <div class="centre-head"><h1>{ &props.name }</h1></div>
                <div class="pane-body"><Empty icon={Icon::Function} title="There is no function of this name">
                    <p>{ "It was deleted, or it does not exist at this moment of the run." }</p>
                </Empty></div>
            </div>
        };
    };
    let selected = TABS.iter().find(|(tab, _, _)| *tab == props.tab).map_or("function-code", |(_, id, _)| id);
    let on_select = {
        let (ui, name) = (ui.clone(), props.name.clone());
        Callback::from(move |id: AttrValue| {
            if let Some((tab, _, _)) = TABS.iter().find(|(_, each, _)| *each == id.as_str()) {
                ui.go(Place::Function { name: name.clone(), tab: *tab });
            }
        })
    };
    let tabs: Vec<Tab> = TABS.iter().map(|(_, id, label)| Tab::new(*id, *label)).collect();
    html! {
        <div class="place">
            <Head function={view.clone()} />
            <Tabs label="Function" {tabs} {selected} {on_select} />
            <TabPanel id={selected} class={classes!((props.tab != FunctionTab::Code).then_some("pane-padded"))}>
                { match props.tab {
                    FunctionTab::Code => html! { <code::Code function={view} /> },
                    FunctionTab::Test => html! { <test::Test function={view} /> },
                    FunctionTab::Monitor => html! { <monitor::Monitor function={view} /> },
                    FunctionTab::Mock => html! { <mock::Mock function={view} /> },
                    FunctionTab::Configuration => html! { <configuration::ConfigurationTab function={view} /> },
                } }
            </TabPanel>
        </div>
    }
}

#[component]
fn Head(props: &FunctionProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let asked = use_state(|| false);
    let error = use_state(|| None::<AwsError>);
    let function = &props.function;
    let ask = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(false))
    };
    let delete = {
        let (session, ui, asked, error, name) =
            (session.clone(), ui.clone(), asked.clone(), error.clone(), function.name.clone());
        Callback::from(move |()| {
            asked.set(false);
            match session.call("lambda:DeleteFunction", json!({"FunctionName": &*name})) {
                Ok(_) => {
                    session.dispatch(Action::Write { place: code::draft_of(&name), text: None });
                    ui.go(Place::Welcome);
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let add_trigger = {
        let (session, ui, name) = (session.clone(), ui.clone(), function.name.to_string());
        Callback::from(move |_: MouseEvent| {
            session.dispatch(Action::Write { place: triggers::adding_of(&name), text: Some("yes".to_owned()) });
            ui.go(Place::Function { name: name.clone(), tab: FunctionTab::Configuration });
        })
    };
    html! {
        <>
            <div class="centre-head">
                <h1>{ function.name.to_string() }</h1>
                <Badge
                    label={function.runtime_label.clone()}
                    tone={if function.retired_runtime { Tone::Warning } else { Tone::Info }}
                />
                if function.mock_rules > 0 { <Badge label={mock_label(function.mock_rules)} tone={Tone::Warning} /> }
                <div class="actions">
                    <Button label="Delete" kind={ButtonKind::Danger} onclick={ask} />
                </div>
            </div>
            <div class="place-lines"><CopyLine what="ARN" text={function.arn.to_string()} /></div>
            <section class="pane-padded" aria-label="Function overview">
                <div class="overview">
                    { for function.triggers.iter().map(|trigger| {
                        let target = Target::queue(&trigger.queue_name);
                        let go = {
                            let ui = ui.clone();
                            Callback::from(move |_: MouseEvent| ui.go(place_of(&target)))
                        };
                        html! {
                            <button key={trigger.uuid.to_string()} type="button" class="overview-box" onclick={go}>
                                <small>{ "SQS trigger" }</small>
                                <strong>{ &trigger.queue_name }</strong>
                                <Badge label={trigger.label()} tone={trigger_tone(trigger.label())} />
                            </button>
                        }
                    }) }
                    <Button label="Add trigger" icon={Icon::Plus} onclick={add_trigger} />
                    <span class="overview-arrow" aria-hidden="true">{ "→" }</span>
                    <div class="overview-box is-chosen">
                        <small>{ "Function" }</small>
                        <strong>{ function.name.to_string() }</strong>
                        <small>{ "role " }<PlaceLink target={function.role_exists.then(|| Target::role(&function.role_name))} text={function.role_name.clone()} /></small>
                    </div>
                </div>
            </section>
            <Refusal error={(*error).clone()} />
            <ConfirmDialog
                title={format!("Delete function {}", function.name)} open={*asked} typed_word="delete" action="Delete"
                on_confirm={delete} on_close={close}
            >
                <p>{ "The function and its code will be deleted. Its triggers stay and must be deleted apart; its role and its log stay too." }</p>
            </ConfirmDialog>
        </>
    }
}

/// That rules may answer instead of the code.
fn mock_label(rules: usize) -> String {
    if rules == 1 { "1 mock rule".to_owned() } else { format!("{rules} mock rules") }
}
