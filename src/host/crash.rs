//! After a panic the page's code is dead, but nothing is lost: the last saved project and every input since are
//! kept apart, and `www/js/crash.js` offers them for download and for opening again.

use std::cell::RefCell;

use serde::Serialize;
use shared_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/www/js/crash.js")]
extern "C" {
    #[wasm_bindgen(js_name = showCrash)]
    fn show_crash(message: &str, project: &str, attempt: &str);
}

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { project: String::new(), attempt: String::new() }) };
}

struct Kept {
    project: String,
    attempt: String,
}

/// The project as it stood after the last change.
pub fn remember_project(project: &str) {
    KEPT.with_borrow_mut(|kept| {
        kept.project.clear();
        kept.project.push_str(project);
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
            Ok(kept) => show_crash(&message, &kept.project, &kept.attempt),
            Err(_) => show_crash(&message, "", ""),
        });
    }));
}
