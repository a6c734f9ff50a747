//! What somebody else made is looked at without running and without touching one's own.

use share_link::Kind;
use shared_json::json;
use virtual_time::Duration;

use super::*;

/// A run that waits for its handler's first command.
fn waiting_for_a_handler() -> Project {
    let mut session = Session::open(workspace::tutorial()).unwrap();
    let machine = session.account().states().machines().next().unwrap().arn.to_string();
    session.call("states:StartExecution", json!({"stateMachineArn": machine})).unwrap();
    session.dispatch(Action::JumpBy(Duration::from_secs(5)));
    assert!(session.account().host_requests().next().is_some());
    Project { name: "Theirs".into(), ..session.project() }
}

fn own() -> Session {
    let mut session = Session::empty("Mine");
    session.call("sqs:CreateQueue", json!({"QueueName": "Own"})).unwrap();
    session.dispatch(Action::Play);
    session
}

fn asked_to_run(session: &mut Session) -> bool {
    let effects: Vec<HostEffect> = std::iter::from_fn(|| session.poll_effect()).collect();
    effects.iter().any(|effect| matches!(effect, HostEffect::RunHandler(_)))
}

#[test]
fn nothing_runs_before_the_visitor_lets_time_go() {
    let mut session = own();
    session.visit(waiting_for_a_handler(), Kind::Run).unwrap();
    assert_eq!(session.name(), "Theirs");
    assert!(!session.playback().playing);
    session.dispatch(Action::Tick { real_micros: 1_000_000 });
    session.dispatch(Action::StepBack);
    session.dispatch(Action::GoToStep(u64::MAX));
    assert!(!asked_to_run(&mut session));
    assert!(!session.visiting().unwrap().let_run());
    session.dispatch(Action::Play);
    assert!(asked_to_run(&mut session));
    assert!(session.visiting().unwrap().let_run());
}

#[test]
fn of_a_visit_that_is_kept_still_nothing_runs_however_time_goes() {
    let mut session = own();
    session.visit(waiting_for_a_handler(), Kind::Run).unwrap();
    session.keep_visit_still();
    for action in [Action::Play, Action::Step, Action::JumpBy(Duration::from_secs(60)), Action::JumpToNext] {
        session.dispatch(action);
    }
    assert!(!asked_to_run(&mut session));
    assert!(!session.visiting().unwrap().let_run());
}

#[test]
fn what_is_kept_is_the_persons_own_and_it_comes_back_as_it_was() {
    let mut session = own();
    let before = session.project();
    let revision = session.revision();
    session.visit(waiting_for_a_handler(), Kind::Project).unwrap();
    session.call("sqs:CreateQueue", json!({"QueueName": "Theirs"})).unwrap();
    session.dispatch(Action::Write { place: "p".into(), text: Some("t".into()) });
    assert_eq!(session.own().project(), before);
    session.visit(waiting_for_a_handler(), Kind::Run).unwrap();
    assert_eq!(session.own().project(), before, "a second visit begins at home");
    session.go_home();
    assert_eq!(session.project(), before);
    assert!(session.visiting().is_none());
    assert!(session.playback().playing, "it was playing");
    assert!(session.revision() > revision);
    assert!(!asked_to_run(&mut session));
}

#[test]
fn a_handler_that_ran_at_home_is_asked_again_after_the_visit() {
    let mut session = Session::open(waiting_for_a_handler()).unwrap();
    assert!(asked_to_run(&mut session));
    session.visit(Project::empty("Theirs"), Kind::Project).unwrap();
    assert!(!asked_to_run(&mut session));
    session.go_home();
    assert!(asked_to_run(&mut session));
}

#[test]
fn a_log_that_does_not_replay_changes_nothing() {
    let mut session = own();
    let mut broken = waiting_for_a_handler();
    broken.position.inputs += 7;
    assert!(session.visit(broken, Kind::Run).is_err());
    assert!(session.visiting().is_none());
    assert_eq!(session.name(), "Mine");
}
