//! The Web Worker in which handler code runs: `src/bin/handler_worker.rs`, a wasm of its own.
//!
//! It is fetched when the first one is started.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use crate::worker_protocol::READY;

#[wasm_bindgen(module = "/www/js/later.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = startWorker)]
    fn start_worker() -> Result<Worker, JsValue>;
}

/// A running worker. Dropping it ends it at once, whatever it is doing.
pub struct HandlerWorker {
    worker: Worker,
    waiting: Rc<RefCell<Option<Vec<String>>>>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(JsValue)>,
}

impl std::fmt::Debug for HandlerWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandlerWorker").finish_non_exhaustive()
    }
}

impl Drop for HandlerWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl HandlerWorker {
    /// Starts a worker. `on_message` gets each of its messages; `on_error` is called when it could not be loaded or
    /// has crashed.
    ///
    /// # Errors
    /// What the browser threw: no workers here.
    pub fn start(
        on_message: impl Fn(String) + 'static,
        on_error: impl Fn() + 'static,
    ) -> Result<HandlerWorker, JsValue> {
        let worker = start_worker()?;
        // Until the worker is ready its messages would be lost: they wait here.
        let waiting = Rc::new(RefCell::new(Some(Vec::<String>::new())));
        let on_message = {
            let (worker, waiting) = (worker.clone(), Rc::clone(&waiting));
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let Some(text) = event.data().as_string() else { return };
                if text != READY {
                    return on_message(text);
                }
                for early in waiting.take().unwrap_or_default() {
                    // Text can always be posted.
                    let _ = worker.post_message(&early.into());
                }
            })
        };
        let on_error = Closure::<dyn Fn(JsValue)>::new(move |_| on_error());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(HandlerWorker { worker, waiting, _on_message: on_message, _on_error: on_error })
    }

    pub fn post(&self, text: &str) {
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(text.to_owned()),
            // Text can always be posted.
            None => {
                let _ = self.worker.post_message(&text.into());
            }
        }
    }
}
