//! Between our values and those of the JSONata library, which share their strings.

use std::rc::Rc;

use indexmap::IndexMap;
use jsonata_core::value::JValue;
use shared_json::{Number, Object, Value};

use super::analyse::Reads;

/// AWS lets an expression hold about this many items or characters, so a result is never larger.
pub(crate) const MEMORY_ITEMS: usize = 873_782;
/// Deeper results are refused; JSON text of this depth could not be read again.
const DEPTH: usize = 120;
/// The first whole number that does not fit into 64 bits.
const LONG: f64 = 9_223_372_036_854_775_808.0;

/// Why a result is no JSON.
#[derive(Debug, PartialEq)]
pub(crate) enum NoJson {
    Undefined,
    Function,
    TooLarge,
}

/// The part of a value that an expression reads.
pub(crate) fn to_jsonata(value: &Value, reads: &Reads) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(b) => JValue::Bool(*b),
        Value::Number(n) => JValue::Number(n.as_f64().unwrap_or_default()),
        Value::String(s) => JValue::String(Rc::clone(s)),
        Value::Array(items) => JValue::array(items.iter().map(|item| to_jsonata(item, reads)).collect()),
        Value::Object(members) => JValue::object(match reads {
            Reads::All => members.iter().map(|(key, value)| (key.to_string(), to_jsonata(value, reads))).collect(),
            Reads::Members(names) => names
                .iter()
                .filter_map(|(name, reads)| Some((name.clone(), to_jsonata(members.get(name.as_str())?, reads))))
                .collect::<IndexMap<_, _>>(),
        }),
    }
}

/// The JSON of a result.
pub(crate) fn to_json(value: &JValue) -> Result<Value, NoJson> {
    let mut budget = MEMORY_ITEMS;
    json(value, &mut budget, DEPTH)
}

fn json(value: &JValue, budget: &mut usize, depth: usize) -> Result<Value, NoJson> {
    *budget = budget.checked_sub(1).ok_or(NoJson::TooLarge)?;
    let inner = depth.checked_sub(1).ok_or(NoJson::TooLarge)?;
    Ok(match value {
        JValue::Null => Value::Null,
        JValue::Bool(b) => Value::Bool(*b),
        JValue::Number(n) => number(*n),
        JValue::String(s) => Value::String(Rc::clone(s)),
        JValue::Array(items) => {
            let mut array = Vec::with_capacity(items.len().min(*budget));
            for item in items.iter() {
                array.push(match json(item, budget, inner) {
                    Err(NoJson::Undefined) => Value::Null,
                    other => other?,
                });
            }
            Value::array(array)
        }
        JValue::Object(members) => {
            let mut object = Object::with_capacity(members.len());
            for (key, member) in members.iter() {
                match json(member, budget, inner) {
                    Err(NoJson::Undefined) => {}
                    other => {
                        object.insert(Rc::from(key.as_str()), other?);
                    }
                }
            }
            Value::Object(Rc::new(object))
        }
        JValue::Undefined => return Err(NoJson::Undefined),
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return Err(NoJson::Function),
    })
}

/// Whole numbers are written without a fraction as long as they fit into 64 bits; what is no number is written as text,
/// as AWS does.
pub(crate) fn number(n: f64) -> Value {
    if n.fract() == 0.0 && (-LONG..LONG).contains(&n) {
        return Value::Number((n as i64).into());
    }
    match Number::from_f64(n) {
        Some(number) => Value::Number(number),
        None if n.is_nan() => Value::string("NaN"),
        None if n > 0.0 => Value::string("Infinity"),
        None => Value::string("-Infinity"),
    }
}
