//! Choice: goes where the first rule that holds points.

use std::cmp::Ordering;

use asl::{ChoiceState, Comparison, ComparisonOperator as Op, Condition, Operand, State};
use shared_json::Value;
use states_query::{Path, QueryError, Scope, Template};
use virtual_time::Timestamp;

use crate::execution::{Execution, Step, Stop};
use crate::failure::Failure;
use crate::flow::{frame_path, is_jsonata, object};
use crate::frame::Frame;

impl Execution {
    pub(crate) fn choice(&mut self, now: Timestamp, frame: &mut Frame, state: &State, choice: &ChoiceState) -> Step {
        if is_jsonata(state) {
            return self.choice_jsonata(now, frame, state, choice);
        }
        let input = self.effective_input(frame, state)?;
        let scope = frame.scope(&input);
        let mut chosen = None;
        for rule in &choice.rules {
            if holds(&rule.condition, &scope)? {
                chosen = Some(rule);
                break;
            }
        }
        let Some(next) = chosen.map(|rule| &rule.next).or(choice.default.as_ref()) else { return Err(no_match()) };
        let assign = chosen.map_or(state.assign.as_ref(), |rule| rule.assign.as_ref());
        let assigned = self.assign_jsonpath(frame, assign, &input)?;
        let output = frame_path(frame, &state.output_path, &input)?;
        self.hand_on(now, frame, output, Some(next), assigned)
    }

    fn choice_jsonata(&mut self, now: Timestamp, frame: &mut Frame, state: &State, choice: &ChoiceState) -> Step {
        for (index, rule) in choice.rules.iter().enumerate() {
            let Condition::Jsonata(condition) = &rule.condition else { continue };
            let field = format!("Choices[{index}]/Condition");
            if !condition.evaluate_boolean(&field, &frame.jsonata(now, None), &mut self.randomness)? {
                continue;
            }
            let scope = frame.jsonata(now, None);
            let field = |name: &str| format!("Choices[{index}]/{name}");
            let assigned = match &rule.assign {
                Some(Template::Jsonata(assign)) => {
                    object(assign.evaluate(&field("Assign"), &scope, &mut self.randomness)?)
                }
                _ => None,
            };
            let output = match (&rule.output, &state.output) {
                (Some(output), _) => output.evaluate(&field("Output"), &scope, &mut self.randomness)?,
                (None, Some(output)) => output.evaluate("Output", &scope, &mut self.randomness)?,
                (None, None) => frame.current.input.clone(),
            };
            return self.hand_on(now, frame, output, Some(&rule.next), assigned);
        }
        let Some(next) = &choice.default else { return Err(no_match()) };
        let input = frame.current.input.clone();
        self.finish_jsonata(now, frame, state, &input, None, Some(next))
    }
}

fn no_match() -> Stop {
    let cause = "Failed to transition out of the state. The state does not point to a next state.";
    Stop::Query(QueryError::new("States.NoChoiceMatched", cause))
}

fn holds(condition: &Condition, scope: &Scope) -> Result<bool, QueryError> {
    match condition {
        Condition::And(all) => {
            for condition in all {
                if !holds(condition, scope)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(any) => {
            for condition in any {
                if holds(condition, scope)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(condition) => Ok(!holds(condition, scope)?),
        Condition::Compare(comparison) => compare(comparison, scope),
        // A JSONPath state has none: the check sees to it.
        Condition::Jsonata(_) => Ok(false),
    }
}

fn compare(comparison: &Comparison, scope: &Scope) -> Result<bool, QueryError> {
    let flag = |is: bool| match &comparison.operand {
        Operand::Literal(Value::Bool(wanted)) => is == *wanted,
        _ => false,
    };
    if comparison.operator == Op::IsPresent {
        return Ok(flag(comparison.variable.select(scope).is_ok()));
    }
    let variable = referenced(&comparison.variable, scope)?;
    let operand = match &comparison.operand {
        Operand::Path(path) => referenced(path, scope)?,
        Operand::Literal(value) => value.clone(),
        Operand::Timestamp(timestamp) => Value::from(timestamp.to_rfc3339()),
    };
    let text = |accepted: fn(Ordering) -> bool| match (&variable, &operand) {
        (Value::String(a), Value::String(b)) => accepted(utf16_order(a, b)),
        _ => false,
    };
    let number = |accepted: fn(Ordering) -> bool| match (&variable, &operand) {
        (Value::Number(a), Value::Number(b)) => number_order(a, b).is_some_and(accepted),
        _ => false,
    };
    let time = |accepted: fn(Ordering) -> bool| {
        let right = match &comparison.operand {
            Operand::Timestamp(timestamp) => Some(*timestamp),
            Operand::Literal(_) | Operand::Path(_) => timestamp(&operand),
        };
        match (timestamp(&variable), right) {
            (Some(a), Some(b)) => accepted(a.cmp(&b)),
            _ => false,
        }
    };
    Ok(match comparison.operator {
        Op::StringEquals | Op::StringEqualsPath => text(Ordering::is_eq),
        Op::StringLessThan | Op::StringLessThanPath => text(Ordering::is_lt),
        Op::StringGreaterThan | Op::StringGreaterThanPath => text(Ordering::is_gt),
        Op::StringLessThanEquals | Op::StringLessThanEqualsPath => text(Ordering::is_le),
        Op::StringGreaterThanEquals | Op::StringGreaterThanEqualsPath => text(Ordering::is_ge),
        Op::StringMatches => match (&variable, &operand) {
            (Value::String(text), Value::String(pattern)) => matches(text, pattern),
            _ => false,
        },
        Op::NumericEquals | Op::NumericEqualsPath => number(Ordering::is_eq),
        Op::NumericLessThan | Op::NumericLessThanPath => number(Ordering::is_lt),
        Op::NumericGreaterThan | Op::NumericGreaterThanPath => number(Ordering::is_gt),
        Op::NumericLessThanEquals | Op::NumericLessThanEqualsPath => number(Ordering::is_le),
        Op::NumericGreaterThanEquals | Op::NumericGreaterThanEqualsPath => number(Ordering::is_ge),
        Op::BooleanEquals | Op::BooleanEqualsPath => {
            matches!((&variable, &operand), (Value::Bool(a), Value::Bool(b)) if a == b)
        }
        Op::TimestampEquals | Op::TimestampEqualsPath => time(Ordering::is_eq),
        Op::TimestampLessThan | Op::TimestampLessThanPath => time(Ordering::is_lt),
        Op::TimestampGreaterThan | Op::TimestampGreaterThanPath => time(Ordering::is_gt),
        Op::TimestampLessThanEquals | Op::TimestampLessThanEqualsPath => time(Ordering::is_le),
        Op::TimestampGreaterThanEquals | Op::TimestampGreaterThanEqualsPath => time(Ordering::is_ge),
        Op::IsNull => flag(variable.is_null()),
        Op::IsNumeric => flag(variable.as_number().is_some()),
        Op::IsString => flag(variable.as_str().is_some()),
        Op::IsBoolean => flag(variable.as_bool().is_some()),
        Op::IsTimestamp => flag(timestamp(&variable).is_some()),
        Op::IsPresent => false,
    })
}

fn referenced(path: &Path, scope: &Scope) -> Result<Value, QueryError> {
    path.select(scope).map_err(|_| {
        Failure::runtime(format!(
            "Invalid path '{path}': The choice state's condition path references an invalid value."
        ))
    })
}

fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(Timestamp::parse_rfc3339)
}

/// Java compares texts by UTF-16 units.
fn utf16_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn number_order(a: &shared_json::Number, b: &shared_json::Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// `*` stands for any text; `\*` and `\\` for themselves. Each piece between two stars is sought once, from where the
/// one before it ended, so a long text against a long pattern costs no more than their lengths.
fn matches(text: &str, pattern: &str) -> bool {
    let pieces = pieces(pattern);
    let [first, middle @ .., last] = pieces.as_slice() else {
        return pieces.first().is_some_and(|only| text == only);
    };
    let Some(mut rest) = text.strip_prefix(&**first).and_then(|rest| rest.strip_suffix(&**last)) else { return false };
    for piece in middle {
        match rest.split_once(&**piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

/// What stands between the stars of a pattern.
fn pieces(pattern: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        let literal = match c {
            '*' => {
                pieces.push(String::new());
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            c => c,
        };
        if let Some(piece) = pieces.last_mut() {
            piece.push(literal);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_texts() {
        let cases = [
            ("log-2024.txt", "log-*.txt", true),
            ("log-2024.txt", "log-*.csv", false),
            ("abcabc", "*abc", true),
            ("a*b", "a\\*b", true),
            ("axb", "a\\*b", false),
            ("", "*", true),
            ("x", "", false),
            ("", "", true),
            ("aba", "ab*ba", false),
            ("a-b-c", "a*b*c", true),
            ("a-c-b", "a*b*c", false),
            ("a\\b", "a\\\\b", true),
            ("abc", "**", true),
        ];
        for (text, pattern, expected) in cases {
            assert_eq!(matches(text, pattern), expected, "{text} {pattern}");
        }
    }
}
