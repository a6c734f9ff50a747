//! Receiving by hand, as the console's "Poll for messages" does it: it counts as a receive, and the messages are
//! hidden meanwhile. What each poll brought is read from the journal, so stepping back takes it back.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::polls::{self, PollState, PollView};
use yew::prelude::*;

use super::parts::set_anew;
use super::received::ReceivedMessages;
use super::send::{QueueProps, number};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::TextField;
use crate::components::later::use_later;
use crate::host::session_context::use_session;
use crate::places::parts::{Refusal, Until};

/// Received messages that are listed: the newest matter.
const SHOWN: usize = 20;

#[component]
pub fn Poll(props: &QueueProps) -> Html {
    let session = use_session();
    let most = use_state(|| AttrValue::from("10"));
    let wait = use_state(|| AttrValue::from("0"));
    let hide = use_state(AttrValue::default);
    let calls = use_state(Rc::<[u64]>::default);
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
        Callback::from(move |_: MouseEvent| calls.set(Rc::default()))
    };
    let on_error = {
        let error = error.setter();
        use_callback((), move |refused, ()| error.set(refused))
    };
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
                    if !calls.is_empty() { <Button label="Clear the list" onclick={clear} /> }
                </div>
            </form>
            <Polls url={props.queue.url.clone()} calls={(*calls).clone()} {on_error} />
        </section>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct PollsProps {
    /// The queue's.
    url: AttrValue,
    /// The newest first.
    calls: Rc<[u64]>,
    on_error: Callback<Option<AwsError>>,
}

/// What the polls came to.
#[component]
fn Polls(props: &PollsProps) -> Html {
    let session = use_session();
    let (session, props) = use_later((session, props.clone()), 0);
    let on_call = {
        let (session, on_error) = (session.clone(), props.on_error.clone());
        use_callback((), move |(action, params): (&'static str, Value), ()| {
            // A batch succeeds even where none of its entries did.
            let refused = |answer: Value| {
                let failed = answer["Failed"].as_array()?.first()?;
                Some(AwsError::new(failed.get_str("Code")?, failed.get_str("Message").unwrap_or_default()))
            };
            on_error.emit(session.call(action, params).map_or_else(Some, refused));
        })
    };
    let mut room = SHOWN;
    let shown = session.read(|s| {
        let polls = props.calls.iter().filter_map(|call| polls::view(s.account(), *call));
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
    let known = session.read(|s| props.calls.iter().filter(|call| polls::is_known(s.account(), **call)).count());
    let newest = shown.first().map(|poll| poll.call);
    let left_out = known > shown.len() && room == 0;
    html! {
        <>
            // All have keys, so that what was unfolded stays so when the oldest poll goes.
            <div class="place-sections polls">
                { for shown.iter().filter_map(|poll| poll_view(poll, newest == Some(poll.call), &props.url, &on_call)) }
            </div>
            if left_out { <p>{ format!("Only the newest polls are listed, about {SHOWN} messages. What was received before is in flight below until its visibility timeout ends.") }</p> }
        </>
    }
}

/// What one poll came to; an empty one is only told of as the newest: of before it says nothing of now.
fn poll_view(
    poll: &PollView,
    newest: bool,
    url: &AttrValue,
    on_call: &Callback<(&'static str, Value)>,
) -> Option<Html> {
    Some(match &poll.state {
        PollState::Waiting { until, total } => html! {
            <p key={poll.call} role="status">{ "Waiting for a message. The poll ends " }<Until at={*until} total={*total} what="at the latest" /></p>
        },
        PollState::Refused(error) => html! { <Refusal key={poll.call} error={Some(error.clone())} /> },
        PollState::Empty if newest => html! { <p key={poll.call} role="status">{ "No messages were available." }</p> },
        PollState::Empty => return None,
        PollState::Received(messages) => html! {
            <ReceivedMessages key={poll.call} {url} messages={messages.clone()} on_call={on_call.clone()} />
        },
    })
}
