//! Retriers and catchers.

use std::rc::Rc;

use states_query::{JsonataTemplate, Template};

use super::{ResultPath, Target};

#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    pub error_equals: Vec<Rc<str>>,
    /// Seconds before the first retry. Default 1, at most 99,999,999.
    pub interval_seconds: u64,
    /// Default 3; 0 means the error is never retried. At most 99,999,999.
    pub max_attempts: u64,
    /// Default 2.0, at least 1.0.
    pub backoff_rate: f64,
    /// At most 31,622,400.
    pub max_delay_seconds: Option<u64>,
    pub jitter_strategy: JitterStrategy,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JitterStrategy {
    #[default]
    None,
    Full,
}

#[derive(Clone, Debug)]
pub struct Catcher {
    pub error_equals: Vec<Rc<str>>,
    pub next: Target,
    pub result_path: ResultPath,
    pub assign: Option<Template>,
    /// `Output` (JSONata)
    pub output: Option<JsonataTemplate>,
}
