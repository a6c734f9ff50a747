//! Task tokens that wait for an answer; the person may give it.

use aws_protocol::AwsError;
use shared_json::json;
use views::callbacks::CallbackRow;
use views::target::Target;
use virtual_time::{Duration, Timestamp};
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::copy_button::CopyButton;
use crate::components::empty::Empty;
use crate::components::form::TextField;
use crate::components::icons::Icon;
use crate::components::progress::CountdownRing;
use crate::host::session_context::{use_now, use_session};
use crate::places::parts::{Ago, PlaceLink, Refusal};
use crate::session::FlashKind;

#[component]
pub fn Callbacks() -> Html {
    let session = use_session();
    let rows = use_memo(session.clone(), |session| session.read(|s| views::callbacks::rows(s.account())));
    if rows.is_empty() {
        return html! {
            <Empty icon={Icon::Waiting} title="No pending callbacks">
                <p>{ "A Task with .waitForTaskToken waits here until somebody answers its token." }</p>
            </Empty>
        };
    }
    html! {
        <div class="dock-body table-scroll" tabindex="0" role="group" aria-label="Pending callbacks">
            <table class="table">
                <caption class="visually-hidden">{ "Task tokens that wait for an answer" }</caption>
                <thead><tr>
                    <th scope="col">{ "State" }</th><th scope="col">{ "Execution" }</th><th scope="col">{ "Token" }</th><th scope="col">{ "Age" }</th>
                    <th scope="col">{ "Timeout" }</th><th scope="col">{ "Heartbeat" }</th><th scope="col">{ "Answer" }</th>
                </tr></thead>
                <tbody>{ for rows.iter().map(|row| html! { <CallbackItem key={row.token.to_string()} row={row.clone()} /> }) }</tbody>
            </table>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ItemProps {
    row: CallbackRow,
}

#[derive(Clone, Copy, PartialEq)]
enum Answering {
    No,
    Succeed,
    Fail,
}

#[component]
fn CallbackItem(props: &ItemProps) -> Html {
    let session = use_session();
    let answering = use_state(|| Answering::No);
    let output = use_state(|| AttrValue::Static("{}"));
    let name = use_state(|| AttrValue::Static("Rejected"));
    let cause = use_state(AttrValue::default);
    let error = use_state(|| None::<AwsError>);
    let row = &props.row;
    let call = {
        let (session, error, token) = (session.clone(), error.clone(), row.token.clone());
        move |action: &'static str, params: shared_json::Value| {
            let result = session.call(action, params.with("taskToken", (&*token).into()));
            if result.is_ok() {
                session.say(FlashKind::Success, format!("{action} was accepted."));
            }
            error.set(result.err());
        }
    };
    let ask = |what: Answering| {
        let answering = answering.clone();
        Callback::from(move |_: MouseEvent| answering.set(what))
    };
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let heartbeat = {
        let call = call.clone();
        Callback::from(move |_: MouseEvent| call("states:SendTaskHeartbeat", json!({})))
    };
    let send = {
        let (call, answering, output, name, cause) =
            (call.clone(), answering.clone(), output.clone(), name.clone(), cause.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *answering == Answering::Succeed {
                call("states:SendTaskSuccess", json!({"output": output.as_str()}));
            } else {
                call("states:SendTaskFailure", json!({"error": name.as_str(), "cause": cause.as_str()}));
            }
        })
    };
    html! {
        <tr>
            <th scope="row">
                { row.state_name.to_string() }
                if !row.iterations.is_empty() { <small class="iteration">{ &row.iterations }</small> }
            </th>
            <td><PlaceLink target={Some(Target::execution(&row.execution_arn))} text={views::words::shortened(&row.execution_name, 28)} /></td>
            <td class="mono-text">{ &row.short_token }<CopyButton text={row.token.to_string()} what="task token" /></td>
            <td><Ago at={row.issued_at} /></td>
            <td><Deadline deadline={row.timeout} none="none: up to a year" what="times out" /></td>
            <td><Deadline deadline={row.heartbeat} none="none" what="heartbeat due" /></td>
            <td>
                if *answering == Answering::No {
                    <div class="button-row">
                        <Button label="Succeed" small=true kind={ButtonKind::Primary} onclick={ask(Answering::Succeed)} />
                        <Button label="Fail" small=true onclick={ask(Answering::Fail)} />
                        <Button label="Heartbeat" small=true onclick={heartbeat} />
                    </div>
                } else {
                    <form class="callback-answer" onsubmit={send}>
                        if *answering == Answering::Succeed {
                            <TextField label="Output (JSON)" mono=true value={(*output).clone()} on_input={set(&output)} />
                        } else {
                            <TextField label="Error" value={(*name).clone()} on_input={set(&name)} />
                            <TextField label="Cause" optional=true value={(*cause).clone()} on_input={set(&cause)} />
                        }
                        <Button
                            label={if *answering == Answering::Succeed { "Send success" } else { "Send failure" }}
                            small=true kind={ButtonKind::Primary} submit=true
                        />
                        <Button label="Cancel" small=true onclick={ask(Answering::No)} />
                    </form>
                }
                <Refusal error={(*error).clone()} />
            </td>
        </tr>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct DeadlineProps {
    deadline: Option<(Timestamp, Duration)>,
    none: AttrValue,
    what: AttrValue,
}

#[component]
fn Deadline(props: &DeadlineProps) -> Html {
    let now = use_now();
    let Some((at, total)) = props.deadline else { return html! { { &props.none } } };
    let left = at.since(now);
    let label = format!("{} in {left}", props.what);
    html! { <span class="button-row"><CountdownRing label={label.clone()} value={left.as_secs_f64()} max={total.as_secs_f64()} />{ label }</span> }
}
