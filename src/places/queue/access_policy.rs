//! Who else may use the queue: its policy as statements and as JSON, and the two actions that add and remove statements.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::{checks, policy};
use yew::prelude::*;

use super::parts::{set, set_anew};
use super::sections::PolicyAdvice;
use super::send::QueueProps;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Checkbox, TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

/// What AddPermission may allow.
const ACTIONS: [&str; 7] = [
    "SendMessage",
    "ReceiveMessage",
    "DeleteMessage",
    "ChangeMessageVisibility",
    "GetQueueAttributes",
    "GetQueueUrl",
    "*",
];

#[component]
pub fn AccessPolicy(props: &QueueProps) -> Html {
    let text = props.queue.policy.clone().unwrap_or_else(|| "".into());
    html! {
        <div class="place-sections">
            <Statements queue={props.queue.clone()} />
            // A policy that changed by another way is shown anew.
            <PolicyEditor key={text.to_string()} queue={props.queue.clone()} />
            <AddPermission queue={props.queue.clone()} />
        </div>
    }
}

#[component]
fn Statements(props: &QueueProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let rows = policy::statements(props.queue.policy.as_deref().unwrap_or_default());
    html! {
        <section class="place-sections" aria-label="Statements">
            <h2>{ "Access policy" }</h2>
            if rows.is_empty() {
                <p>{ "There is no access policy: roles of this account use the queue as far as their own policies let them, and nobody else does." }</p>
            } else {
                <div class="table-scroll" tabindex="0" role="group" aria-label="Statements of the access policy">
                    <table class="table">
                        <caption>{ "Statements of the access policy" }</caption>
                        <thead><tr><th scope="col">{ "Label (Sid)" }</th><th scope="col">{ "Effect" }</th><th scope="col">{ "Who" }</th>
                            <th scope="col">{ "May" }</th><th scope="col">{ "Condition" }</th><th scope="col">{ "Remove" }</th></tr></thead>
                        <tbody>
                            { for rows.iter().enumerate().map(|(index, row)| html! {
                                <tr key={index}>
                                    <th scope="row">{ row.sid.as_deref().unwrap_or("none").to_owned() }</th>
                                    <td>{ &row.effect }</td><td class="mono-text">{ &row.principal }</td><td>{ &row.actions }</td>
                                    <td>{ if row.conditional { "Yes" } else { "No" } }</td>
                                    <td>{ row.sid.clone().map(|sid| {
                                        let onclick = {
                                            let (session, error, url, sid) = (session.clone(), error.clone(), props.queue.url.clone(), sid.clone());
                                            Callback::from(move |_: MouseEvent| {
                                                error.set(session.call("sqs:RemovePermission", json!({"QueueUrl": &*url, "Label": &*sid})).err());
                                            })
                                        };
                                        html! { <Button label={format!("Remove {sid}")} small=true {onclick} /> }
                                    }) }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            }
            <Refusal error={(*error).clone()} />
        </section>
    }
}

#[component]
fn PolicyEditor(props: &QueueProps) -> Html {
    let session = use_session();
    let kept = props.queue.policy.as_deref().map(views::activity::pretty).unwrap_or_default();
    let text = use_state(|| AttrValue::from(kept.clone()));
    let error = use_state(|| None::<AwsError>);
    let params = json!({"QueueUrl": &*props.queue.url}).with("Attributes", json!({"Policy": text.trim()}));
    let before = session.read(|s| checks::refusal(s.account(), "SetQueueAttributes", &params));
    let onsubmit = {
        let (session, error, params) = (session.clone(), error.clone(), params);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("sqs:SetQueueAttributes", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, "The access policy was saved.");
            }
            error.set(result.err());
        })
    };
    let start = {
        let (text, arn) = (text.setter(), props.queue.arn.clone());
        Callback::from(move |_: MouseEvent| text.set(policy::example(&arn).into()))
    };
    html! {
        <form class="form" {onsubmit} aria-label="Edit the access policy">
            <TextArea
                label="Access policy as JSON" optional=true rows={12} value={(*text).clone()} on_input={set_anew(&text, &error)}
                help="Empty takes the policy away. Up to 8,192 bytes."
            />
            <PolicyAdvice text={(*text).clone()} />
            <Refusal error={(*error).clone().or(before)} />
            <div class="button-row">
                <Button label="Save access policy" kind={ButtonKind::Primary} submit=true />
                if text.is_empty() { <Button label="Start with an example" onclick={start} /> }
            </div>
        </form>
    }
}

#[component]
fn AddPermission(props: &QueueProps) -> Html {
    let session = use_session();
    let label = use_state(AttrValue::default);
    let accounts = use_state(AttrValue::default);
    let actions = use_state(|| vec!["SendMessage"]);
    let error = use_state(|| None::<AwsError>);
    let listed = accounts.split([',', ' ', '\n']).filter(|id| !id.is_empty()).map(|id| json!(id)).collect();
    let params = json!({"QueueUrl": &*props.queue.url, "Label": label.as_str()})
        .with("AWSAccountIds", Value::array(listed))
        .with("Actions", Value::array(actions.iter().map(|action| json!(*action)).collect()));
    let untouched = label.is_empty() && accounts.is_empty();
    let before = session.read(|s| checks::refusal(s.account(), "AddPermission", &params)).filter(|_| !untouched);
    let onsubmit = {
        let (session, error, label, accounts, params) =
            (session.clone(), error.clone(), label.clone(), accounts.clone(), params);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match session.call("sqs:AddPermission", params.clone()) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("The permission “{}” was added.", *label));
                    label.set(AttrValue::default());
                    accounts.set(AttrValue::default());
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    html! {
        <form class="form" {onsubmit} aria-label="Add a permission">
            <h2>{ "Add a permission" }</h2>
            <p class="field-help">{ "AddPermission writes the statement for you. For conditions, roles or services edit the JSON." }</p>
            <TextField label="Label" value={(*label).clone()} on_input={set_anew(&label, &error)} help="Becomes the statement's Sid: letters, digits, hyphens and underscores." />
            <TextField label="AWS account IDs" value={(*accounts).clone()} on_input={set_anew(&accounts, &error)} help="Twelve digits each, with commas between them." />
            <fieldset class="field">
                <legend class="field-label">{ "Actions" }</legend>
                <div class="choice-group">
                    { for ACTIONS.iter().map(|action| {
                        let on_change = {
                            let (actions, emit) = (actions.clone(), set(&actions));
                            Callback::from(move |on: bool| {
                                let mut chosen: Vec<&'static str> = actions.iter().copied().filter(|each| each != action).collect();
                                chosen.extend(on.then_some(*action));
                                emit.emit(chosen);
                            })
                        };
                        let label = if *action == "*" { "All of these (*)" } else { *action };
                        html! { <Checkbox key={*action} {label} checked={actions.contains(action)} {on_change} /> }
                    }) }
                </div>
            </fieldset>
            <Refusal error={(*error).clone().or(before)} />
            <div class="button-row"><Button label="Add permission" submit=true /></div>
        </form>
    }
}
