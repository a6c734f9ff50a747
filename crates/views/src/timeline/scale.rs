//! From virtual time to a share of the axis.

use virtual_time::{Duration, Timestamp};

use crate::execution::short;

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    /// Since the execution's start.
    pub label: String,
    /// Idle time was cut right before it.
    pub after_gap: bool,
}

/// Pieces of time in order, each with its place on the axis.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    start: Timestamp,
    end: Timestamp,
    /// Beginning of each piece, in time and on the axis; the last entry is the end.
    knots: Vec<Knot>,
    hide_idle: bool,
}

#[derive(Clone, Copy, Debug)]
struct Knot {
    time: Timestamp,
    at: f64,
    after_gap: bool,
}

/// Marks closer than this share of the axis would overlap.
const LEAST_TICK_DISTANCE: f64 = 0.09;

/// From here on a label has no room to the right of its mark.
pub const NEAR_THE_END: f64 = 0.93;

impl Scale {
    pub fn new(start: Timestamp, end: Timestamp, moments: impl Iterator<Item = Timestamp>, hide_idle: bool) -> Scale {
        let mut times: Vec<Timestamp> = moments.chain([start, end]).filter(|time| *time >= start).collect();
        times.sort_unstable();
        times.dedup();
        let end = times.last().copied().unwrap_or(end);
        let lengths: Vec<f64> = times.windows(2).map(|pair| micros(pair[1].since(pair[0]))).collect();
        let limit = if hide_idle { idle_limit(&lengths) } else { f64::INFINITY };
        // A cut stretch still grows with its length, so that longer looks longer.
        let shown = |length: f64| if length <= limit { length } else { limit * (1.0 + (length / limit).ln() / 4.0) };
        let whole: f64 = lengths.iter().map(|length| shown(*length)).sum();
        let mut knots = vec![Knot { time: start, at: 0.0, after_gap: false }];
        let mut at = 0.0;
        for (length, time) in lengths.iter().zip(times.iter().skip(1)) {
            at += shown(*length);
            knots.push(Knot {
                time: *time,
                at: if whole > 0.0 { at / whole } else { 0.0 },
                after_gap: *length > limit,
            });
        }
        Scale { start, end, knots, hide_idle }
    }

    /// Linear between two knots.
    pub fn place(&self, time: Timestamp) -> f64 {
        let after = self.knots.partition_point(|knot| knot.time <= time);
        let Some(before) = after.checked_sub(1).and_then(|index| self.knots.get(index)) else { return 0.0 };
        let Some(next) = self.knots.get(after) else { return 1.0 };
        let share = micros(time.since(before.time)) / micros(next.time.since(before.time)).max(1.0);
        before.at + (next.at - before.at) * share
    }

    pub fn ticks(&self) -> Vec<Tick> {
        if self.end <= self.start {
            return vec![Tick { at: 0.0, label: short(Duration::ZERO), after_gap: false }];
        }
        let tick = |at: f64, span: Duration, after_gap: bool| Tick { at, label: short(span), after_gap };
        if !self.hide_idle {
            let step = round_step(micros(self.end.since(self.start)) / 7.0);
            let count = (micros(self.end.since(self.start)) / step).floor() as u64;
            let span = |n: u64| Duration::from_micros((step * n as f64) as u64);
            return (0..=count).map(|n| tick(self.place(self.start + span(n)), span(n), false)).collect();
        }
        let mut ticks: Vec<Tick> = Vec::new();
        for knot in &self.knots {
            // A label near the end stands left of its mark, so it needs room on both sides.
            let least = if knot.at > NEAR_THE_END { 2.0 * LEAST_TICK_DISTANCE } else { LEAST_TICK_DISTANCE };
            if ticks.last().is_none_or(|last| knot.at - last.at >= least) {
                ticks.push(tick(knot.at, knot.time.since(self.start), knot.after_gap));
            }
        }
        ticks
    }
}

fn micros(span: Duration) -> f64 {
    span.micros() as f64
}

/// Anything much longer than the usual stretch is idle.
fn idle_limit(lengths: &[f64]) -> f64 {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).map_or(f64::INFINITY, |median| median * 3.0).max(1.0)
}

/// The next of 1, 2 or 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= least).unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn time_is_even_unless_idle_time_is_hidden() {
        let moments = || [20, 50, 110, 130, 10_130, 10_150].into_iter().map(at);
        let even = Scale::new(at(0), at(10_150), moments(), false);
        assert_eq!(even.place(at(0)), 0.0);
        assert_eq!(even.place(at(10_150)), 1.0);
        assert!((even.place(at(5_075)) - 0.5).abs() < 1e-9);
        let cut = Scale::new(at(0), at(10_150), moments(), true);
        assert!(cut.place(at(130)) > 0.2, "what happens in the first 130 ms can be seen");
        assert!(cut.ticks().iter().any(|tick| tick.after_gap), "the axis says where time was cut");
    }

    #[test]
    fn places_never_go_back() {
        for hide_idle in [false, true] {
            let scale = Scale::new(at(0), at(9_000), [1, 7, 7, 8_000, 8_003].into_iter().map(at), hide_idle);
            let places: Vec<f64> = (0..9_100).step_by(13).map(|millis| scale.place(at(millis))).collect();
            assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
            assert!(places.iter().all(|place| (0.0..=1.0).contains(place)));
        }
    }

    #[test]
    fn nothing_has_length_nothing() {
        let scale = Scale::new(at(5), at(5), std::iter::empty(), true);
        assert_eq!(scale.place(at(5)), 1.0);
        assert_eq!(scale.ticks().len(), 1);
    }
}
