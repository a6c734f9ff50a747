//! A reference path: names and indexes only, so that it names one place to write to.

use std::fmt;
use std::rc::Rc;

use shared_json::{Object, Value};

use crate::error::{PathError, QueryError};
use crate::path::{Path, Segment};
use crate::scope::Scope;

/// A path that names exactly one place; used where a result is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferencePath {
    path: Path,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Name(Rc<str>),
    Index(usize),
}

impl ReferencePath {
    /// Reads a reference path.
    ///
    /// # Errors
    /// The text is no path, or one that can name several places (`@ .. , : ? *`).
    pub fn parse(text: &str) -> Result<ReferencePath, PathError> {
        let path = Path::parse(text)?;
        let steps: Option<Vec<Step>> = path.segments().iter().map(step).collect();
        match steps {
            Some(steps) => Ok(ReferencePath { path, steps }),
            None => Err(PathError::new("A reference path must name a single node", 0)),
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// Whether it starts at the context object, to which nothing can be written.
    #[must_use]
    pub fn is_context(&self) -> bool {
        self.path.is_context()
    }

    /// The workflow variable at which it starts, to which only `Assign` can write.
    #[must_use]
    pub fn variable_name(&self) -> Option<&str> {
        self.path.variable_name()
    }

    /// The value there.
    ///
    /// # Errors
    /// There is nothing.
    pub fn select(&self, scope: &Scope) -> Result<Value, QueryError> {
        self.path.select(scope)
    }

    /// A copy of `onto` with `value` at this place; objects on the way are made.
    ///
    /// # Errors
    /// `States.ResultPathMatchFailure` when the way leads through a value that is no object, or past an array's end.
    pub fn write(&self, onto: &Value, value: Value) -> Result<Value, QueryError> {
        put(onto, &self.steps, value).ok_or_else(|| {
            let cause = format!("Unable to apply ReferencePath {} to input {onto}", self.path);
            QueryError::new("States.ResultPathMatchFailure", cause)
        })
    }
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Names(names) => match names.as_slice() {
            [name] => Some(Step::Name(Rc::clone(name))),
            _ => None,
        },
        Segment::Indexes(indexes) => match indexes.as_slice() {
            [index] => usize::try_from(*index).ok().map(Step::Index),
            _ => None,
        },
        _ => None,
    }
}

fn put(onto: &Value, steps: &[Step], value: Value) -> Option<Value> {
    match (steps.split_first(), onto) {
        (None, _) => Some(value),
        (Some((Step::Name(name), rest)), Value::Object(members)) => {
            let mut members = (**members).clone();
            let inner = match members.get(name) {
                Some(member) => put(member, rest, value)?,
                None => put_new(rest, value)?,
            };
            members.insert(Rc::clone(name), inner);
            Some(Value::Object(Rc::new(members)))
        }
        (Some((Step::Index(index), rest)), Value::Array(items)) => {
            let mut items = (**items).clone();
            let inner = put(items.get(*index)?, rest, value)?;
            *items.get_mut(*index)? = inner;
            Some(Value::Array(Rc::new(items)))
        }
        _ => None,
    }
}

/// Objects for names that do not exist yet.
fn put_new(steps: &[Step], value: Value) -> Option<Value> {
    match steps.split_first() {
        None => Some(value),
        Some((Step::Name(name), rest)) => {
            let mut members = Object::default();
            members.insert(Rc::clone(name), put_new(rest, value)?);
            Some(Value::Object(Rc::new(members)))
        }
        Some((Step::Index(_), _)) => None,
    }
}

impl fmt::Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}
