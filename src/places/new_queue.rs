//! The form that creates a queue.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use yew::prelude::*;

use super::parts::Refusal;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::TextField;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::{FlashKind, Place};

use super::queue::settings_form::{SettingsFields, SettingsText};

#[component]
pub fn NewQueue() -> Html {
    let session = use_session();
    let ui = use_ui();
    let name = use_state(AttrValue::default);
    let first = session.read(|s| SettingsText::of(views::queue::defaults(s.account())));
    let settings = use_state(|| first.clone());
    let error = use_state(|| None::<AwsError>);
    let params = json!({"QueueName": name.as_str(), "Attributes": settings.attributes()});
    let live =
        if name.is_empty() { None } else { session.read(|s| views::queue::refusal_of_new(s.account(), &params)) };
    let name_only = json!({"QueueName": name.as_str()});
    let name_error = if name.is_empty() {
        None
    } else {
        let taken = session.read(|s| s.account().queues().queue(&name).is_some());
        let wrong = session.read(|s| views::queue::refusal_of_new(s.account(), &name_only)).map(|e| e.message);
        wrong.or_else(|| taken.then(|| "You already have a queue of this name.".to_owned()))
    };
    let settings_error = live.filter(|_| name_error.is_none());
    let onsubmit = {
        let (session, ui, error, name) = (session.clone(), ui.clone(), error.clone(), name.clone());
        let params: Value = params.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if session.read(|s| s.account().queues().queue(&name).is_some()) {
                return;
            }
            match session.call("sqs:CreateQueue", params.clone()) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("Queue “{}” created successfully.", *name));
                    ui.go(Place::Queue { name: name.to_string() });
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let cancel = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::Welcome))
    };
    let on_name = {
        let (name, error) = (name.clone(), error.clone());
        Callback::from(move |text| {
            name.set(text);
            error.set(None);
        })
    };
    let on_settings = {
        let (settings, error) = (settings.clone(), error.clone());
        Callback::from(move |text| {
            settings.set(text);
            error.set(None);
        })
    };
    html! {
        <div class="place">
            <div class="centre-head"><h1>{ "Create queue" }</h1></div>
            <div class="pane-body pane-padded">
                <form class="form" {onsubmit}>
                    <fieldset class="field">
                        <legend class="field-label">{ "Type" }</legend>
                        <div class="choice-cards">
                            <label class="choice">
                                <input type="radio" name="queue-type" checked=true />
                                <span class="choice-label">{ "Standard" }</span>
                                <span class="field-help">{ "At-least-once delivery, best-effort ordering." }</span>
                            </label>
                            <label class="choice">
                                <input type="radio" name="queue-type" disabled=true />
                                <span class="choice-label">{ "FIFO" }</span>
                                <span class="field-help">{ "Not simulated yet." }</span>
                            </label>
                        </div>
                        <div class="field-help">{ "You can't change the type of a queue later." }</div>
                    </fieldset>
                    <TextField
                        label="Name" value={(*name).clone()} on_input={on_name} error={name_error.map(AttrValue::from)}
                        placeholder="e.g. Orders"
                        help="Up to 80 characters: letters, digits, hyphens and underscores. Case-sensitive."
                    />
                    <h2>{ "Configuration" }</h2>
                    <SettingsFields text={(*settings).clone()} on_change={on_settings} />
                    <Refusal error={(*error).clone().or(settings_error)} />
                    <div class="button-row">
                        <Button label="Create queue" kind={ButtonKind::Primary} submit=true disabled={name.is_empty()} />
                        <Button label="Cancel" onclick={cancel} />
                    </div>
                </form>
            </div>
        </div>
    }
}
