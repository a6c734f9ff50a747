//! Failures that a person injects: an invocation's process ends, or the next requests are throttled.

use std::rc::Rc;

use aws_protocol::AwsError;
use aws_protocol::handler::KillReason;
use virtual_time::Timestamp;

use crate::environment::Phase;
use crate::logs;
use crate::machine::Functions;
use crate::trace::LambdaTrace;

/// What to break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvocationFault {
    /// The process of an invocation that is under way ends now.
    Crash { request_id: Rc<str> },
    /// The processes of the function's next invocations end as they begin.
    CrashNext { function: Rc<str>, times: u32 },
    /// The function's next invocations are refused as if all concurrency were used.
    ThrottleNext { function: Rc<str>, times: u32 },
}

/// Faults that wait for a function's next invocations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PendingFaults {
    pub crashes: u32,
    pub throttles: u32,
}

impl Functions {
    /// Breaks something. 0 times takes back what waits.
    ///
    /// # Errors
    /// `ResourceNotFoundException` when there is nothing of this name to break.
    pub fn inject(&mut self, now: Timestamp, fault: InvocationFault) -> Result<(), AwsError> {
        match fault {
            InvocationFault::Crash { request_id } => self.crash(now, &request_id),
            InvocationFault::CrashNext { function, times } => {
                self.pending_faults(&function)?.crashes = times;
                self.forget_idle_faults(&function);
                Ok(())
            }
            InvocationFault::ThrottleNext { function, times } => {
                self.pending_faults(&function)?.throttles = times;
                self.forget_idle_faults(&function);
                Ok(())
            }
        }
    }

    /// What waits for the function's next invocations.
    #[must_use]
    pub fn faults(&self, function: &str) -> PendingFaults {
        self.faults.get(function).copied().unwrap_or_default()
    }

    fn pending_faults(&mut self, function: &Rc<str>) -> Result<&mut PendingFaults, AwsError> {
        if !self.functions.contains_key(function) {
            let message = format!("Function not found: {}", self.function_arn(function));
            return Err(AwsError::new("ResourceNotFoundException", message).with_status(404));
        }
        Ok(self.faults.entry(function.clone()).or_default())
    }

    fn forget_idle_faults(&mut self, function: &str) {
        if self.faults(function) == PendingFaults::default() {
            self.faults.remove(function);
        }
    }

    /// Whether this invocation is one that must be refused.
    pub(crate) fn takes_throttle(&mut self, function: &str) -> bool {
        let Some(faults) = self.faults.get_mut(function).filter(|faults| faults.throttles > 0) else { return false };
        faults.throttles -= 1;
        self.forget_idle_faults(function);
        true
    }

    /// Whether the process of this invocation must end as it begins.
    pub(crate) fn takes_crash(&mut self, function: &str) -> bool {
        let Some(faults) = self.faults.get_mut(function).filter(|faults| faults.crashes > 0) else { return false };
        faults.crashes -= 1;
        self.forget_idle_faults(function);
        true
    }

    fn crash(&mut self, now: Timestamp, request_id: &str) -> Result<(), AwsError> {
        let serves = |environment: &&crate::environment::Environment| {
            let invocation = environment.invocation.and_then(|id| self.invocations.get(&id));
            invocation.is_some_and(|invocation| &*invocation.request_id == request_id)
        };
        let Some(environment) = self.environments.values().find(serves).map(|environment| environment.id) else {
            let message = format!("There is no invocation under way with the request id {request_id}.");
            return Err(AwsError::new("ResourceNotFoundException", message).with_status(404));
        };
        self.begin_for_fault(now, environment);
        self.crash_now(now, environment);
        Ok(())
    }

    /// An invocation between its choice and its first step has not begun in the log.
    fn begin_for_fault(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get_mut(&id).filter(|e| e.phase == Phase::Ready) else { return };
        environment.phase = Phase::Invoking;
        let Some(invocation) = environment.invocation.and_then(|id| self.invocations.get_mut(&id)) else { return };
        invocation.started_at = Some(now);
        let line = logs::start(&invocation.request_id);
        self.write_log(now, id, line);
    }

    pub(crate) fn crash_now(&mut self, now: Timestamp, id: u64) {
        let Some(environment) = self.environments.get(&id) else { return };
        self.trace(LambdaTrace::Fault { function: environment.function.clone(), fault: "crash" });
        self.process_ended(now, id, KillReason::Crashed);
    }
}
