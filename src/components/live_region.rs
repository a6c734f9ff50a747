//! Says sentences to screen readers without moving the focus.

use yew::prelude::*;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LiveRegionProps {
    /// The newest sentence; a change is what is said.
    pub text: AttrValue,
    /// Grows with each sentence, so that the same sentence is said again.
    #[prop_or_default]
    pub count: u32,
    /// Interrupts what is being said; for errors only.
    #[prop_or_default]
    pub assertive: bool,
}

#[component]
pub fn LiveRegion(props: &LiveRegionProps) -> Html {
    let live = if props.assertive { "assertive" } else { "polite" };
    html! {
        <div class="visually-hidden" aria-live={live} aria-atomic="true">
            <span key={props.count}>{ &props.text }</span>
        </div>
    }
}
