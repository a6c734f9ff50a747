//! Small settings of this browser, kept in `localStorage`; where that is missing they last as long as the page. A frame
//! in somebody else's page keeps none.

use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::{Storage, Window};

use crate::embed::options::of_this_page;

/// Whether virtual time was going on.
pub const PLAYING: &str = "playing";
/// Set by the screen after a crash (`www/js/crash.js`).
pub const CRASHED: &str = "crashed";

/// The workspace that was open last: in this tab, or else in any.
pub const WORKSPACE: &str = "workspace";
/// The workspace that is being opened; it stays when that brings the page down.
pub const OPENING: &str = "opening";
/// Ids of lessons that were done to their end.
pub const LESSONS_DONE: &str = "lessons-done";

fn window() -> Option<Window> {
    web_sys::window().filter(|_| of_this_page().is_none())
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// What was kept under a name; nothing when it is missing or was written by another version.
#[must_use]
pub fn load<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = storage()?.get_item(&key(name)).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// What was kept under a name, which forgets it.
#[must_use]
pub fn take<T: DeserializeOwned>(name: &str) -> Option<T> {
    let kept = load(name);
    forget(name);
    kept
}

/// Forgets what was kept under a name.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        // Nothing to forget where nothing can be kept.
        let _ = storage.remove_item(&key(name));
    }
}

pub fn save<T: Serialize>(name: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        // Full or forbidden: the setting is forgotten with the page, nothing else is lost.
        let _ = storage.set_item(&key(name), &text);
    }
}

fn key(name: &str) -> String {
    format!("stepyard.{name}")
}

/// What this tab alone remembers, also over a reload.
#[must_use]
pub fn tab(name: &str) -> Option<String> {
    window()?.session_storage().ok().flatten()?.get_item(&key(name)).ok().flatten()
}

pub fn save_tab(name: &str, value: &str) {
    if let Some(storage) = window().and_then(|window| window.session_storage().ok().flatten()) {
        let _ = storage.set_item(&key(name), value);
    }
}
