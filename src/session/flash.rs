//! Messages over the page: what was done, what was refused. They never cover the work.

use super::{Action, HostEffect, Session};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashKind {
    Success,
    Info,
    Warning,
    Error,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Flash {
    pub id: u64,
    pub kind: FlashKind,
    pub text: String,
    /// What the message's button does, when it has one.
    pub remedy: Option<Box<Action>>,
}

impl FlashKind {
    fn is_good(self) -> bool {
        matches!(self, FlashKind::Success | FlashKind::Info)
    }
}

impl Flash {
    /// Asks for nothing, so that it may go by itself.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.kind.is_good() && self.remedy.is_none()
    }
}

impl Session {
    /// Shows and announces a message. The same text replaces its older self, and good news the good news before it.
    pub fn say(&mut self, kind: FlashKind, text: impl Into<String>, remedy: Option<Action>) {
        const MOST: usize = 3;
        let text = text.into();
        self.flashes.retain(|flash| flash.text != text);
        if kind.is_good() && remedy.is_none() {
            self.flashes.retain(|flash| !flash.is_passing());
        }
        if self.flashes.len() == MOST {
            self.flashes.remove(0);
        }
        self.outbox.push_back(HostEffect::Announce(text.clone()));
        self.flashes.push(Flash { id: self.next_flash, kind, text, remedy: remedy.map(Box::new) });
        self.next_flash += 1;
        self.revision += 1;
    }

    /// Takes away good news up to this one, except what offers something to do.
    pub fn dismiss_passing(&mut self, up_to: u64) {
        self.flashes.retain(|flash| flash.id > up_to || !flash.is_passing());
        self.revision += 1;
    }

    pub(super) fn dismiss(&mut self, id: u64) {
        self.flashes.retain(|flash| flash.id != id);
        self.revision += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_news_follows_good_news_and_what_asks_for_something_stays() {
        let mut session = Session::empty("Workspace");
        session.say(FlashKind::Success, "Created A.", None);
        session.say(FlashKind::Success, "Deleted A.", Some(Action::Redo));
        session.say(FlashKind::Error, "Refused.", None);
        session.say(FlashKind::Success, "Created B.", None);
        let shown: Vec<&str> = session.flashes().iter().map(|flash| &*flash.text).collect();
        assert_eq!(shown, ["Deleted A.", "Refused.", "Created B."]);
    }
}
