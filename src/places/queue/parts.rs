//! What the parts of a queue's page share.

use yew::prelude::*;

/// A callback that puts its value into a state.
pub fn set<T: 'static>(state: &UseStateHandle<T>) -> Callback<T> {
    let setter = state.setter();
    Callback::from(move |value| setter.set(value))
}

/// The same, and what was refused before is forgotten: it was about the former value.
pub fn set_anew<T: 'static, E: 'static>(state: &UseStateHandle<T>, refused: &UseStateHandle<Option<E>>) -> Callback<T> {
    let (setter, refused) = (state.setter(), refused.setter());
    Callback::from(move |value| {
        setter.set(value);
        refused.set(None);
    })
}
