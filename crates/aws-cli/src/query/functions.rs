//! JMESPath's functions.

use std::cmp::Ordering;

use jmespath::ast::Ast;
use shared_json::{Object, Value};

use super::{equal, eval};

pub(super) fn call(name: &str, args: &[Ast], value: &Value) -> Result<Value, String> {
    if let Some(result) = by_expression(name, args, value)? {
        return Ok(result);
    }
    let given: Vec<Value> = args.iter().map(|arg| eval(arg, value)).collect::<Result<_, _>>()?;
    let takes = |count: usize| if given.len() == count { Ok(()) } else { Err(arity(name, count, given.len())) };
    let first = given.first().cloned().unwrap_or_default();
    match name {
        "not_null" | "merge" if given.is_empty() => return Err(arity(name, 1, 0)),
        "contains" | "ends_with" | "starts_with" | "join" => takes(2)?,
        "not_null" | "merge" => {}
        _ if is_known(name) => takes(1)?,
        _ => return Err(format!("Unknown function: {name}()")),
    }
    let wrong = |expected: &str| wrong_type(name, &first, expected);
    Ok(match name {
        "abs" | "ceil" | "floor" => {
            let number = first.as_f64().ok_or_else(|| wrong("['number']"))?;
            whole_if_it_is(match name {
                "abs" => number.abs(),
                "ceil" => number.ceil(),
                _ => number.floor(),
            })
        }
        "sum" | "avg" => {
            let numbers = numbers(&first).ok_or_else(|| wrong("['array-number']"))?;
            match (name, count(numbers.len())) {
                ("sum", _) => whole_if_it_is(numbers.iter().sum()),
                (_, 0.0) => Value::Null,
                (_, count) => Value::from(numbers.iter().sum::<f64>() / count),
            }
        }
        "max" | "min" => {
            let items = first.as_array().ok_or_else(|| wrong("['array-number', 'array-string']"))?;
            same_type(items).ok_or_else(|| wrong("['array-number', 'array-string']"))?;
            best(items, items, name == "max")
        }
        "sort" => {
            let items = first.as_array().ok_or_else(|| wrong("['array-string', 'array-number']"))?;
            same_type(items).ok_or_else(|| wrong("['array-string', 'array-number']"))?;
            let mut sorted = items.to_vec();
            sorted.sort_by(order);
            Value::array(sorted)
        }
        "contains" => contains(&given).ok_or_else(|| wrong("['array', 'string']"))?,
        "starts_with" | "ends_with" => {
            let (text, part) = first.as_str().zip(given[1].as_str()).ok_or_else(|| wrong("['string']"))?;
            Value::Bool(if name == "starts_with" { text.starts_with(part) } else { text.ends_with(part) })
        }
        "join" => {
            let glue = first.as_str().ok_or_else(|| wrong("['string']"))?;
            let parts =
                given[1].as_array().and_then(|items| items.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            Value::string(parts.ok_or_else(|| wrong_type(name, &given[1], "['array-string']"))?.join(glue))
        }
        "keys" => Value::array(members(&first).ok_or_else(|| wrong("['object']"))?.keys().map(Value::string).collect()),
        "values" => Value::array(members(&first).ok_or_else(|| wrong("['object']"))?.values().cloned().collect()),
        "length" => length(&first).ok_or_else(|| wrong("['string', 'array', 'object']"))?,
        "merge" => merge(&given).ok_or_else(|| wrong("['object']"))?,
        "not_null" => given.iter().find(|value| !value.is_null()).cloned().unwrap_or_default(),
        "reverse" => reverse(&first).ok_or_else(|| wrong("['array', 'string']"))?,
        "to_array" if first.as_array().is_some() => first,
        "to_array" => Value::array(vec![first]),
        "to_string" if first.as_str().is_some() => first,
        "to_string" => Value::string(first.to_string()),
        "to_number" => to_number(&first),
        _ => Value::string(type_of(&first)),
    })
}

fn is_known(name: &str) -> bool {
    let plain = [
        "abs",
        "avg",
        "ceil",
        "floor",
        "keys",
        "length",
        "max",
        "min",
        "reverse",
        "sort",
        "sum",
        "to_array",
        "to_number",
        "to_string",
        "type",
        "values",
    ];
    plain.contains(&name)
}

/// Functions that take an expression: `sort_by(list, &key)`.
fn by_expression(name: &str, args: &[Ast], value: &Value) -> Result<Option<Value>, String> {
    if !["map", "max_by", "min_by", "sort_by"].contains(&name) {
        return Ok(None);
    }
    let [one, other] = args else { return Err(arity(name, 2, args.len())) };
    let (list, key) = if name == "map" { (other, one) } else { (one, other) };
    let list = eval(list, value)?;
    let Ast::Expref { ast: key, .. } = key else { return Err(wrong_type(name, &Value::Null, "['expref']")) };
    let items = list.as_array().ok_or_else(|| wrong_type(name, &list, "['array']"))?;
    let keys: Vec<Value> = items.iter().map(|item| eval(key, item)).collect::<Result<_, _>>()?;
    if name == "map" {
        return Ok(Some(Value::array(keys)));
    }
    same_type(&keys).ok_or_else(|| {
        let odd = keys.iter().find(|key| key.as_str().is_none() && key.as_f64().is_none()).or(keys.first());
        wrong_type(name, odd.unwrap_or(&Value::Null), "['string', 'number']")
    })?;
    if name == "sort_by" {
        let mut pairs: Vec<(&Value, &Value)> = keys.iter().zip(items).collect();
        pairs.sort_by(|(one, _), (other, _)| order(one, other));
        return Ok(Some(Value::array(pairs.into_iter().map(|(_, item)| item.clone()).collect())));
    }
    Ok(Some(best(items, &keys, name == "max_by")))
}

fn arity(name: &str, expected: usize, found: usize) -> String {
    let plural = if expected == 1 { "" } else { "s" };
    format!("Expected {expected} argument{plural} for function {name}(), received {found}")
}

fn wrong_type(name: &str, value: &Value, expected: &str) -> String {
    let (shown, found) = (crate::python::repr(value), type_of(value));
    format!("In function {name}(), invalid type for value: {shown}, expected one of: {expected}, received: \"{found}\"")
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[expect(clippy::cast_precision_loss, reason = "answers have far fewer items than 2^53")]
fn count(items: usize) -> f64 {
    items as f64
}

#[expect(clippy::cast_possible_truncation, reason = "within the range in which it is exact")]
fn whole_if_it_is(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { Value::from(number as i64) } else { Value::from(number) }
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

fn members(value: &Value) -> Option<&Object> {
    value.as_object()
}

fn length(value: &Value) -> Option<Value> {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => return None,
    };
    i64::try_from(length).ok().map(Value::from)
}

fn contains(given: &[Value]) -> Option<Value> {
    let [place, sought] = given else { return None };
    Some(Value::Bool(match place {
        Value::Array(items) => items.iter().any(|item| equal(item, sought)),
        Value::String(text) => sought.as_str().is_some_and(|part| text.contains(part)),
        _ => return None,
    }))
}

fn merge(given: &[Value]) -> Option<Value> {
    let mut merged = Object::new();
    for value in given {
        for (key, value) in value.as_object()? {
            merged.insert(key.clone(), value.clone());
        }
    }
    Some(Value::Object(merged.into()))
}

fn reverse(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(Value::string(text.chars().rev().collect::<String>())),
        Value::Array(items) => Some(Value::array(items.iter().rev().cloned().collect())),
        _ => None,
    }
}

fn to_number(value: &Value) -> Value {
    match value {
        Value::Number(_) => value.clone(),
        Value::String(text) => match Value::parse(text.trim()) {
            Ok(number @ Value::Number(_)) => number,
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

/// All texts, or all numbers.
fn same_type(items: &[Value]) -> Option<()> {
    let texts = items.iter().all(|item| item.as_str().is_some());
    let numbers = items.iter().all(|item| matches!(item, Value::Number(_)));
    (texts || numbers).then_some(())
}

fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.cmp(other),
        _ => one.as_f64().zip(other.as_f64()).map_or(Ordering::Equal, |(one, other)| one.total_cmp(&other)),
    }
}

/// The item whose key is the greatest, or the least; the first among equals.
fn best(items: &[Value], keys: &[Value], greatest: bool) -> Value {
    let mut best: Option<(&Value, &Value)> = None;
    for (item, key) in items.iter().zip(keys) {
        let wins =
            best.is_none_or(|(_, known)| if greatest { order(key, known).is_gt() } else { order(key, known).is_lt() });
        if wins {
            best = Some((item, key));
        }
    }
    best.map(|(item, _)| item.clone()).unwrap_or_default()
}
