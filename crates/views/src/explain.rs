//! Why? The chain of causes behind what a thing is doing, newest first, each with where to look.

mod execution;
mod inside;
mod token;

use lambda_sim::MappingState;
use sim_account::Account;
use virtual_time::Timestamp;

use crate::functions::{self, InvocationState};
use crate::queue::{self, Counts, lanes};
use crate::roles;
use crate::target::{Target, Tone};
use crate::words::short_uuid;

pub use execution::execution;

#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// `Why does it wait?`
    pub question: String,
    pub causes: Vec<Cause>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    pub tone: Tone,
    pub title: String,
    pub text: String,
    /// Lines to read one by one: the statements of policies.
    pub details: Vec<String>,
    pub at: Option<Timestamp>,
    pub target: Option<Target>,
}

impl Cause {
    fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Cause {
        Cause { tone, title: title.into(), text: text.into(), details: Vec::new(), at: None, target: None }
    }

    fn at(mut self, at: Timestamp) -> Cause {
        self.at = Some(at);
        self
    }

    fn leads_to(mut self, target: Option<Target>) -> Cause {
        self.target = target;
        self
    }
}

/// The newest first; what has no time of its own stays below what it explains.
fn newest_first(causes: Vec<Cause>) -> Vec<Cause> {
    let mut time = Timestamp::MAX;
    let mut timed: Vec<(Timestamp, Cause)> = Vec::with_capacity(causes.len());
    for cause in causes {
        time = cause.at.unwrap_or(time);
        timed.push((time, cause));
    }
    timed.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    timed.into_iter().map(|(_, cause)| cause).collect()
}

/// Why messages are where they are.
#[must_use]
pub fn queue(account: &Account, name: &str) -> Option<Explanation> {
    let view = queue::view(account, name)?;
    let mut causes = Vec::new();
    let Counts { available, in_flight, delayed } = view.counts;
    if in_flight > 0 {
        let holder = lanes::first_holder(account, name);
        let by = holder.as_ref().map_or("a receiver", |holder| &holder.text);
        causes.push(
            Cause::new(
                Tone::Busy,
                format!("{in_flight} in flight"),
                format!("Received by {by}. A message that is not deleted becomes available again when its visibility timeout ends."),
            )
            .leads_to(holder.and_then(|holder| holder.target)),
        );
    }
    if delayed > 0 {
        causes.push(Cause::new(
            Tone::Plain,
            format!("{delayed} delayed"),
            "They become available when their delay is over.",
        ));
    }
    if available > 0 {
        causes.push(Cause::new(
            Tone::Plain,
            format!("{available} available"),
            "They wait for somebody to receive them.",
        ));
    }
    causes.extend(trigger_causes(account, &view));
    if let Some(gone) = lanes::gone(account, name).first() {
        let title = format!("The last message that left: {}", gone.how);
        causes.push(Cause::new(Tone::Plain, title, format!("Message {}", short_uuid(&gone.message_id))).at(gone.at));
    }
    let question = match (available + in_flight + delayed, available) {
        (0, _) => "Why is it empty?",
        (_, 0) => "Where are the messages?",
        _ => "Why do messages stay here?",
    };
    Some(Explanation { question: question.to_owned(), causes })
}

/// Who would read this queue, and what keeps them from it.
fn trigger_causes(account: &Account, view: &queue::QueueView) -> Vec<Cause> {
    if view.triggers.is_empty() {
        let text = "No function has this queue as a trigger, so only a poll by hand receives its messages.";
        return vec![Cause::new(Tone::Warning, "No trigger reads this queue", text)];
    }
    let causes = view.triggers.iter().map(|trigger| {
        let name = &trigger.function_name;
        let mapping = account.functions().mappings().find(|mapping| mapping.uuid == trigger.uuid);
        let problem = mapping.and_then(|m| functions::trigger_problem(m.last_processing_result.as_deref()));
        let exists = account.functions().function(name).is_some();
        let (tone, text) = match mapping.map(|mapping| mapping.state) {
            _ if !exists => (Tone::Bad, format!("The function {name} is gone; its trigger reads nothing.")),
            Some(MappingState::Enabled) if problem.is_some() => {
                (Tone::Bad, format!("It is enabled, but {name} gets no messages through it: its last attempt failed."))
            }
            Some(MappingState::Enabled) => {
                (Tone::Good, format!("It polls and calls {name} with up to {} messages.", trigger.batch_size))
            }
            Some(MappingState::Disabled) => {
                (Tone::Warning, "It is disabled: enable it in the function's configuration.".to_owned())
            }
            Some(state) => {
                (Tone::Busy, format!("It is {}; that takes a moment of virtual time.", state.as_str().to_lowercase()))
            }
            None => (Tone::Plain, "It is gone.".to_owned()),
        };
        let result = mapping.and_then(|mapping| mapping.last_processing_result.clone());
        let text = match result.filter(|result| !matches!(&**result, "OK" | "No records processed")) {
            Some(result) => format!("{text} Its last result: {result}."),
            None => text,
        };
        Cause::new(tone, format!("Trigger of {name}: {}", trigger.state), text).leads_to(Some(Target::function(name)))
    });
    causes.collect()
}

/// What last went wrong in a function.
#[must_use]
pub fn function(account: &Account, name: &str) -> Option<Explanation> {
    let view = functions::view(account, name)?;
    let mut causes = Vec::new();
    for trigger in view.triggers.iter().filter(|trigger| matches!(trigger.label(), "Denied" | "Failing")) {
        let result = trigger.last_result.as_deref().unwrap_or_default();
        let title = format!("Trigger of {}: {}", trigger.queue_name, trigger.label());
        causes.push(
            Cause::new(Tone::Bad, title, format!("Its last result: {result}."))
                .leads_to(Some(Target::queue(&trigger.queue_name))),
        );
    }
    let recent = functions::invocations(account, name, 50);
    let last = recent.first();
    let failed = recent.iter().find(|i| matches!(i.state, InvocationState::Failed | InvocationState::TimedOut));
    if let Some(last) = last {
        let tone = match last.state {
            InvocationState::Starting | InvocationState::Running => Tone::Busy,
            InvocationState::Succeeded => Tone::Good,
            InvocationState::Failed | InvocationState::TimedOut => Tone::Bad,
        };
        let title = format!("The last invocation: {}", last.state.word().to_lowercase());
        let text = format!("Request {}, {}.", short_uuid(&last.request_id), last.source);
        causes.push(Cause::new(tone, title, text).at(last.accepted_at));
    }
    if let Some(failed) = failed {
        let (title, text) = if failed.state == InvocationState::TimedOut {
            let text = format!(
                "The handler did not end within its timeout of {} s. Its messages come back after the visibility timeout.",
                view.timeout_seconds
            );
            ("It timed out".to_owned(), text)
        } else {
            error_words(failed.error.as_deref())
        };
        let text = if failed.message_ids.is_empty() || failed.state == InvocationState::TimedOut {
            text
        } else {
            format!("{text} Its messages come back after the visibility timeout.")
        };
        causes.push(Cause::new(Tone::Bad, title, text).at(failed.accepted_at));
    }
    let role = account.iam().role_by_arn(&view.role_arn);
    match role {
        None => causes.push(Cause::new(Tone::Bad, "Its role is gone", "Every call of the handler is denied.")),
        Some(role) => causes.extend(denied_causes(account, role.name()).into_iter().take(1)),
    }
    if view.triggers.is_empty() && last.is_none() {
        let text = "It has no trigger and was not invoked yet. Add a trigger, or test it with an event.";
        causes.push(Cause::new(Tone::Plain, "Nothing calls it", text));
    }
    for notice in view.notices {
        causes.push(Cause::new(Tone::Warning, "On AWS this would differ", notice.message));
    }
    let denied = causes.iter().filter(|cause| cause.title.contains(" may not do ")).filter_map(|cause| cause.at).max();
    let denied_newest = denied.is_some_and(|at| last.is_none_or(|last| at >= last.accepted_at));
    let trigger_fails = view.triggers.iter().any(|trigger| trigger.label() == "Denied");
    let question = match last.map(|last| last.state) {
        Some(InvocationState::Failed | InvocationState::TimedOut) => "Why did it fail?",
        _ if denied_newest || trigger_fails => "Why was a call denied?",
        None => "Why does nothing happen?",
        Some(_) => "What happened last?",
    };
    Some(Explanation { question: question.to_owned(), causes: newest_first(causes) })
}

/// `{"errorType", "errorMessage"}` in words.
fn error_words(error: Option<&str>) -> (String, String) {
    let error = error.and_then(|text| shared_json::Value::parse(text).ok()).unwrap_or_default();
    let name = error.get_str("errorType").unwrap_or("an error");
    let message = error.get_str("errorMessage").unwrap_or("It gave no message.");
    (format!("It failed with {name}"), message.to_owned())
}

/// What a role was denied.
#[must_use]
pub fn role(account: &Account, name: &str) -> Option<Explanation> {
    let view = roles::view(account, name)?;
    let mut causes = denied_causes(account, name);
    let question = if causes.is_empty() { "What may it do?" } else { "Why was a call denied?" };
    if causes.is_empty() {
        causes.push(Cause::new(Tone::Good, "No call was denied", "Every call with this role was allowed so far."));
    }
    if view.lacks_logs {
        let text = "It has no logs permission. Here the log lines show all the same; on AWS they would never reach CloudWatch. Attach AWSLambdaBasicExecutionRole.";
        causes.push(Cause::new(Tone::Warning, "Logs would be lost on AWS", text));
    }
    if view.users.is_empty() {
        causes.push(Cause::new(
            Tone::Plain,
            "Nothing uses it",
            "No state machine and no function runs with this role.",
        ));
    }
    for (user, target) in view.users {
        causes.push(Cause::new(Tone::Plain, user, "runs with this role.").leads_to(Some(target)));
    }
    Some(Explanation { question: question.to_owned(), causes: newest_first(causes) })
}

fn denied_causes(account: &Account, role: &str) -> Vec<Cause> {
    let denied = roles::view(account, role).map(|view| view.denied).unwrap_or_default();
    denied.into_iter().take(3).map(|call| denied_cause(&call, role)).collect()
}

fn denied_cause(call: &roles::DeniedCall, role: &str) -> Cause {
    let mut details = call.statements.clone();
    details.push(format!("This statement would allow it: {}", crate::words::shortened(&call.remedy, 400)));
    Cause {
        tone: Tone::Bad,
        title: format!("{} may not do {}", call.who, call.action),
        text: call.message.clone(),
        details,
        at: Some(call.at),
        target: Some(Target::role(role)),
    }
}
