//! Which steps of a lesson are done, and when each was. It is a fold of the account's log, as the account is: whoever
//! has the log finds the same ticks at the same moments.

use sim_account::{Account, AccountOptions, LogEntry, Position, Progress as Went, ReplayError};

use crate::lesson::Lesson;

/// A moment, and what had been there by then: what comes later is new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub at: Position,
    pub(crate) executions: usize,
    pub(crate) invocations: u64,
    /// The number of the next call.
    pub(crate) calls: u64,
    pub(crate) entries: usize,
}

impl Mark {
    /// Here and now.
    #[must_use]
    pub fn of(account: &Account) -> Mark {
        Mark {
            at: account.position(),
            executions: account.states().executions().len(),
            invocations: account.functions().invocations().next_back().map_or(0, |last| last.id + 1),
            calls: account.journal().last_call().map_or(0, |last| last.id + 1),
            entries: account.journal().entries().len(),
        }
    }
}

/// The ticks of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    from: Position,
    /// Where the first step began, once the account has come there.
    begun: Option<Mark>,
    ticks: Vec<Mark>,
}

impl Progress {
    /// A lesson that begins at a place of the log.
    #[must_use]
    pub fn new(from: Position) -> Progress {
        Progress { from, begun: None, ticks: Vec::new() }
    }

    /// Looks whether the step under way is done now, and the next ones with it. Gives how many were.
    pub fn observe(&mut self, lesson: &Lesson, account: &Account) -> usize {
        if !reached(account.position(), self.from) {
            return 0;
        }
        let mut since = *self.begun.get_or_insert_with(|| Mark { at: self.from, ..Mark::of(account) });
        since = self.ticks.last().copied().unwrap_or(since);
        let before = self.ticks.len();
        while lesson.steps.get(self.ticks.len()).is_some_and(|step| step.done.holds(account, &since)) {
            since = Mark::of(account);
            self.ticks.push(since);
        }
        self.ticks.len() - before
    }

    /// The account went back: what was ticked later is not.
    pub fn back_to(&mut self, position: Position) {
        self.begun = self.begun.filter(|begun| reached(position, begun.at));
        self.ticks.retain(|tick| reached(position, tick.at));
    }

    /// The ticks that a log holds up to a place, found by playing it.
    ///
    /// # Errors
    /// When the log does not lead where it led when it was recorded.
    pub fn derive(
        lesson: &Lesson,
        options: &AccountOptions,
        log: &[LogEntry],
        from: Position,
        end: Position,
    ) -> Result<Progress, ReplayError> {
        let mut progress = Progress::new(from);
        let mut account = Account::new(options.clone());
        progress.observe(lesson, &account);
        for entry in log.iter().take(end.inputs) {
            progress.follow(lesson, &mut account, entry.at.steps);
            account.repeat(entry)?;
            progress.observe(lesson, &account);
        }
        progress.follow(lesson, &mut account, end.steps);
        Ok(progress)
    }

    fn follow(&mut self, lesson: &Lesson, account: &mut Account, steps: u64) {
        while account.position().steps < steps && account.step() == Went::Went {
            self.observe(lesson, account);
        }
    }

    /// How many steps are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.ticks.len()
    }

    /// When each step was done.
    pub fn ticks(&self) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.ticks.iter().map(|tick| tick.at)
    }

    /// Where a step began, when it has begun.
    #[must_use]
    pub fn began(&self, step: usize) -> Option<Position> {
        match step.checked_sub(1) {
            None => self.begun.map(|begun| begun.at),
            Some(before) => self.ticks.get(before).map(|tick| tick.at),
        }
    }

    /// The place of the log where the lesson began.
    #[must_use]
    pub fn from(&self) -> Position {
        self.from
    }
}

/// Whether one who stands at `here` has passed `there`.
fn reached(here: Position, there: Position) -> bool {
    here.steps >= there.steps && here.inputs >= there.inputs
}
