//! Document paths, `order.lines[0].#name`: reading, setting and removing what they lead to.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::Words;
use crate::dynamodb::attribute::{list, members};
use crate::dynamodb::invalid;

/// A way into an item.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dynamodb) struct Path {
    pub(in crate::dynamodb) name: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Member(String),
    Item(usize),
}

/// All paths of a projection, between commas.
pub(in crate::dynamodb) fn paths(words: &mut Words<'_>) -> Result<Vec<Path>, AwsError> {
    let mut paths = vec![Path::read(words)?];
    while words.take(",") {
        paths.push(Path::read(words)?);
    }
    words.end()?;
    Ok(paths)
}

impl Path {
    pub(super) fn read(words: &mut Words<'_>) -> Result<Path, AwsError> {
        let name = member(words)?;
        let mut steps = Vec::new();
        loop {
            if words.take(".") {
                steps.push(Step::Member(member(words)?));
            } else if words.take("[") {
                let index = words.peek().and_then(|word| word.parse().ok()).ok_or_else(|| words.syntax())?;
                words.next();
                words.expect("]")?;
                steps.push(Step::Item(index));
            } else {
                return Ok(Path { name, steps });
            }
        }
    }

    pub(in crate::dynamodb) fn find<'a>(&self, item: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(item.get(&self.name)?, |found, step| match step {
            Step::Member(name) => found.get("M")?.get(name),
            Step::Item(index) => list(found.get("L")?).get(*index),
        })
    }

    /// The item with the value set, or with nothing there.
    pub(in crate::dynamodb) fn place(&self, item: &Value, value: Option<Value>) -> Result<Value, AwsError> {
        let old = item.get(&self.name);
        match changed(old, &self.steps, value)? {
            Some(new) => Ok(item.with(&self.name, new)),
            None => Ok(without(item, &self.name)),
        }
    }
}

impl Path {
    /// A projection's answer with one more value in it: maps and lists around the value hold nothing else.
    pub(in crate::dynamodb) fn place_shown(&self, shown: &Value, value: Value) -> Value {
        shown.with(&self.name, around(shown.get(&self.name), &self.steps, value))
    }
}

fn around(old: Option<&Value>, steps: &[Step], value: Value) -> Value {
    let Some((step, rest)) = steps.split_first() else { return value };
    match step {
        Step::Member(name) => {
            let map = old.and_then(|old| old.get("M")).cloned().unwrap_or_else(|| json!({}));
            let inner = around(map.get(name), rest, value);
            Value::object([("M", map.with(name, inner))])
        }
        Step::Item(_) => {
            let mut items = old.and_then(|old| old.get("L")).map(list).unwrap_or_default().to_vec();
            items.push(around(None, rest, value));
            Value::object([("L", Value::array(items))])
        }
    }
}

fn changed(old: Option<&Value>, steps: &[Step], value: Option<Value>) -> Result<Option<Value>, AwsError> {
    let Some((step, rest)) = steps.split_first() else { return Ok(value) };
    let wrong = || invalid("The document path provided in the update expression is invalid for update");
    let old = old.ok_or_else(wrong)?;
    match step {
        Step::Member(name) => {
            let map = old.get("M").ok_or_else(wrong)?;
            let map = match changed(map.get(name), rest, value)? {
                Some(new) => map.with(name, new),
                None => without(map, name),
            };
            Ok(Some(json!({}).with("M", map)))
        }
        Step::Item(index) => {
            let mut items = list(old.get("L").ok_or_else(wrong)?).to_vec();
            match (changed(items.get(*index), rest, value)?, items.get_mut(*index)) {
                (Some(new), Some(place)) => *place = new,
                // Beyond the end, a list grows by one.
                (Some(new), None) => items.push(new),
                (None, Some(_)) => {
                    items.remove(*index);
                }
                (None, None) => {}
            }
            Ok(Some(Value::object([("L", Value::array(items))])))
        }
    }
}

fn without(object: &Value, name: &str) -> Value {
    Value::object(members(object).filter(|(key, _)| *key != name).map(|(key, value)| (key, value.clone())))
}

fn member(words: &mut Words<'_>) -> Result<String, AwsError> {
    let word = words.peek().ok_or_else(|| words.syntax())?;
    if word.starts_with('#') {
        words.next();
        return words.placeholders.name(words.kind, word);
    }
    if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Err(words.syntax());
    }
    words.next();
    Ok(word.to_owned())
}
