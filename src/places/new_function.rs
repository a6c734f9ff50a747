//! The form that creates a function from scratch.

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use super::parts::Refusal;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextField};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::{FlashKind, FunctionTab, Place};

#[component]
pub fn NewFunction() -> Html {
    let session = use_session();
    let ui = use_ui();
    let name = use_state(AttrValue::default);
    let runtime = use_state(|| AttrValue::Static(views::functions::DEFAULT_RUNTIME));
    let chosen_role = use_state(AttrValue::default);
    let error = use_state(|| None::<AwsError>);
    let roles = session.read(|s| views::roles::trusting(s.account(), "lambda.amazonaws.com"));
    let role = if chosen_role.is_empty() {
        roles.first().map(|(_, arn)| arn.clone()).unwrap_or_default()
    } else {
        chosen_role.to_string()
    };
    let name_error = if name.is_empty() {
        None
    } else {
        let taken = session.read(|s| s.account().functions().function(&name).is_some());
        let wrong = session.read(|s| views::functions::refusal_of_new(s.account(), &name)).map(|error| error.message);
        wrong.or_else(|| taken.then(|| format!("Function already exist: {}", *name)))
    };
    let onsubmit = {
        let (session, ui, name, runtime, role, error) =
            (session.clone(), ui.clone(), name.clone(), runtime.clone(), role.clone(), error.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let params = json!({"FunctionName": name.as_str(), "Runtime": runtime.as_str(), "Handler": "index.handler",
                "Role": role, "Code": {"FileName": "index.mjs", "SourceText": views::functions::FIRST_CODE}});
            match session.call("lambda:CreateFunction", params) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("Successfully created the function “{}”.", *name));
                    ui.go(Place::Function { name: name.to_string(), tab: FunctionTab::Code });
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let set = |state: &UseStateHandle<AttrValue>| {
        let (state, error) = (state.clone(), error.clone());
        Callback::from(move |text: AttrValue| {
            state.set(text);
            error.set(None);
        })
    };
    let go = |place: Place| {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(place.clone()))
    };
    let choices: Vec<Choice> = views::functions::RUNTIMES.iter().map(|r| Choice::new(r.id, r.label)).collect();
    let retired = matches!(runtime.as_str(), "nodejs16.x" | "nodejs18.x");
    html! {
        <div class="place">
            <div class="centre-head"><h1>{ "Create function" }</h1></div>
            <div class="pane-body pane-padded">
                <form class="form" {onsubmit}>
                    <p>{ "Author from scratch: start with a small Hello World example." }</p>
                    <TextField
                        label="Function name" value={(*name).clone()} on_input={set(&name)} error={name_error.clone().map(AttrValue::from)}
                        placeholder="e.g. Inventory" help="Up to 64 letters, digits, hyphens and underscores."
                    />
                    <Select label="Runtime" {choices} selected={(*runtime).clone()} on_select={set(&runtime)} />
                    if retired {
                        <Banner kind={BannerKind::Warning}>
                            { "On AWS no new function can be created with this runtime any more. Here it runs, for tutorials that name it." }
                        </Banner>
                    }
                    if roles.is_empty() {
                        <Banner kind={BannerKind::Warning} title="There is no role that Lambda may assume" actions={html! {
                            <Button label="Create role" onclick={go(Place::NewRole)} />
                        }}>
                            { "A function runs with an execution role. Create one with the use case Lambda first." }
                        </Banner>
                    } else {
                        <Select
                            label="Execution role" help="Use an existing role: those that Lambda may assume."
                            choices={roles.iter().map(|(name, arn)| Choice::new(arn.clone(), name.clone())).collect::<Vec<_>>()}
                            selected={role} on_select={set(&chosen_role)}
                        />
                        <div><button type="button" class="link-button" onclick={go(Place::NewRole)}>{ "Create a new role" }</button></div>
                    }
                    <Refusal error={(*error).clone()} />
                    <div class="button-row">
                        <Button
                            label="Create function" kind={ButtonKind::Primary} submit=true
                            disabled={name.is_empty() || name_error.is_some() || roles.is_empty()}
                        />
                        <Button label="Cancel" onclick={go(Place::Welcome)} />
                    </div>
                </form>
            </div>
        </div>
    }
}
