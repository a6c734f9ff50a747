//! The smallest world in which an execution can run: its clock jumps, and tasks are answered at once.

use std::mem;

use sfn_engine::{Effect, ErrorOutput, Execution, ExecutionStart, Input, Limits, Status, TaskRequest};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::workloads::{Answers, NAMES, Workload};

/// One workload, parsed and ready to run any number of times.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Bench {
    workload: Workload,
    start: ExecutionStart,
    kept: Vec<Execution>,
}

#[wasm_bindgen]
impl Bench {
    /// `None` if there is no such workload.
    #[must_use]
    pub fn load(name: &str) -> Option<Bench> {
        let workload = Workload::named(name)?;
        let start = ExecutionStart {
            execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:bench:run".into(),
            name: "run".into(),
            state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:bench".into(),
            state_machine_name: "bench".into(),
            role_arn: "arn:aws:iam::123456789012:role/bench".into(),
            input_text: workload.input.to_string().into(),
            input: workload.input.clone(),
            definition: asl::parse(&workload.definition.to_string()).checked?,
            seed: 1,
            transition: Duration::ZERO,
            limits: if workload.unlimited { unlimited() } else { Limits::default() },
            context: None,
            variables: None,
            item: None,
        };
        Some(Bench { workload, start, kept: Vec::new() })
    }

    /// All workloads.
    #[must_use]
    pub fn names() -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    #[must_use]
    pub fn title(&self) -> String {
        self.workload.title.to_owned()
    }

    #[must_use]
    pub fn definition(&self) -> String {
        self.workload.definition.to_string()
    }

    #[must_use]
    pub fn input(&self) -> String {
        self.workload.input.to_string()
    }

    /// What a peer's tasks have to answer: `none`, `echo` or `flaky`.
    #[must_use]
    pub fn answers(&self) -> String {
        match self.workload.answers {
            Answers::None => "none",
            Answers::Echo => "echo",
            Answers::Flaky => "flaky",
        }
        .to_owned()
    }

    /// States entered in one execution.
    #[must_use]
    pub fn transitions(&self) -> u32 {
        self.workload.transitions
    }

    /// Events of one execution's history.
    #[must_use]
    pub fn events(&self) -> usize {
        self.execute().history().len()
    }

    /// The output of an execution that succeeds.
    #[must_use]
    pub fn output(&self) -> Option<String> {
        let execution = self.execute();
        (execution.status() == Status::Succeeded).then(|| execution.output().unwrap_or_default().to_string())
    }

    /// So many executions, each from its start to the end. Says whether all succeeded.
    #[must_use]
    pub fn run(&self, times: u32) -> bool {
        (0..times).all(|_| self.execute().status() == Status::Succeeded)
    }

    /// How much memory this wasm has.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn memory_bytes() -> usize {
        std::arch::wasm32::memory_size::<0>() * 65_536
    }

    /// Runs and keeps the executions, so that the memory of a history can be weighed.
    pub fn keep(&mut self, times: u32) {
        let executions = mem::take(&mut self.kept);
        self.kept = executions.into_iter().chain((0..times).map(|_| self.execute())).collect();
    }
}

impl Bench {
    #[must_use]
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// One execution, from its start to the end.
    #[must_use]
    pub fn execute(&self) -> Execution {
        let mut execution = Execution::new(self.start.clone());
        let mut now = Timestamp::from_millis(1_750_000_000_000);
        execution.handle(now, Input::Start);
        loop {
            while let Some(effect) = execution.poll_effect() {
                if let Effect::ScheduleTask(request) = effect {
                    let task = request.task;
                    execution.handle(now, Input::TaskStarted { task });
                    execution.handle(now, self.answer(request));
                }
            }
            let Some(wakeup) = execution.next_wakeup() else { return execution };
            now = wakeup;
            execution.handle_wakeup(now);
        }
    }

    fn answer(&self, request: TaskRequest) -> Input {
        let TaskRequest { task, parameters, attempt, .. } = request;
        match self.workload.answers {
            Answers::None | Answers::Echo => Input::TaskSucceeded { task, output: parameters },
            Answers::Flaky if parameters.get_str("mode") == Some("broken") => {
                Input::TaskFailed { task, error: ErrorOutput::new("Permanent", "broken") }
            }
            Answers::Flaky if attempt <= 2 => Input::TaskFailed { task, error: ErrorOutput::new("Transient", "flaky") },
            Answers::Flaky => {
                let output: Value = json!({"id": &parameters["id"], "attempt": attempt});
                Input::TaskSucceeded { task, output }
            }
        }
    }
}

/// No limits; sizes are counted all the same.
fn unlimited() -> Limits {
    Limits { max_events: u64::MAX, max_payload_bytes: usize::MAX, ..Limits::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_succeeds_with_as_many_transitions_as_it_says() {
        for name in NAMES {
            let bench = Bench::load(name).unwrap_or_else(|| panic!("{name} is refused"));
            let execution = bench.execute();
            assert_eq!(
                execution.status(),
                Status::Succeeded,
                "{name}: {:?} {:?}",
                execution.error(),
                execution.cause()
            );
            let entered =
                execution.history().iter().filter(|event| event.event_type().ends_with("StateEntered")).count();
            assert_eq!(entered, bench.transitions() as usize, "{name}");
            assert_eq!(execution.output().as_ref(), Some(&bench.workload().output), "{name}");
        }
    }
}
