//! Sending and polling by hand, as the console does it: a poll receives, and the messages are hidden meanwhile.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::QueueView;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::form::{TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::{CodeBlock, Refusal};
use crate::session::FlashKind;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SendReceiveProps {
    pub queue: QueueView,
}

#[component]
pub fn SendForm(props: &SendReceiveProps) -> Html {
    let session = use_session();
    let body = use_state(|| AttrValue::from("{\n  \"order\": 1\n}"));
    let delay = use_state(AttrValue::default);
    let error = use_state(|| None::<AwsError>);
    let onsubmit = {
        let (session, body, delay, error, url) =
            (session.clone(), body.clone(), delay.clone(), error.clone(), props.queue.url.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let mut params = json!({"QueueUrl": url, "MessageBody": body.as_str()});
            if !delay.trim().is_empty() {
                let seconds = delay.trim().parse::<i64>().map_or_else(|_| Value::string(delay.trim()), |n| json!(n));
                params = params.with("DelaySeconds", seconds);
            }
            match session.call("sqs:SendMessage", params) {
                Ok(_) => {
                    error.set(None);
                    session.say(FlashKind::Success, "Your message has been sent and is ready to be received.");
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let on_body = {
        let body = body.clone();
        Callback::from(move |text| body.set(text))
    };
    let on_delay = {
        let delay = delay.clone();
        Callback::from(move |text| delay.set(text))
    };
    html! {
        <form class="form card" {onsubmit}>
            <h2>{ "Send message" }</h2>
            <TextArea label="Message body" value={(*body).clone()} on_input={on_body} />
            <TextField
                label="Delivery delay" optional=true value={(*delay).clone()} on_input={on_delay} input_type="number" min="0"
                help="Seconds, up to 900. Without it the queue's own delay holds."
            />
            <Refusal error={(*error).clone()} />
            <div class="button-row"><Button label="Send message" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Received {
    id: String,
    body: String,
    handle: String,
    count: String,
}

#[component]
pub fn Poll(props: &SendReceiveProps) -> Html {
    let session = use_session();
    let received = use_state(Vec::<Received>::new);
    let polled = use_state(|| false);
    let error = use_state(|| None::<AwsError>);
    let url = props.queue.url.clone();
    let poll = {
        let (session, received, polled, error, url) =
            (session.clone(), received.clone(), polled.clone(), error.clone(), url.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 0,
                "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]});
            match session.call("sqs:ReceiveMessage", params) {
                Ok(answer) => {
                    let text = |value: &Value, key: &str| value.get_str(key).unwrap_or_default().to_owned();
                    let new = answer["Messages"].as_array().unwrap_or_default().iter().map(|message| Received {
                        id: text(message, "MessageId"),
                        body: text(message, "Body"),
                        handle: text(message, "ReceiptHandle"),
                        count: text(&message["Attributes"], "ApproximateReceiveCount"),
                    });
                    let new: Vec<Received> = new.collect();
                    let kept = received.iter().filter(|old| new.iter().all(|each| each.id != old.id)).cloned();
                    received.set(kept.chain(new.iter().cloned()).collect());
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
            polled.set(true);
        })
    };
    let clear = {
        let (received, polled) = (received.clone(), polled.clone());
        Callback::from(move |_: MouseEvent| {
            received.set(Vec::new());
            polled.set(false);
        })
    };
    html! {
        <section class="card place-sections" aria-label="Receive messages">
            <h2>{ "Receive messages" }</h2>
            <p>{ "Polling receives up to 10 messages: it counts as a receive and hides them for the visibility timeout. \
                  The lanes below show all messages and disturb nothing." }</p>
            <div class="button-row">
                <Button label="Poll for messages" kind={ButtonKind::Primary} onclick={poll} />
                if *polled { <Button label="Clear the list" onclick={clear} /> }
            </div>
            <Refusal error={(*error).clone()} />
            if *polled && received.is_empty() { <p role="status">{ "No messages were available." }</p> }
            { for received.iter().map(|message| {
                let delete = {
                    let (session, received, error, url, message) =
                        (session.clone(), received.clone(), error.clone(), url.clone(), message.clone());
                    Callback::from(move |_: MouseEvent| {
                        let params = json!({"QueueUrl": url, "ReceiptHandle": message.handle});
                        match session.call("sqs:DeleteMessage", params) {
                            Ok(_) => received.set(received.iter().filter(|each| each.id != message.id).cloned().collect()),
                            Err(refused) => error.set(Some(refused)),
                        }
                    })
                };
                html! {
                    <article key={message.id.clone()} class="card">
                        <div class="card-head">
                            <span class="mono-text">{ &message.id }</span>
                            <span>{ format!("receive count {}", message.count) }</span>
                            <Button label="Delete message" small=true onclick={delete} />
                        </div>
                        <CodeBlock label="Body" text={views::activity::pretty(&message.body)} />
                    </article>
                }
            }) }
        </section>
    }
}
