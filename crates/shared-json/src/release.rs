//! Letting go of deep values. A loop in a workflow can wrap a value ten thousand times, and dropping that by recursion
//! would exhaust the stack.

use std::rc::Rc;

use crate::Value;

/// Empties those values of which nobody else has a part, level by level. What stays is dropped without recursion.
pub(crate) fn all(values: &mut dyn Iterator<Item = &mut Value>) {
    let mut open = Vec::new();
    take(values, &mut open);
    while let Some(mut value) = open.pop() {
        match &mut value {
            Value::Array(items) => {
                if let Some(items) = Rc::get_mut(items) {
                    take(&mut items.iter_mut(), &mut open);
                }
            }
            Value::Object(members) => {
                if let Some(members) = Rc::get_mut(members) {
                    take(&mut members.values_mut(), &mut open);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn take(values: &mut dyn Iterator<Item = &mut Value>, open: &mut Vec<Value>) {
    open.extend(values.filter(|value| is_last(value)).map(std::mem::take));
}

/// Whether this is the last share of a container that has something in it.
fn is_last(value: &Value) -> bool {
    match value {
        Value::Array(items) => Rc::strong_count(items) == 1 && !items.is_empty(),
        Value::Object(members) => Rc::strong_count(members) == 1 && !members.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{Value, json};

    #[test]
    fn a_very_deep_value_is_dropped() {
        let mut value = json!(1);
        for level in 0..200_000 {
            value = if level % 2 == 0 { Value::array(vec![value]) } else { Value::object([("a", value)]) };
            assert!(value.json_len() > level);
        }
    }

    #[test]
    fn what_is_shared_stays() {
        let inner = json!({"list": [1, [2, {"n": 3}]]});
        let Value::Object(members) = &inner else { panic!("an object") };
        let outer = Value::array(vec![inner.clone(), Value::array(vec![inner.clone()])]);
        assert_eq!(Rc::strong_count(members), 3);
        drop(outer);
        assert_eq!(Rc::strong_count(members), 1);
        assert_eq!(inner, json!({"list": [1, [2, {"n": 3}]]}));
    }
}
