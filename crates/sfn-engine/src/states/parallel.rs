//! Parallel: every branch gets the same input; the result is the array of their outputs.

use std::rc::Rc;

use asl::{ParallelState, State, StateKind};
use sfn_history::EventDetails;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::execution::{Execution, Flow, Step};
use crate::flow::is_jsonata;
use crate::frame::{Frame, FrameId, Phase};
use crate::visit::Within;

/// The branches that run, and what the others gave.
#[derive(Debug)]
pub(crate) struct ParallelProgress {
    /// By branch.
    pub(crate) frames: Vec<FrameId>,
    outputs: Vec<Option<Value>>,
    running: usize,
}

impl ParallelProgress {
    pub(crate) fn is_running(&self, branch: usize) -> bool {
        self.outputs.get(branch).is_some_and(Option::is_none)
    }

    /// The frames of the branches that have not ended.
    pub(crate) fn running(&self) -> Vec<FrameId> {
        let running = self.frames.iter().enumerate().filter(|(branch, _)| self.is_running(*branch));
        running.map(|(_, id)| *id).collect()
    }

    /// A branch that had not ended goes on in this frame.
    pub(crate) fn runs_in(&mut self, branch: usize, id: FrameId) {
        if let Some(place) = self.frames.get_mut(branch) {
            *place = id;
        }
    }
}

impl Execution {
    pub(crate) fn parallel(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        state: &State,
        parallel: &ParallelState,
    ) -> Step {
        let input = self.effective_input(frame, state)?;
        let arguments = self.template(now, frame, "Arguments", parallel.arguments.as_ref(), &input)?;
        if let Some(arguments) = &arguments {
            let jsonata = is_jsonata(state);
            self.stage(frame, |stages| {
                let stage = if jsonata { &mut stages.after_arguments } else { &mut stages.after_parameters };
                *stage = Some(arguments.clone());
            });
        }
        if let Some(step) = self.mocked(now, frame)? {
            return step;
        }
        let input = arguments.unwrap_or(input);
        self.record(now, frame, EventDetails::ParallelStateStarted)?;
        frame.phase = Phase::Branches(input);
        Ok(Flow::Soon)
    }

    /// Starts all branches. A branch is made when it enters its first state and not before: so the limit on events
    /// limits the branches too, however many there are inside of each other.
    pub(crate) fn start_branches(&mut self, now: Timestamp, frame: &mut Frame, input: &Value) -> Step {
        let level = Rc::clone(&frame.level);
        let StateKind::Parallel(parallel) = &level.at(frame.current.state).kind else { return Ok(Flow::Goes) };
        let running = parallel.branches.len();
        let mut frames = Vec::with_capacity(running);
        for (branch, level) in parallel.branches.iter().enumerate() {
            let mut child = self.new_frame(Rc::clone(level), input.clone());
            child.parent = Some(frame.id);
            child.index = branch;
            child.previous = frame.previous;
            child.variables = frame.variables.inner();
            child.item.clone_from(&frame.item);
            child.within = Some(Within { visit: frame.current.visit, index: branch });
            let first = level.start_at.index;
            self.enter(now, &mut child, first, input.clone())?;
            self.schedule(now, &mut child, now + self.start.transition);
            frames.push(child.id);
            self.put(child);
        }
        frame.phase = Phase::Parallel(ParallelProgress { frames, outputs: vec![None; running], running });
        Ok(Flow::Goes)
    }

    pub(crate) fn branch_ended(
        &mut self,
        now: Timestamp,
        frame: &mut Frame,
        mut progress: ParallelProgress,
        branch: usize,
        output: Value,
    ) -> Step {
        if let Some(place) = progress.outputs.get_mut(branch) {
            *place = Some(output);
        }
        progress.running = progress.running.saturating_sub(1);
        if progress.running > 0 {
            frame.phase = Phase::Parallel(progress);
            return Ok(Flow::Goes);
        }
        // Recorded on AWS: the Exited event stands beside this one, not behind it.
        self.record_beside(now, frame.previous, EventDetails::ParallelStateSucceeded)?;
        let result = Value::array(progress.outputs.into_iter().flatten().collect());
        let step = self.hand_on_result(now, frame, result);
        self.fail_queries(now, frame, step)
    }
}
