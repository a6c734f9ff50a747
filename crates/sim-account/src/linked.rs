//! Other accounts of the same simulation, on the same clock: where a Task with `Credentials` makes its call.
//!
//! `account.call("000000000002/lambda:CreateFunction", …)` calls an action as the root of another account, which is
//! made when it is first named. It is an account like this one, with roles, functions, queues and executions of its
//! own; its inputs stand in this account's log.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use aws_protocol::handler::{Command, Turn};
use sfn_engine::{ErrorOutput, TaskId};
use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::account::HostRequest;
use crate::permissions::assume::{self, Wish};
use crate::{Account, AccountOptions, Caller, permissions};

/// Environments of the n-th linked account have numbers from n times this.
pub(crate) const ENVIRONMENTS: u64 = 1 << 40;

#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// This account is itself another one's: it has no others, so that numbers of environments stay apart.
    inside: bool,
    accounts: BTreeMap<String, Member>,
    /// This account's number of a call, and the other account's.
    calls: BTreeMap<u64, (String, u64)>,
    /// Calls of this account's principals on queues there: the other account's number, and this one's.
    abroad: BTreeMap<(String, u64), u64>,
    /// Calls of this account's tasks there.
    tasks: BTreeMap<(String, u64), (Rc<str>, TaskId)>,
}

#[derive(Debug)]
struct Member {
    account: Box<Account>,
    /// The place in the order of making, from 1.
    number: u64,
}

impl Linked {
    pub(crate) fn snapshot(&self) -> Value {
        let accounts = self.accounts.iter().map(|(id, member)| (id.as_str(), member.account.snapshot()));
        let calls = format!("{:?}", (&self.calls, &self.tasks, &self.abroad));
        Value::object([("accounts", Value::object(accounts)), ("calls", calls.into())])
    }

    pub(crate) fn next_event_at(&self) -> Option<Timestamp> {
        self.accounts.values().filter_map(|member| member.account.next_event_at()).min()
    }

    fn by_environment(&mut self, environment: u64) -> Option<&mut Member> {
        self.accounts.values_mut().find(|member| member.number == environment / ENVIRONMENTS)
    }
}

/// The other account that an action names, and the action without it.
pub(crate) fn foreign(action: &str) -> Option<(&str, &str)> {
    let (account_id, action) = action.split_once('/')?;
    is_account_id(account_id).then_some((account_id, action))
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account in an ARN, when it is another one than this.
fn account_of<'a>(own: &str, arn: &'a str) -> Option<&'a str> {
    arn.split(':').nth(4).filter(|account_id| is_account_id(account_id) && *account_id != own)
}

impl Account {
    fn linked_account(&mut self, account_id: &str) -> &mut Account {
        let number = self.linked.accounts.len() as u64 + 1;
        let now = self.now;
        let seed = &mut self.random;
        let options = &self.options;
        let member = self.linked.accounts.entry(account_id.to_owned()).or_insert_with(|| {
            let options =
                AccountOptions { account_id: account_id.to_owned(), seed: seed.next_u64(), ..options.clone() };
            let mut account = Box::new(Account::new(options));
            account.linked.inside = true;
            Member { account, number }
        });
        member.account.now = member.account.now.max(now);
        &mut member.account
    }

    pub(crate) fn call_linked(
        &mut self,
        id: u64,
        account_id: &str,
        action: &str,
        params: Value,
    ) -> Option<Result<Value, AwsError>> {
        if self.linked.inside {
            return Some(Err(AwsError::new("AccessDeniedException", no_way(account_id)).with_status(403)));
        }
        let called = self.linked_account(account_id).call(action, params);
        if called.result.is_none() {
            self.linked.calls.insert(id, (account_id.to_owned(), called.id));
        }
        self.gather();
        called.result
    }

    pub(crate) fn take_linked_answer(&mut self, id: u64) -> Option<Result<Value, AwsError>> {
        let (account_id, inner) = self.linked.calls.get(&id)?;
        let result = self.linked.accounts.get_mut(account_id)?.account.take_answer(*inner)?;
        self.linked.calls.remove(&id);
        Some(result)
    }

    /// Lets the next thing happen in another account.
    pub(crate) fn step_linked(&mut self) {
        let now = self.now;
        let due =
            self.linked.accounts.values_mut().find(|member| member.account.next_event_at().is_some_and(|at| at <= now));
        if let Some(member) = due {
            member.account.step();
        }
        self.gather();
    }

    pub(crate) fn answer_linked_host(&mut self, environment: u64, sequence: u64, turn: Turn) {
        let now = self.now;
        if let Some(member) = self.linked.by_environment(environment) {
            member.account.now = member.account.now.max(now);
            member.account.answer_host(environment % ENVIRONMENTS, sequence, turn);
        }
        self.gather();
    }

    pub(crate) fn linked_commands(&self, environment: u64) -> &[Command] {
        let member = self.linked.accounts.values().find(|member| member.number == environment / ENVIRONMENTS);
        member.map_or(&[], |member| member.account.environment_commands(environment % ENVIRONMENTS))
    }

    /// Brings over what other accounts have for this one: handlers to run, answers to tasks, ended executions.
    fn gather(&mut self) {
        for member in self.linked.accounts.values() {
            for request in member.account.host_requests() {
                let environment = member.number * ENVIRONMENTS + request.environment;
                self.host.insert(environment, HostRequest { environment, ..request.clone() });
            }
        }
        let open: Vec<_> = self.linked.abroad.keys().cloned().collect();
        for key in open {
            let result = self.linked.accounts.get_mut(&key.0).and_then(|member| member.account.take_answer(key.1));
            if let (Some(result), Some(id)) = (result, self.linked.abroad.get(&key).copied()) {
                self.linked.abroad.remove(&key);
                self.answer(id, result);
            }
        }
        let open: Vec<_> = self.linked.tasks.keys().cloned().collect();
        for key in open {
            let result = self.linked.accounts.get_mut(&key.0).and_then(|member| member.account.take_answer(key.1));
            let Some(result) = result else { continue };
            if let Some((execution_arn, task)) = self.linked.tasks.remove(&key) {
                self.answer_task(&execution_arn, task, result);
            }
        }
        for arn in self.nested_children() {
            let member = account_of(&self.options.account_id, &arn).and_then(|id| self.linked.accounts.get_mut(id));
            let ended = member.and_then(|member| member.account.ended(&arn));
            if let Some(described) = ended {
                self.nested_described(&arn, &described);
            }
        }
    }

    /// Another account that is there, of a queue that is not this account's.
    pub(crate) fn account_of_queue(&self, params: &Value) -> Option<String> {
        if self.linked.accounts.is_empty() {
            return None;
        }
        let arn = self.queues.queue_arn_for("", params)?;
        let account_id = account_of(&self.options.account_id, &arn)?;
        self.linked.accounts.contains_key(account_id).then(|| account_id.to_owned())
    }

    /// The other account that a resource belongs to, if it is there.
    pub(crate) fn owner_of(&self, resource: &str) -> Option<&Account> {
        let account_id = account_of(&self.options.account_id, resource)?;
        self.linked.accounts.get(account_id).map(|member| &*member.account)
    }

    /// Makes a call on a queue of another account, which both accounts have allowed.
    pub(crate) fn call_abroad(&mut self, id: u64, account_id: &str, action: &str, params: Value) {
        let Some(caller) = self.open_caller(id) else { return };
        let principal_arn = permissions::principal_arn(self, caller).into();
        let caller = Caller::Foreign { principal_arn, sender_id: permissions::sender_id(self, id) };
        let other = self.linked_account(account_id);
        let inner = other.dispatch(caller, action, params, None);
        other.settle();
        self.linked.abroad.insert((account_id.to_owned(), inner), id);
        self.gather();
    }

    /// What DescribeExecution tells of an execution that has ended.
    fn ended(&mut self, arn: &str) -> Option<Value> {
        let asked = Value::object([("executionArn", arn.into())]);
        let described = self.call_states_at_once("DescribeExecution", &asked).ok()?;
        (described.get_str("status") != Some("RUNNING")).then_some(described)
    }

    /// Assumes the role that a Task's `Credentials` name, if its trust policy and the execution's role allow. The journal
    /// keeps the decision.
    fn assume(&mut self, caller: &Caller, role_arn: &Rc<str>) -> Result<(), ErrorOutput> {
        let own_arn = caller.role_arn().unwrap_or_default().to_owned();
        let foreign = account_of(&self.options.account_id, role_arn).map(str::to_owned);
        let trust = match &foreign {
            Some(account_id) if self.linked.inside => {
                return Err(ErrorOutput::new("States.Permissions", no_way(account_id)));
            }
            Some(account_id) => self.linked_account(account_id).iam.role_by_arn(role_arn).map(|r| r.trust().clone()),
            None => self.iam.role_by_arn(role_arn).map(|role| role.trust().clone()),
        };
        let machine_arn = self.machine_of(caller);
        let wish = Wish { caller, role_arn, machine_arn: &machine_arn, trust };
        let (decision, refusal) = assume::task_may_assume(self, &wish);
        let params =
            json!({"RoleArn": &**role_arn, "RoleSessionName": caller.session_name(), "ExternalId": machine_arn});
        self.note(caller, "sts:AssumeRole", params, decision, refusal.clone());
        refusal.map_or(Ok(()), |_| Err(not_assumable(&own_arn, role_arn)))
    }

    /// The state machine whose execution calls.
    fn machine_of(&self, caller: &Caller) -> String {
        let Caller::Task { execution_arn, .. } = caller else { return String::new() };
        let record = self.states.execution(execution_arn);
        record.map(|record| record.state_machine_arn.to_string()).unwrap_or_default()
    }

    /// Makes a task's call as the role that its `Credentials` name: here, or in the role's own account.
    pub(crate) fn call_as(
        &mut self,
        caller: Caller,
        role_arn: &Rc<str>,
        action: &str,
        params: Value,
    ) -> Result<(), ErrorOutput> {
        self.assume(&caller, role_arn)?;
        let Caller::Task { execution_arn, state_name, task, .. } = caller else { return Ok(()) };
        let session = execution_arn.rsplit(':').next().unwrap_or_default().to_owned();
        let Some(account_id) = account_of(&self.options.account_id, role_arn).map(str::to_owned) else {
            let caller = Caller::Task { execution_arn, state_name, task, role_arn: Rc::clone(role_arn) };
            self.dispatch(caller, action, params, None);
            return Ok(());
        };
        let other = self.linked_account(&account_id);
        let visitor = Caller::Visitor { session_name: session.into(), role_arn: Rc::clone(role_arn) };
        let call = other.dispatch(visitor, action, params, None);
        other.settle();
        self.linked.tasks.insert((account_id, call), (execution_arn, task));
        self.gather();
        Ok(())
    }
}

/// What Step Functions writes into the history when the role of `Credentials` does not let itself be assumed.
fn not_assumable(own_arn: &str, role_arn: &str) -> ErrorOutput {
    let cause = format!("The role {own_arn} is not authorized to assume the task state's role, {role_arn}.");
    ErrorOutput::new("States.TaskFailed", cause)
}

fn no_way(account_id: &str) -> String {
    format!("Access to the account {account_id} is denied: only the simulation's own account reaches other accounts.")
}
