//! Where a Parallel or Map learns how its branches and iterations ended.

use std::rc::Rc;

use sfn_history::{EventDetails, StateType};
use shared_json::Value;
use virtual_time::Timestamp;

use crate::execution::{Execution, Flow, Step, Stop};
use crate::failure::Failure;
use crate::flow::{state_type, take_phase};
use crate::frame::{Frame, FrameId, Phase};
use crate::redrive::Halted;
use crate::states::map::MapProgress;
use crate::states::parallel::ParallelProgress;

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
    pub(crate) fn child_failed(
        &mut self,
        now: Timestamp,
        parent: &mut Frame,
        child: Box<Frame>,
        failure: Failure,
    ) -> Step {
        parent.previous = child.previous;
        let halted = match take_phase(parent) {
            Phase::Parallel(progress) => self.halt_branches(now, progress, child)?,
            Phase::Map(progress) => self.halt_iterations(now, parent, progress, child)?,
            other => {
                parent.phase = other;
                return self.fail_state(now, parent, failure);
            }
        };
        let step = self.fail_state(now, parent, failure);
        if let Ok(Flow::Failed(_)) = &step {
            parent.phase = Phase::Halted(Box::new(halted));
        }
        step
    }

    fn halt_branches(
        &mut self,
        now: Timestamp,
        progress: ParallelProgress,
        failed: Box<Frame>,
    ) -> Result<Halted, Stop> {
        let (index, mut failed) = (failed.index, Some(failed));
        let mut inside = Vec::new();
        for (branch, id) in progress.frames.iter().enumerate() {
            if branch == index
                && let Some(failed) = failed.take()
            {
                self.record_aborted(now, &failed)?;
                inside.push(failed);
            } else if progress.is_running(branch) {
                inside.extend(self.abort(now, *id)?);
            }
        }
        Ok(Halted::Parallel(progress, inside))
    }

    fn halt_iterations(
        &mut self,
        now: Timestamp,
        map: &Frame,
        progress: Box<MapProgress>,
        failed: Box<Frame>,
    ) -> Result<Halted, Stop> {
        let name = &map.state().name;
        let details = EventDetails::MapIterationFailed { name: Rc::clone(name), index: failed.index as u64 };
        self.record_beside(now, failed.previous, details)?;
        let (failed_id, mut failed) = (failed.id, Some(failed));
        let mut inside = Vec::new();
        for (id, iteration) in &progress.running {
            if *id == failed_id {
                inside.extend(failed.take());
                continue;
            }
            let previous = self.frame(*id).map_or(0, |frame| frame.previous);
            inside.extend(self.abort(now, *id)?);
            let details = EventDetails::MapIterationAborted { name: Rc::clone(name), index: *iteration as u64 };
            self.record_beside(now, previous, details)?;
        }
        Ok(Halted::Map(progress, inside))
    }

    /// Ends a frame that a failure beside it made useless, and tells of its state in the history.
    fn abort(&mut self, now: Timestamp, id: FrameId) -> Result<Option<Box<Frame>>, Stop> {
        if let Some(frame) = self.take(id) {
            let recorded = self.record_aborted(now, &frame);
            self.put(frame);
            recorded?;
        }
        Ok(self.withdraw(now, id))
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
}
