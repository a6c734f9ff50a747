//! Update expressions: SET, REMOVE, ADD and DELETE.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::{Path, Words};
use crate::dynamodb::attribute::{list, sum, typed};
use crate::dynamodb::invalid;

/// The changes of one expression. All of them read the item as it was.
#[derive(Debug)]
pub(in crate::dynamodb) struct Update {
    actions: Vec<(Path, Action)>,
}

#[derive(Debug)]
enum Action {
    Set(Term),
    Remove,
    Add(Value),
    Delete(Value),
}

#[derive(Debug)]
enum Term {
    Value(Value),
    Path(Path),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Sum(Box<Term>, Box<Term>, bool),
}

impl Update {
    pub(in crate::dynamodb) fn read(words: &mut Words<'_>) -> Result<Update, AwsError> {
        let mut actions: Vec<(Path, Action)> = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        while let Some(clause) = words.peek() {
            let clause_name = clause.to_ascii_uppercase();
            if !["SET", "REMOVE", "ADD", "DELETE"].contains(&&*clause_name) {
                return Err(words.syntax());
            }
            if seen.contains(&clause_name) {
                return Err(invalid(format!(
                    "Invalid UpdateExpression: The \"{clause_name}\" section can only be used once in an update expression;"
                )));
            }
            words.next();
            loop {
                let path = Path::read(words)?;
                if actions.iter().any(|(other, _)| *other == path) {
                    return Err(invalid(format!(
                        "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one \
                         of these paths; path one: [{0}], path two: [{0}]",
                        path.name
                    )));
                }
                let action = match &*clause_name {
                    "SET" => {
                        words.expect("=")?;
                        Action::Set(Term::read(words)?)
                    }
                    "REMOVE" => Action::Remove,
                    _ => {
                        let name = words.peek().filter(|word| word.starts_with(':')).ok_or_else(|| words.syntax())?;
                        words.next();
                        let value = words.placeholders.value(words.kind, name)?;
                        if clause_name == "ADD" { Action::Add(value) } else { Action::Delete(value) }
                    }
                };
                actions.push((path, action));
                if !words.take(",") {
                    break;
                }
            }
            seen.push(clause_name);
        }
        Ok(Update { actions })
    }

    /// The top-level attributes that it touches.
    pub(in crate::dynamodb) fn names(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|(path, _)| path.name.as_str())
    }

    pub(in crate::dynamodb) fn apply(&self, item: &Value) -> Result<Value, AwsError> {
        self.actions.iter().try_fold(item.clone(), |changed, (path, action)| match action {
            Action::Set(term) => path.place(&changed, Some(term.value(item)?)),
            Action::Remove => path.place(&changed, None),
            Action::Add(value) => path.place(&changed, Some(added(path.find(item), value)?)),
            Action::Delete(value) => match path.find(item) {
                Some(old) => path.place(&changed, taken(old, value)?),
                None => Ok(changed),
            },
        })
    }
}

impl Term {
    fn read(words: &mut Words<'_>) -> Result<Term, AwsError> {
        let left = Term::single(words)?;
        for (sign, minus) in [("+", false), ("-", true)] {
            if words.take(sign) {
                return Ok(Term::Sum(Box::new(left), Box::new(Term::single(words)?), minus));
            }
        }
        Ok(left)
    }

    fn single(words: &mut Words<'_>) -> Result<Term, AwsError> {
        if let Some(name) = words.peek().filter(|word| word.starts_with(':')) {
            words.next();
            return words.placeholders.value(words.kind, name).map(Term::Value);
        }
        words.deeper()?;
        if words.take("(") {
            let inner = Term::read(words)?;
            words.expect(")")?;
            words.depth -= 1;
            return Ok(inner);
        }
        let path = Path::read(words)?;
        if !words.take("(") {
            words.depth -= 1;
            return Ok(Term::Path(path));
        }
        let term = match path.name.as_str() {
            "if_not_exists" => {
                let path = Path::read(words)?;
                words.expect(",")?;
                Term::IfNotExists(path, Box::new(Term::read(words)?))
            }
            "list_append" => {
                let first = Term::read(words)?;
                words.expect(",")?;
                Term::ListAppend(Box::new(first), Box::new(Term::read(words)?))
            }
            name => return Err(invalid(format!("Invalid UpdateExpression: Invalid function name; function: {name}"))),
        };
        words.expect(")")?;
        words.depth -= 1;
        Ok(term)
    }

    fn value(&self, item: &Value) -> Result<Value, AwsError> {
        match self {
            Term::Value(value) => Ok(value.clone()),
            Term::Path(path) => path.find(item).cloned().ok_or_else(|| {
                invalid("The provided expression refers to an attribute that does not exist in the item")
            }),
            Term::IfNotExists(path, other) => {
                path.find(item).map_or_else(|| other.value(item), |found| Ok(found.clone()))
            }
            Term::ListAppend(first, second) => {
                let (first, second) = (first.value(item)?, second.value(item)?);
                match (first.get("L"), second.get("L")) {
                    (Some(a), Some(b)) => Ok(Value::object([("L", Value::array([list(a), list(b)].concat()))])),
                    _ => Err(wrong_type()),
                }
            }
            Term::Sum(left, right, minus) => {
                sum(&left.value(item)?, &right.value(item)?, *minus).ok_or_else(wrong_type)
            }
        }
    }
}

fn wrong_type() -> AwsError {
    invalid("An operand in the update expression has an incorrect data type")
}

/// ADD: numbers add up, sets unite.
fn added(old: Option<&Value>, value: &Value) -> Result<Value, AwsError> {
    let (kind, more) = typed(value).unwrap_or(("", value));
    if !["N", "SS", "NS", "BS"].contains(&kind) {
        return Err(invalid(format!(
            "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: {}",
            type_name(kind)
        )));
    }
    let Some(old) = old else { return Ok(value.clone()) };
    if kind == "N" {
        return sum(old, value, false).ok_or_else(wrong_type);
    }
    let mut set = list(old.get(kind).ok_or_else(wrong_type)?).to_vec();
    for item in list(more) {
        if !set.contains(item) {
            set.push(item.clone());
        }
    }
    Ok(json!({}).with(kind, Value::array(set)))
}

/// DELETE: a set without some of its members; an empty set is none.
fn taken(old: &Value, value: &Value) -> Result<Option<Value>, AwsError> {
    let (kind, gone) = typed(value).unwrap_or(("", value));
    let set = list(old.get(kind).filter(|_| kind.len() == 2).ok_or_else(wrong_type)?);
    let left: Vec<Value> = set.iter().filter(|item| !list(gone).contains(item)).cloned().collect();
    Ok((!left.is_empty()).then(|| json!({}).with(kind, Value::array(left))))
}

fn type_name(kind: &str) -> &str {
    match kind {
        "S" => "STRING",
        "M" => "MAP",
        "L" => "LIST",
        "BOOL" => "BOOLEAN",
        "B" => "BINARY",
        other => other,
    }
}
