//! From JSON to checked rules.

use event_pattern::Pattern;
use shared_json::{Object, Value};
use states_query::Path;
use virtual_time::Duration;

use crate::{Answer, Callback, Rule, RuleError, Subject, Thrown, When};

const MEMBERS: [&str; 12] = [
    "Name",
    "Function",
    "StateMachine",
    "State",
    "When",
    "Attempts",
    "LatencySeconds",
    "Return",
    "Throw",
    "TimeOut",
    "Crash",
    "Callback",
];

/// What a rule may take: the longest time a state machine's execution may.
const LONGEST_SECONDS: f64 = 31_536_000.0;
/// Callbacks and heartbeats of one rule.
const MOST_CALLS: i64 = 100;

fn error<T>(place: &str, why: impl std::fmt::Display) -> Result<T, RuleError> {
    Err(RuleError(format!("{place}: {why}")))
}

pub(crate) fn rules(list: &Value) -> Result<Vec<Rule>, RuleError> {
    let Some(rules) = list.as_array() else { return error("Rules", "must be a list") };
    rules.iter().enumerate().map(|(n, each)| rule(each, &format!("Rules[{n}]"))).collect()
}

fn rule(value: &Value, place: &str) -> Result<Rule, RuleError> {
    let Some(members) = value.as_object() else { return error(place, "must be an object") };
    only(members, &MEMBERS, place)?;
    let subject = subject(value, place)?;
    let answer = answer(value, place)?;
    if answer == Answer::Crash && matches!(subject, Subject::State { .. }) {
        return error(&format!("{place}.Crash"), "only a function can crash; a state's task can fail or time out");
    }
    Ok(Rule {
        name: text(value, "Name", place)?.map(str::to_owned),
        subject,
        when: value.get("When").map(|when| self::when(when, &format!("{place}.When"))).transpose()?,
        attempts: value.get("Attempts").map(|range| attempts(range, &format!("{place}.Attempts"))).transpose()?,
        latency: seconds(value, "LatencySeconds", place)?.unwrap_or(Duration::ZERO),
        answer,
        source: value.clone(),
    })
}

fn only(members: &Object, known: &[&str], place: &str) -> Result<(), RuleError> {
    match members.iter().find(|(name, _)| !known.contains(&&***name)) {
        Some((name, _)) => error(&format!("{place}.{name}"), format!("is unknown; known are {}", known.join(", "))),
        None => Ok(()),
    }
}

fn text<'a>(value: &'a Value, name: &str, place: &str) -> Result<Option<&'a str>, RuleError> {
    match value.get(name) {
        None => Ok(None),
        Some(member) => match member.as_str() {
            Some(text) => Ok(Some(text)),
            None => error(&format!("{place}.{name}"), "must be a string"),
        },
    }
}

fn subject(value: &Value, place: &str) -> Result<Subject, RuleError> {
    let filled = |name: &str| text(value, name, place).map(|text| text.filter(|text| !text.is_empty()));
    match (filled("Function")?, filled("StateMachine")?, filled("State")?) {
        (Some(function), None, None) => Ok(Subject::Function(function.to_owned())),
        (None, Some(machine), Some(state)) => {
            Ok(Subject::State { machine: machine.to_owned(), state: state.to_owned() })
        }
        _ => error(place, "must name either a Function, or a StateMachine and its State"),
    }
}

fn when(value: &Value, place: &str) -> Result<When, RuleError> {
    let Some(members) = value.as_object() else { return error(place, "must be an object") };
    only(members, &["Pattern", "Path", "Equals"], place)?;
    match (value.get("Pattern"), text(value, "Path", place)?, value.get("Equals")) {
        (Some(pattern), None, None) => match Pattern::parse(pattern) {
            Ok(pattern) => Ok(When::Pattern(pattern)),
            Err(why) => error(&format!("{place}.Pattern"), why),
        },
        (None, Some(path), Some(wanted)) => match Path::parse(path) {
            Ok(path) if !path.is_context() && path.variable_name().is_none() => {
                Ok(When::Equals { path, value: wanted.clone() })
            }
            Ok(_) => error(&format!("{place}.Path"), "must start at the input: $"),
            Err(why) => error(&format!("{place}.Path"), why),
        },
        _ => error(place, "must have either Pattern, or Path and Equals"),
    }
}

/// `0`, `"0"`, `"1-2"`, `"2-"`.
pub(crate) fn attempts(value: &Value, place: &str) -> Result<(u32, u32), RuleError> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (from, to) = text.split_once('-').unwrap_or((&text, &text));
    let (from, to) = (from.trim(), to.trim());
    let to = if to.is_empty() { Ok(u32::MAX) } else { to.parse() };
    match (from.parse::<u32>(), to) {
        (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
        _ => error(place, format!("'{text}' is no attempt, such as 0, and no range, such as 1-2 or 2-")),
    }
}

fn seconds(value: &Value, name: &str, place: &str) -> Result<Option<Duration>, RuleError> {
    let Some(member) = value.get(name) else { return Ok(None) };
    match member.as_f64().filter(|seconds| (0.0..=LONGEST_SECONDS).contains(seconds)) {
        Some(seconds) => Ok(Some(Duration::from_micros((seconds * 1e6) as u64))),
        None => error(&format!("{place}.{name}"), "must be a number of seconds from 0 to a year"),
    }
}

fn answer(value: &Value, place: &str) -> Result<Answer, RuleError> {
    let kinds = ["Return", "Throw", "TimeOut", "Crash", "Callback"];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| value.get(kind).is_some()).collect();
    let [kind] = given[..] else {
        return error(place, "must have exactly one of Return, Throw, TimeOut, Crash and Callback");
    };
    let (member, place) = (&value[kind], format!("{place}.{kind}"));
    match kind {
        "Return" => Ok(Answer::Return(member.clone())),
        "Throw" => thrown(member, &place).map(Answer::Throw),
        "Callback" => callback(member, &place).map(Answer::Callback),
        _ if member.as_bool() != Some(true) => error(&place, "must be true"),
        "TimeOut" => Ok(Answer::TimeOut),
        _ => Ok(Answer::Crash),
    }
}

fn thrown(value: &Value, place: &str) -> Result<Thrown, RuleError> {
    let Some(members) = value.as_object() else { return error(place, "must be an object with Error and Cause") };
    only(members, &["Error", "Cause"], place)?;
    match (text(value, "Error", place)?, text(value, "Cause", place)?) {
        (Some(error), cause) => Ok(Thrown { error: error.to_owned(), cause: cause.unwrap_or_default().to_owned() }),
        (None, _) => error(place, "must have the text Error"),
    }
}

fn callback(value: &Value, place: &str) -> Result<Callback, RuleError> {
    let Some(members) = value.as_object() else { return error(place, "must be an object") };
    only(members, &["Return", "Throw", "Times", "Heartbeats", "EverySeconds"], place)?;
    let count = |name: &str, usual: u32| match value.get(name) {
        None => Ok(usual),
        Some(number) => match number.as_i64().filter(|n| (0..=MOST_CALLS).contains(n)).map(u32::try_from) {
            Some(Ok(number)) => Ok(number),
            _ => error(&format!("{place}.{name}"), format!("must be a whole number from 0 to {MOST_CALLS}")),
        },
    };
    let outcome = match (value.get("Return"), value.get("Throw")) {
        (Some(_), Some(_)) => return error(place, "must not have both Return and Throw"),
        (None, Some(given)) => Err(thrown(given, &format!("{place}.Throw"))?),
        (output, None) => Ok(output.cloned().unwrap_or_else(|| Value::object::<&str>([]))),
    };
    let every = seconds(value, "EverySeconds", place)?.unwrap_or(Duration::from_secs(1));
    Ok(Callback { outcome, times: count("Times", 1)?, heartbeats: count("Heartbeats", 0)?, every })
}
