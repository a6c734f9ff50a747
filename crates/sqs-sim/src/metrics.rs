//! What CloudWatch would know of a queue: its levels and counts over virtual time.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>
//!
//! CloudWatch has a point each minute. Here a point stands for a second as long as there are few of them;
//! when there are many, neighbours become one, so that a queue of any age costs the same to keep and to draw.

use std::collections::VecDeque;

use virtual_time::{Duration, Timestamp};

/// Records that are kept at most.
const MOST: usize = 2_048;

/// How full a queue is at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    pub visible: u64,
    pub not_visible: u64,
    pub delayed: u64,
    /// When the oldest message came.
    pub oldest: Option<Timestamp>,
}

/// What happened in one period. Periods in which nothing happened have no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub start: Timestamp,
    pub sent: u64,
    pub received: u64,
    pub deleted: u64,
    pub empty_receives: u64,
    /// Highest levels in the period; `oldest` is that of its end.
    pub most: Levels,
    /// Levels at its end, which last until the next record.
    pub last: Levels,
}

#[derive(Clone, Debug)]
pub struct Metrics {
    period: Duration,
    records: VecDeque<Record>,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics { period: Duration::from_secs(1), records: VecDeque::new() }
    }
}

impl Metrics {
    /// How long one record lasts.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.period
    }

    /// Oldest first.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = &Record> + ExactSizeIterator {
        self.records.iter()
    }

    pub(crate) fn note(&mut self, now: Timestamp, levels: Levels) {
        let record = self.record(now);
        record.most = higher(record.most, levels);
        record.last = levels;
    }

    pub(crate) fn sent(&mut self, now: Timestamp) {
        self.record(now).sent += 1;
    }

    pub(crate) fn received(&mut self, now: Timestamp, messages: u64) {
        if messages > 0 {
            self.record(now).received += messages;
        }
    }

    pub(crate) fn deleted(&mut self, now: Timestamp) {
        self.record(now).deleted += 1;
    }

    pub(crate) fn empty_receive(&mut self, now: Timestamp) {
        self.record(now).empty_receives += 1;
    }

    /// The record of this moment, which starts with the levels that there were.
    fn record(&mut self, now: Timestamp) -> &mut Record {
        let mut start = start_of(now, self.period);
        let known = self.records.back().is_some_and(|last| last.start >= start);
        if !known && self.records.len() == MOST {
            self.halve();
            start = start_of(now, self.period);
        }
        if self.records.back().is_none_or(|last| last.start < start) {
            let before = self.records.back().map(|last| last.last).unwrap_or_default();
            self.records.push_back(Record::starting(start, before));
        }
        let newest = self.records.len() - 1;
        &mut self.records[newest]
    }

    /// Lets periods last twice as long, until half of the records are free.
    fn halve(&mut self) {
        while self.records.len() > MOST / 2 {
            self.period = self.period + self.period;
            let mut joined: VecDeque<Record> = VecDeque::new();
            for record in self.records.drain(..) {
                let start = start_of(record.start, self.period);
                match joined.back_mut().filter(|last| last.start == start) {
                    Some(last) => last.join(&record),
                    None => joined.push_back(Record { start, ..record }),
                }
            }
            self.records = joined;
        }
    }
}

impl Record {
    fn starting(start: Timestamp, levels: Levels) -> Record {
        Record { start, sent: 0, received: 0, deleted: 0, empty_receives: 0, most: levels, last: levels }
    }

    /// Takes in the record that follows.
    pub fn join(&mut self, next: &Record) {
        self.sent += next.sent;
        self.received += next.received;
        self.deleted += next.deleted;
        self.empty_receives += next.empty_receives;
        self.most = higher(self.most, next.most);
        self.last = next.last;
    }
}

fn higher(a: Levels, b: Levels) -> Levels {
    Levels {
        visible: a.visible.max(b.visible),
        not_visible: a.not_visible.max(b.not_visible),
        delayed: a.delayed.max(b.delayed),
        oldest: b.oldest,
    }
}

fn start_of(at: Timestamp, period: Duration) -> Timestamp {
    let period = i64::try_from(period.micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(at.micros().div_euclid(period) * period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn levels(visible: u64) -> Levels {
        Levels { visible, ..Levels::default() }
    }

    #[test]
    fn a_record_keeps_the_highest_and_the_last_level() {
        let mut metrics = Metrics::default();
        for (second, visible) in [(5, 1), (5, 4), (5, 2), (9, 0)] {
            metrics.sent(at(second));
            metrics.note(at(second), levels(visible));
        }
        let seen: Vec<_> = metrics.records().map(|r| (r.start, r.sent, r.most.visible, r.last.visible)).collect();
        // The second record starts with what the first left.
        assert_eq!(seen, [(at(5), 3, 4, 2), (at(9), 1, 2, 0)]);
    }

    #[test]
    fn many_records_become_fewer_and_count_the_same() {
        let mut metrics = Metrics::default();
        for second in 0..50_000 {
            metrics.sent(at(second));
            metrics.note(at(second), levels(u64::try_from(second).unwrap()));
        }
        assert!(metrics.records().len() <= MOST);
        assert_eq!(metrics.period(), Duration::from_secs(32));
        assert_eq!(metrics.records().map(|record| record.sent).sum::<u64>(), 50_000);
        assert_eq!(metrics.records().last().unwrap().last.visible, 49_999);
        assert!(metrics.records().zip(metrics.records().skip(1)).all(|(a, b)| a.start < b.start));
    }
}
