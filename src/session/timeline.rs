//! Going back and forth: the account is a fold of its log, so an earlier moment is a replay of a part of it.

use sim_account::{Account, LogEntry, LoggedInput, Position, Progress, ReplayError};
use virtual_time::Timestamp;

use super::{FlashKind, HostEffect, Session};

/// What was recorded beyond the place where the account stands.
#[derive(Debug)]
pub(super) struct Timeline {
    /// Entries that the account has not been told yet, oldest first: taken from the front one by one.
    ahead: std::vec::IntoIter<LogEntry>,
    end: Position,
    set_aside: Option<(Vec<LogEntry>, Position)>,
}

impl Timeline {
    pub fn new(log: Vec<LogEntry>, account: &Account) -> Timeline {
        let told = account.log().len();
        let end = log.last().map_or(account.position(), |last| later(last.at, account.position()));
        Timeline { ahead: log.into_iter().skip(told).collect::<Vec<_>>().into_iter(), end, set_aside: None }
    }

    pub fn whole_log(&self, account: &Account) -> Vec<LogEntry> {
        account.log().iter().chain(self.ahead()).cloned().collect()
    }

    pub fn ahead(&self) -> &[LogEntry] {
        self.ahead.as_slice()
    }

    pub fn end(&self) -> Position {
        self.end
    }

    pub fn end_at(&mut self, end: Position) {
        self.end = end;
    }

    pub fn is_ahead_of(&self, account: &Account) -> bool {
        !self.ahead().is_empty() || self.end.steps > account.position().steps
    }

    /// The person changes something: what was recorded beyond is another run now. True when there was any.
    pub fn branch(&mut self, account: &Account) -> bool {
        let was_ahead = !self.ahead().is_empty();
        if was_ahead {
            self.set_aside = Some((self.whole_log(account), self.end));
        }
        self.ahead = Vec::new().into_iter();
        self.end = account.position();
        was_ahead
    }
}

/// How many entries two logs begin with in common.
fn common(one: &[LogEntry], other: &[LogEntry]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

fn later(a: Position, b: Position) -> Position {
    if (a.steps, a.now) > (b.steps, b.now) { a } else { b }
}

impl Session {
    /// A handler's turn that was recorded is not run again.
    pub(super) fn next_recorded_is_host_answer(&self) -> bool {
        matches!(self.timeline.ahead().first().map(|entry| &entry.input), Some(LoggedInput::HostAnswer { .. }))
    }

    /// One step of the account, or the next recorded input where one stands here.
    pub(super) fn step_recorded(&mut self) -> Progress {
        let steps = self.account.position().steps;
        if self.timeline.ahead().first().is_some_and(|next| next.at.steps <= steps) {
            let next = self.timeline.ahead.next();
            if next.is_some_and(|next| self.account.repeat(&next).is_err()) {
                self.timeline.ahead = Vec::new().into_iter();
                self.unchanged = self.unchanged.min(self.account.log().len());
                self.say(FlashKind::Warning, "The rest of the recorded run no longer fits and was left out.", None);
            }
            self.observe();
            return Progress::Went;
        }
        let progress = self.account.step();
        self.observe();
        self.timeline.end = later(self.timeline.end, self.account.position());
        self.ask_host();
        progress
    }

    /// Lets everything up to `until` happen, recorded inputs included.
    pub(super) fn advance(&mut self, until: Timestamp, max_steps: u64) -> Progress {
        let before = self.account.position();
        let mut progress = Progress::OutOfSteps;
        for _ in 0..max_steps {
            let next_input = self.timeline.ahead().first().map(|entry| entry.at);
            let due = next_input.is_some_and(|at| at.steps <= self.account.position().steps && at.now <= until);
            if due || self.account.next_event_at().is_some_and(|at| at <= until) {
                progress = self.step_recorded();
                if progress != Progress::Went {
                    break;
                }
                progress = Progress::OutOfSteps;
            } else {
                progress = self.account.advance_to(until, 1);
                break;
            }
        }
        self.ask_host();
        self.timeline.end = later(self.timeline.end, self.account.position());
        if self.account.position().steps != before.steps {
            self.changed();
        }
        progress
    }

    /// One thing back that a person could see: the latest input, or else the latest step.
    pub(super) fn step_back(&mut self) {
        let steps = self.account.position().steps;
        let undoes_input = self.account.log().last().is_some_and(|entry| entry.at.steps == steps);
        self.go_to_step(if undoes_input { steps } else { self.earlier_seen_step(steps) });
    }

    /// Goes to just after a step, before what was told to the account there.
    pub(super) fn go_to_step(&mut self, steps: u64) {
        self.playback.playing = false;
        let log = self.timeline.whole_log(&self.account);
        let account = Account::replay_to_step(self.account.options().clone(), &log, steps);
        self.replace(log, account);
    }

    /// The end of the run, wherever in it the account stands.
    pub(super) fn end_of_run(&self) -> Position {
        later(self.timeline.end, self.account.position())
    }

    /// To right before the first execution was started, past what was set up for it; without one to the very start.
    pub fn go_to_first_start(&mut self) {
        let log = self.timeline.whole_log(&self.account);
        let starts = |entry: &LogEntry| {
            matches!(&entry.input, LoggedInput::Call { action, .. }
                if matches!(&**action, "states:StartExecution" | "states:StartSyncExecution"))
        };
        match log.iter().position(starts) {
            Some(inputs) => self.go_to(Position { inputs, ..log[inputs].at }),
            None => self.go_to_step(0),
        }
    }

    /// To right after a step: back by a replay, ahead through what was recorded.
    pub(super) fn scrub_to(&mut self, steps: u64) {
        if steps < self.account.position().steps {
            return self.go_to_step(steps);
        }
        self.playback.playing = false;
        while self.account.position().steps < steps.min(self.timeline.end.steps) {
            if self.step_recorded() != Progress::Went {
                break;
            }
        }
        self.changed();
    }

    /// Goes back to a position, exactly.
    pub(super) fn rewind(&mut self, position: Position) {
        if self.account.position() != position {
            let log = self.timeline.whole_log(&self.account);
            let account = Account::replay(self.account.options().clone(), &log, position);
            self.replace(log, account);
        }
    }

    fn replace(&mut self, log: Vec<LogEntry>, account: Result<Account, ReplayError>) {
        // A log that was replayed before can be replayed again; if not, staying is better than losing.
        let Ok(account) = account else { return };
        let back =
            self.account.log().starts_with(account.log()) && account.position().steps <= self.account.position().steps;
        self.account = account;
        if back {
            self.untick();
        } else {
            self.tick_anew();
        }
        let timeline = Timeline::new(log, &self.account);
        let end = later(self.timeline.end, timeline.end);
        self.timeline = Timeline { end, set_aside: self.timeline.set_aside.take(), ..timeline };
        self.environments.forget();
        self.stop_waiting("The account went to another moment, in which this call was not made.");
        self.outbox.push_back(HostEffect::StopWorker);
        self.ask_host();
        self.changed();
    }

    /// Another run of the same account takes this one's place, which is set aside.
    pub(super) fn put_in_place(&mut self, account: Account) {
        let former = (self.timeline.whole_log(&self.account), self.timeline.end);
        let log = account.log().to_vec();
        self.unchanged = self.unchanged.min(common(&former.0, &log));
        self.timeline.ahead = Vec::new().into_iter();
        self.timeline.end = account.position();
        self.replace(log, Ok(account));
        self.timeline.set_aside = Some(former);
    }

    /// The run that was set aside comes back; what was done since is set aside in its place.
    pub(super) fn bring_back(&mut self) {
        let Some((log, end)) = self.timeline.set_aside.take() else { return };
        let current = (self.timeline.whole_log(&self.account), self.timeline.end);
        self.unchanged = self.unchanged.min(common(&current.0, &log));
        self.touched = true;
        let account = Account::replay(self.account.options().clone(), &log, end);
        self.replace(log, account);
        self.timeline.end = end;
        self.timeline.set_aside = Some(current);
        self.flashes.clear();
        self.changed();
    }
}
