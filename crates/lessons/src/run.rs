//! Carries out a script: "do it for me", and what is there before a lesson begins. While a handler is out it waits for
//! whoever runs handlers; it is told to go on when the answer is there.

use std::collections::VecDeque;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use sim_account::{Account, Progress as Went, execution_role};
use virtual_time::{Duration, Timestamp};

use crate::lesson::Lesson;
use crate::placeholders::Source;
use crate::script::{Deed, Line};

/// What a script needs of whoever has the account.
pub trait Hands {
    fn account(&self) -> &Account;
    /// Changes the account by its API.
    fn change(&mut self, deed: &mut dyn FnMut(&mut Account));
    /// Lets time pass, in at most so many steps.
    fn go_on(&mut self, until: Timestamp, most_steps: u64) -> Went;
    /// Whether the step is done for which the script runs.
    fn is_done(&self) -> bool;
}

/// How far the script came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Finished,
    /// A handler has to run first.
    AwaitsHost,
    /// Much was done; go on soon.
    Busy,
    Stopped(Trouble),
}

/// Why a script stopped, and at which line of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub line: usize,
    pub message: String,
}

/// A script under way.
#[derive(Clone, Debug)]
pub struct Run {
    lines: VecDeque<Line>,
    waiting: Option<(usize, Waiting)>,
    answer: Value,
}

#[derive(Clone, Copy, Debug)]
enum Waiting {
    Time(Timestamp),
    Done { until: Timestamp },
    Answer { call: u64, until: Timestamp, may_fail: bool },
}

/// Steps of the account before others get their turn.
const STEPS_A_TURN: u64 = 20_000;
/// A call that waits longer is not answered any more.
const LONGEST_CALL: Duration = Duration::from_secs(1_000);

impl Run {
    #[must_use]
    pub fn new(script: &[Line]) -> Run {
        Run { lines: script.iter().cloned().collect(), waiting: None, answer: Value::Null }
    }

    /// Does as much as can be done now.
    pub fn go_on(&mut self, lesson: &Lesson, hands: &mut dyn Hands) -> Outcome {
        loop {
            if let Some((line, waiting)) = self.waiting {
                match self.wait(waiting, hands) {
                    Ok(None) => self.waiting = None,
                    Ok(Some(outcome)) => return outcome,
                    Err(message) => return Outcome::Stopped(Trouble { line, message }),
                }
            }
            let Some(line) = self.lines.pop_front() else { return Outcome::Finished };
            if let Err(message) = self.perform(&line, lesson, hands) {
                return Outcome::Stopped(Trouble { line: line.number, message });
            }
        }
    }

    /// Nothing when the wait is over.
    fn wait(&mut self, waiting: Waiting, hands: &mut dyn Hands) -> Result<Option<Outcome>, String> {
        let until = match waiting {
            Waiting::Time(until) | Waiting::Done { until } | Waiting::Answer { until, .. } => until,
        };
        for _ in 0..STEPS_A_TURN {
            match waiting {
                Waiting::Done { .. } if hands.is_done() => return Ok(None),
                Waiting::Answer { call, may_fail, .. } => {
                    let mut taken = None;
                    hands.change(&mut |account| taken = account.take_answer(call));
                    if let Some(answer) = taken {
                        self.answer = answered(answer, may_fail)?;
                        return Ok(None);
                    }
                }
                Waiting::Done { .. } | Waiting::Time(_) => {}
            }
            if let Waiting::Time(_) = waiting {
                return match hands.go_on(until, STEPS_A_TURN) {
                    Went::Went | Went::Idle => Ok(None),
                    Went::AwaitsHost => Ok(Some(Outcome::AwaitsHost)),
                    Went::OutOfSteps => Ok(Some(Outcome::Busy)),
                };
            }
            let awaits = hands.account().host_requests().next().is_some();
            let next = hands.account().next_event_at().filter(|at| *at <= until);
            match (awaits, next) {
                (true, _) => return Ok(Some(Outcome::AwaitsHost)),
                (false, Some(at)) => {
                    if hands.go_on(at.max(hands.account().now()), 1) == Went::AwaitsHost {
                        return Ok(Some(Outcome::AwaitsHost));
                    }
                }
                (false, None) => return Err("Nothing more happens, and the step is not done.".to_owned()),
            }
        }
        Ok(Some(Outcome::Busy))
    }

    fn perform(&mut self, line: &Line, lesson: &Lesson, hands: &mut dyn Hands) -> Result<(), String> {
        let now = hands.account().now();
        match &line.deed {
            Deed::Wait(span) => self.waiting = Some((line.number, Waiting::Time(now + *span))),
            Deed::WaitUntilDone { at_most } => {
                self.waiting = Some((line.number, Waiting::Done { until: now + *at_most }));
            }
            Deed::Call { action, params, may_fail } => {
                self.call(line.number, action, params, *may_fail, lesson, hands)?;
            }
            Deed::Machine { name, text, express, role } => {
                self.machine(name, text, *express, role.as_deref(), lesson, hands)?;
            }
            Deed::Role { name, service, policies } => self.role(name, service, policies, lesson, hands)?,
            Deed::Function { name, text, role, with } => {
                self.function(name, text, role.as_deref(), with, lesson, hands)?;
            }
            Deed::Trigger { queue, function, with } => self.trigger(queue, function, with, lesson, hands)?,
            Deed::Start { machine, with } => {
                let params = json!({"stateMachineArn": format!("{{{{machine \"{machine}\"}}}}")});
                self.plain("states:StartExecution", &joined(params, with), lesson, hands)?;
            }
        }
        Ok(())
    }

    /// What the person made already stays as it is.
    fn role(
        &mut self,
        name: &str,
        service: &str,
        policies: &[String],
        lesson: &Lesson,
        hands: &mut dyn Hands,
    ) -> Result<(), String> {
        if hands.account().iam().role(name).is_none() {
            let trust = execution_role::trust_policy(service).to_string();
            let role = json!({"RoleName": name, "AssumeRolePolicyDocument": trust});
            self.plain("iam:CreateRole", &role, lesson, hands)?;
        }
        for policy in policies {
            let folder = if policy.starts_with("AWSLambda") { "service-role/" } else { "" };
            let arn = format!("arn:aws:iam::aws:policy/{folder}{policy}");
            self.plain("iam:AttachRolePolicy", &json!({"RoleName": name, "PolicyArn": arn}), lesson, hands)?;
        }
        Ok(())
    }

    fn trigger(
        &mut self,
        queue: &str,
        function: &str,
        with: &Value,
        lesson: &Lesson,
        hands: &mut dyn Hands,
    ) -> Result<(), String> {
        let source = Source { account: hands.account(), lesson, answer: &self.answer };
        if let Some(uuid) = source.trigger(&format!("\"{queue}\" -> \"{function}\"")) {
            let params = json!({"UUID": uuid, "Enabled": true});
            return self.plain("lambda:UpdateEventSourceMapping", &joined(params, with), lesson, hands);
        }
        let params = json!({"FunctionName": function, "EventSourceArn": format!("{{{{queue-arn \"{queue}\"}}}}")});
        self.plain("lambda:CreateEventSourceMapping", &joined(params, with), lesson, hands)
    }

    fn plain(&mut self, action: &str, params: &Value, lesson: &Lesson, hands: &mut dyn Hands) -> Result<(), String> {
        self.call(0, action, params, false, lesson, hands)
    }

    fn call(
        &mut self,
        line: usize,
        action: &str,
        params: &Value,
        may_fail: bool,
        lesson: &Lesson,
        hands: &mut dyn Hands,
    ) -> Result<(), String> {
        let source = Source { account: hands.account(), lesson, answer: &self.answer };
        let params = source.params(params)?;
        let mut called = None;
        hands.change(&mut |account| called = Some(account.call(action, params.clone())));
        let Some(called) = called else { return Ok(()) };
        match called.result {
            Some(answer) => self.answer = answered(answer, may_fail).map_err(|why| format!("{action}: {why}"))?,
            None => {
                let until = hands.account().now() + LONGEST_CALL;
                self.waiting = Some((line, Waiting::Answer { call: called.id, until, may_fail }));
            }
        }
        Ok(())
    }

    fn machine(
        &mut self,
        name: &str,
        text: &str,
        express: bool,
        role: Option<&str>,
        lesson: &Lesson,
        hands: &mut dyn Hands,
    ) -> Result<(), String> {
        let source = Source { account: hands.account(), lesson, answer: &self.answer };
        let definition = source.text(text)?;
        let existing = hands.account().states().machines().find(|machine| *machine.name == *name);
        if let Some(arn) = existing.map(|machine| machine.arn.to_string()) {
            let params = json!({"stateMachineArn": arn, "definition": definition});
            return self.plain_as_is("states:UpdateStateMachine", params, hands);
        }
        let role_arn = match role {
            Some(role) => source.params(&format!("{{{{role \"{role}\"}}}}").into())?,
            None => planned_role(name, &definition, express, hands)?.into(),
        };
        let kind = if express { "EXPRESS" } else { "STANDARD" };
        let params = json!({"name": name, "definition": definition, "type": kind}).with("roleArn", role_arn);
        self.plain_as_is("states:CreateStateMachine", params, hands)
    }

    fn function(
        &mut self,
        name: &str,
        text: &str,
        role: Option<&str>,
        with: &Value,
        lesson: &Lesson,
        hands: &mut dyn Hands,
    ) -> Result<(), String> {
        let source = Source { account: hands.account(), lesson, answer: &self.answer };
        let code = source.text(text)?;
        if hands.account().functions().function(name).is_some() {
            let code = json!({"FunctionName": name, "FileName": "index.mjs", "SourceText": code});
            return self.plain_as_is("lambda:UpdateFunctionCode", code, hands);
        }
        let role =
            role.ok_or_else(|| format!("The new function {name} needs a role: function {name} from {text} role R."))?;
        let role_arn = source.params(&format!("{{{{role \"{role}\"}}}}").into())?;
        let params = json!({"FunctionName": name, "Runtime": "nodejs22.x", "Handler": "index.handler",
            "Code": {"FileName": "index.mjs", "SourceText": code}})
        .with("Role", role_arn);
        self.plain_as_is("lambda:CreateFunction", joined(params, with), hands)
    }

    /// A call whose parameters are filled in already: handler code may have braces of its own.
    fn plain_as_is(&mut self, action: &str, params: Value, hands: &mut dyn Hands) -> Result<(), String> {
        let mut result = None;
        hands.change(&mut |account| result = account.call(action, params.clone()).result);
        self.answer = answered(result.unwrap_or(Ok(Value::Null)), false).map_err(|why| format!("{action}: {why}"))?;
        Ok(())
    }
}

/// Makes the role that the console would generate; gives its ARN.
fn planned_role(name: &str, definition: &str, express: bool, hands: &mut dyn Hands) -> Result<String, String> {
    let machine_type = if express { asl::MachineType::Express } else { asl::MachineType::Standard };
    let plan = execution_role::plan(name, &asl::parse_as(definition, machine_type), hands.account());
    let mut role = Ok(String::new());
    hands.change(&mut |account| role = plan.create(account));
    role.map_err(|error| error.to_string())
}

fn joined(params: Value, with: &Value) -> Value {
    let more = with.as_object().into_iter().flatten();
    more.fold(params, |params, (key, value)| params.with(key, value.clone()))
}

fn answered(answer: Result<Value, AwsError>, may_fail: bool) -> Result<Value, String> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(_) if may_fail => Ok(Value::Null),
        Err(error) => Err(error.to_string()),
    }
}
