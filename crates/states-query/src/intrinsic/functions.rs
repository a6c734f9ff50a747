//! What the eighteen functions compute, with AWS's limits.
//!
//! Source: Step Functions developer guide, "Intrinsic functions for JSONPath states".

use std::collections::BTreeSet;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared_json::Value;

use super::Failure;
use crate::digest::hex;
use crate::path::select::java_text;
use aws_protocol::Randomness;

/// Characters that `States.Hash`, `States.Base64Encode` and `States.Base64Decode` take.
const MAX_CHARACTERS: usize = 10_000;
/// Items that `States.ArrayRange` gives.
const MAX_RANGE_ITEMS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    StringToJson,
    JsonToString,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
    Format,
}

/// Name, least and most arguments, in the order of the enum.
const FUNCTIONS: [(Function, &str, usize, usize); 18] = [
    (Function::Array, "States.Array", 0, usize::MAX),
    (Function::ArrayPartition, "States.ArrayPartition", 2, 2),
    (Function::ArrayContains, "States.ArrayContains", 2, 2),
    (Function::ArrayRange, "States.ArrayRange", 3, 3),
    (Function::ArrayGetItem, "States.ArrayGetItem", 2, 2),
    (Function::ArrayLength, "States.ArrayLength", 1, 1),
    (Function::ArrayUnique, "States.ArrayUnique", 1, 1),
    (Function::Base64Encode, "States.Base64Encode", 1, 1),
    (Function::Base64Decode, "States.Base64Decode", 1, 1),
    (Function::Hash, "States.Hash", 2, 2),
    (Function::JsonMerge, "States.JsonMerge", 3, 3),
    (Function::StringToJson, "States.StringToJson", 1, 1),
    (Function::JsonToString, "States.JsonToString", 1, 1),
    (Function::MathRandom, "States.MathRandom", 2, 3),
    (Function::MathAdd, "States.MathAdd", 2, 2),
    (Function::StringSplit, "States.StringSplit", 2, 2),
    (Function::Uuid, "States.UUID", 0, 0),
    (Function::Format, "States.Format", 1, usize::MAX),
];

impl Function {
    pub(crate) fn all() -> impl Iterator<Item = Function> {
        FUNCTIONS.iter().map(|(function, ..)| *function)
    }

    pub(crate) fn from_name(name: &str) -> Option<Function> {
        FUNCTIONS.iter().find(|(_, text, ..)| *text == name).map(|(function, ..)| *function)
    }

    pub(crate) fn name(self) -> &'static str {
        FUNCTIONS[self as usize].1
    }

    pub(super) fn argument_count(self) -> (usize, usize) {
        let (_, _, least, most) = FUNCTIONS[self as usize];
        (least, most)
    }
}

/// `template` is only for `States.Format`; its text is then not among the `values`, unless it came from a path.
pub(super) fn call(
    function: Function,
    template: &[Rc<str>],
    values: &[Value],
    randomness: &mut Randomness,
) -> Result<Value, Failure> {
    let null = Value::Null;
    let value = |index: usize| values.get(index).unwrap_or(&null);
    match function {
        Function::Format => format(template, values),
        Function::Array => Ok(Value::array(values.to_vec())),
        Function::ArrayPartition => {
            let size = integer(value(1))?;
            match usize::try_from(size) {
                Ok(size @ 1..) => {
                    Ok(Value::array(array(value(0))?.chunks(size).map(|chunk| Value::array(chunk.to_vec())).collect()))
                }
                _ => Err(Failure::new(format!("The chunk size must be a positive integer but was {size}"))),
            }
        }
        Function::ArrayContains => Ok(Value::from(array(value(0))?.contains(value(1)))),
        Function::ArrayRange => range(integer(value(0))?, integer(value(1))?, integer(value(2))?),
        Function::ArrayGetItem => {
            let (items, index) = (array(value(0))?, integer(value(1))?);
            let item = usize::try_from(index).ok().and_then(|index| items.get(index));
            item.cloned().ok_or_else(|| {
                Failure::new(format!("The index {index} is out of bounds for an array of length {}", items.len()))
            })
        }
        Function::ArrayLength => Ok(Value::from(array(value(0))?.len())),
        Function::ArrayUnique => {
            let mut seen = BTreeSet::new();
            let unique = array(value(0))?.iter().filter(|item| seen.insert(canonical(item)));
            Ok(Value::array(unique.cloned().collect()))
        }
        Function::Base64Encode => Ok(Value::from(STANDARD.encode(limited_text(value(0))?))),
        Function::Base64Decode => {
            let bytes = STANDARD.decode(limited_text(value(0))?.as_bytes());
            let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            text.map(Value::from).ok_or_else(|| Failure::new("The input is not valid Base64"))
        }
        Function::Hash => hash(value(0), text(value(1))?),
        Function::JsonMerge => merge(value(0), value(1), value(2)),
        Function::StringToJson => {
            let text = text(value(0))?;
            if text.trim().is_empty() {
                return Ok(Value::Null);
            }
            Value::parse(text).map_err(|error| Failure::new(format!("The input is not valid JSON: {error}")))
        }
        Function::JsonToString => Ok(Value::from(value(0).to_string())),
        Function::MathRandom => random(values, randomness),
        Function::MathAdd => {
            let sum = in_range(value(0))? + in_range(value(1))?;
            Ok(Value::from(sum))
        }
        Function::StringSplit => {
            let (text, separators) = (text(value(0))?, text(value(1))?);
            let parts = text.split(|c| separators.contains(c)).filter(|part| !part.is_empty());
            Ok(Value::array(parts.map(Value::from).collect()))
        }
        Function::Uuid => Ok(Value::from(randomness.uuid())),
    }
}

fn format(template: &[Rc<str>], values: &[Value]) -> Result<Value, Failure> {
    // A template that is not written out in the call but comes from a path.
    if template.is_empty() {
        let (pattern, values) = values.split_first().ok_or_else(|| Failure::new("The template is missing"))?;
        let parts: Vec<Rc<str>> = text(pattern)?.split("{}").map(Rc::from).collect();
        if parts.len() != values.len() + 1 {
            return Err(Failure::new(format!(
                "The template has {} occurrences of {{}} for {} arguments",
                parts.len() - 1,
                values.len()
            )));
        }
        return format(&parts, values);
    }
    let mut formatted = String::new();
    for (index, part) in template.iter().enumerate() {
        formatted.push_str(part);
        if let Some(value) = values.get(index) {
            formatted.push_str(&java_text(value));
        }
    }
    Ok(Value::from(formatted))
}

fn range(first: i64, last: i64, step: i64) -> Result<Value, Failure> {
    if step == 0 {
        return Err(Failure::new("The increment must not be 0"));
    }
    let too_many = || Failure::new(format!("The range has more than {MAX_RANGE_ITEMS} items"));
    let mut items = Vec::new();
    let mut next = first;
    while if step > 0 { next <= last } else { next >= last } {
        if items.len() == MAX_RANGE_ITEMS {
            return Err(too_many());
        }
        items.push(Value::from(next));
        next = next.checked_add(step).ok_or_else(too_many)?;
    }
    Ok(Value::array(items))
}

fn hash(data: &Value, algorithm: &str) -> Result<Value, Failure> {
    let text = data.as_str().map_or_else(|| data.to_string(), str::to_owned);
    if text.chars().count() > MAX_CHARACTERS {
        return Err(too_long());
    }
    hex(algorithm, &text)
        .map(Value::from)
        .ok_or_else(|| Failure::new(format!("The hashing algorithm '{algorithm}' is not supported")))
}

fn merge(first: &Value, second: &Value, deep: &Value) -> Result<Value, Failure> {
    if deep.as_bool() != Some(false) {
        return Err(Failure::new("Only shallow merging is supported: the third argument must be false"));
    }
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            let mut merged = (**first).clone();
            merged.extend(second.iter().map(|(key, value)| (Rc::clone(key), value.clone())));
            Ok(Value::Object(Rc::new(merged)))
        }
        _ => Err(Failure::new("Both arguments must be JSON objects")),
    }
}

/// From the first number up to but not including the second.
fn random(values: &[Value], randomness: &mut Randomness) -> Result<Value, Failure> {
    let null = Value::Null;
    let (start, end) = (in_range(values.first().unwrap_or(&null))?, in_range(values.get(1).unwrap_or(&null))?);
    let span = u64::try_from(end - start).unwrap_or(0);
    if span == 0 {
        return Err(Failure::new("The start number must be less than the end number"));
    }
    let drawn = match values.get(2) {
        Some(seed) => Randomness::new(in_range(seed)?.cast_unsigned()).next_u64(),
        None => randomness.next_u64(),
    };
    Ok(Value::from(start + i64::try_from(drawn % span).unwrap_or(0)))
}

fn array(value: &Value) -> Result<&[Value], Failure> {
    value.as_array().ok_or_else(|| Failure::new(format!("Expected an array but was: {value}")))
}

fn text(value: &Value) -> Result<&str, Failure> {
    value.as_str().ok_or_else(|| Failure::new(format!("Expected a string but was: {value}")))
}

fn limited_text(value: &Value) -> Result<&str, Failure> {
    let text = text(value)?;
    if text.chars().count() > MAX_CHARACTERS { Err(too_long()) } else { Ok(text) }
}

fn too_long() -> Failure {
    Failure::new(format!("The input is longer than {MAX_CHARACTERS} characters"))
}

/// Whole numbers are taken as they are, others rounded half up as Java's `Math.round` does.
fn integer(value: &Value) -> Result<i64, Failure> {
    let number = value.as_number().ok_or_else(|| Failure::new(format!("Expected a number but was: {value}")))?;
    let rounded = || number.as_f64().map(|float| (float + 0.5).floor() as i64);
    number.as_i64().or_else(rounded).ok_or_else(|| Failure::new(format!("Expected a number but was: {value}")))
}

fn in_range(value: &Value) -> Result<i64, Failure> {
    let number = integer(value)?;
    if i32::try_from(number).is_ok() {
        Ok(number)
    } else {
        Err(Failure::new(format!("The number {number} is not between -2147483648 and 2147483647")))
    }
}

/// A text that two values share exactly when they are equal: members by their keys, numbers by what they are worth.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<String> =
                members.iter().map(|(key, value)| format!("{}:{}", Value::string(key), canonical(value))).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        // Minus nothing is nothing.
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| (n + 0.0).to_string()),
        scalar => scalar.to_string(),
    }
}
