//! Copies a text to the clipboard and says so.

use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::button::{ButtonKind, IconButton};
use super::icons::Icon;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct CopyButtonProps {
    pub text: AttrValue,
    /// What is copied: `ARN`.
    pub what: AttrValue,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Copied,
    Refused,
}

#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let outcome = use_state(|| Outcome::None);
    {
        let outcome = outcome.clone();
        use_effect_with(props.text.clone(), move |_| outcome.set(Outcome::None));
    }
    let onclick = {
        let (text, outcome) = (props.text.clone(), outcome.clone());
        move |_| {
            let Some(window) = web_sys::window() else { return };
            let copying = window.navigator().clipboard().write_text(&text);
            let outcome = outcome.clone();
            spawn_local(async move {
                outcome.set(if JsFuture::from(copying).await.is_ok() { Outcome::Copied } else { Outcome::Refused });
            });
        }
    };
    let (icon, said) = match *outcome {
        Outcome::None => (Icon::Copy, String::new()),
        Outcome::Copied => (Icon::Check, format!("{} copied", props.what)),
        Outcome::Refused => (Icon::Warning, format!("The browser did not allow copying the {}", props.what)),
    };
    let label = if said.is_empty() { format!("Copy {}", props.what) } else { said.clone() };
    html! {
        <span class="copy-button">
            <IconButton {label} {icon} kind={ButtonKind::Quiet} small=true {onclick} />
            <span class="visually-hidden" role="status">{ said }</span>
        </span>
    }
}
