//! Receiving by hand, as the console's "Poll for messages" does it: it counts as a receive, and the messages are
//! hidden meanwhile. What each poll brought is read from the journal, so stepping back takes it back.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::polls::{self, Held, PollState, Received};
use yew::prelude::*;

use super::lanes::AttributeTable;
use super::parts::{set, set_anew};
use super::send::{QueueProps, number};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::TextField;
use crate::host::session_context::use_session;
use crate::places::parts::{CodeBlock, CopyLine, Refusal, Until};

/// Received messages that are listed: each is a form of its own, and the newest matter.
const SHOWN: usize = 20;

#[component]
pub fn Poll(props: &QueueProps) -> Html {
    let session = use_session();
    let most = use_state(|| AttrValue::from("10"));
    let wait = use_state(|| AttrValue::from("0"));
    let hide = use_state(AttrValue::default);
    let calls = use_state(Vec::<u64>::new);
    let error = use_state(|| None::<AwsError>);
    let mut params = json!({"QueueUrl": &*props.queue.url, "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]});
    let typed = [("MaxNumberOfMessages", &most), ("WaitTimeSeconds", &wait), ("VisibilityTimeout", &hide)];
    for (name, text) in typed.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        params = params.with(name, number(text));
    }
    let before = session.read(|s| views::queue::checks::refusal(s.account(), "ReceiveMessage", &params));
    let poll = {
        let (session, calls, error, params) = (session.clone(), calls.clone(), error.clone(), params.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match session.call("sqs:ReceiveMessage", params.clone()) {
                Ok(_) => {
                    let new = session.read(|s| polls::last_poll(s.account()));
                    calls.set(new.into_iter().chain(calls.iter().copied()).collect());
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let clear = {
        let calls = calls.setter();
        Callback::from(move |_: MouseEvent| calls.set(Vec::new()))
    };
    let on_error = set(&error);
    let mut room = SHOWN;
    let shown = session.read(|s| {
        let polls = calls.iter().filter_map(|call| polls::view(s.account(), *call));
        // The newest poll is always shown whole.
        let fitting = polls.take_while(|poll| {
            let fits = room > 0;
            if let PollState::Received(messages) = &poll.state {
                room = room.saturating_sub(messages.len());
            }
            fits
        });
        fitting.collect::<Vec<_>>()
    });
    let left_out = calls.len() > shown.len() && room == 0;
    html! {
        <section class="card place-sections" aria-label="Receive messages">
            <h2>{ "Receive messages" }</h2>
            <p>{ "Polling counts as a receive and hides the messages for the visibility timeout. \
                  The view below shows all messages and disturbs nothing." }</p>
            <form onsubmit={poll} class="place-sections">
                <div class="form-row">
                    <TextField label="Maximum messages" value={(*most).clone()} on_input={set_anew(&most, &error)} input_type="number" min="1" max="10" help="1 to 10 in a call." />
                    <TextField label="Wait time" value={(*wait).clone()} on_input={set_anew(&wait, &error)} input_type="number" min="0" max="20" help="Seconds, up to 20: a long poll." />
                    <TextField label="Visibility timeout" optional=true value={(*hide).clone()} on_input={set_anew(&hide, &error)} input_type="number" min="0" help="Seconds. Without it the queue's own." />
                </div>
                <Refusal error={(*error).clone().or(before)} />
                <div class="button-row">
                    <Button label="Poll for messages" kind={ButtonKind::Primary} submit=true />
                    if !shown.is_empty() { <Button label="Clear the list" onclick={clear} /> }
                </div>
            </form>
            { for shown.iter().enumerate().map(|(index, poll)| match &poll.state {
                PollState::Waiting { until, total } => html! {
                    <p key={poll.call} role="status">{ "Waiting for a message. The poll ends " }<Until at={*until} total={*total} what="at the latest" /></p>
                },
                PollState::Refused(error) => html! { <Refusal key={poll.call} error={Some(error.clone())} /> },
                // Only of the newest: an empty poll of before says nothing of now.
                PollState::Empty if index == 0 => html! { <p key={poll.call} role="status">{ "No messages were available." }</p> },
                PollState::Empty => Html::default(),
                PollState::Received(messages) => html! {
                    <div key={poll.call} class="place-sections">
                        { for messages.iter().map(|message| html! {
                            <ReceivedMessage key={message.receipt_handle.to_string()} url={props.queue.url.clone()} message={message.clone()} on_error={on_error.clone()} />
                        }) }
                    </div>
                },
            }) }
            if left_out { <p>{ format!("Only the newest polls are listed, about {SHOWN} messages. What was received before is in flight below until its visibility timeout ends.") }</p> }
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ReceivedProps {
    url: AttrValue,
    message: Received,
    on_error: Callback<Option<AwsError>>,
}

#[component]
fn ReceivedMessage(props: &ReceivedProps) -> Html {
    let session = use_session();
    let seconds = use_state(|| AttrValue::from("60"));
    let message = &props.message;
    let call = |action: &'static str, more: Option<Value>| {
        let (session, props) = (session.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            let mut params = json!({"QueueUrl": props.url.as_str(), "ReceiptHandle": &*props.message.receipt_handle});
            if let Some(timeout) = &more {
                params = params.with("VisibilityTimeout", timeout.clone());
            }
            props.on_error.emit(session.call(action, params).err());
        })
    };
    let over = message.held == Held::Over;
    html! {
        <article class={classes!("card", "received", over.then_some("is-over"))} aria-label={format!("Received message {}", message.message_id)}>
            <div class="card-head">
                <span class="mono-text">{ message.message_id.to_string() }</span>
                <span>
                    { match &message.held {
                        Held::InFlight { until, total } => html! { <>{ "Hidden from others: " }<Until at={*until} total={*total} what="visible again" /></> },
                        Held::Visible => html! { "Visible again: others may receive it. On a standard queue this receipt handle still deletes it." },
                        Held::Over => html! { "Deleted, received again, or moved: this receipt handle is outdated." },
                    } }
                </span>
            </div>
            <CodeBlock label="Body" text={views::activity::pretty(&message.body)} />
            <AttributeTable rows={message.attributes.clone()} />
            if !over {
                <div class="button-row">
                    <Button label="Delete message" small=true onclick={call("sqs:DeleteMessage", None)} />
                    <Button label="Release" small=true onclick={call("sqs:ChangeMessageVisibility", Some(json!(0)))} />
                    <TextField label="Hide for seconds" value={(*seconds).clone()} on_input={set(&seconds)} input_type="number" min="0" />
                    <Button label="Change visibility" small=true onclick={call("sqs:ChangeMessageVisibility", Some(number(&seconds)))} />
                </div>
            }
            <details>
                <summary>{ "Details" }<span class="visually-hidden">{ format!(" of message {}", message.message_id) }</span></summary>
                <dl class="fact-pairs">
                    { for message.system_attributes.iter().map(|(name, value)| html! { <div key={name.clone()}><dt>{ name }</dt><dd class="mono-text">{ value }</dd></div> }) }
                </dl>
                <CopyLine what="Receipt handle" text={message.receipt_handle.to_string()} />
            </details>
        </article>
    }
}
