//! What takes long to draw, drawn in parts: first the answer to the person's deed, the rest a moment later.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// The value as it was; the new one comes in a task of its own, after so many milliseconds.
#[hook]
pub fn use_later<T: Clone + PartialEq + 'static>(value: T, millis: u32) -> T {
    let shown = use_state_eq(|| value.clone());
    let later = shown.setter();
    use_effect_with(value, move |value| {
        let value = value.clone();
        // Not called off by the next change: while something changes in every frame nothing would be drawn at all.
        Timeout::new(millis, move || later.set(value)).forget();
    });
    (*shown).clone()
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LaterProps {
    /// After the first drawing of what is around it.
    pub millis: u32,
    pub children: Html,
}

/// Its children, but not at first.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let is_time = use_state_eq(|| false);
    {
        let is_time = is_time.setter();
        use_effect_with(props.millis, move |millis| {
            let timeout = Timeout::new(*millis, move || is_time.set(true));
            move || drop(timeout)
        });
    }
    if *is_time { props.children.clone() } else { Html::default() }
}
