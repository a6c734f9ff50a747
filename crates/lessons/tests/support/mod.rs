//! A person who does a lesson by its own "do it for me", with the interpreter beside.

#![allow(clippy::disallowed_methods, reason = "a test reads the files that the page fetches")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;

use js_runtime::{Environment, RuntimeLimits};
use lessons::{Hands, Lesson, Line, Outcome, Progress, Run};
use sim_account::{Account, HostRequest, Progress as Went};
use virtual_time::Timestamp;

pub struct World {
    pub account: Account,
    pub lesson: Lesson,
    pub progress: Progress,
    /// The step that is being done.
    step: usize,
    environments: BTreeMap<u64, Environment>,
}

impl World {
    /// The account as it is when the lesson opens.
    pub fn open(lesson: Lesson) -> World {
        let account = lessons::prepare(&lesson).unwrap_or_else(|why| panic!("line {}: {}", why.line, why.message));
        let progress = Progress::new(account.position());
        let mut world = World { account, progress, lesson, step: usize::MAX, environments: BTreeMap::new() };
        world.look();
        world
    }

    /// Does a step.
    pub fn do_step(&mut self, step: usize) -> Result<(), String> {
        self.step = step;
        let deed = self.lesson.steps[step].deed.clone();
        self.run(&deed)
    }

    fn run(&mut self, script: &[Line]) -> Result<(), String> {
        let lesson = self.lesson.clone();
        let mut run = Run::new(script);
        for _ in 0..2_000 {
            match run.go_on(&lesson, self) {
                Outcome::Finished => return Ok(()),
                Outcome::Busy => {}
                Outcome::AwaitsHost => self.answer_host(),
                Outcome::Stopped(trouble) => return Err(format!("line {}: {}", trouble.line, trouble.message)),
            }
        }
        Err("the script never ends".into())
    }

    fn answer_host(&mut self) {
        let requests: Vec<HostRequest> = self.account.host_requests().cloned().collect();
        for HostRequest { environment, sequence, command } in requests {
            let warm = self.environments.entry(environment);
            let turn = warm.or_insert_with(|| Environment::new(RuntimeLimits::default())).run(&command);
            self.account.answer_host(environment, sequence, turn);
            self.look();
        }
    }

    fn look(&mut self) {
        self.progress.observe(&self.lesson, &self.account);
    }
}

impl Hands for World {
    fn account(&self) -> &Account {
        &self.account
    }

    fn change(&mut self, deed: &mut dyn FnMut(&mut Account)) {
        deed(&mut self.account);
        self.look();
    }

    fn go_on(&mut self, until: Timestamp, most_steps: u64) -> Went {
        for _ in 0..most_steps {
            if self.account.next_event_at().is_none_or(|at| at > until) {
                return self.account.advance_to(until, 1);
            }
            let went = self.account.step();
            if went != Went::Went {
                return went;
            }
            self.look();
        }
        Went::OutOfSteps
    }

    fn is_done(&self) -> bool {
        self.progress.done() > self.step
    }
}

/// All files of a folder of this crate, by name.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a text"))
        })
        .collect();
    files.sort();
    files
}

/// The file as a lesson; its mistakes end the test.
pub fn lesson(name: &str, source: &str) -> Lesson {
    lessons::read(source).unwrap_or_else(|mistakes| {
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{name}.md:\n{}", told.join("\n"))
    })
}
