//! What holds for every definition, whatever its tasks answer.

mod support;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sfn_engine::{ExecutionStart, HistoryEvent, Status, VisitOutcome};
use shared_json::Value;
use support::random::{Chance, Story, definition, play};
use support::start;

/// The same cases in every run.
fn for_bytes(cases: u32, check: impl Fn(&[u8]) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    TestRunner::new_with_rng(config, rng)
        .run(&prop::collection::vec(any::<u8>(), 0..300), |bytes| check(&bytes))
        .unwrap();
}

fn made(chance: &mut Chance) -> Option<(Value, ExecutionStart)> {
    let definition = definition(chance);
    asl::parse(&definition.to_string()).checked?;
    let input = chance.json(3).to_string();
    let mut made = start(&definition, &input);
    made.limits.max_events = 400;
    made.limits.max_payload_bytes = 8_000;
    made.seed = chance.below(256) as u64;
    made.transition = virtual_time::Duration::from_millis([0, 0, 0, 20][chance.below(4)]);
    Some((definition, made))
}

fn text(story: &Story) -> String {
    story.execution.history().iter().map(|event| event.to_value().to_string() + "\n").collect()
}

fn whole(story: &Story) -> Result<(), TestCaseError> {
    let history = story.execution.history();
    let terminal = |event: &HistoryEvent| {
        matches!(
            event.event_type(),
            "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionAborted" | "ExecutionTimedOut"
        )
    };
    for (index, event) in history.iter().enumerate() {
        prop_assert_eq!(event.id, index as u64 + 1);
        prop_assert!(event.previous_event_id < event.id);
        prop_assert!(index == 0 || event.timestamp >= history[index - 1].timestamp);
        let written = event.to_value();
        prop_assert_eq!(HistoryEvent::from_value(&written).map(|event| event.to_value()), Some(written));
    }
    prop_assert!(story.execution.status() != Status::Running, "it does not end");
    prop_assert_eq!(history.iter().filter(|event| terminal(event)).count(), 1 + story.execution.redrives().len());
    prop_assert!(history.last().is_some_and(terminal));
    prop_assert_eq!(story.ended, 1 + story.execution.redrives().len());
    prop_assert!(history.len() <= 400);
    prop_assert_eq!(story.execution.next_wakeup(), None);
    prop_assert!(story.open.is_empty(), "still open: {:?}", story.open);
    Ok(())
}

fn visited(story: &Story) -> Result<(), TestCaseError> {
    let count = |end: &str| story.execution.history().iter().filter(|event| event.event_type().ends_with(end)).count();
    let visits = story.execution.visits();
    prop_assert_eq!(count("StateEntered"), visits.len());
    let left = visits.iter().filter(|visit| visit.output.is_some()).count();
    // The history may be full just when a state is left.
    prop_assert!(
        left == count("StateExited") || (left == count("StateExited") + 1 && story.execution.history().len() == 400)
    );
    let mut aborted = false;
    for visit in visits {
        prop_assert!(visit.exited_at.is_some(), "{} is open", visit.state_name);
        match visit.outcome {
            VisitOutcome::Succeeded | VisitOutcome::CaughtError { .. } => prop_assert!(visit.output.is_some()),
            VisitOutcome::Failed | VisitOutcome::TimedOut | VisitOutcome::Aborted => aborted = true,
            _ => prop_assert!(false, "{} has not ended: {:?}", visit.state_name, visit.outcome),
        }
    }
    if story.execution.status() == Status::Succeeded && !aborted {
        prop_assert_eq!(count("StateEntered"), count("StateExited"));
    }
    Ok(())
}

#[test]
fn every_run_ends_with_a_whole_history() {
    for_bytes(1_500, |bytes| {
        let mut chance = Chance::new(bytes);
        let Some((definition, made)) = made(&mut chance) else { return Ok(()) };
        let story = play(made, &mut chance);
        let checked = whole(&story).and_then(|()| visited(&story));
        checked.map_err(|error| TestCaseError::fail(format!("{error}\n{definition}\n{}", text(&story))))
    });
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    for_bytes(400, |bytes| {
        let play = || {
            let mut chance = Chance::new(bytes);
            made(&mut chance).map(|(_, made)| play(made, &mut chance))
        };
        let (Some(one), Some(two)) = (play(), play()) else { return Ok(()) };
        prop_assert_eq!(text(&one), text(&two));
        prop_assert_eq!(&one.effects, &two.effects);
        prop_assert_eq!(one.execution.visits(), two.execution.visits());
        Ok(())
    });
}

#[test]
fn most_definitions_are_taken() {
    let taken = std::cell::Cell::new((0, 0));
    for_bytes(300, |bytes| {
        let (yes, all) = taken.get();
        taken.set((yes + u32::from(made(&mut Chance::new(bytes)).is_some()), all + 1));
        Ok(())
    });
    let (yes, all) = taken.get();
    assert!(yes * 4 >= all * 3, "{yes} of {all}");
}
