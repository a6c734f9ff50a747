//! Walking a value along a path's segments.

use std::cell::Cell;
use std::rc::Rc;

use shared_json::Value;

use super::{Function, Segment};
use crate::scope::Scope;

/// What the evaluation of a path may still visit, its filters included.
pub(super) struct Steps(Cell<usize>);

/// Places that an evaluation may visit: far more than an input of 256 KiB holds.
const STEPS: usize = 1_000_000;
/// Segments that a walk follows; it calls itself for each.
const SEGMENTS: usize = 500;

impl Default for Steps {
    fn default() -> Steps {
        Steps(Cell::new(STEPS))
    }
}

impl Steps {
    /// Once it failed it fails always.
    pub(super) fn take(&self, count: usize) -> Result<(), String> {
        let left = self.0.get().saturating_sub(count);
        self.0.set(left);
        if left == 0 { Err("The path visits too many places".to_owned()) } else { Ok(()) }
    }
}

/// Whether the segments name one place.
pub(super) fn is_definite(segments: &[Segment]) -> bool {
    segments.iter().enumerate().all(|(at, segment)| match segment {
        Segment::Names(names) => names.len() == 1 || at + 1 == segments.len(),
        Segment::Indexes(indexes) => indexes.len() == 1,
        Segment::Function(_) => true,
        Segment::Slice { .. } | Segment::Wildcard | Segment::DeepScan | Segment::Filter(_) => false,
    })
}

/// The value at a place that names and indexes lead to one by one: most paths, without a walk.
fn at_place<'v>(segments: &[Segment], root: &'v Value) -> Option<&'v Value> {
    segments.iter().try_fold(root, |value, segment| match (segment, value) {
        (Segment::Names(names), Value::Object(members)) if names.len() == 1 => members.get(names.first()?),
        (Segment::Indexes(indexes), Value::Array(items)) if indexes.len() == 1 => item_at(items, *indexes.first()?),
        _ => None,
    })
}

pub(super) fn select(segments: &[Segment], root: &Value, scope: &Scope, steps: &Steps) -> Result<Value, String> {
    steps.take(1)?;
    if let Some(value) = at_place(segments, root) {
        return Ok(value.clone());
    }
    let (places, function) = match segments.split_last() {
        Some((Segment::Function(function), places)) => (places, Some(*function)),
        _ => (segments, None),
    };
    let mut walk = Walk { segments: places, root, scope, steps, found: Vec::new() };
    let definite = is_definite(places);
    // Recorded on AWS: an indefinite path gives an empty list even when its definite beginning finds nothing.
    walk.step(0, root, definite)?;
    // A filter that ran out of steps accepts nothing, and says nothing.
    steps.take(1)?;
    let value = if definite {
        walk.found.pop().ok_or_else(|| format!("No results for path: {}", normalised(places)))?
    } else {
        Value::array(walk.found)
    };
    match function {
        Some(function) => apply(function, &value),
        None => Ok(value),
    }
}

struct Walk<'a> {
    segments: &'a [Segment],
    root: &'a Value,
    scope: &'a Scope<'a>,
    steps: &'a Steps,
    found: Vec<Value>,
}

impl Walk<'_> {
    /// Goes on at segment `at`. `definite`: everything before names one place, so nothing found is an error.
    fn step(&mut self, at: usize, value: &Value, definite: bool) -> Result<(), String> {
        self.steps.take(if at > SEGMENTS { STEPS } else { 1 })?;
        let segments = self.segments;
        let Some(segment) = segments.get(at) else {
            self.found.push(value.clone());
            return Ok(());
        };
        let leaf = at + 1 == segments.len();
        match segment {
            Segment::Names(names) => self.names(at, names, value, definite, leaf),
            Segment::Indexes(indexes) => {
                let Some(items) = self.items(at, value, definite)? else { return Ok(()) };
                self.steps.take(indexes.len())?;
                for index in indexes {
                    if let Some(item) = item_at(items, *index) {
                        self.step(at + 1, item, definite && indexes.len() == 1)?;
                    }
                }
                Ok(())
            }
            Segment::Slice { from, to } => {
                let Some(items) = self.items(at, value, definite)? else { return Ok(()) };
                for index in slice(items.len(), *from, *to) {
                    if let Some(item) = item_at(items, index) {
                        self.step(at + 1, item, false)?;
                    }
                }
                Ok(())
            }
            Segment::Wildcard => {
                for child in children(value) {
                    self.step(at + 1, child, false)?;
                }
                Ok(())
            }
            Segment::DeepScan => self.deep_scan(at, value),
            Segment::Filter(filter) => match value {
                Value::Array(items) => {
                    self.steps.take(items.len())?;
                    for item in items.iter().filter(|item| filter.accepts(item, self.root, self.scope, self.steps)) {
                        self.step(at + 1, item, false)?;
                    }
                    Ok(())
                }
                Value::Object(_) if filter.accepts(value, self.root, self.scope, self.steps) => {
                    self.step(at + 1, value, false)
                }
                _ => Ok(()),
            },
            Segment::Function(_) => Ok(()),
        }
    }

    fn names(&mut self, at: usize, names: &[Rc<str>], value: &Value, definite: bool, leaf: bool) -> Result<(), String> {
        self.steps.take(names.len())?;
        let Some(members) = value.as_object() else {
            return if definite { Err(self.not_an_object(at, names, value)) } else { Ok(()) };
        };
        if let (true, [_, _, ..]) = (leaf, names) {
            let chosen = names.iter().filter_map(|name| Some((&**name, members.get(name)?.clone())));
            self.found.push(Value::object(chosen));
            return Ok(());
        }
        for name in names {
            match members.get(name) {
                Some(member) => self.step(at + 1, member, definite && names.len() == 1)?,
                // The caller says "No results for path" when nothing was found at all.
                None if leaf || !definite => {}
                None => {
                    return Err(format!(
                        "Missing property in path {}",
                        normalised(self.segments.get(..=at).unwrap_or_default())
                    ));
                }
            }
        }
        Ok(())
    }

    fn not_an_object(&self, at: usize, names: &[Rc<str>], value: &Value) -> String {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        format!(
            "Expected to find an object with property [{}] in path {} but found '{}'. This is not a json object \
             according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
            names.join(","),
            normalised(self.segments.get(..at).unwrap_or_default()),
            java_class(value)
        )
    }

    fn items<'v>(&self, at: usize, value: &'v Value, definite: bool) -> Result<Option<&'v [Value]>, String> {
        match value {
            Value::Array(items) => Ok(Some(items)),
            _ if !definite => Ok(None),
            Value::Null => Err(format!("The path {} is null", normalised(self.segments.get(..at).unwrap_or_default()))),
            other => Err(format!(
                "Filter: {} can only be applied to arrays. Current context is: {}",
                self.segments.get(at).map(fragment).unwrap_or_default(),
                java_text(other)
            )),
        }
    }

    /// Every value below, the value itself first, then depth first. An explicit stack: inputs may be deep.
    fn deep_scan(&mut self, at: usize, value: &Value) -> Result<(), String> {
        let mut stack = vec![value];
        while let Some(value) = stack.pop() {
            self.steps.take(1)?;
            let applies = match self.segments.get(at + 1) {
                Some(Segment::Names(names)) => value
                    .as_object()
                    .is_some_and(|members| names.len() > 1 || names.iter().all(|name| members.contains_key(name))),
                Some(Segment::Indexes(_) | Segment::Slice { .. }) => value.as_array().is_some(),
                Some(_) => true,
                None => false,
            };
            if applies {
                self.step(at + 1, value, false)?;
            }
            let below = stack.len();
            stack.extend(children(value));
            stack.get_mut(below..).unwrap_or_default().reverse();
        }
        Ok(())
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn item_at(items: &[Value], index: i64) -> Option<&Value> {
    let length = i64::try_from(items.len()).ok()?;
    let index = if index < 0 { length.checked_add(index)? } else { index };
    items.get(usize::try_from(index).ok()?)
}

/// The indexes of a slice. `[a:b]` leaves a negative `b` empty and counts a negative `a` from the end, as
/// Jayway does; `[:b]` and `[a:]` count both from the end.
fn slice(length: usize, from: Option<i64>, to: Option<i64>) -> std::ops::Range<i64> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |n: i64| if n < 0 { length.saturating_add(n) } else { n };
    match (from, to) {
        (Some(from), Some(to)) => from.max(-length)..to.min(length),
        (Some(from), None) => from_end(from).max(0)..length,
        (None, Some(to)) => 0..from_end(to).min(length),
        (None, None) => 0..length,
    }
}

fn apply(function: Function, value: &Value) -> Result<Value, String> {
    let count = match value {
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        _ => None,
    };
    if function == Function::Length {
        return Ok(count.map_or(Value::Null, Value::from));
    }
    if function == Function::Keys {
        return Ok(value.as_object().map_or(Value::Null, |members| {
            Value::array(members.keys().map(|key| Value::from(Rc::clone(key))).collect())
        }));
    }
    let numbers: Vec<f64> = value.as_array().unwrap_or_default().iter().filter_map(Value::as_f64).collect();
    if numbers.is_empty() {
        return Err("Aggregation function attempted to calculate value using empty array".to_owned());
    }
    let (n, sum) = (numbers.len() as f64, numbers.iter().sum::<f64>());
    let result = match function {
        Function::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Function::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Function::Avg => sum / n,
        Function::Stddev => {
            let squares = numbers.iter().map(|number| number * number).sum::<f64>();
            (squares / n - (sum / n) * (sum / n)).max(0.0).sqrt()
        }
        Function::Sum | Function::Length | Function::Keys => sum,
    };
    Ok(Value::from(result))
}

/// A path as Jayway writes it: `$['order']['lines'][0]`.
fn normalised(segments: &[Segment]) -> String {
    let mut text = String::from("$");
    for segment in segments {
        text.push_str(&fragment(segment));
    }
    text
}

fn fragment(segment: &Segment) -> String {
    let optional = |bound: &Option<i64>| bound.map(|n| n.to_string()).unwrap_or_default();
    match segment {
        Segment::Names(names) => {
            let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
            format!("[{}]", quoted.join(","))
        }
        Segment::Indexes(indexes) => {
            let indexes: Vec<String> = indexes.iter().map(i64::to_string).collect();
            format!("[{}]", indexes.join(","))
        }
        Segment::Slice { from, to } => format!("[{}:{}]", optional(from), optional(to)),
        Segment::Wildcard => "[*]".to_owned(),
        Segment::DeepScan => "..".to_owned(),
        Segment::Filter(_) => "[?]".to_owned(),
        Segment::Function(_) => String::new(),
    }
}

fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(n) if n.is_f64() => "java.lang.Double",
        Value::Number(n) if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => "java.lang.Integer",
        Value::Number(_) => "java.lang.Long",
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

/// A value as Java's `toString` writes it: `{Arg1=1, Arg2=[]}`, texts without quotes.
pub(crate) fn java_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(java_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{key}={}", java_text(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}
