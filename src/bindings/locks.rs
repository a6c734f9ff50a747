//! One tab has a workspace at a time: the browser's locks, through `www/js/locks.js`.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/www/js/locks.js")]
extern "C" {
    #[wasm_bindgen(js_name = take)]
    fn js_take(name: &str, steal: bool, on_lost: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = hasLocks)]
    fn js_has_locks() -> bool;
    #[wasm_bindgen(js_name = taken)]
    fn js_taken() -> Promise;
}

/// A lock that this tab has, until dropped.
#[derive(Debug)]
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // It only tells the browser that the lock is free.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Takes a lock, or answers `None` when another tab has it. `steal` takes it from that tab. `on_lost` is called when
/// another tab steals it.
pub async fn take(name: &str, steal: bool, on_lost: impl FnOnce() + 'static) -> Option<Lock> {
    let on_lost = Closure::once_into_js(on_lost);
    let release = JsFuture::from(js_take(name, steal, &on_lost)).await.ok()?;
    release.dyn_into::<Function>().ok().map(|release| Lock { release })
}

/// The names of all locks that are taken.
pub async fn taken() -> Vec<String> {
    let names = JsFuture::from(js_taken()).await.map(|names| Array::from(&names));
    names.unwrap_or_default().iter().filter_map(|name| name.as_string()).collect()
}

/// False in browsers without Web Locks: there every tab gets every lock.
#[must_use]
pub fn are_there() -> bool {
    js_has_locks()
}
