//! Definitions, inputs and answers made of bytes: the same bytes give the same run, and fewer bytes a simpler one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use sfn_engine::{Effect, ErrorOutput, Execution, ExecutionStart, Input};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use super::{EPOCH, function};

/// Decisions, taken from bytes until there are none left; then always the first of what there is.
#[derive(Debug)]
pub struct Chance<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Chance<'a> {
    pub fn new(bytes: &'a [u8]) -> Chance<'a> {
        Chance { bytes, at: 0 }
    }

    pub fn below(&mut self, most: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(byte) % most.max(1)
    }

    pub fn of<'t, T: ?Sized>(&mut self, these: &[&'t T]) -> &'t T {
        these[self.below(these.len())]
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }

    /// Any JSON, some levels deep.
    pub fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => json!({}),
            1 => json!(self.below(5)),
            2 => json!(-1.5),
            3 => json!(self.of(&["", "x", "$.a", "3", "{% 1 %}", "é\u{1F600}", "2020-01-01T00:00:00Z"])),
            4 => Value::Null,
            5 => json!(self.below(2) == 0),
            6 => Value::array((0..self.below(5)).map(|_| self.json(depth - 1)).collect()),
            _ => Value::object((0..self.below(4)).map(|n| (["a", "b", "n", "l"][n], self.json(depth - 1)))),
        }
    }
}

/// Makes definitions that are taken, mostly.
struct Maker<'c, 'b> {
    chance: &'c mut Chance<'b>,
    names: usize,
    jsonata: bool,
}

pub fn definition(chance: &mut Chance) -> Value {
    let jsonata = chance.below(2) == 1;
    let timed = chance.one_in(8);
    let mut definition = Maker { chance, names: 0, jsonata }.level(3);
    if jsonata {
        definition = definition.with("QueryLanguage", json!("JSONata"));
    }
    if timed { definition.with("TimeoutSeconds", json!(9)) } else { definition }
}

impl Maker<'_, '_> {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("S{}", self.names)
    }

    fn level(&mut self, depth: usize) -> Value {
        let rescue = self.name();
        let mut rescued = false;
        let mut states: Vec<(String, Value)> = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let mut state = self.state(depth);
            let catches = matches!(state.get_str("Type"), Some("Task" | "Parallel" | "Map"));
            if catches && self.chance.one_in(2) {
                state = state.with("Retry", self.retry());
            }
            if catches && self.chance.one_in(2) {
                state = state.with("Catch", json!([self.catcher(&rescue)]));
                rescued = true;
            }
            states.push((self.name(), state));
        }
        if states.last().is_some_and(|(_, state)| state.get_str("Type") == Some("Choice")) {
            states.push((self.name(), json!({"Type": "Succeed"})));
        }
        let names: Vec<String> = states.iter().map(|(name, _)| name.clone()).collect();
        let mut linked: Vec<(String, Value)> = Vec::new();
        for (at, (name, state)) in states.into_iter().enumerate() {
            let next = names.get(at + 1);
            let state = match (state.get_str("Type"), next) {
                (Some("Choice"), Some(next)) => self.choice(&names[0], next),
                (Some("Succeed" | "Fail"), _) => state,
                (_, Some(next)) => state.with("Next", json!(next.as_str())),
                (_, None) => state.with("End", json!(true)),
            };
            linked.push((name, state));
        }
        if rescued {
            linked.push((rescue, json!({"Type": "Pass", "End": true})));
        }
        json!({"StartAt": names[0].as_str()}).with("States", Value::object(linked))
    }

    fn choice(&mut self, first: &str, next: &str) -> Value {
        let target = if self.chance.one_in(3) { first } else { next };
        let rule = match (self.jsonata, self.chance.below(3)) {
            (true, 0) => json!({"Condition": "{% true %}"}),
            (true, 1) => json!({"Condition": "{% $states.input.n > 1 %}", "Output": [1, 2]}),
            (true, _) => json!({"Condition": "{% $random() < 0.5 %}", "Assign": {"picked": "{% $states.input %}"}}),
            (false, 0) => json!({"Variable": "$", "IsPresent": true}),
            (false, 1) => {
                json!({"And": [{"Variable": "$.n", "IsPresent": true}, {"Not": {"Variable": "$.n", "NumericGreaterThan": 1}}]})
            }
            (false, _) => json!({"Variable": "$.n", "NumericEquals": 1}),
        };
        let choice = json!({"Type": "Choice"}).with("Choices", json!([rule.with("Next", json!(target))]));
        if self.chance.one_in(5) { choice } else { choice.with("Default", json!(next)) }
    }

    fn retry(&mut self) -> Value {
        let first = json!({"ErrorEquals": [self.chance.of(&["A", "States.Timeout", "States.TaskFailed"])], "IntervalSeconds": 1, "MaxAttempts": self.chance.below(3)});
        json!([first, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "JitterStrategy": "FULL"}])
    }

    fn catcher(&mut self, rescue: &str) -> Value {
        let catcher =
            json!({"ErrorEquals": [self.chance.of(&["States.ALL", "A", "States.HeartbeatTimeout"])], "Next": rescue});
        match (self.jsonata, self.chance.below(3)) {
            (_, 0) => catcher,
            (true, 1) => catcher.with("Output", json!("{% $states.errorOutput.Cause %}")),
            (true, _) => catcher.with("Assign", json!({"why": "{% $states.errorOutput.Error %}"})),
            (false, 1) => catcher.with("ResultPath", json!("$.error")),
            (false, _) => catcher.with("Assign", json!({"why.$": "$.Error"})),
        }
    }

    fn state(&mut self, depth: usize) -> Value {
        match self.chance.below(if depth == 0 { 6 } else { 10 }) {
            0 | 1 => self.pass(),
            2 => self.task(),
            3 => self.wait(),
            4 => json!({"Type": "Choice"}),
            5 if self.chance.one_in(4) => json!({"Type": "Fail", "Error": "A"}),
            5 => self.pass(),
            6 | 7 => {
                let branches = (0..=self.chance.below(3)).map(|_| self.level(depth - 1)).collect();
                json!({"Type": "Parallel"}).with("Branches", Value::array(branches))
            }
            _ => self.map(depth),
        }
    }

    fn pass(&mut self) -> Value {
        let fields = match (self.jsonata, self.chance.below(7)) {
            (_, 0) => json!({}),
            (true, 1) => json!({"Output": [1, 2, 3]}),
            (true, 2) => json!({"Output": {"n": "{% $count($states.input) %}", "in": "{% $states.input %}"}}),
            (true, 3) => json!({"Assign": {"v": "{% $states.context.State.Name %}"}}),
            (true, 4) => json!({"Assign": {"v": [1]}, "Output": "{% $exists($v) %}"}),
            (true, 5) => json!({"Output": "{% $states.input.none %}"}),
            (true, _) => json!({"Output": "{% {'n': $sum($states.input.n), 'l': [1..3]} %}"}),
            (false, 1) => json!({"Result": [1, 2, 3]}),
            (false, 2) => json!({"Parameters": {"n": 1, "in.$": "$", "id.$": "States.UUID()"}}),
            (false, 3) => json!({"Assign": {"v.$": "$$.State.Name"}}),
            (false, 4) => json!({"Result": 1, "ResultPath": "$.n"}),
            (false, 5) => json!({"InputPath": "$.n"}),
            (false, _) => json!({"Result": {"n": 2, "l": [1, 2]}, "OutputPath": "$.l"}),
        };
        fields.with("Type", json!("Pass"))
    }

    fn task(&mut self) -> Value {
        let arguments = if self.jsonata { "Arguments" } else { "Parameters" };
        let task = match self.chance.below(3) {
            0 => json!({"Resource": function()}),
            1 => json!({"Resource": "arn:aws:states:eu-west-1:123456789012:activity:taste"}),
            _ => json!({"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"})
                .with(arguments, json!({"QueueUrl": "q", "MessageBody": "m"})),
        };
        let task = if self.chance.one_in(2) { task.with("TimeoutSeconds", json!(4)) } else { task };
        let task = if self.chance.one_in(4) { task.with("HeartbeatSeconds", json!(2)) } else { task };
        task.with("Type", json!("Task"))
    }

    fn wait(&mut self) -> Value {
        let wait = match (self.jsonata, self.chance.below(3)) {
            (_, 0) => json!({"Seconds": self.chance.below(4)}),
            (_, 1) => json!({"Timestamp": "2020-01-01T00:00:00Z"}),
            (true, _) => json!({"Seconds": "{% $states.input.n %}"}),
            (false, _) => json!({"SecondsPath": "$.n"}),
        };
        wait.with("Type", json!("Wait"))
    }

    fn map(&mut self, depth: usize) -> Value {
        let mut processor = self.level(depth - 1);
        if self.chance.one_in(4) {
            processor = processor.with("ProcessorConfig", json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}));
        }
        let items = match (self.jsonata, self.chance.below(3)) {
            (true, 0) => json!({"Items": [1, {"n": 2}, "x"]}),
            (true, 1) => {
                json!({"Items": "{% [1..4] %}", "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}"}})
            }
            (false, 0) => json!({"ItemsPath": "$.l"}),
            (false, 1) => json!({"ItemSelector": {"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}}),
            _ => json!({}),
        };
        items
            .with("Type", json!("Map"))
            .with("ItemProcessor", processor)
            .with("MaxConcurrency", json!(self.chance.below(4)))
    }
}

/// What became of a run, and of its tasks.
#[derive(Debug)]
pub struct Story {
    pub execution: Execution,
    /// All effects, as text.
    pub effects: String,
    /// Tasks that were asked for and neither answered nor cancelled.
    pub open: BTreeSet<u64>,
    pub ended: usize,
}

/// Runs, with answers as chance decides: late ones, failures, silence, now and then a stop.
///
/// # Panics
/// If a task is cancelled that nobody waits for.
pub fn play(start: ExecutionStart, chance: &mut Chance) -> Story {
    let mut now = Timestamp::from_millis(EPOCH);
    let mut story = Story { execution: Execution::new(start), effects: String::new(), open: BTreeSet::new(), ended: 0 };
    let mut pending: Vec<(Timestamp, Input)> = Vec::new();
    story.execution.handle(now, Input::Start);
    for _ in 0..2_000 {
        while let Some(effect) = story.execution.poll_effect() {
            story.take(effect, now, &mut pending, chance);
        }
        let due = (0..pending.len()).min_by_key(|at| pending[*at].0);
        let answer = due.map(|at| pending[at].0);
        match (story.execution.next_wakeup(), answer) {
            (wake, Some(at)) if wake.is_none_or(|wake| at <= wake) => {
                now = now.max(at);
                let (_, input) = pending.remove(due.unwrap_or_default());
                if let Some(task) = input.task().filter(|_| is_last(&input)) {
                    story.open.remove(&task);
                }
                story.execution.handle(now, input);
            }
            (Some(wake), _) => {
                now = now.max(wake);
                story.execution.handle_wakeup(now);
            }
            (None, _) => {
                if story.execution.status() != sfn_engine::Status::Running {
                    // Now and then what failed is tried again.
                    if story.execution.can_be_redriven() && chance.one_in(3) {
                        story.execution.handle(now, Input::Redrive);
                        continue;
                    }
                    break;
                }
                // Everybody is silent.
                story.execution.handle(now, Input::Stop { error: Some("Quiet".into()), cause: None });
            }
        }
        if chance.below(200) == 199 {
            story.execution.handle(now, Input::Stop { error: None, cause: None });
        }
    }
    story
}

/// Whether the task is over with this answer.
fn is_last(input: &Input) -> bool {
    use Input::{TaskFailed, TaskStartFailed, TaskSubmitFailed, TaskSucceeded};
    matches!(input, TaskFailed { .. } | TaskStartFailed { .. } | TaskSubmitFailed { .. } | TaskSucceeded { .. })
}

impl Story {
    fn take(&mut self, effect: Effect, now: Timestamp, pending: &mut Vec<(Timestamp, Input)>, chance: &mut Chance) {
        let at = now + Duration::from_secs(chance.below(6) as u64);
        let mut add = |input: Input| pending.push((at, input));
        let failure = |chance: &mut Chance| match chance.below(4) {
            0 => ErrorOutput::named("A"),
            1 => ErrorOutput::new("B", "why"),
            2 => ErrorOutput::default(),
            _ => ErrorOutput::new("States.Runtime", "why"),
        };
        match effect {
            Effect::ScheduleTask(request) => {
                let task = request.task;
                let _ = writeln!(self.effects, "{request:?}");
                assert!(self.open.insert(task), "task {task} is asked for twice");
                let output = chance.json(2);
                match chance.below(9) {
                    0..4 => add(Input::TaskStarted { task }),
                    4 => return add(Input::TaskStartFailed { task, error: failure(chance) }),
                    5 => return add(Input::TaskSubmitFailed { task, error: failure(chance) }),
                    6 => return,
                    7 => add(Input::TaskSubmitted { task, output: json!("taken") }),
                    _ => add(Input::TaskHeartbeat { task }),
                }
                add(match chance.below(4) {
                    3 => Input::TaskFailed { task, error: failure(chance) },
                    _ => Input::TaskSucceeded { task, output },
                });
            }
            Effect::StartMapRun(request) => {
                let _ = writeln!(self.effects, "{}", request.map_run_arn);
                let task = request.task;
                assert!(self.open.insert(task));
                if request.reader.is_some() {
                    let items = (0..chance.below(5)).map(|_| chance.json(2)).collect();
                    match chance.below(4) {
                        3 => add(Input::TaskFailed { task, error: failure(chance) }),
                        _ => add(Input::ItemsRead { task, items: Rc::new(items) }),
                    }
                }
            }
            Effect::StartChildren { task, children } => {
                let _ = writeln!(self.effects, "{task} {children:?}");
                let output = Value::array(children.into_iter().map(|child| child.input).collect());
                match chance.below(4) {
                    3 => add(Input::TaskFailed { task, error: failure(chance) }),
                    _ => add(Input::TaskSucceeded { task, output }),
                }
            }
            Effect::RedriveMapRun { task } => {
                let _ = writeln!(self.effects, "redriven {task}");
                assert!(self.open.insert(task));
                match chance.below(2) {
                    0 => add(Input::TaskFailed { task, error: failure(chance) }),
                    _ => add(Input::TaskSucceeded { task, output: json!([]) }),
                }
            }
            Effect::CancelTask { task } => {
                let _ = writeln!(self.effects, "cancelled {task}");
                assert!(self.open.remove(&task), "task {task} is cancelled, and nobody waits for it");
                pending.retain(|(_, input)| input.task() != Some(task));
            }
            Effect::Ended => self.ended += 1,
        }
    }
}
