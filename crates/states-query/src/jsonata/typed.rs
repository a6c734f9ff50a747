//! Fields that take one type only: `Items` an array, `Seconds` a number, `Condition` a boolean.

use std::rc::Rc;

use shared_json::{Array, Number, Value};

use super::{JsonataTemplate, Node};
use crate::error::QueryError;
use crate::scope::JsonataScope;
use aws_protocol::Randomness;

impl JsonataTemplate {
    /// An array.
    ///
    /// # Errors
    /// As [`JsonataTemplate::evaluate`], and when the value is no array.
    pub fn evaluate_array(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Rc<Array>, QueryError> {
        match self.evaluate(field, scope, randomness)? {
            Value::Array(items) => Ok(items),
            other => Err(self.unexpected(field, "array", &other)),
        }
    }

    /// A number.
    ///
    /// # Errors
    /// As [`JsonataTemplate::evaluate`], and when the value is no number.
    pub fn evaluate_number(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Number, QueryError> {
        match self.evaluate(field, scope, randomness)? {
            Value::Number(number) => Ok(number),
            other => Err(self.unexpected(field, "number", &other)),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// As [`JsonataTemplate::evaluate`], and when the value is no boolean.
    pub fn evaluate_boolean(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<bool, QueryError> {
        match self.evaluate(field, scope, randomness)? {
            Value::Bool(b) => Ok(b),
            other => Err(self.unexpected(field, "boolean", &other)),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// As [`JsonataTemplate::evaluate`], and when the value is no text.
    pub fn evaluate_string(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Rc<str>, QueryError> {
        match self.evaluate(field, scope, randomness)? {
            Value::String(text) => Ok(text),
            other => Err(self.unexpected(field, "string", &other)),
        }
    }

    /// An object.
    ///
    /// # Errors
    /// As [`JsonataTemplate::evaluate`], and when the value is no object.
    pub fn evaluate_object(
        &self,
        field: &str,
        scope: &JsonataScope,
        randomness: &mut Randomness,
    ) -> Result<Value, QueryError> {
        match self.evaluate(field, scope, randomness)? {
            value @ Value::Object(_) => Ok(value),
            other => Err(self.unexpected(field, "object", &other)),
        }
    }

    /// AWS's error for a value of another type than the field takes.
    #[must_use]
    pub fn unexpected(&self, field: &str, expected: &str, value: &Value) -> QueryError {
        let text = match &self.node {
            Node::Computed(expression) => expression.text.clone(),
            _ => self.source().to_string(),
        };
        let found = type_name(value);
        let cause = format!(
            "The JSONata expression '{text}' specified for the field '{field}' returned an unexpected result type. \
             Expected '{expected}', but was '{found}' for value: {value}"
        );
        QueryError::evaluation(cause, field)
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
