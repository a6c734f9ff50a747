//! `Choices`: the rules of a Choice state.

use spanned_json::{Node, Span};
use std::rc::Rc;
use virtual_time::Timestamp;

use super::{Checker, Place};
use crate::{ChoiceRule, ChoiceState, Comparison, ComparisonOperator, Condition, Operand, OperandType, to_value};

const BOOLEAN: &[&str] = &["And", "Or", "Not"];
const RULE_FIELDS: &[&str] = &["Variable", "Next", "Comment", "Assign"];
const NESTED_FIELDS: &[&str] = &["Variable", "Comment"];

impl Checker {
    pub(super) fn choice(&mut self, state: Place) -> Option<ChoiceState> {
        let default = self.text(state, "Default").map(Rc::from);
        if !state.has("Choices") {
            self.missing(state, &["Choices"]);
            return None;
        }
        let items = self.filled_items(state, "Choices")?;
        let mut rules = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            let path = format!("{}[{index}]", state.at("Choices"));
            if !self.is_object(node, &path) {
                continue;
            }
            let place = Place { node, path: &path, head: Span::new(node.span.start, node.span.start + 1) };
            if let Some(member) = node.member("Assign") {
                self.not_yet(member.key_span, &place.at("Assign"), "\"Assign\"");
            }
            let next: Option<Rc<str>> = self.required_text(place, "Next").map(Rc::from);
            let condition = self.condition(place, RULE_FIELDS);
            if let (Some(next), Some(condition)) = (next, condition) {
                let comment = self.text(place, "Comment").map(Rc::from);
                rules.push(ChoiceRule { condition, next, comment });
            }
        }
        (rules.len() == items.len()).then_some(ChoiceState { rules, default })
    }

    fn condition(&mut self, place: Place, fields: &[&str]) -> Option<Condition> {
        let is_test = |key: &str| BOOLEAN.contains(&key) || ComparisonOperator::from_name(key).is_some();
        self.known_fields(place, |key| fields.contains(&key) || is_test(key), &[fields, BOOLEAN]);
        let tests: Vec<_> = place.node.members().iter().filter(|member| is_test(&member.key)).collect();
        let test = match tests.as_slice() {
            [test] => *test,
            [] => {
                self.schema(place.head, place.path, "A Choice Rule must have a comparison operator").help = Some(
                    "Such as \"StringEquals\", \"NumericGreaterThan\", \"IsPresent\", or And, Or, Not.".to_owned(),
                );
                return None;
            }
            [_, more @ ..] => {
                for extra in more {
                    let message = "A Choice Rule can only have one comparison operator";
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
            let inner = self.nested(place.get(key)?, &place.at(key))?;
            return Some(Condition::Not(Box::new(inner)));
        }
        let items = self.filled_items(place, key)?;
        let mut conditions = Vec::with_capacity(items.len());
        for (index, node) in items.iter().enumerate() {
            conditions.extend(self.nested(node, &format!("{}[{index}]", place.at(key))));
        }
        if conditions.len() != items.len() {
            return None;
        }
        Some(if key == "And" { Condition::And(conditions) } else { Condition::Or(conditions) })
    }

    fn nested(&mut self, node: &Node, path: &str) -> Option<Condition> {
        if !self.is_object(node, path) {
            return None;
        }
        let place = Place { node, path, head: Span::new(node.span.start, node.span.start + 1) };
        self.condition(place, NESTED_FIELDS)
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
