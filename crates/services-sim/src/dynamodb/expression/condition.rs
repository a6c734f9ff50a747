//! Conditions: ConditionExpression, FilterExpression and KeyConditionExpression.

use std::cmp::Ordering;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::{Path, Words};
use crate::dynamodb::attribute::{equal, list, order, typed};
use crate::dynamodb::invalid;

#[derive(Debug)]
pub(in crate::dynamodb) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparison, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path, bool),
    Type(Path, Operand),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
pub(in crate::dynamodb) enum Operand {
    Path(Path),
    Value(Value),
    Size(Path),
}

impl Condition {
    pub(in crate::dynamodb) fn read(words: &mut Words<'_>) -> Result<Condition, AwsError> {
        let condition = either(words)?;
        words.end()?;
        Ok(condition)
    }

    pub(in crate::dynamodb) fn holds(&self, item: &Value) -> bool {
        match self {
            Condition::And(all) => all.iter().all(|condition| condition.holds(item)),
            Condition::Or(any) => any.iter().any(|condition| condition.holds(item)),
            Condition::Not(inner) => !inner.holds(item),
            Condition::Compare(left, comparison, right) => {
                let (left, right) = (left.value(item), right.value(item));
                match (left, right) {
                    (Some(left), Some(right)) => comparison.holds(&left, &right),
                    _ => *comparison == Comparison::NotEqual,
                }
            }
            Condition::Between(value, low, high) => {
                let Some(value) = value.value(item) else { return false };
                let within = |bound: &Operand, outside| {
                    bound.value(item).and_then(|bound| order(&value, &bound)).is_some_and(|order| order != outside)
                };
                within(low, Ordering::Less) && within(high, Ordering::Greater)
            }
            Condition::In(value, list) => value.value(item).is_some_and(|value| {
                list.iter().any(|other| other.value(item).is_some_and(|other| equal(&value, &other)))
            }),
            Condition::Exists(path, wanted) => path.find(item).is_some() == *wanted,
            Condition::Type(path, kind) => {
                let kind = kind.value(item);
                let kind = kind.as_ref().and_then(|kind| kind.get_str("S"));
                path.find(item).and_then(typed).is_some_and(|(actual, _)| Some(actual) == kind)
            }
            Condition::BeginsWith(value, start) => {
                let (value, start) = (value.value(item), start.value(item));
                let text =
                    |value: &Option<Value>| value.as_ref().and_then(|value| value.get_str("S")).map(str::to_owned);
                text(&value).zip(text(&start)).is_some_and(|(value, start)| value.starts_with(&start))
            }
            Condition::Contains(whole, part) => {
                whole.value(item).zip(part.value(item)).is_some_and(|(whole, part)| contains(&whole, &part))
            }
        }
    }

    /// The value that this condition demands of an attribute by `=`, wherever it must hold.
    pub(in crate::dynamodb) fn demanded(&self, name: &str) -> Option<&Value> {
        match self {
            Condition::And(all) => all.iter().find_map(|condition| condition.demanded(name)),
            Condition::Compare(Operand::Path(path), Comparison::Equal, Operand::Value(value))
            | Condition::Compare(Operand::Value(value), Comparison::Equal, Operand::Path(path))
                if path.name == name =>
            {
                Some(value)
            }
            _ => None,
        }
    }
}

impl Comparison {
    fn of(word: &str) -> Option<Comparison> {
        Some(match word {
            "=" => Comparison::Equal,
            "<>" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds(self, left: &Value, right: &Value) -> bool {
        match self {
            Comparison::Equal => equal(left, right),
            Comparison::NotEqual => !equal(left, right),
            Comparison::Less => order(left, right) == Some(Ordering::Less),
            Comparison::LessOrEqual => order(left, right).is_some_and(|order| order != Ordering::Greater),
            Comparison::Greater => order(left, right) == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => order(left, right).is_some_and(|order| order != Ordering::Less),
        }
    }
}

impl Operand {
    fn value(&self, item: &Value) -> Option<Value> {
        match self {
            Operand::Value(value) => Some(value.clone()),
            Operand::Path(path) => path.find(item).cloned(),
            Operand::Size(path) => {
                let (_, content) = typed(path.find(item)?)?;
                let size = content.as_str().map(str::len);
                let size = size.or_else(|| content.as_array().map(<[Value]>::len));
                let size = size.or_else(|| content.as_object().map(|members| members.len()))?;
                Some(json!({"N": size.to_string()}))
            }
        }
    }

    fn read(words: &mut Words<'_>) -> Result<Operand, AwsError> {
        if let Some(name) = words.peek().filter(|word| word.starts_with(':')) {
            words.next();
            return words.placeholders.value(words.kind, name).map(Operand::Value);
        }
        let path = Path::read(words)?;
        if path.name.eq_ignore_ascii_case("size") && words.take("(") {
            let path = Path::read(words)?;
            words.expect(")")?;
            return Ok(Operand::Size(path));
        }
        Ok(Operand::Path(path))
    }
}

fn either(words: &mut Words<'_>) -> Result<Condition, AwsError> {
    chain(words, "OR", both, Condition::Or)
}

fn both(words: &mut Words<'_>) -> Result<Condition, AwsError> {
    chain(words, "AND", single, Condition::And)
}

/// Conditions with a word between them, as one flat list however many there are.
fn chain(
    words: &mut Words<'_>,
    word: &str,
    link: fn(&mut Words<'_>) -> Result<Condition, AwsError>,
    join: fn(Vec<Condition>) -> Condition,
) -> Result<Condition, AwsError> {
    let first = link(words)?;
    if !words.take(word) {
        return Ok(first);
    }
    let mut all = vec![first, link(words)?];
    while words.take(word) {
        all.push(link(words)?);
    }
    Ok(join(all))
}

fn single(words: &mut Words<'_>) -> Result<Condition, AwsError> {
    words.deeper()?;
    let condition = if words.take("NOT") {
        Condition::Not(Box::new(single(words)?))
    } else if words.take("(") {
        let inner = either(words)?;
        words.expect(")")?;
        inner
    } else {
        match function(words)? {
            Some(condition) => condition,
            None => comparison(words)?,
        }
    };
    words.depth -= 1;
    Ok(condition)
}

fn function(words: &mut Words<'_>) -> Result<Option<Condition>, AwsError> {
    let name = words.peek().unwrap_or_default();
    let known = ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"];
    if words.words.get(words.at + 1) != Some(&"(") || name == "size" || name.starts_with(['#', ':', '(']) {
        return Ok(None);
    }
    if !known.contains(&name) {
        let kind = words.kind;
        return Err(invalid(format!("Invalid {kind}: Invalid function name; function: {name}")));
    }
    words.at += 2;
    let condition = match name {
        "attribute_exists" | "attribute_not_exists" => {
            Condition::Exists(Path::read(words)?, name == "attribute_exists")
        }
        "attribute_type" => {
            let path = Path::read(words)?;
            words.expect(",")?;
            Condition::Type(path, Operand::read(words)?)
        }
        _ => {
            let first = Operand::read(words)?;
            words.expect(",")?;
            let second = Operand::read(words)?;
            if name == "contains" { Condition::Contains(first, second) } else { Condition::BeginsWith(first, second) }
        }
    };
    words.expect(")")?;
    Ok(Some(condition))
}

fn comparison(words: &mut Words<'_>) -> Result<Condition, AwsError> {
    let left = Operand::read(words)?;
    if words.take("BETWEEN") {
        let low = Operand::read(words)?;
        words.expect("AND")?;
        return Ok(Condition::Between(left, low, Operand::read(words)?));
    }
    if words.take("IN") {
        words.expect("(")?;
        let mut list = vec![Operand::read(words)?];
        while words.take(",") {
            list.push(Operand::read(words)?);
        }
        words.expect(")")?;
        return Ok(Condition::In(left, list));
    }
    let comparison = words.peek().and_then(Comparison::of).ok_or_else(|| words.syntax())?;
    words.next();
    Ok(Condition::Compare(left, comparison, Operand::read(words)?))
}

fn contains(whole: &Value, part: &Value) -> bool {
    let Some((kind, content)) = typed(whole) else { return false };
    match kind {
        "S" => content.as_str().zip(part.get_str("S")).is_some_and(|(whole, part)| whole.contains(part)),
        "L" => list(content).iter().any(|item| equal(item, part)),
        "SS" | "NS" | "BS" => {
            typed(part).is_some_and(|(of, value)| kind.starts_with(of) && list(content).contains(value))
        }
        _ => false,
    }
}
