//! A queue's metrics over virtual time, in periods that fit the span: what CloudWatch would draw.

use sim_account::Account;
use sqs_sim::{Levels, Metrics, Record};
use virtual_time::{Duration, Timestamp};

/// Periods that a chart shows at most.
const PERIODS: u64 = 60;
/// Periods to choose from, in seconds.
const LENGTHS: [u64; 14] = [1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800];

#[derive(Clone, Debug, PartialEq)]
pub struct Monitoring {
    pub period: Duration,
    /// When each period starts.
    pub starts: Vec<Timestamp>,
    pub charts: Vec<Chart>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// CloudWatch's name.
    pub metric: &'static str,
    /// In plain words.
    pub what: &'static str,
    /// `maximum`, `sum`, `at the period's end`
    pub statistic: &'static str,
    /// Whether values are seconds.
    pub seconds: bool,
    /// One value a period.
    pub values: Vec<u64>,
}

impl Chart {
    #[must_use]
    pub fn highest(&self) -> u64 {
        self.values.iter().copied().max().unwrap_or(0)
    }
}

type Measure = fn(&Point) -> u64;

/// Metric, plain words, statistic, whether it is a time, and where it comes from.
const METRICS: [(&str, &str, &str, bool, Measure); 8] = [
    ("ApproximateNumberOfMessagesVisible", "Messages that could be received", "maximum", false, |point| {
        point.most.visible
    }),
    (
        "ApproximateNumberOfMessagesNotVisible",
        "Messages in flight: received and not deleted yet",
        "maximum",
        false,
        |point| point.most.not_visible,
    ),
    ("ApproximateNumberOfMessagesDelayed", "Messages whose delay still ran", "maximum", false, |point| {
        point.most.delayed
    }),
    (
        "ApproximateAgeOfOldestMessage",
        "How long the oldest message had been waiting, unless it was received three times",
        "at the period's end",
        true,
        |point| point.age.secs(),
    ),
    ("NumberOfMessagesSent", "Messages that senders added", "sum", false, |point| point.sent),
    ("NumberOfMessagesReceived", "Messages that receives returned", "sum", false, |point| point.received),
    ("NumberOfMessagesDeleted", "Deletions that SQS carried out", "sum", false, |point| point.deleted),
    ("NumberOfEmptyReceives", "Receives that returned no message", "sum", false, |point| point.empty_receives),
];

/// What is known of one period.
#[derive(Clone, Copy, Debug, Default)]
struct Point {
    most: Levels,
    sent: u64,
    received: u64,
    deleted: u64,
    empty_receives: u64,
    age: Duration,
}

/// The metrics of the last `span`, or of the queue's whole life; `None` when there is no queue of this name.
#[must_use]
pub fn view(account: &Account, name: &str, span: Option<Duration>) -> Option<Monitoring> {
    let queue = account.queues().queue(name)?;
    let now = account.now();
    let life = now.since(queue.created_at());
    let span = span.map_or(life, |span| span.min(life));
    Some(of(queue.metrics(), now, span))
}

fn of(metrics: &Metrics, now: Timestamp, span: Duration) -> Monitoring {
    let period = period(span, metrics.period());
    let micros = i64::try_from(period.micros()).unwrap_or(i64::MAX);
    let index = |at: Timestamp| at.micros().div_euclid(micros);
    let last = index(now);
    let first = last - i64::try_from(span.micros().div_ceil(period.micros()).clamp(1, PERIODS)).unwrap_or(1) + 1;
    let mut records = metrics.records().peekable();
    let mut levels = Levels::default();
    // What was before the span only tells how it began.
    while let Some(record) = records.next_if(|record| index(record.start) < first) {
        levels = record.last;
    }
    let mut points = Vec::new();
    let mut starts = Vec::new();
    for each in first..=last {
        let mut point = Point { most: levels, ..Point::default() };
        while let Some(record) = records.next_if(|record| index(record.start) == each) {
            point.take(record);
            levels = record.last;
        }
        let end = now.min(Timestamp::from_micros((each + 1) * micros));
        point.age = levels.oldest.map_or(Duration::ZERO, |oldest| end.since(oldest));
        starts.push(Timestamp::from_micros(each * micros));
        points.push(point);
    }
    let chart = |(metric, what, statistic, seconds, measure): (_, _, _, _, Measure)| Chart {
        metric,
        what,
        statistic,
        seconds,
        values: points.iter().map(measure).collect(),
    };
    Monitoring { period, starts, charts: METRICS.map(chart).to_vec() }
}

impl Point {
    fn take(&mut self, record: &Record) {
        self.most.visible = self.most.visible.max(record.most.visible);
        self.most.not_visible = self.most.not_visible.max(record.most.not_visible);
        self.most.delayed = self.most.delayed.max(record.most.delayed);
        self.sent += record.sent;
        self.received += record.received;
        self.deleted += record.deleted;
        self.empty_receives += record.empty_receives;
    }
}

/// The shortest period with which the span fits, but not finer than what was recorded.
fn period(span: Duration, recorded: Duration) -> Duration {
    let fits = |seconds: &&u64| {
        let period = Duration::from_secs(**seconds);
        period >= recorded && span.micros().div_ceil(period.micros()) <= PERIODS
    };
    Duration::from_secs(LENGTHS.iter().find(fits).copied().unwrap_or(2_592_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_fit_the_span() {
        let cases = [(10, 1, 1), (60, 1, 1), (61, 1, 5), (3_600, 1, 60), (345_600, 1, 10_800), (30, 64, 300)];
        for (span, recorded, expected) in cases {
            let period = period(Duration::from_secs(span), Duration::from_secs(recorded));
            assert_eq!(period, Duration::from_secs(expected), "{span} {recorded}");
        }
    }
}
