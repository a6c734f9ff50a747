//! Rules of states to and from `MockConfigFile.json`, the format of Step Functions Local.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html>

use std::collections::BTreeMap;

use shared_json::{Object, Value, json};

use crate::{Answer, Rule, Rules, Subject};

/// Rules as a `MockConfigFile.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    pub file: Value,
    /// What the format cannot say, rule by rule.
    pub left_out: Vec<String>,
}

impl Rules {
    /// All rules of states as one test case of this name for each machine.
    #[must_use]
    pub fn to_config_file(&self, test_case: &str) -> Exported {
        let mut left_out = Vec::new();
        let mut states: BTreeMap<(&str, &str), Vec<Range>> = BTreeMap::new();
        for (place, rule) in self.rules.iter().enumerate() {
            match response(rule) {
                Ok(response) => {
                    let Subject::State { machine, state } = &rule.subject else { continue };
                    let (from, to) = rule.attempts.unwrap_or((0, u32::MAX));
                    add(states.entry((machine, state)).or_default(), from, to, &response);
                }
                Err(why) => left_out.push(format!("Rules[{place}]: {why}")),
            }
        }
        let mut machines: BTreeMap<&str, Object> = BTreeMap::new();
        let mut responses = Object::default();
        for ((machine, state), ranges) in states {
            let name = format!("{machine} {state}");
            machines.entry(machine).or_default().insert(state.into(), Value::string(&name));
            let entries = ranges.into_iter().map(|(from, to, response)| (key(from, to), response));
            responses.insert(name.as_str().into(), Value::object(entries));
        }
        let machines = machines.into_iter().map(|(machine, states)| {
            let case = Value::object([(test_case, Value::Object(states.into()))]);
            (machine, Value::object([("TestCases", case)]))
        });
        let file = Value::object([
            ("StateMachines", Value::object(machines)),
            ("MockedResponses", Value::Object(responses.into())),
        ]);
        Exported { file, left_out }
    }
}

/// The first and the last attempt, and the response.
type Range = (u32, u32, Value);

/// The format has no open range: far enough for every Retry.
const LAST_ATTEMPT: u32 = 999;

fn key(from: u32, to: u32) -> String {
    let to = to.min(LAST_ATTEMPT);
    if from == to { from.to_string() } else { format!("{from}-{to}") }
}

fn response(rule: &Rule) -> Result<Value, &'static str> {
    if matches!(rule.subject, Subject::Function(_)) {
        return Err("MockConfigFile.json knows states only, not functions");
    }
    if rule.when.is_some() {
        return Err("MockConfigFile.json cannot look at the input");
    }
    match &rule.answer {
        Answer::Return(value) => Ok(Value::object([("Return", value.clone())])),
        Answer::Throw(thrown) => Ok(json!({"Throw": {"Error": &thrown.error, "Cause": &thrown.cause}})),
        Answer::TimeOut => Ok(json!({"Throw": {"Error": "States.Timeout", "Cause": ""}})),
        Answer::Crash | Answer::Callback(_) => Err("MockConfigFile.json knows only Return and Throw"),
    }
}

/// Earlier rules win: only attempts that no range has yet are added.
fn add(ranges: &mut Vec<Range>, from: u32, to: u32, response: &Value) {
    let mut next = Some(from);
    let mut taken: Vec<(u32, u32)> = ranges.iter().map(|(from, to, _)| (*from, *to)).collect();
    taken.sort_unstable();
    for (start, end) in taken {
        let Some(first) = next else { break };
        if end < first || start > to {
            continue;
        }
        if start > first {
            ranges.push((first, start - 1, response.clone()));
        }
        next = end.checked_add(1);
    }
    if let Some(first) = next.filter(|first| *first <= to) {
        ranges.push((first, to, response.clone()));
    }
    ranges.sort_by_key(|(from, ..)| *from);
}

/// The rules that say what one test case of a file says. The file is taken as checked; what is missing is left out.
#[must_use]
pub fn from_config_file(file: &Value, machine: &str, test_case: &str) -> Value {
    let mut rules = Vec::new();
    for (state, name) in file["StateMachines"][machine]["TestCases"][test_case].as_object().into_iter().flatten() {
        let responses = name.as_str().and_then(|name| file["MockedResponses"].get(name));
        for (attempts, response) in responses.and_then(Value::as_object).into_iter().flatten() {
            let rule = json!({"StateMachine": machine, "State": &**state, "Attempts": &**attempts});
            let answer = ["Return", "Throw"].into_iter().find_map(|kind| Some((kind, response.get(kind)?.clone())));
            if let Some((kind, answer)) = answer {
                rules.push(rule.with(kind, answer));
            }
        }
    }
    Value::array(rules)
}
