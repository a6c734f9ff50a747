//! One warm copy of a function. Serves one invocation at a time; knows nothing of JavaScript.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::handler::{CallAnswer, Command, TurnState};
use virtual_time::{Duration, Timestamp};

use crate::agenda::TimerKey;
use crate::function::Configuration;
use crate::mock::MockMemory;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Loading code; an invocation waits for it.
    Initialising,
    /// Between the choice of this environment and the handler's first step.
    Ready,
    Invoking,
    Idle {
        since: Timestamp,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub id: u64,
    pub function: Rc<str>,
    pub revision: u64,
    pub configuration: Rc<Configuration>,
    /// Its log stream's name.
    pub stream: Rc<str>,
    pub phase: Phase,
    pub started_at: Timestamp,
    /// Told in the first invocation's report.
    pub init_duration: Option<Duration>,
    /// The invocation it serves; set in every phase but idle.
    pub invocation: Option<u64>,
    /// All that was asked of it, in order.
    pub commands: Vec<Command>,
    /// The host has not answered the last command yet.
    pub awaits_host: bool,
    pub turn_start: Timestamp,
    /// What the last turn left, until its steps are done.
    pub turn_state: Option<TurnState>,
    /// Waits for answers or its own timer.
    pub waiting: bool,
    /// Calls without an answer; the request once it has left.
    pub calls: BTreeMap<u64, Option<u64>>,
    /// Answers that the handler has not seen.
    pub answers: Vec<CallAnswer>,
    /// Answered by rules, not by code.
    pub mocked: bool,
    pub mock: MockMemory,
    pub turn_timers: Vec<TimerKey>,
    pub resume_timer: Option<TimerKey>,
    pub deadline: Option<TimerKey>,
}

impl Environment {
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Idle { .. })
    }

    /// Nothing takes effect at or after this moment.
    pub(crate) fn deadline_at(&self) -> Timestamp {
        self.deadline.map_or(Timestamp::MAX, |(at, _)| at)
    }
}
