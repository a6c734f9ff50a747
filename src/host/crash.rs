//! After a panic the page's code is dead, but nothing is lost: the workspace lies where it is kept, what was being done is
//! remembered apart, and `www/js/crash.js` offers both.

use std::cell::RefCell;

use serde::Serialize;
use shared_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/www/js/crash.js")]
extern "C" {
    #[wasm_bindgen(js_name = showCrash)]
    fn show_crash(message: &str, workspace: &str, attempt: &str);
}

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { workspace: String::new(), attempt: String::new() }) };
}

struct Kept {
    workspace: String,
    attempt: String,
}

/// The open workspace, by its id; what was tried before it was kept went well.
pub fn remember_workspace(id: &str) {
    KEPT.with_borrow_mut(|kept| {
        kept.workspace.clear();
        kept.workspace.push_str(id);
        kept.attempt.clear();
    });
}

/// What is being tried now; if it brings the page down, the crash screen names it.
pub fn remember_attempt(action: &str, params: &Value) {
    #[derive(Serialize)]
    struct Attempt<'a> {
        action: &'a str,
        params: &'a Value,
    }
    let text = serde_json::to_string(&Attempt { action, params }).unwrap_or_default();
    KEPT.with_borrow_mut(|kept| kept.attempt = text);
}

/// Shows the crash screen whenever the page's code panics.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        KEPT.with(|kept| match kept.try_borrow() {
            Ok(kept) => show_crash(&message, &kept.workspace, &kept.attempt),
            Err(_) => show_crash(&message, "", ""),
        });
    }));
}
