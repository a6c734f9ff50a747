//! The no-code mock: rules that answer instead of a function's code, or instead of what a state's task would call.
//!
//! Rules are data. `docs/mock-rules.md` tells their format; in short:
//!
//! ```
//! use mock_rules::{Answer, Counts, Rules};
//! use shared_json::json;
//!
//! let rules = Rules::parse(&json!([
//!     {"Function": "Depot", "When": {"Pattern": {"kind": ["lost"]}}, "Throw": {"Error": "Lost", "Cause": "fell off"}},
//!     {"Function": "Depot", "Attempts": "0", "TimeOut": true},
//!     {"Function": "Depot", "LatencySeconds": 2, "Return": {"ok": true}},
//! ])).unwrap();
//! let mut counts = Counts::default();
//! let answer = |counts: &mut _| rules.for_function("Depot", &json!({"kind": "new"}), counts).unwrap().answer.clone();
//! assert_eq!(answer(&mut counts), Answer::TimeOut);
//! assert_eq!(answer(&mut counts), Answer::Return(json!({"ok": true})));
//! ```
//!
//! It must not know: functions, executions, or how an answer is played. Whoever runs the work asks for the rule and plays it.

mod config_file;
mod parse;
mod tokens;

use std::collections::BTreeMap;

use event_pattern::Pattern;
use shared_json::Value;
use states_query::{Path, Scope};
use virtual_time::Duration;

pub use config_file::{Exported, from_config_file};
pub use tokens::{opened, tokens};

/// Rules in their order; the first that fits answers.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What people call it.
    pub name: Option<String>,
    pub subject: Subject,
    pub when: Option<When>,
    /// From and to, both included, counted from 0.
    pub attempts: Option<(u32, u32)>,
    pub latency: Duration,
    pub answer: Answer,
    /// As it was given.
    pub source: Value,
}

/// Whose work a rule answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Function(String),
    State { machine: String, state: String },
}

/// Which inputs a rule is about.
#[derive(Clone, Debug)]
pub enum When {
    Pattern(Pattern),
    /// The value at a path equals this one.
    Equals {
        path: Path,
        value: Value,
    },
}

/// What a rule answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Return(Value),
    Throw(Thrown),
    /// There is no answer before the time is over.
    TimeOut,
    /// The process ends; for functions only.
    Crash,
    /// The task token in the input is answered.
    Callback(Callback),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thrown {
    pub error: String,
    pub cause: String,
}

/// What becomes of a task token.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    pub outcome: Result<Value, Thrown>,
    /// How often the outcome is sent: 0 drops the callback, 2 sends it twice.
    pub times: u32,
    /// Heartbeats before it.
    pub heartbeats: u32,
    pub every: Duration,
}

/// How often each rule of a function has fitted, by the rule's place.
pub type Counts = BTreeMap<usize, u32>;

/// What is wrong with the rules: `Rules[1].Attempts: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError(pub String);

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RuleError {}

impl Rules {
    /// Reads a list of rules.
    ///
    /// # Errors
    /// The first thing that is no rule, with its place.
    pub fn parse(list: &Value) -> Result<Rules, RuleError> {
        parse::rules(list).map(|rules| Rules { rules })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The list as it was given.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::array(self.rules.iter().map(|rule| rule.source.clone()).collect())
    }

    /// The rule that answers an invocation. `Attempts` counts the events that a rule fitted.
    pub fn for_function(&self, name: &str, event: &Value, counts: &mut Counts) -> Option<&Rule> {
        let of_function = |rule: &&Rule| matches!(&rule.subject, Subject::Function(function) if function == name);
        if !self.rules.iter().any(|rule| of_function(&rule)) {
            return None;
        }
        let event = opened(event);
        self.rules.iter().enumerate().filter(|(_, rule)| of_function(rule)).find_map(|(place, rule)| {
            if !rule.fits(&event) {
                return None;
            }
            let count = counts.entry(place).or_default();
            let attempt = *count;
            *count = count.saturating_add(1);
            rule.is_for(attempt).then_some(rule)
        })
    }

    /// The rule that answers a state's task; `retry` is 0 for the first attempt.
    #[must_use]
    pub fn for_state(&self, machine: &str, state: &str, input: &Value, retry: u32) -> Option<&Rule> {
        let of_state = |rule: &&Rule| matches!(&rule.subject, Subject::State { machine: m, state: s } if m == machine && s == state);
        self.rules.iter().filter(of_state).find(|rule| rule.is_for(retry) && rule.fits(input))
    }
}

impl Rule {
    fn is_for(&self, attempt: u32) -> bool {
        self.attempts.is_none_or(|(from, to)| (from..=to).contains(&attempt))
    }

    fn fits(&self, input: &Value) -> bool {
        match &self.when {
            None => true,
            Some(When::Pattern(pattern)) => pattern.matches(input),
            Some(When::Equals { path, value }) => {
                path.select(&Scope::new(input, &Value::Null)).is_ok_and(|found| found == *value)
            }
        }
    }

    /// What it does, in words.
    #[must_use]
    pub fn summary(&self) -> String {
        let latency = match self.latency {
            Duration::ZERO => String::new(),
            latency => format!(" after {} s", latency.micros() as f64 / 1e6),
        };
        let what = match &self.answer {
            Answer::Return(value) => format!("succeeds with {value}"),
            Answer::Throw(thrown) => format!("fails with {}: {}", thrown.error, thrown.cause),
            Answer::TimeOut => "times out".to_owned(),
            Answer::Crash => "crashes".to_owned(),
            Answer::Callback(callback) => callback.summary(),
        };
        what + &latency
    }
}

impl Callback {
    fn summary(&self) -> String {
        let heartbeats = match self.heartbeats {
            0 => String::new(),
            1 => "sends 1 heartbeat, then ".to_owned(),
            n => format!("sends {n} heartbeats, then "),
        };
        let what = match &self.outcome {
            Ok(output) => format!("SendTaskSuccess with {output}"),
            Err(thrown) => format!("SendTaskFailure with {}", thrown.error),
        };
        match self.times {
            0 if self.heartbeats > 0 => format!("{heartbeats}stops"),
            0 => "drops the callback".to_owned(),
            1 => format!("{heartbeats}calls {what}"),
            n => format!("{heartbeats}calls {what} {n} times"),
        }
    }
}
