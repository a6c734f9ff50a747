//! What takes long to draw, drawn in parts: first the answer to the person's deed, the rest a moment later.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// The value as it was; the newest one comes in a task of its own, so many milliseconds after each change.
#[hook]
pub fn use_later<T: Clone + PartialEq + 'static>(value: T, millis: u32) -> T {
    let shown = use_state_eq(|| value.clone());
    let newest = use_mut_ref(|| value.clone());
    *newest.borrow_mut() = value.clone();
    let later = shown.setter();
    use_effect_with(value, move |_| {
        // Not called off by the next change: while something changes in every frame nothing would be drawn at all. And
        // whatever the order in which timers end, the last one brings the newest value.
        Timeout::new(millis, move || later.set(newest.borrow().clone())).forget();
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
