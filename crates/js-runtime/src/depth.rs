//! How deeply code and values nest. The interpreter's parser and `JSON.stringify` recurse as deeply as their input,
//! and a wasm stack that overflows takes the worker down; so depth is measured first, without recursion.

use std::collections::BTreeSet;

use boa_engine::object::JsObject;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsResult, JsValue};

/// True when more than `limit` brackets, or prefix operators and arrows in a row, are open at once.
///
/// Brackets in strings and comments count too: a text can only be refused wrongly when it holds over a hundred
/// unclosed ones.
pub fn code_is_too_deep(code: &str, limit: usize) -> bool {
    let mut open = 0_usize;
    // Operators since the last statement or list separator: each may nest one level deeper.
    let mut chained = 0_usize;
    for byte in code.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                open += 1;
                chained = 0;
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                chained = 0;
            }
            b';' | b',' => chained = 0,
            b'!' | b'~' | b'-' | b'+' | b'?' | b'=' => chained += 1,
            _ => {}
        }
        if open > limit || chained > limit * 8 {
            return true;
        }
    }
    false
}

/// True when `value` nests deeper than `limit` through own data properties. Calls no getter. Cycles do not count:
/// `JSON.stringify` finds them itself before it gets deep.
pub fn value_is_too_deep(value: &JsValue, limit: usize, context: &mut Context) -> JsResult<bool> {
    let Some(root) = value.as_object() else { return Ok(false) };
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut layer: Vec<JsObject> = vec![root.clone()];
    for _ in 0..=limit {
        let mut next = Vec::new();
        for object in layer {
            for child in children(&object, context)? {
                // One visit each: wide graphs with shared parts stay linear.
                if seen.insert(address(&child)) {
                    next.push(child);
                }
            }
        }
        if next.is_empty() {
            return Ok(false);
        }
        layer = next;
    }
    Ok(true)
}

fn address(object: &JsObject) -> usize {
    std::ptr::from_ref(object.as_ref()).cast::<u8>().addr()
}

fn children(object: &JsObject, context: &mut Context) -> JsResult<Vec<JsObject>> {
    let mut found = Vec::new();
    // Keys of a typed array are its numbers; a proxy's traps are the handler's code.
    if object.is_callable() || object.is::<boa_engine::builtins::typed_array::TypedArray>() {
        return Ok(found);
    }
    for key in object.own_property_keys(context)? {
        if matches!(key, PropertyKey::Symbol(_)) {
            continue;
        }
        let borrowed = object.borrow();
        let property = borrowed.properties().get(&key);
        drop(borrowed);
        if let Some(child) = property.and_then(|property| property.value().and_then(JsValue::as_object)) {
            found.push(child.clone());
        }
    }
    Ok(found)
}
