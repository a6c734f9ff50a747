//! The functions that AWS adds to JSONata, and those whose answer comes from the run: its clock and its seed.
//!
//! Sources: "Transforming data with JSONata" in the Step Functions developer guide; the answers to arguments that the
//! guide leaves open were measured on AWS.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use shared_json::Value;

use super::analyse::Reads;
use super::convert::to_jsonata;
use super::dates;
use super::rewrite::WITH_ITEM;
use crate::digest::hex;
use aws_protocol::Randomness;

/// All that AWS offers, sorted. `$eval` is not among them.
const NAMES: [&str; 68] = [
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

/// `$range` may make this many items on AWS.
const RANGE_ITEMS: i128 = 360_145;

pub(crate) const MEMORY_LIMIT: &str = "Expression evaluation memory limit exceeded: Check for excessive memory usage";

/// The names of all functions, without `$`.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter()
}

pub(crate) fn is_known(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

type Answer = Result<JValue, EvaluatorError>;

/// Registers those of our functions that the expression uses.
pub(crate) fn register(
    evaluator: &mut Evaluator,
    used: &BTreeSet<String>,
    chance: &Rc<RefCell<Randomness>>,
    now_millis: i64,
) -> Result<(), EvaluatorError> {
    for name in used {
        match name.as_str() {
            "partition" => evaluator.register_fn(name.as_str(), partition)?,
            "range" => evaluator.register_fn(name.as_str(), range)?,
            "hash" => evaluator.register_fn(name.as_str(), digest)?,
            "parse" => evaluator.register_fn(name.as_str(), parse)?,
            "uuid" => {
                let chance = Rc::clone(chance);
                evaluator.register_fn(name.as_str(), move |arguments: &[JValue]| {
                    at_most(arguments, "uuid", 0)?;
                    Ok(JValue::from(chance.borrow_mut().uuid()))
                })?;
            }
            "random" => {
                let chance = Rc::clone(chance);
                evaluator
                    .register_fn_override(name.as_str(), move |arguments: &[JValue]| random(arguments, &chance))?;
            }
            "shuffle" => {
                let chance = Rc::clone(chance);
                evaluator
                    .register_fn_override(name.as_str(), move |arguments: &[JValue]| shuffle(arguments, &chance))?;
            }
            "millis" | "now" => {
                evaluator.register_fn_override("millis", move |_: &[JValue]| Ok(JValue::Number(now_millis as f64)))?;
                if name == "now" {
                    register_date(evaluator, "fromMillis", now_millis)?;
                }
            }
            name => {
                if let Some(known) = dates::FUNCTIONS.iter().find(|known| **known == name) {
                    register_date(evaluator, known, now_millis)?;
                }
            }
        }
    }
    Ok(())
}

/// Twice: as a function value, and for a call that hands over the context item.
fn register_date(evaluator: &mut Evaluator, name: &'static str, now_millis: i64) -> Result<(), EvaluatorError> {
    evaluator.register_fn_override(name, move |arguments: &[JValue]| {
        dates::ask(name, &JValue::Undefined, arguments, now_millis)
    })?;
    evaluator.register_fn(format!("{WITH_ITEM}{name}"), move |arguments: &[JValue]| match arguments {
        [item, arguments @ ..] => dates::ask(name, item, arguments, now_millis),
        [] => Ok(JValue::Undefined),
    })
}

fn error(text: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(text.into())
}

fn signature(function: &str, argument: usize) -> EvaluatorError {
    error(format!("T0410: Argument {argument} of function \"{function}\" does not match function signature"))
}

fn at_most(arguments: &[JValue], function: &str, most: usize) -> Result<(), EvaluatorError> {
    if given(arguments, most).is_some() { Err(signature(function, most + 1)) } else { Ok(()) }
}

fn given(arguments: &[JValue], index: usize) -> Option<&JValue> {
    arguments.get(index).filter(|argument| !argument.is_undefined())
}

/// A whole number; fractions are cut off.
fn whole(argument: Option<&JValue>, function: &str, place: usize) -> Result<i64, EvaluatorError> {
    match argument {
        Some(JValue::Number(n)) => Ok(n.trunc() as i64),
        _ => Err(signature(function, place)),
    }
}

/// `$partition(array, size)`
fn partition(arguments: &[JValue]) -> Answer {
    at_most(arguments, "partition", 2)?;
    let items = match given(arguments, 0) {
        None => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items,
        Some(_) => return Err(error("T0412: Argument 1 of function \"partition\" must be an array of undefined")),
    };
    if items.is_empty() {
        return Ok(JValue::Undefined);
    }
    let Some(size) = given(arguments, 1) else {
        return Ok(JValue::array(vec![JValue::array(items.to_vec())]));
    };
    match whole(Some(size), "partition", 2)? {
        ..0 => Err(error("D3137: Second argument must be zero or greater")),
        0 => Ok(JValue::Undefined),
        size => {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
        }
    }
}

/// `$range(start, end, step)`, with the end when a step lands on it.
fn range(arguments: &[JValue]) -> Answer {
    at_most(arguments, "range", 3)?;
    let start = i128::from(whole(given(arguments, 0), "range", 1)?);
    let end = i128::from(whole(given(arguments, 1), "range", 2)?);
    let Some(step) = given(arguments, 2) else { return Ok(JValue::Undefined) };
    let step = i128::from(whole(Some(step), "range", 3)?);
    if step == 0 || (step > 0 && start > end) || (step < 0 && start < end) {
        return Ok(JValue::Undefined);
    }
    let count = (end - start) / step + 1;
    if count == 1 {
        // A sequence of one is its item.
        return Ok(JValue::Number(start as f64));
    }
    if count > RANGE_ITEMS {
        return Err(error(MEMORY_LIMIT));
    }
    Ok(JValue::array((0..count).map(|index| JValue::Number((start + index * step) as f64)).collect()))
}

/// `$hash(text, algorithm)`
fn digest(arguments: &[JValue]) -> Answer {
    at_most(arguments, "hash", 2)?;
    let Some(JValue::String(text)) = given(arguments, 0) else { return Err(signature("hash", 1)) };
    match given(arguments, 1) {
        None => Ok(JValue::Undefined),
        Some(JValue::String(algorithm)) => match hex(algorithm, text) {
            Some(digest) => Ok(JValue::from(digest)),
            None => Err(error(format!(
                "D3137: Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
            ))),
        },
        Some(_) => Err(signature("hash", 2)),
    }
}

/// `$parse(text)`: JSON, in which no key may come twice.
fn parse(arguments: &[JValue]) -> Answer {
    at_most(arguments, "parse", 1)?;
    match given(arguments, 0) {
        None => Ok(JValue::Undefined),
        Some(JValue::String(text)) => {
            let value = Value::parse_strict(text).map_err(|_| error("D3137: Invalid JSON"))?;
            Ok(to_jsonata(&value, &Reads::All))
        }
        Some(_) => Err(signature("parse", 1)),
    }
}

/// `$random([seed])`; with a seed it is the first `nextDouble` of a `java.util.Random`.
fn random(arguments: &[JValue], chance: &RefCell<Randomness>) -> Answer {
    at_most(arguments, "random", 1)?;
    Ok(JValue::Number(match given(arguments, 0) {
        None => chance.borrow_mut().next_f64(),
        seed => java_random(whole(seed, "random", 1)?),
    }))
}

/// The linear congruential generator that the documentation of `java.util.Random` specifies.
fn java_random(seed: i64) -> f64 {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (seed as u64 ^ MULTIPLIER) & MASK;
    let mut next = |bits: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        state >> (48 - bits)
    };
    let high = next(26) << 27;
    (high + next(27)) as f64 / (1_u64 << 53) as f64
}

/// `$shuffle(array)` after Fisher and Yates.
fn shuffle(arguments: &[JValue], chance: &RefCell<Randomness>) -> Answer {
    at_most(arguments, "shuffle", 1)?;
    let mut items = match given(arguments, 0) {
        None => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(single) => vec![single.clone()],
    };
    let mut chance = chance.borrow_mut();
    for last in (1..items.len()).rev() {
        let other = (chance.next_f64() * (last + 1) as f64) as usize;
        items.swap(last, other.min(last));
    }
    Ok(JValue::array(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(NAMES.is_sorted());
        assert!(is_known("uuid") && is_known("abs") && !is_known("eval"));
    }

    #[test]
    fn a_seed_gives_what_java_gives() {
        assert_eq!(java_random(42), 0.7275636800328681);
        assert_eq!(java_random(0), 0.730967787376657);
        assert_eq!(java_random(7), 0.7306990420600421);
    }
}
