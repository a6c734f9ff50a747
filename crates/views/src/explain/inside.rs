//! Why a Parallel or Map failed: the state inside, its branch or iteration, and the expression that could not be
//! evaluated.

use asl::StateKind;
use sfn_engine::{StateVisit, VisitOutcome};
use sfn_history::EventDetails;
use shared_json::Value;
use sim_account::{Account, ExecutionRecord};

use super::Cause;
use crate::execution::{RunStatus, children, nesting};
use crate::target::{Target, Tone};
use crate::words::shortened;

/// What the failure of a branch or iteration did to the state around it, in a sentence; empty for a state that failed
/// by itself.
pub(super) fn consequence(record: &ExecutionRecord, around: usize, inner: Option<usize>) -> String {
    let visits = record.execution.visits();
    let part = inner.and_then(|inner| visits.get(inner)?.within);
    let (Some(visit), Some(within)) = (visits.get(around), part) else { return String::new() };
    let definition = &record.execution.started_with().definition;
    let part = nesting::part(definition, &visit.state_name, within.index);
    let is_map = definition.state(&visit.state_name).is_some_and(|state| matches!(state.kind, StateKind::Map(_)));
    let (one, many, type_) =
        if is_map { ("iteration", "iterations", "Map") } else { ("branch", "branches", "Parallel") };
    let parts = nesting::parts(visits);
    let given_up = |inner: &&Vec<usize>| {
        let last = inner.last().and_then(|last| visits.get(*last));
        last.is_some_and(|last| {
            last.outcome == VisitOutcome::Aborted && last.entered_at >= nesting::attempt_began(visit)
        })
    };
    let others = match parts.get(&around).map_or(0, |parts| parts.values().filter(given_up).count()) {
        0 => String::new(),
        1 => format!(" and the other {one} that still ran was given up"),
        n => format!(" and the {n} {many} that still ran were given up"),
    };
    format!("Its {part} failed, so the {type_} failed with the same error{others}. ")
}

/// Child executions of a distributed Map that failed.
pub(super) fn failed_children(account: &Account, visit: &StateVisit) -> Vec<Cause> {
    const MOST: usize = 3;
    let bad = |child: &&ExecutionRecord| {
        matches!(RunStatus::of(child.execution.status()), RunStatus::Failed | RunStatus::TimedOut)
    };
    let failed: Vec<&ExecutionRecord> = children(account, visit).filter(bad).collect();
    let cause = |child: &&ExecutionRecord| {
        let number = child.child_of.as_ref().map_or(0, |place| place.number);
        let error = child.execution.error().map_or("an error without a name", |error| &**error);
        let text =
            child.execution.cause().map_or_else(|| "It gave no cause.".to_owned(), |cause| shortened(cause, 400));
        let cause = Cause::new(Tone::Bad, format!("Child execution #{number} failed with {error}"), text);
        child.execution.stop_date().into_iter().fold(cause, Cause::at).leads_to(Some(Target::execution(&child.arn)))
    };
    let mut causes: Vec<Cause> = failed.iter().take(MOST).map(cause).collect();
    if let (Some(last), Some(more @ 1..)) = (causes.last_mut(), failed.len().checked_sub(MOST)) {
        last.text.push_str(&format!(" {more} more failed."));
    }
    causes
}

/// The expression of a visit that could not be evaluated, with the field where it stands.
pub(super) fn expression(record: &ExecutionRecord, visit: usize) -> Option<Cause> {
    let state = record.execution.visits().get(visit)?;
    if state.stages().error.as_ref()?.error.as_deref() != Some("States.QueryEvaluationError") {
        return None;
    }
    let owners = nesting::owners(record);
    let events = record.execution.history().iter().zip(owners).rev();
    let (location, at) =
        events.filter(|(_, owner)| *owner == Some(visit)).find_map(|(event, _)| match &event.details {
            EventDetails::EvaluationFailed { location, .. } => Some((location.as_deref()?, event.timestamp)),
            _ => None,
        })?;
    let source = &record.execution.started_with().definition.state(&state.state_name)?.source;
    let text = match written_at(source, location) {
        Some(Value::String(expression)) => format!("The expression is {}", shortened(expression, 400)),
        _ => "The field is computed when the state runs.".to_owned(),
    };
    let title = format!("{location} of {} could not be evaluated", state.state_name);
    Some(Cause::new(Tone::Bad, title, text).at(at))
}

/// What the definition has at `Arguments/Names[2]/First`.
fn written_at<'a>(source: &'a Value, location: &str) -> Option<&'a Value> {
    let mut here = source;
    for step in location.split(['/', '[', ']']).filter(|step| !step.is_empty()) {
        here = match here {
            Value::Array(_) => here.as_array()?.get(step.parse::<usize>().ok()?)?,
            _ => here.get(step)?,
        };
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn a_location_leads_to_what_is_written_there() {
        let source = json!({"Arguments": {"Names": ["a", {"First": "b"}]}, "Choices": [{"Condition": "c"}]});
        let cases = [
            ("Arguments/Names[1]/First", Some("b")),
            ("Choices/0/Condition", Some("c")),
            ("Choices[0]/Condition", Some("c")),
            ("Arguments/Names[7]", None),
            ("Output", None),
        ];
        for (location, expected) in cases {
            assert_eq!(written_at(&source, location).and_then(Value::as_str), expected, "{location}");
        }
    }
}
