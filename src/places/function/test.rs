//! A test event, and what the function makes of it.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use yew::prelude::*;

use super::FunctionProps;
use super::monitor::Outcome;
use crate::bindings::editor::Language;
use crate::components::banner::Banner;
use crate::components::button::{Button, ButtonKind};
use crate::components::code_editor::CodeEditor;
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::Action;

#[component]
pub fn Test(props: &FunctionProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let ran = use_state(|| None::<u64>);
    let name = props.function.name.clone();
    let place = format!("test-event:{name}");
    let draft = session.read(|s| s.draft(&place).map(str::to_owned));
    let text = draft.unwrap_or_else(|| "{\n  \"key1\": \"value1\"\n}".to_owned());
    let write = {
        let (session, place) = (session.clone(), place.clone());
        Callback::from(move |text: AttrValue| {
            session.dispatch(Action::Write { place: place.clone(), text: Some(text.to_string()) });
        })
    };
    let template = {
        let (session, write) = (session.clone(), write.clone());
        Callback::from(move |_: MouseEvent| {
            write.emit(session.read(|s| views::functions::sqs_event_template(s.account())).into());
        })
    };
    let invoke = {
        let (session, error, ran, name, text) =
            (session.clone(), error.clone(), ran.clone(), name.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"FunctionName": &*name, "LogType": "Tail"}).with("Payload", Value::string(&text));
            match session.call("lambda:Invoke", params) {
                Ok(_) => {
                    error.set(None);
                    ran.set(
                        session.read(|s| views::functions::invocations(s.account(), &name, 1).first().map(|i| i.id)),
                    );
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let play = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dispatch(Action::Play))
    };
    let playing = session.read(|s| s.playback().playing);
    let row = ran.and_then(|id| session.read(|s| views::functions::invocation(s.account(), id)));
    let waits = row.as_ref().is_some_and(|row| row.duration.is_none()) && !playing;
    html! {
        <div class="place-sections">
            <div class="button-row">
                <h2>{ "Test event" }</h2>
                <Button label="Template: SQS message" small=true onclick={template} />
                <Button label="Invoke" kind={ButtonKind::Primary} onclick={invoke} />
            </div>
            <div class="test-event">
                <CodeEditor {text} language={Language::Json} aria_label="Test event" on_change={write} />
            </div>
            <Refusal error={(*error).clone()} />
            if waits {
                <Banner title="Time stands still" actions={html! { <Button label="Play" small=true onclick={play} /> }}>
                    { "The function runs as soon as virtual time goes on." }
                </Banner>
            }
            if let Some(row) = row { <Outcome invocation={row} /> }
        </div>
    }
}
