//! One execution: its graph with statuses, its steps and events, what went in and what came out.

mod details;
mod event_view;
mod input_output;
mod step_data;
mod table_view;

use aws_protocol::AwsError;
use shared_json::json;
use views::execution::{self, RunStatus, Summary, short};
use yew::prelude::*;

use crate::bindings::editor::Language;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::code_editor::CodeEditor;
use crate::components::copy_button::CopyButton;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::split_pane::SplitPane;
use crate::components::status::StatusChip;
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::Refusal;
use crate::places::workflow::{RunGraph, chip_status, use_definition};
use crate::session::{FlashKind, MachineTab, Place};
use details::StepPane;
use event_view::EventView;
use input_output::InputOutput;
use table_view::TableView;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ExecutionPageProps {
    pub arn: String,
}

const GRAPH: &str = "execution-graph";
const TABLE: &str = "execution-table";
const EVENTS: &str = "execution-events";
const DATA: &str = "execution-data";
const DEFINITION: &str = "execution-definition";

#[component]
pub fn ExecutionPage(props: &ExecutionPageProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let found = session.read(|session| {
        let record = session.account().states().execution(&props.arn)?;
        let machine = session.account().states().machine(&record.state_machine_arn).is_some();
        let redrivable = record.not_redrivable(machine, session.account().now()).is_none();
        let definition = AttrValue::from(record.definition.to_string());
        Some((execution::summary(record), record.state_machine_arn.to_string(), (machine, redrivable), definition))
    });
    let text = found.as_ref().map(|(.., definition)| definition.clone()).unwrap_or_default();
    let definition = use_definition(&text);
    let tab = use_state_eq(|| AttrValue::Static(GRAPH));
    let error = use_state(|| None::<AwsError>);
    let Some((head, machine_arn, (machine_there, redrivable), _)) = found else {
        return html! {
            <Empty icon={Icon::StateMachine} title="This execution is not there">
                <p>{ "The run was stepped back to before it was started." }</p>
            </Empty>
        };
    };
    let go_machine = {
        let (ui, arn) = (ui.clone(), machine_arn.clone());
        Callback::from(move |_: MouseEvent| {
            ui.go(Place::StateMachine { arn: arn.clone(), tab: MachineTab::Definition });
        })
    };
    let again = {
        let (session, ui, error) = (session.clone(), ui.clone(), error.clone());
        let (arn, input) = (machine_arn.clone(), head.input.clone());
        Callback::from(move |_: MouseEvent| {
            match session.call("states:StartExecution", json!({"stateMachineArn": arn, "input": &*input})) {
                Ok(started) => {
                    session.say(FlashKind::Success, "A new execution was started with the same input.");
                    ui.go(Place::Execution { arn: started.get_str("executionArn").unwrap_or_default().to_owned() });
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let stop = {
        let (session, error, arn) = (session.clone(), error.clone(), props.arn.clone());
        Callback::from(move |_: MouseEvent| match session.call("states:StopExecution", json!({"executionArn": arn})) {
            Ok(_) => session.say(FlashKind::Info, "The execution was stopped."),
            Err(refused) => error.set(Some(refused)),
        })
    };
    let redrive = {
        let (session, error, arn) = (session.clone(), error.clone(), props.arn.clone());
        Callback::from(move |_: MouseEvent| {
            match session.call("states:RedriveExecution", json!({"executionArn": arn})) {
                Ok(_) => session
                    .say(FlashKind::Success, "The execution goes on where it failed. What had succeeded is kept."),
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let select = {
        let tab = tab.clone();
        Callback::from(move |id: AttrValue| tab.set(id))
    };
    let on_split = {
        let ui = ui.clone();
        Callback::from(move |share: f64| ui.change(move |ui| ui.centre_split = share))
    };
    let tabs = vec![
        Tab::new(GRAPH, "Graph view"),
        Tab::new(TABLE, "Table view"),
        Tab::new(EVENTS, "Event view").with_count(head.event_count),
        Tab::new(DATA, "Input and output"),
        Tab::new(DEFINITION, "Definition"),
    ];
    let running = head.status == RunStatus::InProgress;
    let arn = AttrValue::from(props.arn.clone());
    let body = match tab.as_str() {
        TABLE => html! { <TableView execution={arn} /> },
        EVENTS => html! { <EventView execution={arn} /> },
        DATA => html! { <InputOutput input={head.input.clone()} output={head.output.clone()} {running} /> },
        DEFINITION => html! {
            <CodeEditor text={text} language={Language::Json} aria_label="Definition of this execution" read_only=true />
        },
        _ => html! {
            <SplitPane
                label="Width of the graph" share={ui.centre_split} on_change={on_split}
                first={html! { <RunGraph label={format!("Graph of {}", head.name)} {definition} execution={arn.clone()} /> }}
                second={html! { <StepPane execution={arn} /> }}
            />
        },
    };
    html! {
        <div class="place">
            <div class="centre-head">
                <h1>{ &*head.name }</h1>
                <CopyButton text={props.arn.clone()} what="execution ARN" />
                <StatusChip
                    status={chip_status(head.status, !head.caught.is_empty())}
                    label={Some(AttrValue::from(head.label.clone()))}
                />
                <span class="head-note"><HeadNote head={head.clone()} /></span>
                <div class="actions">
                    if machine_there { <Button label="Edit state machine" onclick={go_machine} /> }
                    if running { <Button label="Stop execution" kind={ButtonKind::Danger} icon={Some(Icon::Stop)} onclick={stop} /> }
                    if redrivable { <Button label="Redrive" onclick={redrive} /> }
                    if machine_there { <Button label="New execution" kind={ButtonKind::Primary} onclick={again} /> }
                </div>
            </div>
            <Tabs label="Execution" {tabs} selected={(*tab).clone()} on_select={select} />
            <div class="workflow-body">
                <div class="workflow-above">
                    <Refusal error={(*error).clone()} />
                    { outcome(&head) }
                </div>
                <TabPanel id={(*tab).clone()} class="workflow-panel">{ body }</TabPanel>
            </div>
        </div>
    }
}

/// Why it ended as it did, when that needs saying.
fn outcome(head: &Summary) -> Html {
    if let Some(sentence) = head.caught_sentence() {
        return html! { <Banner kind={BannerKind::Warning} title="An error was caught on the way">{ sentence }</Banner> };
    }
    let (kind, title) = match head.status {
        RunStatus::Failed => (BannerKind::Error, "The execution failed"),
        RunStatus::TimedOut => (BannerKind::Error, "The execution timed out"),
        RunStatus::Aborted => (BannerKind::Info, "The execution was stopped"),
        _ => return Html::default(),
    };
    let text = |label: &str, text: &Option<std::rc::Rc<str>>| match text {
        Some(text) => html! { <><dt>{ label.to_owned() }</dt><dd><code>{ &**text }</code></dd></> },
        None => Html::default(),
    };
    html! {
        <Banner {kind} {title}>
            if head.error.is_some() || head.cause.is_some() {
                <dl class="key-values">{ text("Error", &head.error) }{ text("Cause", &head.cause) }</dl>
            }
        </Banner>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct HeadNoteProps {
    head: Summary,
}

/// `14 events · 36.0 s`, going on with the clock.
#[component]
fn HeadNote(props: &HeadNoteProps) -> Html {
    let now = use_now();
    let events =
        if props.head.event_count == 1 { "1 event".to_owned() } else { format!("{} events", props.head.event_count) };
    html! { { format!("{events} · {}", short(props.head.duration(now))) } }
}
