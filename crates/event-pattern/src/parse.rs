//! From JSON to a checked pattern.

use std::rc::Rc;

use shared_json::{Object, Value};

use crate::rule::{Comparison, Rule};
use crate::{Pattern, PatternError, Test};

fn error(at: &str, why: impl Into<String>) -> PatternError {
    PatternError { at: at.to_owned(), why: why.into() }
}

pub(crate) fn pattern(value: &Value, at: &str) -> Result<Pattern, PatternError> {
    let members = value.as_object().ok_or_else(|| error(at, "a pattern must be a JSON object"))?;
    if members.is_empty() {
        return Err(error(at, "a pattern must name at least one field"));
    }
    let mut read = Pattern { fields: Vec::new(), any_of: Vec::new() };
    for (name, test) in members {
        let at = if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
        if &**name == "$or" {
            read.any_of.push(alternatives(test, &at)?);
        } else if test.as_object().is_some() {
            read.fields.push((name.clone(), Test::Inside(pattern(test, &at)?)));
        } else {
            read.fields.push((name.clone(), Test::OneOf(rules(test, &at)?)));
        }
    }
    Ok(read)
}

fn alternatives(value: &Value, at: &str) -> Result<Vec<Pattern>, PatternError> {
    let patterns = value.as_array().filter(|patterns| patterns.len() >= 2);
    let patterns = patterns.ok_or_else(|| error(at, "must be a list of at least two patterns"))?;
    patterns.iter().map(|each| pattern(each, at)).collect()
}

fn rules(value: &Value, at: &str) -> Result<Vec<Rule>, PatternError> {
    let rules = value.as_array().ok_or_else(|| error(at, "the value of a field must be a list or an object"))?;
    if rules.is_empty() {
        return Err(error(at, "an empty list lets nothing through"));
    }
    rules.iter().map(|each| rule(each, at)).collect()
}

fn rule(value: &Value, at: &str) -> Result<Rule, PatternError> {
    if let Some(members) = value.as_object() {
        return operator(members, at);
    }
    plain(value).ok_or_else(|| error(at, "a list must not hold another list"))
}

/// A value that stands for itself.
fn plain(value: &Value) -> Option<Rule> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        value => Some(value.as_f64().map_or_else(|| Rule::Equals(value.clone()), Rule::Number)),
    }
}

fn operator(members: &Object, at: &str) -> Result<Rule, PatternError> {
    let mut named = members.iter();
    let (Some((name, value)), None) = (named.next(), named.next()) else {
        return Err(error(at, "a rule must have exactly one operator"));
    };
    let at = format!("{at}.{name}");
    match &**name {
        "prefix" => affix(value, &at, Rule::Prefix, Rule::PrefixIgnoringCase),
        "suffix" => affix(value, &at, Rule::Suffix, Rule::SuffixIgnoringCase),
        "equals-ignore-case" => Ok(Rule::EqualsIgnoringCase(text(value, &at)?.to_lowercase())),
        "anything-but" => anything_but(value, &at),
        "numeric" => numeric(value, &at),
        "exists" => value.as_bool().map(Rule::Exists).ok_or_else(|| error(&at, "must be true or false")),
        _ => Err(error(
            &at,
            "is no operator; the operators are prefix, suffix, equals-ignore-case, anything-but, numeric and exists",
        )),
    }
}

fn text<'a>(value: &'a Value, at: &str) -> Result<&'a str, PatternError> {
    value.as_str().ok_or_else(|| error(at, "must be a string"))
}

/// `prefix` and `suffix`: a string, or a string in `equals-ignore-case`.
fn affix(
    value: &Value,
    at: &str,
    exact: fn(Rc<str>) -> Rule,
    ignoring_case: fn(String) -> Rule,
) -> Result<Rule, PatternError> {
    match value.get("equals-ignore-case") {
        Some(folded) => Ok(ignoring_case(text(folded, at)?.to_lowercase())),
        None => Ok(exact(text(value, at)?.into())),
    }
}

/// A value, a list of values, or one operator over a string or a list of strings.
fn anything_but(value: &Value, at: &str) -> Result<Rule, PatternError> {
    let Some(members) = value.as_object() else {
        return Ok(Rule::NoneOf(each(value, at, |value, at| match plain(value) {
            Some(rule) if !value.is_null() && value.as_bool().is_none() => Ok(rule),
            _ => Err(error(at, "takes strings and numbers")),
        })?));
    };
    let mut named = members.iter();
    let (Some((name, value)), None) = (named.next(), named.next()) else {
        return Err(error(at, "must have exactly one operator"));
    };
    let at = format!("{at}.{name}");
    let read: fn(&Value, &str) -> Result<Rule, PatternError> = match &**name {
        "prefix" => |value, at| Ok(Rule::Prefix(text(value, at)?.into())),
        "suffix" => |value, at| Ok(Rule::Suffix(text(value, at)?.into())),
        "equals-ignore-case" => |value, at| Ok(Rule::EqualsIgnoringCase(text(value, at)?.to_lowercase())),
        _ => return Err(error(&at, "takes prefix, suffix or equals-ignore-case")),
    };
    Ok(Rule::NoneOf(each(value, &at, read)?))
}

/// Reads one value, or each of a list.
fn each(
    value: &Value,
    at: &str,
    read: impl Fn(&Value, &str) -> Result<Rule, PatternError>,
) -> Result<Vec<Rule>, PatternError> {
    match value.as_array() {
        None => Ok(vec![read(value, at)?]),
        Some([]) => Err(error(at, "must not be an empty list")),
        Some(values) => values.iter().map(|value| read(value, at)).collect(),
    }
}

/// `["=", 5]`, `[">", 0, "<=", 5]`.
fn numeric(value: &Value, at: &str) -> Result<Rule, PatternError> {
    let wrong = || error(at, "must be a list such as [\"=\", 5] or [\">\", 0, \"<=\", 5]");
    let parts = value.as_array().filter(|parts| matches!(parts.len(), 2 | 4)).ok_or_else(wrong)?;
    let mut bounds = Vec::new();
    for pair in parts.chunks(2) {
        let [sign, bound] = pair else { return Err(wrong()) };
        let sign = sign.as_str().and_then(Comparison::named).ok_or_else(wrong)?;
        bounds.push((sign, bound.as_f64().ok_or_else(wrong)?));
    }
    if let [(low, from), (high, to)] = bounds[..] {
        let opens = matches!(low, Comparison::Greater | Comparison::GreaterOrEqual);
        let closes = matches!(high, Comparison::Less | Comparison::LessOrEqual);
        if !opens || !closes {
            return Err(error(at, "a range must go from > or >= to < or <="));
        }
        if from >= to {
            return Err(error(at, "the bottom of a range must be less than its top"));
        }
    }
    Ok(Rule::Numeric(bounds))
}
