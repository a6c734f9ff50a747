//! Activities: the queue of tasks that waits for workers, and the workers that wait for tasks.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use aws_protocol::AwsError;
use indexmap::IndexMap;
use sfn_engine::{ErrorOutput, Input, TaskId};
use shared_json::{Value, json};
use virtual_time::{Duration, Timestamp};

use super::States;
use super::api::{check_arn, check_name};
use super::tags::{self, Tags};
use super::validation::{Check, TOKEN_CHARACTERS, listed, required};

/// How long GetActivityTask waits for a task.
const POLL: Duration = Duration::from_secs(60);

/// Workers that may wait for one activity.
const MOST_POLLERS: usize = 1_000;

/// An activity as CreateActivity made it.
#[derive(Clone, Debug)]
pub struct Activity {
    pub arn: Rc<str>,
    pub name: Rc<str>,
    pub created_at: Timestamp,
    tags: Tags,
    encryption: Option<Value>,
    /// Tasks that no worker has taken, oldest first: execution and task.
    waiting: VecDeque<(usize, TaskId)>,
}

impl Activity {
    /// Tasks that wait for a worker.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

#[derive(Debug, Default)]
pub(super) struct Activities {
    by_arn: IndexMap<Rc<str>, Activity, rustc_hash::FxBuildHasher>,
    /// Open calls of GetActivityTask by their number, which is their order of arrival.
    polls: BTreeMap<u64, Poll>,
}

#[derive(Debug)]
struct Poll {
    activity: Rc<str>,
    worker_name: Option<Rc<str>>,
    until: Timestamp,
}

impl Activities {
    pub fn tags_mut(&mut self, arn: &str) -> Option<&mut Tags> {
        self.by_arn.get_mut(arn).map(|activity| &mut activity.tags)
    }

    /// When the next worker goes away empty-handed.
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        self.polls.values().map(|poll| poll.until).min()
    }
}

impl States {
    /// All activities in the order of their making.
    pub fn activities(&self) -> impl ExactSizeIterator<Item = &Activity> {
        self.activities.by_arn.values()
    }

    pub(super) fn activity_arn(&self, name: &str) -> String {
        format!("arn:aws:states:{}:{}:activity:{name}", self.region, self.account_id)
    }

    /// Creating an activity again changes nothing, whatever its tags.
    pub(super) fn create_activity(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let name = required(params, "name")?;
        Check::new(params).length("name", 1, 80).done()?;
        check_name(name)?;
        tags::check(params)?;
        let encryption = super::encryption::read(params)?;
        let arn: Rc<str> = self.activity_arn(name).into();
        if let Some(known) = self.activities.by_arn.get(&arn) {
            if known.encryption != encryption {
                let message = format!("Activity Already Exists: '{arn}'");
                return Err(AwsError::new("ActivityAlreadyExists", message));
            }
            return Ok(json!({"activityArn": &*arn, "creationDate": known.created_at.epoch_seconds()}));
        }
        let mut tags = Tags::default();
        tags.set(tags::given(params));
        let (name, waiting) = (name.into(), VecDeque::new());
        let activity = Activity { arn: arn.clone(), name, created_at: now, tags, encryption, waiting };
        self.activities.by_arn.insert(arn.clone(), activity);
        Ok(json!({"activityArn": &*arn, "creationDate": now.epoch_seconds()}))
    }

    pub(super) fn describe_activity(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "activityArn")?, "activity")?;
        let activity = self.activities.by_arn.get(arn).ok_or_else(|| no_activity(arn))?;
        let shown = json!({
            "activityArn": &*activity.arn, "name": &*activity.name, "creationDate": activity.created_at.epoch_seconds(),
        });
        Ok(shown.with("encryptionConfiguration", super::encryption::shown(activity.encryption.as_ref())))
    }

    /// Tasks that wait for a worker stay with their executions, which time out or wait for ever.
    pub(super) fn delete_activity(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "activityArn")?, "activity")?;
        self.activities.by_arn.shift_remove(arn);
        let polls = self.activities.polls.iter().filter(|(_, poll)| &*poll.activity == arn);
        for call in polls.map(|(call, _)| *call).collect::<Vec<_>>() {
            self.activities.polls.remove(&call);
            self.answers.push_back((call, Err(no_activity(arn))));
        }
        Ok(json!({}))
    }

    pub(super) fn list_activities(&self, params: &Value) -> Result<Value, AwsError> {
        let activities: Vec<&Activity> = self.activities.by_arn.values().collect();
        listed("activities", &activities, params, TOKEN_CHARACTERS, |activity| {
            json!({"activityArn": &*activity.arn, "name": &*activity.name,
                "creationDate": activity.created_at.epoch_seconds()})
        })
    }

    /// The answer comes with the next task, or empty after a minute.
    pub(super) fn get_activity_task(&mut self, call: u64, now: Timestamp, params: &Value) -> Result<(), AwsError> {
        let arn = check_arn(required(params, "activityArn")?, "activity")?;
        Check::new(params).length("workerName", 1, 80).done()?;
        let activity = self.activities.by_arn.get(arn).ok_or_else(|| no_activity(arn))?.arn.clone();
        if self.activities.polls.values().filter(|poll| poll.activity == activity).count() >= MOST_POLLERS {
            let message = format!("Too many workers are polling the activity: '{arn}'");
            return Err(AwsError::new("ActivityWorkerLimitExceeded", message));
        }
        let worker_name = params.get_str("workerName").map(Rc::from);
        self.activities.polls.insert(call, Poll { activity: activity.clone(), worker_name, until: now + POLL });
        self.match_workers(&activity, now);
        Ok(())
    }

    /// Nobody listens to this call any more.
    pub(crate) fn cancel_call(&mut self, call: u64) {
        self.activities.polls.remove(&call);
    }

    /// A task of an execution for the workers of an activity.
    pub(super) fn offer_activity_task(&mut self, arn: &str, execution: usize, task: TaskId, now: Timestamp) {
        match self.activities.by_arn.get_mut(arn) {
            Some(activity) => {
                activity.waiting.push_back((execution, task));
                let arn = activity.arn.clone();
                self.match_workers(&arn, now);
            }
            None => {
                self.close_task(execution, task);
                let error = ErrorOutput::new("States.Runtime", format!("The activity {arn} does not exist."));
                self.handle(execution, now, Input::TaskStartFailed { task, error });
            }
        }
    }

    /// Brings waiting tasks and waiting workers together, both in the order of their arrival.
    fn match_workers(&mut self, arn: &str, now: Timestamp) {
        loop {
            let poll = self.activities.polls.iter().find(|(_, poll)| &*poll.activity == arn);
            let Some(call) = poll.map(|(call, _)| *call) else { return };
            let Some((execution, task)) = self.next_activity_task(arn) else { return };
            let Some(poll) = self.activities.polls.remove(&call) else { return };
            let Some(request) = self.task(execution, task) else { continue };
            let token = request.task_token.clone().unwrap_or_default();
            let answer = json!({"taskToken": &*token, "input": request.parameters.to_string()});
            self.answers.push_back((call, Ok(answer)));
            self.handle(execution, now, Input::ActivityStarted { task, worker_name: poll.worker_name });
        }
    }

    /// The oldest task that its execution still waits for.
    fn next_activity_task(&mut self, arn: &str) -> Option<(usize, TaskId)> {
        loop {
            let (execution, task) = self.activities.by_arn.get_mut(arn)?.waiting.pop_front()?;
            if self.task(execution, task).is_some() {
                return Some((execution, task));
            }
        }
    }

    /// Sends away the workers who have waited long enough.
    pub(super) fn end_polls(&mut self, now: Timestamp) {
        let over = self.activities.polls.iter().filter(|(_, poll)| poll.until <= now);
        for call in over.map(|(call, _)| *call).collect::<Vec<_>>() {
            self.activities.polls.remove(&call);
            self.answers.push_back((call, Ok(json!({}))));
        }
    }
}

fn no_activity(arn: &str) -> AwsError {
    AwsError::new("ActivityDoesNotExist", format!("Activity Does Not Exist: '{arn}'"))
}
