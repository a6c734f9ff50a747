//! Test events, which the workspace keeps by name, and what the function makes of them.

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::test_events::{self, TEMPLATES};
use yew::prelude::*;

use super::FunctionProps;
use super::monitor::Outcome;
use crate::bindings::editor::Language;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::code_editor::CodeEditor;
use crate::components::form::{Choice, Select, TextField};
use crate::host::session_context::{SessionHandle, use_session};
use crate::places::parts::Refusal;
use crate::session::{Action, FlashKind};

/// The three ways to invoke: the API's name, and what the form says.
const KINDS: [(&str, &str); 3] = [
    ("RequestResponse", "Synchronous: wait for the result"),
    ("Event", "Asynchronous: Lambda retries errors"),
    ("DryRun", "Dry run: only check the request"),
];

/// Where the text in the editor is kept.
fn draft_of(name: &str) -> String {
    format!("test-event:{name}")
}

fn write(session: &SessionHandle, place: String, text: Option<String>) {
    session.dispatch(Action::Write { place, text });
}

#[component]
pub fn Test(props: &FunctionProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let accepted = use_state(|| None::<AttrValue>);
    let ran = use_state(|| None::<u64>);
    let kind = use_state(|| AttrValue::Static("RequestResponse"));
    let name = props.function.name.clone();
    let draft = session.read(|s| s.draft(&draft_of(&name)).map(str::to_owned));
    let text = draft.unwrap_or_else(|| session.read(|s| test_events::template(s.account(), "hello-world")));
    let on_change = {
        let (session, name) = (session.clone(), name.clone());
        Callback::from(move |text: AttrValue| write(&session, draft_of(&name), Some(text.to_string())))
    };
    let problem = test_events::event_problem(&text);
    let invoke = {
        let (session, error, ran, name, text) =
            (session.clone(), error.clone(), ran.clone(), name.clone(), text.clone());
        let (kind, accepted) = (kind.clone(), accepted.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"FunctionName": &*name, "LogType": "Tail", "InvocationType": kind.as_str()})
                .with("Payload", Value::string(&text));
            accepted.set(None);
            match session.call("lambda:Invoke", params) {
                Ok(answer) => {
                    error.set(None);
                    let status = answer.get("StatusCode").and_then(Value::as_i64);
                    accepted.set(match status {
                        Some(202) => Some("202: Lambda took the event. Its attempts show in the Monitor tab.".into()),
                        Some(204) => Some("204: the request is good. Nothing was invoked.".into()),
                        _ => None,
                    });
                    let newest = |s: &crate::session::Session| {
                        views::functions::invocations(s.account(), &name, 1).first().map(|i| i.id)
                    };
                    ran.set(session.read(newest).filter(|_| kind.as_str() != "DryRun"));
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let play = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dispatch(Action::Play))
    };
    let set_kind = {
        let kind = kind.clone();
        Callback::from(move |id: AttrValue| kind.set(id))
    };
    let playing = session.read(|s| s.playback().playing);
    let row = ran.and_then(|id| session.read(|s| views::functions::invocation(s.account(), id)));
    let waits = row.as_ref().is_some_and(|row| row.duration.is_none()) && !playing;
    html! {
        <div class="place-sections">
            <SavedEvents function={props.function.clone()} text={text.clone()} />
            <div class="test-event">
                <CodeEditor {text} language={Language::Json} aria_label="Test event" {on_change} />
            </div>
            if let Some(problem) = &problem {
                <Banner kind={BannerKind::Warning} title="The event must be JSON"><p>{ problem }</p></Banner>
            }
            <div class="form-row">
                <Select
                    label="Invocation type" selected={(*kind).clone()} on_select={set_kind}
                    choices={KINDS.iter().map(|(id, label)| Choice::new(*id, *label)).collect::<Vec<_>>()}
                />
            </div>
            <div class="button-row">
                <Button label="Invoke" kind={ButtonKind::Primary} onclick={invoke} />
            </div>
            <Refusal error={(*error).clone()} />
            if let Some(accepted) = &*accepted { <Banner kind={BannerKind::Success} title="Accepted"><p>{ accepted }</p></Banner> }
            if waits {
                <Banner title="Time stands still" actions={html! { <Button label="Play" small=true onclick={play} /> }}>
                    { "The function runs as soon as virtual time goes on." }
                </Banner>
            }
            if let Some(row) = row { <Outcome invocation={row} /> }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct SavedEventsProps {
    function: views::functions::FunctionView,
    text: String,
}

/// Choosing, naming, saving and deleting events.
#[component]
fn SavedEvents(props: &SavedEventsProps) -> Html {
    let session = use_session();
    let typed = use_state(AttrValue::default);
    let wrong = use_state(|| None::<AttrValue>);
    let name = props.function.name.clone();
    let kept = test_events::place_of(&name);
    let events: BTreeMap<String, String> = session.read(|s| test_events::read(s.draft(&kept)));
    let load = {
        let (session, events, typed, name) = (session.clone(), events.clone(), typed.clone(), name.clone());
        Callback::from(move |chosen: AttrValue| {
            if let Some(text) = events.get(chosen.as_str()) {
                write(&session, draft_of(&name), Some(text.clone()));
            }
            typed.set(chosen);
        })
    };
    let template = {
        let (session, name) = (session.clone(), name.clone());
        Callback::from(move |id: AttrValue| {
            if !id.is_empty() {
                let text = session.read(|s| test_events::template(s.account(), &id));
                write(&session, draft_of(&name), Some(text));
            }
        })
    };
    let on_name = {
        let (typed, wrong) = (typed.clone(), wrong.clone());
        Callback::from(move |text: AttrValue| {
            wrong.set(test_events::name_problem(&text).map(AttrValue::Static).filter(|_| !text.is_empty()));
            typed.set(text);
        })
    };
    let save = {
        let (session, events, typed, wrong) = (session.clone(), events.clone(), typed.clone(), wrong.clone());
        let (kept, text) = (kept.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(problem) = test_events::name_problem(&typed) {
                return wrong.set(Some(AttrValue::Static(problem)));
            }
            let mut events = events.clone();
            events.insert(typed.to_string(), text.clone());
            write(&session, kept.clone(), test_events::write(&events));
            session.say(FlashKind::Success, format!("The test event “{}” was saved.", *typed));
        })
    };
    let delete = {
        let (session, events, typed, kept) = (session.clone(), events.clone(), typed.clone(), kept.clone());
        Callback::from(move |_: MouseEvent| {
            let mut events = events.clone();
            events.remove(typed.as_str());
            write(&session, kept.clone(), test_events::write(&events));
            session.say(FlashKind::Success, format!("The test event “{}” was deleted.", *typed));
            typed.set(AttrValue::default());
        })
    };
    let format = {
        let (session, name, text) = (session.clone(), name.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            if let Ok(value) = Value::parse(&text) {
                write(&session, draft_of(&name), Some(value.to_pretty()));
            }
        })
    };
    let saved = events.contains_key(typed.as_str());
    let mut choices = vec![Choice::new("", "Not saved")];
    choices.extend(events.keys().map(|name| Choice::new(name.clone(), name.clone())));
    let mut templates = vec![Choice::new("", "Choose a template")];
    templates.extend(TEMPLATES.iter().map(|(id, label)| Choice::new(*id, *label)));
    html! {
        <section class="place-sections" aria-label="Test event">
            <h2>{ "Test event" }</h2>
            <div class="form-row">
                <Select label="Saved event" {choices} selected={if saved { (*typed).clone() } else { AttrValue::default() }} on_select={load} />
                <Select label="Template" choices={templates} selected="" on_select={template} />
                <TextField label="Event name" value={(*typed).clone()} on_input={on_name} error={(*wrong).clone()} />
            </div>
            <div class="button-row">
                <Button label="Save event" small=true onclick={save} />
                <Button label="Delete event" small=true disabled={!saved} onclick={delete} />
                <Button label="Format JSON" small=true disabled={test_events::event_problem(&props.text).is_some()} onclick={format} />
            </div>
        </section>
    }
}
