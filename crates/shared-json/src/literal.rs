//! `json!`: a [`Value`] written as JSON in Rust.

use serde::Serialize;

use crate::Value;

/// A [`Value`] written as JSON in Rust. An expression stands for anything that is a value or can be serialized; a
/// value is shared, not copied.
#[macro_export]
macro_rules! json {
    (null) => { $crate::Value::Null };
    ([ $($items:tt)* ]) => {{
        #[allow(unused_mut, reason = "an empty literal pushes nothing")]
        let mut items = ::std::vec::Vec::<$crate::Value>::new();
        $crate::__json_items!(items $($items)*);
        $crate::Value::array(items)
    }};
    ({ $($members:tt)* }) => {{
        #[allow(unused_mut, reason = "an empty literal inserts nothing")]
        let mut members = $crate::Object::new();
        $crate::__json_members!(members $($members)*);
        $crate::Value::from(members)
    }};
    ($value:expr) => {{
        #[allow(unused_imports, reason = "which of the two it is depends on the type")]
        use $crate::literal::{Convert as _, Render as _};
        (&$crate::literal::Literal(&$value)).json()
    }};
}

/// The items of an array, one at a time: `null` and nested literals before expressions.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_items {
    ($items:ident) => {};
    ($items:ident null $(, $($rest:tt)*)?) => {
        $items.push($crate::Value::Null);
        $crate::__json_items!($items $($($rest)*)?);
    };
    ($items:ident [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $items.push($crate::json!([ $($inner)* ]));
        $crate::__json_items!($items $($($rest)*)?);
    };
    ($items:ident { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $items.push($crate::json!({ $($inner)* }));
        $crate::__json_items!($items $($($rest)*)?);
    };
    ($items:ident $item:expr $(, $($rest:tt)*)?) => {
        $items.push($crate::json!($item));
        $crate::__json_items!($items $($($rest)*)?);
    };
}

/// The members of an object, likewise.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_members {
    ($members:ident) => {};
    ($members:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $members.insert($key.into(), $crate::Value::Null);
        $crate::__json_members!($members $($($rest)*)?);
    };
    ($members:ident $key:tt : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $members.insert($key.into(), $crate::json!([ $($inner)* ]));
        $crate::__json_members!($members $($($rest)*)?);
    };
    ($members:ident $key:tt : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $members.insert($key.into(), $crate::json!({ $($inner)* }));
        $crate::__json_members!($members $($($rest)*)?);
    };
    ($members:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $members.insert($key.into(), $crate::json!($value));
        $crate::__json_members!($members $($($rest)*)?);
    };
}

/// An expression inside a literal. Where its type becomes a [`Value`] by itself, [`Convert`] is found first;
/// otherwise, one reference further away, [`Render`].
#[derive(Debug)]
pub struct Literal<'a, T: ?Sized>(pub &'a T);

pub trait Convert {
    fn json(&self) -> Value;
}

impl<T: Clone + Into<Value>> Convert for Literal<'_, T> {
    fn json(&self) -> Value {
        self.0.clone().into()
    }
}

pub trait Render {
    fn json(&self) -> Value;
}

impl<T: Serialize + ?Sized> Render for &Literal<'_, T> {
    /// # Panics
    /// If the type fails to serialize, as a map with keys that are no strings does: a mistake in the literal.
    #[allow(clippy::expect_used, reason = "as with any literal, what is wrong is the program")]
    fn json(&self) -> Value {
        serde_json::to_value(self.0).expect("what is in a literal can be JSON").into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn literals_are_what_they_read() {
        let check = |value: Value, text: &str| assert_eq!(value.to_string(), text);
        check(json!(null), "null");
        check(json!({}), "{}");
        check(json!([]), "[]");
        check(json!([null, true, -1, 1.5, "a", [1, 2,], {"k": [{}]},]), r#"[null,true,-1,1.5,"a",[1,2],{"k":[{}]}]"#);
        let (key, number, text) = ("dynamic", 7_u64, String::from("t"));
        check(
            json!({key: number + 1, "t": text, "n": null, "last": {"x": number},}),
            r#"{"dynamic":8,"t":"t","n":null,"last":{"x":7}}"#,
        );
        check(json!({"a": 1, "a": 2}), r#"{"a":2}"#);
        check(json!({(format!("{key}!")): [number].len()}), r#"{"dynamic!":1}"#);
        let none: Option<&str> = None;
        check(json!([none, Some("x"), vec![1, 2], BTreeMap::from([("b", 1)]), 'c']), r#"[null,"x",[1,2],{"b":1},"c"]"#);
        check(json!(f64::NAN), "null");
    }

    #[test]
    fn values_are_shared() {
        let payload = json!({"large": "payload"});
        let wrapped = json!({"in": payload, "by reference": &payload, "nested": [payload]});
        for shared in [&wrapped["in"], &wrapped["by reference"], &wrapped["nested"][0]] {
            let (Value::Object(one), Value::Object(other)) = (shared, &payload) else { panic!("objects") };
            assert!(std::rc::Rc::ptr_eq(one, other));
        }
    }
}
