//! Visits inside Parallel and Map states: which branch or iteration they belong to, which of them count for what is
//! shown of a state, and whose an event is.

use std::collections::BTreeMap;

use asl::{CheckedDefinition, StateKind};
use sfn_engine::{StateVisit, VisitOutcome, Within};
use sfn_history::{EventDetails, HistoryEvent, StateType};
use sim_account::ExecutionRecord;
use virtual_time::Timestamp;

/// The branches and iterations around a visit, the innermost first.
pub(crate) fn around(visits: &[StateVisit], visit: usize) -> impl Iterator<Item = Within> {
    std::iter::successors(visits.get(visit).and_then(|visit| visit.within), |within| visits.get(within.visit)?.within)
}

/// `#2 › #0`: the iterations of all Maps around a visit. A branch needs no mention, as a state stands in one only.
pub(crate) fn iterations(record: &ExecutionRecord, visit: usize) -> String {
    let visits = record.execution.visits();
    let definition = &record.execution.started_with().definition;
    let is_map = |within: &Within| {
        let state = visits.get(within.visit).and_then(|visit| definition.state(&visit.state_name));
        state.is_some_and(|state| matches!(state.kind, StateKind::Map(_)))
    };
    let mut found: Vec<String> =
        around(visits, visit).filter(is_map).map(|within| format!("#{}", within.index)).collect();
    found.reverse();
    found.join(" › ")
}

/// `iteration #2 of "Pack all"`, `branch 0 of "Check both"`.
pub(crate) fn place(record: &ExecutionRecord, within: Within) -> String {
    let name = record.execution.visits().get(within.visit).map_or("", |visit| &*visit.state_name);
    format!("{} of \"{name}\"", part(&record.execution.started_with().definition, name, within.index))
}

/// `iteration #2`, `branch 0`
pub(crate) fn part(definition: &CheckedDefinition, container: &str, index: usize) -> String {
    match definition.state(container).map(|state| &state.kind) {
        Some(StateKind::Map(_)) => format!("iteration #{index}"),
        _ => format!("branch {index}"),
    }
}

/// The branch or iteration in which a visit stands, to be looked up; `None` at the top.
pub(crate) type Frame = Option<(usize, usize)>;

pub(crate) fn frame(visit: &StateVisit) -> Frame {
    visit.within.map(|within| (within.visit, within.index))
}

/// For each visit whether it counts for what became of its state: the last one in its branch or iteration, within the
/// newest attempt of the newest Parallel or Map around it.
pub(crate) fn newest(visits: &[StateVisit]) -> Vec<bool> {
    let mut last: BTreeMap<(Frame, &str), usize> = BTreeMap::new();
    for (index, visit) in visits.iter().enumerate() {
        last.insert((frame(visit), &visit.state_name), index);
    }
    let mut newest: Vec<bool> = Vec::with_capacity(visits.len());
    for (index, visit) in visits.iter().enumerate() {
        let counts = |within: Within| {
            newest.get(within.visit) == Some(&true)
                && visits.get(within.visit).is_some_and(|around| visit.entered_at >= attempt_began(around))
        };
        newest.push(last.get(&(frame(visit), &*visit.state_name)) == Some(&index) && visit.within.is_none_or(counts));
    }
    newest
}

/// When the newest attempt began; while a state waits to be tried again, that is the one that failed.
pub(crate) fn attempt_began(visit: &StateVisit) -> Timestamp {
    let retries = &visit.detail().retries;
    let waits = matches!(visit.outcome, VisitOutcome::Retrying { .. });
    let before = retries.len().checked_sub(1 + usize::from(waits));
    before.and_then(|index| retries.get(index)).map_or(visit.entered_at, |retry| retry.next_at)
}

/// The state of the machine itself that failed the execution.
pub(crate) fn failed_visit(visits: &[StateVisit]) -> Option<usize> {
    let failed = |visit: &StateVisit| matches!(visit.outcome, VisitOutcome::Failed | VisitOutcome::TimedOut);
    let at_the_top = visits.iter().rposition(|visit| visit.within.is_none() && failed(visit));
    at_the_top.or_else(|| visits.iter().rposition(|visit| visit.stages().error.is_some()))
}

/// A failed visit and the failed visits inside it, one in the other, down to the state that failed by itself.
pub(crate) fn failed_chain(record: &ExecutionRecord, visit: usize) -> Vec<usize> {
    let visits = record.execution.visits();
    let mut chain = vec![visit];
    let mut around = visit;
    while let Some(began) = visits.get(around).map(attempt_began) {
        let failed = |inner: &StateVisit| {
            inner.within.is_some_and(|within| within.visit == around)
                && inner.entered_at >= began
                && matches!(inner.outcome, VisitOutcome::Failed | VisitOutcome::TimedOut)
        };
        let Some(inner) = visits.iter().rposition(failed) else { break };
        chain.push(inner);
        around = inner;
    }
    chain
}

/// A Parallel's branches or a Map's iterations, each with its visits in order.
pub(crate) type Parts = BTreeMap<usize, Vec<usize>>;

/// The parts of each visit that has any.
pub(crate) fn parts(visits: &[StateVisit]) -> BTreeMap<usize, Parts> {
    let mut parts: BTreeMap<usize, Parts> = BTreeMap::new();
    for (index, visit) in visits.iter().enumerate() {
        if let Some(within) = visit.within {
            parts.entry(within.visit).or_default().entry(within.index).or_default().push(index);
        }
    }
    parts
}

/// For each event the visit it belongs to; `None` for those of the execution itself.
pub(crate) fn owners(record: &ExecutionRecord) -> Vec<Option<usize>> {
    let history = record.execution.history();
    let mut walk = Walk {
        visits: record.execution.visits(),
        history,
        owners: Vec::with_capacity(history.len()),
        kinds: vec![None; record.execution.visits().len()],
        closed: vec![false; record.execution.visits().len()],
        entered: 0,
    };
    for event in history {
        let owner = walk.owner(event);
        walk.owners.push(owner);
    }
    walk.owners
}

struct Walk<'a> {
    visits: &'a [StateVisit],
    history: &'a [HistoryEvent],
    owners: Vec<Option<usize>>,
    kinds: Vec<Option<StateType>>,
    /// Parallels and Maps whose branches or iterations have ended.
    closed: Vec<bool>,
    /// How many visits were entered so far.
    entered: usize,
}

impl Walk<'_> {
    fn owner(&mut self, event: &HistoryEvent) -> Option<usize> {
        use EventDetails as E;
        let before = self.owner_of(event.previous_event_id);
        match &event.details {
            E::ExecutionStarted { .. }
            | E::ExecutionSucceeded { .. }
            | E::ExecutionFailed(_)
            | E::ExecutionAborted(_)
            | E::ExecutionTimedOut(_)
            | E::ExecutionRedriven { .. } => None,
            E::StateEntered { state_type, .. } => {
                let visit = self.entered;
                self.entered += 1;
                *self.kinds.get_mut(visit)? = Some(*state_type);
                Some(visit)
            }
            E::StateExited { name, .. }
            | E::MapIterationStarted { name, .. }
            | E::MapIterationSucceeded { name, .. }
            | E::MapIterationFailed { name, .. }
            | E::MapIterationAborted { name, .. } => self.climb(before, |walk, visit| walk.is_named(visit, name)),
            E::EvaluationFailed { state, .. } => self
                .climb(before, |walk, visit| walk.is_named(visit, state))
                // Recorded on AWS: it stands beside its state's Entered event, not behind it.
                .or_else(|| self.entered_beside(state, event.previous_event_id)),
            E::ParallelStateStarted
            | E::MapStateStarted { .. }
            | E::MapRunStarted { .. }
            | E::MapRunRedriven { .. } => {
                let kind = self.container(event);
                let owner = self.climb(before, |walk, visit| walk.kind(visit) == kind);
                self.close(owner, false);
                owner
            }
            E::ParallelStateSucceeded
            | E::ParallelStateFailed
            | E::ParallelStateAborted
            | E::MapStateSucceeded
            | E::MapStateFailed
            | E::MapStateAborted => {
                let kind = self.container(event);
                let owner = self
                    .climb(before, |walk, visit| walk.kind(visit) == kind && walk.closed.get(visit) == Some(&false));
                self.close(owner, true);
                owner
            }
            E::MapRunSucceeded | E::MapRunFailed(_) | E::MapRunAborted => {
                self.climb(before, |walk, visit| walk.kind(visit) == Some(StateType::Map))
            }
            _ => before,
        }
    }

    fn owner_of(&self, event: u64) -> Option<usize> {
        let index = usize::try_from(event.checked_sub(1)?).ok()?;
        *self.owners.get(index)?
    }

    /// The first of a visit and those around it that is meant.
    fn climb(&self, from: Option<usize>, meant: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let out = |visit: &usize| Some(self.visits.get(*visit)?.within?.visit);
        std::iter::successors(from, out).find(|visit| meant(self, *visit))
    }

    fn entered_beside(&self, state: &str, previous: u64) -> Option<usize> {
        let entered = |visit: usize| {
            let id = self.visits.get(visit)?.entered_event_id;
            self.history.get(usize::try_from(id.checked_sub(1)?).ok()?)
        };
        let beside = |visit: &usize| {
            self.is_named(*visit, state) && entered(*visit).is_some_and(|event| event.previous_event_id == previous)
        };
        (0..self.entered.min(self.visits.len())).rev().find(beside)
    }

    fn is_named(&self, visit: usize, name: &str) -> bool {
        self.visits.get(visit).is_some_and(|visit| &*visit.state_name == name)
    }

    fn kind(&self, visit: usize) -> Option<StateType> {
        *self.kinds.get(visit)?
    }

    fn container(&self, event: &HistoryEvent) -> Option<StateType> {
        Some(if event.event_type().starts_with("Parallel") { StateType::Parallel } else { StateType::Map })
    }

    fn close(&mut self, visit: Option<usize>, closed: bool) {
        if let Some(place) = visit.and_then(|visit| self.closed.get_mut(visit)) {
            *place = closed;
        }
    }
}
