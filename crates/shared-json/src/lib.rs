//! JSON values that are shared, never copied.
//!
//! A payload passes through a hundred states, a queue and a handler. [`Value`] keeps arrays, objects and
//! strings behind `Rc`, so a clone is a counter and the history can hold every step without copying
//! 200 KB a hundred times. They remember how long their JSON text is, for the limits on payloads. Objects
//! keep the order in which their keys were written, as AWS does.
//!
//! ```
//! use shared_json::{json, Value};
//! let order: Value = Value::parse(r#"{"sku":"A-7","qty":2}"#).unwrap();
//! assert_eq!(order["qty"].as_i64(), Some(2));
//! assert_eq!(order.to_string(), r#"{"sku":"A-7","qty":2}"#);
//! assert_eq!(order, json!({"sku": "A-7", "qty": 2}));
//! ```

mod array;
mod convert;
#[doc(hidden)]
pub mod literal;
mod measure;
mod object;
mod release;
mod value;

pub use array::Array;
pub use object::{Members, Object};
pub use serde_json::Number;
pub use value::Value;
