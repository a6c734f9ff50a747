//! The page as a frame in somebody else's page: one pane of a run, what happened, and buttons that move in time.
//!
//! It keeps nothing and needs no storage and no origin of its own: what the frame's fragment holds is a visit, as any
//! link is, and there is nothing of the person's beside it.

mod bridge;
pub mod options;

use gloo_events::EventListener;
use views::present;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::bindings::editor::Language;
use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::code_editor::CodeEditor;
use crate::components::icons::Icon;
use crate::dock::{activity, callbacks, logs, queues, timeline};
use crate::host::receive::{self, Reception, use_reception};
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{UiActions, use_ui};
use crate::places::workflow::{RunGraph, use_definition};
use crate::present::start_again;
use crate::session::{Action, Place};
use crate::shell::flashes::Flashes;
use bridge::Moment;
use options::{EmbedOptions, EmbedPane};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct EmbedProps {
    pub options: EmbedOptions,
}

#[component]
pub fn Embed(props: &EmbedProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let options = &props.options;
    // How often: after each link there is something to tell, though it may be the same moment.
    let opened = use_mut_ref(|| 0_u32);
    let update = use_force_update();
    // A link in a pane may lead to a place that is not shown here; the run stays.
    let last = use_mut_ref(|| None::<String>);
    if let Place::Execution { arn } = &ui.place {
        *last.borrow_mut() = Some(arn.clone());
    }
    let shown = session.read(|session| Shown::of(session, last.borrow().clone()));
    let moment = session.read(|session| Moment {
        step: session.account().position().steps,
        furthest: session.furthest_step(),
        playing: session.playback().playing,
        caption: present::caption(session.account(), shown.execution.as_deref()).main.text,
    });
    use_effect_with((moment.clone(), *opened.borrow()), |(moment, opened)| {
        // Before the link is open there is nothing of it to tell.
        if *opened > 0 {
            bridge::tell(moment);
        }
    });
    let open_fragment = {
        let (session, reception, options) = (session.clone(), use_reception(), options.clone());
        use_callback((), move |(), ()| {
            open_fragment(&session, &reception, &options);
            *opened.borrow_mut() += 1;
            update.force_update();
        })
    };
    {
        let session = session.clone();
        use_effect_with((), move |()| {
            open_fragment.emit(());
            let listeners = listeners(session, open_fragment);
            move || drop(listeners)
        });
    }
    html! {
        <main class="embed">
            <h1 class="visually-hidden">{ shown.title.clone() }</h1>
            <Flashes />
            <div class="embed-pane"><ShownPane pane={options.pane} shown={shown.clone()} /></div>
            if options.caption { <CaptionLine execution={shown.execution.clone()} /> }
            <div class="embed-bar">
                if options.controls { <Controls moment={moment.clone()} /> }
                if !options.read_only { <Run execution={shown.execution} /> }
                <span class="embed-place">{ format!("Event {} of {}", moment.step, moment.furthest) }</span>
                <a class="embed-open" href={whole_page()} target="_blank" rel="noopener">{ "Open in Stepyard" }</a>
            </div>
        </main>
    }
}

/// What the pane is about.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    /// Its ARN.
    execution: Option<AttrValue>,
    title: AttrValue,
    definition: AttrValue,
}

impl Shown {
    /// The chosen execution or else the one to look at; without any, the first state machine.
    fn of(session: &crate::session::Session, chosen: Option<String>) -> Shown {
        let states = session.account().states();
        let there = chosen.filter(|arn| states.execution(arn).is_some());
        let execution = there.or_else(|| present::execution_to_show(session.account()));
        if let Some(record) = execution.as_deref().and_then(|arn| states.execution(arn)) {
            return Shown {
                title: present::title(session.account(), &record.arn).into(),
                definition: record.definition.to_string().into(),
                execution: execution.map(AttrValue::from),
            };
        }
        let machine = states.machines().next();
        Shown {
            execution: None,
            title: machine.map_or_else(|| session.name().to_owned(), |machine| machine.name.to_string()).into(),
            definition: machine.map(|machine| machine.definition.to_string()).unwrap_or_default().into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ShownPaneProps {
    pane: EmbedPane,
    shown: Shown,
}

#[component]
fn ShownPane(props: &ShownPaneProps) -> Html {
    let Shown { execution, title, definition } = props.shown.clone();
    let drawn = use_definition(&definition);
    let label = AttrValue::from(format!("Graph of {title}"));
    match props.pane {
        EmbedPane::Graph => html! {
            <RunGraph {label} definition={drawn} execution={execution.unwrap_or_default()} framed=true />
        },
        EmbedPane::Timeline => html! { <timeline::Timeline /> },
        EmbedPane::Activity => html! { <activity::Activity /> },
        EmbedPane::Logs => html! { <logs::Logs /> },
        EmbedPane::Callbacks => html! { <callbacks::Callbacks /> },
        EmbedPane::Queues => html! { <queues::Queues /> },
        EmbedPane::Definition => html! {
            <CodeEditor text={definition} language={Language::Json} aria_label="Definition" read_only=true />
        },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct AboutProps {
    execution: Option<AttrValue>,
}

#[component]
fn CaptionLine(props: &AboutProps) -> Html {
    let session = use_session();
    let caption = session.read(|session| present::caption(session.account(), props.execution.as_deref())).main;
    html! {
        <p class="embed-caption" aria-live="polite">
            <strong>{ caption.text }</strong>
            if let Some(because) = caption.because { { " " }{ because } }
        </p>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ControlsProps {
    moment: Moment,
}

#[component]
fn Controls(props: &ControlsProps) -> Html {
    let session = use_session();
    let moment = &props.moment;
    let at_start = moment.step == 0;
    let on = |action: Action| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| act(&session, action.clone()))
    };
    html! {
        <div class="embed-controls" role="group" aria-label="Virtual time">
            <IconButton label="Back to the start" icon={Icon::BackToStart} disabled={at_start} onclick={on(Action::BackToStart)} />
            <IconButton label="Step back" icon={Icon::StepBack} disabled={at_start} onclick={on(Action::StepBack)} />
            if moment.playing {
                <IconButton label="Pause" icon={Icon::Pause} kind={ButtonKind::Primary} onclick={on(Action::Pause)} />
            } else {
                <IconButton label="Play" icon={Icon::Play} kind={ButtonKind::Primary} onclick={on(Action::Play)} />
            }
            <IconButton label="Step one event" icon={Icon::Step} onclick={on(Action::Step)} />
        </div>
    }
}

/// What was set up before the run is nothing that a reader steps through.
fn act(session: &SessionHandle, action: Action) {
    match action {
        Action::BackToStart => session.change(crate::session::Session::go_to_first_start),
        action => session.dispatch(action),
    }
}

/// Starts another execution, with the input of the shown one.
#[component]
fn Run(props: &AboutProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let label = if props.execution.is_some() { "Run again" } else { "Run" };
    let execution = props.execution.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(arn) = start_again(&session, execution.as_deref()) {
            ui.go(Place::Execution { arn });
            session.dispatch(Action::Play);
        }
    });
    html! { <Button {label} small=true {onclick} /> }
}

/// What the frame's address holds after its `#`. It stays there: the frame is loaded anew with it.
fn open_fragment(session: &SessionHandle, reception: &Reception, options: &EmbedOptions) {
    let Some(link) = receive::link_in_address() else { return };
    reception.receive(&link);
    if options.read_only {
        session.change(crate::session::Session::keep_visit_still);
    }
    if let Some(step) = options.step {
        session.dispatch(Action::GoToStep(step));
    }
}

fn listeners(session: SessionHandle, open_fragment: Callback<()>) -> Vec<EventListener> {
    let commands = bridge::hear(move |action| act(&session, action));
    let escape = EventListener::new(&gloo_utils::document(), "keydown", |event| {
        let escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
        // A dialog closes first.
        let in_dialog = gloo_utils::document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
        if escape && !in_dialog && !event.default_prevented() {
            bridge::leave();
        }
    });
    let window = gloo_utils::window();
    let fragment = EventListener::new(&window, "hashchange", move |_| open_fragment.emit(()));
    commands.into_iter().chain([escape, fragment]).collect()
}

/// The same link in a page of its own.
fn whole_page() -> String {
    let href = gloo_utils::window().location().href().unwrap_or_default();
    let (page, fragment) = href.split_once('#').unwrap_or((&href, ""));
    let page = page.split('?').next().unwrap_or_default();
    if fragment.is_empty() { page.to_owned() } else { format!("{page}#{fragment}") }
}
