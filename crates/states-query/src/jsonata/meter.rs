//! What the woven guards call: they count what an evaluation spends, and end it when that is too much.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::convert::MEMORY_ITEMS;
use super::functions::MEMORY_LIMIT;

// Names with a blank, so that no expression can spell them.
pub(crate) const PREFIX: &str = "guard ";
/// Counts a turn.
pub(crate) const TICK: &str = "guard tick";
/// Hands on a value that was made, and weighs it.
pub(crate) const WEIGH: &str = "guard weigh";
/// Hands on a value that a function is about to look through.
pub(crate) const SCAN: &str = "guard scan";
/// Hands on a value of which a function made each part anew.
pub(crate) const MADE: &str = "guard made";
/// Hands on a value of which each part is about to be looked at.
pub(crate) const DEEP: &str = "guard deep";
/// Hands on what a transformation found; then the value follows in which it looked and that it copies.
pub(crate) const COPY: &str = "guard copy";
/// Hands on a value that is about to be compared.
pub(crate) const COMPARE: &str = "guard compare";
/// Hands on what a path gave; then the path's root and names follow.
pub(crate) const WALK: &str = "guard walk";
/// Hand on the start and the end of a range.
pub(crate) const LOW: &str = "guard low";
pub(crate) const SPAN: &str = "guard span";
/// Hands on the width of a padded text.
pub(crate) const WIDTH: &str = "guard width";
/// Hands on what comes between texts, or instead of them; then their source follows.
pub(crate) const SEPARATOR: &str = "guard separator";
/// `$distinct`, without comparing everything with everything.
pub(crate) const DISTINCT: &str = "guard distinct";

/// What an evaluation may spend; a unit is about a tenth of a microsecond.
const BUDGET: u64 = 10_000_000;
const TURN: u64 = 10;
/// The guard itself takes time too.
const CALL: u64 = 4;
/// Values that are weighed or copied for one unit, and characters that are looked at for one.
const COPIED: usize = 2;
const SCANNED: usize = 48;
/// The part of a value that is copied with each object in it.
const AROUND: usize = 24;
/// Characters that weigh as much as a value.
const TEXT: usize = 8;
/// Characters that a text may hold on AWS, as measured by doubling one.
pub(crate) const CHARACTERS: usize = 6_990_256;
/// Characters that a join or a replacement may make at most before it is worth looking closer.
const PRODUCT: usize = 64 * 1024 * 1024;
/// Values within values that are followed.
const DEPTH: usize = 250;

const TIMEOUT: &str = "Expression evaluation timeout: Check for infinite loop";

type Answer = Result<JValue, EvaluatorError>;

/// Registers what the woven calls call.
pub(crate) fn register(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    let spent = Rc::new(Cell::new(0_u64));
    let spend = move |cost: u64| {
        let sum = spent.get().saturating_add(cost);
        spent.set(sum);
        if sum > BUDGET { Err(error(TIMEOUT)) } else { Ok(()) }
    };
    let handing_on = |cost: fn(&[JValue]) -> Result<usize, EvaluatorError>| {
        let spend = spend.clone();
        move |arguments: &[JValue]| -> Answer {
            spend(CALL + cost(arguments)? as u64)?;
            Ok(first(arguments))
        }
    };
    evaluator.register_fn(WEIGH, handing_on(|arguments| weight(arguments).map(|weight| weight / COPIED)))?;
    evaluator.register_fn(MADE, handing_on(|arguments| weight(arguments).map(|weight| 2 * weight)))?;
    evaluator.register_fn(DEEP, handing_on(|arguments| weight(arguments).map(|weight| 2 * weight)))?;
    evaluator.register_fn(COPY, handing_on(copied))?;
    evaluator.register_fn(COMPARE, handing_on(compared))?;
    evaluator.register_fn(SCAN, handing_on(|arguments| Ok(arguments.first().map_or(0, scanned))))?;
    evaluator.register_fn(WALK, handing_on(|arguments| Ok(walked(arguments))))?;
    let tick = spend.clone();
    evaluator.register_fn(TICK, move |_: &[JValue]| tick(TURN).map(|()| JValue::Undefined))?;
    let lows = Rc::new(RefCell::new(Vec::new()));
    let starts = Rc::clone(&lows);
    evaluator.register_fn(LOW, move |arguments: &[JValue]| {
        starts.borrow_mut().push(match arguments {
            [JValue::Number(start)] => *start,
            _ => f64::INFINITY,
        });
        Ok(first(arguments))
    })?;
    evaluator.register_fn(SPAN, move |arguments: &[JValue]| {
        let start = lows.borrow_mut().pop();
        if let ([JValue::Number(end)], Some(start)) = (arguments, start) {
            // A longer one the library refuses by itself.
            spend((end - start).clamp(0.0, MEMORY_ITEMS as f64) as u64)?;
        }
        Ok(first(arguments))
    })?;
    evaluator.register_fn(WIDTH, |arguments: &[JValue]| match arguments {
        [JValue::Number(n)] if n.abs() > CHARACTERS as f64 => Err(error(MEMORY_LIMIT)),
        _ => Ok(first(arguments)),
    })?;
    evaluator.register_fn(SEPARATOR, |arguments: &[JValue]| {
        let length = |value: Option<&JValue>| match value {
            Some(JValue::String(text)) => text.len(),
            Some(JValue::Array(items)) => items.len(),
            _ => 0,
        };
        match length(arguments.first()).saturating_mul(length(arguments.get(1))) {
            PRODUCT.. => Err(error(MEMORY_LIMIT)),
            _ => Ok(first(arguments)),
        }
    })?;
    evaluator.register_fn(DISTINCT, distinct)
}

fn first(arguments: &[JValue]) -> JValue {
    arguments.first().cloned().unwrap_or(JValue::Undefined)
}

fn error(text: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(text.to_owned())
}

fn weight(arguments: &[JValue]) -> Result<usize, EvaluatorError> {
    let mut left = MEMORY_ITEMS;
    match arguments.first() {
        Some(value) if !takes(value, &mut left, DEPTH) => Err(error(MEMORY_LIMIT)),
        _ => Ok(MEMORY_ITEMS - left),
    }
}

/// Takes the items of a value from what is left.
fn takes(value: &JValue, left: &mut usize, depth: usize) -> bool {
    let size = match value {
        JValue::String(text) => 1 + text.len() / TEXT,
        _ => 1,
    };
    let Some(rest) = left.checked_sub(size) else { return false };
    *left = rest;
    let Some(depth) = depth.checked_sub(1) else { return false };
    match value {
        JValue::Array(items) => items.iter().all(|item| takes(item, left, depth)),
        JValue::Object(members) => members.values().all(|member| takes(member, left, depth)),
        _ => true,
    }
}

/// The library copies the whole, and what is around each found object with that object.
fn copied(arguments: &[JValue]) -> Result<usize, EvaluatorError> {
    let whole = weight(arguments.get(1..).unwrap_or_default())?;
    let found = match arguments.first() {
        Some(JValue::Array(found)) => found.len(),
        _ => 1,
    };
    Ok(8 * whole + (whole / AROUND).saturating_mul(found))
}

/// A look at all that is in a text, or at each item.
fn scanned(value: &JValue) -> usize {
    match value {
        JValue::String(text) => text.len() / SCANNED,
        JValue::Array(items) => items.len(),
        JValue::Object(members) => members.len(),
        _ => 0,
    }
}

/// To compare texts is quicker than to look through them; arrays may be alike to their last item.
fn compared(arguments: &[JValue]) -> Result<usize, EvaluatorError> {
    match arguments.first() {
        Some(JValue::String(text)) => Ok(text.len() / (4 * SCANNED)),
        Some(JValue::Array(_) | JValue::Object(_)) => weight(arguments),
        _ => Ok(0),
    }
}

/// The items that a path went through. What it found is shared, so that its own size matters little.
fn walked(arguments: &[JValue]) -> usize {
    let [found, root, names @ ..] = arguments else { return 0 };
    let mut cost = 0;
    walk(root, names, &mut cost, DEPTH);
    match found {
        JValue::Array(items) if cost == 0 => items.len() / 16,
        JValue::Array(items) => cost + items.len(),
        _ => cost,
    }
}

fn walk(value: &JValue, names: &[JValue], cost: &mut usize, depth: usize) {
    let (Some((name, rest)), Some(depth)) = (names.split_first(), depth.checked_sub(1)) else { return };
    match (value, name) {
        (JValue::Array(items), JValue::Number(index)) => {
            let index = if *index < 0.0 { *index + items.len() as f64 } else { *index };
            if let Some(item) = items.get(index.max(0.0) as usize) {
                walk(item, rest, cost, depth);
            }
        }
        (value, JValue::Number(_)) => walk(value, rest, cost, depth),
        (JValue::Array(items), JValue::String(_)) => {
            *cost += items.len();
            items.iter().for_each(|item| walk(item, names, cost, depth));
        }
        (JValue::Object(members), JValue::String(name)) => {
            if let Some(member) = members.get(&**name) {
                walk(member, rest, cost, depth);
            }
        }
        // Everything below is looked at.
        (value, JValue::Bool(true)) => {
            let mut left = MEMORY_ITEMS;
            takes(value, &mut left, depth);
            *cost += MEMORY_ITEMS - left;
        }
        (JValue::Array(items), _) => *cost += items.len(),
        _ => {}
    }
}

/// As the library's, which compares each item with each.
fn distinct(arguments: &[JValue]) -> Answer {
    let Some(JValue::Array(items)) = arguments.first() else { return Ok(first(arguments)) };
    if items.len() < 2 {
        return Ok(first(arguments));
    }
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut text = String::new();
        canonical(item, index, &mut text, DEPTH)?;
        if seen.insert(text) {
            kept.push(item.clone());
        }
    }
    Ok(if items.sequence { JValue::sequence(kept) } else { JValue::array(kept) })
}

/// A text that two values share when they are alike; a function is like no other.
fn canonical(value: &JValue, index: usize, text: &mut String, depth: usize) -> Result<(), EvaluatorError> {
    let depth = depth.checked_sub(1).filter(|_| text.len() <= CHARACTERS).ok_or_else(|| error(MEMORY_LIMIT))?;
    match value {
        JValue::Null => text.push('n'),
        JValue::Undefined => text.push('u'),
        JValue::Bool(b) => text.push(if *b { 't' } else { 'f' }),
        JValue::Number(n) => {
            let bits = if *n == 0.0 { 0 } else { n.to_bits() };
            let _ = write!(text, "#{bits:x}");
        }
        JValue::String(s) => {
            let _ = write!(text, "\"{}:{s}", s.len());
        }
        JValue::Array(items) => {
            text.push('[');
            for item in items.iter() {
                canonical(item, index, text, depth)?;
            }
            text.push(']');
        }
        JValue::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (key, member) in members {
                let _ = write!(text, "{}:{key}", key.len());
                canonical(member, index, text, depth)?;
            }
            text.push('}');
        }
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            let _ = write!(text, "@{index};");
        }
    }
    Ok(())
}
