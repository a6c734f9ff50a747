//! Both ends of a dead-letter queue: where a queue's dead letters go, which queues give theirs to it, whom it
//! admits, and the message move tasks that bring them back.

use shared_json::Value;
use sim_account::Account;
use sqs_sim::{MoveTask, MoveTaskStatus, Queue, RedrivePolicy};
use virtual_time::Timestamp;

use crate::words;

/// Tasks that are shown, as many as ListMessageMoveTasks gives.
const TASKS: usize = 10;

#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetterView {
    pub policy: Option<Policy>,
    /// Queues of the same type, by name and ARN: what a redrive policy may name.
    pub others: Vec<(String, String)>,
    /// Queues that give their dead letters to this one, and after how many receives.
    pub sources: Vec<(String, u64)>,
    pub allow: Allow,
    /// Messages that a move task would take now.
    pub available: usize,
    /// Newest first.
    pub tasks: Vec<Task>,
}

/// Where dead letters go.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub name: String,
    pub arn: String,
    pub max_receive_count: u64,
    /// Whether that queue exists.
    pub exists: bool,
    /// Letters of this queue that lie there.
    pub letters: usize,
}

/// The redrive-allow policy: which queues may name this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Allow {
    /// No policy, or `allowAll`.
    #[default]
    All,
    ByQueue(Vec<String>),
    Nobody,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `RUNNING`, …
    pub status: &'static str,
    pub moved: u64,
    pub to_move: u64,
    /// `Orders`, or `the source queues`
    pub destination: String,
    /// `10 a second`, or AWS's own pace.
    pub rate: String,
    pub started_at: Timestamp,
    pub failure: Option<String>,
    /// While it can be cancelled.
    pub handle: Option<String>,
}

/// `None` when there is no queue of this name.
#[must_use]
pub fn view(account: &Account, name: &str) -> Option<DeadLetterView> {
    let queues = account.queues();
    let queue = queues.queue(name)?;
    let others = queues.queues().filter(|other| other.name() != name && other.is_fifo() == queue.is_fifo());
    let mut tasks: Vec<&MoveTask> = queues.move_tasks_of(queue.arn()).collect();
    tasks.reverse();
    Some(DeadLetterView {
        policy: queue.settings().redrive_policy.as_ref().map(|policy| policy_view(account, queue, policy)),
        others: others.map(|other| (other.name().to_owned(), other.arn().to_owned())).collect(),
        sources: sources(account, queue.arn()).map(|(name, count)| (name.to_owned(), count)).collect(),
        allow: queue.settings().redrive_allow_policy.as_deref().map_or(Allow::All, allow),
        available: queue.available_count(),
        tasks: tasks.into_iter().take(TASKS).map(task).collect(),
    })
}

fn policy_view(account: &Account, queue: &Queue, policy: &RedrivePolicy) -> Policy {
    let target = account.queues().queue_by_arn(&policy.dead_letter_target_arn);
    Policy {
        name: words::name_of(&policy.dead_letter_target_arn).to_owned(),
        arn: policy.dead_letter_target_arn.to_string(),
        max_receive_count: policy.max_receive_count,
        exists: target.is_some(),
        letters: target.map_or(0, |target| target.dead_letter_count_of(queue.arn())),
    }
}

/// Names of the queues whose redrive policy names this one, and after how many receives.
pub fn sources<'a>(account: &'a Account, arn: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
    account.queues().queues().filter_map(move |queue| {
        let policy = queue.settings().redrive_policy.as_ref()?;
        (&*policy.dead_letter_target_arn == arn).then_some((queue.name(), policy.max_receive_count))
    })
}

fn allow(text: &str) -> Allow {
    let policy = Value::parse(text).unwrap_or(Value::Null);
    match policy.get_str("redrivePermission") {
        Some("denyAll") => Allow::Nobody,
        Some("byQueue") => {
            let arns = policy.get("sourceQueueArns").and_then(Value::as_array).unwrap_or_default();
            Allow::ByQueue(arns.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        }
        _ => Allow::All,
    }
}

fn task(task: &MoveTask) -> Task {
    Task {
        status: task.status.name(),
        moved: task.moved,
        to_move: task.to_move,
        destination: task
            .destination_arn
            .as_deref()
            .map_or("the source queues".to_owned(), |arn| words::name_of(arn).to_owned()),
        rate: task.max_messages_per_second.map_or("as fast as SQS can".to_owned(), |rate| format!("{rate} a second")),
        started_at: task.started_at,
        failure: if let MoveTaskStatus::Failed(code) = &task.status { Some(code.to_string()) } else { None },
        handle: task.is_running().then(|| task.handle()),
    }
}
