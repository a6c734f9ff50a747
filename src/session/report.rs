//! What somebody did of a lesson: which steps, when, and where in their run. A teacher looks at it in a student's work.

use lessons::Progress;
use sim_account::Position;
use virtual_time::Duration;

use super::Session;
use super::visit::Visit;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub lesson: String,
    pub steps: Vec<StepReport>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    pub title: String,
    pub done: Option<Done>,
}

/// The moment of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub at: Position,
    /// Virtual time since the step before it was done, or since the lesson began.
    pub took: Duration,
    /// So many things the person did for it: calls and other entries of the log.
    pub inputs: usize,
}

impl Report {
    #[must_use]
    pub fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.done.is_some()).count()
    }
}

impl Session {
    /// What a report depends on: another run, or more of the same, has another one.
    #[must_use]
    pub fn report_key(&self) -> impl PartialEq + use<> {
        let lesson = self.course().is_some_and(|course| course.lesson().is_some());
        let entries = self.account.log().len() + self.timeline.ahead().len();
        (lesson, self.visiting().map(Visit::begun), entries, self.furthest_step())
    }

    /// Of the whole run, wherever in it the clock stands. `None` without a lesson, or before its file has come.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        let course = self.course()?;
        let lesson = course.lesson()?;
        let (log, from) = (self.timeline.whole_log(&self.account), course.mark.from);
        let end = Position { inputs: log.len(), ..self.end_of_run() };
        let progress = Progress::derive(lesson, self.account.options(), &log, from, end).ok()?;
        let mut before = progress.began(0).unwrap_or(from);
        let mut ticks = progress.ticks();
        let steps = lesson.steps.iter().map(|step| {
            let done = ticks.next().map(|at| {
                let took = at.now.since(before.now);
                let inputs = at.inputs.saturating_sub(before.inputs);
                before = at;
                Done { at, took, inputs }
            });
            StepReport { title: step.title.clone(), done }
        });
        let steps = steps.collect();
        Some(Report { lesson: lesson.title.clone(), steps })
    }

    /// To a place of the run, back or ahead.
    pub fn go_to(&mut self, position: Position) {
        self.playback.playing = false;
        self.rewind(position);
        self.changed();
    }
}
