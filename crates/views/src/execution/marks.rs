//! What to lay over the graph: each state's latest visit in a status and a few words.

use std::rc::Rc;

use asl::StateKind;
use sfn_engine::{StateVisit, VisitOutcome};
use sim_account::ExecutionRecord;
use virtual_time::Timestamp;

use super::{RunStatus, error_name, short};

#[derive(Clone, Debug, PartialEq)]
pub struct StateMark {
    pub name: Rc<str>,
    pub status: RunStatus,
    /// `waiting 3.1 s`, `retry 2 of 3 in 1.5 s`, `States.Timeout · 3 attempts`.
    pub note: String,
    pub retries: u32,
}

/// One mark for each state that was reached, in the order of the first visit.
#[must_use]
pub fn marks(record: &ExecutionRecord, now: Timestamp) -> Vec<StateMark> {
    let visits = record.execution.visits();
    let mut marks: Vec<StateMark> = Vec::new();
    for visit in visits {
        let mark = StateMark {
            name: visit.state_name.clone(),
            status: RunStatus::of_visit(&visit.outcome),
            note: note(record, visit, now),
            retries: u32::try_from(visit.detail().retries.len()).unwrap_or(u32::MAX),
        };
        match marks.iter_mut().find(|known| known.name == mark.name) {
            Some(known) => *known = mark,
            None => marks.push(mark),
        }
    }
    marks
}

fn note(record: &ExecutionRecord, visit: &StateVisit, now: Timestamp) -> String {
    let end = visit.exited_at.or(record.execution.stop_date());
    let spent = short(end.unwrap_or(now).since(visit.entered_at));
    match &visit.outcome {
        VisitOutcome::InProgress => format!("running {spent}"),
        VisitOutcome::WaitingForCallback => match &visit.detail().task_token {
            Some(token) => format!("waiting {spent} · token {}", shortened(token)),
            None => format!("waiting {spent}"),
        },
        VisitOutcome::Retrying { next_at, .. } => {
            let left = next_at.since(now);
            let most = visit.detail().retries.last().and_then(|retry| max_attempts(record, visit, retry.retrier));
            let of = most.map(|most| format!(" of {most}")).unwrap_or_default();
            format!("retry {}{of} in {}", visit.detail().retries.len(), short(left))
        }
        VisitOutcome::Succeeded => spent,
        VisitOutcome::CaughtError { .. } | VisitOutcome::Failed | VisitOutcome::TimedOut => {
            let name = error_name(visit.stages().error.as_ref());
            match visit.detail().retries.len() {
                0 => name,
                retries => format!("{name} · {} attempts", retries + 1),
            }
        }
        VisitOutcome::Aborted => format!("aborted after {spent}"),
    }
}

fn max_attempts(record: &ExecutionRecord, visit: &StateVisit, retrier: usize) -> Option<u64> {
    let state = record.execution.started_with().definition.state(&visit.state_name)?;
    let StateKind::Task(task) = &state.kind else { return None };
    task.retry.get(retrier).map(|retrier| retrier.max_attempts)
}

/// The token's ends, as much as a person compares.
fn shortened(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    match letters.as_slice() {
        [first @ .., a, b] if letters.len() > 10 => first.iter().take(4).copied().chain(['…', *a, *b]).collect(),
        _ => token.to_owned(),
    }
}
