//! The Condition element: operators, set operators, `IfExists`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::net::IpAddr;

use shared_json::Value;
use virtual_time::Timestamp;

use crate::document::PolicyError;
use crate::request::Context;
use crate::variables::substitute;
use crate::{variables, wildcard};

/// One operator on one key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// As written, for explanations.
    pub(crate) operator: String,
    pub(crate) key: String,
    values: Vec<String>,
    test: Test,
    negated: bool,
    if_exists: bool,
    set: Set,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Set {
    Single,
    ForAnyValue,
    ForAllValues,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Test {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Arn,
    Bool,
    Null,
    Numeric(Order),
    Date(Order),
    IpAddress,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Order::Equal => left == right,
            Order::Less => left < right,
            Order::LessOrEqual => left <= right,
            Order::Greater => left > right,
            Order::GreaterOrEqual => left >= right,
        }
    }
}

impl Condition {
    pub(crate) fn parse_all(block: &Value) -> Result<Vec<Condition>, PolicyError> {
        let operators = block.as_object().ok_or_else(|| PolicyError::syntax("Condition must be an object."))?;
        let mut conditions = Vec::new();
        for (operator, keys) in operators {
            let keys = keys.as_object().ok_or_else(|| {
                PolicyError::syntax(format!("Condition operator {operator} must hold an object of keys."))
            })?;
            for (key, values) in keys {
                conditions.push(Condition::parse(operator, key, values)?);
            }
        }
        Ok(conditions)
    }

    fn parse(operator: &str, key: &str, values: &Value) -> Result<Condition, PolicyError> {
        let (set, rest) = match operator.split_once(':') {
            Some(("ForAnyValue", rest)) => (Set::ForAnyValue, rest),
            Some(("ForAllValues", rest)) => (Set::ForAllValues, rest),
            _ => (Set::Single, operator),
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let (test, negated) = match name {
            "StringEquals" | "BinaryEquals" => (Test::StringEquals, false),
            "StringNotEquals" => (Test::StringEquals, true),
            "StringEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, true),
            "StringLike" => (Test::StringLike, false),
            "StringNotLike" => (Test::StringLike, true),
            "ArnEquals" | "ArnLike" => (Test::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
            "Bool" => (Test::Bool, false),
            "Null" => (Test::Null, false),
            "IpAddress" => (Test::IpAddress, false),
            "NotIpAddress" => (Test::IpAddress, true),
            _ => match name.strip_prefix("Numeric").map(order) {
                Some(Some((order, negated))) => (Test::Numeric(order), negated),
                _ => match name.strip_prefix("Date").and_then(order) {
                    Some((order, negated)) => (Test::Date(order), negated),
                    None => return Err(PolicyError::syntax(format!("There is no condition operator {operator}."))),
                },
            },
        };
        let values = match values {
            Value::Array(items) => items.iter().map(scalar).collect::<Option<Vec<String>>>(),
            one => scalar(one).map(|value| vec![value]),
        };
        let values = values.ok_or_else(|| {
            PolicyError::syntax(format!("The values of condition key {key} must be text, numbers or booleans."))
        })?;
        Ok(Condition { operator: operator.into(), key: key.into(), values, test, negated, if_exists, set })
    }

    /// Whether the request's context satisfies this condition.
    pub(crate) fn holds(&self, context: &Context<'_>, variables: bool) -> bool {
        let present: Vec<&str> = context.values(&self.key).collect();
        if self.test == Test::Null {
            return self.values.iter().any(|value| value.eq_ignore_ascii_case("true") == present.is_empty());
        }
        if present.is_empty() {
            return self.if_exists || self.negated && self.set == Set::Single || self.set == Set::ForAllValues;
        }
        let fits = |actual: &&str| {
            let any = self.values.iter().any(|value| self.fits(value, actual, context, variables));
            any != self.negated
        };
        match self.set {
            Set::ForAllValues => present.iter().all(fits),
            Set::ForAnyValue | Set::Single => present.iter().any(fits),
        }
    }

    /// A value of a date operator that is no date.
    pub(crate) fn broken_date(&self) -> Option<&str> {
        let dated = matches!(self.test, Test::Date(_));
        self.values.iter().find(|value| dated && !value.contains("${") && moment(value).is_none()).map(String::as_str)
    }

    /// What the key has in this request, for explanations.
    pub(crate) fn found(&self, context: &Context<'_>) -> String {
        let present: Vec<&str> = context.values(&self.key).collect();
        let wanted = self.values.join(" or ");
        match present.as_slice() {
            [] => format!("the call has no {}", self.key),
            values => format!("it wants {wanted}, and the call has {}", values.join(", ")),
        }
    }

    /// One written value against one of the request's.
    fn fits(&self, written: &str, actual: &str, context: &Context<'_>, variables: bool) -> bool {
        if self.test == Test::StringLike && variables {
            return variables::matches(written, actual, context);
        }
        if !variables || !written.contains("${") {
            return self.compare(written, actual);
        }
        substitute(written, context).is_some_and(|wanted| self.compare(&wanted, actual))
    }

    fn compare(&self, wanted: &str, actual: &str) -> bool {
        match self.test {
            Test::StringEquals => wanted == actual,
            Test::StringEqualsIgnoreCase => wanted.to_lowercase() == actual.to_lowercase(),
            Test::StringLike => wildcard::matches(wanted, actual),
            Test::Arn => wildcard::arn_matches(wanted, actual),
            Test::Bool => wanted.eq_ignore_ascii_case(actual),
            Test::Null => false,
            Test::Numeric(order) => match (actual.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(actual), Ok(wanted)) => order.holds(actual, wanted),
                _ => false,
            },
            Test::Date(order) => match (moment(actual), moment(wanted)) {
                (Some(actual), Some(wanted)) => order.holds(actual, wanted),
                _ => false,
            },
            Test::IpAddress => in_network(wanted, actual).unwrap_or(false),
        }
    }
}

fn order(name: &str) -> Option<(Order, bool)> {
    Some(match name {
        "Equals" => (Order::Equal, false),
        "NotEquals" => (Order::Equal, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEqual, false),
        "GreaterThan" => (Order::Greater, false),
        "GreaterThanEquals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A date, a moment, or seconds since 1970.
fn moment(text: &str) -> Option<i64> {
    let whole_day = format!("{text}T00:00:00Z");
    let moment = Timestamp::parse_rfc3339(text).or_else(|| Timestamp::parse_rfc3339(&whole_day));
    moment.map(Timestamp::micros).or_else(|| text.parse::<i64>().ok()?.checked_mul(1_000_000))
}

fn in_network(network: &str, address: &str) -> Option<bool> {
    let (base, bits) = network.split_once('/').map_or((network, None), |(base, bits)| (base, Some(bits)));
    let ((base, width), (address, other_width)) = (address_bits(base)?, address_bits(address)?);
    let bits = bits.map_or(Some(width), |bits| bits.parse::<u32>().ok().filter(|bits| *bits <= width))?;
    let mask = u128::MAX.checked_shl(width - bits).unwrap_or(0);
    Some(width == other_width && base & mask == address & mask)
}

/// An address as a number, and how many bits its kind has.
fn address_bits(text: &str) -> Option<(u128, u32)> {
    Some(match text.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn operators_compare_as_documented() {
        let check = |block: Value, context: &[(&str, &str)], expected: bool| {
            let conditions = Condition::parse_all(&block).unwrap();
            let context = context.iter().fold(Context::new(), |all, (key, value)| all.with(*key, *value));
            assert_eq!(conditions.iter().all(|c| c.holds(&context, true)), expected, "{block}");
        };
        let account = [("aws:SourceAccount", "123456789012")];
        check(json!({"StringEquals": {"aws:SourceAccount": "123456789012"}}), &account, true);
        check(json!({"StringEquals": {"aws:sourceaccount": ["1", "123456789012"]}}), &account, true);
        check(json!({"StringNotEquals": {"aws:SourceAccount": "123456789012"}}), &account, false);
        check(json!({"StringNotEquals": {"aws:SourceAccount": "1"}}), &[], true);
        check(json!({"StringEquals": {"aws:SourceAccount": "1"}}), &[], false);
        check(json!({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}), &[], true);
        check(json!({"StringEqualsIgnoreCase": {"k": "ABC"}}), &[("k", "abc")], true);
        check(json!({"StringLike": {"k": "a*"}}), &[("k", "abc")], true);
        check(json!({"StringLike": {"k": "${x}*"}}), &[("k", "abc"), ("x", "ab")], true);
        check(
            json!({"ArnLike": {"aws:SourceArn": "arn:aws:states:*:*:stateMachine:O*"}}),
            &[("aws:SourceArn", "arn:aws:states:eu-west-1:1:stateMachine:Orders")],
            true,
        );
        check(json!({"Bool": {"aws:SecureTransport": true}}), &[("aws:SecureTransport", "true")], true);
        check(json!({"NumericLessThanEquals": {"n": 10}}), &[("n", "10")], true);
        check(json!({"NumericGreaterThan": {"n": "10"}}), &[("n", "9.5")], false);
        check(
            json!({"DateLessThan": {"aws:CurrentTime": "2024-01-01T00:00:00Z"}}),
            &[("aws:CurrentTime", "2023-06-01T00:00:00Z")],
            true,
        );
        check(json!({"Null": {"k": "true"}}), &[], true);
        check(json!({"Null": {"k": "false"}}), &[], false);
        check(json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), &[("aws:SourceIp", "10.9.8.7")], true);
        check(json!({"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "::1"]}}), &[("aws:SourceIp", "11.9.8.7")], true);
        check(json!({"IpAddress": {"aws:SourceIp": "2001:db8::/32"}}), &[("aws:SourceIp", "2001:db8::7")], true);
        check(json!({"StringEqualsIfExists": {"k": "a"}}), &[("k", "b")], false);
        check(json!({"StringNotEquals": {"k": ["a", "b"]}}), &[("k", "b")], false);
        check(json!({"StringNotLike": {"k": "a*"}}), &[("k", "ba")], true);
        check(json!({"StringEquals": {"k": "${none}"}}), &[("k", "${none}")], false);
        check(json!({"StringNotEquals": {"k": "${none}"}}), &[("k", "x")], true);
        check(json!({"ArnEquals": {"k": "arn:aws:sqs:*:*:Orders"}}), &[("k", "arn:aws:sqs:eu-west-1:1:Orders")], true);
        check(json!({"ArnNotLike": {"k": "arn:aws:sqs:*:*:Orders"}}), &[], true);
        check(json!({"Bool": {"k": ["true", "false"]}}), &[("k", "FALSE")], true);
        check(json!({"BinaryEquals": {"k": "QmluYXJ5"}}), &[("k", "QmluYXJ5")], true);
        check(json!({"NumericEquals": {"n": [1, 2]}}), &[("n", "2.0")], true);
        check(json!({"NumericNotEquals": {"n": 1}}), &[("n", "1")], false);
        check(json!({"NumericLessThan": {"n": "x"}}), &[("n", "1")], false);
        check(json!({"DateGreaterThan": {"k": "2024-01-01"}}), &[("k", "2024-01-02T00:00:00Z")], true);
        check(
            json!({"DateLessThanEquals": {"aws:EpochTime": 1_704_067_200}}),
            &[("aws:EpochTime", "1704067200")],
            true,
        );
        check(json!({"DateEquals": {"k": "yesterday"}}), &[("k", "yesterday")], false);
        check(json!({"ForAllValues:StringEquals": {"t": "a"}}), &[], true);
        check(json!({"ForAnyValue:StringEquals": {"t": "a"}}), &[], false);
        check(json!({"ForAnyValue:StringNotEquals": {"t": "a"}}), &[], false);
        check(json!({"ForAllValues:StringNotLike": {"t": "a*"}}), &[("t", "b"), ("t", "ab")], false);
        check(json!({"ForAnyValue:StringEqualsIfExists": {"t": "a"}}), &[], true);
        check(json!({"ForAllValues:StringEquals": {"t": ["a", "b"]}}), &[("t", "a"), ("t", "c")], false);
        check(json!({"ForAnyValue:StringEquals": {"t": ["a", "b"]}}), &[("t", "a"), ("t", "c")], true);
    }

    #[test]
    fn unknown_operators_are_malformed() {
        assert!(Condition::parse_all(&json!({"StringSame": {"k": "v"}})).is_err());
        assert!(Condition::parse_all(&json!({"StringEquals": "v"})).is_err());
        assert!(Condition::parse_all(&json!({"StringEquals": {"k": {}}})).is_err());
    }
}
