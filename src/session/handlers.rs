//! Between the account and the worker that runs handler code: what each environment has been told so far, and
//! what to tell one that was lost.

use std::collections::BTreeMap;

use aws_protocol::handler::{KillReason, Turn, TurnState};

use super::{HostEffect, Session};
use crate::worker_protocol::{WorkerReply, WorkerRequest};

/// What the worker knows and what it is doing.
#[derive(Debug, Default)]
pub(super) struct Environments {
    /// Commands that the worker has run, by environment.
    told: BTreeMap<u64, u64>,
    running: Option<(u64, u64)>,
}

impl Environments {
    /// The worker was ended: it knows nothing any more.
    pub fn forget(&mut self) {
        *self = Environments::default();
    }
}

impl Session {
    /// Sends the next waiting command to the worker, one at a time.
    pub(super) fn ask_host(&mut self) {
        // A recorded answer comes from the log, not from the worker.
        if self.handlers_wait() || self.environments.running.is_some() || self.next_recorded_is_host_answer() {
            return;
        }
        let Some(request) = self.account.host_requests().next() else { return };
        let (environment, sequence) = (request.environment, request.sequence);
        let commands = self.account.environment_commands(environment);
        // The first command has the sequence number 1: so many were told once it is answered.
        let told = self.environments.told.get(&environment).copied().unwrap_or(0).min(sequence - 1);
        let place = |count: u64| usize::try_from(count).unwrap_or(usize::MAX).min(commands.len());
        let commands = commands.get(place(told)..place(sequence)).unwrap_or_default().to_vec();
        self.environments.running = Some((environment, sequence));
        self.outbox.push_back(HostEffect::RunHandler(WorkerRequest { environment, from: told, commands }));
    }

    pub(super) fn worker_replied(&mut self, reply: WorkerReply) {
        let Some((environment, sequence)) = self.environments.running.take_if(|(e, _)| *e == reply.environment) else {
            return;
        };
        match reply.turn {
            Some(turn) => {
                self.environments.told.insert(environment, sequence);
                self.answer(environment, sequence, turn);
            }
            None => {
                self.environments.told.remove(&environment);
            }
        }
        self.ask_host();
        self.go_on_doing();
    }

    /// The worker froze or crashed: the invocation that it ran fails, all others are rebuilt when they go on.
    pub(super) fn worker_lost(&mut self, reason: KillReason) {
        let running = self.environments.running;
        self.environments.forget();
        if let Some((environment, sequence)) = running {
            let turn = Turn {
                micros: 0,
                logs: Vec::new(),
                calls: Vec::new(),
                notices: Vec::new(),
                state: TurnState::Killed { reason },
            };
            self.answer(environment, sequence, turn);
        }
        self.ask_host();
        self.go_on_doing();
    }

    fn answer(&mut self, environment: u64, sequence: u64, turn: Turn) {
        // It may stand before inputs that were recorded beyond.
        if !self.timeline.ahead().is_empty() {
            self.unchanged = self.unchanged.min(self.account.log().len());
        }
        self.account.answer_host(environment, sequence, turn);
        self.observe();
        self.changed();
    }
}
