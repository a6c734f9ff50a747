//! One rule of a list: what a single value must be.

use std::rc::Rc;

use shared_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    /// A string, a boolean or `null`.
    Equals(Value),
    Number(f64),
    Prefix(Rc<str>),
    Suffix(Rc<str>),
    PrefixIgnoringCase(String),
    SuffixIgnoringCase(String),
    EqualsIgnoringCase(String),
    /// A value that is there and that none of these rules fits.
    NoneOf(Vec<Rule>),
    Numeric(Vec<(Comparison, f64)>),
    /// The field is there, or is not.
    Exists(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(crate) fn named(sign: &str) -> Option<Comparison> {
        Some(match sign {
            "=" => Comparison::Equal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

impl Rule {
    /// Whether a plain value, which is there, fits.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Rule::Equals(wanted) => wanted == value,
            Rule::Number(wanted) => value.as_f64() == Some(*wanted),
            Rule::Prefix(start) => text.is_some_and(|text| text.starts_with(&**start)),
            Rule::Suffix(end) => text.is_some_and(|text| text.ends_with(&**end)),
            Rule::PrefixIgnoringCase(start) => text.is_some_and(|text| text.to_lowercase().starts_with(start.as_str())),
            Rule::SuffixIgnoringCase(end) => text.is_some_and(|text| text.to_lowercase().ends_with(end.as_str())),
            Rule::EqualsIgnoringCase(wanted) => text.is_some_and(|text| text.to_lowercase() == *wanted),
            Rule::NoneOf(rules) => !rules.iter().any(|rule| rule.fits(value)),
            Rule::Numeric(bounds) => {
                value.as_f64().is_some_and(|number| bounds.iter().all(|(sign, bound)| sign.holds(number, *bound)))
            }
            Rule::Exists(wanted) => *wanted,
        }
    }
}
