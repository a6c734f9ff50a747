//! The account as one picture: which state machine sends to which queue, and which functions that queue triggers.

use std::rc::Rc;

use asl::{Service, StateKind};
use sim_account::{Account, StateMachine};

use crate::task;
use crate::words::queue_of_url;

/// One state machine and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub machine_arn: Rc<str>,
    pub machine_name: Rc<str>,
    /// Queues by name, in the order of the states that send to them.
    pub queues: Vec<String>,
    /// Functions that these queues trigger, or that the workflow calls.
    pub functions: Vec<String>,
}

#[must_use]
pub fn chains(account: &Account) -> Vec<Chain> {
    account.states().machines().map(|machine| chain(account, machine)).collect()
}

fn chain(account: &Account, machine: &StateMachine) -> Chain {
    let (mut queues, mut functions) = (Vec::new(), Vec::new());
    for state in machine.checked.all_states() {
        let StateKind::Task(called) = &state.kind else { continue };
        let given = |field: &str| task::written(task::arguments(state), field);
        let (queue, function) = match &called.resource.service {
            Service::Optimized(service) if &**service == "sqs" => (given("QueueUrl").map(queue_of_url), None),
            Service::Optimized(service) if &**service == "lambda" => (None, given("FunctionName")),
            Service::LambdaFunction => (None, Some(&*called.resource.text)),
            _ => (None, None),
        };
        if let Some(queue) = queue.filter(|name| account.queues().queue(name).is_some()) {
            push(&mut queues, queue);
        }
        let function = function.map(crate::words::name_of);
        if let Some(function) = function.filter(|name| account.functions().function(name).is_some()) {
            push(&mut functions, function);
        }
    }
    for queue in &queues {
        for mapping in account.functions().mappings() {
            if crate::words::name_of(&mapping.event_source_arn) == queue {
                push(&mut functions, &mapping.function_name);
            }
        }
    }
    Chain { machine_arn: machine.arn.clone(), machine_name: machine.name.clone(), queues, functions }
}

fn push(names: &mut Vec<String>, name: &str) {
    if names.iter().all(|known| known != name) {
        names.push(name.to_owned());
    }
}
