//! Filters: `[?(@.price < 10 && @.tags contains 'new')]`.

use std::cmp::Ordering;
use std::rc::Rc;

use shared_json::Value;

use super::Path;
use super::parse::Reader;
use super::select::{self, Steps};
use crate::error::PathError;
use crate::scope::Scope;

/// How deep parentheses and filters may nest.
const MAX_DEPTH: usize = 32;

#[derive(Clone, Debug)]
pub(crate) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Operand),
    Compare(Operand, Operator, Operand),
}

#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Literal(Value),
    Path(Path),
    Pattern(Rc<regex_lite::Regex>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    Size,
    Empty,
    SubsetOf,
    AnyOf,
    NoneOf,
}

/// Longer tokens stand before their beginnings.
const OPERATORS: [(&str, Operator); 17] = [
    ("===", Operator::StrictEqual),
    ("!==", Operator::StrictNotEqual),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=~", Operator::Matches),
    ("in ", Operator::In),
    ("nin ", Operator::NotIn),
    ("contains ", Operator::Contains),
    ("size ", Operator::Size),
    ("empty ", Operator::Empty),
    ("subsetof ", Operator::SubsetOf),
    ("anyof ", Operator::AnyOf),
    ("noneof ", Operator::NoneOf),
];

/// Reads what stands between `[?(` and `)]`.
pub(super) fn parse(reader: &mut Reader) -> Result<Filter, PathError> {
    reader.depth += 1;
    if reader.depth > MAX_DEPTH {
        return Err(reader.error("The filter is nested too deeply"));
    }
    let filter = or(reader);
    reader.depth -= 1;
    filter
}

fn or(reader: &mut Reader) -> Result<Filter, PathError> {
    let mut parts = vec![and(reader)?];
    while followed_by(reader, "||") {
        parts.push(and(reader)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
}

fn and(reader: &mut Reader) -> Result<Filter, PathError> {
    let mut parts = vec![term(reader)?];
    while followed_by(reader, "&&") {
        parts.push(term(reader)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
}

fn followed_by(reader: &mut Reader, token: &str) -> bool {
    reader.skip_blanks();
    reader.take(token)
}

fn term(reader: &mut Reader) -> Result<Filter, PathError> {
    reader.skip_blanks();
    if reader.take("!") {
        reader.depth += 1;
        if reader.depth > MAX_DEPTH {
            return Err(reader.error("The filter is nested too deeply"));
        }
        let inner = term(reader)?;
        reader.depth -= 1;
        return Ok(Filter::Not(Box::new(inner)));
    }
    if reader.take("(") {
        let inner = parse(reader)?;
        reader.expect(")")?;
        return Ok(inner);
    }
    let left = operand(reader)?;
    reader.skip_blanks();
    let operator = OPERATORS.iter().find(|(token, _)| reader.rest().starts_with(token));
    match operator {
        None => Ok(Filter::Exists(left)),
        Some((token, operator)) => {
            reader.take(token);
            reader.skip_blanks();
            Ok(Filter::Compare(left, *operator, operand(reader)?))
        }
    }
}

fn operand(reader: &mut Reader) -> Result<Operand, PathError> {
    match reader.peek() {
        Some('@' | '$') => Ok(Operand::Path(reader.path(true)?)),
        Some('\'' | '"') => Ok(Operand::Literal(Value::from(reader.quoted()?))),
        Some('/') => pattern(reader),
        Some('[' | '{') => json(reader),
        Some(_) => word(reader),
        None => Err(reader.error("Expected a value or a path")),
    }
}

/// `/a.*b/i`
fn pattern(reader: &mut Reader) -> Result<Operand, PathError> {
    reader.next();
    let mut source = String::new();
    loop {
        match reader.next() {
            Some('\\') if reader.take("/") => source.push('/'),
            Some('\\') => {
                source.push('\\');
                source.extend(reader.next());
            }
            Some('/') => break,
            Some(c) => source.push(c),
            None => return Err(reader.error("The regular expression is not closed")),
        }
    }
    // Java's `matches` asks for the whole text.
    let mut builder = regex_lite::RegexBuilder::new(&format!("\\A(?:{source})\\z"));
    while let Some(flag @ ('i' | 'm' | 's' | 'u' | 'd' | 'x')) = reader.peek() {
        reader.next();
        match flag {
            'i' => builder.case_insensitive(true),
            'm' => builder.multi_line(true),
            's' => builder.dot_matches_new_line(true),
            'x' => builder.ignore_whitespace(true),
            _ => &mut builder,
        };
    }
    builder
        .build()
        .map(|regex| Operand::Pattern(Rc::new(regex)))
        .map_err(|error| reader.error(format!("Not a regular expression: {error}")))
}

/// A JSON array or object; single quotes are taken for double ones.
fn json(reader: &mut Reader) -> Result<Operand, PathError> {
    let (mut text, mut depth) = (String::new(), 0_usize);
    while let Some(c) = reader.peek() {
        match c {
            '\'' | '"' => {
                text.push_str(&Value::from(reader.quoted()?).to_string());
                continue;
            }
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        text.push(c);
        reader.next();
        if depth == 0 {
            break;
        }
    }
    Value::parse(&text).map(Operand::Literal).map_err(|error| reader.error(error.to_string()))
}

/// `true`, `null`, `12.5`, or a bare word, which stands for itself.
fn word(reader: &mut Reader) -> Result<Operand, PathError> {
    let rest = reader.rest();
    let end = rest.find([' ', ')', '&', '|', '=', '!', '<', '>', ',', ']']).unwrap_or(rest.len());
    let text = rest.get(..end).unwrap_or_default();
    if text.is_empty() {
        return Err(reader.error("Expected a value or a path"));
    }
    reader.at += text.len();
    Ok(Operand::Literal(Value::parse(text).unwrap_or_else(|_| Value::string(text))))
}

impl Filter {
    pub(super) fn accepts(&self, item: &Value, root: &Value, scope: &Scope, steps: &Steps) -> bool {
        match self {
            Filter::Or(parts) => parts.iter().any(|part| part.accepts(item, root, scope, steps)),
            Filter::And(parts) => parts.iter().all(|part| part.accepts(item, root, scope, steps)),
            Filter::Not(part) => !part.accepts(item, root, scope, steps),
            Filter::Exists(operand) => match operand {
                Operand::Path(path) if path.is_definite() => operand.value(item, root, scope, steps).is_some(),
                Operand::Path(_) => operand
                    .value(item, root, scope, steps)
                    .is_some_and(|found| found.as_array().is_some_and(|all| !all.is_empty())),
                Operand::Literal(value) => value.as_bool().unwrap_or(true),
                Operand::Pattern(_) => false,
            },
            Filter::Compare(left, operator, right) => {
                compare(left, *operator, right, steps, &|operand| operand.value(item, root, scope, steps))
            }
        }
    }
}

impl Filter {
    /// The paths on both sides of its comparisons.
    pub(super) fn each_path(&self, visit: &mut dyn FnMut(&Path)) {
        match self {
            Filter::Or(parts) | Filter::And(parts) => parts.iter().for_each(|part| part.each_path(visit)),
            Filter::Not(part) => part.each_path(visit),
            Filter::Exists(operand) => operand.path().into_iter().for_each(visit),
            Filter::Compare(left, _, right) => left.path().into_iter().chain(right.path()).for_each(visit),
        }
    }
}

impl Operand {
    fn path(&self) -> Option<&Path> {
        if let Operand::Path(path) = self { Some(path) } else { None }
    }

    fn value(&self, item: &Value, root: &Value, scope: &Scope, steps: &Steps) -> Option<Value> {
        match self {
            Operand::Literal(value) => Some(value.clone()),
            Operand::Path(path) => path.find_beside(item, root, scope, steps),
            Operand::Pattern(_) => None,
        }
    }
}

fn compare(
    left: &Operand,
    operator: Operator,
    right: &Operand,
    steps: &Steps,
    value: &dyn Fn(&Operand) -> Option<Value>,
) -> bool {
    let (a, b) = (value(left), value(right));
    if steps.take(cost(operator, a.as_ref(), b.as_ref())).is_err() {
        return false;
    }
    let ordered = |accepted: fn(Ordering) -> bool| match (&a, &b) {
        (Some(a), Some(b)) => order(a, b).is_some_and(accepted),
        _ => false,
    };
    let equal = || match (&a, &b) {
        (Some(a), Some(b)) => loosely_equal(a, b),
        _ => false,
    };
    let strictly_equal = || a.is_some() && a == b;
    let lists = |accepted: fn(&[Value], &[Value]) -> bool| match (&a, &b) {
        (Some(Value::Array(a)), Some(Value::Array(b))) => accepted(a, b),
        _ => false,
    };
    match operator {
        Operator::Equal => equal(),
        Operator::NotEqual => !equal(),
        Operator::StrictEqual => strictly_equal(),
        Operator::StrictNotEqual => !strictly_equal(),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::Matches => match (right, left, &a, &b) {
            (Operand::Pattern(regex), _, Some(text), _) | (_, Operand::Pattern(regex), _, Some(text)) => {
                !matches!(text, Value::Array(_) | Value::Object(_) | Value::Null)
                    && regex.is_match(&select::java_text(text))
            }
            _ => false,
        },
        Operator::In => member(a.as_ref(), b.as_ref()),
        Operator::NotIn => !member(a.as_ref(), b.as_ref()),
        Operator::Contains => match (&a, &b) {
            (Some(Value::String(text)), Some(Value::String(part))) => text.contains(&**part),
            (Some(Value::Array(items)), Some(value)) => items.iter().any(|item| loosely_equal(item, value)),
            _ => false,
        },
        Operator::Size => {
            let length = match &a {
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::String(text)) => Some(text.chars().count()),
                _ => None,
            };
            length.is_some() && length.and_then(|n| i64::try_from(n).ok()) == b.as_ref().and_then(Value::as_i64)
        }
        Operator::Empty => {
            let empty = match &a {
                Some(Value::Array(items)) => Some(items.is_empty()),
                Some(Value::String(text)) => Some(text.is_empty()),
                _ => None,
            };
            empty.is_some() && empty == b.as_ref().and_then(Value::as_bool)
        }
        Operator::SubsetOf => lists(|a, b| a.iter().all(|item| b.contains(item))),
        Operator::AnyOf => lists(|a, b| a.iter().any(|item| b.contains(item))),
        Operator::NoneOf => lists(|a, b| !a.iter().any(|item| b.contains(item))),
    }
}

/// The items that are looked at.
fn cost(operator: Operator, a: Option<&Value>, b: Option<&Value>) -> usize {
    let length = |value: Option<&Value>| value.and_then(Value::as_array).map_or(1, <[Value]>::len);
    match operator {
        Operator::In | Operator::NotIn => length(b),
        Operator::Contains => length(a),
        Operator::SubsetOf | Operator::AnyOf | Operator::NoneOf => length(a).saturating_mul(length(b)),
        _ => 1,
    }
}

fn member(value: Option<&Value>, list: Option<&Value>) -> bool {
    match (value, list.and_then(Value::as_array)) {
        (Some(value), Some(items)) => items.iter().any(|item| loosely_equal(value, item)),
        _ => false,
    }
}

/// `'0' == 0`: a text and a number are equal when they read the same.
fn loosely_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(text), Value::Number(number)) => **text == *number.to_string(),
        (Value::Number(number), Value::String(text)) => text.trim().parse::<f64>().ok() == number.as_f64(),
        _ => a == b,
    }
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::String(b)) => a.as_f64()?.partial_cmp(&b.trim().parse().ok()?),
        _ => None,
    }
}
