//! Going back: an account made anew from its log.

use crate::log::{LogEntry, LoggedInput, Position};
use crate::{Account, AccountOptions, Progress};
use virtual_time::Timestamp;

/// Why a log could not be replayed: it does not belong to this version of the simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// The entry that found the account elsewhere than it did when it was recorded.
    pub entry: usize,
}

impl std::fmt::Display for ReplayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Entry {} of the recorded run does not fit: the run was recorded by a version that behaved differently.",
            self.entry
        )
    }
}

impl std::error::Error for ReplayError {}

impl Account {
    /// The account as it was at `end`: entries recorded after it are left out.
    ///
    /// # Errors
    /// When the log does not lead where it led when it was recorded.
    pub fn replay(options: AccountOptions, log: &[LogEntry], end: Position) -> Result<Account, ReplayError> {
        let mut account = Account::new(options);
        for entry in log.iter().take(end.inputs) {
            account.repeat(entry)?;
        }
        account.go_to(end)?;
        Ok(account)
    }

    /// The account right after its step number `steps`, before any input that came after that step.
    ///
    /// # Errors
    /// When the log does not lead where it led when it was recorded.
    pub fn replay_to_step(options: AccountOptions, log: &[LogEntry], steps: u64) -> Result<Account, ReplayError> {
        let mut account = Account::new(options);
        for entry in log.iter().take_while(|entry| entry.at.steps < steps) {
            account.repeat(entry)?;
        }
        while account.steps < steps && account.step() == Progress::Went {}
        Ok(account)
    }

    /// Goes to where an input was given, and gives it again.
    ///
    /// # Errors
    /// When the account is not where it was when the input was recorded.
    pub fn repeat(&mut self, entry: &LogEntry) -> Result<(), ReplayError> {
        self.go_to(entry.at)?;
        match &entry.input {
            LoggedInput::Call { action, params } => {
                self.call(action, params.clone());
            }
            LoggedInput::HostAnswer { environment, sequence, turn } => {
                self.answer_host(*environment, *sequence, turn.clone());
            }
        }
        Ok(())
    }

    /// Tells inputs that came later to an account whose past is another one now, each at its time, up to `until`. Gives
    /// how many could be told: where a handler would have to run with another event than it did in `former`, the rest
    /// cannot.
    pub fn retell(&mut self, former: &Account, later: &[LogEntry], until: Timestamp) -> usize {
        for (told, entry) in later.iter().enumerate() {
            let fits = match &entry.input {
                LoggedInput::Call { action, params } => {
                    let fits = self.reaches(entry.at.now);
                    if fits {
                        self.call(action, params.clone());
                    }
                    fits
                }
                LoggedInput::HostAnswer { environment, sequence, turn } => {
                    let fits = self.asks_as(former, *environment, *sequence, entry.at.now);
                    if fits {
                        self.answer_host(*environment, *sequence, turn.clone());
                    }
                    fits
                }
            };
            if !fits {
                return told;
            }
        }
        self.reaches(until);
        later.len()
    }

    fn reaches(&mut self, time: Timestamp) -> bool {
        const MOST_STEPS: u64 = 1_000_000;
        self.advance_to(time, MOST_STEPS) == Progress::Went
    }

    /// Whether a handler waits for the same command that it was given in `former`.
    fn asks_as(&mut self, former: &Account, environment: u64, sequence: u64, time: Timestamp) -> bool {
        while self.host_requests().next().is_none() && self.next_event_at().is_some_and(|at| at <= time) {
            if self.step() != Progress::Went {
                break;
            }
        }
        let Some(asked) = self.host_requests().find(|request| request.environment == environment) else { return false };
        let place = usize::try_from(sequence).unwrap_or(usize::MAX).saturating_sub(1);
        asked.sequence == sequence && former.environment_commands(environment).get(place) == Some(&asked.command)
    }

    fn go_to(&mut self, position: Position) -> Result<(), ReplayError> {
        let lost = ReplayError { entry: self.log().len() };
        while self.steps < position.steps {
            if self.step() != Progress::Went {
                return Err(lost);
            }
        }
        if self.now > position.now || self.position().inputs != position.inputs {
            return Err(lost);
        }
        self.now = position.now;
        Ok(())
    }
}
