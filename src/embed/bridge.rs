//! Between an embedded page and the page around it: commands come in, moments go out. docs/embed.md tells both.
//!
//! The parent may move in time and nothing else; whoever else sends a message is not heard.

use gloo_events::EventListener;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use crate::session::Action;

/// Of the messages.
const VERSION: u32 = 1;

/// What the page around is told after each change.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub step: u64,
    pub furthest: u64,
    pub playing: bool,
    pub caption: String,
}

/// The page around this one; `None` when there is none.
fn parent() -> Option<Window> {
    let window = gloo_utils::window();
    window.parent().ok().flatten().filter(|parent| !Object::is(parent, &window))
}

/// Calls `act` for every command of the page around, until the listener is dropped.
pub fn hear(act: impl Fn(Action) + 'static) -> Option<EventListener> {
    let parent = parent()?;
    Some(EventListener::new(&gloo_utils::window(), "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        if event.source().is_some_and(|source| Object::is(&source, &parent))
            && let Some(action) = command(&event.data())
        {
            act(action);
        }
    }))
}

fn member(message: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(message, &name.into()).ok().filter(|value| !value.is_undefined())
}

fn command(message: &JsValue) -> Option<Action> {
    if member(message, "stepyard")?.as_f64()? as u32 != VERSION {
        return None;
    }
    Some(match &*member(message, "do")?.as_string()? {
        "play" => Action::Play,
        "pause" => Action::Pause,
        "step" => Action::Step,
        "stepBack" => Action::StepBack,
        "backToStart" => Action::BackToStart,
        "goTo" => Action::GoToStep(member(message, "step")?.as_f64().filter(|step| *step >= 0.0)? as u64),
        _ => return None,
    })
}

pub fn tell(moment: &Moment) {
    let members: [(&str, JsValue); 5] = [
        ("event", "moment".into()),
        ("step", (moment.step as f64).into()),
        ("furthest", (moment.furthest as f64).into()),
        ("playing", moment.playing.into()),
        ("caption", (&*moment.caption).into()),
    ];
    post(&members);
}

/// Escape was pressed: the page around may take the focus back.
pub fn leave() {
    post(&[("event", "leave".into())]);
}

fn post(members: &[(&str, JsValue)]) {
    let Some(parent) = parent() else { return };
    let message = Object::new();
    let version = [("stepyard", JsValue::from(VERSION))];
    for (name, value) in version.iter().chain(members) {
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    // Nothing in it is secret, and a sandboxed frame does not know who is around it.
    let _ = parent.post_message(&message, "*");
}
