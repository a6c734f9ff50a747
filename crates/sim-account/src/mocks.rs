//! Mocked responses in the format of Step Functions Local's `MockConfigFile.json`.
//!
//! An execution that is started with `…:stateMachine:NAME#CASE` takes the responses of that test case for the states
//! that the case names; all other states call the real thing. Which response a state gets depends on how often it was
//! retried: `"0"` is the first attempt, `"1-2"` the first and second retry.
//!
//! Beside the file's own members may stand `Rules`, Stepyard's: see the crate `mock-rules`. Rules hold for all executions, but
//! a test case goes first.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use mock_rules::Rules;
use sfn_engine::{ErrorOutput, TaskRequest};
use shared_json::{Object, Value};

/// The configuration, and which executions use it.
#[derive(Debug, Default)]
pub(crate) struct Mocks {
    config: MockConfig,
    /// By the execution's ARN: the responses of its test case, by state. Loading another configuration changes nothing
    /// for what already runs.
    executions: BTreeMap<Rc<str>, Rc<TestCase>>,
    /// What answers without a test case, for functions too.
    rules: Rc<Rules>,
    /// As it was set last.
    document: Value,
}

/// A checked mock configuration.
#[derive(Clone, Debug, Default)]
pub struct MockConfig {
    /// By state machine's name and test case's name.
    cases: BTreeMap<(String, String), Rc<TestCase>>,
}

pub(crate) type TestCase = BTreeMap<String, Named>;

/// A mocked response with its name in the file.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    name: String,
    ranges: Rc<Vec<(u32, u32, Mocked)>>,
}

/// What a mocked state answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mocked {
    Return(Value),
    Throw(ErrorOutput),
}

impl MockConfig {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(file: &Value) -> Result<MockConfig, String> {
        let mut responses = BTreeMap::new();
        for (name, attempts) in object(file.get("MockedResponses"), "MockedResponses")? {
            responses.insert(name.to_string(), Rc::new(attempts_of(name, attempts)?));
        }
        let mut cases = BTreeMap::new();
        for (machine, described) in object(file.get("StateMachines"), "StateMachines")? {
            let place = format!("StateMachines.{machine}.TestCases");
            for (case, states) in object(described.get("TestCases"), &place)? {
                let place = format!("{place}.{case}");
                let mut named = TestCase::new();
                for (state, response) in object(Some(states), &place)? {
                    let name =
                        response.as_str().ok_or_else(|| format!("{place}.{state} must name a mocked response."))?;
                    let ranges = responses.get(name).ok_or_else(|| {
                        format!("{place}.{state} names the response '{name}', which MockedResponses does not hold.")
                    })?;
                    named.insert(state.to_string(), Named { name: name.to_owned(), ranges: Rc::clone(ranges) });
                }
                cases.insert((machine.to_string(), case.to_string()), Rc::new(named));
            }
        }
        Ok(MockConfig { cases })
    }

    /// All test cases: the state machine's name and the case's.
    pub fn all_test_cases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cases.keys().map(|(machine, case)| (machine.as_str(), case.as_str()))
    }

    /// The names of a state machine's test cases.
    pub fn test_cases(&self, machine_name: &str) -> impl Iterator<Item = &str> {
        self.cases.keys().filter(move |(machine, _)| machine == machine_name).map(|(_, case)| case.as_str())
    }
}

impl Mocks {
    pub(crate) fn set(&mut self, params: &Value) -> Result<Value, AwsError> {
        let file = params.get("MockConfig").unwrap_or(params);
        let file = match file.as_str().map(Value::parse) {
            Some(Ok(parsed)) => parsed,
            Some(Err(error)) => return Err(invalid(error.to_string())),
            None => file.clone(),
        };
        let rules = match file.get("Rules") {
            Some(list) => Rules::parse(list).map_err(|error| invalid(error.to_string()))?,
            None => Rules::default(),
        };
        // A document of rules alone needs none of the file's own members.
        let bare = file.get("Rules").is_some() && file.get("StateMachines").or(file.get("MockedResponses")).is_none();
        self.config = if bare { MockConfig::default() } else { MockConfig::parse(&file).map_err(invalid)? };
        self.rules = Rc::new(rules);
        self.document = file;
        Ok(Value::object::<&str>([]))
    }

    pub(crate) fn rules(&self) -> &Rc<Rules> {
        &self.rules
    }

    /// The configuration as it was set last, `{}` before.
    pub(crate) fn document(&self) -> Value {
        if self.document.is_null() { Value::object::<&str>([]) } else { self.document.clone() }
    }

    pub(crate) fn config(&self) -> &MockConfig {
        &self.config
    }

    /// The test case that a state machine's ARN names: the ARN without it, and the case.
    pub(crate) fn case_of(&self, arn: &str) -> Result<Option<(String, Rc<TestCase>)>, AwsError> {
        let Some((arn, case)) = arn.split_once('#') else { return Ok(None) };
        let machine = arn.rsplit(':').next().unwrap_or_default();
        let found = self.config.cases.get(&(machine.to_owned(), case.to_owned()));
        let found = found.ok_or_else(|| {
            let known: Vec<&str> = self.config.test_cases(machine).collect();
            invalid(format!("The state machine '{machine}' has no test case '{case}'; it has: [{}].", known.join(", ")))
        })?;
        Ok(Some((arn.to_owned(), Rc::clone(found))))
    }

    pub(crate) fn started(&mut self, execution_arn: &str, case: Rc<TestCase>) {
        self.executions.insert(execution_arn.into(), case);
    }

    /// The response of a task's attempt; `None` when its state is not mocked in this execution.
    pub(crate) fn response(&self, execution_arn: &str, open: &TaskRequest) -> Option<Mocked> {
        let Named { name, ranges } = self.executions.get(execution_arn)?.get(&*open.state_name)?;
        let retry = open.attempt.saturating_sub(1);
        let found = ranges.iter().find(|(from, to, _)| (*from..=*to).contains(&retry));
        Some(found.map_or_else(
            || {
                let cause = format!(
                    "The mocked response '{name}' of the state '{}' has no entry for attempt {retry}.",
                    open.state_name
                );
                Mocked::Throw(ErrorOutput { error: Some("States.Runtime".into()), cause: Some(cause.into()) })
            },
            |(_, _, mocked)| mocked.clone(),
        ))
    }
}

fn object<'a>(value: Option<&'a Value>, place: &str) -> Result<&'a Object, String> {
    value.and_then(Value::as_object).ok_or_else(|| format!("{place} must be an object."))
}

fn attempts_of(name: &str, attempts: &Value) -> Result<Vec<(u32, u32, Mocked)>, String> {
    let place = format!("MockedResponses.{name}");
    let mut ranges: Vec<(u32, u32, Mocked)> = Vec::new();
    for (key, response) in object(Some(attempts), &place)? {
        let (from, to) = key.split_once('-').unwrap_or((key, key));
        let range = from.trim().parse::<u32>().ok().zip(to.trim().parse::<u32>().ok()).filter(|(from, to)| from <= to);
        let (from, to) =
            range.ok_or_else(|| format!("{place}: '{key}' is no attempt, such as 0, and no range, such as 1-2."))?;
        if ranges.iter().any(|(other, end, _)| from <= *end && *other <= to) {
            return Err(format!("{place}: '{key}' overlaps another range."));
        }
        ranges.push((from, to, mocked(response, &format!("{place}.{key}"))?));
    }
    if ranges.is_empty() {
        return Err(format!("{place} must have an entry for attempt 0."));
    }
    Ok(ranges)
}

fn mocked(response: &Value, place: &str) -> Result<Mocked, String> {
    match (response.get("Return"), response.get("Throw")) {
        (Some(output), None) => Ok(Mocked::Return(output.clone())),
        (None, Some(thrown)) => {
            let text = |key: &str| {
                thrown.get_str(key).map(Rc::from).ok_or_else(|| format!("{place}.Throw must have the text '{key}'."))
            };
            Ok(Mocked::Throw(ErrorOutput { error: Some(text("Error")?), cause: Some(text("Cause")?) }))
        }
        _ => Err(format!("{place} must have either Return or Throw.")),
    }
}

fn invalid(why: String) -> AwsError {
    AwsError::new("InvalidMockConfig", format!("Invalid Mock Configuration: '{why}'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn a_broken_file_is_refused_with_the_place() {
        let file = |responses: Value| json!({"StateMachines": {}}).with("MockedResponses", responses);
        let cases = [
            (json!({}), "MockedResponses must be an object."),
            (
                file(json!({"R": {"x": {"Return": 1}}})),
                "MockedResponses.R: 'x' is no attempt, such as 0, and no range, such as 1-2.",
            ),
            (
                file(json!({"R": {"0-2": {"Return": 1}, "1": {"Return": 1}}})),
                "MockedResponses.R: '1' overlaps another range.",
            ),
            (file(json!({"R": {"0": {}}})), "MockedResponses.R.0 must have either Return or Throw."),
            (
                file(json!({"R": {"0": {"Throw": {"Error": "E"}}}})),
                "MockedResponses.R.0.Throw must have the text 'Cause'.",
            ),
            (
                json!({"StateMachines": {"M": {"TestCases": {"C": {"S": "Q"}}}}, "MockedResponses": {}}),
                "StateMachines.M.TestCases.C.S names the response 'Q', which MockedResponses does not hold.",
            ),
        ];
        for (file, why) in cases {
            assert_eq!(MockConfig::parse(&file).unwrap_err(), why);
        }
    }
}
