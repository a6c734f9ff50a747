//! What happens by itself, and when. Ties keep the order in which they were scheduled.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::handler::{AwsCall, LogLine};
use virtual_time::Timestamp;

#[derive(Clone, Debug)]
pub(crate) enum Timer {
    /// A line of a handler's output appears.
    Log { environment: u64, line: LogLine },
    /// A handler's call leaves the environment.
    Call { environment: u64, call: AwsCall },
    /// The steps of a turn are done; its state takes effect.
    TurnEnd { environment: u64 },
    /// The environment has started.
    InitDone { environment: u64 },
    /// The handler's first step.
    Invoke { environment: u64 },
    /// A handler's own timer.
    Resume { environment: u64 },
    /// The function's timeout.
    Deadline { environment: u64 },
    /// An asynchronous invocation's next attempt.
    Attempt { event: u64 },
    /// A mapping's passing state ends.
    MappingTransition { uuid: Rc<str> },
    /// A mapping that could not poll tries again.
    PollAgain { uuid: Rc<str> },
    /// A batch window closes.
    WindowEnd { uuid: Rc<str> },
    /// A mapping that lags behind gets more concurrency.
    ScaleUp { uuid: Rc<str> },
    /// A throttled batch is tried again.
    BatchAgain { batch: u64 },
}

/// Names one timer, so that it can be taken back.
pub(crate) type TimerKey = (Timestamp, u64);

#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    timers: BTreeMap<TimerKey, Timer>,
    scheduled: u64,
}

impl Agenda {
    pub(crate) fn schedule(&mut self, at: Timestamp, timer: Timer) -> TimerKey {
        self.scheduled += 1;
        self.timers.insert((at, self.scheduled), timer);
        (at, self.scheduled)
    }

    pub(crate) fn cancel(&mut self, key: TimerKey) {
        self.timers.remove(&key);
    }

    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.timers.first_key_value().map(|((at, _), _)| *at).filter(|at| *at < Timestamp::MAX)
    }

    /// The first timer due at `now`, with its own time. What is scheduled at the end of time never happens.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<(Timestamp, Timer)> {
        let entry = self.timers.first_entry()?;
        let at = entry.key().0;
        (at <= now && at < Timestamp::MAX).then(|| (at, entry.remove()))
    }
}
