//! What native functions and the interpreter's hooks share during a turn: time, randomness, and all that the turn
//! will report.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use aws_protocol::handler::{AwsCall, EnvironmentSpec, HandlerError, LogLine, Notice};
use boa_engine::builtins::promise::OperationType;
use boa_engine::builtins::promise::Promise;
use boa_engine::context::HostHooks;
use boa_engine::context::time::{Clock, JsInstant};
use boa_engine::object::JsObject;
use boa_engine::{Context, JsNativeError, JsResult};

use crate::limits::{INSTRUCTIONS_PER_MICROSECOND, RuntimeLimits};

/// How an invocation, or the loading of the code, ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// JSON text of the result.
    Finished(String),
    /// As before, but only once nothing is left to wait for.
    FinishedWhenIdle(String),
    Failed(HandlerError),
    /// As before, and the process is gone.
    Exited(HandlerError),
}

#[derive(Debug)]
pub struct Host {
    pub limits: RuntimeLimits,
    pub spec: EnvironmentSpec,
    pub outcome: RefCell<Option<Outcome>>,
    pub logs: RefCell<Vec<LogLine>>,
    pub calls: RefCell<Vec<AwsCall>>,
    pub notices: RefCell<Vec<Notice>>,
    /// Rejected promises nobody has handled yet.
    pub rejected: RefCell<Vec<JsObject>>,
    next_call: Cell<u64>,
    logged_bytes: Cell<usize>,
    random: Cell<u64>,
    /// The turn's start, microseconds since the epoch.
    start: Cell<i64>,
    /// Instructions this turn may run.
    budget: Cell<u64>,
    /// What the interpreter's clock shows: it cannot ask the context itself.
    shown: Cell<i64>,
}

impl Host {
    pub fn new(spec: EnvironmentSpec, limits: RuntimeLimits) -> Self {
        Host {
            limits,
            random: Cell::new(spec.seed),
            spec,
            outcome: RefCell::default(),
            logs: RefCell::default(),
            calls: RefCell::default(),
            notices: RefCell::default(),
            rejected: RefCell::default(),
            next_call: Cell::new(1),
            logged_bytes: Cell::new(0),
            start: Cell::new(0),
            budget: Cell::new(0),
            shown: Cell::new(0),
        }
    }

    /// The host of the turn that `context` runs.
    pub fn of(context: &Context) -> JsResult<Rc<Host>> {
        let host = context.get_data::<Rc<Host>>().cloned();
        host.ok_or_else(|| JsNativeError::error().with_message("the interpreter has no host").into())
    }

    pub fn begin_turn(&self, start_micros: i64, budget: u64) {
        self.start.set(start_micros);
        self.shown.set(start_micros);
        self.budget.set(budget);
        self.logged_bytes.set(0);
    }

    /// Virtual microseconds since the turn's start.
    pub fn elapsed(&self, context: &Context) -> u64 {
        let used = self.budget.get().saturating_sub(context.instructions_remaining() as u64);
        used.div_ceil(INSTRUCTIONS_PER_MICROSECOND)
    }

    /// Microseconds since the epoch; also sets what the interpreter's own clock shows.
    pub fn now(&self, context: &Context) -> i64 {
        let now = self.start.get().saturating_add_unsigned(self.elapsed(context));
        self.shown.set(now);
        now
    }

    pub fn log(&self, at: u64, level: String, text: String) {
        let logged = self.logged_bytes.get().saturating_add(text.len());
        if logged > self.limits.log_bytes {
            self.notice(
                "log-truncated",
                format!("Only the first {} bytes of a turn's log are kept.", self.limits.log_bytes),
            );
            return;
        }
        self.logged_bytes.set(logged);
        self.logs.borrow_mut().push(LogLine { at, level, text });
    }

    /// Adds a notice once a turn.
    pub fn notice(&self, code: &str, message: String) {
        let mut notices = self.notices.borrow_mut();
        if !notices.iter().any(|notice| notice.code == code) {
            notices.push(Notice { code: code.to_owned(), message });
        }
    }

    /// Writes down an AWS call; `None` when this turn has made too many.
    pub fn call(&self, at: u64, action: String, params: String) -> Option<u64> {
        let mut calls = self.calls.borrow_mut();
        if calls.len() >= self.limits.calls_per_turn {
            return None;
        }
        let call = self.next_call.get();
        self.next_call.set(call + 1);
        calls.push(AwsCall { call, at, action, params });
        Some(call)
    }

    /// The first outcome counts; later ones are ignored, as on Lambda.
    pub fn end(&self, outcome: Outcome) {
        let mut current = self.outcome.borrow_mut();
        // A process that is gone stays gone, whatever was returned before.
        if current.is_none() || matches!(outcome, Outcome::Exited(_)) {
            *current = Some(outcome);
        }
    }

    /// The next 64 random bits (SplitMix64).
    pub fn random_bits(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The clock and the hooks of the interpreter, over one [`Host`].
#[derive(Debug)]
pub struct HostBridge(pub Rc<Host>);

impl Clock for HostBridge {
    fn now(&self) -> JsInstant {
        let micros = u64::try_from(self.0.shown.get()).unwrap_or(0);
        JsInstant::new(micros / 1_000_000, (micros % 1_000_000) as u32 * 1_000)
    }

    fn system_time_millis(&self) -> i64 {
        self.0.shown.get().div_euclid(1_000)
    }
}

impl HostHooks for HostBridge {
    fn promise_rejection_tracker(&self, promise: &JsObject<Promise>, operation: OperationType, _: &mut Context) {
        let promise = promise.clone().upcast();
        let mut rejected = self.0.rejected.borrow_mut();
        match operation {
            OperationType::Reject => rejected.push(promise),
            OperationType::Handle => rejected.retain(|other| !JsObject::equals(other, &promise)),
        }
    }

    fn local_timezone_offset_seconds(&self, _unix_time_seconds: i64) -> i32 {
        0
    }

    fn max_buffer_size(&self, _context: &mut Context) -> u64 {
        self.0.limits.allocation_bytes as u64
    }
}
