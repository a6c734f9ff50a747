//! TestState: runs one state of a definition and answers with what it did.
//!
//! A state whose work is mocked, or that has none, is through at once. A Task without a mock calls its service and a Wait
//! waits, so these answer later, from an execution of their own that no list shows.

mod context;
mod mock;
mod request;

use std::rc::Rc;

use asl::{CheckedDefinition, StateKind};
use aws_protocol::AwsError;
use sfn_engine::test_state::{Tested, starting_at};
use sfn_engine::{Execution, ExecutionStart, Input, Limits};
use shared_json::Value;
use virtual_time::{Duration, Timestamp};

use super::{Logging, MachineType, NewExecution, Revision, States};
use crate::Account;
use request::Request;

/// A test is cut off after five minutes.
const MOST_SECONDS: u64 = 300;

/// A call that waits for the end of its test.
#[derive(Debug)]
pub(crate) struct OpenTest {
    call: u64,
    inspects: bool,
}

impl Account {
    /// The answer, unless the state has to wait for something.
    pub(crate) fn test_state(&mut self, call: u64, params: &Value) -> Option<Result<Value, AwsError>> {
        self.begin_test(call, params).transpose()
    }

    fn begin_test(&mut self, call: u64, params: &Value) -> Result<Option<Value>, AwsError> {
        let request = Request::read(params)?;
        let definition = definition(&request)?;
        let state = definition.root.at(definition.root.start_at.index);
        let plan = mock::plan(&request, state)?;
        let context = context::read(&request, state)?;
        if let (Some(role_arn), None) = (request.role_arn, &plan.mock) {
            self.check_role(role_arn, &self.states.machine_arn("test"))?;
        }
        let waits = plan.mock.is_none() && matches!(state.kind, StateKind::Task(_) | StateKind::Wait(_));
        let (machine, name): (Rc<str>, Rc<str>) = (self.states.random.uuid().into(), self.states.random.uuid().into());
        let (region, account_id) = (&self.states.region, &self.states.account_id);
        let execution = Execution::test(
            ExecutionStart {
                execution_arn: format!("arn:aws:states:{region}:{account_id}:express:{machine}:{name}").into(),
                name,
                state_machine_arn: self.states.machine_arn(&machine).into(),
                state_machine_name: machine,
                role_arn: request.role_arn.unwrap_or_default().into(),
                input_text: request.input.into(),
                input: Value::parse(request.input).unwrap_or_default(),
                definition: Rc::new(definition),
                seed: self.states.random.next_u64(),
                transition: Duration::ZERO,
                limits: Limits::default(),
                context,
                variables: request.variables.clone(),
                item: None,
            },
            plan,
        );
        if waits {
            let test = OpenTest { call, inspects: request.inspects };
            self.states.add_test(execution, &request, test, self.now);
            return Ok(None);
        }
        let mut execution = execution;
        execution.handle(self.now, Input::Start);
        execution.handle_wakeup(self.now);
        let tested = execution.tested().ok_or_else(|| AwsError::new("InternalServerException", ""))?;
        Ok(Some(answer(tested, request.inspects)))
    }
}

impl States {
    fn add_test(&mut self, execution: Execution, request: &Request, test: OpenTest, now: Timestamp) {
        let start = execution.started_with();
        let revision = Revision {
            id: None,
            definition: request.definition.into(),
            checked: Rc::clone(&start.definition),
            role_arn: Rc::clone(&start.role_arn),
            logging: Logging::default(),
            tracing: false,
            encryption: None,
        };
        let new = NewExecution {
            arn: Rc::clone(&start.execution_arn),
            name: Rc::clone(&start.name),
            state_machine_arn: Rc::clone(&start.state_machine_arn),
            state_machine_name: Rc::clone(&start.state_machine_name),
            machine_type: MachineType::Standard,
            revision,
            checked: Rc::clone(&start.definition),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
            input: Rc::clone(&start.input_text),
            input_value: start.input.clone(),
            item: None,
            child_of: None,
        };
        // It begins when the place in `tests` is known: a Wait of no time is over at once.
        self.tests.insert(self.executions.len(), test);
        self.keep_execution(new, execution, now);
    }

    /// Answers the caller who waits for the end of this test.
    pub(super) fn answer_test(&mut self, index: usize) {
        let tested = self.executions.get(index).and_then(|record| record.execution.tested());
        if let (Some(tested), true) = (tested, self.tests.contains_key(&index))
            && let Some(test) = self.tests.remove(&index)
        {
            self.answers.push_back((test.call, Ok(answer(tested, test.inspects))));
        }
    }
}

/// The machine that begins with the state to test.
fn definition(request: &Request) -> Result<CheckedDefinition, AwsError> {
    let invalid = |message| AwsError::new("InvalidDefinition", message);
    let not_found = || AwsError::new("ValidationException", "State not found in definition");
    let mut definition = match request.state_name {
        Some(name) => {
            let parsed = asl::parse(request.definition);
            match parsed.checked.as_deref() {
                Some(machine) => starting_at(machine, name).ok_or_else(not_found)?,
                None => return Err(invalid(parsed.create_error().unwrap_or_default())),
            }
        }
        None => {
            let parsed = asl::parse_state(request.definition);
            match &parsed.checked {
                Some(level) => CheckedDefinition::of_level(Rc::clone(level)),
                None => return Err(invalid(parsed.create_error().unwrap_or_default())),
            }
        }
    };
    definition.timeout_seconds = Some(MOST_SECONDS);
    Ok(definition)
}

fn answer(tested: Tested, inspects: bool) -> Value {
    let mut answer = vec![("status", Value::from(tested.status.name()))];
    answer.extend(tested.output.map(|output| ("output", output.to_string().into())));
    if let Some(error) = tested.error {
        answer.extend(error.error.map(|error| ("error", error.into())));
        answer.extend(error.cause.map(|cause| ("cause", cause.into())));
    }
    answer.extend(tested.next_state.map(|next| ("nextState", next.into())));
    if inspects {
        let shown = tested.inspection.into_iter().map(|(key, value)| (key, inspected(key, value)));
        answer.push(("inspectionData", Value::object(shown)));
    }
    Value::object(answer)
}

/// Data is told as JSON text; counts and the error's details are as they are.
fn inspected(key: &str, value: Value) -> Value {
    match key {
        "errorDetails" | "maxConcurrency" | "toleratedFailureCount" | "toleratedFailurePercentage" => value,
        _ => value.to_string().into(),
    }
}
