//! The outside workers of a vector: they take messages from a queue and answer task tokens.

use shared_json::{Value, json};
use sim_account::Account;
use virtual_time::Timestamp;

use crate::behaviour::seconds;
use crate::select::{select, text};
use crate::world::items;

/// A worker that acts on the messages of one queue or on the tasks of one activity.
pub struct Worker {
    queue_url: Option<String>,
    /// The parameters of GetActivityTask, for a worker of an activity, and its open call.
    poll: Option<Value>,
    open_call: Option<u64>,
    repeat: bool,
    actions: Vec<Value>,
    jobs: Vec<Job>,
}

/// One message or activity task, and what is still to be done about it.
struct Job {
    /// The message's body, or the task's input.
    body: String,
    task_token: Option<String>,
    next_action: usize,
    due: Timestamp,
}

impl Worker {
    pub fn new(script: &Value) -> Self {
        let polled = [("activityArn", "activityArn"), ("workerName", "workerName")].into_iter();
        let polled = polled.filter_map(|(from, to)| Some((to, script.get(from)?.clone())));
        let on_message = script.get_str("on") == Some("sqsMessage");
        Worker {
            queue_url: script.get_str("queueUrl").filter(|_| on_message).map(str::to_owned),
            poll: (script.get_str("on") == Some("activityTask")).then(|| Value::object(polled)),
            open_call: None,
            repeat: script.get("repeat").and_then(Value::as_bool).unwrap_or(false),
            actions: items(script, "do").to_vec(),
            jobs: Vec::new(),
        }
    }

    /// When the worker wants to go on by itself.
    pub fn due(&self) -> Option<Timestamp> {
        if self.poll.is_some() && self.open_call.is_none() {
            return Some(Timestamp::default());
        }
        self.jobs.iter().filter(|job| job.next_action < self.actions.len()).map(|job| job.due).min()
    }

    /// Takes what has come, and does what is due.
    pub fn act(&mut self, account: &mut Account) {
        self.take_messages(account);
        self.take_tasks(account);
        for job in &mut self.jobs {
            while let Some(action) = self.actions.get(job.next_action).filter(|_| job.due <= account.now()) {
                job.next_action += 1;
                perform(action, job, account);
            }
        }
    }

    fn take_messages(&mut self, account: &mut Account) {
        let Some(url) = self.queue_url.clone() else { return };
        while self.repeat || self.jobs.is_empty() {
            let poll = json!({"QueueUrl": url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 0});
            let Some(Ok(answer)) = account.call("sqs:ReceiveMessage", poll).result else { return };
            let Some(message) = items(&answer, "Messages").first() else { return };
            let handle = text(&message["ReceiptHandle"]);
            account.call("sqs:DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle}));
            let body = text(&message["Body"]);
            self.jobs.push(Job { body, task_token: None, next_action: 0, due: account.now() });
        }
    }

    /// Takes every task there is, and leaves one call open for the next.
    fn take_tasks(&mut self, account: &mut Account) {
        let Some(poll) = self.poll.clone() else { return };
        loop {
            let answer = match self.open_call {
                Some(call) => account.take_answer(call),
                None => {
                    let called = account.call("states:GetActivityTask", poll.clone());
                    self.open_call = Some(called.id);
                    called.result
                }
            };
            match answer {
                None => return,
                // The activity is gone: there will be no tasks.
                Some(Err(_)) => {
                    self.poll = None;
                    return;
                }
                Some(Ok(task)) => {
                    self.open_call = None;
                    if let Some(token) = task.get_str("taskToken") {
                        let (body, task_token) = (text(&task["input"]), Some(token.to_owned()));
                        self.jobs.push(Job { body, task_token, next_action: 0, due: account.now() });
                    }
                }
            }
        }
    }
}

fn perform(action: &Value, job: &mut Job, account: &mut Account) {
    let wanted = action.get("if");
    if wanted.is_some_and(|condition| value(condition, job) != condition["equals"]) {
        return;
    }
    let name = text(&action["action"]);
    if name == "Wait" {
        job.due = account.now() + seconds(&action["seconds"]);
        return;
    }
    let given = ["taskToken", "output", "error", "cause"].into_iter();
    let params = given.filter_map(|key| Some((key, value(action.get(key)?, job))));
    let params = job.task_token.iter().map(|token| ("taskToken", Value::from(token.as_str()))).chain(params);
    account.call(&format!("states:{name}"), Value::object(params));
}

/// A text of the script: literal, or taken from the message.
fn value(script: &Value, job: &Job) -> Value {
    if let Some(path) = script.get_str("bodyPath") {
        return selected(&job.body, path).unwrap_or_default();
    }
    if let Some(path) = script.get_str("jsonOf") {
        return selected(&job.body, path).unwrap_or_default().to_string().into();
    }
    if script.get("body").is_some() || script.get("taskInput").is_some() {
        return job.body.as_str().into();
    }
    script.clone()
}

/// `A|json|B`: the text at `A` is JSON again, and `B` leads on in it.
fn selected(body: &str, path: &str) -> Option<Value> {
    let (path, rest) = path.split_once("|json|").map_or((path, None), |(path, rest)| (path, Some(rest)));
    let found = select(&Value::parse(body).ok()?, path)?.clone();
    match rest {
        Some(rest) => selected(found.as_str()?, rest),
        None => Some(found),
    }
}
