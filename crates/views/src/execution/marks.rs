//! What to lay over the graph: what became of each state, in a status and a few words.

use std::collections::BTreeMap;
use std::rc::Rc;

use sfn_engine::{StateVisit, VisitOutcome};
use sim_account::{Account, ExecutionRecord};
use virtual_time::Timestamp;

use super::map_run::children;
use super::nesting::{attempt_began, newest};
use super::{RunStatus, error_name, short};

#[derive(Clone, Debug, PartialEq)]
pub struct StateMark {
    pub name: Rc<str>,
    /// Of several visits side by side the one that matters most: failed, running, then ended well.
    pub status: RunStatus,
    /// `waiting 3.1 s`, `retry 2 of 3 in 1.5 s`, `States.Timeout · 3 attempts`, `×5 · 1 failed`.
    pub note: String,
    pub retries: u32,
    /// Visits side by side, one for each iteration of the Maps around it.
    pub count: usize,
}

/// A state with the visits that count for it.
struct Group<'a> {
    name: &'a Rc<str>,
    visits: Vec<(&'a ExecutionRecord, &'a StateVisit)>,
}

/// One mark for each state that was reached, in the order of the first visit. Inside a distributed Map they tell of its
/// child executions.
#[must_use]
pub fn marks(account: &Account, record: &ExecutionRecord, now: Timestamp) -> Vec<StateMark> {
    let mut groups = Groups::default();
    collect(account, record, &mut groups);
    groups.all.iter().map(|group| mark(account, group, now)).collect()
}

#[derive(Default)]
struct Groups<'a> {
    all: Vec<Group<'a>>,
    by_name: BTreeMap<&'a str, usize>,
}

fn collect<'a>(account: &'a Account, record: &'a ExecutionRecord, groups: &mut Groups<'a>) {
    let visits = record.execution.visits();
    for (visit, counts) in visits.iter().zip(newest(visits)) {
        if !counts {
            continue;
        }
        let next = groups.all.len();
        let index = *groups.by_name.entry(&visit.state_name).or_insert(next);
        match groups.all.get_mut(index) {
            Some(group) => group.visits.push((record, visit)),
            None => groups.all.push(Group { name: &visit.state_name, visits: vec![(record, visit)] }),
        }
        for child in children(account, visit) {
            collect(account, child, groups);
        }
    }
}

fn mark(account: &Account, group: &Group, now: Timestamp) -> StateMark {
    let status = |visit: &StateVisit| RunStatus::of_visit(&visit.outcome);
    let retries = group.visits.iter().map(|(_, visit)| visit.detail().retries.len()).max().unwrap_or_default();
    let worst = group.visits.iter().map(|(_, visit)| status(visit)).min_by_key(|status| status.weight());
    StateMark {
        name: Rc::clone(group.name),
        status: worst.unwrap_or(RunStatus::InProgress),
        note: match group.visits.as_slice() {
            [(record, visit)] => note(account, record, visit, now),
            many => count_note(many.iter().map(|(_, visit)| status(visit))),
        },
        retries: u32::try_from(retries).unwrap_or(u32::MAX),
        count: group.visits.len(),
    }
}

/// `×5 · 1 failed, 2 running`
fn count_note(statuses: impl ExactSizeIterator<Item = RunStatus> + Clone) -> String {
    let words = [
        (RunStatus::Failed, "failed"),
        (RunStatus::TimedOut, "timed out"),
        (RunStatus::Retrying, "retrying"),
        (RunStatus::WaitingForCallback, "waiting"),
        (RunStatus::InProgress, "running"),
        (RunStatus::Aborted, "aborted"),
        (RunStatus::CaughtError, "caught"),
    ];
    let count = |wanted: RunStatus| statuses.clone().filter(|status| *status == wanted).count();
    let counts = words.into_iter().map(|(status, word)| (count(status), word)).filter(|(count, _)| *count > 0);
    let told: Vec<String> = counts.take(2).map(|(count, word)| format!("{count} {word}")).collect();
    let dot = if told.is_empty() { "" } else { " · " };
    format!("×{}{dot}{}", statuses.len(), told.join(", "))
}

fn note(account: &Account, record: &ExecutionRecord, visit: &StateVisit, now: Timestamp) -> String {
    let end = visit.exited_at.or(record.execution.stop_date());
    let spent = short(end.unwrap_or(now).since(visit.entered_at));
    let items = items(account, record, visit);
    match &visit.outcome {
        VisitOutcome::InProgress => format!("{items}running {spent}"),
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
        VisitOutcome::Succeeded => format!("{items}{spent}"),
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

/// `2 of 5 items · `; empty for states without items.
fn items(account: &Account, record: &ExecutionRecord, visit: &StateVisit) -> String {
    let (done, all) = match (visit.detail().iterations, &visit.detail().map_run_arn) {
        (_, Some(arn)) => {
            let Some(run) = account.states().map_run(arn) else { return String::new() };
            (run.items_with(sfn_engine::Status::Succeeded), run.items())
        }
        (Some(all), None) => (ended_iterations(record, visit), u64::try_from(all).unwrap_or(u64::MAX)),
        (None, None) => return String::new(),
    };
    let noun = if all == 1 { "item" } else { "items" };
    match visit.outcome {
        VisitOutcome::InProgress => format!("{done} of {all} {noun} · "),
        _ => format!("{all} {noun} · "),
    }
}

fn ended_iterations(record: &ExecutionRecord, map: &StateVisit) -> u64 {
    let visits = record.execution.visits();
    let inside = |visit: &&StateVisit| {
        let around = visit.within.and_then(|within| visits.get(within.visit));
        around.is_some_and(|around| around.entered_event_id == map.entered_event_id)
            && visit.entered_at >= attempt_began(map)
    };
    visits.iter().filter(inside).filter(|visit| ends_its_part(visit)).count() as u64
}

/// The last state of a branch or iteration that ended well.
fn ends_its_part(visit: &StateVisit) -> bool {
    visit.exited_at.is_some() && visit.next.is_none() && visit.outcome == VisitOutcome::Succeeded
}

fn max_attempts(record: &ExecutionRecord, visit: &StateVisit, retrier: usize) -> Option<u64> {
    let state = record.execution.started_with().definition.state(&visit.state_name)?;
    state.retry().get(retrier).map(|retrier| retrier.max_attempts)
}

/// The token's ends, as much as a person compares.
fn shortened(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    match letters.as_slice() {
        [first @ .., a, b] if letters.len() > 10 => first.iter().take(4).copied().chain(['…', *a, *b]).collect(),
        _ => token.to_owned(),
    }
}
