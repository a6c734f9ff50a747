//! The value itself: reading, looking inside, building anew.

use std::fmt;
use std::ops::Index;
use std::rc::Rc;

use serde_json::Number;

use crate::convert::Strict;
use crate::{Array, Object, measure};

/// A JSON value; cloning it shares it.
#[derive(Clone, Debug, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Rc<str>),
    Array(Rc<Array>),
    Object(Rc<Object>),
}

/// A null to hand out by reference; promoted to static memory, as it holds nothing that is shared.
const NULL: &Value = &Value::Null;

impl Value {
    /// Reads JSON text.
    ///
    /// # Errors
    /// serde_json's error when the text is not one JSON value.
    pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Reads JSON text in which no object has a key twice.
    ///
    /// # Errors
    /// serde_json's error when the text is not one such value.
    pub fn parse_strict(text: &str) -> Result<Value, serde_json::Error> {
        serde_json::from_str::<Strict>(text).map(|value| value.0)
    }

    #[must_use]
    pub fn string(text: impl AsRef<str>) -> Value {
        Value::String(Rc::from(text.as_ref()))
    }

    #[must_use]
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(Rc::new(items.into()))
    }

    #[must_use]
    pub fn object<K: AsRef<str>>(members: impl IntoIterator<Item = (K, Value)>) -> Value {
        Value::Object(Rc::new(members.into_iter().map(|(k, v)| (Rc::from(k.as_ref()), v)).collect()))
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(b) = self { Some(*b) } else { None }
    }

    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(s) = self { Some(s) } else { None }
    }

    /// A string with an allocation that can be shared on.
    #[must_use]
    pub fn as_shared_str(&self) -> Option<&Rc<str>> {
        if let Value::String(s) = self { Some(s) } else { None }
    }

    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(n) = self { Some(n) } else { None }
    }

    /// A whole number; `3.0` is one, as it is to AWS.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let number = self.as_number()?;
        number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        })
    }

    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// A member of an object; `None` for a missing one and for anything that is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// The member as text, when it is there and is text.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// This object with one member set. Anything that is no object becomes one.
    #[must_use]
    pub fn with(&self, key: &str, value: Value) -> Value {
        let mut members = self.as_object().cloned().unwrap_or_default();
        members.insert(Rc::from(key), value);
        Value::Object(Rc::new(members))
    }

    /// The number of bytes of this value's compact JSON text. Arrays and objects count once and remember it.
    #[must_use]
    pub fn json_len(&self) -> usize {
        measure::value(self)
    }

    /// How many arrays and objects lie around the deepest value, counted once.
    #[must_use]
    pub fn depth(&self) -> u32 {
        match self {
            Value::Array(items) => items.depth(),
            Value::Object(members) => members.depth(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }

    /// JSON text indented by two spaces, for people.
    #[must_use]
    pub fn to_pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Compact JSON text.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Two values are equal when they mean the same JSON: key order does not matter, and 1 equals 1.0.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b) || a == b,
            (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

/// `value["key"]`: null when there is no such member.
impl Index<&str> for Value {
    type Output = Value;
    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(NULL)
    }
}

/// `value[0]`: null when there is no such item.
impl Index<usize> for Value {
    type Output = Value;
    fn index(&self, index: usize) -> &Value {
        self.as_array().and_then(|items| items.get(index)).unwrap_or(NULL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn equality_ignores_key_order_and_number_form() {
        assert_eq!(Value::parse(r#"{"a":1,"b":[true]}"#).unwrap(), Value::parse(r#"{"b":[true],"a":1.0}"#).unwrap());
        assert_ne!(json!(1), json!(true));
        assert_ne!(json!({"a": null}), json!({}));
    }

    #[test]
    fn text_keeps_order_and_number_form() {
        let text = r#"{"z":1.0,"a":[{"é":"\n"}],"n":-0.5}"#;
        let value = Value::parse(text).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(value.json_len(), text.len());
    }

    #[test]
    fn a_strict_reader_refuses_a_key_that_comes_twice() {
        for (text, accepted) in
            [(r#"{"a":1,"b":[{"a":2}]}"#, true), (r#"{"a":1,"a":1}"#, false), (r#"[{"b":{"a":1,"a":2}}]"#, false)]
        {
            assert_eq!(Value::parse_strict(text).is_ok(), accepted, "{text}");
            assert!(Value::parse(text).is_ok());
        }
    }

    #[test]
    fn missing_members_read_as_null() {
        assert!(json!({"a": 1})["b"]["c"][3].is_null());
    }

    #[test]
    fn with_leaves_the_original_alone() {
        let before = json!({"a": 1});
        let after = before.with("b", json!(2));
        assert_eq!(before, json!({"a": 1}));
        assert_eq!(after, json!({"a": 1, "b": 2}));
    }
}
