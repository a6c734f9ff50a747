//! Message move tasks: a dead-letter queue's messages on their way back, at a steady pace.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>

use std::rc::Rc;

use virtual_time::{Duration, Timestamp};

use crate::errors::queue_does_not_exist;
use crate::message::{Message, MessageState};
use crate::operations::move_tasks::handle;
use crate::queues::Queues;

/// What a task moves in a second when nobody sets MaxNumberOfMessagesPerSecond: AWS's highest rate.
const OWN_PACE: u64 = 500;

#[derive(Clone, Debug)]
pub struct MoveTask {
    pub(crate) id: Rc<str>,
    pub source_arn: Rc<str>,
    /// None: each message goes back to the queue that gave it up.
    pub destination_arn: Option<Rc<str>>,
    pub max_messages_per_second: Option<u64>,
    pub started_at: Timestamp,
    pub to_move: u64,
    pub moved: u64,
    pub status: MoveTaskStatus,
    next_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveTaskStatus {
    Running,
    Completed,
    Cancelled,
    /// With the error's code.
    Failed(Rc<str>),
}

impl MoveTaskStatus {
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            MoveTaskStatus::Running => "RUNNING",
            MoveTaskStatus::Completed => "COMPLETED",
            MoveTaskStatus::Cancelled => "CANCELLED",
            MoveTaskStatus::Failed(_) => "FAILED",
        }
    }
}

impl MoveTask {
    pub(crate) fn new(
        id: Rc<str>,
        source_arn: Rc<str>,
        destination_arn: Option<Rc<str>>,
        max_messages_per_second: Option<u64>,
        to_move: u64,
        now: Timestamp,
    ) -> Self {
        MoveTask {
            id,
            source_arn,
            destination_arn,
            max_messages_per_second,
            started_at: now,
            to_move,
            moved: 0,
            status: MoveTaskStatus::Running,
            next_at: now,
        }
    }

    /// What CancelMessageMoveTask asks for.
    #[must_use]
    pub fn handle(&self) -> String {
        handle(&self.id, &self.source_arn)
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == MoveTaskStatus::Running
    }

    /// When it moves its next message.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.is_running().then_some(self.next_at)
    }

    fn pace(&self) -> Duration {
        Duration::from_micros(1_000_000 / self.max_messages_per_second.unwrap_or(OWN_PACE).max(1))
    }
}

/// Moves what the tasks have to move at this moment.
pub(crate) fn advance(queues: &mut Queues, now: Timestamp) {
    for index in 0..queues.move_tasks.len() {
        if queues.move_tasks[index].next_at().is_some_and(|at| at <= now) {
            let status = move_one(queues, index, now);
            let task = &mut queues.move_tasks[index];
            task.next_at = now + task.pace();
            task.status = status;
        }
    }
}

fn move_one(queues: &mut Queues, index: usize, now: Timestamp) -> MoveTaskStatus {
    let task = queues.move_tasks[index].clone();
    let gone = || MoveTaskStatus::Failed(queue_does_not_exist().code.into());
    let source = queues.name_of_arn(&task.source_arn).and_then(|name| queues.queues.get(name));
    let Some(source) = source else { return gone() };
    let Some(oldest) = source.oldest_available().filter(|_| task.moved < task.to_move) else {
        return MoveTaskStatus::Completed;
    };
    let destination = task.destination_arn.or_else(|| oldest.dead_letter_source_arn.clone());
    let (source, destination) = (source.name.clone(), destination.filter(|arn| queues.queue_by_arn(arn).is_some()));
    let Some(destination) = destination else { return gone() };
    let taken =
        queues.queues.get_mut(&source).and_then(|queue| queue.take_oldest(now, &destination, &mut queues.outbox));
    let Some(message) = taken else { return MoveTaskStatus::Completed };
    let id = queues.ids.uuid().into();
    let name = queues.name_of_arn(&destination).unwrap_or_default().to_owned();
    if let Some(queue) = queues.queues.get_mut(&*name) {
        queue.insert(now, as_new(message, id, now), &mut queues.outbox);
    }
    let task = &mut queues.move_tasks[index];
    task.moved += 1;
    if task.moved == task.to_move { MoveTaskStatus::Completed } else { MoveTaskStatus::Running }
}

/// A moved message counts as new: another id, another time of sending, its receptions forgotten.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html>
fn as_new(message: Message, id: Rc<str>, now: Timestamp) -> Message {
    Message {
        id,
        sent_at: now,
        retained_from: now,
        state: MessageState::Available,
        receive_count: 0,
        first_received_at: None,
        last_received_at: None,
        receptions_here: 0,
        dead_letter_source_arn: None,
        ..message
    }
}
