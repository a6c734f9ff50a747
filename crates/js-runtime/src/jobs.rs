//! The queue of promise jobs. Order of arrival, nothing else: no threads, no timers of the interpreter's own.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use boa_engine::job::{Job, JobExecutor, NativeAsyncJob};
use boa_engine::{Context, JsResult};

/// Keeps jobs until the turn's loop asks for them.
#[derive(Debug, Default)]
pub struct JobQueue {
    ready: RefCell<VecDeque<Job>>,
}

impl JobQueue {
    /// Runs the oldest job. `None`: there was none.
    pub fn run_one(&self, context: &mut Context) -> Option<JsResult<()>> {
        let job = self.ready.borrow_mut().pop_front()?;
        Some(match job {
            Job::PromiseJob(job) => job.call(context).map(drop),
            Job::GenericJob(job) => job.call(context).map(drop),
            Job::AsyncJob(job) => run_now(job, context),
            _ => Ok(()),
        })
    }
}

/// Nothing in this crate waits inside a future, so each one is finished by polling it.
fn run_now(job: NativeAsyncJob, context: &mut Context) -> JsResult<()> {
    let cell = RefCell::new(context);
    let mut future = std::pin::pin!(job.call(&cell));
    let mut waker = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..64 {
        if let std::task::Poll::Ready(result) = future.as_mut().poll(&mut waker) {
            return result.map(drop);
        }
    }
    Ok(())
}

impl JobExecutor for JobQueue {
    fn enqueue_job(self: Rc<Self>, job: Job, _context: &mut Context) {
        // Clean-up of a FinalizationRegistry may be left out, and would depend on when memory is collected.
        if !matches!(job, Job::FinalizationRegistryCleanupJob(_)) {
            self.ready.borrow_mut().push_back(job);
        }
    }

    fn run_jobs(self: Rc<Self>, context: &mut Context) -> JsResult<()> {
        while let Some(result) = self.run_one(context) {
            result?;
        }
        Ok(())
    }
}
