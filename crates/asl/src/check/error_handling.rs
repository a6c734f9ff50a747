//! `Retry` and `Catch`.

use std::rc::Rc;

use spanned_json::Node;

use super::fields::MAX_SECONDS;
use super::{Checker, Place};
use crate::{Catcher, JitterStrategy, Retrier};

const RETRIER_FIELDS: &[&str] =
    &["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"];
const CATCHER_FIELDS: &[&str] = &["ErrorEquals", "Next", "Comment", "Assign"];

/// AWS's longest `MaxDelaySeconds`: a year of 366 days.
const MAX_DELAY_SECONDS: u64 = 31_622_400;

impl Checker {
    pub(super) fn retry(&mut self, state: Place) -> Option<Vec<Retrier>> {
        self.handlers(state, "Retry", Self::retrier)
    }

    pub(super) fn catch(&mut self, state: Place) -> Option<Vec<Catcher>> {
        self.handlers(state, "Catch", Self::catcher)
    }

    fn handlers<T>(&mut self, state: Place, key: &str, read: fn(&mut Self, Place) -> Option<T>) -> Option<Vec<T>> {
        if !state.has(key) {
            return Some(Vec::new());
        }
        let items = self.items(state, key)?;
        let mut handlers = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            let path = format!("{}[{index}]", state.at(key));
            if !self.is_object(node, &path) {
                continue;
            }
            let place = state.inner(node, &path);
            self.all_stands_last(place, index + 1 == items.len());
            handlers.extend(read(self, place));
        }
        (handlers.len() == items.len()).then_some(handlers)
    }

    fn retrier(&mut self, place: Place) -> Option<Retrier> {
        self.known_fields(place, RETRIER_FIELDS);
        let error_equals = self.error_equals(place);
        let interval_seconds = self.whole_or(place, "IntervalSeconds", 0, MAX_SECONDS, 1);
        let max_attempts = self.whole_or(place, "MaxAttempts", 0, MAX_SECONDS, 3);
        let backoff_rate = self.backoff_rate(place);
        let max_delay_seconds = self.whole(place, "MaxDelaySeconds", 1, MAX_DELAY_SECONDS);
        if let (Some(delay), Some(interval), Some(node)) =
            (max_delay_seconds, interval_seconds, place.get("MaxDelaySeconds"))
            && delay <= interval
        {
            self.schema(
                node.span,
                &place.at("MaxDelaySeconds"),
                "MaxDelaySeconds must be greater than IntervalSeconds",
            );
        }
        let jitter_strategy = match self.one_of(place, "JitterStrategy", &["NONE", "FULL"]) {
            Some("FULL") => JitterStrategy::Full,
            _ => JitterStrategy::None,
        };
        Some(Retrier {
            error_equals: error_equals?,
            interval_seconds: interval_seconds?,
            max_attempts: max_attempts?,
            backoff_rate: backoff_rate?,
            max_delay_seconds,
            jitter_strategy,
        })
    }

    fn whole_or(&mut self, place: Place, key: &str, min: u64, max: u64, default: u64) -> Option<u64> {
        if place.has(key) { self.whole(place, key, min, max) } else { Some(default) }
    }

    fn backoff_rate(&mut self, place: Place) -> Option<f64> {
        if place.has("BackoffRate") { self.number(place, "BackoffRate", 1.0, f64::MAX) } else { Some(2.0) }
    }

    fn catcher(&mut self, place: Place) -> Option<Catcher> {
        let (own, other) = if place.is_jsonata() { ("Output", "ResultPath") } else { ("ResultPath", "Output") };
        let known = |key: &str| CATCHER_FIELDS.contains(&key) || key == own;
        self.fields(place, known, &[CATCHER_FIELDS, &[own]], &[other]);
        let error_equals = self.error_equals(place);
        if !place.has("Next") {
            self.missing(place, &["Next"]);
        }
        let next = self.target(place, "Next");
        let result_path = self.result_path(place);
        let assign = self.assign(place);
        let output = self.output(place);
        Some(Catcher {
            error_equals: error_equals?,
            next: next?,
            result_path: result_path?,
            assign: assign?,
            output: output?,
        })
    }

    fn error_equals(&mut self, place: Place) -> Option<Vec<Rc<str>>> {
        if !place.has("ErrorEquals") {
            self.missing(place, &["ErrorEquals"]);
            return None;
        }
        let items = self.filled_items(place, "ErrorEquals")?;
        let mut errors = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) => errors.push(text.into()),
                None => {
                    let path = format!("{}[{index}]", place.at("ErrorEquals"));
                    self.schema(item.span, &path, "Expected value of type String");
                }
            }
        }
        (errors.len() == items.len()).then_some(errors)
    }

    fn all_stands_last(&mut self, place: Place, last: bool) {
        let errors = place.get("ErrorEquals").map(Node::items).unwrap_or_default();
        let Some(all) = errors.iter().find(|error| error.as_str() == Some("States.ALL")) else { return };
        if errors.len() > 1 || !last {
            let message = "States.ALL must appear alone and at end of list";
            self.schema(all.span, &place.at("ErrorEquals"), message).help =
                Some("It matches every error, so nothing after it would ever be asked.".to_owned());
        }
    }
}
