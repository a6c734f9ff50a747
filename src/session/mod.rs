//! The session: one person's work with one account. Pure: it reads no clock and touches no browser, so that it
//! is tested natively. What it needs from the browser it puts into an outbox of [`HostEffect`]s, which the
//! driver performs; what the browser answers comes back as an [`Action`].

mod action;
mod command_line;
mod course;
mod effect;
mod flash;
mod handlers;
mod place;
mod playback;
mod report;
mod timeline;
mod undo;
mod visit;

use std::collections::BTreeMap;
use std::collections::VecDeque;

use aws_protocol::AwsError;
use shared_json::Value;
use sim_account::{Account, Called, LimitProfile};
use workspace::Project;
use workspace::kept::Work;

pub use action::{Action, WorkspaceDeed};
pub use command_line::Entry;
pub use course::{Course, lesson_project};
pub use effect::HostEffect;
pub use flash::{Flash, FlashKind};
pub use place::{FunctionTab, MachineTab, Place, QueueTab};
pub use playback::{Playback, Speed};
pub use report::{Done, Report, StepReport};
pub use visit::Visit;

use command_line::CommandLine;
use handlers::Environments;
use timeline::Timeline;

/// All that a reload brings back, and what is only of the moment.
#[derive(Debug)]
pub struct Session {
    name: String,
    account: Account,
    timeline: Timeline,
    playback: Playback,
    environments: Environments,
    drafts: BTreeMap<String, String>,
    command_line: CommandLine,
    /// The lesson that is being done here.
    course: Option<Course>,
    flashes: Vec<Flash>,
    next_flash: u64,
    outbox: VecDeque<HostEffect>,
    /// Counts the changes that a view may have to show.
    revision: u64,
    /// So many entries of the log are as they were when it was last kept.
    unchanged: usize,
    /// The person did something since it was last kept; the clock alone does not count.
    touched: bool,
    visit: Option<Visit>,
}

impl Session {
    /// Opens a project. A log that no longer fits is not lost: the error hands the project back.
    ///
    /// # Errors
    /// The project and why it could not be replayed.
    pub fn open(project: Project) -> Result<Session, Box<(Project, sim_account::ReplayError)>> {
        match project.open() {
            Ok(account) => Ok(Session::with(project, account)),
            Err(error) => Err(Box::new((project, error))),
        }
    }

    /// An empty account.
    #[must_use]
    pub fn empty(name: &str) -> Session {
        Session::empty_with(name, LimitProfile::Aws2026)
    }

    /// An empty account with AWS's limits of a time.
    #[must_use]
    pub fn empty_with(name: &str, limits: LimitProfile) -> Session {
        let project = Project::empty_with(name, limits);
        let account = Account::new(project.options.clone());
        Session::with(project, account)
    }

    fn with(project: Project, account: Account) -> Session {
        let timeline = Timeline::new(project.log, &account);
        let mut session = Session {
            name: project.name,
            account,
            timeline,
            playback: Playback::default(),
            environments: Environments::default(),
            drafts: project.drafts,
            command_line: CommandLine::default(),
            course: project.lesson.map(Course::new),
            flashes: Vec::new(),
            next_flash: 0,
            outbox: VecDeque::new(),
            revision: 0,
            unchanged: usize::MAX,
            touched: false,
            visit: None,
        };
        session.read_own_lesson();
        session.ask_host();
        session
    }

    /// The project as it must be saved now.
    #[must_use]
    pub fn project(&self) -> Project {
        Project {
            name: self.name.clone(),
            options: self.account.options().clone(),
            position: self.account.position(),
            log: self.timeline.whole_log(&self.account),
            drafts: self.drafts.clone(),
            lesson: self.course.as_ref().map(|course| course.mark.clone()),
        }
    }

    /// Does what an action says.
    pub fn dispatch(&mut self, action: Action) {
        self.hear_word(&action);
        match action {
            Action::Tick { real_micros } => self.tick(real_micros),
            Action::Play => self.play(),
            Action::Pause => self.pause(),
            Action::SetSpeed(speed) => self.set_speed(speed),
            Action::Step => self.step(),
            Action::StepBack => self.step_back(),
            Action::BackToStart => self.go_to_step(0),
            Action::GoToStep(steps) => self.scrub_to(steps),
            Action::JumpToNext => self.jump_to_next(),
            Action::JumpBy(span) => self.jump_by(span),
            Action::BringBack | Action::Redo => self.bring_back(),
            Action::Undo { from, to, name } => self.undo(from, to, &name),
            Action::Workspace(deed) => self.outbox.push_back(HostEffect::Workspace(deed)),
            Action::WorkerReplied(reply) => self.worker_replied(reply),
            Action::WorkerLost(reason) => self.worker_lost(reason),
            Action::Write { place, text } => self.write(place, text),
            Action::Dismiss(id) => self.dismiss(id),
        }
        self.hear_answer();
    }

    /// Calls an AWS action for the person. The later part of a run that was stepped back is set aside.
    ///
    /// # Errors
    /// AWS's own error. A call that must wait answers `null`; its result shows in the journal.
    pub fn call(&mut self, action: &str, params: Value) -> Result<Value, AwsError> {
        self.call_once(action, params).result.unwrap_or(Ok(Value::Null))
    }

    /// The same, for who can wait for the answer.
    fn call_once(&mut self, action: &str, params: Value) -> Called {
        self.branch();
        let called = self.account.call(action, params.clone());
        self.observe();
        if matches!(called.result, Some(Ok(_))) {
            self.offer_undo(action, &params);
        }
        self.ask_host();
        self.changed();
        called
    }

    /// The person changes something: a later part of the run that was stepped back is set aside.
    fn branch(&mut self) {
        self.touched = true;
        if self.timeline.branch(&self.account) {
            self.unchanged = self.unchanged.min(self.account.log().len());
            self.say(
                FlashKind::Info,
                "You changed the past: the later part of the run was set aside.",
                Some(Action::BringBack),
            );
        }
    }

    fn write(&mut self, place: String, text: Option<String>) {
        match text {
            Some(text) => self.drafts.insert(place, text),
            None => self.drafts.remove(&place),
        };
        self.touched = true;
        self.changed();
    }

    /// Something changed that must be shown and saved.
    fn changed(&mut self) {
        self.revision += 1;
        if !self.outbox.contains(&HostEffect::Save) {
            self.outbox.push_back(HostEffect::Save);
        }
    }

    pub fn poll_effect(&mut self) -> Option<HostEffect> {
        self.outbox.pop_front()
    }

    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The account itself, for what has no action of its own, such as making a planned role.
    pub fn with_account<R>(&mut self, change: impl FnOnce(&mut Account) -> R) -> R {
        self.branch();
        let result = change(&mut self.account);
        self.observe();
        self.ask_host();
        self.changed();
        result
    }

    /// Another workspace takes this one's place.
    pub fn replace_with(&mut self, mut other: Session, said: &str, remedy: Option<Action>) {
        self.go_home();
        other.revision = self.revision + 1;
        other.next_flash = self.next_flash;
        let asked = std::mem::take(&mut other.outbox);
        *self = other;
        self.outbox.push_back(HostEffect::StopWorker);
        self.outbox.extend(asked);
        self.say(FlashKind::Success, said, remedy);
        self.changed();
    }

    /// The workspace goes back to how it began; what was done since is set aside.
    pub fn reset(&mut self, beginning: &Project) {
        let Ok(account) = beginning.open() else {
            return self.say(FlashKind::Error, "How this workspace began could not be told again.", None);
        };
        self.playback.playing = false;
        self.touched = true;
        self.put_in_place(account);
        let said = "The workspace is as it began. What you did since was set aside.";
        self.say(FlashKind::Success, said, Some(Action::BringBack));
    }

    pub fn rename(&mut self, name: &str) {
        self.name = name.to_owned();
        self.touched = true;
        self.changed();
    }

    /// What is to be kept, which during a visit is not what is shown; how much of its log is as it was at the last call,
    /// and whether the person did something since.
    pub fn take_work(&mut self) -> (Work<'_>, usize, bool) {
        let this = self.own_mut();
        this.take_own_work()
    }

    fn take_own_work(&mut self) -> (Work<'_>, usize, bool) {
        let unchanged = std::mem::replace(&mut self.unchanged, usize::MAX);
        let touched = std::mem::take(&mut self.touched);
        let work = Work {
            name: &self.name,
            options: self.account.options(),
            position: self.account.position(),
            drafts: &self.drafts,
            lesson: self.course.as_ref().map(|course| &course.mark),
            told: self.account.log(),
            ahead: self.timeline.ahead(),
        };
        (work, unchanged, touched)
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    #[must_use]
    pub fn playback(&self) -> &Playback {
        &self.playback
    }

    /// What was written at a place and not sent yet.
    #[must_use]
    pub fn draft(&self, place: &str) -> Option<&str> {
        self.drafts.get(place).map(String::as_str)
    }

    #[must_use]
    pub fn flashes(&self) -> &[Flash] {
        &self.flashes
    }

    /// How far the recorded run goes, in steps; more than the account's own steps after stepping back.
    #[must_use]
    pub fn furthest_step(&self) -> u64 {
        self.timeline.end().steps.max(self.account.position().steps)
    }

    /// True while the account stands before the end of what was recorded.
    #[must_use]
    pub fn in_the_past(&self) -> bool {
        self.timeline.is_ahead_of(&self.account)
    }
}

#[cfg(test)]
mod command_line_tests;
#[cfg(test)]
mod course_tests;
#[cfg(test)]
mod keeping_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undo_tests;
#[cfg(test)]
mod visit_tests;
