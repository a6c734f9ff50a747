//! One warm copy of a function: commands in, turns out.
//!
//! The realm (globals, modules, everything the handler keeps) lives as long as the environment. The interpreter's
//! context is made anew for each turn, because its instruction counter can only be set when it is built: the counter
//! is the turn's budget, and when it reaches zero the run ends in a way that no handler can catch.

use std::rc::Rc;

use aws_protocol::AwsError;
use aws_protocol::handler::{CallAnswer, Command, EnvironmentSpec, HandlerError, KillReason, LogLine, Turn, TurnState};
use boa_engine::builtins::promise::PromiseState;
use boa_engine::context::ContextBuilder;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsPromise;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsNativeError, JsResult, JsString, JsValue, Module, js_string};
use virtual_time::Timestamp;

use crate::host::{Host, HostBridge, Outcome};
use crate::jobs::JobQueue;
use crate::limits::{INSTRUCTIONS_PER_MICROSECOND, RuntimeLimits};
use crate::modules::{self, BuiltInModules, TASK_ROOT};
use crate::{depth, natives};

/// One environment of a function. See the crate's documentation.
#[derive(Debug)]
pub struct Environment {
    limits: RuntimeLimits,
    process: Option<Process>,
}

/// A Node.js process, as it were.
#[derive(Debug)]
struct Process {
    host: Rc<Host>,
    jobs: Rc<JobQueue>,
    modules: Rc<BuiltInModules>,
    /// Set once the globals stand.
    world: Option<World>,
    /// An ES module that is being evaluated.
    loading: Option<(Module, JsPromise)>,
    phase: Phase,
    deadline: Timestamp,
}

#[derive(Debug)]
struct World {
    realm: Realm,
    /// What `node/bootstrap.js` hands out.
    entry: JsObject,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Loading,
    Idle,
    Invoking,
}

impl Environment {
    #[must_use]
    pub fn new(limits: RuntimeLimits) -> Self {
        Environment { limits, process: None }
    }

    /// Carries out one command.
    ///
    /// A command to an environment whose process has gone is answered with `Runtime.ExitError`.
    pub fn run(&mut self, command: &Command) -> Turn {
        let turn = match command {
            Command::Init { environment, now } => self.init(environment, *now),
            Command::Invoke { request_id, event, now, deadline } => {
                let deadline_millis = deadline.millis() as f64;
                self.with_process(
                    *now,
                    |process, context| {
                        let arguments = [
                            JsString::from(request_id.as_str()).into(),
                            JsString::from(event.as_str()).into(),
                            deadline_millis.into(),
                        ];
                        process.entry("invoke", &arguments, context).map(drop)
                    },
                    Some(*deadline),
                )
            }
            Command::Resume { now, answers } => {
                self.with_process(*now, |process, context| process.deliver(answers, context), None)
            }
        };
        let gone = match &turn.state {
            TurnState::TimedOut | TurnState::Killed { .. } => true,
            TurnState::Failed { exited, .. } => *exited,
            TurnState::Idle | TurnState::Waiting { .. } | TurnState::Done { .. } | TurnState::Raised { .. } => false,
        };
        if gone {
            self.process = None;
        }
        turn
    }

    fn init(&mut self, spec: &EnvironmentSpec, now: Timestamp) -> Turn {
        self.process = Some(Process {
            host: Rc::new(Host::new(spec.clone(), self.limits.clone())),
            jobs: Rc::default(),
            modules: Rc::default(),
            world: None,
            loading: None,
            phase: Phase::Loading,
            deadline: now + virtual_time::Duration::from_micros(self.limits.init_micros),
        });
        self.with_process(now, |process, context| process.load(context), None)
    }

    fn with_process(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&mut Process, &mut Context) -> JsResult<()>,
        deadline: Option<Timestamp>,
    ) -> Turn {
        let Some(process) = &mut self.process else {
            let error = error("Runtime.ExitError", "Runtime exited without providing a reason");
            return bare(TurnState::Failed { error, exited: true });
        };
        if let Some(deadline) = deadline {
            process.phase = Phase::Invoking;
            process.deadline = deadline;
        }
        process.turn(now, work).unwrap_or_else(|_| bare(TurnState::Killed { reason: KillReason::Crashed }))
    }
}

impl Process {
    /// Runs `work` and then all that follows from it, until nothing is left but to wait.
    fn turn(&mut self, now: Timestamp, work: impl FnOnce(&mut Self, &mut Context) -> JsResult<()>) -> JsResult<Turn> {
        // An idle process that is woken (a late answer) may use as much as it needs to become idle again.
        if self.phase == Phase::Idle {
            self.deadline = now + virtual_time::Duration::from_micros(self.host.limits.init_micros);
        }
        let left = self.deadline.since(now).micros();
        // The counter is 32 bits wide in wasm; natively it must not count further.
        let budget = left.saturating_mul(INSTRUCTIONS_PER_MICROSECOND).min(u64::from(u32::MAX));
        self.host.begin_turn(now.micros(), budget);
        let mut context = self.context(budget)?;
        let context = &mut context;

        let run = if budget == 0 {
            Ok(())
        } else {
            self.enter(context).and_then(|()| work(self, context)).and_then(|()| self.settle(context))
        };
        let state = match run {
            _ if budget == 0 => TurnState::TimedOut,
            Ok(()) => self.state(context)?,
            Err(error) => self.interrupted(&error, context),
        };
        if !matches!(state, TurnState::Waiting { .. }) {
            self.phase = Phase::Idle;
        }
        let micros = self.host.elapsed(context).min(left);
        Ok(Turn {
            micros,
            logs: self.host.logs.take(),
            calls: self.host.calls.take(),
            notices: self.host.notices.take(),
            state,
        })
    }

    fn context(&self, budget: u64) -> JsResult<Context> {
        let bridge = Rc::new(HostBridge(self.host.clone()));
        let mut context = ContextBuilder::new()
            .clock(bridge.clone())
            .host_hooks(bridge)
            .job_executor(self.jobs.clone())
            .module_loader(self.modules.clone())
            .instructions_remaining(usize::try_from(budget).unwrap_or(usize::MAX))
            .build()?;
        let limits = context.runtime_limits_mut();
        limits.set_recursion_limit(self.host.limits.call_depth);
        limits.set_stack_size_limit(self.host.limits.stack_values);
        limits.set_backtrace_limit(12);
        context.insert_data(self.host.clone());
        Ok(context)
    }

    /// Brings the environment's realm into a fresh context; makes it on the first turn.
    fn enter(&mut self, context: &mut Context) -> JsResult<()> {
        if let Some(world) = &self.world {
            context.enter_realm(world.realm.clone());
            return Ok(());
        }
        let host = natives::object(&self.host, context)?;
        let bootstrap = modules::library_function("bootstrap", context)?;
        let nothing = JsValue::undefined();
        let entry = call(&bootstrap, &[nothing.clone(), nothing.clone(), nothing, host.into()], context)?;
        let Some(entry) = entry.as_object() else { return Err(broken("bootstrap")) };
        let resolve = entry.get(js_string!("resolveImport"), context)?;
        *self.modules.resolve.borrow_mut() = resolve
            .as_object()
            .and_then(|resolve| boa_engine::object::builtins::JsFunction::from_object(resolve.clone()));
        self.world = Some(World { realm: context.realm().clone(), entry: entry.clone() });
        Ok(())
    }

    /// Calls a function of `node/bootstrap.js`.
    fn entry(&self, name: &str, arguments: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
        let Some(world) = &self.world else { return Err(broken(name)) };
        let function = world.entry.get(JsString::from(name), context)?;
        call(&function, arguments, context)
    }

    /// Reads the code as CommonJS or as an ES module and starts it.
    fn load(&mut self, context: &mut Context) -> JsResult<()> {
        let host = self.host.clone();
        let spec = &host.spec;
        let path = format!("{TASK_ROOT}/{}", spec.file_name);
        if spec.code.len() > host.limits.code_bytes || depth::code_is_too_deep(&spec.code, host.limits.nesting_depth) {
            let error = JsNativeError::range().with_message("the code is too long or too deeply nested to be run here");
            return self.load_failed(error.into(), context);
        }
        let kind = spec.file_name.rsplit('.').next().unwrap_or_default();
        let as_common_js = modules::common_js_function(&spec.code, &path, context);
        match (kind, as_common_js) {
            ("mjs", Ok(function))
                if !spec.strict_modules
                    && ["require", "exports", "module"].iter().any(|word| modules::mentions(&spec.code, word)) =>
            {
                host.notice("require-in-es-module", require_in_es_module(&spec.file_name));
                self.start_common_js(function, context)
            }
            ("mjs", _) => match modules::es_module(&spec.code, &path, context) {
                Ok(module) => self.start_es_module(module, context),
                Err(error) => self.load_failed(error, context),
            },
            (_, Ok(function)) => self.start_common_js(function, context),
            ("js", Err(error)) => match modules::es_module(&spec.code, &path, context) {
                Ok(module) if !spec.strict_modules => {
                    host.notice("es-module-in-js", es_module_in_js(&spec.file_name));
                    self.start_es_module(module, context)
                }
                Ok(_) => {
                    let message = if modules::mentions(&spec.code, "import") {
                        "Cannot use import statement outside a module"
                    } else {
                        "Unexpected token 'export'"
                    };
                    self.load_failed(JsNativeError::syntax().with_message(message).into(), context)
                }
                Err(_) => self.load_failed(error, context),
            },
            (_, Err(error)) => self.load_failed(error, context),
        }
    }

    fn start_common_js(&mut self, function: JsValue, context: &mut Context) -> JsResult<()> {
        self.entry("loadCommonJs", &[function], context).map(drop)
    }

    fn start_es_module(&mut self, module: Module, context: &mut Context) -> JsResult<()> {
        self.entry("beginEsModule", &[], context)?;
        let promise = module.load_link_evaluate(context);
        // Its rejection is reported as the failure of the load.
        self.entry("ignoreRejection", &[promise.clone().into()], context)?;
        self.loading = Some((module, promise));
        Ok(())
    }

    fn load_failed(&mut self, error: JsError, context: &mut Context) -> JsResult<()> {
        let error = error.into_opaque(context)?;
        self.entry("loadFailed", &[error], context).map(drop)
    }

    /// Hands over the answers to calls, each as an event of its own.
    fn deliver(&mut self, answers: &[CallAnswer], context: &mut Context) -> JsResult<()> {
        for CallAnswer { call, outcome } in answers {
            let text = |text: &str| JsValue::from(JsString::from(text));
            let arguments = match outcome {
                Ok(json) => vec![(*call as f64).into(), text(json)],
                Err(AwsError { code, message, http_status, .. }) => {
                    vec![(*call as f64).into(), JsValue::null(), text(code), text(message), (*http_status).into()]
                }
            };
            self.entry("answer", &arguments, context)?;
            self.microtasks(context)?;
        }
        Ok(())
    }

    /// The event loop, until it would have to wait.
    fn settle(&mut self, context: &mut Context) -> JsResult<()> {
        loop {
            self.microtasks(context)?;
            self.finish_loading(context)?;
            let ended = matches!(&*self.host.outcome.borrow(), Some(outcome) if !matches!(outcome, Outcome::FinishedWhenIdle(_)));
            if ended || !self.entry("runMacrotask", &[], context)?.to_boolean() {
                return Ok(());
            }
        }
    }

    fn microtasks(&mut self, context: &mut Context) -> JsResult<()> {
        loop {
            let mut ran = self.entry("drainTicks", &[], context)?.to_boolean();
            while let Some(result) = self.jobs.run_one(context) {
                ran = true;
                result?;
                if context.instructions_remaining() == 0 {
                    return Err(boa_engine::error::EngineError::NoInstructionsRemain.into());
                }
            }
            let rejected = self.host.rejected.borrow_mut().pop();
            if let Some(promise) = rejected {
                ran = true;
                if let PromiseState::Rejected(reason) = JsPromise::from_object(promise)?.state() {
                    self.entry("unhandledRejection", &[reason], context)?;
                }
            }
            if !ran {
                return Ok(());
            }
        }
    }

    fn finish_loading(&mut self, context: &mut Context) -> JsResult<()> {
        let Some((module, promise)) = &self.loading else { return Ok(()) };
        match promise.state() {
            PromiseState::Pending => Ok(()),
            PromiseState::Fulfilled(_) => {
                let namespace = module.namespace(context);
                self.loading = None;
                self.entry("useEsModule", &[namespace.into()], context).map(drop)
            }
            PromiseState::Rejected(reason) => {
                self.loading = None;
                self.entry("loadFailed", &[reason], context).map(drop)
            }
        }
    }

    /// Where a process stands that has nothing left to run.
    fn state(&mut self, context: &mut Context) -> JsResult<TurnState> {
        let outcome = self.host.outcome.borrow().clone();
        let waits = self.entry("isWaiting", &[], context)?.to_boolean();
        let next = self.entry("nextTimer", &[], context)?.as_number();
        let waiting = TurnState::Waiting { next_timer: next.map(|at| Timestamp::from_micros(at as i64)) };
        let state = match outcome {
            Some(Outcome::FinishedWhenIdle(_)) if waits => return Ok(waiting),
            Some(Outcome::Finished(result) | Outcome::FinishedWhenIdle(result)) => TurnState::Done { result },
            Some(Outcome::Failed(error)) => TurnState::Failed { error, exited: false },
            Some(Outcome::Exited(error)) => TurnState::Failed { error, exited: true },
            None => match self.phase {
                Phase::Invoking if waits => waiting,
                // The handler is through, nothing is left that could still answer: Lambda answers null.
                Phase::Invoking => TurnState::Done { result: "null".to_owned() },
                Phase::Loading if self.loading.is_some() && waits => waiting,
                Phase::Loading if self.loading.is_some() => {
                    let error = error("Runtime.ExitError", "Error: Runtime exited with error: exit status 13");
                    TurnState::Failed { error, exited: true }
                }
                Phase::Loading | Phase::Idle => TurnState::Idle,
            },
        };
        self.host.outcome.take();
        Ok(state)
    }

    /// The state after an error that no JavaScript could catch.
    fn interrupted(&mut self, failure: &JsError, context: &mut Context) -> TurnState {
        match self.host.outcome.take() {
            Some(Outcome::Exited(error)) => return TurnState::Failed { error, exited: true },
            _ if context.instructions_remaining() == 0 => return TurnState::TimedOut,
            _ => {}
        }
        let message = match failure.as_engine() {
            Some(_) => "Maximum call stack size exceeded".to_owned(),
            None => failure.to_string(),
        };
        let error = error("RangeError", &message);
        let text = serde_json::json!({
            "errorType": error.error_type, "errorMessage": error.error_message, "stack": error.trace,
        });
        let at = self.host.elapsed(context);
        self.host.log(at, "ERROR".to_owned(), format!("Invoke Error \t{text}"));
        TurnState::Failed { error, exited: false }
    }
}

fn call(function: &JsValue, arguments: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    match function.as_callable() {
        Some(function) => function.call(&JsValue::undefined(), arguments, context),
        None => Err(broken("function")),
    }
}

fn broken(what: &str) -> JsError {
    JsNativeError::error().with_message(format!("the library lacks {what}")).into()
}

fn error(error_type: &str, message: &str) -> HandlerError {
    HandlerError {
        error_type: error_type.to_owned(),
        error_message: message.to_owned(),
        trace: vec![format!("{error_type}: {message}")],
    }
}

fn bare(state: TurnState) -> Turn {
    Turn { micros: 0, logs: Vec::<LogLine>::new(), calls: Vec::new(), notices: Vec::new(), state }
}

fn require_in_es_module(file: &str) -> String {
    format!(
        "{file} uses require or exports. On AWS a .mjs file is an ES module, and this fails with \"ReferenceError: \
         require is not defined in ES module scope, you can use import instead\". It was run as CommonJS here. To mend \
         it, rename the file to index.cjs or index.js, or write `import` and `export const handler`."
    )
}

fn es_module_in_js(file: &str) -> String {
    format!(
        "{file} uses import or export. On AWS a .js file is CommonJS unless a package.json says \"type\": \"module\", \
         and this fails with \"SyntaxError: Cannot use import statement outside a module\". It was run as an ES module \
         here. To mend it, rename the file to index.mjs."
    )
}
