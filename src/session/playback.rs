//! Play, pause, speed and jumps: all moves of the one virtual clock.

use serde::{Deserialize, Serialize};
use sim_account::{Progress, What};
use virtual_time::Duration;

use super::{FlashKind, Session};

/// How fast virtual time goes while it plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speed {
    /// One thing happens every 0.6 seconds, however far apart they are.
    EventByEvent,
    /// A tenth of real time.
    Slow,
    #[default]
    RealTime,
    Tenfold,
    Hundredfold,
    /// An hour a second.
    HourASecond,
}

impl Speed {
    pub const ALL: [Speed; 6] =
        [Speed::EventByEvent, Speed::Slow, Speed::RealTime, Speed::Tenfold, Speed::Hundredfold, Speed::HourASecond];

    /// Virtual microseconds for each ten real ones; `None` when events set the pace.
    fn tenths(self) -> Option<u64> {
        match self {
            Speed::EventByEvent => None,
            Speed::Slow => Some(1),
            Speed::RealTime => Some(10),
            Speed::Tenfold => Some(100),
            Speed::Hundredfold => Some(1_000),
            Speed::HourASecond => Some(36_000),
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Speed::EventByEvent => "Event by event",
            Speed::Slow => "0.1×",
            Speed::RealTime => "1×",
            Speed::Tenfold => "10×",
            Speed::Hundredfold => "100×",
            Speed::HourASecond => "1 h/s",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playback {
    pub playing: bool,
    pub speed: Speed,
    /// Real time since the last event, when events set the pace.
    since_event_micros: u64,
}

/// Real time between two events at [`Speed::EventByEvent`].
const EVENT_PACE_MICROS: u64 = 600_000;
/// Steps in one tick; more would make a frame late.
const STEPS_A_TICK: u64 = 2_000;
/// Steps in one jump; a jump over years of polling ends here and says so.
const STEPS_A_JUMP: u64 = 400_000;
/// Steps without anything to see before a step is given up as idle.
const UNSEEN_STEPS: u64 = 40_000;

impl Session {
    pub(super) fn play(&mut self) {
        self.playback.playing = true;
        // The first event comes at once.
        self.playback.since_event_micros = EVENT_PACE_MICROS;
        self.revision += 1;
    }

    pub(super) fn pause(&mut self) {
        self.playback.playing = false;
        self.changed();
    }

    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.playback.speed = speed;
        self.revision += 1;
    }

    pub(super) fn tick(&mut self, real_micros: u64) {
        if !self.playback.playing {
            return;
        }
        match self.playback.speed.tenths() {
            Some(tenths) => {
                let until = self.account.now() + Duration::from_micros(real_micros.saturating_mul(tenths) / 10);
                self.advance(until, STEPS_A_TICK);
            }
            None => {
                self.playback.since_event_micros += real_micros;
                if self.playback.since_event_micros >= EVENT_PACE_MICROS {
                    self.playback.since_event_micros = 0;
                    self.step_seen();
                }
            }
        }
    }

    pub(super) fn step(&mut self) {
        self.playback.playing = false;
        if !self.step_seen() && self.account.host_requests().next().is_none() {
            self.say(FlashKind::Info, "Nothing is left that would happen by itself.", None);
        }
        self.changed();
    }

    /// Goes on until something happened that a person can see: an idle poll of a queue is not.
    fn step_seen(&mut self) -> bool {
        let (before, end) = (self.account.position(), self.timeline.end());
        for _ in 0..UNSEEN_STEPS {
            match self.step_recorded() {
                Progress::Went if self.last_step_was_seen() => {
                    self.revision += 1;
                    return true;
                }
                Progress::Went => {}
                Progress::AwaitsHost => {
                    self.revision += 1;
                    return true;
                }
                Progress::Idle | Progress::OutOfSteps => break,
            }
        }
        self.rewind(before);
        // Idle polls that nobody saw are no part of the run.
        self.timeline.end_at(end);
        false
    }

    fn last_step_was_seen(&self) -> bool {
        let step = self.account.position().steps;
        let mut entries = self.account.journal().entries().rev().take_while(|entry| entry.step == step).peekable();
        // A step without an entry moved an execution.
        entries.peek().is_none() || !entries.all(|entry| is_poll(&entry.what))
    }

    /// The newest step before this one in which something happened that a person can see, or the start.
    pub(super) fn earlier_seen_step(&self, before: u64) -> u64 {
        let entries = self.account.journal().entries().rev();
        let mut entries = entries.skip_while(|entry| entry.step >= before).peekable();
        let mut step = before;
        while step > 0 {
            step -= 1;
            // A step without an entry moved an execution.
            let mut seen = entries.peek().is_none_or(|entry| entry.step != step);
            while let Some(entry) = entries.next_if(|entry| entry.step == step) {
                seen |= !is_poll(&entry.what);
            }
            if seen {
                return step;
            }
        }
        0
    }

    pub(super) fn jump_to_next(&mut self) {
        self.playback.playing = false;
        let before = self.account.now();
        if self.step_seen() {
            let span = self.account.now().since(before);
            self.say(FlashKind::Info, format!("Jumped {span} ahead."), None);
        } else if self.account.host_requests().next().is_none() {
            self.say(FlashKind::Info, "Nothing is left that would happen by itself.", None);
        }
        self.changed();
    }

    pub(super) fn jump_by(&mut self, span: Duration) {
        let until = self.account.now() + span;
        let progress = self.advance(until, STEPS_A_JUMP);
        let text = match progress {
            Progress::Went | Progress::Idle => format!("Jumped {span} ahead."),
            Progress::AwaitsHost => "The jump stopped where a function had to run. Jump again to go on.".to_owned(),
            Progress::OutOfSteps => format!("The jump stopped after {STEPS_A_JUMP} events. Jump again to go on."),
        };
        self.say(FlashKind::Info, text, None);
        self.changed();
    }
}

/// A queue was asked for messages: triggers do that all the time.
fn is_poll(what: &What) -> bool {
    match what {
        What::Call(call) => call.action == "sqs:ReceiveMessage",
        What::Moved(_) | What::Lambda(_) => false,
    }
}
