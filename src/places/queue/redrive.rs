//! The way back from a dead-letter queue: message move tasks, as the console's "Start DLQ redrive" starts them.

use aws_protocol::AwsError;
use shared_json::json;
use views::queue::checks;
use yew::prelude::*;

use super::dead_letters::DeadLettersProps;
use super::parts::set_anew;
use super::send::number;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextField};
use crate::components::progress::Progress;
use crate::components::status::{Badge, Tone};
use crate::host::session_context::use_session;
use crate::places::parts::{Refusal, time_of_day};
use crate::session::FlashKind;

#[component]
pub fn Redrive(props: &DeadLettersProps) -> Html {
    if props.view.sources.is_empty() && props.view.tasks.is_empty() {
        return Html::default();
    }
    html! {
        <section class="place-sections" aria-label="DLQ redrive">
            <h2>{ "Start DLQ redrive" }</h2>
            <p>{ "Moves the messages that are available here, oldest first. Each counts as new where it arrives: another ID, no receives, a fresh retention period." }</p>
            <RedriveForm queue={props.queue.clone()} view={props.view.clone()} />
            <Tasks queue={props.queue.clone()} view={props.view.clone()} />
        </section>
    }
}

#[component]
fn RedriveForm(props: &DeadLettersProps) -> Html {
    let session = use_session();
    let destination = use_state(AttrValue::default);
    let rate = use_state(AttrValue::default);
    let error = use_state(|| None::<AwsError>);
    let mut params = json!({"SourceArn": &*props.queue.arn});
    if !destination.is_empty() {
        params = params.with("DestinationArn", json!(destination.as_str()));
    }
    if !rate.trim().is_empty() {
        params = params.with("MaxNumberOfMessagesPerSecond", number(&rate));
    }
    let before = session.read(|s| checks::refusal(s.account(), "StartMessageMoveTask", &params));
    let onsubmit = {
        let (session, error, params) = (session.clone(), error.clone(), params);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("sqs:StartMessageMoveTask", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, "The redrive was started. It goes on as virtual time does.");
            }
            error.set(result.err());
        })
    };
    let mut choices = vec![Choice::new("", "The queues that they came from")];
    choices.extend(props.view.others.iter().map(|(name, arn)| Choice::new(arn.clone(), name.clone())));
    html! {
        <form class="form" {onsubmit}>
            <Select
                label="Destination" {choices} selected={(*destination).clone()} on_select={set_anew(&destination, &error)}
                help="Messages that were sent straight to this queue came from nowhere: they need a destination."
            />
            <TextField
                label="Messages a second" optional=true value={(*rate).clone()} on_input={set_anew(&rate, &error)} input_type="number" min="1" max="500"
                help="From 1 to 500: slowly enough for the receivers. Without it SQS goes as fast as it can."
            />
            <Refusal error={(*error).clone().or(before)} />
            <div class="button-row">
                <Button label="DLQ redrive" kind={ButtonKind::Primary} submit=true disabled={props.view.available == 0} />
                <span>{ format!("{} available here", props.view.available) }</span>
            </div>
        </form>
    }
}

#[component]
fn Tasks(props: &DeadLettersProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    if props.view.tasks.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <Refusal error={(*error).clone()} />
            <div class="table-scroll" tabindex="0" role="group" aria-label="Redrive tasks">
                <table class="table">
                    <caption>{ "Redrive tasks, newest first" }</caption>
                    <thead><tr><th scope="col">{ "Started" }</th><th scope="col">{ "Status" }</th><th scope="col">{ "Moved" }</th>
                        <th scope="col">{ "To" }</th><th scope="col">{ "Pace" }</th><th scope="col">{ "Cancel" }</th></tr></thead>
                    <tbody>
                        { for props.view.tasks.iter().map(|task| {
                            let tone = match task.status {
                                "COMPLETED" => Tone::Success,
                                "FAILED" => Tone::Error,
                                "CANCELLED" => Tone::Warning,
                                _ => Tone::Info,
                            };
                            let moved = format!("{} of {}", task.moved, task.to_move);
                            let cancel = task.handle.clone().map(|handle| {
                                let (session, error) = (session.clone(), error.clone());
                                Callback::from(move |_: MouseEvent| {
                                    error.set(session.call("sqs:CancelMessageMoveTask", json!({"TaskHandle": &*handle})).err());
                                })
                            });
                            html! {
                                <tr key={task.started_at.micros()}>
                                    <th scope="row"><time title={task.started_at.to_rfc3339()}>{ time_of_day(task.started_at) }</time></th>
                                    <td><Badge label={task.status} {tone} />{ task.failure.as_ref().map(|code| format!(" {code}")) }</td>
                                    <td>{ moved.clone() }<Progress label={format!("Moved {moved}")} value={task.moved as f64} max={task.to_move.max(1) as f64} /></td>
                                    <td>{ &task.destination }</td>
                                    <td>{ &task.rate }</td>
                                    <td>{ cancel.map(|onclick| html! { <Button label="Cancel redrive" small=true {onclick} /> }) }</td>
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
            </div>
        </>
    }
}
