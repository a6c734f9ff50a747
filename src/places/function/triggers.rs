//! The function's SQS triggers: adding, changing, enabling, disabling, deleting.

use aws_protocol::AwsError;
use shared_json::json;
use views::functions::{FunctionView, Trigger};
use views::target::Target;
use yew::prelude::*;

use super::FunctionProps;
use super::mapping_form::MappingForm;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::status::Badge;
use crate::host::session_context::use_session;
use crate::places::parts::{PlaceLink, Refusal, trigger_tone};
use crate::session::Action;

/// The draft that opens the form of a new trigger.
#[must_use]
pub fn adding_of(name: &str) -> String {
    format!("function:{name}:add-trigger")
}

#[component]
pub fn Triggers(props: &FunctionProps) -> Html {
    // The button in the head asks for the form through a draft, and that wish is used up here.
    let session = use_session();
    let wish = adding_of(&props.function.name);
    let wished = session.read(|s| s.draft(&wish).is_some());
    let adding = use_state(|| false);
    {
        let adding = adding.clone();
        use_effect_with(wished, move |wished| {
            if *wished {
                adding.set(true);
                session.dispatch(Action::Write { place: wish, text: None });
            }
        });
    }
    let open = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(true))
    };
    let close = {
        let adding = adding.clone();
        Callback::from(move |()| adding.set(false))
    };
    let triggers = &props.function.triggers;
    html! {
        <section class="card place-sections" aria-label="Triggers">
            <div class="button-row">
                <h2>{ "Triggers" }</h2>
                if !*adding { <Button label="Add trigger" onclick={open} /> }
            </div>
            if triggers.is_empty() && !*adding { <p>{ "Nothing triggers this function yet." }</p> }
            if !triggers.is_empty() {
                <ul class="fact-list">
                    { for triggers.iter().map(|trigger| html! { <li key={trigger.uuid.to_string()}><TriggerItem function={props.function.clone()} trigger={trigger.clone()} /></li> }) }
                </ul>
            }
            if *adding { <MappingForm function={props.function.clone()} {close} /> }
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct TriggerProps {
    function: FunctionView,
    trigger: Trigger,
}

#[component]
fn TriggerItem(props: &TriggerProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let asked = use_state(|| false);
    let editing = use_state(|| false);
    let trigger = &props.trigger;
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    let end_edit = {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(false))
    };
    let switch = {
        let (session, error, uuid, enabled) = (session.clone(), error.clone(), trigger.uuid.clone(), trigger.enabled);
        Callback::from(move |_: MouseEvent| {
            let params = json!({"UUID": &*uuid, "Enabled": !enabled});
            error.set(session.call("lambda:UpdateEventSourceMapping", params).err());
        })
    };
    let ask = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(false))
    };
    let delete = {
        let (session, error, asked, uuid) = (session.clone(), error.clone(), asked.clone(), trigger.uuid.clone());
        Callback::from(move |()| {
            asked.set(false);
            error.set(session.call("lambda:DeleteEventSourceMapping", json!({"UUID": &*uuid})).err());
        })
    };
    html! {
        <div class="card">
            <div class="card-head">
                <span>
                    { "SQS: " }
                    <PlaceLink target={trigger.queue_exists.then(|| Target::queue(&trigger.queue_name))} text={trigger.queue_name.clone()} />
                    if !trigger.queue_exists { { " (deleted)" } }
                </span>
                <Badge label={trigger.label()} tone={trigger_tone(trigger.label())} />
                <div class="button-row">
                    if !*editing { <Button label="Edit" small=true disabled={!trigger.settled} onclick={edit} /> }
                    <Button label={if trigger.enabled { "Disable" } else { "Enable" }} small=true disabled={!trigger.settled} onclick={switch} />
                    <Button label="Delete trigger" small=true kind={ButtonKind::Danger} disabled={!trigger.settled} onclick={ask} />
                </div>
            </div>
            <dl class="key-values">
                <dt>{ "Batch size" }</dt><dd>{ trigger.batch_size }</dd>
                <dt>{ "Batch window" }</dt><dd>{ format!("{} s", trigger.window_seconds) }</dd>
                <dt>{ "Maximum concurrency" }</dt><dd>{ trigger.maximum_concurrency.map_or_else(|| "Not set".to_owned(), |n| n.to_string()) }</dd>
                if let Some(pollers) = trigger.pollers {
                    <dt>{ "Provisioned pollers" }</dt><dd>{ format!("{} to {}", pollers.minimum, pollers.maximum) }</dd>
                }
                <dt>{ "Batches at the function" }</dt><dd>{ format!("{} of up to {} now", trigger.batches, trigger.concurrency) }</dd>
                { for trigger.patterns.iter().enumerate().map(|(n, pattern)| html! {
                    <><dt>{ format!("Filter {}", n + 1) }</dt><dd class="mono-text">{ pattern.to_string() }</dd></>
                }) }
                <dt>{ "Report batch item failures" }</dt><dd>{ if trigger.report_batch_item_failures { "Yes" } else { "No" } }</dd>
                if let Some(result) = &trigger.last_result { <dt>{ "Last processing result" }</dt><dd>{ result.to_string() }</dd> }
                <dt>{ "UUID" }</dt><dd class="mono-text">{ trigger.uuid.to_string() }</dd>
            </dl>
            <Refusal error={(*error).clone()} />
            if *editing { <MappingForm function={props.function.clone()} trigger={trigger.clone()} close={end_edit} /> }
            <ConfirmDialog title="Delete trigger" open={*asked} action="Delete" on_confirm={delete} on_close={close}>
                <p>{ "The function will no longer be called for messages of this queue. The queue and its messages stay." }</p>
            </ConfirmDialog>
        </div>
    }
}
