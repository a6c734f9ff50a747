//! The worker that will run handler code: a wasm of its own, so that the page starts without it.
//!
//! For now it answers each message with the same text, which proves the way there and back.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

#[path = "../worker_protocol.rs"]
mod worker_protocol;

use worker_protocol::READY;

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // What came as a message can go back as one.
            let _ = scope.post_message(&event.data());
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // For as long as the worker lives.
    on_message.forget();
    let _ = scope.post_message(&READY.into());
}
