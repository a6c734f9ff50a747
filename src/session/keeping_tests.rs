//! Whatever a person does, what is kept piece by piece is the project as it stands.

use aws_protocol::handler::{Command, Turn, TurnState};
use shared_json::json;
use virtual_time::Duration;
use workspace::kept::{Keeper, Kept, Write};

use super::*;
use crate::worker_protocol::WorkerReply;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:InventoryStateMachine";

/// A page with what it has kept.
struct Tab {
    session: Session,
    keeper: Keeper,
    kept: Kept,
}

impl Tab {
    fn open() -> Tab {
        let project = workspace::tutorial();
        let keeper = Keeper::new("tab", &project);
        Tab { session: Session::open(project).unwrap(), keeper, kept: Kept::default() }
    }

    fn save(&mut self) {
        loop {
            let (work, unchanged, _) = self.session.take_work();
            self.keeper.cut(unchanged);
            let write = self.keeper.next(&work);
            self.keeper.done(&write);
            match write {
                Write::Piece { name, text } => drop(self.kept.pieces.insert(name, text)),
                Write::Head { text, unneeded, .. } => {
                    self.kept.head = Some(text);
                    self.kept.pieces.retain(|name, _| !unneeded.contains(name));
                    break;
                }
            }
        }
        assert_eq!(self.kept.read("reader").unwrap().0, self.session.project());
    }

    fn serve(&mut self) {
        while let Some(effect) = self.session.poll_effect() {
            let HostEffect::RunHandler(request) = effect else { continue };
            let state = match request.commands.last() {
                Some(Command::Init { .. }) => TurnState::Idle,
                _ => TurnState::Done { result: "null".into() },
            };
            let turn = Turn { micros: 50, logs: Vec::new(), calls: Vec::new(), notices: Vec::new(), state };
            let reply = WorkerReply { environment: request.environment, turn: Some(turn) };
            self.session.dispatch(Action::WorkerReplied(reply));
        }
    }
}

#[test]
fn what_is_kept_is_the_project_whatever_is_done() {
    let mut tab = Tab::open();
    tab.save();
    // A fixed, uneven sequence of deeds; each number picks one.
    let mut chance = 7_u64;
    for round in 0..400 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = chance >> 33;
        let session = &mut tab.session;
        match pick % 12 {
            0 | 1 => {
                let name = format!("run-{round}");
                let _ = session.call("states:StartExecution", json!({"stateMachineArn": MACHINE, "name": name}));
            }
            2 => drop(session.call("sqs:CreateQueue", json!({"QueueName": format!("q{}", pick % 40)}))),
            3 => {
                let url = format!("https://sqs.us-east-1.amazonaws.com/123456789012/q{}", pick % 40);
                let _ = session.call("sqs:DeleteQueue", json!({"QueueUrl": url}));
            }
            4 => session.dispatch(Action::JumpBy(Duration::from_secs(pick % 50))),
            5 => session.dispatch(Action::StepBack),
            6 => session.dispatch(Action::GoToStep(pick % (session.furthest_step() + 1))),
            7 => session.dispatch(Action::BringBack),
            8 => session.dispatch(Action::Step),
            9 => {
                let undo = session.flashes().iter().find_map(|flash| flash.remedy.clone());
                if let Some(undo) = undo {
                    session.dispatch(*undo);
                }
            }
            10 => session.dispatch(Action::Write { place: "p".into(), text: Some(round.to_string()) }),
            _ => session.rename(&format!("Round {round}")),
        }
        if !pick.is_multiple_of(3) {
            tab.serve();
        }
        if !pick.is_multiple_of(4) {
            tab.save();
        }
    }
    tab.save();
    let (beginning, tutorial) = (tab.kept.beginning().unwrap(), workspace::tutorial());
    assert_eq!((beginning.log, beginning.position), (tutorial.log, tutorial.position));
}

#[test]
fn a_reset_goes_back_to_the_beginning_and_can_be_undone() {
    let mut tab = Tab::open();
    tab.session.call("sqs:CreateQueue", json!({"QueueName": "Mine"})).unwrap();
    tab.save();
    let before = tab.session.project().log;
    tab.session.reset(&tab.kept.beginning().unwrap());
    tab.save();
    assert_eq!(tab.session.project().log, workspace::tutorial().log);
    tab.session.dispatch(Action::BringBack);
    tab.save();
    assert_eq!(tab.session.project().log, before);
}
