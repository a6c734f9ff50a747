//! What a poll brought: the first message unfolded, the others a line each. Ten come at a time, so what is folded is not
//! made before it is unfolded.

use shared_json::{Value, json};
use views::queue::polls::{Held, Received};
use yew::prelude::*;

use super::lanes::AttributeTable;
use super::parts::set;
use super::send::number;
use crate::components::button::Button;
use crate::components::form::TextField;
use crate::components::later::Later;
use crate::places::parts::{CodeBlock, CopyLine, Until};

/// Of a body in its message's line.
const BODY_CHARACTERS: usize = 60;

/// The first message is drawn at once, the others so many in a frame.
const AT_ONCE: usize = 3;
const FRAME_MILLIS: u32 = 20;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ReceivedMessagesProps {
    /// The queue's.
    pub url: AttrValue,
    pub messages: Vec<Received>,
    /// Makes a call, by its action.
    pub on_call: Callback<(&'static str, Value)>,
}

#[component]
pub fn ReceivedMessages(props: &ReceivedMessagesProps) -> Html {
    let entries: Vec<Value> = (1..)
        .zip(props.messages.iter().filter(|message| message.held != Held::Over))
        .map(|(id, message)| json!({"Id": format!("message-{id}"), "ReceiptHandle": &*message.receipt_handle}))
        .collect();
    let count = entries.len();
    let delete_all = {
        let (url, on_call) = (props.url.clone(), props.on_call.clone());
        Callback::from(move |_: MouseEvent| {
            on_call.emit(("sqs:DeleteMessageBatch", json!({"QueueUrl": url.as_str(), "Entries": entries.clone()})));
        })
    };
    let (first, others) = props.messages.split_at(props.messages.len().min(1));
    let row = |message: &Received, unfolded| {
        html! {
            <ReceivedMessage
                key={message.receipt_handle.to_string()} url={props.url.clone()} message={message.clone()}
                on_call={props.on_call.clone()} {unfolded}
            />
        }
    };
    html! {
        <div class="received-messages">
            if count > 1 {
                <div class="button-row"><Button label={format!("Delete these {count} messages")} small=true onclick={delete_all} /></div>
            }
            { for first.iter().map(|message| row(message, true)) }
            <>
                { for (1..).zip(others.chunks(AT_ONCE)).map(|(nth, some)| html! {
                    <Later key={nth} millis={nth * FRAME_MILLIS}>{ for some.iter().map(|message| row(message, false)) }</Later>
                }) }
            </>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ReceivedProps {
    url: AttrValue,
    message: Received,
    on_call: Callback<(&'static str, Value)>,
    /// At first.
    unfolded: bool,
}

#[component]
fn ReceivedMessage(props: &ReceivedProps) -> Html {
    let unfolded = use_state_eq(|| props.unfolded);
    let node = use_node_ref();
    let message = &props.message;
    let over = message.held == Held::Over;
    html! {
        <details
            class={classes!("card", "received-message", over.then_some("is-over"))} ref={node.clone()} open={*unfolded} ontoggle={follow(&unfolded, &node)}
        >
            <summary>
                <span class="mono-text" title={message.message_id.to_string()}>{ views::words::short_uuid(&message.message_id).to_owned() }</span>
                <span class="received-body mono-text">{ views::words::shortened(&message.body, BODY_CHARACTERS) }</span>
                { match &message.held {
                    Held::InFlight { until, total } => html! { <span class="received-held"><Until at={*until} total={*total} what="visible again" /></span> },
                    Held::Visible => html! { <span class="received-held">{ "visible again" }</span> },
                    Held::Over => html! { <span class="received-held">{ "over" }</span> },
                } }
            </summary>
            if *unfolded { <Unfolded ..props.clone() /> }
        </details>
    }
}

#[component]
fn Unfolded(props: &ReceivedProps) -> Html {
    let changing = use_state(|| false);
    let details = use_state_eq(|| false);
    let node = use_node_ref();
    let message = &props.message;
    let call = |action: &'static str, more: Option<Value>| {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| props.on_call.emit((action, about(&props, more.clone()))))
    };
    let change = {
        let changing = changing.clone();
        Callback::from(move |_: MouseEvent| changing.set(!*changing))
    };
    html! {
        <>
            <p>{ match &message.held {
                Held::InFlight { .. } => "Hidden from others until its visibility timeout ends.",
                Held::Visible => "Visible again: others may receive it. On a standard queue this receipt handle still deletes it.",
                Held::Over => "Deleted, received again, or moved: this receipt handle is outdated.",
            } }</p>
            <CodeBlock label="Body" text={views::activity::pretty(&message.body)} />
            <AttributeTable rows={message.attributes.clone()} />
            if message.held != Held::Over {
                <div class="button-row">
                    <Button label="Delete message" small=true onclick={call("sqs:DeleteMessage", None)} />
                    <Button label="Release" small=true onclick={call("sqs:ChangeMessageVisibility", Some(json!(0)))} />
                    <Button label="Change visibility" small=true expanded={Some(*changing)} onclick={change} />
                </div>
                if *changing { <ChangeVisibility ..props.clone() /> }
            }
            <details ref={node.clone()} ontoggle={follow(&details, &node)}>
                <summary>{ "Details" }<span class="visually-hidden">{ format!(" of message {}", message.message_id) }</span></summary>
                if *details {
                    <dl class="fact-pairs">
                        { for message.system_attributes.iter().map(|(name, value)| html! { <div key={name.clone()}><dt>{ name }</dt><dd class="mono-text">{ value }</dd></div> }) }
                    </dl>
                    <CopyLine what="Message ID" text={message.message_id.to_string()} />
                    <CopyLine what="Receipt handle" text={message.receipt_handle.to_string()} />
                }
            </details>
        </>
    }
}

#[component]
fn ChangeVisibility(props: &ReceivedProps) -> Html {
    let seconds = use_state(|| AttrValue::from("60"));
    let change = {
        let (props, seconds) = (props.clone(), seconds.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            props.on_call.emit(("sqs:ChangeMessageVisibility", about(&props, Some(number(&seconds)))));
        })
    };
    html! {
        <form class="button-row" onsubmit={change}>
            <TextField label="Hide for seconds" value={(*seconds).clone()} on_input={set(&seconds)} input_type="number" min="0" />
            <Button label="Hide for this long" small=true submit=true />
        </form>
    }
}

/// Remembers whether a `<details>` is open. Yew tells it of the ones inside it, too.
fn follow(open: &UseStateHandle<bool>, node: &NodeRef) -> Callback<Event> {
    let (open, node) = (open.setter(), node.clone());
    Callback::from(move |event: Event| {
        let details = event.target_dyn_into::<web_sys::Element>();
        if let Some(details) = details.filter(|details| node.cast::<web_sys::Element>().as_ref() == Some(details)) {
            open.set(details.has_attribute("open"));
        }
    })
}

/// Parameters of a call about a received message.
fn about(props: &ReceivedProps, visibility_timeout: Option<Value>) -> Value {
    let params = json!({"QueueUrl": props.url.as_str(), "ReceiptHandle": &*props.message.receipt_handle});
    match visibility_timeout {
        Some(timeout) => params.with("VisibilityTimeout", timeout),
        None => params,
    }
}
