//! Lessons in a session: ticks, steps done for the person, and steps begun anew.

use std::collections::BTreeMap;

use js_runtime::{Environment, RuntimeLimits};

use super::*;
use crate::worker_protocol::WorkerReply;

/// The tutorial's lesson, as the page opens it.
fn tutorial() -> Session {
    let source = include_str!("../../crates/lessons/lessons/orders-queue.md");
    let lesson = lessons::read(source).unwrap();
    let project = lesson_project("orders-queue", &lesson, Some(source.to_owned())).unwrap();
    Session::open(project).unwrap()
}

fn done(session: &Session) -> usize {
    session.course().unwrap().progress().done()
}

/// Plays the worker with the interpreter until nothing is asked any more. Gives what was said to screen readers.
fn serve(session: &mut Session) -> Vec<String> {
    let mut environments = BTreeMap::new();
    let mut said = Vec::new();
    while let Some(effect) = session.poll_effect() {
        match effect {
            HostEffect::RunHandler(request) => {
                let warm = environments.entry(request.environment);
                let environment = warm.or_insert_with(|| Environment::new(RuntimeLimits::default()));
                let turn = request.commands.iter().map(|command| environment.run(command)).last();
                let reply = WorkerReply { environment: request.environment, turn };
                session.dispatch(Action::WorkerReplied(reply));
            }
            HostEffect::Announce(text) => said.push(text),
            _ => {}
        }
    }
    said
}

#[test]
fn steps_done_for_the_person_tick_and_are_told() {
    let mut session = tutorial();
    let steps = session.course().unwrap().lesson().unwrap().steps.len();
    for step in 0..steps {
        assert_eq!(done(&session), step);
        session.do_step(step);
        let said = serve(&mut session);
        assert_eq!(done(&session), step + 1, "{said:?}");
        assert!(said.iter().any(|text| text.starts_with("Done: ")), "{said:?}");
        assert_eq!(session.course().unwrap().doing(), None);
    }
}

#[test]
fn a_step_begins_anew_and_what_was_done_can_be_brought_back() {
    let mut session = tutorial();
    for step in 0..5 {
        session.do_step(step);
        serve(&mut session);
    }
    let executions = |session: &Session| session.account().states().executions().len();
    assert_eq!((done(&session), executions(&session)), (5, 1));
    session.reset_step(4);
    assert_eq!((done(&session), executions(&session)), (4, 0));
    assert!(!session.in_the_past(), "playing would not do it again");
    session.dispatch(Action::BringBack);
    assert_eq!((done(&session), executions(&session)), (5, 1));
}

#[test]
fn going_back_and_forth_in_time_unticks_and_ticks() {
    let mut session = tutorial();
    for step in 0..5 {
        session.do_step(step);
        serve(&mut session);
    }
    let end = session.account().position().steps;
    session.dispatch(Action::GoToStep(2));
    assert!(done(&session) < 5);
    session.dispatch(Action::GoToStep(end));
    assert_eq!(done(&session), 5);
}

/// The teacher's loop: the project alone tells which steps were done, and when.
#[test]
fn whoever_receives_the_project_sees_the_ticks() {
    let mut session = tutorial();
    for step in 0..3 {
        session.do_step(step);
        serve(&mut session);
    }
    let ticks: Vec<_> = session.course().unwrap().progress().ticks().collect();
    let text = session.project().to_json();
    let received = Session::open(Project::from_json(&text).unwrap()).unwrap();
    assert_eq!(received.course().unwrap().progress().ticks().collect::<Vec<_>>(), ticks);
}

#[test]
fn a_report_tells_of_the_whole_run_wherever_the_clock_stands() {
    let mut session = tutorial();
    for step in 0..3 {
        session.do_step(step);
        serve(&mut session);
    }
    let report = session.report().unwrap();
    assert_eq!((report.done(), report.steps.len()), (3, 7));
    let ticks: Vec<_> = session.course().unwrap().progress().ticks().collect();
    let moments: Vec<_> = report.steps.iter().filter_map(|step| step.done).map(|done| done.at).collect();
    assert_eq!(moments, ticks);
    let inputs: usize = report.steps.iter().filter_map(|step| step.done).map(|done| done.inputs).sum();
    assert_eq!(inputs, ticks[2].inputs - session.course().unwrap().mark.from.inputs, "all that was done for them");
    session.go_to(moments[0]);
    assert_eq!(session.account().position(), moments[0]);
    assert_eq!(done(&session), 1);
    assert_eq!(session.report().unwrap(), report);
    session.go_to(moments[2]);
    assert_eq!(done(&session), 3);
}

#[test]
fn a_lesson_of_the_page_waits_for_its_file() {
    let source = include_str!("../../crates/lessons/lessons/fifo.md");
    let lesson = lessons::read(source).unwrap();
    let mut session = Session::open(lesson_project("fifo", &lesson, None).unwrap()).unwrap();
    assert!(session.course().unwrap().lesson().is_none());
    session.do_step(0);
    let catalogue = lessons::Catalogue::read(&format!("\u{1e}lessons/fifo.md\n{source}"));
    session.find_lesson(&catalogue);
    session.do_step(0);
    assert_eq!(done(&session), 1);
    session.leave_lesson();
    assert!(session.project().lesson.is_none());
    assert_eq!(session.account().queues().queues().count(), 1, "what was done stays");
}
