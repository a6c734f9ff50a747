//! `--query`: JMESPath over answers.
//!
//! The expression is parsed by the `jmespath` library. It is run here, because the library keeps the members of an
//! object in the order of the alphabet, and the AWS CLI prints them as they were asked for. Language:
//! <https://jmespath.org/specification.html>.

mod functions;

use jmespath::ast::{Ast, Comparator};
use shared_json::{Object, Value};

/// Far more than anyone writes; deeper nesting would need more stack than a browser gives.
const LONGEST: usize = 1_000;
const MOST_BRACKETS: usize = 60;

#[derive(Clone, Debug)]
pub(crate) struct Query {
    tree: Ast,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Result<Query, String> {
        if text.len() > LONGEST {
            return Err(format!("An expression may have {LONGEST} characters here."));
        }
        let opening = text.chars().filter(|c| matches!(c, '(' | '[' | '{' | '!' | '&')).count();
        if opening > MOST_BRACKETS {
            return Err(format!("An expression may have {MOST_BRACKETS} brackets here."));
        }
        match jmespath::parse(text) {
            Ok(tree) => Ok(Query { tree }),
            Err(error) => Err(error.to_string().trim_end().to_owned()),
        }
    }

    pub(crate) fn search(&self, value: &Value) -> Result<Value, String> {
        eval(&self.tree, value)
    }
}

fn eval(tree: &Ast, value: &Value) -> Result<Value, String> {
    Ok(match tree {
        Ast::Identity { .. } => value.clone(),
        Ast::Field { name, .. } => value.get(name).cloned().unwrap_or_default(),
        Ast::Literal { value: literal, .. } => Value::parse(&literal.to_string()).unwrap_or_default(),
        Ast::Index { idx, .. } => index(value, *idx),
        Ast::Slice { start, stop, step, .. } => slice(value, *start, *stop, *step)?,
        Ast::Subexpr { lhs, rhs, .. } => eval(rhs, &eval(lhs, value)?)?,
        Ast::Or { lhs, rhs, .. } => {
            let left = eval(lhs, value)?;
            if is_true(&left) { left } else { eval(rhs, value)? }
        }
        Ast::And { lhs, rhs, .. } => {
            let left = eval(lhs, value)?;
            if is_true(&left) { eval(rhs, value)? } else { left }
        }
        Ast::Not { node, .. } => Value::Bool(!is_true(&eval(node, value)?)),
        Ast::Condition { predicate, then, .. } if is_true(&eval(predicate, value)?) => eval(then, value)?,
        Ast::Condition { .. } => Value::Null,
        Ast::Comparison { comparator, lhs, rhs, .. } => compare(comparator, &eval(lhs, value)?, &eval(rhs, value)?),
        Ast::ObjectValues { node, .. } => match eval(node, value)?.as_object() {
            Some(members) => Value::array(members.values().cloned().collect()),
            None => Value::Null,
        },
        Ast::Projection { lhs, rhs, .. } => project(&eval(lhs, value)?, rhs)?,
        Ast::Flatten { node, .. } => flatten(&eval(node, value)?),
        Ast::MultiList { elements, .. } if !value.is_null() => {
            Value::array(elements.iter().map(|element| eval(element, value)).collect::<Result<_, _>>()?)
        }
        Ast::MultiHash { elements, .. } if !value.is_null() => {
            let mut members = Object::new();
            for element in elements {
                members.insert(element.key.as_str().into(), eval(&element.value, value)?);
            }
            Value::Object(members.into())
        }
        Ast::MultiList { .. } | Ast::MultiHash { .. } => Value::Null,
        Ast::Function { name, args, .. } => functions::call(name, args, value)?,
        Ast::Expref { .. } => return Err("An expression (&…) may stand only as an argument of a function.".to_owned()),
    })
}

fn project(left: &Value, each: &Ast) -> Result<Value, String> {
    let Some(items) = left.as_array() else { return Ok(Value::Null) };
    let mut found = Vec::new();
    for item in items {
        let value = eval(each, item)?;
        if !value.is_null() {
            found.push(value);
        }
    }
    Ok(Value::array(found))
}

fn flatten(value: &Value) -> Value {
    let Some(items) = value.as_array() else { return Value::Null };
    let each = |item: &Value| item.as_array().map_or_else(|| vec![item.clone()], <[Value]>::to_vec);
    Value::array(items.iter().flat_map(each).collect())
}

fn index(value: &Value, at: i32) -> Value {
    let Some(items) = value.as_array() else { return Value::Null };
    let place = match usize::try_from(at) {
        Ok(place) => Some(place),
        Err(_) => usize::try_from(at.unsigned_abs()).ok().and_then(|back| items.len().checked_sub(back)),
    };
    place.and_then(|place| items.get(place)).cloned().unwrap_or_default()
}

fn slice(value: &Value, start: Option<i32>, stop: Option<i32>, step: i32) -> Result<Value, String> {
    if step == 0 {
        return Err("Slice step cannot be 0.".to_owned());
    }
    let Some(items) = value.as_array() else { return Ok(Value::Null) };
    let (length, step) = (i64::try_from(items.len()).unwrap_or(i64::MAX), i64::from(step));
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |end: Option<i32>, default: i64| {
        let end = end.map_or(default, |end| if end < 0 { i64::from(end) + length } else { i64::from(end) });
        if end == default { end } else { end.clamp(least, most) }
    };
    let (first, last) =
        if step > 0 { (bound(start, 0), bound(stop, length)) } else { (bound(start, most), bound(stop, -1)) };
    // A negative stop that was written counts from the end; one that was left out is before the start.
    let last = if stop.is_none() && step < 0 { -1 } else { last };
    let mut picked = Vec::new();
    let mut at = first;
    while if step > 0 { at < last } else { at > last } {
        picked.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at += step;
    }
    Ok(Value::array(picked))
}

fn compare(comparator: &Comparator, left: &Value, right: &Value) -> Value {
    match comparator {
        Comparator::Equal => return Value::Bool(equal(left, right)),
        Comparator::NotEqual => return Value::Bool(!equal(left, right)),
        _ => {}
    }
    // Python's library orders numbers, and texts as well.
    let order = match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)),
    };
    order.map_or(Value::Null, |order| {
        Value::Bool(match comparator {
            Comparator::LessThan => order.is_lt(),
            Comparator::LessThanEqual => order.is_le(),
            Comparator::GreaterThan => order.is_gt(),
            _ => order.is_ge(),
        })
    })
}

fn equal(left: &Value, right: &Value) -> bool {
    match left.as_f64().zip(right.as_f64()) {
        Some((left, right)) => left == right,
        None => left == right,
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests;
