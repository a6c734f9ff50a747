//! What a step waits for: conditions on the account, not on clicks.
//!
//! ```text
//! queue Orders
//!   VisibilityTimeout >= 60
//! new execution InventoryStateMachine
//!   status = "SUCCEEDED"
//! none
//!   role inventory-lambda-role
//! ```
//!
//! Lines at one depth must all hold. Under a thing stand tests of its members; one thing must pass all of them.

use shared_json::Value;
use sim_account::Account;

use crate::lesson::Mistake;
use crate::path::Path;
use crate::progress::Mark;
use crate::things::{Fact, Thing};
use crate::words::quoted_or_word;

/// A tree of conditions.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    None(Vec<Condition>),
    /// There are at least so many such things.
    Some(Wanted),
}

/// Things of a kind that pass all tests.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    thing: Thing,
    /// Only what came since the step began.
    new: bool,
    at_least: usize,
    tests: Vec<Test>,
}

/// A test of one member of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    member: String,
    path: Path,
    check: Check,
}

#[derive(Clone, Debug, PartialEq)]
enum Check {
    Exists,
    Missing,
    Is(Value),
    IsNot(Value),
    Contains(Value),
    Less(f64),
    LessOrEqual(f64),
    Greater(f64),
    GreaterOrEqual(f64),
}

/// Deeper groups are a mistake, or an attack.
const DEEPEST: usize = 8;

impl Condition {
    /// Whether it holds; `since` is where the step began.
    #[must_use]
    pub fn holds(&self, account: &Account, since: &Mark) -> bool {
        match self {
            Condition::All(parts) => parts.iter().all(|part| part.holds(account, since)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(account, since)),
            Condition::None(parts) => !parts.iter().any(|part| part.holds(account, since)),
            Condition::Some(wanted) => wanted.holds(account, since),
        }
    }

    /// Reads lines, the first of which has the number `first`.
    pub(crate) fn read(first: usize, lines: &[&str]) -> Result<Condition, Mistake> {
        let lines: Vec<Line<'_>> = lines
            .iter()
            .zip(first..)
            .filter(|(text, _)| !text.trim().is_empty() && !text.trim_start().starts_with('#'))
            .map(|(text, number)| Line { number, indent: text.len() - text.trim_start().len(), text: text.trim() })
            .collect();
        if lines.is_empty() {
            return Err(Mistake::new(first, "Nothing stands here: when is the step done?"));
        }
        let mut rest = lines.as_slice();
        let parts = group(&mut rest, lines[0].indent, 0)?;
        match rest.first() {
            Some(line) => Err(Mistake::new(line.number, "This line is indented less than the first.")),
            None => Ok(Condition::All(parts)),
        }
    }
}

#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    indent: usize,
    text: &'a str,
}

fn group(rest: &mut &[Line<'_>], indent: usize, depth: usize) -> Result<Vec<Condition>, Mistake> {
    let mut parts = Vec::new();
    while let Some(line) = rest.first().copied().filter(|line| line.indent >= indent) {
        if line.indent > indent {
            return Err(Mistake::new(line.number, "This line is indented more than the ones beside it."));
        }
        if depth > DEEPEST {
            return Err(Mistake::new(line.number, "Groups stand too deep in each other."));
        }
        *rest = &rest[1..];
        let inner = rest.first().map(|next| next.indent).filter(|inner| *inner > indent);
        let make: Option<fn(Vec<Condition>) -> Condition> = match line.text.trim_end_matches(':') {
            "all" => Some(Condition::All),
            "any" => Some(Condition::Any),
            "none" => Some(Condition::None),
            _ => None,
        };
        parts.push(match (make, inner) {
            (Some(make), Some(inner)) => make(group(rest, inner, depth + 1)?),
            (Some(_), None) => {
                return Err(Mistake::new(line.number, format!("Indented conditions must follow “{}”.", line.text)));
            }
            (None, inner) => {
                let (wanted, negated) = wanted(line, rest, inner)?;
                let condition = Condition::Some(wanted);
                if negated { Condition::None(vec![condition]) } else { condition }
            }
        });
    }
    Ok(parts)
}

/// A thing with its tests; true when the line says that there is none.
fn wanted(line: Line<'_>, rest: &mut &[Line<'_>], inner: Option<usize>) -> Result<(Wanted, bool), Mistake> {
    let (mut text, mut negated, mut new, mut at_least) = (line.text, false, false, 1);
    if let Some(after) = text.strip_prefix("no ") {
        (text, negated) = (after, true);
    } else if let Some(after) = text.strip_prefix("at least ") {
        let (count, after) = after.split_once(' ').unwrap_or((after, ""));
        at_least = count.parse().map_err(|_| {
            Mistake::new(line.number, format!("“at least {count}” needs a number: at least 3 execution X."))
        })?;
        text = after;
    }
    if let Some(after) = text.strip_prefix("new ") {
        (text, new) = (after, true);
    }
    let thing = Thing::read(line.number, text)?;
    if new && !thing.can_be_new() {
        return Err(Mistake::new(
            line.number,
            "Only executions, invocations, messages, moves and calls can be new: they know when they came.",
        ));
    }
    let mut tests = Vec::new();
    while let Some(next) = rest.first().copied().filter(|next| inner.is_some_and(|inner| next.indent >= inner)) {
        *rest = &rest[1..];
        tests.push(test(next)?);
    }
    Ok((Wanted { thing, new, at_least, tests }, negated))
}

fn test(line: Line<'_>) -> Result<Test, Mistake> {
    let wrong = |why: &str| Mistake::new(line.number, format!("“{}” is no test: {why}", line.text));
    let (path, rest) = Path::read(line.text).ok_or_else(|| wrong("it must begin with the name of a member."))?;
    let (operator, value) = quoted_or_word(rest).ok_or_else(|| wrong("say what about it: status = \"FAILED\"."))?;
    let json = || {
        Value::parse(value.trim())
            .map_err(|_| wrong(&format!("behind {operator} stands JSON; texts stand in double quotes.")))
    };
    let number = || json()?.as_f64().ok_or_else(|| wrong(&format!("behind {operator} stands a number.")));
    let check = match operator.as_str() {
        "exists" if value.trim().is_empty() => Check::Exists,
        "missing" if value.trim().is_empty() => Check::Missing,
        "=" => Check::Is(json()?),
        "!=" => Check::IsNot(json()?),
        "contains" => Check::Contains(json()?),
        "<" => Check::Less(number()?),
        "<=" => Check::LessOrEqual(number()?),
        ">" => Check::Greater(number()?),
        ">=" => Check::GreaterOrEqual(number()?),
        _ => return Err(wrong("the words for it are =, !=, <, <=, >, >=, contains, exists and missing.")),
    };
    let (member, path) = path.split_first().ok_or_else(|| wrong("it must begin with the name of a member."))?;
    Ok(Test { member, path, check })
}

impl Wanted {
    fn holds(&self, account: &Account, since: &Mark) -> bool {
        let mut found = 0;
        self.thing.each(account, self.new.then_some(since), &mut |fact| {
            if self.tests.iter().all(|test| test.passes(account, fact)) {
                found += 1;
            }
            found < self.at_least
        });
        found >= self.at_least
    }
}

impl Test {
    fn passes(&self, account: &Account, fact: &Fact<'_>) -> bool {
        let member = fact.member(account, &self.member);
        let found = member.as_ref().map(|member| self.path.find(member)).unwrap_or_default();
        let number = |fits: &dyn Fn(f64) -> bool| found.iter().any(|value| value.as_f64().is_some_and(fits));
        match &self.check {
            Check::Exists => !found.is_empty(),
            Check::Missing => found.is_empty(),
            Check::Is(wanted) => found.contains(&wanted),
            Check::IsNot(wanted) => !found.contains(&wanted),
            Check::Contains(wanted) => found.iter().any(|value| contains(value, wanted)),
            Check::Less(than) => number(&|value| value < *than),
            Check::LessOrEqual(than) => number(&|value| value <= *than),
            Check::Greater(than) => number(&|value| value > *than),
            Check::GreaterOrEqual(than) => number(&|value| value >= *than),
        }
    }
}

fn contains(value: &Value, wanted: &Value) -> bool {
    if let (Some(text), Some(part)) = (value.as_str(), wanted.as_str()) {
        return text.contains(part);
    }
    if let Some(items) = value.as_array() {
        return items.contains(wanted);
    }
    value.as_object().zip(wanted.as_str()).is_some_and(|(object, key)| object.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(lines: &[&str]) -> String {
        Condition::read(10, lines).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_say_line_and_remedy() {
        let cases: [(&[&str], &str); 9] = [
            (&[""], "Line 10: Nothing stands here"),
            (&["bucket Orders"], "Line 10: “bucket Orders” is no thing"),
            (&["queue Orders", "   VisibilityTimeout"], "Line 11: “VisibilityTimeout” is no test: say what"),
            (&["queue Orders", "  x ~ 3"], "Line 11: “x ~ 3” is no test: the words"),
            (&["queue Orders", "  x = high"], "texts stand in double quotes"),
            (&["queue Orders", "  x > \"1\""], "stands a number"),
            (&["any"], "Indented conditions must follow “any”"),
            (&["new queue Orders"], "can be new"),
            (&["at least x queue Orders"], "needs a number"),
        ];
        for (lines, part) in cases {
            let told = mistake(lines);
            assert!(told.contains(part), "{lines:?}: {told}");
        }
    }

    #[test]
    fn groups_may_not_nest_without_end() {
        let lines: Vec<String> = (0..40).map(|depth| format!("{}any", " ".repeat(depth))).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert!(mistake(&lines).contains("too deep"));
    }
}
