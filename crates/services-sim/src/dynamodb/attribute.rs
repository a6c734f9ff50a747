//! Attribute values, `{"S": "text"}`: what is one, how two compare, and the numbers in them.

use std::cmp::Ordering;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::invalid;

const TYPES: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];

/// The type and what stands behind it.
pub(super) fn typed(attribute: &Value) -> Option<(&str, &Value)> {
    let members = attribute.as_object()?;
    let (kind, value) = members.iter().next()?;
    (members.len() == 1).then_some((kind, value))
}

/// A value as the service keeps it: numbers in their shortest form, everything of a known type.
pub(super) fn checked(attribute: &Value) -> Result<Value, AwsError> {
    let (kind, value) = typed(attribute).ok_or_else(|| {
        let many = attribute.as_object().is_some_and(|members| members.len() > 1);
        let rule = if many { "has more than one datatypes set" } else { "is empty" };
        invalid(format!("Supplied AttributeValue {rule}, must contain exactly one of the supported datatypes"))
    })?;
    let kept = match kind {
        "N" => number_text(value)?.into(),
        "M" => Value::object(
            members(value).map(|(key, value)| Ok((key, checked(value)?))).collect::<Result<Vec<_>, AwsError>>()?,
        ),
        "L" => Value::array(list(value).iter().map(checked).collect::<Result<_, _>>()?),
        "NS" => {
            Value::array(list(value).iter().map(|item| number_text(item).map(Value::from)).collect::<Result<_, _>>()?)
        }
        _ if TYPES.contains(&kind) => value.clone(),
        _ => {
            return Err(invalid(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            ));
        }
    };
    if ["SS", "NS", "BS"].contains(&kind) && list(&kept).is_empty() {
        return Err(invalid("One or more parameter values were invalid: An string set  may not be empty"));
    }
    Ok(Value::object([(kind, kept)]))
}

/// Every attribute of an item, checked.
pub(super) fn checked_item(item: &Value) -> Result<Value, AwsError> {
    let attributes = members(item).map(|(name, value)| Ok((name, checked(value)?)));
    Ok(Value::object(attributes.collect::<Result<Vec<_>, AwsError>>()?))
}

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (&**key, value))
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_default()
}

fn number_text(value: &Value) -> Result<String, AwsError> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let number = Number::parse(&text).ok_or_else(|| match text.is_empty() {
        true => invalid("The parameter cannot be converted to a numeric value"),
        false => invalid(format!("The parameter cannot be converted to a numeric value: {text}")),
    })?;
    Ok(number.to_text())
}

/// A decimal: exact while its digits fit, and a float beyond.
#[derive(Clone, Copy, Debug)]
enum Number {
    /// `units` times ten to the power of minus `scale`.
    Exact {
        units: i128,
        scale: u32,
    },
    Float(f64),
}

impl Number {
    fn parse(text: &str) -> Option<Number> {
        let digits = text.trim();
        let float = digits.parse::<f64>().ok().filter(|float| float.is_finite())?;
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let exact = format!("{whole}{part}").parse::<i128>().ok().zip(u32::try_from(part.len()).ok());
        Some(match exact.filter(|(_, scale)| *scale <= 20) {
            Some((units, scale)) => Number::Exact { units, scale },
            None => Number::Float(float),
        })
    }

    fn to_text(self) -> String {
        match self {
            Number::Float(float) => float.to_string(),
            Number::Exact { units, scale: 0 } => units.to_string(),
            Number::Exact { units, scale } => {
                let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale as usize + 1);
                let (whole, part) = digits.split_at(digits.len() - scale as usize);
                let text = format!("{}{whole}.{part}", if units < 0 { "-" } else { "" });
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        }
    }

    fn float(self) -> f64 {
        match self {
            Number::Float(float) => float,
            Number::Exact { units, scale } => units as f64 / 10_f64.powi(i32::try_from(scale).unwrap_or(0)),
        }
    }

    /// The units of both at one scale, when they fit.
    fn aligned(self, other: Number) -> Option<(i128, i128, u32)> {
        let (Number::Exact { units: a, scale: x }, Number::Exact { units: b, scale: y }) = (self, other) else {
            return None;
        };
        let scale = x.max(y);
        let at = |units: i128, own: u32| units.checked_mul(10_i128.checked_pow(scale - own)?);
        Some((at(a, x)?, at(b, y)?, scale))
    }
}

/// The sum of two numbers, or their difference.
pub(super) fn sum(left: &Value, right: &Value, minus: bool) -> Option<Value> {
    let number = |attribute: &Value| Number::parse(attribute.get_str("N")?);
    let (a, b) = (number(left)?, number(right)?);
    let exact = a.aligned(b).and_then(|(a, b, scale)| {
        let units = if minus { a.checked_sub(b)? } else { a.checked_add(b)? };
        Some(Number::Exact { units, scale })
    });
    let float = || Number::Float(if minus { a.float() - b.float() } else { a.float() + b.float() });
    Some(json!({"N": exact.unwrap_or_else(float).to_text()}))
}

/// The order of two values of one type; `None` when they cannot be ordered.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let ((kind, a), (other, b)) = (typed(left)?, typed(right)?);
    match kind {
        _ if kind != other => None,
        "N" => {
            let (a, b) = (Number::parse(a.as_str()?)?, Number::parse(b.as_str()?)?);
            match a.aligned(b) {
                Some((a, b, _)) => Some(a.cmp(&b)),
                None => a.float().partial_cmp(&b.float()),
            }
        }
        "S" | "B" => Some(a.as_str()?.as_bytes().cmp(b.as_str()?.as_bytes())),
        _ => None,
    }
}

pub(super) fn equal(left: &Value, right: &Value) -> bool {
    let is_set = |value: &Value| typed(value).is_some_and(|(kind, _)| ["SS", "NS", "BS"].contains(&kind));
    if is_set(left) && is_set(right) {
        let (Some((a, left)), Some((b, right))) = (typed(left), typed(right)) else { return false };
        let within = |part: &Value, whole: &Value| list(part).iter().all(|item| list(whole).contains(item));
        return a == b && within(left, right) && within(right, left);
    }
    match order(left, right) {
        Some(order) => order == Ordering::Equal,
        None => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimals() {
        let n = |text: &str| json!({ "N": text });
        assert_eq!(sum(&n("0.1"), &n("0.2"), false), Some(n("0.3")));
        assert_eq!(sum(&n("1"), &n("2.50"), true), Some(n("-1.5")));
        assert_eq!(checked(&n("007.10")).unwrap(), n("7.1"));
        assert_eq!(order(&n("10"), &n("9")), Some(Ordering::Greater));
        assert!(equal(&n("1.0"), &n("1")));
        assert!(checked(&n("seven")).is_err());
    }

    #[test]
    fn a_value_has_one_known_type() {
        for bad in [json!({}), json!("text"), json!({"X": 1}), json!({"S": "a", "N": "1"}), json!({"SS": []})] {
            assert!(checked(&bad).is_err(), "{bad}");
        }
        let nested = json!({"M": {"a": {"L": [{"N": 1}, {"BOOL": true}]}}});
        assert_eq!(checked(&nested).unwrap(), json!({"M": {"a": {"L": [{"N": "1"}, {"BOOL": true}]}}}));
    }
}
