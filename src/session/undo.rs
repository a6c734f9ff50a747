//! Undoing a deletion: the account is the fold of its log, so it is made anew from a log without it. What happened since
//! is told again, each call at its time; what cannot be told again is counted and set aside, not hidden.

use shared_json::Value;
use sim_account::{Account, LoggedInput};

use super::{Action, FlashKind, Session};

/// Calls that delete something by their own name, and the parameter that names it.
const DELETIONS: [(&str, &str, &str); 6] = [
    ("sqs:DeleteQueue", "QueueUrl", "Deleted"),
    ("sqs:PurgeQueue", "QueueUrl", "Purged"),
    ("lambda:DeleteFunction", "FunctionName", "Deleted"),
    ("lambda:DeleteEventSourceMapping", "UUID", "Deleted the trigger"),
    ("iam:DeleteRole", "RoleName", "Deleted"),
    ("states:DeleteStateMachine", "stateMachineArn", "Deleted"),
];

impl Session {
    /// Offers to undo what the last call of the log deleted.
    pub(super) fn offer_undo(&mut self, action: &str, params: &Value) {
        let Some((verb, name)) = deleted(action, params) else { return };
        let to = self.account.log().len();
        let from = self.first_of_gesture(to);
        self.say(FlashKind::Success, format!("{verb} {name}."), Some(Action::Undo { from, to, name }));
    }

    /// A role is emptied before it is deleted, at the same moment: that is one deed.
    fn first_of_gesture(&self, to: usize) -> usize {
        let log = self.account.log();
        let Some(last) = to.checked_sub(1).and_then(|at| log.get(at)) else { return to };
        let role = |input: &LoggedInput| match input {
            LoggedInput::Call { action, params } => {
                let emptying = ["iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole"];
                let role = params.get_str("RoleName").filter(|_| emptying.contains(&action.as_str()));
                role.map(str::to_owned)
            }
            LoggedInput::HostAnswer { .. } => None,
        };
        let Some(name) = role(&last.input) else { return to - 1 };
        let same = |entry: &&sim_account::LogEntry| {
            entry.at.steps == last.at.steps && role(&entry.input).as_deref() == Some(name.as_str())
        };
        to - log[..to].iter().rev().take_while(same).count()
    }

    /// Makes the account anew without some entries of its log.
    pub(super) fn undo(&mut self, from: usize, to: usize, name: &str) {
        let log = self.timeline.whole_log(&self.account);
        let Some(first) = log.get(from).filter(|_| from < to && to <= log.len()) else { return };
        let is_it = |input: &LoggedInput| match input {
            LoggedInput::Call { action, params } => deleted(action, params).is_some_and(|(_, known)| known == name),
            LoggedInput::HostAnswer { .. } => false,
        };
        self.flashes.retain(|flash| !matches!(flash.remedy.as_deref(), Some(Action::Undo { .. })));
        if !is_it(&log[to - 1].input) {
            return self.say(FlashKind::Info, format!("{name} was not deleted in this run."), None);
        }
        let (at, now) = (first.at, self.account.now());
        let told = self.account.log().len();
        if told < to {
            return self.say(FlashKind::Info, format!("{name} is there at this moment of the run."), None);
        }
        let Ok(mut account) = Account::replay(self.account.options().clone(), &log, at) else {
            return self.say(FlashKind::Error, "The run could not be told again, so nothing was undone.", None);
        };
        let later = &log[to..told];
        let kept = account.retell(&self.account, later, now);
        let lost = later[kept..].iter().filter(|entry| matches!(entry.input, LoggedInput::Call { .. })).count();
        let behind = account.now() < now;
        self.put_in_place(account);
        self.say(FlashKind::Success, said(name, lost, behind), Some(Action::Redo));
    }
}

/// What a call deletes: the word for it and the thing's name.
fn deleted(action: &str, params: &Value) -> Option<(&'static str, String)> {
    let (_, member, verb) = DELETIONS.iter().find(|(name, _, _)| *name == action)?;
    let name = params.get_str(member)?;
    Some((verb, name.rsplit(['/', ':']).next().unwrap_or(name).to_owned()))
}

/// What became of the rest, in words.
fn said(name: &str, lost: usize, behind: bool) -> String {
    let calls = match lost {
        0 => String::new(),
        1 => " One later action of yours could not be kept.".to_owned(),
        lost => format!(" {lost} later actions of yours could not be kept."),
    };
    let time = if behind { " The clock is back at the moment from which things go another way." } else { "" };
    format!("{name} is back.{calls}{time}")
}
