//! The account in which a lesson opens.

use sim_account::{Account, AccountOptions, LimitProfile, Progress as Went};
use virtual_time::Timestamp;

use crate::lesson::Lesson;
use crate::run::{Hands, Outcome, Run, Trouble};

/// A new account with all that is there before the first step.
///
/// # Errors
/// When the start is refused, or needs a handler to run: nothing of a lesson runs before somebody says so.
pub fn prepare(lesson: &Lesson) -> Result<Account, Trouble> {
    let options = AccountOptions { limits: LimitProfile::Aws2026, ..AccountOptions::default() };
    let mut maker = Maker { account: Account::new(options) };
    let mut run = Run::new(&lesson.start);
    match run.go_on(lesson, &mut maker) {
        Outcome::Finished => Ok(maker.account),
        Outcome::Stopped(trouble) => Err(trouble),
        Outcome::AwaitsHost | Outcome::Busy => {
            let line = lesson.start.first().map_or(1, |line| line.number);
            Err(Trouble { line, message: "The start takes too long, or would run a function.".to_owned() })
        }
    }
}

struct Maker {
    account: Account,
}

impl Hands for Maker {
    fn account(&self) -> &Account {
        &self.account
    }

    fn change(&mut self, deed: &mut dyn FnMut(&mut Account)) {
        deed(&mut self.account);
    }

    fn go_on(&mut self, until: Timestamp, most_steps: u64) -> Went {
        self.account.advance_to(until, most_steps)
    }

    fn is_done(&self) -> bool {
        false
    }
}
