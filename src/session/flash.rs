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

impl Session {
    /// Shows and announces a message; the same text replaces its older self.
    pub fn say(&mut self, kind: FlashKind, text: impl Into<String>, remedy: Option<Action>) {
        const MOST: usize = 3;
        let text = text.into();
        self.flashes.retain(|flash| flash.text != text);
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
        self.flashes.retain(|flash| {
            flash.id > up_to || flash.remedy.is_some() || matches!(flash.kind, FlashKind::Warning | FlashKind::Error)
        });
        self.revision += 1;
    }

    pub(super) fn dismiss(&mut self, id: u64) {
        self.flashes.retain(|flash| flash.id != id);
        self.revision += 1;
    }
}
