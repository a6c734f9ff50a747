//! A value a moment later, so that what takes long to draw is drawn after the answer to the person's deed.

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
