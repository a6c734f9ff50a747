//! The registry of an account's queues: calls in by action name, answers and movements out.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use aws_protocol::{AwsError, Randomness};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use crate::attributes::DeadLetterTarget;
use crate::errors::{missing_parameter, queue_does_not_exist};
use crate::limits::SqsLimits;
use crate::message::{Message, MessageState, Movement, MovementKind};
use crate::move_tasks::{self, MoveTask};
use crate::operations;
use crate::queue::{MessageFault, Queue};

/// What an account's queues are born with.
#[derive(Clone, Debug)]
pub struct QueuesOptions {
    pub account_id: String,
    pub region: String,
    pub seed: u64,
    pub limits: SqsLimits,
    /// From a message becoming available to a waiting long poll receiving it.
    pub poll_pickup: Duration,
}

#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// An API call; its [`Effect::Answer`] may come at once or, for a long poll, later.
    Call {
        call: u64,
        /// `SendMessage`
        action: &'a str,
        /// The JSON protocol's members.
        params: &'a Value,
        /// Who calls, as SenderId tells receivers.
        principal: &'a Rc<str>,
    },
    /// The caller of a long poll went away; there will be no answer.
    Cancel { call: u64 },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Answer { call: u64, result: Result<Value, AwsError> },
    Moved(Movement),
}

/// Effects in the order in which they happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox(VecDeque<Effect>);

impl Outbox {
    pub(crate) fn moved(&mut self, queue_arn: &Rc<str>, message_id: &Rc<str>, at: Timestamp, kind: MovementKind) {
        let movement = Movement { queue_arn: queue_arn.clone(), message_id: message_id.clone(), at, kind };
        self.0.push_back(Effect::Moved(movement));
    }

    pub(crate) fn answer(&mut self, call: u64, result: Result<Value, AwsError>) {
        self.0.push_back(Effect::Answer { call, result });
    }
}

/// An API call on its way through the operations.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) now: Timestamp,
    pub(crate) call: u64,
    pub(crate) params: &'a Value,
    pub(crate) principal: &'a Rc<str>,
}

#[derive(Clone, Debug)]
pub struct Queues {
    account_id: Rc<str>,
    region: Rc<str>,
    pub(crate) limits: SqsLimits,
    poll_pickup: Duration,
    pub(crate) ids: Randomness,
    pub(crate) queues: BTreeMap<Rc<str>, Queue>,
    /// When queues that are gone were deleted, by name.
    pub(crate) deleted: BTreeMap<Rc<str>, Timestamp>,
    /// In the order of their starts.
    pub(crate) move_tasks: Vec<MoveTask>,
    pub(crate) outbox: Outbox,
}

impl Queues {
    #[must_use]
    pub fn new(options: QueuesOptions) -> Self {
        Queues {
            account_id: options.account_id.into(),
            region: options.region.into(),
            limits: options.limits,
            poll_pickup: options.poll_pickup,
            ids: Randomness::new(options.seed),
            queues: BTreeMap::new(),
            deleted: BTreeMap::new(),
            move_tasks: Vec::new(),
            outbox: Outbox::default(),
        }
    }

    pub fn handle(&mut self, now: Timestamp, input: Input<'_>) {
        self.handle_wakeup(now);
        match input {
            Input::Call { call, action, params, principal } => {
                let request = Call { now, call, params, principal };
                if let Some(result) = operations::run(self, action, &request).transpose() {
                    self.outbox.answer(call, result);
                }
                self.serve_all(now);
                self.handle_wakeup(now);
            }
            Input::Cancel { call } => {
                for queue in self.queues.values_mut() {
                    queue.polls.retain(|poll| poll.call != call);
                }
            }
        }
    }

    /// Breaks what AWS promises of one message.
    ///
    /// # Errors
    /// There is no such queue, or no such message in it.
    pub fn inject(
        &mut self,
        now: Timestamp,
        queue_url: &str,
        message_id: &str,
        fault: MessageFault,
    ) -> Result<(), AwsError> {
        self.handle_wakeup(now);
        let name = self.queue_by_url(queue_url).map(|queue| queue.name.clone());
        let Some(queue) = name.and_then(|name| self.queues.get_mut(&name)) else {
            return Err(crate::errors::queue_does_not_exist());
        };
        if !queue.inject(now, message_id, fault, &mut self.outbox) {
            let message = format!("The queue holds no message with the id {message_id}.");
            return Err(AwsError::new("ResourceNotFoundException", message).with_status(404));
        }
        self.serve_all(now);
        self.handle_wakeup(now);
        Ok(())
    }

    /// Moves what is due; an early wake-up changes nothing.
    pub fn handle_wakeup(&mut self, now: Timestamp) {
        while let Some(at) = self.next_wakeup().filter(|at| *at <= now) {
            for queue in self.queues.values_mut() {
                queue.advance(at, &mut self.outbox);
            }
            move_tasks::advance(self, at);
            self.serve_all(at);
            for queue in self.queues.values_mut() {
                while let Some(index) = queue.polls.iter().position(|poll| poll.deadline <= at) {
                    if let Some(poll) = queue.polls.remove(index) {
                        queue.metrics.empty_receive(at);
                        self.outbox.answer(poll.call, Ok(json!({})));
                    }
                }
            }
        }
    }

    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.outbox.0.pop_front()
    }

    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        let tasks = self.move_tasks.iter().filter_map(MoveTask::next_at);
        self.queues.values().filter_map(Queue::next_wakeup).chain(tasks).min()
    }

    /// The same queues with their settings but without messages: asked what a call would be answered, it costs
    /// nothing and changes nothing here.
    #[must_use]
    pub fn rehearsal(&self) -> Queues {
        Queues {
            account_id: self.account_id.clone(),
            region: self.region.clone(),
            limits: self.limits.clone(),
            poll_pickup: self.poll_pickup,
            ids: self.ids.clone(),
            queues: self.queues.iter().map(|(name, queue)| (name.clone(), queue.emptied())).collect(),
            deleted: self.deleted.clone(),
            move_tasks: self.move_tasks.clone(),
            outbox: Outbox::default(),
        }
    }

    /// Message move tasks out of a queue, in the order of their starts.
    pub fn move_tasks_of(&self, source_arn: &str) -> impl Iterator<Item = &MoveTask> {
        self.move_tasks.iter().filter(move |task| &*task.source_arn == source_arn)
    }

    /// What a queue would do as dead-letter queue of another.
    pub(crate) fn as_dead_letter_target(&self, arn: &str, source_arn: &str) -> DeadLetterTarget {
        match self.queue_by_arn(arn) {
            None => DeadLetterTarget::Missing,
            Some(queue) if queue.settings().admits_source(source_arn) => DeadLetterTarget::Accepts,
            Some(_) => DeadLetterTarget::Refuses,
        }
    }

    /// All queues by name.
    pub fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.queues.values()
    }

    #[must_use]
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.get(name)
    }

    #[must_use]
    pub fn queue_by_arn(&self, arn: &str) -> Option<&Queue> {
        self.queues.get(self.name_of_arn(arn)?)
    }

    #[must_use]
    pub fn queue_by_url(&self, url: &str) -> Option<&Queue> {
        let (account, name) = account_and_name(url)?;
        self.queues.get(name).filter(|_| account == &*self.account_id)
    }

    /// The resource that an action touches, for authorization; `None` when the call names no queue.
    #[must_use]
    pub fn queue_arn_for(&self, action: &str, params: &Value) -> Option<String> {
        match action {
            "CancelMessageMoveTask" => operations::move_tasks::source_of(params.get_str("TaskHandle")?),
            "StartMessageMoveTask" | "ListMessageMoveTasks" => params.get_str("SourceArn").map(str::to_owned),
            "ListQueues" => Some(self.arn_of("*")),
            "CreateQueue" | "GetQueueUrl" => Some(self.arn_of(params.get_str("QueueName")?)),
            _ => {
                let (account, name) = account_and_name(params.get_str("QueueUrl")?)?;
                Some(format!("arn:aws:sqs:{}:{account}:{name}", self.region))
            }
        }
    }

    pub(crate) fn arn_of(&self, name: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{name}", self.region, self.account_id)
    }

    pub(crate) fn url_of(&self, name: &str) -> String {
        format!("https://sqs.{}.amazonaws.com/{}/{name}", self.region, self.account_id)
    }

    pub(crate) fn account_id(&self) -> &str {
        &self.account_id
    }

    pub(crate) fn name_of_arn<'a>(&self, arn: &'a str) -> Option<&'a str> {
        let rest = arn.strip_prefix("arn:aws:sqs:")?.strip_prefix(&*self.region)?.strip_prefix(':')?;
        rest.strip_prefix(&*self.account_id)?.strip_prefix(':')
    }

    /// The queue that a call's QueueUrl names.
    pub(crate) fn named_by(&mut self, params: &Value) -> Result<(&mut Queue, &mut Outbox), AwsError> {
        let url = params.get_str("QueueUrl").filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| missing_parameter("QueueUrl"))?;
        let elsewhere = url.strip_prefix("https://sqs.").and_then(|rest| rest.split_once('.'));
        let here = elsewhere.is_none_or(|(region, _)| region == &*self.region);
        let Some((account, name)) = account_and_name(url).filter(|_| here) else {
            let message = format!("The address {url} is not valid for this endpoint.");
            return Err(AwsError::new("InvalidAddress", message).with_status(404));
        };
        if account != &*self.account_id {
            return Err(queue_does_not_exist());
        }
        let queue = self.queues.get_mut(name).ok_or_else(queue_does_not_exist)?;
        Ok((queue, &mut self.outbox))
    }

    /// Puts messages that `source` gave up into its dead-letter queue.
    pub(crate) fn bury(&mut self, now: Timestamp, source_arn: &Rc<str>, target_name: &str, dead: Vec<Message>) {
        let Some(target) = self.queues.get_mut(target_name) else { return };
        for mut message in dead {
            message.state = MessageState::Available;
            message.receptions_here = 0;
            if target.is_fifo() {
                message.retained_from = now;
            }
            message.dead_letter_source_arn = Some(source_arn.clone());
            target.insert(now, message, &mut self.outbox);
        }
    }

    /// Answers long polls for which there are messages now.
    fn serve_all(&mut self, now: Timestamp) {
        // Serving one queue may fill another by its redrive policy, hence again until nothing moves.
        self.expect_pickups(now);
        while let Some(name) = self.first_servable(now) {
            let Some(poll) = self.queues.get_mut(&name).and_then(|queue| queue.polls.pop_front()) else { return };
            match operations::receive::take(self, now, &name, poll.call, &poll.request) {
                Some(answer) => self.outbox.answer(poll.call, Ok(answer)),
                // All that was there became dead letters: wait on, in the same place.
                None => {
                    if let Some(queue) = self.queues.get_mut(&name) {
                        queue.polls.push_front(poll);
                    }
                }
            }
        }
        self.expect_pickups(now);
    }

    fn expect_pickups(&mut self, now: Timestamp) {
        for queue in self.queues.values_mut() {
            queue.expect_pickup(now, self.poll_pickup);
        }
    }

    fn first_servable(&self, now: Timestamp) -> Option<Rc<str>> {
        let servable = |queue: &&Queue| queue.has_pickup(now);
        self.queues.values().find(servable).map(|queue| queue.name.clone())
    }
}

/// The last two segments of a queue URL's path.
fn account_and_name(url: &str) -> Option<(&str, &str)> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let name = segments.next()?;
    let account = segments.next().filter(|a| !a.is_empty() && a.bytes().all(|b| b.is_ascii_digit()))?;
    (!name.is_empty()).then_some((account, name))
}
