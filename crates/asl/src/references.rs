//! Which variables each state reads, as DescribeStateMachine tells.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shared_json::Value;
use states_query::JsonataTemplate;

use crate::{CheckedDefinition, QueryLanguage, State};

/// Fields that hold a payload template.
const TEMPLATES: &[&str] =
    &["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "BatchInput", "Arguments", "Output"];
/// Fields that are not evaluated, or belong to other states.
const SKIPPED: &[&str] = &["Comment", "Result", "Branches", "ItemProcessor", "Iterator"];

impl CheckedDefinition {
    /// The variables that each state reads, both sorted by name; states that read none are left out.
    #[must_use]
    pub fn variable_references(&self) -> BTreeMap<Rc<str>, Vec<Rc<str>>> {
        let states = self.all_states().into_iter();
        let read = states.map(|state| (Rc::clone(&state.name), variables(state)));
        read.filter(|(_, names)| !names.is_empty()).collect()
    }
}

fn variables(state: &State) -> Vec<Rc<str>> {
    let mut names = BTreeSet::new();
    match state.query_language {
        QueryLanguage::JsonPath => fields(&state.source, &mut names),
        QueryLanguage::Jsonata => expressions(&state.source, &mut names),
    }
    names.into_iter().collect()
}

/// The paths among the fields of a state or of an object inside it.
fn fields(value: &Value, names: &mut BTreeSet<Rc<str>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields(item, names)),
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(key, _)| !SKIPPED.contains(&&***key)) {
                match value.as_str() {
                    Some(text) if key.ends_with("Path") || &**key == "Variable" => path(text, names),
                    Some(_) => {}
                    None if TEMPLATES.contains(&&**key) => template(value, names),
                    None => fields(value, names),
                }
            }
        }
        _ => {}
    }
}

fn template(value: &Value, names: &mut BTreeSet<Rc<str>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| template(item, names)),
        Value::Object(members) => {
            for (key, value) in members.iter() {
                match value.as_str() {
                    Some(text) if key.ends_with(".$") => path(text, names),
                    _ => template(value, names),
                }
            }
        }
        _ => {}
    }
}

/// Every `$name` of a path or call, outside of texts in quotes.
fn path(text: &str, names: &mut BTreeSet<Rc<str>>) {
    let (mut quoted, mut before, mut rest) = (false, ' ', text);
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        let escaped = before == '\\';
        if character == '\'' && !escaped {
            quoted = !quoted;
        }
        if character == '$' && !quoted && before != '$' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            names.extend(rest.get(..end).filter(|name| !name.is_empty()).map(Rc::from));
        }
        before = if escaped { ' ' } else { character };
    }
}

fn expressions(value: &Value, names: &mut BTreeSet<Rc<str>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| expressions(item, names)),
        Value::Object(members) => {
            let evaluated = members.iter().filter(|(key, _)| !SKIPPED.contains(&&***key));
            evaluated.for_each(|(_, value)| expressions(value, names));
        }
        _ => {
            if let Ok(template) = JsonataTemplate::compile(value) {
                names.extend(template.variables().into_iter().filter(|name| &**name != "states"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(state: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        fields(&Value::parse(state).unwrap(), &mut names);
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn paths_and_calls_read_variables() {
        let state = r#"{"Type": "Map", "Comment": "$no", "ItemsPath": "$list[0]", "InputPath": "$.no", "OutputPath": "$$.No",
            "Parameters": {"a.$": "States.Format('$no {}', $b)", "Path": "$no", "c": [{"d.$": "$e.f"}]},
            "ItemProcessor": {"States": {"In": {"InputPath": "$no"}}},
            "ItemReader": {"ReaderConfig": {"MaxItemsPath": "$most"}},
            "Choices": [{"And": [{"Variable": "$n", "NumericEqualsPath": "$m"}]}], "Result": {"x.$": "$no"}}"#;
        assert_eq!(read(state), ["b", "e", "list", "m", "most", "n"]);
    }
}
