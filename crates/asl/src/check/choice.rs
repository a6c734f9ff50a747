//! `Choices`: the rules of a Choice state.

use std::rc::Rc;

use spanned_json::Node;
use virtual_time::Timestamp;

use super::computed::is_expression;
use super::{Checker, Place};
use crate::{
    ChoiceRule, ChoiceState, Comparison, ComparisonOperator, Condition, Operand, OperandType, QueryLanguage, to_value,
};

const BOOLEAN: &[&str] = &["And", "Or", "Not"];
const RULE_FIELDS: &[&str] = &["Variable", "Next", "Comment", "Assign"];
const NESTED_FIELDS: &[&str] = &["Variable", "Comment"];
const JSONATA_FIELDS: &[&str] = &["Condition", "Next", "Comment", "Assign", "Output"];

impl Checker {
    pub(super) fn choice(&mut self, state: Place) -> Option<ChoiceState> {
        let default = if state.has("Default") { self.target(state, "Default").map(Some) } else { Some(None) };
        if !state.has("Choices") {
            self.missing(state, &["Choices"]);
            return None;
        }
        let items = self.filled_items(state, "Choices")?;
        let mut rules = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            let path = format!("{}[{index}]", state.at("Choices"));
            if self.is_object(node, &path) {
                rules.extend(self.rule(state.inner(node, &path)));
            }
        }
        let complete = rules.len() == items.len();
        Some(ChoiceState { rules: complete.then_some(rules)?, default: default? })
    }

    fn rule(&mut self, place: Place) -> Option<ChoiceRule> {
        if !place.has("Next") {
            self.missing(place, &["Next"]);
        }
        let next = self.target(place, "Next");
        let condition = match place.language {
            QueryLanguage::JsonPath => self.condition(place, RULE_FIELDS),
            QueryLanguage::Jsonata => self.jsonata_condition(place),
        };
        let assign = self.assign(place);
        let output = self.output(place);
        let comment = self.text(place, "Comment").map(Rc::from);
        Some(ChoiceRule { condition: condition?, next: next?, comment, assign: assign?, output: output? })
    }

    fn jsonata_condition(&mut self, place: Place) -> Option<Condition> {
        self.known_fields(place, JSONATA_FIELDS);
        let Some(node) = place.get("Condition") else {
            self.missing(place, &["Condition"]);
            return None;
        };
        if node.as_bool().is_none() && !is_expression(node) {
            self.expected(place, "Condition", node, "Boolean");
            return None;
        }
        self.jsonata(place, "Condition").flatten().map(Condition::Jsonata)
    }

    fn condition(&mut self, place: Place, fields: &[&str]) -> Option<Condition> {
        let is_test = |key: &str| BOOLEAN.contains(&key) || ComparisonOperator::from_name(key).is_some();
        self.fields(place, |key| fields.contains(&key) || is_test(key), &[fields, BOOLEAN], &["Condition", "Output"]);
        let tests: Vec<_> = place.node.members().iter().filter(|member| is_test(&member.key)).collect();
        let test = match tests.as_slice() {
            [test] => *test,
            [] => {
                let diagnostic = if place.has("Variable") {
                    self.none_of(place, &operator_names())
                } else {
                    let message =
                        "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]";
                    self.schema(place.head, place.path, message)
                };
                diagnostic.help = Some(
                    "Such as \"StringEquals\", \"NumericGreaterThan\", \"IsPresent\", or And, Or, Not.".to_owned(),
                );
                return None;
            }
            [_, more @ ..] => {
                for extra in more {
                    let message =
                        format!("There should only be one of the following fields: [{}]", operator_names().join(", "));
                    self.schema(extra.key_span, place.path, message).help =
                        Some("To ask for several things, put them in an \"And\".".to_owned());
                }
                return None;
            }
        };
        match ComparisonOperator::from_name(&test.key) {
            Some(operator) => self.comparison(place, operator),
            None => self.boolean_test(place, &test.key),
        }
    }

    fn boolean_test(&mut self, place: Place, key: &str) -> Option<Condition> {
        if let Some(member) = place.node.member("Variable") {
            let message = "Field 'Variable' is not supported".to_owned();
            self.schema(member.key_span, place.path, message);
        }
        if key == "Not" {
            let inner = self.nested(place, place.get(key)?, &place.at(key))?;
            return Some(Condition::Not(Box::new(inner)));
        }
        let items = self.filled_items(place, key)?;
        let mut conditions = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            conditions.extend(self.nested(place, node, &format!("{}[{index}]", place.at(key))));
        }
        if conditions.len() != items.len() {
            return None;
        }
        Some(if key == "And" { Condition::And(conditions) } else { Condition::Or(conditions) })
    }

    fn nested(&mut self, around: Place, node: &Node, path: &str) -> Option<Condition> {
        if !self.is_object(node, path) {
            return None;
        }
        self.condition(around.inner(node, path), NESTED_FIELDS)
    }

    fn comparison(&mut self, place: Place, operator: ComparisonOperator) -> Option<Condition> {
        let variable = if place.has("Variable") {
            self.path(place, "Variable")
        } else {
            self.missing(place, &["Variable"]);
            None
        };
        let operand = self.operand(place, operator);
        Some(Condition::Compare(Comparison { variable: variable?, operator, operand: operand? }))
    }

    fn operand(&mut self, place: Place, operator: ComparisonOperator) -> Option<Operand> {
        let key = operator.name();
        let node = place.get(key)?;
        match operator.operand_type() {
            OperandType::Path => return self.path(place, key).map(Operand::Path),
            OperandType::Timestamp => return self.timestamp(place, key).map(Operand::Timestamp),
            OperandType::String => self.text(place, key).map(|_| ())?,
            OperandType::Boolean => self.boolean(place, key).map(|_| ())?,
            OperandType::Number => {
                if node.as_f64().is_none() {
                    self.expected(place, key, node, "Number");
                    return None;
                }
            }
        }
        Some(Operand::Literal(to_value(node)))
    }

    pub(super) fn timestamp(&mut self, place: Place, key: &str) -> Option<Timestamp> {
        let text = self.text(place, key)?;
        let parsed = Timestamp::parse_rfc3339(text);
        if parsed.is_none() {
            let span = place.get(key).map_or(place.head, |node| node.span);
            self.schema(span, &place.at(key), "String does not match RFC3339 timestamp").help =
                Some("Such as 2023-04-19T08:00:00Z, with an upper-case T and an offset or Z.".to_owned());
        }
        parsed
    }
}

fn operator_names() -> Vec<&'static str> {
    ComparisonOperator::all().map(ComparisonOperator::name).collect()
}
