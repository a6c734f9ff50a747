//! What a class is told of the moment that it sees, in plain words, and what can be broken in it at one key.
//!
//! Several things happen in one step: a call, the message that it sends, the state that goes on. All are told, the one
//! that matters most in large type.

use lambda_sim::{InvocationStatus, LambdaTrace};
use sfn_history::{EventDetails, StateType};
use sim_account::{Account, CallRecord, Caller, ExecutionRecord, What};
use sqs_sim::{Movement, MovementKind};

use crate::target::Tone;
use crate::words::{self, name_of, shortened};

/// A sentence, and why it is so or what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub because: Option<String>,
    pub tone: Tone,
    /// How much it matters beside what happened at the same time.
    weight: u8,
}

/// What happened last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub main: Line,
    pub beside: Vec<Line>,
}

/// So many lines beside the main one can be read from afar.
const MOST_BESIDE: usize = 2;

fn line(weight: u8, tone: Tone, text: impl Into<String>) -> Line {
    Line { text: text.into(), because: None, tone, weight }
}

impl Line {
    fn because(mut self, why: impl Into<String>) -> Line {
        self.because = Some(why.into());
        self
    }
}

/// What happened last in the account, and in this execution if there is one.
#[must_use]
pub fn caption(account: &Account, execution: Option<&str>) -> Caption {
    let record = execution.and_then(|arn| account.states().execution(arn));
    let newest_event = record.and_then(|record| record.execution.history().last()).map(|event| event.timestamp);
    let entries = || account.journal().entries().rev().filter(|entry| told(&entry.what).is_some());
    let newest_entry = entries().next();
    let at = newest_entry.map(|entry| entry.at).max(newest_event);
    let step = newest_entry.map(|entry| entry.step);
    let mut lines: Vec<Line> = entries()
        .take_while(|entry| Some(entry.step) == step)
        .filter(|entry| Some(entry.at) == at)
        .filter_map(|entry| told(&entry.what))
        .collect();
    lines.reverse();
    lines.extend(record.into_iter().flat_map(|record| events(record, at)));
    let Some(main) = (0..lines.len()).max_by_key(|place| (lines[*place].weight, *place)) else {
        let nothing = line(0, Tone::Plain, "Nothing has happened yet.").because("Press Space for the first step.");
        return Caption { main: nothing, beside: Vec::new() };
    };
    let main = lines.remove(main);
    lines.dedup();
    let surplus = lines.len().saturating_sub(MOST_BESIDE);
    Caption { main, beside: lines.split_off(surplus) }
}

/// The newest events of an execution, if they are of this moment: as many as one step writes.
fn events(record: &ExecutionRecord, at: Option<virtual_time::Timestamp>) -> Vec<Line> {
    let history = record.execution.history().iter().rev();
    let mut lines: Vec<Line> = history
        .take_while(|event| Some(event.timestamp) == at)
        .take(MOST_BESIDE + 1)
        .filter_map(|event| of_event(&event.details))
        .collect();
    lines.reverse();
    lines
}

fn of_event(details: &EventDetails) -> Option<Line> {
    let named = |error: &Option<std::rc::Rc<str>>| error.as_deref().unwrap_or("an error without a name").to_owned();
    Some(match details {
        EventDetails::ExecutionStarted { .. } => {
            line(3, Tone::Busy, "An execution starts.").because("Its input goes to the first state.")
        }
        EventDetails::ExecutionRedriven { .. } => line(9, Tone::Busy, "The execution goes on where it failed."),
        EventDetails::ExecutionSucceeded { .. } => {
            line(9, Tone::Good, "The execution succeeded.").because("The last state's output is its output.")
        }
        EventDetails::ExecutionFailed(error) => {
            line(9, Tone::Bad, format!("The execution failed with {}.", named(&error.error)))
                .because("No Retry and no Catch stood against this error.")
        }
        EventDetails::ExecutionAborted(_) => line(9, Tone::Warning, "The execution was stopped."),
        EventDetails::ExecutionTimedOut(_) => {
            line(9, Tone::Bad, "The execution timed out.").because("It took longer than its TimeoutSeconds.")
        }
        EventDetails::StateEntered { state_type, name, .. } => {
            line(4, Tone::Busy, format!("“{name}” begins.")).because(what_it_does(*state_type))
        }
        EventDetails::StateExited { name, .. } => {
            line(4, Tone::Good, format!("“{name}” is done.")).because("Its output is the next state's input.")
        }
        EventDetails::TaskSubmitted(task, _) if task.resource.ends_with(".waitForTaskToken") => {
            line(6, Tone::Busy, "The state waits for its task token.").because(
                "It goes on when somebody returns the token with a result. Without a timeout it waits up to a year.",
            )
        }
        EventDetails::TaskSucceeded(..) | EventDetails::LambdaFunctionSucceeded { .. } => {
            line(5, Tone::Good, "The task has its result.")
        }
        EventDetails::TaskFailed(_, error) | EventDetails::LambdaFunctionFailed(error) => {
            line(7, Tone::Bad, format!("The task failed with {}.", named(&error.error)))
                .because("Now the state looks for a Retry that fits, then for a Catch.")
        }
        EventDetails::TaskTimedOut(..)
        | EventDetails::LambdaFunctionTimedOut(_)
        | EventDetails::ActivityTimedOut(_) => line(7, Tone::Bad, "The task timed out.")
            .because("It was not answered within its TimeoutSeconds or HeartbeatSeconds."),
        EventDetails::MapIterationStarted { index, .. } => line(3, Tone::Busy, format!("Iteration {index} starts.")),
        EventDetails::MapIterationSucceeded { index, .. } => line(4, Tone::Good, format!("Iteration {index} is done.")),
        EventDetails::MapIterationFailed { index, .. } => line(7, Tone::Bad, format!("Iteration {index} failed.")),
        EventDetails::ParallelStateStarted => line(5, Tone::Busy, "All branches start with the same input."),
        _ => return None,
    })
}

fn what_it_does(kind: StateType) -> &'static str {
    match kind {
        StateType::Task => "A Task asks a service to do something.",
        StateType::Pass => "A Pass hands on data and asks nobody.",
        StateType::Choice => "A Choice looks at the data and takes one of its ways.",
        StateType::Wait => "A Wait lets time pass.",
        StateType::Succeed => "A Succeed ends the execution well.",
        StateType::Fail => "A Fail ends the execution with an error.",
        StateType::Parallel => "A Parallel runs several branches at once.",
        StateType::Map => "A Map runs the same states for every item.",
    }
}

fn told(what: &What) -> Option<Line> {
    match what {
        What::Call(call) => of_call(call),
        What::Moved(movement) => of_movement(movement),
        What::Lambda(trace) => of_trace(trace),
    }
}

/// Calls whose effect is told by the message or the state that it moves are left out.
fn of_call(call: &CallRecord) -> Option<Line> {
    let who = match &call.caller {
        Caller::Root => "You".to_owned(),
        Caller::Task { state_name, .. } => format!("“{state_name}”"),
        Caller::Function { function_name, .. } => format!("The function {function_name}"),
        Caller::Mapping { function_name, .. } => format!("The trigger of {function_name}"),
        _ => "A service".to_owned(),
    };
    let action = &call.action;
    if let Some(Err(error)) = &call.outcome {
        if error.code.starts_with("AccessDenied") {
            return Some(
                line(8, Tone::Bad, format!("{who} was not allowed to do {action}."))
                    .because("Its role has no policy that allows it, or one that denies it."),
            );
        }
        let why = shortened(&error.to_string(), 160);
        return Some(line(7, Tone::Bad, format!("{who} could not do {action}.")).because(why));
    }
    call.outcome.as_ref()?;
    Some(match &**action {
        "states:SendTaskSuccess" => line(8, Tone::Good, format!("{who} returns the task token with a result."))
            .because("The waiting state goes on."),
        "states:SendTaskFailure" => line(8, Tone::Bad, format!("{who} returns the task token with an error."))
            .because("The waiting state fails."),
        "states:SendTaskHeartbeat" => {
            line(6, Tone::Busy, format!("{who} sends a heartbeat.")).because("The heartbeat timeout begins anew.")
        }
        "states:StartExecution" => line(4, Tone::Busy, format!("{who} started an execution.")),
        "stepyard:InjectFault" => line(8, Tone::Warning, "A failure was injected."),
        made if who == "You" && !made.contains(":Get") && !made.contains(":Describe") && !made.contains(":List") => {
            if matches!(made, "sqs:SendMessage" | "sqs:ReceiveMessage" | "sqs:DeleteMessage") {
                return None;
            }
            line(2, Tone::Plain, format!("You called {made}."))
        }
        _ => return None,
    })
}

fn of_movement(movement: &Movement) -> Option<Line> {
    let queue = name_of(&movement.queue_arn);
    Some(match &movement.kind {
        MovementKind::Sent { delayed_until: None } => {
            line(7, Tone::Plain, format!("A message arrives in the queue {queue}."))
                .because("It waits there until a consumer takes it.")
        }
        MovementKind::Sent { delayed_until: Some(until) } => {
            line(7, Tone::Plain, format!("A message arrives in the queue {queue}, and is held back."))
                .because(format!("Nobody can receive it for {}.", until.since(movement.at)))
        }
        MovementKind::Available => line(7, Tone::Warning, format!("A message is visible in {queue} again."))
            .because("It was not deleted in time: somebody will handle it once more."),
        MovementKind::Received { until, receive_count, .. } => {
            let text = match receive_count {
                1 => format!("A consumer takes the message from {queue}."),
                n => format!("A consumer takes the message from {queue} for the {} time.", ordinal(*n)),
            };
            let hidden = until.since(movement.at);
            line(7, Tone::Busy, text).because(format!(
                "It stays in the queue, hidden for {hidden}. If nobody deletes it by then, it comes back."
            ))
        }
        MovementKind::Deleted => line(6, Tone::Good, format!("The message is deleted from {queue}: it was handled.")),
        MovementKind::Expired => line(8, Tone::Warning, format!("A message in {queue} expired."))
            .because("Nobody deleted it within the retention period. It is lost."),
        MovementKind::DeadLettered { to } => {
            line(8, Tone::Bad, format!("A message moves from {queue} to the dead-letter queue {}.", name_of(to)))
                .because("It was received more often than maxReceiveCount allows.")
        }
        MovementKind::Redriven { to } => {
            line(7, Tone::Plain, format!("A message goes back from {queue} to {}.", name_of(to)))
        }
        MovementKind::Faulted { deed } => line(8, Tone::Warning, format!("A message in {queue} was {deed}."))
            .because("This failure was injected; it does not happen by itself."),
        MovementKind::VisibilityChanged { .. } | MovementKind::Purged | MovementKind::QueueDeleted => return None,
    })
}

fn ordinal(n: u64) -> String {
    let ending = match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

fn of_trace(trace: &LambdaTrace) -> Option<Line> {
    Some(match trace {
        LambdaTrace::InvocationStarted { function, cold, message_ids, .. } => {
            let with = match message_ids.len() {
                0 => String::new(),
                1 => " with 1 message".to_owned(),
                n => format!(" with {n} messages"),
            };
            let started = line(7, Tone::Busy, format!("The function {function} is called{with}."));
            if *cold { started.because("A new environment starts first: a cold start.") } else { started }
        }
        LambdaTrace::InvocationFinished { function, status, .. } => match status {
            InvocationStatus::Succeeded => line(5, Tone::Good, format!("The function {function} ends well.")),
            InvocationStatus::Failed => line(8, Tone::Bad, format!("The function {function} failed."))
                .because("Its messages stay in the queue and come back."),
            InvocationStatus::TimedOut => line(8, Tone::Bad, format!("The function {function} timed out."))
                .because("Lambda stopped it in the middle of its work."),
            InvocationStatus::Starting | InvocationStatus::Running => return None,
        },
        LambdaTrace::Log { function, line: text, .. } => {
            let said = text.rsplit('\t').next().unwrap_or(text).trim();
            if said.starts_with("START ") || said.starts_with("END ") || said.starts_with("REPORT ") {
                return None;
            }
            line(3, Tone::Plain, format!("{function} logs: {}", shortened(said, 80)))
        }
        LambdaTrace::Throttled { function } => {
            line(7, Tone::Warning, format!("The function {function} was throttled."))
                .because("All its concurrency is in use; the call is tried again.")
        }
        LambdaTrace::Fault { function, fault } => {
            line(8, Tone::Warning, format!("An injected {fault} takes effect in {function}."))
        }
        LambdaTrace::Filtered { .. } => line(6, Tone::Plain, "The trigger's filters dropped a message; it is deleted."),
        _ => return None,
    })
}

/// What a key can break now: the newest message that somebody may still handle, and the function that acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakable {
    /// The queue's URL and the message's id.
    pub message: Option<(String, String)>,
    pub function: Option<String>,
}

/// A message that has not moved for so many entries is not what the class looks at.
const LOOKED_AT: usize = 500;

/// What can be broken in the account as it is.
#[must_use]
pub fn breakable(account: &Account) -> Breakable {
    let newest = account.journal().entries().rev().take(LOOKED_AT).find_map(|entry| match &entry.what {
        What::Moved(movement) => {
            let queue = account.queues().queue_by_arn(&movement.queue_arn)?;
            let there = queue.messages().any(|message| message.id == movement.message_id);
            there.then(|| (queue.url().to_owned(), movement.message_id.to_string()))
        }
        _ => None,
    });
    let functions = account.functions();
    let acting = functions.invocations().next_back().map(|invocation| invocation.function.to_string());
    let tied = || functions.mappings().next().map(|mapping| mapping.function_name.to_string());
    let any = || functions.functions().next().map(|function| function.name.to_string());
    Breakable { message: newest, function: acting.or_else(tied).or_else(any) }
}

/// Which execution to show when none was chosen: the newest one that runs, or else the newest.
#[must_use]
pub fn execution_to_show(account: &Account) -> Option<String> {
    let executions = || account.states().executions().iter().rev().filter(|record| record.child_of.is_none());
    let runs = executions().find(|record| record.execution.status() == sfn_engine::Status::Running);
    runs.or_else(|| executions().next()).map(|record| record.arn.to_string())
}

/// A short name of an execution: `InventoryStateMachine · 3f2a`.
#[must_use]
pub fn title(account: &Account, execution: &str) -> String {
    account.states().execution(execution).map_or_else(
        || name_of(execution).to_owned(),
        |record| format!("{} · {}", record.state_machine_name, words::tail(&record.name, 6)),
    )
}
