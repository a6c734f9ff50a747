//! Redrive: an execution that did not succeed goes on where it stood.
//!
//! What failed or was aborted runs again; branches, iterations and child executions that succeeded keep what they gave,
//! and retriers count anew. So an end without success takes its frames off the agenda but keeps them, each inside the
//! Parallel or Map that waited for it.
//!
//! Source: Step Functions developer guide, "Restarting state machine executions with redrive". A Map or Parallel that
//! failed by itself, as by too large a result, runs again as a whole; that is the guide's rule too. Guessed: where the
//! first event of a branch that goes on points to, which is ExecutionRedriven here.

use sfn_history::{ErrorOutput, EventDetails};
use virtual_time::Timestamp;

use crate::context;
use crate::execution::{Execution, MACHINE, Status};
use crate::flow::take_phase;
use crate::frame::{Frame, FrameId, Phase};
use crate::input::Effect;
use crate::states::map::MapProgress;
use crate::states::map_run::MapRunProgress;
use crate::states::parallel::ParallelProgress;
use crate::visit::VisitOutcome;

/// In their boxes, from which they came and into which they go back.
type Frames = Vec<Box<Frame>>;

/// A Parallel or Map that did not come to its end, and the frames inside it that did not either.
#[derive(Debug)]
pub(crate) enum Halted {
    Parallel(ParallelProgress, Frames),
    Map(Box<MapProgress>, Frames),
    MapRun(MapRunProgress),
}

impl Execution {
    /// When it was redriven, oldest first.
    #[must_use]
    pub fn redrives(&self) -> &[Timestamp] {
        &self.redrives
    }

    /// Whether it failed at a place from which it can go on.
    #[must_use]
    pub fn can_be_redriven(&self) -> bool {
        self.last_frame.is_some() && (self.history().len() as u64) < self.start.limits.max_events.saturating_sub(1)
    }

    /// RedriveExecution.
    pub(crate) fn redrive(&mut self, now: Timestamp) {
        if !self.can_be_redriven() {
            return;
        }
        let Some(mut frame) = self.last_frame.take() else { return };
        self.redrives.push(now);
        let redrive_count = self.redrives.len() as u64;
        self.status = Status::Running;
        self.stop_date = None;
        self.error = ErrorOutput::default();
        self.deadline = self.deadline_from(now);
        self.base_context = context::redriven(&self.base_context, redrive_count, now);
        let last = self.history().len() as u64;
        let redriven = self.push(now, EventDetails::ExecutionRedriven { redrive_count }, last);
        // All frames were gone; the machine's own has the first place again.
        frame.id = self.place();
        self.revive(now, &mut frame, redriven);
        self.put(frame);
    }

    /// Takes a frame and those inside it off the agenda, without a word in the history.
    pub(crate) fn withdraw(&mut self, now: Timestamp, id: FrameId) -> Option<Box<Frame>> {
        let mut frame = self.take(id)?;
        self.unschedule(&mut frame);
        if !matches!(frame.phase, Phase::Enter { .. }) {
            self.settle_visit(now, frame.current.visit, VisitOutcome::Aborted);
        }
        frame.phase = match take_phase(&mut frame) {
            Phase::Task(task) => {
                self.cancel_task(task.id);
                Phase::Work
            }
            Phase::MapRun(run) => {
                self.cancel_task(run.task);
                run.halted()
            }
            Phase::Parallel(progress) => {
                let inside = self.withdraw_all(now, progress.running());
                Phase::Halted(Box::new(Halted::Parallel(progress, inside)))
            }
            Phase::Map(progress) => {
                let inside = self.withdraw_all(now, progress.running.iter().map(|(id, _)| *id).collect());
                Phase::Halted(Box::new(Halted::Map(progress, inside)))
            }
            other => other,
        };
        self.release(id);
        Some(frame)
    }

    /// The newest first.
    fn withdraw_all(&mut self, now: Timestamp, ids: Vec<FrameId>) -> Frames {
        let mut frames: Frames = ids.into_iter().rev().filter_map(|id| self.withdraw(now, id)).collect();
        frames.reverse();
        frames
    }

    pub(crate) fn cancel_task(&mut self, task: u64) {
        if self.by_task.remove(&task).is_some() {
            self.effects.push_back(Effect::CancelTask { task });
        }
    }

    /// Puts a frame and those inside it to work again.
    fn revive(&mut self, now: Timestamp, frame: &mut Frame, redriven: u64) {
        frame.previous = redriven;
        frame.ticket = None;
        let context = &mut frame.current.context;
        context.base = self.base_context.clone();
        if let Phase::Enter { .. } | Phase::Branches(_) = frame.phase {
            return self.schedule(now, frame, now + self.start.transition);
        }
        if let Some(visit) = self.visits.get_mut(frame.current.visit) {
            visit.exited_at = None;
            visit.outcome = VisitOutcome::InProgress;
        }
        match take_phase(frame) {
            Phase::Halted(halted) => self.revive_inside(now, frame, *halted, redriven),
            _ => {
                frame.phase = Phase::Work;
                frame.current.retry_count = 0;
                frame.current.attempts_by_retrier.clear();
                frame.current.context.set_retry_count(0);
                self.schedule(now, frame, now + self.start.transition);
            }
        }
    }

    fn revive_inside(&mut self, now: Timestamp, frame: &mut Frame, halted: Halted, redriven: u64) {
        frame.phase = match halted {
            Halted::Parallel(mut progress, inside) => {
                for child in inside {
                    let branch = child.index;
                    let id = self.revive_child(now, frame.id, child, redriven);
                    progress.runs_in(branch, id);
                }
                Phase::Parallel(progress)
            }
            Halted::Map(mut progress, inside) => {
                progress.running.clear();
                for child in inside {
                    let iteration = child.index;
                    let id = self.revive_child(now, frame.id, child, redriven);
                    progress.running.push((id, iteration));
                }
                Phase::Map(progress)
            }
            Halted::MapRun(progress) => {
                let details = EventDetails::MapRunRedriven {
                    map_run_arn: progress.map_run_arn.clone(),
                    redrive_count: self.redrives.len() as u64,
                };
                frame.previous = self.push(now, details, redriven);
                self.by_task.insert(progress.task, frame.id);
                self.effects.push_back(Effect::RedriveMapRun { task: progress.task });
                Phase::MapRun(progress)
            }
        };
    }

    fn revive_child(&mut self, now: Timestamp, parent: FrameId, mut child: Box<Frame>, redriven: u64) -> FrameId {
        let id = self.place();
        child.id = id;
        child.parent = Some(parent);
        self.revive(now, &mut child, redriven);
        self.put(child);
        id
    }

    /// The machine's own frame with all that is inside it, when the execution ends from outside.
    pub(crate) fn withdraw_machine(&mut self, now: Timestamp) {
        for task in std::mem::take(&mut self.by_task).into_keys() {
            self.effects.push_back(Effect::CancelTask { task });
        }
        self.last_frame = self.withdraw(now, MACHINE);
    }
}
