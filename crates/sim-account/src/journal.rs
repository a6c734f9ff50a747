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
            self.entries.pop_front();
            self.dropped += 1;
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

    /// The kept entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The kept calls, oldest first.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = (&JournalEntry, &CallRecord)> {
        self.entries.iter().filter_map(|e| if let What::Call(record) = &e.what { Some((e, &**record)) } else { None })
    }
}
