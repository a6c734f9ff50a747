//! `--generate-cli-skeleton`: an example of all parameters, to be filled in for `--cli-input-json`.

use shared_json::Value;

use crate::output::{Format, WIDTH, print};
use crate::table::{Action, Kind, Service};

/// Structures may hold themselves; DynamoDB's attribute values do.
const DEEPEST: usize = 8;

pub(crate) fn input(service: &Service, action: &Action) -> String {
    let example = match action.input {
        Some(structure) => of_structure(service, structure, &mut Vec::new()),
        None => Value::object::<&str>([]),
    };
    let text = print(Format::Json, action.name, &example, WIDTH).unwrap_or_default();
    if text.is_empty() { "{}\n".to_owned() } else { text }
}

fn of_structure(service: &Service, structure: usize, open: &mut Vec<usize>) -> Value {
    if open.contains(&structure) || open.len() >= DEEPEST {
        return Value::object::<&str>([]);
    }
    open.push(structure);
    let members: Vec<_> =
        service.members(structure).map(|member| (member.name, example(service, member.kind, open))).collect();
    open.pop();
    Value::object(members)
}

fn example(service: &Service, kind: Kind, open: &mut Vec<usize>) -> Value {
    match kind {
        Kind::OneOf(values) => Value::string(values.split('|').next().unwrap_or_default()),
        Kind::Timestamp => Value::string("1970-01-01T00:00:00"),
        Kind::Whole { .. } => Value::from(0),
        Kind::Number => Value::from(0.0),
        Kind::Boolean => Value::Bool(true),
        Kind::Any => Value::object::<&str>([]),
        Kind::List { of, .. } => Value::array(vec![example(service, Kind::read(of), open)]),
        Kind::Map(of) => Value::object([("KeyName", example(service, Kind::read(of), open))]),
        Kind::Structure(structure) => of_structure(service, structure, open),
        Kind::Bytes { .. } => Value::string("QmxvYg=="),
        Kind::Text { .. } => Value::string(""),
    }
}
