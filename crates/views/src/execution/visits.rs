//! The visits of one state, to choose from.

use sfn_engine::Status;
use sim_account::ExecutionRecord;

use super::RunStatus;
use super::nesting::{failed_chain, failed_visit, iterations, newest};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    /// At most [`MOST_CHOICES`], in order; the shown one is always among them.
    pub choices: Vec<VisitChoice>,
    /// How many there are.
    pub all: usize,
    /// The visits before and after the shown one.
    pub before: Option<usize>,
    pub after: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct VisitChoice {
    /// The visit's place among all visits, from 0.
    pub visit: usize,
    /// `#2`, `#2 › #0`, `visit 3`
    pub label: String,
    pub status: RunStatus,
}

/// A longer list is no choice.
const MOST_CHOICES: usize = 100;

/// The visit that is shown when nobody chose one: of those that count for the state the one that matters most, and of
/// equals the last.
pub(super) fn by_itself(record: &ExecutionRecord, state: &str) -> Option<usize> {
    let visits = record.execution.visits();
    let newest = newest(visits);
    let of_state = || visits.iter().enumerate().filter(|(_, visit)| &*visit.state_name == state);
    let counting = of_state().filter(|(index, _)| newest.get(*index) == Some(&true));
    let weight = |(_, visit): &(usize, &sfn_engine::StateVisit)| RunStatus::of_visit(&visit.outcome).weight();
    // The last of the least.
    let chosen = counting.rev().min_by_key(weight).or_else(|| of_state().next_back());
    chosen.map(|(index, _)| index)
}

/// The visit that a person wants to see first: of an execution that failed the state that failed it, however deep inside,
/// else the newest.
#[must_use]
pub fn notable_visit(record: &ExecutionRecord) -> Option<usize> {
    let visits = record.execution.visits();
    let failed = matches!(record.execution.status(), Status::Failed).then(|| failed_visit(visits)).flatten();
    let inside = failed.and_then(|visit| failed_chain(record, visit).last().copied());
    inside.or_else(|| visits.len().checked_sub(1))
}

/// All visits of the state that one visit is of.
#[must_use]
pub fn visits_of(record: &ExecutionRecord, shown: usize) -> Visits {
    let visits = record.execution.visits();
    let Some(name) = visits.get(shown).map(|visit| &visit.state_name) else { return Visits::default() };
    let of_state: Vec<usize> =
        visits.iter().enumerate().filter(|(_, visit)| visit.state_name == *name).map(|(index, _)| index).collect();
    let at = of_state.iter().position(|index| *index == shown).unwrap_or_default();
    let from = at.saturating_sub(MOST_CHOICES / 2).min(of_state.len().saturating_sub(MOST_CHOICES));
    let mut choices: Vec<VisitChoice> = Vec::new();
    for (number, visit) in of_state.iter().enumerate().skip(from).take(MOST_CHOICES) {
        let Some(status) = visits.get(*visit).map(|visit| RunStatus::of_visit(&visit.outcome)) else { continue };
        let iterations = iterations(record, *visit);
        let label = if iterations.is_empty() { format!("visit {}", number + 1) } else { iterations };
        choices.push(VisitChoice { visit: *visit, label, status });
    }
    number_again(&mut choices);
    Visits {
        all: of_state.len(),
        before: at.checked_sub(1).and_then(|at| of_state.get(at).copied()),
        after: of_state.get(at + 1).copied(),
        choices,
    }
}

/// Visits of one iteration would have one name.
fn number_again(choices: &mut [VisitChoice]) {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for choice in choices {
        let count = counts.entry(choice.label.clone()).or_default();
        *count += 1;
        if *count > 1 {
            choice.label = format!("{}, visit {count}", choice.label);
        }
    }
}
