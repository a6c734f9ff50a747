//! Where a Parallel or Map learns how its branches and iterations ended.

use std::rc::Rc;

use sfn_history::{EventDetails, StateType};
use shared_json::Value;
use virtual_time::Timestamp;

use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::flow::{state_type, take_phase};
use crate::frame::{Frame, FrameId, Phase};
use crate::input::Effect;
use crate::visit::VisitOutcome;

impl Execution {
    pub(crate) fn child_ended(&mut self, now: Timestamp, parent: &mut Frame, child: &Frame, output: Value) -> Step {
        match take_phase(parent) {
            Phase::Parallel(progress) => {
                parent.previous = child.previous;
                self.branch_ended(now, parent, progress, child.index, output)
            }
            Phase::Map(progress) => self.iteration_ended(now, parent, progress, child, output),
            other => {
                parent.phase = other;
                Ok(Flow::Goes)
            }
        }
    }

    /// One branch or iteration failed: the others are given up, and the Parallel or Map fails with its error.
    pub(crate) fn child_failed(&mut self, now: Timestamp, parent: &mut Frame, child: &Frame, failure: Failure) -> Step {
        parent.previous = child.previous;
        match take_phase(parent) {
            Phase::Parallel(progress) => {
                for (branch, id) in progress.frames.iter().enumerate() {
                    if branch == child.index {
                        self.record_aborted(now, child)?;
                    } else if progress.is_running(branch) {
                        self.abort(now, *id)?;
                    }
                }
            }
            Phase::Map(progress) => {
                let name = Rc::clone(&parent.state().name);
                let details = EventDetails::MapIterationFailed { name: Rc::clone(&name), index: child.index as u64 };
                self.record_beside(now, child.previous, details)?;
                for (id, iteration) in progress.running.iter().filter(|(id, _)| *id != child.id) {
                    let previous = self.frame(*id).map_or(0, |frame| frame.previous);
                    self.abort(now, *id)?;
                    let details =
                        EventDetails::MapIterationAborted { name: Rc::clone(&name), index: *iteration as u64 };
                    self.record_beside(now, previous, details)?;
                }
            }
            other => parent.phase = other,
        }
        self.fail_state(now, parent, failure)
    }

    /// Ends a frame that a failure beside it made useless, and tells of its state in the history.
    fn abort(&mut self, now: Timestamp, id: FrameId) -> Result<(), Stop> {
        if let Some(frame) = self.take(id) {
            let recorded = self.record_aborted(now, &frame);
            self.put(frame);
            recorded?;
        }
        self.cancel(now, id);
        Ok(())
    }

    /// `TaskStateAborted` and its like, for a state that was entered and not left.
    fn record_aborted(&mut self, now: Timestamp, frame: &Frame) -> Result<(), Stop> {
        if matches!(frame.phase, Phase::Enter { .. }) {
            return Ok(());
        }
        let details = match state_type(frame.state()) {
            StateType::Task => EventDetails::TaskStateAborted,
            StateType::Wait => EventDetails::WaitStateAborted,
            StateType::Parallel => EventDetails::ParallelStateAborted,
            StateType::Map => EventDetails::MapStateAborted,
            StateType::Pass | StateType::Choice | StateType::Succeed | StateType::Fail => return Ok(()),
        };
        self.record_beside(now, frame.previous, details)?;
        Ok(())
    }

    /// Ends a frame and all frames inside it without a word in the history.
    pub(crate) fn cancel(&mut self, now: Timestamp, id: FrameId) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(mut frame) = self.take(id) else { continue };
            self.unschedule(&mut frame);
            match &frame.phase {
                Phase::Task(task) => self.cancel_task(task.id),
                Phase::MapRun(run) => self.cancel_task(run.task),
                Phase::Parallel(progress) => {
                    open.extend(
                        progress
                            .frames
                            .iter()
                            .enumerate()
                            .filter(|(at, _)| progress.is_running(*at))
                            .map(|(_, id)| *id),
                    );
                }
                Phase::Map(progress) => open.extend(progress.running.iter().map(|(id, _)| *id)),
                Phase::Enter { .. } | Phase::Work | Phase::Wait | Phase::Branches(_) | Phase::Ended => {}
            }
            if !matches!(frame.phase, Phase::Enter { .. }) {
                self.settle_visit(now, frame.current.visit, VisitOutcome::Aborted);
            }
            self.release(id);
        }
    }

    fn cancel_task(&mut self, task: u64) {
        if self.by_task.remove(&task).is_some() {
            self.effects.push_back(Effect::CancelTask { task });
        }
    }
}
