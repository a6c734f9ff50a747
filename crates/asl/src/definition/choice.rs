//! Choice rules: boolean trees over the 39 comparison operators.

use std::rc::Rc;

use shared_json::Value;
use states_query::{JsonataTemplate, Path, Template};
use virtual_time::Timestamp;

use super::Target;

#[derive(Clone, Debug)]
pub struct ChoiceRule {
    pub condition: Condition,
    pub next: Target,
    pub comment: Option<Rc<str>>,
    pub assign: Option<Template>,
    /// `Output` (JSONata); the state's own when absent.
    pub output: Option<JsonataTemplate>,
}

#[derive(Clone, Debug)]
pub enum Condition {
    /// At least one.
    And(Vec<Condition>),
    /// At least one.
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Comparison),
    /// `Condition` (JSONata): `true`, `false` or an expression
    Jsonata(JsonataTemplate),
}

#[derive(Clone, Debug)]
pub struct Comparison {
    pub variable: Path,
    pub operator: ComparisonOperator,
    pub operand: Operand,
}

/// What the variable is compared with. The literal has the type that [`ComparisonOperator::operand_type`] asks for.
#[derive(Clone, Debug)]
pub enum Operand {
    Literal(Value),
    Timestamp(Timestamp),
    Path(Path),
}

/// The type of the value that stands beside an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandType {
    String,
    Number,
    Boolean,
    Timestamp,
    Path,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparisonOperator {
    StringEquals,
    StringEqualsPath,
    StringLessThan,
    StringLessThanPath,
    StringGreaterThan,
    StringGreaterThanPath,
    StringLessThanEquals,
    StringLessThanEqualsPath,
    StringGreaterThanEquals,
    StringGreaterThanEqualsPath,
    StringMatches,
    NumericEquals,
    NumericEqualsPath,
    NumericLessThan,
    NumericLessThanPath,
    NumericGreaterThan,
    NumericGreaterThanPath,
    NumericLessThanEquals,
    NumericLessThanEqualsPath,
    NumericGreaterThanEquals,
    NumericGreaterThanEqualsPath,
    BooleanEquals,
    BooleanEqualsPath,
    TimestampEquals,
    TimestampEqualsPath,
    TimestampLessThan,
    TimestampLessThanPath,
    TimestampGreaterThan,
    TimestampGreaterThanPath,
    TimestampLessThanEquals,
    TimestampLessThanEqualsPath,
    TimestampGreaterThanEquals,
    TimestampGreaterThanEqualsPath,
    IsNull,
    IsPresent,
    IsNumeric,
    IsString,
    IsBoolean,
    IsTimestamp,
}

/// Every operator with its name and the type of its operand, in the order of the enum.
const OPERATORS: [(ComparisonOperator, &str, OperandType); 39] = [
    (ComparisonOperator::StringEquals, "StringEquals", OperandType::String),
    (ComparisonOperator::StringEqualsPath, "StringEqualsPath", OperandType::Path),
    (ComparisonOperator::StringLessThan, "StringLessThan", OperandType::String),
    (ComparisonOperator::StringLessThanPath, "StringLessThanPath", OperandType::Path),
    (ComparisonOperator::StringGreaterThan, "StringGreaterThan", OperandType::String),
    (ComparisonOperator::StringGreaterThanPath, "StringGreaterThanPath", OperandType::Path),
    (ComparisonOperator::StringLessThanEquals, "StringLessThanEquals", OperandType::String),
    (ComparisonOperator::StringLessThanEqualsPath, "StringLessThanEqualsPath", OperandType::Path),
    (ComparisonOperator::StringGreaterThanEquals, "StringGreaterThanEquals", OperandType::String),
    (ComparisonOperator::StringGreaterThanEqualsPath, "StringGreaterThanEqualsPath", OperandType::Path),
    (ComparisonOperator::StringMatches, "StringMatches", OperandType::String),
    (ComparisonOperator::NumericEquals, "NumericEquals", OperandType::Number),
    (ComparisonOperator::NumericEqualsPath, "NumericEqualsPath", OperandType::Path),
    (ComparisonOperator::NumericLessThan, "NumericLessThan", OperandType::Number),
    (ComparisonOperator::NumericLessThanPath, "NumericLessThanPath", OperandType::Path),
    (ComparisonOperator::NumericGreaterThan, "NumericGreaterThan", OperandType::Number),
    (ComparisonOperator::NumericGreaterThanPath, "NumericGreaterThanPath", OperandType::Path),
    (ComparisonOperator::NumericLessThanEquals, "NumericLessThanEquals", OperandType::Number),
    (ComparisonOperator::NumericLessThanEqualsPath, "NumericLessThanEqualsPath", OperandType::Path),
    (ComparisonOperator::NumericGreaterThanEquals, "NumericGreaterThanEquals", OperandType::Number),
    (ComparisonOperator::NumericGreaterThanEqualsPath, "NumericGreaterThanEqualsPath", OperandType::Path),
    (ComparisonOperator::BooleanEquals, "BooleanEquals", OperandType::Boolean),
    (ComparisonOperator::BooleanEqualsPath, "BooleanEqualsPath", OperandType::Path),
    (ComparisonOperator::TimestampEquals, "TimestampEquals", OperandType::Timestamp),
    (ComparisonOperator::TimestampEqualsPath, "TimestampEqualsPath", OperandType::Path),
    (ComparisonOperator::TimestampLessThan, "TimestampLessThan", OperandType::Timestamp),
    (ComparisonOperator::TimestampLessThanPath, "TimestampLessThanPath", OperandType::Path),
    (ComparisonOperator::TimestampGreaterThan, "TimestampGreaterThan", OperandType::Timestamp),
    (ComparisonOperator::TimestampGreaterThanPath, "TimestampGreaterThanPath", OperandType::Path),
    (ComparisonOperator::TimestampLessThanEquals, "TimestampLessThanEquals", OperandType::Timestamp),
    (ComparisonOperator::TimestampLessThanEqualsPath, "TimestampLessThanEqualsPath", OperandType::Path),
    (ComparisonOperator::TimestampGreaterThanEquals, "TimestampGreaterThanEquals", OperandType::Timestamp),
    (ComparisonOperator::TimestampGreaterThanEqualsPath, "TimestampGreaterThanEqualsPath", OperandType::Path),
    (ComparisonOperator::IsNull, "IsNull", OperandType::Boolean),
    (ComparisonOperator::IsPresent, "IsPresent", OperandType::Boolean),
    (ComparisonOperator::IsNumeric, "IsNumeric", OperandType::Boolean),
    (ComparisonOperator::IsString, "IsString", OperandType::Boolean),
    (ComparisonOperator::IsBoolean, "IsBoolean", OperandType::Boolean),
    (ComparisonOperator::IsTimestamp, "IsTimestamp", OperandType::Boolean),
];

impl ComparisonOperator {
    pub fn all() -> impl Iterator<Item = ComparisonOperator> {
        OPERATORS.iter().map(|(operator, ..)| *operator)
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<ComparisonOperator> {
        OPERATORS.iter().find(|(_, text, _)| *text == name).map(|(operator, ..)| *operator)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        OPERATORS[self as usize].1
    }

    #[must_use]
    pub fn operand_type(self) -> OperandType {
        OPERATORS[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_enum() {
        for operator in ComparisonOperator::all() {
            assert_eq!(ComparisonOperator::from_name(operator.name()), Some(operator));
            assert_eq!(operator.operand_type() == OperandType::Path, operator.name().ends_with("Path"));
        }
    }
}
