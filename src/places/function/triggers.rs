//! The function's SQS triggers: adding, enabling, disabling, deleting.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::Trigger;
use views::target::Target;
use yew::prelude::*;

use super::FunctionProps;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::form::{Checkbox, Choice, Select, TextField, Toggle};
use crate::components::status::Badge;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{PlaceLink, Refusal, trigger_tone};
use crate::session::{Action, FlashKind, Place};

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
                    { for triggers.iter().map(|trigger| html! { <li key={trigger.uuid.to_string()}><TriggerItem trigger={trigger.clone()} /></li> }) }
                </ul>
            }
            if *adding { <AddTrigger function={props.function.clone()} {close} /> }
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct TriggerProps {
    trigger: Trigger,
}

#[component]
fn TriggerItem(props: &TriggerProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let asked = use_state(|| false);
    let trigger = &props.trigger;
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
                    <Button label={if trigger.enabled { "Disable" } else { "Enable" }} small=true disabled={!trigger.settled} onclick={switch} />
                    <Button label="Delete trigger" small=true kind={ButtonKind::Danger} disabled={!trigger.settled} onclick={ask} />
                </div>
            </div>
            <dl class="key-values">
                <dt>{ "Batch size" }</dt><dd>{ trigger.batch_size }</dd>
                <dt>{ "Batch window" }</dt><dd>{ format!("{} s", trigger.window_seconds) }</dd>
                <dt>{ "Report batch item failures" }</dt><dd>{ if trigger.report_batch_item_failures { "Yes" } else { "No" } }</dd>
                if let Some(result) = &trigger.last_result { <dt>{ "Last processing result" }</dt><dd>{ result.to_string() }</dd> }
                <dt>{ "UUID" }</dt><dd class="mono-text">{ trigger.uuid.to_string() }</dd>
            </dl>
            <Refusal error={(*error).clone()} />
            <ConfirmDialog title="Delete trigger" open={*asked} action="Delete" on_confirm={delete} on_close={close}>
                <p>{ "The function will no longer be called for messages of this queue. The queue and its messages stay." }</p>
            </ConfirmDialog>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct AddTriggerProps {
    function: views::functions::FunctionView,
    close: Callback<()>,
}

#[component]
fn AddTrigger(props: &AddTriggerProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let queues: Vec<(String, String)> = session.read(|s| {
        s.account().queues().queues().map(|queue| (queue.arn().to_owned(), queue.name().to_owned())).collect()
    });
    let chosen = use_state(AttrValue::default);
    let active = use_state(|| true);
    let batch = use_state(|| AttrValue::Static("10"));
    let window = use_state(|| AttrValue::Static("0"));
    let report = use_state(|| false);
    let error = use_state(|| None::<AwsError>);
    let queue =
        if chosen.is_empty() { queues.first().map(|q| q.0.clone()).unwrap_or_default() } else { chosen.to_string() };
    let number =
        |text: &str| text.trim().parse::<i64>().map_or_else(|_| Value::string(text.trim()), |number| json!(number));
    let types: &[&str] = if *report { &["ReportBatchItemFailures"] } else { &[] };
    let params = json!({"FunctionName": &*props.function.name, "EventSourceArn": queue, "Enabled": *active, "FunctionResponseTypes": types})
        .with("BatchSize", number(&batch))
        .with("MaximumBatchingWindowInSeconds", number(&window));
    let add = {
        let (session, error, close) = (session.clone(), error.clone(), props.close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match session.call("lambda:CreateEventSourceMapping", params.clone()) {
                Ok(_) => {
                    session.say(
                        FlashKind::Success,
                        "The trigger was added. It is creating and will be enabled in a moment.",
                    );
                    close.emit(());
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let set_flag = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |flag: bool| state.set(flag))
    };
    let new_queue = Callback::from(move |_: MouseEvent| ui.go(Place::NewQueue));
    let hint = error.as_ref().and_then(|error| {
        let text = if error.message.contains("visibility timeout") {
            "Raise the queue's visibility timeout or lower the function's timeout."
        } else if error.message.contains("execution role does not have permissions") {
            "Attach AWSLambdaSQSQueueExecutionRole to the function's role."
        } else {
            return None;
        };
        Some(AttrValue::Static(text))
    });
    html! {
        <form class="form card" onsubmit={add}>
            <h3>{ "Add trigger" }</h3>
            <Select label="Source" choices={vec![Choice::new("sqs", "SQS")]} selected="sqs" on_select={Callback::noop()} />
            if queues.is_empty() {
                <p>{ "There is no queue yet." }</p>
                <div><Button label="Create queue" onclick={new_queue} /></div>
            } else {
                <Select label="SQS queue" choices={queues.iter().map(|(arn, name)| Choice::new(arn.clone(), name.clone())).collect::<Vec<_>>()} selected={queue} on_select={set(&chosen)} />
            }
            <Toggle label="Activate trigger" checked={*active} on_change={set_flag(&active)} />
            <div class="form-row">
                <TextField label="Batch size" help="1 to 10,000 messages" value={(*batch).clone()} on_input={set(&batch)} input_type="number" min="1" />
                <TextField label="Batch window" help="0 to 300 seconds" value={(*window).clone()} on_input={set(&window)} input_type="number" min="0" max="300" />
            </div>
            <Checkbox
                label="Report batch item failures" checked={*report} on_change={set_flag(&report)}
                help="The function names the messages that failed; only those come back."
            />
            <Refusal error={(*error).clone()} {hint} />
            <div class="button-row">
                <Button label="Add" kind={ButtonKind::Primary} submit=true disabled={queues.is_empty()} />
                <Button label="Cancel" onclick={props.close.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}
