//! A frame: one thread of control through one level of states. The machine itself is one, and so is every branch of a
//! Parallel and every iteration of a Map while it runs.

use std::rc::Rc;

use asl::{Level, State};
use shared_json::Value;
use states_query::{JsonataScope, Scope};
use virtual_time::Timestamp;

use crate::agenda::Ticket;
use crate::context::{Context, MapItem};
use crate::redrive::Halted;
use crate::states::map::MapProgress;
use crate::states::map_run::MapRunProgress;
use crate::states::parallel::ParallelProgress;
use crate::states::task::RunningTask;
use crate::variables::VariableScope;
use crate::visit::Within;

pub(crate) type FrameId = usize;

#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) id: FrameId,
    pub(crate) parent: Option<FrameId>,
    /// Which branch or iteration of its parent this is; 0 for the machine itself.
    pub(crate) index: usize,
    pub(crate) level: Rc<Level>,
    pub(crate) phase: Phase,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) current: Current,
    /// The `previousEventId` of this frame's next event.
    pub(crate) previous: u64,
    pub(crate) variables: VariableScope,
    /// The item of the innermost Map around it.
    pub(crate) item: Option<Rc<MapItem>>,
    pub(crate) within: Option<Within>,
}

/// What a frame does next, or waits for.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Enter this state with this input.
    Enter {
        state: usize,
        input: Value,
    },
    /// Do the current state's work; after a failure, the next attempt.
    Work,
    /// A Wait state waits.
    Wait,
    /// An attempt of a Task waits for its answer.
    Task(Box<RunningTask>),
    /// A Parallel starts its branches with this input.
    Branches(Value),
    /// A Parallel's branches run.
    Parallel(ParallelProgress),
    /// A Map's iterations run.
    Map(Box<MapProgress>),
    /// A distributed Map's children run, as executions of their own.
    MapRun(MapRunProgress),
    /// A Parallel or Map failed for what was inside it, or was stopped; only a redrive lets it go on.
    Halted(Box<Halted>),
    Ended,
}

/// The state a frame is in.
#[derive(Debug, Default)]
pub(crate) struct Current {
    pub(crate) state: usize,
    pub(crate) input: Value,
    pub(crate) entered_event_id: u64,
    /// The `previousEventId` of the Entered event.
    pub(crate) entered_after: u64,
    pub(crate) retry_count: u32,
    pub(crate) attempts_by_retrier: Vec<u64>,
    pub(crate) context: Context,
    /// Index in the execution's visits.
    pub(crate) visit: usize,
}

impl Frame {
    pub(crate) fn new(id: FrameId, level: Rc<Level>, input: Value, context: Context) -> Frame {
        let state = level.start_at.index;
        Frame {
            id,
            parent: None,
            index: 0,
            level,
            phase: Phase::Enter { state, input },
            ticket: None,
            current: Current { context, ..Current::default() },
            previous: 0,
            variables: VariableScope::default(),
            item: None,
            within: None,
        }
    }

    pub(crate) fn state(&self) -> &State {
        self.level.at(self.current.state)
    }

    /// What JSONPath sees, with `input` behind `$`.
    pub(crate) fn scope<'a>(&'a self, input: &'a Value) -> Scope<'a> {
        Scope { input, context: &self.current.context, variables: &self.variables }
    }

    /// What JSONata sees.
    pub(crate) fn jsonata<'a>(&'a self, now: Timestamp, result: Option<&'a Value>) -> JsonataScope<'a> {
        JsonataScope {
            input: &self.current.input,
            result,
            error_output: None,
            context: &self.current.context,
            variables: &self.variables,
            now_millis: now.millis(),
        }
    }
}
