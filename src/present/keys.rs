//! The keys of present mode, and what each does.

use shared_json::json;
use views::present;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::host::session_context::SessionHandle;
use crate::session::{Action, FlashKind};

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Act(Action),
    PlayOrPause,
    /// Another execution with the same input.
    Start,
    Break(&'static Fault),
    Code,
    Leave,
}

/// A failure at one key.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    key: &'static str,
    /// As the legend says it.
    words: &'static str,
    fault: &'static str,
    more: Option<(&'static str, i64)>,
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Message,
    Function,
}

const FAULTS: [Fault; 6] = [
    Fault { key: "1", words: "lose the message", fault: "Drop", more: None, of: Of::Message },
    Fault { key: "2", words: "deliver it twice", fault: "Duplicate", more: None, of: Of::Message },
    Fault { key: "3", words: "delay it 30 s", fault: "Delay", more: Some(("Seconds", 30)), of: Of::Message },
    Fault { key: "4", words: "poison it", fault: "Poison", more: None, of: Of::Message },
    Fault { key: "5", words: "crash the function", fault: "Crash", more: Some(("Times", 1)), of: Of::Function },
    Fault { key: "6", words: "throttle it", fault: "Throttle", more: Some(("Times", 1)), of: Of::Function },
];

/// Of keys that go with Ctrl or the like nothing is taken: they are the browser's. A button keeps its own Enter and Space.
pub fn deed_of(event: &KeyboardEvent) -> Option<Deed> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let on_button = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| matches!(&*element.tag_name(), "BUTTON" | "A" | "INPUT" | "SELECT" | "TEXTAREA"));
    let key = event.key();
    Some(match &*key {
        " " if !on_button => Deed::Act(Action::Step),
        "ArrowRight" | "PageDown" => Deed::Act(Action::Step),
        "ArrowLeft" | "PageUp" => Deed::Act(Action::StepBack),
        "Home" => Deed::Act(Action::BackToStart),
        "End" => Deed::Act(Action::GoToStep(u64::MAX)),
        "t" | "T" => Deed::Act(Action::JumpToNext),
        "p" | "P" => Deed::PlayOrPause,
        "n" | "N" => Deed::Start,
        "q" | "Q" => Deed::Code,
        "Escape" => Deed::Leave,
        key => Deed::Break(FAULTS.iter().find(|fault| fault.key == key)?),
    })
}

pub fn play_or_pause(session: &SessionHandle) {
    let playing = session.read(|session| session.playback().playing);
    session.dispatch(if playing { Action::Pause } else { Action::Play });
}

pub fn inject(session: &SessionHandle, fault: &Fault) {
    let there = session.read(|session| present::breakable(session.account()));
    let target = match fault.of {
        Of::Message => there.message.map(|(url, id)| json!({"QueueUrl": url, "MessageId": id})),
        Of::Function => there.function.map(|name| json!({"FunctionName": name})),
    };
    let Some(target) = target else {
        let nothing = match fault.of {
            Of::Message => "No message is in a queue now: send one, and press the key while it waits.",
            Of::Function => "There is no function in this workspace.",
        };
        return session.say(FlashKind::Info, nothing);
    };
    let params = target.with("Fault", fault.fault.into());
    let params = fault.more.map_or(params.clone(), |(name, number)| params.with(name, number.into()));
    match session.call("stepyard:InjectFault", params) {
        Ok(_) => session.say(FlashKind::Success, format!("Injected: {}.", fault.words)),
        Err(refused) => session.say(FlashKind::Error, refused.message),
    }
}

/// Starts the machine of the shown execution, or the first one, and gives the new execution's ARN.
pub fn start_again(session: &SessionHandle, shown: Option<&str>) -> Option<String> {
    let params = session.read(|session| {
        let states = session.account().states();
        let record = shown.and_then(|arn| states.execution(arn));
        match record {
            Some(record) => Some(json!({
                "stateMachineArn": &*record.state_machine_arn,
                "input": &*record.execution.started_with().input_text,
            })),
            None => states.machines().next().map(|machine| json!({"stateMachineArn": &*machine.arn})),
        }
    });
    let Some(params) = params else {
        session.say(FlashKind::Info, "There is no state machine in this workspace.");
        return None;
    };
    match session.call("states:StartExecution", params) {
        Ok(started) => started.get_str("executionArn").map(str::to_owned),
        Err(refused) => {
            session.say(FlashKind::Error, refused.message);
            None
        }
    }
}

/// The keys, below everything else.
#[component]
pub fn Legend() -> Html {
    let key = |name: &'static str, what: &'static str| html! { <li key={name}><kbd>{ name }</kbd>{ " " }{ what }</li> };
    html! {
        <ul class="present-keys" aria-label="Keys">
            { key("Space", "step") }
            { key("← →", "back, forth") }
            { key("Home", "start") }
            { key("T", "next timer") }
            { key("P", "play") }
            { key("N", "new run") }
            { for FAULTS.iter().map(|fault| key(fault.key, fault.words)) }
            { key("Q", "QR code") }
            { key("Esc", "leave") }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_key_of_its_own() {
        let keys: std::collections::BTreeSet<&str> = FAULTS.iter().map(|fault| fault.key).collect();
        assert_eq!(keys.len(), FAULTS.len());
    }
}
