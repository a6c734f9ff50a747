//! The worker that runs handler code: a wasm of its own, loaded when a function first runs.
//!
//! It keeps warm environments, runs the commands it is given, and answers with the last one's turn. It reaches
//! nothing but these messages.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_runtime::{Environment, RuntimeLimits};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

#[path = "../worker_protocol.rs"]
mod worker_protocol;

use worker_protocol::{READY, WorkerReply, WorkerRequest};

/// Warm environments kept; one that was dropped is rebuilt from its commands when it is needed again.
const KEPT: usize = 12;

#[derive(Default)]
struct Environments {
    warm: BTreeMap<u64, Warm>,
    requests: u64,
}

struct Warm {
    environment: Environment,
    commands: u64,
    last_used: u64,
}

impl Environments {
    fn run(&mut self, request: WorkerRequest) -> WorkerReply {
        let WorkerRequest { environment: id, from, commands } = request;
        self.requests += 1;
        if from == 0 {
            let environment = Environment::new(RuntimeLimits::default());
            self.warm.insert(id, Warm { environment, commands: 0, last_used: self.requests });
        }
        let turn = self.warm.get_mut(&id).filter(|warm| warm.commands == from).and_then(|warm| {
            warm.last_used = self.requests;
            warm.commands += commands.len() as u64;
            commands.iter().map(|command| warm.environment.run(command)).last()
        });
        if self.warm.len() > KEPT
            && let Some(oldest) = self.warm.iter().min_by_key(|(_, warm)| warm.last_used).map(|(id, _)| *id)
        {
            self.warm.remove(&oldest);
        }
        WorkerReply { environment: id, turn }
    }
}

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let environments = Rc::new(RefCell::new(Environments::default()));
    let on_message = {
        let scope = scope.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(request) = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok()) else {
                return;
            };
            let reply = environments.borrow_mut().run(request);
            if let Ok(text) = serde_json::to_string(&reply) {
                // Text can always be posted.
                let _ = scope.post_message(&text.into());
            }
        })
    };
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // For as long as the worker lives.
    on_message.forget();
    let _ = scope.post_message(&READY.into());
}
