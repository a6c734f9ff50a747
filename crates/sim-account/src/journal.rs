//! What happened in the account, in order: every call with its decision and answer, every message's move,
//! every line of a log. The views read it; nothing in the simulation does.

use std::collections::VecDeque;

use aws_protocol::AwsError;
use iam_eval::Decision;
use lambda_sim::LambdaTrace;
use shared_json::Value;
use sqs_sim::Movement;
use virtual_time::Timestamp;

use crate::Caller;

/// Entries are numbered from 0 for ever; only the newest [`Journal::KEPT`] are kept.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<JournalEntry>,
    dropped: usize,
    /// Ids of the kept calls, which go up, with the numbers of their entries.
    calls: VecDeque<(u64, usize)>,
    /// Kept lines of functions' logs.
    log_lines: usize,
}

#[derive(Clone, Debug)]
pub struct JournalEntry {
    pub at: Timestamp,
    /// The account's step in which it happened; entries of one step belong together.
    pub step: u64,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Call(Box<CallRecord>),
    Moved(Movement),
    Lambda(LambdaTrace),
}

impl What {
    fn is_log_line(&self) -> bool {
        matches!(self, What::Lambda(LambdaTrace::Log { .. }))
    }
}

/// One API call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    pub id: u64,
    pub caller: Caller,
    /// `sqs:SendMessage`
    pub action: String,
    pub params: Value,
    /// `None` for the root, unless a resource's policy denied it.
    pub decision: Option<Decision>,
    /// Further permissions that the call needed and had, such as `iam:PassRole`.
    pub also: Vec<Decision>,
    /// `None` until it is answered.
    pub outcome: Option<Result<Value, AwsError>>,
    pub answered_at: Option<Timestamp>,
}

impl Journal {
    /// Older entries are forgotten.
    pub const KEPT: usize = 100_000;

    pub(crate) fn add(&mut self, at: Timestamp, step: u64, what: What) -> usize {
        if self.entries.len() == Self::KEPT {
            if self.entries.pop_front().is_some_and(|entry| entry.what.is_log_line()) {
                self.log_lines -= 1;
            }
            if self.calls.front().is_some_and(|(_, entry)| *entry == self.dropped) {
                self.calls.pop_front();
            }
            self.dropped += 1;
        }
        self.log_lines += usize::from(what.is_log_line());
        if let What::Call(record) = &what {
            self.calls.push_back((record.id, self.dropped + self.entries.len()));
        }
        self.entries.push_back(JournalEntry { at, step, what });
        self.dropped + self.entries.len() - 1
    }

    pub(crate) fn answer(&mut self, entry: usize, at: Timestamp, outcome: Result<Value, AwsError>) {
        let Some(index) = entry.checked_sub(self.dropped) else { return };
        if let Some(JournalEntry { what: What::Call(record), .. }) = self.entries.get_mut(index) {
            record.outcome = Some(outcome);
            record.answered_at = Some(at);
        }
    }

    /// A call by its id, while it is kept.
    #[must_use]
    pub fn call(&self, id: u64) -> Option<&CallRecord> {
        match &self.entry_of(id)?.what {
            What::Call(record) => Some(record),
            What::Moved(_) | What::Lambda(_) => None,
        }
    }

    /// When a call was made, while it is kept.
    #[must_use]
    pub fn made_at(&self, call: u64) -> Option<Timestamp> {
        self.entry_of(call).map(|entry| entry.at)
    }

    fn entry_of(&self, call: u64) -> Option<&JournalEntry> {
        let index = self.calls.binary_search_by_key(&call, |(id, _)| *id).ok()?;
        let (_, entry) = self.calls.get(index)?;
        self.entries.get(entry.checked_sub(self.dropped)?)
    }

    /// The call that was made last, while it is kept.
    #[must_use]
    pub fn last_call(&self) -> Option<&CallRecord> {
        self.call(self.calls.back()?.0)
    }

    /// How many lines of functions' logs are kept.
    #[must_use]
    pub fn log_lines(&self) -> usize {
        self.log_lines
    }

    /// The kept entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The kept calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = (&JournalEntry, &CallRecord)> {
        self.entries.iter().filter_map(|e| if let What::Call(record) = &e.what { Some((e, &**record)) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: u64) -> What {
        What::Call(Box::new(CallRecord {
            id,
            caller: Caller::Root,
            action: "sqs:ListQueues".into(),
            params: Value::Null,
            decision: None,
            also: Vec::new(),
            outcome: None,
            answered_at: None,
        }))
    }

    #[test]
    fn calls_are_found_by_id_until_they_are_forgotten() {
        let mut journal = Journal::default();
        let moved = || {
            What::Moved(Movement {
                queue_arn: "q".into(),
                message_id: "m".into(),
                at: Timestamp::from_micros(0),
                kind: sqs_sim::MovementKind::Deleted,
            })
        };
        for id in 0..Journal::KEPT as u64 {
            journal.add(Timestamp::from_micros(0), 0, call(id * 2));
            journal.add(Timestamp::from_micros(0), 0, moved());
        }
        let found = |id: u64| journal.call(id).map(|record| record.id);
        let first_kept = Journal::KEPT as u64;
        assert_eq!(found(first_kept), Some(first_kept));
        assert_eq!(found(first_kept - 2), None, "it was forgotten");
        assert_eq!(found(first_kept + 1), None, "there never was one");
        assert_eq!(journal.last_call().map(|record| record.id), Some(2 * Journal::KEPT as u64 - 2));
    }

    #[test]
    fn log_lines_are_counted_while_they_are_kept() {
        let mut journal = Journal::default();
        let line = || What::Lambda(LambdaTrace::Log { function: "f".into(), request_id: None, line: "x".into() });
        for id in 0..10 {
            journal.add(Timestamp::from_micros(0), 0, line());
            journal.add(Timestamp::from_micros(0), 0, call(id));
        }
        assert_eq!(journal.log_lines(), 10);
        for id in 10..Journal::KEPT as u64 - 1 {
            journal.add(Timestamp::from_micros(0), 0, call(id));
        }
        assert_eq!(journal.log_lines(), 5, "half of them were forgotten");
    }
}
