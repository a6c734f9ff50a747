//! The lesson that is being done in this workspace: which steps are ticked, and the script that does one for the person.

use std::rc::Rc;

use lessons::{Catalogue, Hands, Lesson, Outcome, Progress, Run};
use sim_account::{Account, Progress as Went};
use virtual_time::Timestamp;
use workspace::{LessonMark, Project};

use super::{Action, FlashKind, HostEffect, Session};

/// Turns that a script gets at once; together as many steps as a jump.
const TURNS: u32 = 20;

#[derive(Debug)]
pub struct Course {
    pub mark: LessonMark,
    /// Unknown until the files have come.
    lesson: Option<Rc<Lesson>>,
    progress: Progress,
    doing: Option<Doing>,
}

#[derive(Debug)]
struct Doing {
    step: usize,
    run: Run,
}

impl Course {
    pub(super) fn new(mark: LessonMark) -> Course {
        let progress = Progress::new(mark.from);
        Course { mark, lesson: None, progress, doing: None }
    }

    #[must_use]
    pub fn lesson(&self) -> Option<&Rc<Lesson>> {
        self.lesson.as_ref()
    }

    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The step that a script is doing.
    #[must_use]
    pub fn doing(&self) -> Option<usize> {
        self.doing.as_ref().map(|doing| doing.step)
    }
}

/// The project in which a lesson opens; `source` is its file, when it does not come with the page.
///
/// # Errors
/// Why its start cannot be made, in words.
pub fn lesson_project(id: &str, lesson: &Lesson, source: Option<String>) -> Result<Project, String> {
    let account =
        lessons::prepare(lesson).map_err(|why| format!("Line {} of the lesson: {}", why.line, why.message))?;
    let mark = LessonMark { id: id.to_owned(), source, from: account.position() };
    Ok(Project { lesson: Some(mark), ..Project::of(&lesson.workspace, &account, Default::default()) })
}

impl Session {
    #[must_use]
    pub fn course(&self) -> Option<&Course> {
        self.course.as_ref()
    }

    /// A lesson that came with its own file needs no other.
    pub(super) fn read_own_lesson(&mut self) {
        let source = self.course.as_ref().and_then(|course| course.mark.source.as_deref());
        if let Some(lesson) = source.and_then(|source| lessons::read(source).ok()) {
            self.take_lesson(lesson);
        }
    }

    /// The files have come: the lesson is looked up, and what was done of it.
    pub fn find_lesson(&mut self, catalogue: &Catalogue) {
        let Some(course) = self.course.as_ref().filter(|course| course.lesson.is_none()) else { return };
        let id = course.mark.id.as_str();
        let listed = catalogue.lesson(id).or_else(|| catalogue.example(id));
        if let Some(lesson) = listed.map(|listed| listed.lesson.clone()) {
            self.take_lesson(lesson);
        }
    }

    /// The lesson is known already where it was opened.
    pub fn know_lesson(&mut self, lesson: &Lesson) {
        self.take_lesson(lesson.clone());
    }

    fn take_lesson(&mut self, lesson: Lesson) {
        if let Some(course) = &mut self.course {
            course.lesson = Some(Rc::new(lesson));
        }
        self.tick_anew();
        self.revision += 1;
    }

    /// The account is another run now: its ticks are found by playing its log.
    pub(super) fn tick_anew(&mut self) {
        let Some(course) = &mut self.course else { return };
        let Some(lesson) = &course.lesson else { return };
        let (account, from) = (&self.account, course.mark.from);
        let derived = Progress::derive(lesson, account.options(), account.log(), from, account.position());
        // A log that was replayed before can be replayed again.
        course.progress = derived.unwrap_or_else(|_| Progress::new(from));
        course.doing = None;
    }

    /// The account went back on its own log.
    pub(super) fn untick(&mut self) {
        let position = self.account.position();
        if let Some(course) = &mut self.course {
            course.progress.back_to(position);
            course.doing = None;
        }
    }

    /// Looks whether the step under way is done now; after everything that happens.
    pub(super) fn observe(&mut self) {
        let Some(course) = &mut self.course else { return };
        let Some(lesson) = course.lesson.clone() else { return };
        if course.progress.observe(&lesson, &self.account) == 0 {
            return;
        }
        let done = course.progress.done();
        let all = lesson.steps.len();
        let last = lesson.steps.get(done.saturating_sub(1)).map_or("", |step| &step.title);
        let text = match lesson.steps.get(done) {
            Some(next) => format!("Done: {last}. {done} of {all} steps. Next: {}.", next.title),
            None => format!("Done: {last}. All {all} steps are done."),
        };
        self.outbox.push_back(HostEffect::Announce(text));
        self.revision += 1;
    }

    /// Does a step for the person.
    pub fn do_step(&mut self, step: usize) {
        let Some(course) = &mut self.course else { return };
        let Some(deed) = course.lesson.as_ref().and_then(|lesson| lesson.steps.get(step)) else { return };
        course.doing = Some(Doing { step, run: Run::new(&deed.deed) });
        self.revision += 1;
        self.go_on_doing();
    }

    /// Goes on with the script, if there is one; called again when a handler has answered.
    pub(super) fn go_on_doing(&mut self) {
        for _ in 0..TURNS {
            let Some(course) = &mut self.course else { return };
            let (Some(lesson), Some(doing)) = (course.lesson.clone(), &course.doing) else { return };
            let (step, mut run) = (doing.step, doing.run.clone());
            let outcome = run.go_on(&lesson, &mut Worker { session: self, step });
            self.changed();
            let Some(course) = &mut self.course else { return };
            match outcome {
                Outcome::AwaitsHost => {
                    course.doing = Some(Doing { step, run });
                    return;
                }
                Outcome::Busy => course.doing = Some(Doing { step, run }),
                Outcome::Finished => {
                    course.doing = None;
                    if course.progress.done() <= step {
                        let text = "All of it was done, but the step is not: look at what its text asks for.";
                        self.say(FlashKind::Warning, text, None);
                    }
                    return;
                }
                Outcome::Stopped(trouble) => {
                    course.doing = None;
                    let text = format!("This step could not be done for you. {}", trouble.message);
                    return self.say(FlashKind::Warning, text, None);
                }
            }
        }
        if let Some(course) = &mut self.course {
            course.doing = None;
        }
        self.say(FlashKind::Warning, "This takes too long to be done for you. Try again.", None);
    }

    /// Goes back to where a step began. What was done since is set aside.
    pub fn reset_step(&mut self, step: usize) {
        let Some(began) = self.course.as_ref().and_then(|course| course.progress.began(step)) else { return };
        self.playback.playing = false;
        self.rewind(began);
        let branched = self.timeline.branch(&self.account);
        self.untick();
        let text = format!("Step {} begins anew.", step + 1);
        self.say(FlashKind::Info, text, branched.then_some(Action::BringBack));
        self.changed();
    }

    /// The lesson goes; what was done stays.
    pub fn leave_lesson(&mut self) {
        self.course = None;
        self.changed();
    }
}

/// The session as a script's hands.
struct Worker<'a> {
    session: &'a mut Session,
    step: usize,
}

impl Hands for Worker<'_> {
    fn account(&self) -> &Account {
        &self.session.account
    }

    fn change(&mut self, deed: &mut dyn FnMut(&mut Account)) {
        self.session.with_account(deed);
    }

    fn go_on(&mut self, until: Timestamp, most_steps: u64) -> Went {
        self.session.advance(until, most_steps)
    }

    fn is_done(&self) -> bool {
        self.session.course.as_ref().is_some_and(|course| course.progress.done() > self.step)
    }
}
