//! The failure menu: faults to inject into a message, a running invocation, or a function's next invocations.
//!
//! Every fault is a call of the account, so the log holds it and the run with it replays.

use shared_json::{Value, json};
use yew::prelude::*;

use crate::components::menu::{Menu, MenuItem};
use crate::host::session_context::use_session;
use crate::session::FlashKind;

/// What can be broken.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultTarget {
    Message {
        queue_url: String,
        message_id: String,
    },
    /// An invocation under way.
    Invocation {
        request_id: String,
    },
    /// A function's next invocation.
    Function {
        name: String,
    },
}

/// Id, what the menu says, and the fault with what it needs beside the target.
type Deed = (&'static str, &'static str, &'static str, Option<(&'static str, i64)>);

const MESSAGE: [Deed; 5] = [
    ("drop", "Drop: it is lost", "Drop", None),
    ("duplicate", "Duplicate: deliver it twice", "Duplicate", None),
    ("delay-30", "Delay by 30 seconds", "Delay", Some(("Seconds", 30))),
    ("delay-300", "Delay by 5 minutes", "Delay", Some(("Seconds", 300))),
    ("poison", "Poison: cut its body in two", "Poison", None),
];
const INVOCATION: [Deed; 1] = [("crash", "Crash now", "Crash", None)];
const FUNCTION: [Deed; 4] = [
    ("crash-1", "Crash the next invocation", "Crash", Some(("Times", 1))),
    ("throttle-1", "Throttle the next invocation", "Throttle", Some(("Times", 1))),
    ("throttle-5", "Throttle the next 5 invocations", "Throttle", Some(("Times", 5))),
    ("throttle-0", "Throttle no more", "Throttle", Some(("Times", 0))),
];

impl FaultTarget {
    fn deeds(&self) -> &'static [Deed] {
        match self {
            FaultTarget::Message { .. } => &MESSAGE,
            FaultTarget::Invocation { .. } => &INVOCATION,
            FaultTarget::Function { .. } => &FUNCTION,
        }
    }

    fn params(&self) -> Value {
        match self {
            FaultTarget::Message { queue_url, message_id } => json!({"QueueUrl": queue_url, "MessageId": message_id}),
            FaultTarget::Invocation { request_id } => json!({"RequestId": request_id}),
            FaultTarget::Function { name } => json!({"FunctionName": name}),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FailureMenuProps {
    pub target: FaultTarget,
    #[prop_or(AttrValue::Static("Inject a failure"))]
    pub label: AttrValue,
}

#[component]
pub fn FailureMenu(props: &FailureMenuProps) -> Html {
    let session = use_session();
    let deeds = props.target.deeds();
    let on_choose = {
        let target = props.target.clone();
        Callback::from(move |id: AttrValue| {
            let Some((_, label, fault, more)) = deeds.iter().find(|deed| deed.0 == id.as_str()) else { return };
            let params = target.params().with("Fault", (*fault).into());
            let params = more.map_or(params.clone(), |(name, number)| params.with(name, number.into()));
            match session.call("stepyard:InjectFault", params) {
                Ok(_) => session.say(FlashKind::Success, format!("Injected: {label}. The run's log holds it.")),
                Err(refused) => session.say(FlashKind::Error, refused.message),
            }
        })
    };
    let items: Vec<MenuItem> = deeds.iter().map(|(id, label, ..)| MenuItem::new(*id, *label)).collect();
    html! { <Menu label={props.label.clone()} {items} {on_choose} /> }
}
