//! Starts one execution, or several at once, without covering the work.

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use crate::bindings::editor::Language;
use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::code_editor::CodeEditor;
use crate::components::form::TextField;
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::Refusal;
use crate::places::workflow::use_draft;
use crate::session::{Action, FlashKind, MachineTab, Place};

const FIRST_INPUT: &str = "{\n  \"comment\": \"What this run is for\"\n}";
/// Enough to see a queue fill; each is one StartExecution.
const MOST_AT_ONCE: u32 = 50;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StartPanelProps {
    pub machine_arn: String,
    /// The definition on the screen is not the one that will run.
    #[prop_or_default]
    pub unsaved: bool,
    pub on_close: Callback<()>,
}

#[component]
pub fn StartPanel(props: &StartPanelProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let input = use_draft(format!("start:{}", props.machine_arn), AttrValue::Static(FIRST_INPUT));
    let name = use_state_eq(AttrValue::default);
    let count = use_state_eq(|| AttrValue::Static("1"));
    let error = use_state(|| None::<AwsError>);
    let wanted = count.trim().parse::<u32>().ok().filter(|n| (1..=MOST_AT_ONCE).contains(n));

    let start = {
        let (session, ui, props, input) = (session.clone(), ui.clone(), props.clone(), input.clone());
        let (name, error) = (name.clone(), error.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(wanted) = wanted else { return };
            let mut last = String::new();
            for number in 1..=wanted {
                let mut params = json!({"stateMachineArn": props.machine_arn, "input": input.text.as_str()});
                if !name.is_empty() {
                    let each = if wanted == 1 { name.to_string() } else { format!("{}-{number}", *name) };
                    params = params.with("name", each.into());
                }
                match session.call("states:StartExecution", params) {
                    Ok(started) => last = started.get_str("executionArn").unwrap_or_default().to_owned(),
                    Err(refused) => return error.set(Some(refused)),
                }
            }
            if !session.read(|session| session.playback().playing) {
                session.dispatch(Action::Play);
            }
            props.on_close.emit(());
            if wanted == 1 {
                session.say(FlashKind::Success, "The execution was started.");
                ui.go(Place::Execution { arn: last });
            } else {
                session.say(FlashKind::Success, format!("{wanted} executions were started."));
                ui.go(Place::StateMachine { arn: props.machine_arn.clone(), tab: MachineTab::Executions });
            }
        })
    };
    let on_name = {
        let name = name.clone();
        Callback::from(move |text: AttrValue| name.set(text))
    };
    let on_count = {
        let count = count.clone();
        Callback::from(move |text: AttrValue| count.set(text))
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let label = match wanted {
        Some(n) if n > 1 => format!("Start {n} executions"),
        _ => "Start execution".to_owned(),
    };
    html! {
        <section class="start-panel card" aria-labelledby="start-panel-title">
            <div class="card-head">
                <h2 id="start-panel-title">{ "Start execution" }</h2>
                <IconButton label="Close" icon={Icon::Close} onclick={close.clone()} />
            </div>
            <Refusal error={(*error).clone()} hint={error.as_ref().and_then(|error| hint(&error.code)).map(AttrValue::from)} />
            if props.unsaved {
                <p class="field-help">{ "The definition has unsaved changes. The execution runs the saved one." }</p>
            }
            <div class="form-row">
                <TextField
                    label="Name" value={(*name).clone()} on_input={on_name} optional=true
                    help="Unique in this state machine; left empty, AWS chooses one."
                />
                <TextField
                    label="How many" value={(*count).clone()} on_input={on_count} input_type="number" min="1" max="50"
                    error={wanted.is_none().then_some(AttrValue::Static("A whole number from 1 to 50."))}
                />
            </div>
            <div class="field">
                <span class="field-label">{ "Input" }</span>
                <div class="start-input">
                    <CodeEditor
                        text={input.text.clone()} language={Language::Json} aria_label="Execution input as JSON"
                        on_change={input.write.clone()}
                    />
                </div>
            </div>
            <div class="actions">
                <Button label="Cancel" onclick={close} />
                <Button {label} kind={ButtonKind::Primary} icon={Some(Icon::Play)} disabled={wanted.is_none()} onclick={start} />
            </div>
        </section>
    }
}

fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "InvalidExecutionInput" => "The input must be JSON text: keys and texts stand in double quotes.",
        "ExecutionAlreadyExists" => "Choose another name, or leave it empty.",
        "InvalidName" => "Choose a name without spaces, brackets, wildcards or other special characters.",
        "StateMachineDeleting" => "A state machine that is being deleted starts nothing any more.",
        _ => return None,
    })
}
