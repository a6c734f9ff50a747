//! Present mode: the graph, one sentence about what happened, and keys. For a projector and a class.

mod caption;
mod keys;
mod qr_code;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::components::status::StatusChip;
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, use_ui};
use crate::places::workflow::{RunGraph, chip_status, use_definition};
use crate::session::Place;
use crate::shell::transport::clock;
use caption::CaptionBar;
pub use keys::start_again;
use qr_code::QrCode;
use views::execution;
use views::present;

/// Everything that is shown while presenting.
#[component]
pub fn Present() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let frame = use_node_ref();
    let with_code = use_state(|| false);
    let chosen = match &ui.place {
        Place::Execution { arn } => Some(arn.clone()),
        _ => None,
    };
    let shown = session.read(|session| {
        let there = chosen.filter(|arn| session.account().states().execution(arn).is_some());
        there.or_else(|| present::execution_to_show(session.account()))
    });
    let text = session.read(|session| {
        let record = session.account().states().execution(shown.as_deref()?)?;
        Some(AttrValue::from(record.definition.to_string()))
    });
    let definition = use_definition(&text.unwrap_or_default());
    let head = session.read(|session| {
        let record = session.account().states().execution(shown.as_deref()?)?;
        Some((present::title(session.account(), &record.arn), execution::summary(record)))
    });
    {
        // All type grows with the root's. The class has the keys from the first moment on.
        let frame = frame.clone();
        use_effect_with((), move |()| {
            let root = gloo_utils::document().document_element();
            if let Some(root) = &root {
                let _ = root.set_attribute("data-present", "");
            }
            if let Some(frame) = frame.cast::<web_sys::HtmlElement>() {
                let _ = frame.focus();
            }
            move || {
                if let Some(root) = root {
                    let _ = root.remove_attribute("data-present");
                }
            }
        });
    }
    let press = {
        let (session, ui, with_code, shown) = (session.clone(), ui.clone(), with_code.clone(), shown.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(deed) = keys::deed_of(&event) else { return };
            event.prevent_default();
            match deed {
                keys::Deed::Leave => ui.change(|ui| ui.present = false),
                keys::Deed::Code => with_code.set(!*with_code),
                keys::Deed::Act(action) => session.dispatch(action),
                keys::Deed::Break(fault) => keys::inject(&session, fault),
                keys::Deed::Start => {
                    if let Some(arn) = keys::start_again(&session, shown.as_deref()) {
                        ui.change(move |ui| ui.place = Place::Execution { arn });
                    }
                }
                keys::Deed::PlayOrPause => keys::play_or_pause(&session),
            }
        })
    };
    use_effect_with(press, |press| {
        let press = press.clone();
        let listener = EventListener::new_with_options(
            &gloo_utils::document(),
            "keydown",
            gloo_events::EventListenerOptions::enable_prevent_default(),
            move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    press.emit(event.clone());
                }
            },
        );
        move || drop(listener)
    });
    html! {
        <main class="present" ref={frame} tabindex="-1">
            <header class="present-head">
                <h1>{ head.as_ref().map_or_else(|| session.read(|session| session.name().to_owned()), |head| head.0.clone()) }</h1>
                if let Some((_, summary)) = &head {
                    <StatusChip
                        status={chip_status(summary.status, !summary.caught.is_empty())}
                        label={Some(AttrValue::from(summary.label.clone()))}
                    />
                }
                <Progress />
            </header>
            <div class="present-body">
                <div class="present-graph">
                    if let (Some(arn), Some((title, _))) = (&shown, &head) {
                        <RunGraph label={format!("Graph of {title}")} {definition} execution={AttrValue::from(arn.clone())} />
                    } else {
                        <p class="present-empty">{ "Nothing runs yet. Press Esc, and start an execution." }</p>
                    }
                </div>
                if *with_code { <QrCode /> }
            </div>
            <CaptionBar execution={shown.clone()} />
            <keys::Legend />
        </main>
    }
}

/// Virtual time and the place in the run.
#[component]
fn Progress() -> Html {
    let (session, now) = (use_session(), use_now());
    let (step, furthest, started) = session.read(|session| {
        (session.account().position().steps, session.furthest_step(), session.account().options().start)
    });
    html! {
        <p class="present-progress">
            <time title={now.to_rfc3339()}>{ clock(now.since(started)) }</time>
            { format!(" · event {step} of {furthest}") }
        </p>
    }
}
