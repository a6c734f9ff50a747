//! Timestamps and durations of the one virtual clock.
//!
//! Everything that waits in the simulation reads these. The unit is the microsecond, fine enough for a
//! handler's steps and coarse enough that a year fits a JavaScript number. Nothing here knows what time
//! it is: a [`Timestamp`] always comes from the account.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// A moment of virtual time, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A span of virtual time in microseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration(u64);

impl Timestamp {
    /// The last moment that can be written: nothing scheduled here ever happens.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Timestamp(micros)
    }

    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis.saturating_mul(1_000))
    }

    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the epoch, rounded down: the precision of AWS's time stamps.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Seconds since the epoch with three decimals, as the JSON protocols write dates.
    #[must_use]
    pub fn epoch_seconds(self) -> f64 {
        self.millis() as f64 / 1_000.0
    }

    /// Time from `earlier` to `self`; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Reads an RFC 3339 date-time with upper-case `T` and an offset, as ASL asks for.
    ///
    /// ```
    /// use virtual_time::Timestamp;
    /// let t = Timestamp::parse_rfc3339("2023-04-19T08:00:00.250+02:00").unwrap();
    /// assert_eq!(t.to_rfc3339(), "2023-04-19T06:00:00.250Z");
    /// assert!(Timestamp::parse_rfc3339("2023-04-19 08:00:00Z").is_none());
    /// ```
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        if text.as_bytes().get(10) != Some(&b'T') || text.ends_with('z') {
            return None;
        }
        DateTime::parse_from_rfc3339(text).ok().map(|t| Timestamp(t.timestamp_micros()))
    }

    /// As HTTP headers write dates: `Wed, 19 Apr 2023 08:00:00 GMT`.
    #[must_use]
    pub fn to_http_date(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0)
            .map_or_else(|| self.to_rfc3339(), |t| t.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// RFC 3339 in UTC with milliseconds, as the context object writes times.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0)
            .map_or_else(|| format!("{} µs", self.0), |t| t.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Duration {
    pub const ZERO: Duration = Duration(0);

    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Duration(micros)
    }

    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Duration(millis.saturating_mul(1_000))
    }

    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Duration(seconds.saturating_mul(1_000_000))
    }

    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds, rounded down.
    #[must_use]
    pub const fn secs(self) -> u64 {
        self.0 / 1_000_000
    }

    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add_unsigned(span.0))
    }
}

impl AddAssign<Duration> for Timestamp {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub_unsigned(span.0))
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// `36 s`, `1.25 s`, `340 ms`, `2 d 3 h`: the largest units a reader needs.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.secs();
        match seconds {
            0 => write!(f, "{} ms", self.millis()),
            1..60 => {
                let text = format!("{:.2}", self.as_secs_f64());
                write!(f, "{} s", text.trim_end_matches('0').trim_end_matches('.'))
            }
            60..3_600 => parts(f, (seconds / 60, "min"), (seconds % 60, "s")),
            3_600..86_400 => parts(f, (seconds / 3_600, "h"), (seconds % 3_600 / 60, "min")),
            _ => parts(f, (seconds / 86_400, "d"), (seconds % 86_400 / 3_600, "h")),
        }
    }
}

/// The smaller part only when there is some.
fn parts(f: &mut fmt::Formatter<'_>, large: (u64, &str), small: (u64, &str)) -> fmt::Result {
    write!(f, "{} {}", large.0, large.1)?;
    if small.0 > 0 { write!(f, " {} {}", small.0, small.1) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_in_the_units_of_their_size() {
        let cases = [
            (0, "0 ms"),
            (340_000, "340 ms"),
            (1_250_000, "1.25 s"),
            (36_000_000, "36 s"),
            (95_000_000, "1 min 35 s"),
            (345_600_000_000, "4 d"),
        ];
        for (micros, text) in cases {
            assert_eq!(Duration::from_micros(micros).to_string(), text);
        }
    }

    #[test]
    fn the_end_of_time_does_not_overflow() {
        assert_eq!(Timestamp::MAX + Duration::from_secs(1), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(5).since(Timestamp::from_millis(9)), Duration::ZERO);
    }
}
