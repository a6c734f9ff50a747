//! A visit: what somebody else made is shown in place of the person's own work, which waits untouched until they are
//! back. Nothing of the visited work is kept, and no handler of it runs before the visitor lets time go.

use share_link::Kind;
use sim_account::ReplayError;
use workspace::Project;

use super::{Action, HostEffect, Session};

#[derive(Debug)]
pub struct Visit {
    home: Box<Session>,
    kind: Kind,
    /// The visitor let time go: handlers may run.
    let_run: bool,
    /// Nobody may let them run.
    still: bool,
    /// Tells one visit from another.
    begun: u64,
}

impl Visit {
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    #[must_use]
    pub fn let_run(&self) -> bool {
        self.let_run
    }

    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun
    }
}

impl Session {
    /// Shows a received project, paused. Of two visits in a row the first one ends.
    ///
    /// # Errors
    /// When the project's log cannot be replayed; then nothing changed.
    pub fn visit(&mut self, project: Project, kind: Kind) -> Result<(), ReplayError> {
        let mut visited = Session::open(project).map_err(|failed| failed.1)?;
        self.go_home();
        // Whatever its account waits for, the worker is not asked.
        visited.outbox.clear();
        visited.environments.forget();
        std::mem::swap(self, &mut visited);
        let mut home = Box::new(visited);
        self.follow(&mut home);
        self.visit = Some(Visit { home, kind, let_run: false, still: false, begun: self.revision });
        Ok(())
    }

    /// Ends the visit, if there is one: the person's own work is there again, as they left it.
    pub fn go_home(&mut self) {
        let Some(visit) = self.visit.take() else { return };
        let mut visited = std::mem::replace(self, *visit.home);
        self.follow(&mut visited);
        self.ask_host();
    }

    /// Goes on in the place of another session: with its messages' numbers, and with what it still asks of the browser.
    fn follow(&mut self, before: &mut Session) {
        before.environments.forget();
        self.environments.forget();
        self.revision = self.revision.max(before.revision) + 1;
        self.next_flash = self.next_flash.max(before.next_flash);
        let asked = std::mem::take(&mut before.outbox);
        self.outbox.extend(asked.into_iter().filter(|effect| !matches!(effect, HostEffect::RunHandler(_))));
        self.outbox.push_back(HostEffect::StopWorker);
    }

    /// What is visited can only be looked at: its handlers run for nobody.
    pub fn keep_visit_still(&mut self) {
        if let Some(visit) = &mut self.visit {
            visit.still = true;
        }
    }

    /// The visit that goes on, if one does.
    #[must_use]
    pub fn visiting(&self) -> Option<&Visit> {
        self.visit.as_ref()
    }

    /// The person's own work, which is what is kept: during a visit it is not what is shown.
    #[must_use]
    pub fn own(&self) -> &Session {
        self.visit.as_ref().map_or(self, |visit| &visit.home)
    }

    /// The same, to be renamed or kept.
    pub fn own_mut(&mut self) -> &mut Session {
        if self.visit.is_none() {
            return self;
        }
        &mut self.visit.as_mut().expect("it is there, as was just seen").home
    }

    /// Whether handlers must wait for the visitor's word.
    pub(super) fn handlers_wait(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| !visit.let_run)
    }

    /// Letting time go is that word.
    pub(super) fn hear_word(&mut self, action: &Action) {
        let goes_on = matches!(action, Action::Play | Action::Step | Action::JumpToNext | Action::JumpBy(_));
        if let Some(visit) = self.visit.as_mut().filter(|visit| goes_on && !visit.let_run && !visit.still) {
            visit.let_run = true;
            self.ask_host();
        }
    }
}
