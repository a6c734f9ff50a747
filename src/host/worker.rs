//! The handler worker under watch: started on first use, ended and replaced when it freezes or crashes.

use std::cell::RefCell;
use std::rc::Rc;

use aws_protocol::handler::KillReason;
use gloo_timers::callback::Timeout;

use crate::bindings::handler_worker::HandlerWorker;
use crate::session::Action;
use crate::worker_protocol::{WorkerReply, WorkerRequest};

/// Real time that a worker may be silent. Steps are bounded by the function's own timeout; this bounds what steps
/// cannot, such as one endless regular expression, and the loading of the worker itself.
const SILENCE_MILLIS: u32 = 20_000;

/// Starts, watches and replaces the worker.
#[derive(Clone)]
pub struct WatchedWorker {
    inner: Rc<RefCell<Inner>>,
    dispatch: Rc<dyn Fn(Action)>,
}

#[derive(Default)]
struct Inner {
    worker: Option<HandlerWorker>,
    watchdog: Option<Timeout>,
}

impl std::fmt::Debug for WatchedWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchedWorker").finish_non_exhaustive()
    }
}

impl WatchedWorker {
    pub fn new(dispatch: impl Fn(Action) + 'static) -> Self {
        WatchedWorker { inner: Rc::default(), dispatch: Rc::new(dispatch) }
    }

    pub fn run(&self, request: &WorkerRequest) {
        let Ok(text) = serde_json::to_string(request) else { return };
        if self.inner.borrow().worker.is_none() {
            self.start();
        }
        let watch = self.clone();
        let watchdog = Timeout::new(SILENCE_MILLIS, move || watch.lose(KillReason::Unresponsive));
        let mut inner = self.inner.borrow_mut();
        inner.watchdog = Some(watchdog);
        if let Some(worker) = &inner.worker {
            worker.post(&text);
        }
    }

    /// Ends the worker; nobody waits for its answer any more.
    pub fn stop(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.watchdog.take();
        inner.worker.take();
    }

    fn start(&self) {
        let on_message = {
            let watch = self.clone();
            move |text: String| {
                watch.inner.borrow_mut().watchdog.take();
                match serde_json::from_str::<WorkerReply>(&text) {
                    Ok(reply) => (watch.dispatch)(Action::WorkerReplied(reply)),
                    Err(_) => watch.lose(KillReason::Crashed),
                }
            }
        };
        let on_error = {
            let watch = self.clone();
            move || watch.lose(KillReason::Crashed)
        };
        match HandlerWorker::start(on_message, on_error) {
            Ok(worker) => self.inner.borrow_mut().worker = Some(worker),
            Err(_) => {
                // No workers here: the invocation fails, and the page goes on.
                let watch = self.clone();
                Timeout::new(0, move || watch.lose(KillReason::Crashed)).forget();
            }
        }
    }

    fn lose(&self, reason: KillReason) {
        // Dropped after this call: it may be the one whose event is being handled.
        let (worker, watchdog) = {
            let mut inner = self.inner.borrow_mut();
            (inner.worker.take(), inner.watchdog.take())
        };
        (self.dispatch)(Action::WorkerLost(reason));
        Timeout::new(0, move || drop((worker, watchdog))).forget();
    }
}
