//! The first page: what there is, and what to do first.

use aws_protocol::AwsError;
use shared_json::json;
use views::explorer::ExplorerView;
use views::system::Chain;
use views::target::Target;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::parts::{Refusal, place_of, status_of};
use crate::components::button::{Button, ButtonKind};
use crate::components::icons::Icon;
use crate::components::status::StatusChip;
use crate::host::catalogue;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::{Action, FlashKind, Place};
use crate::side::use_lesson_opener;

/// The input that the console suggests for a first execution.
const FIRST_INPUT: &str = "{\n  \"Comment\": \"Insert your JSON here\"\n}";
/// Executions of a state machine that the overview shows.
const NEWEST: usize = 3;

#[component]
pub fn Welcome() -> Html {
    let session = use_session();
    let ui = use_ui();
    let error = use_state(|| None::<AwsError>);
    let (view, chains, name) = session.read(|s| {
        let account = s.account();
        (views::explorer::view(account, NEWEST), views::system::chains(account), s.name().to_owned())
    });
    let empty =
        view.machines.is_empty() && view.queues.is_empty() && view.functions.is_empty() && view.roles.is_empty();
    let start = view.machines.iter().find(|machine| !machine.deleting).map(|machine| {
        let (session, ui, error, arn) = (session.clone(), ui.clone(), error.clone(), machine.arn.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            match session.call("states:StartExecution", json!({"stateMachineArn": &*arn, "input": FIRST_INPUT})) {
                Ok(answer) => {
                    session.dispatch(Action::Play);
                    ui.go(Place::Execution { arn: answer.get_str("executionArn").unwrap_or_default().to_owned() });
                }
                Err(refused) => error.set(Some(refused)),
            }
        });
        html! { <Button label="Start execution" kind={ButtonKind::Primary} icon={Icon::Play} {onclick} /> }
    });
    html! {
        <div class="place">
            <div class="pane-body" tabindex="0" role="group" aria-label="Welcome">
                <div class="welcome">
                    <div>
                        <h1>{ if empty { "Start with an empty account".to_owned() } else { name } }</h1>
                        <p>{ "Simulation. No AWS account, nothing leaves this browser." }</p>
                    </div>
                    if !empty {
                        if let Some(start) = start {
                            <div class="button-row">
                                { start }
                                <span>{ "and watch the message with the task token travel to the function and back." }</span>
                            </div>
                        }
                        <Refusal error={(*error).clone()} />
                        <Overview view={view.clone()} {chains} />
                    }
                    <Lessons />
                    <Steps {view} />
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct OverviewProps {
    view: ExplorerView,
    chains: Vec<Chain>,
}

#[component]
fn Overview(props: &OverviewProps) -> Html {
    let ui = use_ui();
    let view = &props.view;
    let card = |what: &'static str, name: String, note: String, target: Target| {
        let ui = ui.clone();
        let key = format!("{what}-{name}");
        let onclick = Callback::from(move |_: MouseEvent| ui.go(place_of(&target)));
        html! {
            <button {key} type="button" class="overview-box" {onclick}>
                <small>{ what }</small><strong>{ name }</strong><small>{ note }</small>
            </button>
        }
    };
    let queue = |name: &String| {
        let note =
            view.queues.iter().find(|queue| queue.name == *name).map_or(String::new(), |queue| {
                format!("{} available · {} in flight", queue.available, queue.in_flight)
            });
        card("Queue", name.clone(), note, Target::queue(name))
    };
    let function = |name: &String| {
        let node = view.functions.iter().find(|function| *function.name == **name);
        let note = node.map_or(String::new(), |node| match (node.running, node.note.is_empty()) {
            (0, true) => "no trigger".to_owned(),
            (0, false) => node.note.clone(),
            (running, _) => format!("{running} running"),
        });
        card("Function", name.clone(), note, Target::function(name))
    };
    let arrow = || html! { <span class="overview-arrow" aria-hidden="true">{ "→" }</span> };
    let loose_queues = view.queues.iter().filter(|q| props.chains.iter().all(|chain| !chain.queues.contains(&q.name)));
    let loose_functions: Vec<String> = view
        .functions
        .iter()
        .map(|function| function.name.to_string())
        .filter(|name| props.chains.iter().all(|chain| !chain.functions.contains(name)))
        .collect();
    html! {
        <>
            { for props.chains.iter().map(|chain| {
                let node = view.machines.iter().find(|machine| machine.arn == chain.machine_arn);
                let note = node.map_or(String::new(), |node| format!("{} executions · {} running", node.executions, node.running));
                let target = Target::StateMachine { arn: chain.machine_arn.to_string() };
                html! {
                    <section key={chain.machine_arn.to_string()} class="card" aria-label={chain.machine_name.to_string()}>
                        <div class="overview">
                            { card("State machine", chain.machine_name.to_string(), note, target) }
                            if !chain.queues.is_empty() { { arrow() }{ for chain.queues.iter().map(queue) } }
                            if !chain.functions.is_empty() { { arrow() }{ for chain.functions.iter().map(function) } }
                        </div>
                        if let Some(node) = node.filter(|node| !node.newest.is_empty()) {
                            <ul class="fact-list pane-padded">
                                { for node.newest.iter().map(|execution| {
                                    let (ui, arn) = (ui.clone(), execution.arn.to_string());
                                    let go = Callback::from(move |_: MouseEvent| ui.go(Place::Execution { arn: arn.clone() }));
                                    html! {
                                        <li key={execution.arn.to_string()} class="button-row">
                                            <StatusChip status={status_of(execution.status)} label={execution.status.word()} />
                                            <button type="button" class="link-button" onclick={go}>{ execution.name.to_string() }</button>
                                            <span>{ &execution.note }</span>
                                        </li>
                                    }
                                }) }
                            </ul>
                        }
                    </section>
                }
            }) }
            <div class="overview">
                { for loose_queues.map(|node| queue(&node.name)) }
                { for loose_functions.iter().map(function) }
                { for view.roles.iter().map(|role| card("Role", role.to_string(), String::new(), Target::role(role))) }
            </div>
        </>
    }
}

/// What can be learnt here, the tutorial first. The titles are known before the files are fetched.
#[component]
fn Lessons() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let opener = use_lesson_opener();
    let start = |id: &'static str| {
        let (session, opener) = (session.clone(), opener.clone());
        Callback::from(move |_: MouseEvent| {
            let (session, opener) = (session.clone(), opener.clone());
            spawn_local(async move {
                match catalogue::load().await {
                    Some(catalogue) => {
                        if let Some(listed) = catalogue.lesson(id) {
                            opener.open(id, &listed.lesson);
                        }
                    }
                    None => session.say(FlashKind::Error, catalogue::NOT_LOADED),
                }
            });
        })
    };
    let go = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::Examples))
    };
    let Some(((id, title, sentence), others)) = lessons::lesson_index().split_first() else { return Html::default() };
    html! {
        <section class="welcome-lessons" aria-label="Learn">
            <h2>{ "Learn" }</h2>
            <div class="button-row">
                <Button label={format!("Start the tutorial: {title}")} onclick={start(id)} />
                <span>{ *sentence }</span>
            </div>
            <ul>
                { for others.iter().map(|(id, title, sentence)| html! {
                    <li key={*id}><button type="button" class="link-button" title={*sentence} onclick={start(id)}>{ *title }</button></li>
                }) }
            </ul>
            <div class="button-row"><Button label="Show the examples" onclick={go} /></div>
        </section>
    }
}

/// A step of the way through the tutorial: whether it is done, title, text, button, place.
type Step = (bool, &'static str, &'static str, &'static str, Place);

#[derive(Clone, Debug, PartialEq, Properties)]
struct StepsProps {
    view: ExplorerView,
}

/// What is still missing for a whole system.
#[component]
fn Steps(props: &StepsProps) -> Html {
    let ui = use_ui();
    let session = use_session();
    let view = &props.view;
    let has_role = session.read(|s| !views::roles::trusting(s.account(), "lambda.amazonaws.com").is_empty());
    let steps: [Step; 4] = [
        (
            !view.queues.is_empty(),
            "1. A queue",
            "Messages wait in it until somebody takes them. Call it Orders and keep the defaults.",
            "Create queue",
            Place::NewQueue,
        ),
        (
            !view.machines.is_empty(),
            "2. A state machine",
            "Its task puts a message with a task token into the queue and waits until somebody answers the token.",
            "Create state machine",
            Place::NewStateMachine,
        ),
        (
            has_role,
            "3. A role for the function",
            "Choose the use case Lambda and allow it SQS and Step Functions.",
            "Create role",
            Place::NewRole,
        ),
        (
            !view.functions.is_empty(),
            "4. A function",
            "It is triggered by the queue, reads the token from the message and answers it. Then start an execution.",
            "Create function",
            Place::NewFunction,
        ),
    ];
    let missing = steps.into_iter().filter(|step| !step.0).enumerate();
    html! {
        <ol class="welcome-steps">
            { for missing.map(|(index, (_, title, text, label, place))| {
                let ui = ui.clone();
                let first = index == 0 && view.machines.is_empty();
                let kind = if first { ButtonKind::Primary } else { ButtonKind::Secondary };
                let onclick = Callback::from(move |_: MouseEvent| ui.go(place.clone()));
                html! {
                    <li key={label}>
                        <div class="card">
                            <h2>{ title }</h2>
                            <p>{ text }</p>
                            <Button {label} {kind} {onclick} />
                        </div>
                    </li>
                }
            }) }
        </ol>
    }
}
