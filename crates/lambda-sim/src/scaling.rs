//! How many batches a mapping sends to its function at once: five at first, more while it lags behind, fewer after
//! errors and throttles.
//!
//! Lambda says that it starts with five, adds up to 300 a minute, and reduces the concurrency after failures
//! (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>). By how much it reduces it does not
//! say: halving after a failure, down to two, and one more after each success are guessed.

use std::rc::Rc;

use virtual_time::Timestamp;

use crate::agenda::Timer;
use crate::machine::Functions;
use crate::pollers::Bounds;

/// What `MaximumConcurrency` may not go below either.
const LEAST: u32 = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scaling {
    pub allowed: u32,
    /// A timer will look whether the mapping still lags behind.
    pub watched: bool,
}

impl Scaling {
    pub(crate) fn new(first: u32) -> Scaling {
        Scaling { allowed: first, watched: false }
    }

    pub(crate) fn failed(&mut self) {
        self.allowed = (self.allowed / 2).max(LEAST);
    }

    /// Comes back to what a mapping begins with; from there on only a backlog raises it.
    pub(crate) fn succeeded(&mut self, first: u32) {
        if self.allowed < first {
            self.allowed += 1;
        }
    }
}

impl Functions {
    /// Called when a mapping has as many batches at the function as it may.
    pub(crate) fn watch_backlog(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let at = now + self.options.latencies.scale_up;
        let limits = &self.options.limits;
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let Bounds { first, most, .. } = Bounds::of(mapping.pollers, limits);
        // After failures it grows by its successes.
        let backs_off = mapping.scaling.allowed < first;
        let grows = !backs_off && mapping.scaling.allowed < mapping.maximum_concurrency.unwrap_or(most).min(most);
        if grows && !mapping.scaling.watched {
            mapping.scaling.watched = true;
            self.agenda.schedule(at, Timer::ScaleUp { uuid: uuid.clone() });
        }
    }

    pub(crate) fn scale_up(&mut self, now: Timestamp, uuid: &Rc<str>) {
        let limits = &self.options.limits;
        let Some(mapping) = self.mappings.get_mut(uuid) else { return };
        let Bounds { first, more_per_minute, most } = Bounds::of(mapping.pollers, limits);
        mapping.scaling.watched = false;
        if mapping.batches >= mapping.concurrency() {
            mapping.scaling.allowed = mapping.scaling.allowed.saturating_add(more_per_minute).min(most);
        } else {
            mapping.scaling.allowed = mapping.scaling.allowed.min(first);
        }
        self.poll_queue(now, uuid);
    }
}
