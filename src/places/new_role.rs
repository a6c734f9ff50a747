//! The form that creates a role: who may assume it, which managed policies it has, its name.

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use super::parts::{CodeBlock, Refusal};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, RadioGroup, TextField};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::{FlashKind, Place};

#[component]
pub fn NewRole() -> Html {
    let session = use_session();
    let ui = use_ui();
    let service = use_state(|| AttrValue::Static("lambda.amazonaws.com"));
    let chosen = use_state(Vec::<String>::new);
    let name = use_state(AttrValue::default);
    let error = use_state(|| None::<AwsError>);
    let name_error = if name.is_empty() {
        None
    } else {
        session.read(|s| views::roles::refusal_of_new(s.account(), &name)).map(|error| AttrValue::from(error.message))
    };
    let trust = views::roles::trust_policy(&service);
    let onsubmit = {
        let (session, ui, name, chosen, trust, error) =
            (session.clone(), ui.clone(), name.clone(), chosen.clone(), trust.clone(), error.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let create = json!({"RoleName": name.as_str(), "AssumeRolePolicyDocument": trust.to_string()});
            let mut result = session.call("iam:CreateRole", create).map(|_| ());
            for arn in chosen.iter() {
                let attach = json!({"RoleName": name.as_str(), "PolicyArn": arn});
                result = result.and_then(|()| session.call("iam:AttachRolePolicy", attach).map(|_| ()));
            }
            match result {
                Ok(()) => {
                    session.say(FlashKind::Success, format!("Role {} created.", *name));
                    ui.go(Place::Role { name: name.to_string() });
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
    let on_chosen = {
        let chosen = chosen.clone();
        Callback::from(move |policies| chosen.set(policies))
    };
    let cancel = Callback::from(move |_: MouseEvent| ui.go(Place::Welcome));
    let cases = vec![
        Choice {
            value: "lambda.amazonaws.com".into(),
            label: "Lambda".into(),
            help: Some("Allows functions to call AWS services for you.".into()),
        },
        Choice {
            value: "states.amazonaws.com".into(),
            label: "Step Functions".into(),
            help: Some("Allows state machines to call AWS services for you.".into()),
        },
    ];
    html! {
        <div class="place">
            <div class="centre-head"><h1>{ "Create role" }</h1></div>
            <div class="pane-body pane-padded">
                <form class="form" {onsubmit}>
                    <RadioGroup
                        label="Trusted entity type" choices={vec![Choice::new("service", "AWS service")]} selected="service"
                        on_select={Callback::noop()}
                    />
                    <RadioGroup label="Use case" choices={cases} selected={(*service).clone()} on_select={set(&service)} cards=true />
                    <details>
                        <summary>{ "Trust policy" }</summary>
                        <CodeBlock label="Trust policy" text={trust.to_pretty()} />
                    </details>
                    <h2>{ "Add permissions" }</h2>
                    <PolicyPicker chosen={(*chosen).clone()} on_change={on_chosen} />
                    <TextField
                        label="Role name" value={(*name).clone()} on_input={set(&name)} error={name_error.clone()}
                        placeholder="e.g. inventory-lambda-role" help="Up to 64 letters, digits and +=,.@-_"
                    />
                    <Refusal error={(*error).clone()} />
                    <div class="button-row">
                        <Button label="Create role" kind={ButtonKind::Primary} submit=true disabled={name.is_empty() || name_error.is_some()} />
                        <Button label="Cancel" onclick={cancel} />
                    </div>
                </form>
            </div>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PolicyPickerProps {
    /// ARNs.
    pub chosen: Vec<String>,
    pub on_change: Callback<Vec<String>>,
}

/// Managed policies found by a search; what is ticked stays ticked whatever is searched next.
#[component]
pub fn PolicyPicker(props: &PolicyPickerProps) -> Html {
    let search = use_state(AttrValue::default);
    let found = views::roles::search_policies(&search);
    let on_input = {
        let search = search.clone();
        Callback::from(move |text: AttrValue| search.set(text))
    };
    let count = props.chosen.len();
    html! {
        <div class="field">
            <TextField
                label="Search policies" input_type="search" placeholder="AmazonSQSFullAccess" value={(*search).clone()} {on_input}
            />
            <p role="status">
                { format!("{} found · {count} {} selected", found.len(), if count == 1 { "policy" } else { "policies" }) }
            </p>
            <ul class="policy-list" aria-label="Managed policies" tabindex="0">
                { for found.iter().map(|policy| {
                    let checked = props.chosen.contains(&policy.arn);
                    let onchange = {
                        let (props, arn) = (props.clone(), policy.arn.clone());
                        Callback::from(move |_: Event| {
                            let mut chosen: Vec<String> = props.chosen.iter().filter(|each| **each != arn).cloned().collect();
                            if chosen.len() == props.chosen.len() {
                                chosen.push(arn.clone());
                            }
                            props.on_change.emit(chosen);
                        })
                    };
                    html! {
                        <li key={policy.arn.clone()}>
                            <label class="choice">
                                <input type="checkbox" {checked} {onchange} />
                                <span class="choice-label">{ &policy.name }</span>
                                <span class="field-help">{ &policy.description }</span>
                            </label>
                            <details>
                                <summary>{ "JSON" }<span class="visually-hidden">{ format!(" of {}", policy.name) }</span></summary>
                                <CodeBlock label={format!("Policy {}", policy.name)} text={policy.document.clone()} />
                            </details>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
