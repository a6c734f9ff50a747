use aws_protocol::handler::{Command, KillReason, Turn, TurnState};
use shared_json::json;
use virtual_time::Duration;

use super::*;
use crate::worker_protocol::WorkerReply;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:InventoryStateMachine";

fn tutorial() -> Session {
    Session::open(workspace::tutorial()).unwrap()
}

fn start(session: &mut Session, name: &str) {
    session.call("states:StartExecution", json!({"stateMachineArn": MACHINE, "name": name})).unwrap();
}

fn status(session: &Session) -> Vec<&'static str> {
    session.account().states().executions().iter().map(|e| e.execution.status().name()).collect()
}

/// Plays a worker that answers every command as told, until nothing is asked any more.
fn serve(session: &mut Session, answer: impl Fn(&Command) -> TurnState) -> usize {
    let mut served = 0;
    while let Some(effect) = session.poll_effect() {
        if let HostEffect::RunHandler(request) = effect {
            served += 1;
            let state = answer(request.commands.last().expect("a request has commands"));
            let turn = Turn { micros: 50, logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state };
            session.dispatch(Action::WorkerReplied(WorkerReply { environment: request.environment, turn: Some(turn) }));
        }
    }
    served
}

fn forgets(command: &Command) -> TurnState {
    match command {
        Command::Init { .. } => TurnState::Idle,
        Command::Invoke { .. } | Command::Resume { .. } => TurnState::Done { result: "null".into() },
    }
}

#[test]
fn playing_carries_virtual_time_with_real_time() {
    let mut session = tutorial();
    let before = session.account().now();
    session.dispatch(Action::Tick { real_micros: 1_000_000 });
    assert_eq!(session.account().now(), before, "paused");
    session.dispatch(Action::Play);
    session.dispatch(Action::Tick { real_micros: 16_000 });
    assert_eq!(session.account().now().since(before), Duration::from_millis(16));
    session.dispatch(Action::SetSpeed(Speed::Hundredfold));
    session.dispatch(Action::Tick { real_micros: 10_000 });
    assert_eq!(session.account().now().since(before), Duration::from_millis(1_016));
}

#[test]
fn time_stands_still_while_a_handler_runs() {
    let mut session = tutorial();
    start(&mut session, "one");
    session.dispatch(Action::JumpBy(Duration::from_secs(3_000)));
    let stopped = session.account().now();
    session.dispatch(Action::JumpBy(Duration::from_secs(3_000)));
    assert_eq!(session.account().now(), stopped);
    assert!(serve(&mut session, forgets) >= 1, "the code is loaded first");
    session.dispatch(Action::JumpBy(Duration::from_secs(1)));
    assert!(session.account().now() > stopped);
}

#[test]
fn a_lost_worker_fails_the_invocation_and_the_next_one_gets_a_new_environment() {
    for reason in [KillReason::Unresponsive, KillReason::Crashed, KillReason::OutOfMemory] {
        let mut session = tutorial();
        start(&mut session, "one");
        session.dispatch(Action::JumpBy(Duration::from_secs(10)));
        session.dispatch(Action::WorkerLost(reason));
        session.dispatch(Action::JumpBy(Duration::from_secs(60)));
        serve(&mut session, forgets);
        session.dispatch(Action::JumpBy(Duration::from_secs(60)));
        serve(&mut session, forgets);
        let killed = session.project().log.iter().any(|entry| format!("{entry:?}").contains("Killed"));
        assert!(killed, "the kill is an entry of the log");
        let again = Session::open(session.project()).unwrap();
        assert_eq!(again.account().snapshot().to_string(), session.account().snapshot().to_string());
    }
}

#[test]
fn stepping_back_and_forth_reaches_the_same_end() {
    let mut session = tutorial();
    start(&mut session, "one");
    for _ in 0..12 {
        session.dispatch(Action::Step);
        serve(&mut session, forgets);
    }
    let end = session.account().position().steps;
    let there = session.account().snapshot().to_string();
    for _ in 0..5 {
        session.dispatch(Action::StepBack);
    }
    assert!(session.account().position().steps < end);
    assert!(session.in_the_past());
    session.dispatch(Action::GoToStep(end));
    assert_eq!(session.account().position().steps, end);
    let mut again = session.account().snapshot();
    // A place between two steps may differ in the clock only.
    again = again.with("now", shared_json::Value::parse(&there).unwrap()["now"].clone());
    assert_eq!(again, shared_json::Value::parse(&there).unwrap());
}

#[test]
fn a_change_in_the_past_sets_the_later_run_aside_and_it_can_come_back() {
    let mut session = tutorial();
    start(&mut session, "one");
    session.dispatch(Action::Step);
    start(&mut session, "two");
    session.dispatch(Action::Step);
    let whole = session.project().log.len();
    session.dispatch(Action::BackToStart);
    session.dispatch(Action::GoToStep(1));
    session.call("sqs:CreateQueue", json!({"QueueName": "another"})).unwrap();
    assert!(session.flashes().iter().any(|flash| flash.remedy.is_some()));
    session.dispatch(Action::BringBack);
    assert_eq!(session.project().log.len(), whole);
    assert_eq!(status(&session).len(), 2);
}

#[test]
fn a_reload_in_mid_run_brings_everything_back() {
    let mut session = tutorial();
    start(&mut session, "one");
    session.dispatch(Action::Write { place: "state-machine:new".into(), text: Some("{ \"StartAt\"".into()) });
    session.dispatch(Action::JumpBy(Duration::from_secs(5)));
    let project = Project::from_json(&session.project().to_json()).unwrap();
    let mut again = Session::open(project).unwrap();
    assert_eq!(again.account().snapshot().to_string(), session.account().snapshot().to_string());
    assert_eq!(again.draft("state-machine:new"), Some("{ \"StartAt\""));
    // The handler that was running is asked for again.
    assert!(serve(&mut again, forgets) >= 1);
}

#[test]
fn a_step_passes_over_idle_polls_and_says_when_nothing_is_left() {
    let mut session = Session::empty("Empty");
    session.dispatch(Action::Step);
    assert!(session.flashes().iter().any(|flash| flash.text.contains("Nothing is left")));

    let mut session = tutorial();
    let before = session.account().position();
    session.dispatch(Action::Step);
    assert_eq!(session.account().position(), before, "only idle polls lie ahead");
    assert_eq!(session.furthest_step(), before.steps, "and are no part of the run");
}
